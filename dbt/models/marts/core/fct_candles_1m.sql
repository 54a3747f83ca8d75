{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['exchange', 'symbol', 'candle_interval', 'open_time'],
    )
}}

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
        where landed_at >= {{ landed_since() }}
    {% endif %}

)

{% if is_incremental() %}
    {{ changed_candles('candles') }}
{% else %}
    select * from candles
{% endif %}
