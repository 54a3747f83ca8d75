{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key=['topic', 'kafka_partition', 'kafka_offset', 'landed_at'],
    )
}}

{# JSON is parsed here, once a row, and nowhere behind. #}
with landed as (

    select * from {{ ref('stg_kafka__candles') }}
    {% if is_incremental() %}
        where landed_epoch_ms >= date_part(epoch_millisecond, {{ landed_since() }})
    {% endif %}

),

judged as (

    select
        *,
        case
            when schema_version is null or schema_version <> 1 then 'unknown schema version'
            else {{ unreadable_reason() }}
        end as unreadable_reason
    from landed

)

select
    topic,
    kafka_partition,
    kafka_offset,
    landed_at,
    exchange,
    symbol,
    candle_interval,
    open_time,
    close_time,
    open_price,
    high_price,
    low_price,
    close_price,
    base_volume,
    quote_volume,
    taker_buy_base_volume,
    taker_buy_quote_volume,
    trades,
    source,
    published_at,
    unreadable_reason,
    case when unreadable_reason is not null then record_content::varchar end as unreadable_content
from judged
