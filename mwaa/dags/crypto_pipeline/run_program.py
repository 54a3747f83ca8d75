"""The operator that runs a program of the pipeline, wherever `[crypto] runner` says that programs run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, Protocol

from airflow.exceptions import AirflowException
from airflow.sdk import BaseOperator

from crypto_pipeline.run_dbt import RESULTS
from crypto_pipeline.settings import list_option, local_environment, runner


class ProgramFailed(AirflowException):
    """A program ended in any other way than well."""


class Running(Protocol):
    """A program that was started; `wait` returns its summary, or raises ProgramFailed."""

    def wait(self) -> dict[str, Any] | None: ...

    def stop(self) -> None: ...


class RunProgram(BaseOperator):
    """
    Runs `archive-loader` (a Fargate task) or `quality-exporter` (a Lambda function), or either as a process.

    The summary that the program ends with is the task's result.
    """

    template_fields: Sequence[str] = ("arguments",)

    def __init__(self, *, program: str, arguments: Sequence[str] = (), **kwargs: Any):
        super().__init__(**kwargs)
        if program not in PROGRAMS:
            raise ValueError(f"expected a program out of {', '.join(PROGRAMS)}, got {program!r}")
        self.program = program
        self.arguments = list(arguments)
        self._running: Running | None = None

    def execute(self, context: dict[str, Any]) -> dict[str, Any] | None:
        arguments = [str(argument) for argument in self.arguments]
        if self.program == "quality-exporter":
            arguments = [json.dumps(news_of_run(context["ti"]))]
        self.log.info("%s %s", self.program, " ".join(arguments))
        if runner() == "process":
            self._running = LocalProcess(self.program, arguments, self.log)
        else:
            self._running = PROGRAMS[self.program](arguments, context["ti"], self.log)
        try:
            return self._running.wait()
        finally:
            self._running = None

    def on_kill(self) -> None:
        if self._running is not None:
            self._running.stop()


class LocalProcess:
    def __init__(self, program: str, arguments: list[str], log: Any):
        from crypto_pipeline.run_process import ProgramRun

        self._program = program
        command = list_option(f"{program.replace('-', '_')}_command")
        self._run = ProgramRun([*command, *arguments], local_environment(program), log.info)

    def wait(self) -> dict[str, Any] | None:
        ended = self._run.wait()
        if ended.exit_code != 0:
            last = "\n".join(ended.tail[-5:]) or "(it said nothing)"
            raise ProgramFailed(f"{self._program} ended with {ended.how()}; its last lines:\n{last}")
        return ended.summary

    def stop(self) -> None:
        self._run.stop()


def fargate(arguments: list[str], ti: Any, log: Any) -> Running:
    from crypto_pipeline.fargate_task import FargateTask

    of_all_tries = digest(ti.dag_id, ti.task_id, ti.run_id, str(ti.map_index))
    return FargateTask(arguments, of_all_tries, digest(of_all_tries, str(ti.try_number)), log)


def function(arguments: list[str], ti: Any, log: Any) -> Running:
    from crypto_pipeline.lambda_function import LambdaFunction

    (event,) = arguments
    return LambdaFunction(event, log)


def news_of_run(ti: Any) -> dict[str, Any]:
    """What the metrics are to say of this run: its DAG, and how its dbt build ended if there was one."""
    return {"dag": ti.dag_id, "dbt": ti.xcom_pull(task_ids="build", key=RESULTS)}


def digest(*words: str) -> str:
    """36 characters are the most that ECS takes."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:36]


PROGRAMS = {"archive-loader": fargate, "quality-exporter": function}
