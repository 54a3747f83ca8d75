"""As a docker-compose of this kind has it: candles from Kafka into gauges, which Prometheus scrapes."""

import json
import os

from kafka import KafkaConsumer
from prometheus_client import Gauge, start_http_server

CLOSE = Gauge("crypto_close_price", "Close price of the last candle", ["symbol"])
OPEN = Gauge("crypto_open_price", "Open price of the last candle", ["symbol"])
HIGH = Gauge("crypto_high_price", "Highest price of the last candle", ["symbol"])
LOW = Gauge("crypto_low_price", "Lowest price of the last candle", ["symbol"])
VOLUME = Gauge("crypto_volume", "Volume of the last candle", ["symbol"])


def main() -> None:
    consumer = KafkaConsumer(
        os.environ["TOPIC"],
        bootstrap_servers=os.environ["KAFKA_BROKERS"],
        group_id="metrics",
        auto_offset_reset="earliest",
        value_deserializer=lambda value: json.loads(value.decode()),
    )
    start_http_server(int(os.environ["METRICS_PORT"]), addr="127.0.0.1")
    for message in consumer:
        candle = message.value
        symbol = candle["symbol"]
        CLOSE.labels(symbol=symbol).set(candle["close"])
        OPEN.labels(symbol=symbol).set(candle["open"])
        HIGH.labels(symbol=symbol).set(candle["high"])
        LOW.labels(symbol=symbol).set(candle["low"])
        VOLUME.labels(symbol=symbol).set(candle["volume"])


main()
