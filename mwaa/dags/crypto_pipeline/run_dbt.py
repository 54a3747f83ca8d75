"""The operator that runs dbt, in its own virtual environment, on a copy of the project."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from airflow.exceptions import AirflowException, AirflowFailException
from airflow.sdk import BaseOperator

from crypto_pipeline.artifact_store import TaskRun, keep_artifacts
from crypto_pipeline.build_lock import build_lock
from crypto_pipeline.dbt_results import Failure, counts, in_words, node_failures, source_failures
from crypto_pipeline.run_process import Ended, ProgramRun
from crypto_pipeline.settings import DbtSettings, dbt_settings
from crypto_pipeline.warehouse_environment import warehouse_environment

MIN_FREE_BYTES = 10_000_000

RESULTS = "results"


class DbtFailed(AirflowException):
    """Worth another try: the warehouse was away, a model met an error, or nothing has landed yet."""


class DbtFoundWrong(AirflowFailException):
    """Data that a test refuses: another try would find the same, so there is none."""


class RunDbt(BaseOperator):
    """
    Runs one dbt command and keeps its artifacts, whatever became of it.

    The number of nodes by status is the task's result, and pushed as `results` even if the task fails.
    """

    template_fields: Sequence[str] = ("arguments",)

    def __init__(self, *, arguments: Sequence[str], **kwargs: Any):
        super().__init__(**kwargs)
        self.arguments = list(arguments)
        self._running: DbtRun | None = None

    def execute(self, context: dict[str, Any]) -> dict[str, int]:
        ti = context["ti"]
        self._running = DbtRun(dbt_settings(), self.log)
        try:
            return self._running.judge(self.arguments, TaskRun(ti.dag_id, ti.run_id, ti.task_id))
        finally:
            if self._running.counts:
                ti.xcom_push(key=RESULTS, value=self._running.counts)
            self._running = None

    def on_kill(self) -> None:
        if self._running is not None:
            self._running.stop()


class DbtRun:
    #: of the last command that left results
    counts: dict[str, int]

    def __init__(self, settings: DbtSettings, log: Any):
        self.counts = {}
        self._settings = settings
        self._log = log
        self._program: ProgramRun | None = None
        self._is_stopped = False

    def judge(self, arguments: Sequence[str], task: TaskRun) -> dict[str, int]:
        """Runs it, keeps the artifacts, and raises what they say went wrong."""
        is_build = arguments[0] != "source"
        names = ("manifest.json", "run_results.json") if is_build else ("sources.json",)
        settings = self._settings
        holder = f"{task.dag_id}.{task.task_id} of {task.run_id}"
        lock = build_lock(settings.artifacts, holder, self._log.info) if is_build else nullcontext()
        with lock, self._project_copy() as folder:
            target = folder / "target"
            try:
                ended = self._run(arguments, folder)
                results = whole_json(target / names[-1])
                self.counts = counts(results)
                self._raise_for(ended, results, is_build, folder)
                return self.counts
            finally:
                self._keep(target, names, task)

    def show(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query in which models are named by `ref`, by dbt's own connection."""
        arguments = ["--quiet", "show", "--inline", query, "--output", "json", "--limit", str(MAX_ROWS)]
        with self._project_copy() as folder:
            said: list[str] = []
            ended = self._run(arguments, folder, said)
            if ended.exit_code != 0:
                self._raise_for(ended, {}, True, folder)
            return rows_shown("\n".join(said))

    def stop(self) -> None:
        self._is_stopped = True
        if self._program is not None:
            self._program.stop()

    @contextmanager
    def _project_copy(self) -> Iterator[Path]:
        """The dags folder is read-only on MWAA, and two runs may not share a target folder."""
        base = self._settings.run_folder
        base.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="dbt-", dir=base) as name:
            folder = Path(name)
            copy_project(self._settings.project, folder / "project")
            copy_if_there(base / PARSED, folder / "target" / PARSED)
            yield folder
            copy_if_there(folder / "target" / PARSED, base / PARSED)

    def _run(self, arguments: Sequence[str], folder: Path, said: list[str] | None = None) -> Ended:
        executable = self._settings.executable
        if not Path(executable).is_file():
            raise AirflowFailException(
                f"expected dbt at {executable}, found nothing: the log of startup.sh says why, "
                "or set [crypto] dbt_executable"
            )
        command = [executable, *arguments]
        self._log.info(" ".join(command))
        self._program = ProgramRun(
            command,
            environment_for(folder),
            self._log.info if said is None else said.append,
            folder / "project",
        )
        try:
            if self._is_stopped:
                self._program.stop()
            return self._program.wait()
        finally:
            self._program = None

    def _raise_for(self, ended: Ended, results: Mapping[str, Any], is_build: bool, folder: Path) -> None:
        failures = node_failures(results) if is_build else source_failures(results)
        if ended.exit_code == 0 and not failures:
            return
        free = free_bytes(folder)
        if free < MIN_FREE_BYTES:
            raise DbtFailed(
                f"no space is left in {self._settings.run_folder} ({free} bytes): make room, or set "
                f"[crypto] run_folder to another disk; dbt ended with {ended.how()}"
            )
        raise failure_of(ended, failures)

    def _keep(self, target: Path, names: tuple[str, ...], task: TaskRun) -> None:
        try:
            kept = keep_artifacts(target, names, self._settings.artifacts, task)
            self._log.info(
                "kept %s in %s", ", ".join(kept) or "no artifacts: dbt left none", self._settings.artifacts
            )
        except Exception as error:  # noqa: BLE001
            # what went wrong with dbt is the news, if anything did; the task does not fail for this alone
            self._log.error("could not keep dbt's artifacts in %s: %s", self._settings.artifacts, error)


