-- Each candle once: what history has wins over what was streamed, and what landed later over what landed earlier.
with streamed as (
    select
        record_content->>'exchange' as exchange,
        record_content->>'symbol' as symbol,
        (record_content->>'openTime')::timestamp as open_time,
        (record_content->>'open')::decimal(38, 18) as open_price,
        (record_content->>'high')::decimal(38, 18) as high_price,
        (record_content->>'low')::decimal(38, 18) as low_price,
        (record_content->>'close')::decimal(38, 18) as close_price,
        (record_content->>'baseVolume')::decimal(38, 18) as base_volume,
        (record_content->>'quoteVolume')::decimal(38, 18) as quote_volume,
        (record_content->>'takerBuyBaseVolume')::decimal(38, 18) as taker_buy_base_volume,
        (record_content->>'takerBuyQuoteVolume')::decimal(38, 18) as taker_buy_quote_volume,
        (record_content->>'trades')::bigint as trades,
        1 as preference,
        epoch_ms((record_metadata->>'SnowflakeConnectorPushTime')::bigint) as landed_at
    from raw.candles_stream
    where open_time >= $since::timestamp
), archived as (
    select
        exchange, symbol, open_time, open_price, high_price, low_price, close_price, base_volume, quote_volume,
        taker_buy_base_volume, taker_buy_quote_volume, trades, 0 as preference, loaded_at as landed_at
    from raw.candles_archive
    where open_time >= $since::timestamp
)
select * exclude (preference)
from (from streamed union all from archived)
qualify row_number() over (partition by exchange, symbol, open_time order by preference, landed_at desc) = 1
