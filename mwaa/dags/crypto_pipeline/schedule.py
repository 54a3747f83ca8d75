"""What all DAGs have in common."""

from datetime import timedelta

from airflow.providers.standard.operators.empty import EmptyOperator

from crypto_pipeline.alert import alert

OWNER = "market-data"

TAGS = ["crypto"]


def task_defaults(retries: int = 3, timeout: timedelta = timedelta(minutes=30)) -> dict:
    """Each try pauses about twice as long as the one before it; an alert goes out after the last only."""
    return {
        "owner": OWNER,
        "retries": retries,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timeout,
        "on_failure_callback": alert,
    }


def outcome() -> EmptyOperator:
    """
    The last task of a DAG, after each of the others: it fails if one of them failed. Airflow judges a run by
    its last tasks alone, and those that run whatever happened before them would hide what did.
    """
    return EmptyOperator(task_id="outcome", trigger_rule="none_failed")
