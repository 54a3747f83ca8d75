select
    exchange,
    symbol,
    time_bucket(to_minutes($minutes), open_time) as open_time,
    arg_min(open_price, candles_1m.open_time) as open_price,
    max(high_price) as high_price,
    min(low_price) as low_price,
    arg_max(close_price, candles_1m.open_time) as close_price,
    sum(base_volume) as base_volume,
    sum(quote_volume) as quote_volume,
    sum(taker_buy_base_volume) as taker_buy_base_volume,
    sum(taker_buy_quote_volume) as taker_buy_quote_volume,
    sum(trades)::bigint as trades,
    count(*) as candles_present
from candles_1m
where candles_1m.open_time >= $since::timestamp
group by 1, 2, 3