#: More gaps than one healing run takes on.
MAX_ROWS = 10_000

#: dbt's own cache, a third of a run's time: dbt compares it with the files, and parses those that differ.
PARSED = "partial_parse.msgpack"


def copy_if_there(source: Path, target: Path) -> None:
    if not source.is_file():
        return
    target.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as copy:
        copy.write(source.read_bytes())
    os.replace(copy.name, target)


INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")


def environment_for(folder: Path) -> dict[str, str]:
    """Nothing of Airflow's own Python reaches dbt's."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {
        **inherited,
        **warehouse_environment(),
        "PYTHONUNBUFFERED": "1",
        "DBT_PROFILES_DIR": str(folder / "project"),
        "DBT_PROJECT_DIR": str(folder / "project"),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        # the connector looks names up to learn which cloud it is in, for seconds where there is no such cloud
        "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true",
        "DBT_USE_COLORS": "false",
    }


def copy_project(project: Path, copy: Path) -> None:
    if not (project / "dbt_project.yml").is_file():
        raise AirflowFailException(
            f"expected a dbt project in {project}, found none: set [crypto] dbt_project"
        )
    shutil.copytree(
        project, copy, ignore=shutil.ignore_patterns("target", "logs", "dbt_packages", "requirements.*")
    )


def failure_of(ended: Ended, failures: Sequence[Failure]) -> Exception:
    if failures and all(each.is_lasting for each in failures):
        return DbtFoundWrong(in_words(failures))
    if failures:
        return DbtFailed(f"dbt ended with {ended.how()}: {in_words(failures)}")
    last = "\n".join(ended.tail[-8:]) or "(it said nothing)"
    return DbtFailed(f"dbt ended with {ended.how()} before it had results; its last lines:\n{last}")


def whole_json(file: Path) -> dict[str, Any]:
    try:
        return json.loads(file.read_bytes())
    except (OSError, ValueError):
        # dbt left none, or was ended while writing: its exit code says that it failed
        return {}


def rows_shown(output: str) -> list[dict[str, Any]]:
    start = output.find("{")
    try:
        return json.loads(output[start:])["show"]
    except (ValueError, KeyError) as error:
        raise DbtFailed(f"expected rows as JSON from dbt show, got: {output[:500]!r}") from error


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free
