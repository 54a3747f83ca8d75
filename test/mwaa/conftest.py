"""Airflow on a database of its own: set before it is imported, as its import reads the environment."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DAGS = ROOT / "mwaa" / "dags"

HOME = tempfile.TemporaryDirectory(prefix="airflow-test-")

for name in [name for name in os.environ if name.startswith(("AIRFLOW", "AWS"))]:
    del os.environ[name]

os.environ |= {
    "AIRFLOW_HOME": HOME.name,
    "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    # nothing here may reach a real account
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}
sys.path.insert(0, str(DAGS))
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def airflow_database():
    subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True, timeout=120
    )


@pytest.fixture
def crypto(monkeypatch):
    """Sets options of Airflow's section `crypto`, for one test."""

    def set_options(**options):
        for name, value in options.items():
            monkeypatch.setenv(f"AIRFLOW__CRYPTO__{name.upper()}", str(value))

    return set_options


@pytest.fixture
def aws(monkeypatch):
    from aws_server import AwsServer

    with AwsServer() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        # the pauses between botocore's tries are of no interest here
        monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
        yield server
