"""Binance's closed candles into Kafka, as such a project is usually begun: websockets and kafka-python."""

import asyncio
import json
import os

import websockets
from kafka import KafkaProducer

STREAMS_PER_CONNECTION = 1000
STREAMS_PER_MESSAGE = 200
PAUSE_SECONDS = 0.3


async def listen(symbols: list[str], producer: KafkaProducer, topic: str) -> None:
    async for socket in websockets.connect(f"{os.environ['BINANCE_WS_URL']}/ws"):
        try:
            for start in range(0, len(symbols), STREAMS_PER_MESSAGE):
                some = symbols[start : start + STREAMS_PER_MESSAGE]
                streams = [f"{symbol.lower()}@kline_1m" for symbol in some]
                await socket.send(json.dumps({"method": "SUBSCRIBE", "params": streams, "id": start + 1}))
                await asyncio.sleep(PAUSE_SECONDS)
            async for message in socket:
                publish(json.loads(message), producer, topic)
        except websockets.ConnectionClosed:
            continue


def publish(event: dict, producer: KafkaProducer, topic: str) -> None:
    if event.get("e") != "kline" or not event["k"]["x"]:
        return
    kline = event["k"]
    candle = {
        "exchange": "binance",
        "symbol": kline["s"],
        "interval": kline["i"],
        "open_time": kline["t"],
        "close_time": kline["T"],
        "open": kline["o"],
        "high": kline["h"],
        "low": kline["l"],
        "close": kline["c"],
        "base_volume": kline["v"],
        "quote_volume": kline["q"],
        "taker_buy_base_volume": kline["V"],
        "taker_buy_quote_volume": kline["Q"],
        "trades": kline["n"],
    }
    producer.send(topic, key=kline["s"], value=candle)


async def main() -> None:
    symbols = os.environ["SYMBOLS"].split(",")
    producer = KafkaProducer(
        bootstrap_servers=os.environ["KAFKA_BROKERS"],
        acks="all",
        key_serializer=str.encode,
        value_serializer=lambda value: json.dumps(value).encode(),
    )
    chunks = [
        symbols[start : start + STREAMS_PER_CONNECTION]
        for start in range(0, len(symbols), STREAMS_PER_CONNECTION)
    ]
    await asyncio.gather(*(listen(chunk, producer, os.environ["TOPIC"]) for chunk in chunks))


asyncio.run(main())
