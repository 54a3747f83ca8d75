"""cryptofeed's Binance feed with `candle_closed_only`, its default: its user sees closed candles alone."""

import asyncio
import json
import os
import resource
import sys
import time
from importlib.metadata import version

from cryptofeed import FeedHandler
from cryptofeed.connection import RestEndpoint, Routes, WebsocketEndpoint
from cryptofeed.defines import CANDLES
from cryptofeed.exchanges import Binance


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    work = json.loads(os.environ["BENCH_CASE"])
    exchange = os.environ["BENCH_EXCHANGE"]
    wanted = work["symbols"] * work["minutes"] if "minutes" in work else work["frames"] // 30
    warm_up = work.get("warmUp", 0) // 30
    counts = {"closed": 0, "closeCents": 0}
    started = {"cpu": 0.0, "wall": 0.0}

    class LocalBinance(Binance):
        websocket_endpoints = [WebsocketEndpoint(f"wss://{exchange}")]
        rest_endpoints = [RestEndpoint(f"http://{exchange}", routes=Routes("/api/v3/exchangeInfo"))]

        def connect(self):
            connections = super().connect()
            for connection, *_ in connections:
                # it takes none but wss://, and nobody here pays for encryption
                connection.address = connection.address.replace("wss://", "ws://")
            return connections

    async def on_candle(candle, _received) -> None:
        counts["closed"] += 1
        counts["closeCents"] += round(float(candle.close) * 100)
        if counts["closed"] == warm_up:
            started.update(cpu=cpu_seconds(), wall=time.monotonic())
        if counts["closed"] < wanted:
            return
        report = {
            "counts": counts,
            "cpuSeconds": cpu_seconds() - started["cpu"],
            "wallSeconds": time.monotonic() - started["wall"],
            "version": f"cryptofeed {version('cryptofeed')}",
        }
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()
        os._exit(0)

    # with uvloop, as FeedHandler runs by default
    handler = FeedHandler(config={"uvloop": True, "log": {"disabled": True}})
    symbols = [f"BENCH{index:04d}-USDT" for index in range(work["symbols"])]
    handler.add_feed(LocalBinance(symbols=symbols, channels=[CANDLES], callbacks={CANDLES: on_candle}))
    started.update(cpu=cpu_seconds(), wall=time.monotonic())
    # uvloop no longer makes a loop by itself, which cryptofeed 2.4.1 expects
    asyncio.set_event_loop(asyncio.new_event_loop())
    handler.run()


main()
