"""A Snowflake emulator on DuckDB, for the pipeline's own Snowflake clients. See README.md."""

import argparse
import logging
from pathlib import Path

import uvicorn
from engine import Engine
from errors import log_event
from http_api import build_app
from session import Sessions

STOP_SECONDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of the databases and stages; made when absent"
    )
    options = parser.parse_args()
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    engine = Engine(options.data.resolve())
    config = uvicorn.Config(
        build_app(Sessions(engine)),
        host="127.0.0.1",
        port=options.port,
        log_level="warning",
        timeout_keep_alive=3600,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    log_event("started", port=options.port)
    uvicorn.Server(config).run()
    engine.close()


if __name__ == "__main__":
    main()
