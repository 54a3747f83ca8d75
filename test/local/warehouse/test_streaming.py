"""Snowpipe Streaming as the connector's client speaks it: each row lands once, and its offset with it."""

import base64
import hashlib
import io
import json
import os
import signal
import threading
import uuid
from http.client import HTTPException
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PLACE = {"database": "CRYPTO_MARKET", "schema": "RAW", "table": "LANDED"}


class Client:
    """What snowflake-ingest-java does for one channel."""

    def __init__(self, emulator, channel: str, table: str = "LANDED", role: str = "ACCOUNTADMIN"):
        self.emulator, self.channel, self.place = emulator, channel, {**PLACE, "table": table}
        self.stage = Path(self.post("client/configure", {"role": role})["stage_location"]["location"])
        self.opened = self.post("channels/open", {**self.place, "channel": channel, "role": role})
        self.sequencer = self.opened.get("row_sequencer")

    def post(self, path: str, body: dict) -> dict:
        return self.emulator.post(f"/v1/streaming/{path}/", body)

    def blob(self, numbers: list[int], sequencer: int | None = None) -> dict:
        """Writes a blob to the stage and returns what registers it."""
        self.sequencer = sequencer or self.sequencer + 1
        rows = io.BytesIO()
        content = [json.dumps({"n": number}) for number in numbers]
        parquet.write_table(
            pa.table({"RECORD_METADATA": ["{}"] * len(content), "RECORD_CONTENT": content}), rows
        )
        path = f"blobs/{self.channel}-{self.sequencer}-{numbers[0]}.bdec"
        key = hashlib.sha256(base64.b64decode(self.opened["encryption_key"]) + path.encode()).digest()
        encryptor = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()
        encrypted = encryptor.update(rows.getvalue()) + encryptor.finalize()
        (self.stage / path).parent.mkdir(exist_ok=True)
        (self.stage / path).write_bytes(encrypted)
        landed = {
            "channel_name": self.channel,
            "client_sequencer": self.opened["client_sequencer"],
            "row_sequencer": self.sequencer,
            "end_offset_token": str(numbers[-1]),
        }
        chunk = {**self.place, "chunk_start_offset": 0, "chunk_length": len(encrypted), "channels": [landed]}
        return {"path": path, "chunks": [chunk]}

    def register(self, blob: dict) -> int:
        """The channel's status code."""
        answer = self.post("channels/write/blobs", {"blobs": [blob]})
        return answer["status_code"] or answer["blobs"][0]["chunks"][0]["channels"][0]["status_code"]

    def offset(self) -> str | None:
        asked = {**self.place, "channel_name": self.channel}
        return self.post("channels/status", {"channels": [asked]})["channels"][0]["persisted_offset_token"]


@pytest.fixture(autouse=True)
def landing(emulator):
    emulator.run("create or replace table landed (record_metadata variant, record_content variant)")


def landed(emulator) -> list[int]:
    return [row[0] for row in emulator.run("select record_content:n::number as n from landed order by n")]


def test_rows_land_and_the_channel_knows_its_offset(emulator):
    client = Client(emulator, "one")
    assert (client.opened["offset_token"], client.opened["row_sequencer"]) == (None, 0)
    assert client.register(client.blob([1, 2, 3])) == 0
    assert (landed(emulator), client.offset()) == ([1, 2, 3], "3")


def test_a_blob_that_is_registered_twice_lands_once(emulator):
    client = Client(emulator, "twice")
    blob = client.blob([1, 2])
    assert [client.register(blob), client.register(blob)] == [0, 0]
    assert landed(emulator) == [1, 2]


def test_a_channel_that_was_opened_again_fences_its_former_client_off(emulator):
    former = Client(emulator, "fenced")
    assert former.register(former.blob([1])) == 0
    late = former.blob([2])
    current = Client(emulator, "fenced")
    assert current.opened["offset_token"] == "1"
    assert former.register(late) != 0
    assert current.register(current.blob([2])) == 0
    assert landed(emulator) == [1, 2]


def test_a_gap_in_the_sequence_is_refused(emulator):
    client = Client(emulator, "gap")
    assert client.register(client.blob([5], sequencer=3)) != 0
    assert landed(emulator) == []


def test_a_replaced_table_begins_without_channels(emulator):
    client = Client(emulator, "replaced")
    assert client.register(client.blob([1])) == 0
    emulator.run("create or replace table landed (record_metadata variant, record_content variant)")
    assert client.register(client.blob([2])) != 0
    assert Client(emulator, "replaced").opened["offset_token"] is None


def test_a_channels_offset_can_be_set_back(emulator):
    client = Client(emulator, "back")
    assert client.register(client.blob([1])) == 0
    emulator.run("select system$snowpipe_streaming_update_channel_offset_token('raw.landed', 'back', '-1')")
    assert [row[1] for row in emulator.run("show channels in table raw.landed")] == ["back"]
    assert Client(emulator, "back").opened["offset_token"] == "-1"


def test_a_role_that_may_not_insert_cannot_open_a_channel(emulator):
    emulator.run("create role if not exists stranger")
    refused = Client(emulator, "stranger", role="STRANGER").opened
    assert refused["status_code"] != 0
    assert "STRANGER may not insert" in refused["message"]
    assert Client(emulator, "x", table="NOWHERE").opened["status_code"] != 0


@pytest.mark.parametrize("round_", range(3))
def test_after_kill_9_every_acknowledged_row_is_there_and_none_twice(emulator, round_):
    acknowledged: dict[str, list[int]] = {"a": [], "b": []}
    inserted: list[int] = []

    def stream(name: str, first: int) -> None:
        client = Client(emulator, name)
        try:
            for start in range(first, first + 5000, 50):
                numbers = list(range(start, start + 50))
                if client.register(client.blob(numbers)) == 0:
                    acknowledged[name] += numbers
        except (OSError, HTTPException):
            return

    def insert() -> None:
        token = emulator.log_in()
        try:
            for number in range(1_000_000, 1_001_000):
                sql = f"insert into landed (record_content) select parse_json('{{\"n\": {number}}}')"
                path = f"/queries/v1/query-request?requestId={uuid.uuid4()}"
                assert emulator.post(path, {"sqlText": sql}, token)["success"]
                inserted.append(number)
        except (OSError, HTTPException):
            return

    threads = [threading.Thread(target=stream, args=item) for item in (("a", 0), ("b", 10_000))]
    threads.append(threading.Thread(target=insert))
    for thread in threads:
        thread.start()
    while min(len(acknowledged["a"]), len(acknowledged["b"]), 50 * len(inserted)) < 100 * (round_ + 1):
        assert any(thread.is_alive() for thread in threads)
    emulator.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()
    emulator.start()

    found = landed(emulator)
    assert len(found) == len(set(found))
    assert {*acknowledged["a"], *acknowledged["b"], *inserted} <= set(found)
    for name, first in (("a", 0), ("b", 10_000)):
        offset = Client(emulator, name).opened["offset_token"]
        assert int(offset) == max(n for n in found if first <= n < first + 10_000)


def test_blobs_that_nobody_registered_are_removed_a_day_later(emulator):
    client = Client(emulator, "orphan")
    recent, old = (client.stage / client.blob([n])["path"] for n in (1, 2))
    os.utime(old, (0, 0))
    emulator.restart()
    assert (recent.exists(), old.exists()) == (True, False)
