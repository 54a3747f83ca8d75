"""Candles and roll-ups as one would make them by hand.

`run_plain_sql.py build|hour DATABASE HOUR`: all of them, or HOUR lands and the last three days are made anew.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

INTERVALS = {"5m": 5, "15m": 15, "1h": 60, "4h": 240, "1d": 1440}
LAND = """
insert into CRYPTO_MARKET.RAW.CANDLES_STREAM
select
    {'partition': partition, 'offset': "offset", 'SnowflakeConnectorPushTime': epoch_ms(now())}::json,
    content::json
from read_json(?, columns = {'partition': 'integer', 'offset': 'bigint', 'content': 'json'})
"""
COUNTS = "select count(*), (select count(*) from candles_1h), sum(trades) from candles_1m"


def main() -> None:
    phase, database, hour = sys.argv[1:]
    connection = duckdb.connect(":memory:", config={"memory_limit": "2GB", "threads": 2})
    connection.execute(f"attach '{database}' as CRYPTO_MARKET")
    connection.execute("create schema if not exists CRYPTO_MARKET.PLAIN")
    connection.execute("use CRYPTO_MARKET.PLAIN")
    if phase == "hour":
        connection.execute(LAND, [hour])
    begun, begun_cpu = time.monotonic(), time.process_time()
    if phase == "build":
        build(connection)
    else:
        add_hour(connection)
    took = {"seconds": time.monotonic() - begun, "cpuSeconds": time.process_time() - begun_cpu}
    candles, hours, trades = map(int, connection.execute(COUNTS).fetchone())
    counts = {"candles": candles, "hours": hours, "trades": trades}
    print(json.dumps({"counts": counts, "version": f"DuckDB {duckdb.__version__}", **took}))


def build(connection: duckdb.DuckDBPyConnection) -> None:
    everything = {"since": "1970-01-01"}
    connection.execute(f"create or replace table candles_1m as {sql('candles_1m')}", everything)
    for name, minutes in INTERVALS.items():
        bucket = {**everything, "minutes": minutes}
        connection.execute(f"create or replace table candles_{name} as {sql('rolled_up')}", bucket)


def add_hour(connection: duckdb.DuckDBPyConnection) -> None:
    since = connection.execute("select max(open_time)::date - 2 from candles_1m").fetchone()[0]
    connection.execute("begin")
    for name, minutes in {"1m": 1, **INTERVALS}.items():
        connection.execute(f"delete from candles_{name} where open_time >= ?", [since])
        query = sql("candles_1m") if minutes == 1 else sql("rolled_up")
        given = {"since": since} if minutes == 1 else {"since": since, "minutes": minutes}
        connection.execute(f"insert into candles_{name} {query}", given)
    connection.execute("commit")


def sql(name: str) -> str:
    return (Path(__file__).parent / f"{name}.sql").read_text()


main()
