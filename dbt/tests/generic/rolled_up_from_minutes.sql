{#
    The buckets that changed lately hold what their 1-minute candles hold: computed another way than in the model, by
    window instead of by group. `minutes` is the length of a bucket.
#}
{% test rolled_up_from_minutes(model, minutes) %}

with buckets as (

    select * from {{ model }}
    where landed_at >= dateadd('day', -{{ var('tested_landing_days') }}, sysdate())

),

minutes as (

    select
        buckets.exchange,
        buckets.symbol,
        buckets.open_time as bucket_open_time,
        first_value(candles.open_price) over (
            partition by buckets.exchange, buckets.symbol, buckets.open_time order by candles.open_time
        ) as open_price,
        first_value(candles.close_price) over (
            partition by buckets.exchange, buckets.symbol, buckets.open_time order by candles.open_time desc
        ) as close_price,
        candles.high_price,
        candles.low_price,
        candles.base_volume,
        candles.quote_volume,
        candles.taker_buy_base_volume,
        candles.taker_buy_quote_volume,
        candles.trades
    from buckets
    inner join {{ ref('fct_candles_1m') }} as candles
        on
            buckets.exchange = candles.exchange
            and buckets.symbol = candles.symbol
            and buckets.open_time = time_slice(candles.open_time, {{ minutes }}, 'MINUTE')

),

computed as (

    select
        exchange,
        symbol,
        bucket_open_time,
        any_value(open_price) as open_price,
        max(high_price) as high_price,
        min(low_price) as low_price,
        any_value(close_price) as close_price,
        sum(base_volume)::number(38, 18) as base_volume,
        sum(quote_volume)::number(38, 18) as quote_volume,
        sum(taker_buy_base_volume)::number(38, 18) as taker_buy_base_volume,
        sum(taker_buy_quote_volume)::number(38, 18) as taker_buy_quote_volume,
        sum(trades) as trades,
        count(*) as candles_present
    from minutes
    group by exchange, symbol, bucket_open_time

)

select buckets.*
from buckets
left join computed
    on
        buckets.exchange = computed.exchange
        and buckets.symbol = computed.symbol
        and buckets.open_time = computed.bucket_open_time
where
    computed.bucket_open_time is null
    or buckets.open_price <> computed.open_price
    or buckets.high_price <> computed.high_price
    or buckets.low_price <> computed.low_price
    or buckets.close_price <> computed.close_price
    or buckets.base_volume <> computed.base_volume
    or buckets.quote_volume <> computed.quote_volume
    or buckets.taker_buy_base_volume <> computed.taker_buy_base_volume
    or buckets.taker_buy_quote_volume <> computed.taker_buy_quote_volume
    or buckets.trades <> computed.trades
    or buckets.candles_present <> computed.candles_present

{% endtest %}
