"""Fills the landing of a stopped emulator: most candles as history, the last day as the stream brought it.

`land_history.py DATABASE END_MINUTE SYMBOLS MINUTES`: END_MINUTE counts from 1970, and is the first not to
land. The hour from it on goes to hour.json beside the database, for whoever lands it. All values come from
symbol and minute. Prints what is there with that hour.
"""

import json
import sys
from pathlib import Path

import duckdb

SYMBOLS = ("ADA", "AVAX", "BNB", "BTC", "DOGE", "DOT", "ETH", "LINK", "SOL", "XRP")

CANDLES = """
with minutes as (
    select symbol, number, minute, hash(number, minute) as noise
    from (select unnest($symbols) as symbol, generate_subscripts($symbols, 1) as number)
    cross join (select range as minute from range($first, $end))
), cents as (
    select *,
        (1e6 * number + 3e5 * sin(minute / 40000.0) + 2e4 * sin(minute / 700.0)
            + noise % 500)::bigint as close,
        (1e6 * number + 3e5 * sin((minute - 1) / 40000.0) + 2e4 * sin((minute - 1) / 700.0)
            + hash(number, minute - 1) % 500)::bigint as open,
        ((noise >> 20) % 1000000000)::bigint as base_units,
        ((noise >> 50) % 101)::bigint as percent
    from minutes
)
select
    number,
    symbol,
    minute,
    make_timestamp(minute * 60000000) as open_time,
    (open * 0.01)::decimal(10, 2) as open,
    ((greatest(open, close) + noise % 97) * 0.01)::decimal(10, 2) as high,
    ((least(open, close) - noise % 89) * 0.01)::decimal(10, 2) as low,
    (close * 0.01)::decimal(10, 2) as close,
    (base_units * 0.00001)::decimal(28, 8) as base,
    (base * percent * 0.01::decimal(3, 2))::decimal(28, 10) as taker_base,
    (noise >> 32) % 3000 as trades
from cents
"""

ARCHIVE = f"""
insert into CRYPTO_MARKET.RAW.CANDLES_ARCHIVE
select
    'binance', symbol, '1m', open_time, open_time + interval '59999 milliseconds',
    open, high, low, close, base, base * close, taker_base, taker_base * close, trades,
    'archive', symbol || '-1m-' || $end || '.zip', 'unchecked', make_timestamp($landed::bigint * 60000000)
from ({CANDLES})
order by symbol, minute
"""

FILES = """
insert into CRYPTO_MARKET.RAW.ARCHIVE_FILES
select
    symbol || '-1m-' || $end || '.zip', 'binance', symbol, 'monthly',
    make_timestamp($first::bigint * 60000000), make_timestamp(($end - 1)::bigint * 60000000), 'unchecked',
    $end - $first, make_timestamp($landed::bigint * 60000000)
from (select unnest($symbols) as symbol)
"""

RECORDS = (
    """
select
    number - 1 as partition,
    minute as "offset",
    {
        'schemaVersion': 1, 'exchange': 'binance', 'symbol': symbol, 'interval': '1m',
        'openTime': strftime(open_time, '%Y-%m-%dT%H:%M:%S.000Z'),
        'closeTime': strftime(open_time, '%Y-%m-%dT%H:%M:59.999Z'),
        'open': open::varchar, 'high': high::varchar, 'low': low::varchar, 'close': close::varchar,
        'baseVolume': base::varchar, 'quoteVolume': (base * close)::varchar,
        'takerBuyBaseVolume': taker_base::varchar, 'takerBuyQuoteVolume': (taker_base * close)::varchar,
        'trades': trades, 'source': 'websocket',
        'publishedTime': strftime(open_time + interval 1 minute, '%Y-%m-%dT%H:%M:00.400Z')
    } as content
"""
    f"from ({CANDLES}) order by minute, symbol"
)

STREAM = (
    """
insert into CRYPTO_MARKET.RAW.CANDLES_STREAM
select
    {
        'topic': 'candles-1m', 'partition': partition, 'offset': "offset", 'key': content.symbol,
        'CreateTime': ("offset" + 1) * 60000 + 500,
        'SnowflakeConnectorPushTime': ("offset" + 1) * 60000 + 1000
    }::json,
    content::json
"""
    f"from ({RECORDS})"
)

STREAMED = 24 * 60
"""Minutes that the stream brought; of the first half history has them too, as after a night."""
MONTH = 30 * 24 * 60


def main() -> None:
    database, end, count, minutes = Path(sys.argv[1]), *map(int, sys.argv[2:])
    symbols = [f"{name}USDT" for name in SYMBOLS[:count]]
    connection = duckdb.connect(":memory:", config={"memory_limit": "4GB", "threads": 2})
    connection.execute(f"attach '{database}' as CRYPTO_MARKET")
    first = end - minutes
    last = end - STREAMED // 2
    for at in range(first, last, MONTH):
        until = min(at + MONTH, last)
        # a file is there some hours after its last minute
        months = {"first": at, "end": until, "symbols": symbols, "landed": until + 270}
        connection.execute(ARCHIVE, months)
        connection.execute(FILES, months)
    stream = {"first": max(first, end - STREAMED), "end": end, "symbols": symbols}
    connection.execute(STREAM, stream)
    for name in symbols:
        connection.execute(
            "insert into CRYPTO_MARKET.RAW.EXCHANGE_SYMBOLS "
            "values ('binance', ?, 'TRADING', ?, 'USDT', now()::timestamp)",
            [name, name.removesuffix("USDT")],
        )
    hour = {"first": end, "end": end + 60, "symbols": symbols}
    connection.execute(f"create temp table hour as {RECORDS}", hour)
    connection.execute(f"copy hour to '{database.parent / 'hour.json'}' (array)")
    connection.execute("checkpoint CRYPTO_MARKET")
    whole = {"first": first, "end": end + 60, "symbols": symbols}
    counts = f"select count(*), count(distinct (symbol, minute // 60)), sum(trades)::bigint from ({CANDLES})"
    candles, hours, trades = connection.execute(counts, whole).fetchone()
    print(json.dumps({"candles": candles, "hours": hours, "trades": trades}))


main()
