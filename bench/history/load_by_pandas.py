"""The usual script: requests, pandas.read_csv, write_pandas. Nothing is checked, and prices are floats."""

import argparse
import io
import json
import os
from importlib.metadata import version

import pandas as pd
import requests
import snowflake.connector
from snowflake.connector.pandas_tools import write_pandas

COLUMNS = [
    "OPEN_TIME",
    "OPEN_PRICE",
    "HIGH_PRICE",
    "LOW_PRICE",
    "CLOSE_PRICE",
    "BASE_VOLUME",
    "CLOSE_TIME",
    "QUOTE_VOLUME",
    "TRADES",
    "TAKER_BUY_BASE_VOLUME",
    "TAKER_BUY_QUOTE_VOLUME",
    "IGNORED",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--symbols", "--from", "--to"):
        parser.add_argument(name, required=True)
    options = vars(parser.parse_args())
    months = pd.period_range(options["from"], options["to"], freq="M")
    os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"  # it asks the network
    with requests.Session() as http, connect() as connection:
        for symbol in options["symbols"].split(","):
            for month in months:
                load(http, connection, symbol, str(month))
    software = ("pandas", "snowflake-connector-python")
    print(json.dumps({"version": ", ".join(f"{name} {version(name)}" for name in software)}))


def load(
    http: requests.Session, connection: snowflake.connector.SnowflakeConnection, symbol: str, month: str
) -> None:
    name = f"{symbol}-1m-{month}.zip"
    answer = http.get(f"{os.environ['ARCHIVE_URL']}/data/spot/monthly/klines/{symbol}/1m/{name}", timeout=300)
    answer.raise_for_status()
    candles = pd.read_csv(io.BytesIO(answer.content), compression="zip", header=None, names=COLUMNS)
    candles = candles.drop(columns="IGNORED")
    for column in ("OPEN_TIME", "CLOSE_TIME"):
        candles[column] = pd.to_datetime(candles[column], unit="us")
    candles.insert(0, "EXCHANGE", "binance")
    candles.insert(1, "SYMBOL", symbol)
    candles.insert(2, "CANDLE_INTERVAL", "1m")
    candles["SOURCE"] = "archive"
    candles["SOURCE_FILE"] = name
    candles["LOADED_AT"] = pd.Timestamp.now("UTC").tz_localize(None)
    write_pandas(connection, candles, "CANDLES_ARCHIVE", use_logical_type=True)


def connect() -> snowflake.connector.SnowflakeConnection:
    environment = os.environ
    return snowflake.connector.connect(
        account=environment["SNOWFLAKE_ACCOUNT"],
        host=environment["SNOWFLAKE_HOST"],
        port=int(environment["SNOWFLAKE_PORT"]),
        protocol=environment["SNOWFLAKE_PROTOCOL"],
        user=environment["SNOWFLAKE_USER"],
        password="unchecked",
        role=environment["SNOWFLAKE_ROLE"],
        database=environment["SNOWFLAKE_DATABASE"],
        schema="RAW",
    )


main()
