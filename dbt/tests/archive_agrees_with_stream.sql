{# Candles that history and the stream both brought lately, and that differ: the archive won, and somebody should know. #}
{# Of the last mart as well, so that a failure stops no model. #}
-- depends_on: {{ ref('mart_data_quality') }}
{{ config(severity='error', warn_if='>0', error_if='>100') }}

with streamed as (

    select * from {{ ref('int_stream_candles') }}
    where
        unreadable_reason is null
        and source = 'websocket'
        and open_time >= {{ oldest_landed([ref('stg_archive__candles')], tested_since()) }}
    qualify row_number() over (
        partition by exchange, symbol, candle_interval, open_time
        order by landed_at desc, kafka_offset desc
    ) = 1

),

archived as (

    select * from {{ ref('stg_archive__candles') }}
    where landed_at >= {{ tested_since() }}

)

select
    archived.exchange,
    archived.symbol,
    archived.open_time,
    archived.source_file
from archived
inner join streamed
    on
        archived.exchange = streamed.exchange
        and archived.symbol = streamed.symbol
        and archived.candle_interval = streamed.candle_interval
        and archived.open_time = streamed.open_time
where
    archived.open_price <> streamed.open_price
    or archived.high_price <> streamed.high_price
    or archived.low_price <> streamed.low_price
    or archived.close_price <> streamed.close_price
    or archived.base_volume <> streamed.base_volume
    or archived.quote_volume <> streamed.quote_volume
    or archived.taker_buy_base_volume <> streamed.taker_buy_base_volume
    or archived.taker_buy_quote_volume <> streamed.taker_buy_quote_volume
    or archived.trades <> streamed.trades
