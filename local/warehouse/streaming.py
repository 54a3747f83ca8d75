"""Snowpipe Streaming's endpoints as the Snowflake Kafka connector calls them (the classic architecture).

The client is told of a stage on the local file system, writes its blobs there, and registers them here.
"""

import base64
import secrets
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
from blobs import column_metadata, insert_rows, read_chunk
from channels import Channel, drop_channel, find_channel, open_channel, write_channel
from errors import log_event
from privileges import Privileges
from rewrite import unquote
from session import Sessions
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from wire import read_json

SUCCESS = 0
NO_SUCH_TABLE = 4
NO_SUCH_CHANNEL = 8
TRY_AGAIN = 10
"""The client sends the same request once more."""
FENCED_OFF = 19
"""The client opens the channel anew and sends again what is not committed."""
KEY_ID = 1
ORPHAN_SECONDS = 24 * 3600


class Streaming:
    def __init__(self, sessions: Sessions):
        self.engine = sessions.engine
        self.privileges = sessions.privileges
        self.stage = Path(self.engine.db_path) / "streaming"
        self.stage.mkdir(exist_ok=True)
        remove_orphans(self.stage)
        self.key = account_key(self.engine.duck_conn.cursor())
        self.lock = threading.Lock()

    def routes(self) -> list[Route]:
        endpoints = {
            "client/configure": self.configure,
            "channels/open": self.open,
            "channels/status": self.status,
            "channels/drop": self.drop,
            "channels/write/blobs": self.write,
        }
        return [
            Route(f"/v1/streaming/{path}/", self.endpoint(answer), methods=["POST"])
            for path, answer in endpoints.items()
        ]

    def endpoint(self, answer: Any) -> Any:
        async def respond(request: Request) -> Response:
            body = await read_json(request)
            return JSONResponse(await run_in_threadpool(self.safely, answer, body))

        return respond

    def safely(self, answer: Any, body: dict[str, Any]) -> dict[str, Any]:
        duck = self.engine.duck_conn.cursor()
        try:
            with self.lock:
                return {"status_code": SUCCESS, "message": "Success", **answer(duck, body)}
        except Exception as error:  # noqa: BLE001
            log_event("streaming_failed", kind=type(error).__name__, request=answer.__name__)
            return {"status_code": TRY_AGAIN, "message": f"the Snowflake emulator failed: {error}"}
        finally:
            duck.close()

    def configure(self, _: Any, body: dict[str, Any]) -> dict[str, Any]:
        location = {
            "locationType": "LOCAL_FS",
            "location": str(self.stage),
            "path": "blobs/",
            "creds": {},
            "region": "local",
            "endPoint": None,
            "storageAccount": None,
            "presignedUrl": None,
            "isClientSideEncrypted": True,
            "useS3RegionalUrl": False,
            "volumeHash": None,
        }
        return {"prefix": "emulator", "deployment_id": 1, "max_client_lag": 1, "stage_location": location}

    def open(self, duck: Any, body: dict[str, Any]) -> dict[str, Any]:
        table = table_of(body)
        role = unquote(body.get("role") or "PUBLIC")
        if not may_insert(self.privileges, role, table):
            return refused(table, f"role {role} may not insert into it")
        try:
            columns = column_metadata(duck, table)
        except duckdb.CatalogException:
            return refused(table, "it is not there")
        channel = open_channel(duck, table, body["channel"])
        return {
            "database": table[0],
            "schema": table[1],
            "table": table[2],
            "channel": body["channel"],
            "client_sequencer": channel.client_sequencer,
            "row_sequencer": channel.row_sequencer,
            "offset_token": channel.offset_token,
            "table_columns": columns,
            "encryption_key": self.key,
            "encryption_key_id": KEY_ID,
        }

    def status(self, duck: Any, body: dict[str, Any]) -> dict[str, Any]:
        answers = []
        for asked in body["channels"]:
            table = table_of(asked)
            channel = find_channel(duck, table, asked["channel_name"])
            answers.append(
                {
                    "status_code": SUCCESS if channel else NO_SUCH_CHANNEL,
                    "persisted_row_sequencer": channel and channel.row_sequencer,
                    "persisted_client_sequencer": channel and channel.client_sequencer,
                    "persisted_offset_token": channel and channel.offset_token,
                }
            )
        return {"channels": answers}

    def drop(self, duck: Any, body: dict[str, Any]) -> dict[str, Any]:
        table = table_of(body)
        drop_channel(duck, table, body["channel"])
        return {"database": table[0], "schema": table[1], "table": table[2], "channel": body["channel"]}

    def write(self, duck: Any, body: dict[str, Any]) -> dict[str, Any]:
        return {"blobs": [self.land(duck, blob) for blob in body["blobs"]]}

    def land(self, duck: Any, blob: dict[str, Any]) -> dict[str, Any]:
        answers = [self.land_chunk(duck, blob["path"], chunk) for chunk in blob["chunks"]]
        (self.stage / blob["path"]).unlink(missing_ok=True)
        return {"chunks": answers}

    def land_chunk(self, duck: Any, path: str, chunk: dict[str, Any]) -> dict[str, Any]:
        """All of the chunk's rows and how far its channels came, in one transaction, or nothing of it."""
        table = table_of(chunk)
        duck.begin()
        try:
            states = [
                state_of(find_channel(duck, table, sent["channel_name"]), sent) for sent in chunk["channels"]
            ]
            if all(state == "next" for state in states):
                start, length = chunk["chunk_start_offset"], chunk["chunk_length"]
                insert_rows(duck, table, read_chunk(self.stage, path, start, length, self.key))
                for sent in chunk["channels"]:
                    token = sent.get("end_offset_token") or sent.get("offset_token")
                    landed = Channel(sent["client_sequencer"], sent["row_sequencer"], token)
                    write_channel(duck, table, sent["channel_name"], landed)
            duck.commit()
        except Exception:
            duck.rollback()
            raise
        # The rows of a chunk's channels can't be told apart: a fenced one keeps out the others' too.
        is_good = all(state == "next" for state in states) or all(state == "landed" for state in states)
        code = SUCCESS if is_good else FENCED_OFF
        answers = [
            {
                "channel": sent["channel_name"],
                "client_sequencer": sent["client_sequencer"],
                "status_code": code,
                "message": "Success"
                if is_good
                else "the channel was opened anew, or rows before these are missing",
            }
            for sent in chunk["channels"]
        ]
        return {"database": table[0], "schema": table[1], "table": table[2], "channels": answers}


