"""Whole runs by Airflow itself, of the real DAGs, in which something fails."""

import json
import os
import subprocess
import sys

import pytest
from conftest import DAGS

FAKE_DBT = """#!{python}
import json, os, sys
{body}
"""

FINDS_WRONG_DATA = """
os.makedirs(os.environ['DBT_TARGET_PATH'])
def leave(name, results):
    with open(os.path.join(os.environ['DBT_TARGET_PATH'], name), 'w') as file:
        json.dump({'results': results}, file)
if sys.argv[1] == 'source':
    leave('sources.json', [])
else:
    leave('run_results.json', [{'unique_id': 'test.p.sane.0a', 'status': 'fail', 'message': 'Got 3 results'}])
    sys.exit(1)
"""

REFUSED = "print('250001: Could not connect to Snowflake backend'); sys.exit(2)"

# as the others, but for pauses that no test waits for
IMPATIENT_DAG = """
from datetime import timedelta
from airflow.sdk import DAG
from crypto_pipeline.run_dbt import RunDbt
from crypto_pipeline.schedule import task_defaults

pauses = {"retry_delay": timedelta(milliseconds=10), "max_retry_delay": timedelta(milliseconds=20)}
with DAG("impatient", schedule=None, default_args={**task_defaults(), **pauses}):
    RunDbt(task_id="build", arguments=["build"])
"""


@pytest.fixture
def airflow(airflow_database, tmp_path):
    """Runs a DAG by `airflow dags test` with one script in place of dbt, another of the exporter."""

    def run(dag_id, dbt, dags=DAGS):
        executable = tmp_path / "dbt"
        executable.write_text(FAKE_DBT.format(python=sys.executable, body=dbt))
        executable.chmod(0o755)
        (tmp_path / "project").mkdir()
        (tmp_path / "project" / "dbt_project.yml").touch()
        for program in ("dbt", "quality-exporter"):
            (tmp_path / f"{program}.json").write_text(json.dumps({"PATH": os.environ["PATH"]}))
        options = {
            "runner": "process",
            "environment_folder": tmp_path,
            "dbt_executable": executable,
            "dbt_project": tmp_path / "project",
            "run_folder": tmp_path / "runs",
            "artifacts": tmp_path / "artifacts",
            "alert_file": tmp_path / "alerts.jsonl",
            "quality_exporter_command": json.dumps(
                [sys.executable, "-c", "import sys; print('quality was told', *sys.argv[1:])"]
            ),
        }
        environment = {"AIRFLOW__CORE__DAGS_FOLDER": str(dags)}
        environment |= {f"AIRFLOW__CRYPTO__{name.upper()}": str(value) for name, value in options.items()}
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "dags", "test", dag_id],
            env={
                **os.environ,
                "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
                "PYTHONPATH": str(DAGS),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=180,
        )
        alerts = tmp_path / "alerts.jsonl"
        lines = alerts.read_text().splitlines() if alerts.exists() else []
        return done, [json.loads(line) for line in lines]

    return run


def test_a_build_that_found_wrong_data_fails_its_run_at_once_though_quality_is_told(airflow):
    done, alerts = airflow("market_models", FINDS_WRONG_DATA)
    assert done.returncode != 0, done.stdout[-3000:]
    assert 'quality was told {"dag": "market_models", "dbt": {"fail": 1}}' in done.stdout
    assert [(alert["task_id"], alert["reason"], alert["tries"]) for alert in alerts] == [
        ("build", "test sane: Got 3 results", 1)
    ]


def test_e6_a_warehouse_that_refuses_connections_is_tried_again_and_then_alerted(airflow, tmp_path):
    dags = tmp_path / "dags"
    dags.mkdir()
    (dags / "impatient.py").write_text(IMPATIENT_DAG)
    done, alerts = airflow("impatient", REFUSED, dags)
    assert done.returncode != 0, done.stdout[-3000:]
    assert done.stdout.count("dbt build\n") + done.stdout.count("dbt build ") == 4
    [alert] = alerts
    assert (alert["task_id"], alert["tries"]) == ("build", 4)
    assert alert["reason"].endswith("250001: Could not connect to Snowflake backend")
