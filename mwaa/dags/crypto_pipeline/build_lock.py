"""
One dbt build at a time, whichever DAG wants it: who comes second waits.

Not an Airflow pool: on MWAA a pool has to be made by hand after the environment, and tasks of a pool that is
not there are never scheduled, without an error.
"""

from __future__ import annotations

import fcntl
import json
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from crypto_pipeline.artifact_store import bucket_and_prefix

POLL_SECONDS = 2.0

LOCK_NAME = "dbt-build.lock"

#: A worker that is gone keeps others out for so long at most; one that lives renews three times meanwhile.
LEASE_SECONDS = 120.0


class LockLost(RuntimeError):
    """The lease ran out while it was held: somebody else may build now."""


def build_lock(location: str, holder: str, say: Callable[[str], None]) -> AbstractContextManager[Any]:
    """Held inside `with`; the lock lies beside the artifacts."""
    if location.startswith("s3://"):
        bucket, prefix = bucket_and_prefix(location)
        return bucket_lock(bucket, prefix + LOCK_NAME, holder, say)
    return folder_lock(Path(location) / LOCK_NAME, holder, say)


@contextmanager
def folder_lock(file: Path, holder: str, say: Callable[[str], None]):
    """The kernel gives it back when the process is gone, however it went."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as handle:
        waiting = Waiting(say)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                handle.seek(0)
                waiting.on(handle.read().strip())
        handle.seek(0)
        handle.truncate()
        handle.write(holder)
        handle.flush()
        yield


@contextmanager
def bucket_lock(bucket: str, key: str, holder: str, say: Callable[[str], None]):
    """A lease in an object that is only written on the condition that nobody else has written it since."""
    lease = Lease(bucket, key, holder)
    waiting = Waiting(say)
    while (other := lease.take()) is not None:
        waiting.on(other)
    stop = threading.Event()
    renewal = threading.Thread(target=lease.keep, args=(stop,), daemon=True)
    renewal.start()
    try:
        yield
        if lease.is_lost:
            raise LockLost(
                f"s3://{bucket}/{key} was not renewed in time: another build may have run beside this one"
            )
    finally:
        stop.set()
        renewal.join()
        give_back(lease, say)


def give_back(lease: Lease, say: Callable[[str], None]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        lease.give_back()
    except (BotoCoreError, ClientError) as error:
        # what was done inside is the news: the lease ends by itself
        say(f"could not give the lock of dbt builds back, it opens in {LEASE_SECONDS:.0f} s: {error}")


class Waiting:
    def __init__(self, say: Callable[[str], None]):
        self._say = say
        self._told = ""

    def on(self, holder: str) -> None:
        if holder != self._told:
            self._told = holder
            self._say(f"waiting for the dbt build of {holder or 'another task'}")
        time.sleep(POLL_SECONDS)


class Lease:
    def __init__(self, bucket: str, key: str, holder: str):
        import boto3

        self._s3 = boto3.client("s3")
        self._where = {"Bucket": bucket, "Key": key}
        self._holder = holder
        self._etag = ""
        self._until = 0.0

    @property
    def is_lost(self) -> bool:
        return time.time() > self._until

    def take(self) -> str | None:
        """None when it is ours; else who has it."""
        try:
            answer = self._s3.get_object(**self._where)
        except self._s3.exceptions.NoSuchKey:
            return None if self._write({"IfNoneMatch": "*"}) else "another task"
        lease = json.loads(answer["Body"].read())
        if lease["until"] > time.time():
            return lease["holder"]
        return None if self._write({"IfMatch": answer["ETag"]}) else lease["holder"]

    def keep(self, stop: threading.Event) -> None:
        while not stop.wait(LEASE_SECONDS / 4):
            # tried again a quarter later; `is_lost` is what counts
            with suppress(Exception):
                if not self._write({"IfMatch": self._etag}):
                    self._until = 0.0
                    return

    def give_back(self) -> None:
        if not self.is_lost:
            self._write({"IfMatch": self._etag}, seconds=0.0)

    def _write(self, condition: dict[str, str], seconds: float = LEASE_SECONDS) -> bool:
        from botocore.exceptions import ClientError

        until = time.time() + seconds
        body = json.dumps({"holder": self._holder, "until": until})
        try:
            answer = self._s3.put_object(**self._where, Body=body.encode(), **condition)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            # 412: somebody was quicker; 409: somebody writes at this moment
            if status in (409, 412):
                return False
            raise
        self._etag, self._until = answer["ETag"], until
        return True
