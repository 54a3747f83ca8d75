"""Candles from Kafka as gauges for Prometheus to scrape: kafka-python and prometheus_client."""

import json
import os

from kafka import KafkaConsumer
from prometheus_client import Gauge, start_http_server

LABELS = ["exchange", "symbol", "interval"]
GAUGES = {
    field: Gauge(f"crypto_candle_{name}", f"{field} of the last closed candle", LABELS)
    for field, name in {
        "open": "open_price",
        "high": "high_price",
        "low": "low_price",
        "close": "close_price",
        "base_volume": "base_volume",
        "quote_volume": "quote_volume",
        "taker_buy_base_volume": "taker_buy_base_volume",
        "taker_buy_quote_volume": "taker_buy_quote_volume",
        "trades": "trades",
    }.items()
}


def main() -> None:
    start_http_server(int(os.environ["METRICS_PORT"]), addr="127.0.0.1")
    consumer = KafkaConsumer(
        os.environ["TOPIC"],
        bootstrap_servers=os.environ["KAFKA_BROKERS"],
        group_id="prometheus-exporter",
        auto_offset_reset="earliest",
        value_deserializer=json.loads,
    )
    for message in consumer:
        candle = message.value
        labels = [candle[label] for label in LABELS]
        for field, gauge in GAUGES.items():
            gauge.labels(*labels).set(float(candle[field]))


main()
