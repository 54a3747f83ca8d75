{{ config(materialized='view') }}

select
    exchange,
    symbol,
    status,
    base_asset,
    quote_asset,
    dbt_valid_from as valid_from,
    dbt_valid_to as valid_to,
    dbt_valid_to is null as is_current
from {{ ref('symbols_snapshot') }}
