"""One emulator for the tests of a file, and the Python connector to talk to it."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import snowflake.connector

os.environ["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] = "true"  # it asks the network
MAIN = Path(__file__).parents[3] / "local" / "warehouse" / "main.py"


class Emulator:
    def __init__(self, folder: Path):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        command = [sys.executable, str(MAIN), "--port", str(self.port), "--data", str(self.folder)]
        with (self.folder.parent / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(200):
            try:
                if urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1).status == 200:
                    return
            except OSError:
                assert self.process.poll() is None, (self.folder.parent / "log").read_text()
                time.sleep(0.05)
        raise AssertionError("the emulator did not answer within 10 s")

    def stop(self, with_signal: int = signal.SIGTERM) -> int:
        os.kill(self.process.pid, with_signal)
        return self.process.wait(timeout=10)

    def restart(self, with_signal: int = signal.SIGKILL) -> None:
        self.stop(with_signal)
        self.start()

    def post(self, path: str, body: dict, token: str = "") -> dict:
        """One request as it goes over the wire, without a driver that repeats it."""
        headers = {"content-type": "application/json", "authorization": f'Snowflake Token="{token}"'}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), headers
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def log_in(self) -> str:
        """A token for `post`."""
        path = "/session/v1/login-request?databaseName=CRYPTO_MARKET&schemaName=RAW"
        return self.post(path, {"data": {"LOGIN_NAME": "TESTER"}})["data"]["token"]

    def connect(self, role: str | None = None, **options: object) -> snowflake.connector.SnowflakeConnection:
        place = {"database": "CRYPTO_MARKET", "schema": "RAW", "warehouse": "CRYPTO_LOADING"}
        return snowflake.connector.connect(
            account="local",
            host="127.0.0.1",
            port=self.port,
            protocol="http",
            user=options.pop("user", "TESTER"),
            password="unchecked",
            **({"role": role} if role else {}),
            **{**place, **options},
        )

    def run(self, *statements: str, role: str | None = None, **options: object) -> list[tuple]:
        """Rows of the last statement."""
        rows: list[tuple] = []
        with self.connect(role, **options) as connection:
            for statement in statements:
                rows = connection.cursor().execute(statement).fetchall()
        return rows


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("warehouse")
    running = Emulator(folder / "data")
    running.run("create database crypto_market", "create schema crypto_market.raw")
    yield running
    running.stop()
    shutil.rmtree(folder, ignore_errors=True)
