"""As a docker-compose of this kind has it: klines from a WebSocket, each closed one to Kafka as JSON."""

import asyncio
import json
import os

import websockets
from kafka import KafkaProducer


async def main() -> None:
    symbols = os.environ["SYMBOLS"].split(",")
    producer = KafkaProducer(
        bootstrap_servers=os.environ["KAFKA_BROKERS"],
        value_serializer=lambda value: json.dumps(value).encode(),
        key_serializer=str.encode,
    )
    async with websockets.connect(f"{os.environ['EXCHANGE']}/stream", max_queue=None) as socket:
        streams = [f"{symbol.lower()}@kline_1m" for symbol in symbols]
        await socket.send(json.dumps({"method": "SUBSCRIBE", "params": streams, "id": 1}))
        async for message in socket:
            event = json.loads(message).get("data")
            if event is None or event["e"] != "kline" or not event["k"]["x"]:
                continue
            kline = event["k"]
            candle = {
                "symbol": kline["s"],
                "open_time": kline["t"],
                "open": float(kline["o"]),
                "high": float(kline["h"]),
                "low": float(kline["l"]),
                "close": float(kline["c"]),
                "volume": float(kline["v"]),
            }
            producer.send(os.environ["TOPIC"], key=kline["s"], value=candle)


asyncio.run(main())
