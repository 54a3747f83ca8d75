"""What all DAGs have in common."""

from datetime import timedelta

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
