"""What all DAGs have in common."""

from datetime import timedelta

from airflow.providers.standard.operators.empty import EmptyOperator

from crypto_pipeline.alert import alert

OWNER = "market-data"

TAGS = ["crypto"]

#: Of most tasks. A build takes a minute or two, and may wait for another one; healing is bounded by minutes.
TIMEOUT = timedelta(minutes=30)

# What works through as many files as there are symbols and days. A try of `load` that runs out of time loses
# nothing, as the next one goes on with what is not loaded yet; but too little for each fails the run.

#: Three archives of each streamed symbol, several hundred of them; minutes on a usual night.
LOAD_TIMEOUT = timedelta(hours=4)

#: A CHECKSUM for each symbol and day of two months: tens of thousands of requests, four at a time.
RECHECK_TIMEOUT = timedelta(hours=3)

#: Years of each symbol: some 20 s for a year of one on two cores, which makes 2,000 such years.
BACKFILL_TIMEOUT = timedelta(hours=12)


def task_defaults() -> dict:
    """Each try pauses about twice as long as the one before it; an alert goes out after the last only."""
    return {
        "owner": OWNER,
        "retries": 3,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": TIMEOUT,
        "on_failure_callback": alert,
    }


def outcome() -> EmptyOperator:
    """
    The last task of a DAG, after each of the others: it fails if one of them failed. Airflow judges a run by
    its last tasks alone, and those that run whatever happened before them would hide what did.
    """
    return EmptyOperator(task_id="outcome", trigger_rule="none_failed")
