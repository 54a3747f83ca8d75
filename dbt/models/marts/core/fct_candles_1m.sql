{{
    config(
        materialized='incremental',
        incremental_strategy='merge_by_open_time',
        unique_key=['exchange', 'symbol', 'candle_interval', 'open_time'],
    )
}}

{% if is_incremental() %}
    {%- set since = landed_since() -%}
    {%- set oldest = oldest_landed([ref('int_candles')], since) -%}
{% endif %}

with candles as (

    select
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
        landed_at,
        {{ vwap() }} as vwap,
        1::number(38, 0) as candles_present,
        1::number(38, 0) as candles_expected,
        true as is_complete
    from {{ ref('int_candles') }}
    {% if is_incremental() %}
        where
            landed_at >= {{ since }}
            and open_time >= {{ oldest }}
    {% endif %}

)

{% if is_incremental() %}
    {{ changed_candles('candles', oldest) }}
{% else %}
    select * from candles
{% endif %}