def remove_orphans(stage: Path) -> None:
    """Blobs whose client never came back to register them."""
    oldest = time.time() - ORPHAN_SECONDS
    for blob in stage.rglob("*"):
        if blob.is_file() and blob.stat().st_mtime < oldest:
            blob.unlink()


def state_of(channel: Channel | None, sent: dict[str, Any]) -> str:
    if channel is None or channel.client_sequencer != sent["client_sequencer"]:
        return "fenced"
    if sent["row_sequencer"] <= channel.row_sequencer:
        return "landed"
    return "next" if sent["row_sequencer"] == channel.row_sequencer + 1 else "gap"


def table_of(body: dict[str, Any]) -> tuple[str, str, str]:
    return unquote(body["database"]), unquote(body["schema"]), unquote(body["table"])


def may_insert(privileges: Privileges, role: str, table: tuple[str, str, str]) -> bool:
    if privileges.is_administrator(role):
        return True
    database, schema, name = table[0], ".".join(table[:2]), ".".join(table)
    return bool(
        privileges.held(role, ["DATABASE"], database)
        and privileges.held(role, ["SCHEMA"], schema)
        and privileges.held(role, ["TABLE"], name) & {"INSERT", "OWNERSHIP", "ALL"}
    )


def refused(table: tuple[str, str, str], reason: str) -> dict[str, Any]:
    name = ".".join(table)
    return {
        "status_code": NO_SUCH_TABLE,
        "message": f"table {name} does not exist or is not authorized: {reason}",
    }


def account_key(duck: Any) -> str:
    """Blobs written before a restart are registered after it, so the key must outlive the process."""
    duck.execute("create table if not exists _fs_global._fs_information_schema._streaming_key (key varchar)")
    found = duck.execute("select key from _fs_global._fs_information_schema._streaming_key").fetchone()
    if found:
        return found[0]
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    duck.execute("insert into _fs_global._fs_information_schema._streaming_key values (?)", [key])
    return key
