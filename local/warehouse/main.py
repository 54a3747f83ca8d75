"""A Snowflake emulator on DuckDB, for the pipeline's own Snowflake clients. See README.md."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
from pathlib import Path

import uvicorn
from clients import WatchedProtocol
from engine import Engine
from http_api import build_app
from session import Sessions

STOP_SECONDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of the databases and stages; made when absent"
    )
    parser.add_argument("--memory", default="2GB", help="what DuckDB takes, by default 2GB")
    options = parser.parse_args()
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    engine = Engine(options.data.resolve(), options.memory)
    sessions = Sessions(engine)
    config = uvicorn.Config(
        build_app(sessions),
        host="127.0.0.1",
        port=options.port,
        http=WatchedProtocol,
        log_level="warning",
        timeout_keep_alive=3600,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    serve(uvicorn.Server(config), sessions)
    sessions.close_all(within_seconds=1)
    engine.close()
    sys.stderr.flush()
    # Without waiting for threads in which a statement waits for another's transaction.
    os._exit(0)


def serve(server: uvicorn.Server, sessions: Sessions) -> None:
    """Until SIGTERM or SIGINT, which uvicorn itself would pass on before the databases are closed."""

    def stop(*_: object) -> None:
        server.should_exit = True
        sessions.interrupt_all()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.capture_signals = contextlib.nullcontext
    asyncio.run(server.serve())


if __name__ == "__main__":
    main()
