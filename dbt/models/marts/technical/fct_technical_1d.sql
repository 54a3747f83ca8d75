{{
    config(
        materialized='incremental',
        incremental_strategy='merge_by_open_time',
        unique_key=['exchange', 'symbol', 'open_time'],
        on_schema_change='append_new_columns',
    )
}}

{{ technical_indicators(ref('fct_candles_1d'), 1440) }}
