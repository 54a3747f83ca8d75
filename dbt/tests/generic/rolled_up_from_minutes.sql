{#
    The buckets that changed lately hold what their 1-minute candles hold; `minutes` is the length of a bucket. Open and
    close are looked up at the first and the last minute, not computed as in the model.
#}
{% test rolled_up_from_minutes(model, minutes) %}

with buckets as (

    select * from {{ model }}
    where landed_at >= {{ tested_since() }}

),

candles as (

    select
        *,
        time_slice(open_time, {{ minutes }}, 'MINUTE') as bucket_open_time
    from {{ ref('fct_candles_1m') }}
    where open_time >= {{ oldest_landed([model], tested_since()) }}

),

computed as (

    select
        buckets.exchange,
        buckets.symbol,
        buckets.open_time,
        min(candles.open_time) as first_open_time,
        max(candles.open_time) as last_open_time,
        max(candles.high_price) as high_price,
        min(candles.low_price) as low_price,
        sum(candles.base_volume)::number(38, 18) as base_volume,
        sum(candles.quote_volume)::number(38, 18) as quote_volume,
        sum(candles.taker_buy_base_volume)::number(38, 18) as taker_buy_base_volume,
        sum(candles.taker_buy_quote_volume)::number(38, 18) as taker_buy_quote_volume,
        sum(candles.trades) as trades,
        count(*) as candles_present
    from buckets
    inner join candles
        on
            buckets.exchange = candles.exchange
            and buckets.symbol = candles.symbol
            and buckets.open_time = candles.bucket_open_time
    group by buckets.exchange, buckets.symbol, buckets.open_time

)

select buckets.*
from buckets
left join computed
    on
        buckets.exchange = computed.exchange
        and buckets.symbol = computed.symbol
        and buckets.open_time = computed.open_time
left join candles as first_candle
    on
        computed.exchange = first_candle.exchange
        and computed.symbol = first_candle.symbol
        and computed.first_open_time = first_candle.open_time
left join candles as last_candle
    on
        computed.exchange = last_candle.exchange
        and computed.symbol = last_candle.symbol
        and computed.last_open_time = last_candle.open_time
where
    computed.open_time is null
    or buckets.open_price <> first_candle.open_price
    or buckets.high_price <> computed.high_price
    or buckets.low_price <> computed.low_price
    or buckets.close_price <> last_candle.close_price
    or buckets.base_volume <> computed.base_volume
    or buckets.quote_volume <> computed.quote_volume
    or buckets.taker_buy_base_volume <> computed.taker_buy_base_volume
    or buckets.taker_buy_quote_volume <> computed.taker_buy_quote_volume
    or buckets.trades <> computed.trades
    or buckets.candles_present <> computed.candles_present

{% endtest %}
