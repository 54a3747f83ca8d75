"""One place for every failure: an SNS topic on AWS, a file of JSON lines on one machine."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crypto_pipeline.settings import optional

log = logging.getLogger(__name__)

# SNS refuses longer subjects, and any character that is not printable ASCII.
MAX_SUBJECT = 100


def alert(context: dict[str, Any]) -> None:
    """For `on_failure_callback`: called after the last try of a task."""
    facts = failure_facts(context, datetime.now(UTC))
    line = json.dumps(facts)
    log.error(line)
    topic_arn, file = optional("alert_topic_arn"), optional("alert_file")
    if file:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        with open(file, "a") as lines:
            lines.write(line + "\n")
    if topic_arn:
        publish(topic_arn, subject_of(facts), json.dumps(facts, indent=2))


def failure_facts(context: dict[str, Any], now: datetime) -> dict[str, Any]:
    ti = context["ti"]
    return {
        "event": "task-failed",
        "at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "dag_id": ti.dag_id,
        "task_id": ti.task_id,
        "run_id": ti.run_id,
        "tries": ti.try_number,
        "reason": str(context.get("exception") or "no reason given"),
        "log_url": getattr(ti, "log_url", None),
    }


def subject_of(facts: dict[str, Any]) -> str:
    text = f"{facts['dag_id']}.{facts['task_id']} failed: {facts['reason']}"
    printable = "".join(char if " " <= char <= "~" else " " for char in text)
    return printable[:MAX_SUBJECT].strip()


def publish(topic_arn: str, subject: str, message: str) -> None:
    import boto3

    # SNS takes 256 kB
    boto3.client("sns").publish(TopicArn=topic_arn, Subject=subject, Message=message[:200_000])
