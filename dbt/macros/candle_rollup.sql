{#
    Candles of `interval` from the 1-minute ones. An incremental build makes anew each bucket that a candle landed in,
    of any age, from all candles of the bucket, and writes those that came out otherwise.
#}
{% macro candle_rollup(interval, minutes) -%}
{%- set candles = ref('fct_candles_1m') -%}
{%- set bucket = "time_slice(open_time, " ~ minutes ~ ", 'MINUTE')" -%}
{%- if is_incremental() -%}
    {%- set since = landed_since() -%}
    {%- set oldest = "time_slice(" ~ oldest_landed([candles], since) ~ ", " ~ minutes ~ ", 'MINUTE')" -%}
{%- endif -%}
with candles as (

    select
        *,
        {{ bucket }} as bucket_open_time
    from {{ candles }}
    {% if is_incremental() %}
        where open_time >= {{ oldest }}
    {% endif %}

),

{% if is_incremental() %}
    touched as (

        select distinct exchange, symbol, bucket_open_time
        from candles
        where landed_at >= {{ since }}

    ),
{% endif %}

buckets as (

    select
        candles.exchange,
        candles.symbol,
        candles.bucket_open_time,
        min_by(candles.open_price, candles.open_time) as open_price,
        max(candles.high_price) as high_price,
        min(candles.low_price) as low_price,
        max_by(candles.close_price, candles.open_time) as close_price,
        sum(candles.base_volume)::number(38, 18) as base_volume,
        sum(candles.quote_volume)::number(38, 18) as quote_volume,
        sum(candles.taker_buy_base_volume)::number(38, 18) as taker_buy_base_volume,
        sum(candles.taker_buy_quote_volume)::number(38, 18) as taker_buy_quote_volume,
        sum(candles.trades)::number(38, 0) as trades,
        iff(min(candles.source) = max(candles.source), min(candles.source), 'mixed') as source,
        max(candles.landed_at) as landed_at,
        count(*)::number(38, 0) as candles_present
    from candles
    {% if is_incremental() %}
        inner join touched
            on
                candles.exchange = touched.exchange
                and candles.symbol = touched.symbol
                and candles.bucket_open_time = touched.bucket_open_time
    {% endif %}
    group by candles.exchange, candles.symbol, candles.bucket_open_time

),

rolled_up as (

    select
        exchange,
        symbol,
        '{{ interval }}' as candle_interval,
        bucket_open_time as open_time,
        dateadd('millisecond', {{ minutes * 60000 - 1 }}, bucket_open_time) as close_time,
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
        candles_present,
        -- as the contract has it: an incremental build compares types
        {{ minutes }}::number(38, 0) as candles_expected,
        candles_present = {{ minutes }} as is_complete
    from buckets

)

{% if is_incremental() %}
    {{ changed_candles('rolled_up', oldest) }}
{% else %}
    {# what is read by a range of times later lies together then #}
    select * from rolled_up
    order by open_time
{% endif %}
{%- endmacro %}
