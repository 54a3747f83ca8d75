"""cryptofeed's CandlesKafka, given closed candles as its feed handler gives them, acks from all replicas."""

import asyncio
import json
import os
import resource
import sys
import time
import zlib
from decimal import Decimal
from importlib.metadata import version
from urllib.request import Request, urlopen

import uvloop
from cryptofeed.backends.kafka import CandlesKafka
from cryptofeed.types import Candle

FIRST_OPEN = 1761696000
PARTITIONS = 6


def main() -> None:
    work = json.loads(os.environ["BENCH_CASE"])
    topic_name = ask("POST", "/topic")

    class OneTopicKafka(CandlesKafka):
        """By the hooks that its demo shows: one topic, and each symbol in one partition."""

        def topic(self, data: dict) -> str:
            return topic_name

        def partition(self, data: dict) -> int:
            return zlib.crc32(data["symbol"].encode()) % PARTITIONS

    backend = OneTopicKafka(bootstrap_servers=os.environ["BENCH_BROKERS"], acks="all")
    # FeedHandler runs with uvloop by default
    took = uvloop.run(publish(backend, work["symbols"], work["warmUp"], work["minutes"]))
    # it tells nobody what was acknowledged: the topic does
    counts = json.loads(ask("GET", f"/counts?topic={topic_name}"))
    software = ", ".join(f"{name} {version(name)}" for name in ("cryptofeed", "aiokafka"))
    sys.stdout.write(json.dumps({"counts": counts, "version": software, **took}) + "\n")


async def publish(backend: CandlesKafka, symbols: int, warm_up: int, minutes: int) -> dict[str, float]:
    backend.start(asyncio.get_running_loop())
    while not backend.running:
        await asyncio.sleep(0.01)
    await publish_minutes(backend, symbols, range(warm_up))
    cpu, wall = cpu_seconds(), time.monotonic()
    await publish_minutes(backend, symbols, range(warm_up, minutes))
    took = {"cpuSeconds": cpu_seconds() - cpu, "wallSeconds": time.monotonic() - wall}
    await backend.stop()
    await backend.worker
    return took


async def publish_minutes(backend: CandlesKafka, symbols: int, minutes: range) -> None:
    for minute in minutes:
        for index in range(symbols):
            candle = candle_of(index, minute)
            await backend(candle, candle.timestamp + 0.022)
    # its queue counts a candle as done once its record has been acknowledged
    await backend.queue.join()


def candle_of(index: int, minute: int) -> Candle:
    start = FIRST_OPEN + minute * 60
    cents = 1_127_300 + (index * 7919 + minute * 131) % 100_000
    return Candle(
        "BINANCE",
        f"BENCH{index:04d}-USDT",
        float(start),
        start + 59.999,
        "1m",
        1459,
        price(cents - 5),
        price(cents),
        price(cents + 20),
        price(cents - 20),
        Decimal("4.75297000"),
        True,
        start + 60.012,
        raw=None,
    )


def price(cents: int) -> Decimal:
    return Decimal(f"{cents // 100}.{cents % 100:02d}000000")


def ask(method: str, path: str) -> str:
    # the address is this bench's own server on loopback
    with urlopen(Request(os.environ["BENCH_TOPICS"] + path, method=method)) as answer:  # noqa: S310
        return answer.read().decode()


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


main()
