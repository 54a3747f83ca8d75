"""The quality exporter as a Lambda function."""

from __future__ import annotations

import base64
import json
from typing import Any

import boto3
from botocore.config import Config

from crypto_pipeline.run_program import ProgramFailed
from crypto_pipeline.settings import option

# A function may take 15 minutes. Trying again is left to Airflow, which counts the tries and says so.
ONE_LONG_CALL = Config(read_timeout=910, tcp_keepalive=True, retries={"total_max_attempts": 1})


class LambdaFunction:
    """Option: `quality_exporter_function`, a name or an ARN."""

    def __init__(self, event: str, log: Any):
        self._event = event
        self._log = log
        self._name = option("quality_exporter_function")

    def wait(self) -> dict[str, Any] | None:
        client = boto3.client("lambda", config=ONE_LONG_CALL)
        answer = client.invoke(
            FunctionName=self._name,
            InvocationType="RequestResponse",
            LogType="Tail",
            Payload=self._event.encode(),
        )
        log_tail = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
        for line in log_tail.splitlines():
            self._log.info(line)
        body = answer["Payload"].read().decode(errors="replace")
        if "FunctionError" in answer:
            raise ProgramFailed(f"{self._name} failed ({answer['FunctionError']}): {error_in(body)}")
        result = json.loads(body or "null")
        return result if isinstance(result, dict) else None

    def stop(self) -> None:
        # an invocation can't be recalled; it ends by its own time-out
        self._log.info("%s runs on until it has answered", self._name)


def error_in(body: str) -> str:
    try:
        error = json.loads(body)
        return f"{error['errorType']}: {error['errorMessage']}"
    except (ValueError, KeyError, TypeError):
        return body[:1000]
