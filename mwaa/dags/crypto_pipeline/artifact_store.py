"""Where dbt's artifacts are kept: a folder, or a bucket as s3://bucket/prefix."""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

#: From which task of a DAG the newest artifact is taken: others, as `find`, build only a part.
LATEST_FROM = {"manifest.json": "build", "run_results.json": "build", "sources.json": "freshness"}


@dataclass(frozen=True)
class TaskRun:
    dag_id: str
    run_id: str
    task_id: str


class ArtifactStore(Protocol):
    def put(self, file: Path, name: str) -> None:
        """Replaces it whole, so that no reader sees half of it."""
        ...


def artifact_store(location: str) -> ArtifactStore:
    if location.startswith("s3://"):
        return Bucket(*bucket_and_prefix(location))
    return Folder(Path(location))


def keep_artifacts(target: Path, names: tuple[str, ...], location: str, task: TaskRun) -> list[str]:
    """
    Keeps what dbt left of these, whatever became of the run: below `<dag_id>/<run_id>/<task_id>/`, and, if it
    is whole and of the task that LATEST_FROM says, below `latest/<dag_id>/` too. Returns the names kept.
    """
    store = artifact_store(location)
    found = [target / name for name in names if (target / name).is_file()]
    for file in found:
        store.put(file, f"{task.dag_id}/{as_folder(task.run_id)}/{task.task_id}/{file.name}")
        if LATEST_FROM[file.name] == task.task_id and is_whole(file):
            store.put(file, f"latest/{task.dag_id}/{file.name}")
    return [file.name for file in found]


def as_folder(run_id: str) -> str:
    """Run ids hold a time with colons and a plus, and a person may write anything."""
    return "".join(char if char.isalnum() or char in "-_.+:" else "_" for char in run_id).lstrip(".") or "_"


def is_whole(file: Path) -> bool:
    try:
        json.loads(file.read_bytes())
        return True
    except ValueError:
        return False


def bucket_and_prefix(location: str) -> tuple[str, str]:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    return bucket, f"{prefix.strip('/')}/" if prefix.strip("/") else ""


class Folder:
    def __init__(self, folder: Path):
        self._folder = folder

    def put(self, file: Path, name: str) -> None:
        target = self._folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as copy:
            try:
                with file.open("rb") as original:
                    shutil.copyfileobj(original, copy)
                os.chmod(copy.name, 0o644)
                os.replace(copy.name, target)
            except OSError:
                os.unlink(copy.name)
                raise


class Bucket:
    def __init__(self, bucket: str, prefix: str):
        import boto3

        self._s3 = boto3.client("s3")
        self._bucket, self._prefix = bucket, prefix

    def put(self, file: Path, name: str) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=self._prefix + name, Body=file.read_bytes())
