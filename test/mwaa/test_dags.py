import os
import subprocess
import sys
from datetime import timedelta

import pytest
from airflow.dag_processing.dagbag import DagBag
from conftest import DAGS

SCHEDULES = {
    "market_models": "*/10 * * * *",
    "history_reconcile": "30 4 * * *",
    "heal_gaps": "25 * * * *",
    "backfill": None,
}


@pytest.fixture(scope="module")
def dags():
    bag = DagBag(DAGS)
    assert bag.import_errors == {}
    return bag.dags


def test_e7_all_four_dags_load(dags):
    assert sorted(dags) == sorted(SCHEDULES)


def test_a_dag_that_does_not_import_is_found(tmp_path):
    (tmp_path / "broken.py").write_text(
        "from airflow.sdk import DAG\nfrom crypto_pipeline.absent import nothing\n"
    )
    (tmp_path / "whole.py").write_text("from airflow.sdk import DAG\nwith DAG('whole'):\n    pass\n")
    bag = DagBag(tmp_path)
    assert list(bag.dags) == ["whole"]
    assert ["crypto_pipeline.absent" in error for error in bag.import_errors.values()] == [True]


def test_importing_a_dag_reads_no_environment_and_no_configuration_of_ours_and_opens_nothing(tmp_path):
    script = f"""
import sys
import airflow.sdk, airflow.timetables.trigger, airflow.providers.standard.operators.python
sys.path.insert(0, {str(DAGS)!r})
seen = []
def watch(event, args):
    if event in ("socket.connect", "subprocess.Popen", "os.system", "os.fork"):
        seen.append((event, str(args)))
    elif event == "open" and not str(args[0]).endswith((".py", ".pyc")) and "crypto" in str(args[0]):
        seen.append((event, str(args)))
sys.addaudithook(watch)
import os
class Watched(dict):
    def __getitem__(self, key):
        frame = sys._getframe(1)
        while frame:
            if "mwaa/dags" in frame.f_code.co_filename:
                seen.append(("environment", key))
            frame = frame.f_back
        return super().__getitem__(key)
    get = lambda self, key, default=None: self[key] if key in self else default
from airflow.configuration import conf
original = conf.get
conf.get = lambda section, *rest, **more: (
    seen.append(("configuration", section)) if section == "crypto" else None
) or original(section, *rest, **more)
import market_models, history_reconcile, heal_gaps, backfill
assert "boto3" not in sys.modules, "boto3 takes a second to import"
print("seen", seen)
"""
    environment = {"PATH": os.environ["PATH"], "AIRFLOW_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    output = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=120
    )
    assert output.stdout.splitlines()[-1:] == ["seen []"], output.stdout + output.stderr


@pytest.mark.parametrize(("dag_id", "cron"), SCHEDULES.items())
def test_a_dag_runs_when_its_readme_says_one_run_at_a_time_and_never_for_the_past(dags, dag_id, cron):
    dag = dags[dag_id]
    assert dag.timetable.can_be_scheduled is (cron is not None)
    if cron:
        assert dag.timetable.summary == cron
    assert dag.max_active_runs == 1
    assert dag.catchup is False
    readme = (DAGS.parent / "README.md").read_text()
    row = next(line for line in readme.splitlines() if line.startswith(f"| `{dag_id}`"))
    assert (f"`{cron}`" if cron else "by hand") in row


#: what grows with symbols and days
HOURS = {("history_reconcile", "load"): 4, ("history_reconcile", "recheck"): 3, ("backfill", "load"): 12}


@pytest.mark.parametrize("dag_id", SCHEDULES)
def test_every_task_retries_with_backoff_ends_in_time_and_alerts_one_place(dags, dag_id):
    from crypto_pipeline.alert import alert

    tasks = dags[dag_id].tasks
    assert len(tasks) >= 3
    for task in tasks:
        hours = HOURS.get((dag_id, task.task_id), 0.5)
        assert task.execution_timeout == timedelta(hours=hours), task.task_id
        assert task.on_failure_callback in (alert, [alert])
        assert task.owner == "market-data"
        if task.task_id in ("check", "verify"):
            # they judge, and would judge the same again
            assert task.retries == 0
        else:
            assert (task.retries, task.retry_exponential_backoff) in ((3, True), (3, 2.0))
    assert dags[dag_id].doc_md and dags[dag_id].tags == {"crypto"}
    assert "**Owner:** market-data" in dags[dag_id].doc_md


def test_quality_is_told_after_each_build_even_if_that_failed(dags):
    for dag_id, dag in dags.items():
        quality = dag.get_task("quality")
        assert quality.upstream_task_ids == ({"verify"} if dag_id == "heal_gaps" else {"build"})
        assert quality.trigger_rule == ("all_success" if dag_id == "backfill" else "all_done")


def test_no_task_that_runs_whatever_happened_before_hides_what_did(dags):
    hiding = 0
    for dag in dags.values():
        if not any(task.trigger_rule != "all_success" for task in dag.tasks):
            continue
        hiding += 1
        [last] = dag.leaves
        assert (last.task_id, last.trigger_rule) == ("outcome", "none_failed")
        assert last.upstream_task_ids == set(dag.task_ids) - {"outcome"}
    assert hiding == 3
