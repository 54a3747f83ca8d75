"""The archive loader as a Fargate task of its own."""

from __future__ import annotations

import time
from typing import Any

import boto3
from botocore.config import Config

from crypto_pipeline.run_process import TAIL_LINES, json_object
from crypto_pipeline.run_program import ProgramFailed
from crypto_pipeline.settings import list_option, option, optional

# ECS throttles in bursts, when a whole account's tasks start on the hour.
PATIENT = Config(retries={"mode": "standard", "max_attempts": 10})

# ECS knows a task that it has just started only after a moment.
MAX_MISSING = 12


class FargateTask:
    """
    Starts the task, or finds the one that an earlier try started and that still runs, as after the loss of a
    worker: two would load twice. Whatever else ends the wait for it, as Airflow's time-out does, stops it.

    Options: `ecs_cluster`, `archive_loader_task_definition`, `archive_loader_container`,
    `archive_loader_subnets`, `archive_loader_security_groups`.
    """

    def __init__(self, arguments: list[str], started_by: str, token: str, log: Any):
        self._log = log
        self._ecs = boto3.client("ecs", config=PATIENT)
        self._cluster = option("ecs_cluster")
        self._container = option("archive_loader_container", "archive-loader")
        self._definition = option("archive_loader_task_definition")
        self._poll_seconds = float(option("ecs_poll_seconds", "10"))
        self._arguments, self._started_by, self._token = arguments, started_by, token
        self._arn: str | None = None

    def wait(self) -> dict[str, Any] | None:
        try:
            self._arn = self._living() or self._start()
            task = self._await_stop(self._arn)
        except ProgramFailed:
            raise
        except BaseException:
            self._stop_if_possible()
            raise
        lines = self._last_lines(task)
        for line in lines:
            self._log.info(line)
        container = next((each for each in task.get("containers", []) if each["name"] == self._container), {})
        exit_code = container.get("exitCode")
        if exit_code != 0:
            raise ProgramFailed(why_it_failed(task, container, lines))
        return next((summary for line in reversed(lines) if (summary := json_object(line))), None)

    def stop(self) -> None:
        # ended in the midst of starting it: ECS knows then whether it did
        arn = self._arn or self._found()
        if arn is None:
            return
        self._log.info("stopping %s", arn)
        self._ecs.stop_task(cluster=self._cluster, task=arn, reason="its Airflow task was ended")

    def _stop_if_possible(self) -> None:
        try:
            self.stop()
        except Exception as error:  # noqa: BLE001
            # what ended the wait is the news; the next try finds the task
            self._log.error("could not stop what runs as %s: %s", self._arn or self._started_by, error)

    def _living(self) -> str | None:
        arn = self._found()
        if arn:
            self._log.info("an earlier try's task still runs: waiting for %s", arn)
        return arn

    def _found(self) -> str | None:
        answer = self._ecs.list_tasks(
            cluster=self._cluster, startedBy=self._started_by, desiredStatus="RUNNING"
        )
        return answer["taskArns"][0] if answer["taskArns"] else None

    def _start(self) -> str:
        network = {
            "subnets": list_option("archive_loader_subnets"),
            "securityGroups": list_option("archive_loader_security_groups"),
            "assignPublicIp": optional("archive_loader_public_ip") or "DISABLED",
        }
        answer = self._ecs.run_task(
            cluster=self._cluster,
            taskDefinition=self._definition,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": network},
            overrides={"containerOverrides": [{"name": self._container, "command": self._arguments}]},
            startedBy=self._started_by,
            clientToken=self._token,
            propagateTags="TASK_DEFINITION",
        )
        if answer.get("failures") or not answer["tasks"]:
            reasons = [
                f"{each.get('reason')} {each.get('detail', '')}".strip() for each in answer["failures"]
            ]
            raise ProgramFailed(f"ECS did not start {self._definition}: {'; '.join(reasons) or 'no reason'}")
        arn = answer["tasks"][0]["taskArn"]
        self._log.info("started %s", arn)
        return arn

    def _await_stop(self, arn: str) -> dict[str, Any]:
        status, missing = "", 0
        while True:
            answer = self._ecs.describe_tasks(cluster=self._cluster, tasks=[arn])
            if not answer["tasks"]:
                missing += 1
                if missing > MAX_MISSING:
                    raise ProgramFailed(f"ECS does not know {arn}: {answer.get('failures')}")
            else:
                task = answer["tasks"][0]
                if task["lastStatus"] != status:
                    status = task["lastStatus"]
                    self._log.info("%s is %s", arn, status)
                if status == "STOPPED":
                    return task
            time.sleep(self._poll_seconds)

    def _last_lines(self, task: dict[str, Any]) -> list[str]:
        """What the container wrote, by the log configuration of its task definition."""
        answer = self._ecs.describe_task_definition(taskDefinition=task["taskDefinitionArn"])
        logs = next(
            (
                each.get("logConfiguration", {}).get("options", {})
                for each in answer["taskDefinition"]["containerDefinitions"]
                if each["name"] == self._container
            ),
            {},
        )
        if "awslogs-group" not in logs:
            return []
        stream = f"{logs.get('awslogs-stream-prefix')}/{self._container}/{task['taskArn'].rsplit('/', 1)[-1]}"
        client = boto3.client("logs", region_name=logs.get("awslogs-region"), config=PATIENT)
        try:
            events = client.get_log_events(
                logGroupName=logs["awslogs-group"], logStreamName=stream, limit=TAIL_LINES * 5
            )
        except client.exceptions.ResourceNotFoundException:
            # it never came to say anything
            return []
        return [event["message"].rstrip() for event in events["events"]]


def why_it_failed(task: dict[str, Any], container: dict[str, Any], lines: list[str]) -> str:
    if "exitCode" in container:
        how = f"archive-loader ended with exit code {container['exitCode']}"
    else:
        how = "archive-loader stopped before it started"
    facts = [task.get("stopCode"), task.get("stoppedReason"), container.get("reason")]
    why = "; ".join(str(fact) for fact in facts if fact)
    last = "\n".join(lines[-5:])
    return f"{how} ({why})" + (f"; its last lines:\n{last}" if last else "")
