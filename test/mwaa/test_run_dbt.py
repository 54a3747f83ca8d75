import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from airflow.exceptions import AirflowFailException
from crypto_pipeline.artifact_store import TaskRun
from crypto_pipeline.run_dbt import DbtFailed, DbtFoundWrong, DbtRun, RunDbt
from crypto_pipeline.settings import dbt_settings
from running import run

BUILD = ["build", "--exclude-resource-type", "unit_test"]


@pytest.fixture
def dbt(crypto, tmp_path):
    """Has a Python script stand in for dbt: it is given `target`, and `results` to leave there."""

    def is_script(text):
        project = tmp_path / "project"
        project.mkdir(exist_ok=True)
        (project / "dbt_project.yml").write_text("name: project\n")
        (project / "target").mkdir(exist_ok=True)
        executable = tmp_path / "dbt"
        executable.write_text(f"#!{sys.executable}\n{PRELUDE}\n{text}\n")
        executable.chmod(0o755)
        (tmp_path / "dbt.json").write_text(
            json.dumps({"PATH": os.environ["PATH"], "SNOWFLAKE_ACCOUNT": "local"})
        )
        crypto(
            runner="process",
            environment_folder=tmp_path,
            dbt_executable=executable,
            dbt_project=project,
            run_folder=tmp_path / "runs",
            artifacts=tmp_path / "artifacts",
        )
        return tmp_path

    return is_script


PRELUDE = """
import json, os, sys
target = os.environ['DBT_TARGET_PATH']
os.makedirs(target, exist_ok=True)
def leave(name, content):
    with open(os.path.join(target, name), 'w') as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
def results(*each):
    names = ('unique_id', 'status', 'message')
    leave('manifest.json', {'nodes': {}})
    leave('run_results.json', {'results': [dict(zip(names, one)) for one in each]})
"""


def artifacts_in(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*.json"))


def test_a_build_leaves_its_artifacts_by_run_and_the_newest_by_dag(dbt):
    folder = dbt("results(('model.p.fct', 'success', None), ('test.p.unique_x.0a1b2c', 'pass', None))")
    run_id = "scheduled__2026-01-31T00:10:00+00:00"
    assert run(RunDbt(task_id="build", arguments=BUILD), dag_id="models", run_id=run_id) == {
        "success": 1,
        "pass": 1,
    }
    assert artifacts_in(folder / "artifacts") == [
        "latest/models/manifest.json",
        "latest/models/run_results.json",
        f"models/{run_id}/build/manifest.json",
        f"models/{run_id}/build/run_results.json",
    ]
    assert list((folder / "runs").iterdir()) == []


def test_two_dbt_tasks_of_a_run_keep_each_their_own_and_the_newest_is_that_of_build(dbt):
    folder = dbt("results(('model.p.' + sys.argv[1], 'success', None))") / "artifacts"
    run(RunDbt(task_id="build", arguments=["build"]), dag_id="heal_gaps", run_id="r1")
    run(RunDbt(task_id="find", arguments=["run"]), dag_id="heal_gaps", run_id="r1")

    def built(place):
        [result] = json.loads((folder / place / "run_results.json").read_text())["results"]
        return result["unique_id"]

    assert built("heal_gaps/r1/build") == built("latest/heal_gaps") == "model.p.build"
    assert built("heal_gaps/r1/find") == "model.p.run"


def test_dbt_runs_on_a_copy_of_the_project_with_nothing_of_airflows_environment(dbt, monkeypatch):
    folder = dbt("print(json.dumps({'cwd': os.getcwd(), 'env': dict(os.environ)})); results()")
    monkeypatch.setenv("PYTHONPATH", "/python")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not for dbt")
    for path in [folder / "project", *(folder / "project").rglob("*")]:
        path.chmod(path.stat().st_mode & 0o555)
    said = []
    task = DbtRun(dbt_settings(), Log(said))
    task.judge(BUILD, TaskRun("dag", "run", "build"))
    facts = next(json.loads(line) for line in said if line.startswith('{"cwd"'))
    assert facts["cwd"].startswith(str(folder / "runs" / "dbt-"))
    env = facts["env"]
    assert {"PYTHONPATH", "AWS_SECRET_ACCESS_KEY", "AIRFLOW_HOME"} & set(env) == set()
    assert env["SNOWFLAKE_ACCOUNT"] == "local"
    assert env["DBT_TARGET_PATH"].startswith(str(folder / "runs"))
    assert env["DBT_LOG_PATH"].startswith(str(folder / "runs"))
    assert env["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"


class Log:
    def __init__(self, said):
        self.said = said

    def info(self, text, *args):
        self.said.append(text % args if args else text)

    error = info


def test_models_that_failed_are_named_their_artifacts_are_kept_and_the_task_tries_again(dbt):
    folder = dbt(
        "results(('model.p.fct_candles_1m', 'error', 'Database Error\\n  002003: no such table'),"
        "        ('model.p.after_it', 'skipped', None), ('test.p.late.0a1b', 'fail', 'Got 3 results'))\n"
        "sys.exit(1)"
    )
    with pytest.raises(DbtFailed) as failure:
        run(RunDbt(task_id="build", arguments=BUILD))
    assert str(failure.value) == (
        "dbt ended with exit code 1: model fct_candles_1m: Database Error 002003: no such table; "
        "test late: Got 3 results"
    )
    assert len(artifacts_in(folder / "artifacts")) == 4


def test_a_test_that_found_wrong_data_is_named_and_not_tried_again(dbt):
    dbt("results(('test.p.no_gap_left_open.0a1b', 'fail', 'Got 3 results, configured to fail'))\nsys.exit(1)")
    with pytest.raises(
        DbtFoundWrong, match="^test no_gap_left_open: Got 3 results, configured to fail$"
    ) as failure:
        run(RunDbt(task_id="build", arguments=BUILD))
    # Airflow's own word for that
    assert isinstance(failure.value, AirflowFailException)


STALE = """
leave('sources.json', {'results': [
    {'unique_id': 'source.p.raw.candles_stream', 'status': 'error', 'max_loaded_at': '2026-01-31T00:00:00Z',
     'max_loaded_at_time_ago_in_s': 2040.0, 'criteria': {'error_after': {'count': 15, 'period': 'minute'}}},
    {'unique_id': 'source.p.raw.exchange_symbols', 'status': 'error', 'max_loaded_at': '1970-01-01T00:00:00Z',
     'max_loaded_at_time_ago_in_s': 1e9, 'criteria': {'error_after': {'count': 7, 'period': 'day'}}},
    {'unique_id': 'source.p.raw.archive_files', 'status': 'runtime error',
     'error': 'Database Error\\n  no table'},
    {'unique_id': 'source.p.raw.absent_minutes', 'status': 'warn', 'max_loaded_at': '2026-01-31T00:00:00Z'},
]})
sys.exit(1)
"""


def test_a_stale_source_an_empty_one_and_one_that_can_not_be_read_are_told_apart(dbt):
    folder = dbt(STALE)
    with pytest.raises(DbtFailed) as failure:
        run(RunDbt(task_id="freshness", arguments=["source", "freshness"]))
    assert str(failure.value) == (
        "dbt ended with exit code 1: "
        "source raw.candles_stream: its newest row is 34 minutes old (an error after 15 minute); "
        "source raw.exchange_symbols: it is empty (an error after 7 day); "
        "source raw.archive_files: Database Error no table"
    )
    assert artifacts_in(folder / "artifacts") == [
        "latest/some_dag/sources.json",
        "some_dag/manual__1/freshness/sources.json",
    ]


def test_dbt_that_never_got_to_a_result_fails_with_its_last_words(dbt):
    dbt("print('Could not connect to the warehouse')\nsys.exit(2)")
    with pytest.raises(
        DbtFailed, match="exit code 2 before it had results; .*\nCould not connect to the warehouse"
    ):
        run(RunDbt(task_id="build", arguments=BUILD))


def test_an_artifact_cut_short_is_kept_for_its_run_and_does_not_replace_the_newest_whole_one(dbt):
    folder = dbt("results(('model.p.a', 'success', None))")
    run(RunDbt(task_id="build", arguments=BUILD), run_id="first")
    dbt("results()\nleave('run_results.json', '{\"results\": [{\"uni')\nsys.exit(1)")
    with pytest.raises(DbtFailed):
        run(RunDbt(task_id="build", arguments=BUILD), run_id="second")
    artifacts = folder / "artifacts"
    assert (artifacts / "some_dag/second/build/run_results.json").read_text() == '{"results": [{"uni'
    newest = json.loads((artifacts / "latest/some_dag/run_results.json").read_text())
    assert [result["unique_id"] for result in newest["results"]] == ["model.p.a"]


def test_e5_a_full_disk_is_named_and_what_there_is_of_the_artifacts_is_kept(dbt, crypto):
    folder = dbt(
        "results(('model.p.a', 'success', None))\n"
        "try:\n    leave('manifest.json', 'x' * 40_000_000)\n"
        "except OSError as error:\n    print(error); sys.exit(2)"
    )
    disk = folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no small file system can be mounted by this user")
    try:
        crypto(run_folder=disk / "runs")
        with pytest.raises(
            DbtFailed, match=rf"no space is left in {disk}/runs \(\d+ bytes\): make room, or set"
        ):
            run(RunDbt(task_id="build", arguments=BUILD))
    finally:
        subprocess.run(["umount", disk], check=True)
    kept = artifacts_in(folder / "artifacts")
    assert {"some_dag/manual__1/build/run_results.json", "latest/some_dag/run_results.json"} <= set(kept)
    assert "latest/some_dag/manifest.json" not in kept


def test_artifacts_that_can_not_be_kept_do_not_hide_what_dbt_found(dbt, crypto, capsys):
    folder = dbt("results(('test.p.a.0a1b', 'fail', 'Got 1 result'))\nsys.exit(1)")
    (folder / "artifacts" / "latest").mkdir(parents=True)
    (folder / "artifacts" / "some_dag").write_text("a file where a folder should be")
    with pytest.raises(DbtFoundWrong, match="Got 1 result"):
        run(RunDbt(task_id="build", arguments=BUILD))
    assert "could not keep dbt's artifacts in" in capsys.readouterr().out


def test_what_is_missing_is_named_and_not_tried_again(dbt, crypto):
    folder = dbt("")
    crypto(dbt_executable="/nowhere/dbt")
    with pytest.raises(
        AirflowFailException, match="expected dbt at /nowhere/dbt, found nothing: the log of startup"
    ):
        run(RunDbt(task_id="build", arguments=BUILD))
    crypto(dbt_executable=folder / "dbt", dbt_project="/nowhere/project")
    with pytest.raises(AirflowFailException, match="expected a dbt project in /nowhere/project, found none"):
        run(RunDbt(task_id="build", arguments=BUILD))


def test_on_aws_the_key_comes_from_secrets_manager_and_the_artifacts_go_to_the_bucket(dbt, crypto, aws):
    dbt(
        "assert os.environ['SNOWFLAKE_PRIVATE_KEY'] == 'MIIE', 'no key'; results(); print(sorted(os.environ))"
    )
    crypto(
        runner="aws",
        snowflake_account="org-name",
        snowflake_user="CRYPTO_TRANSFORMER_SERVICE",
        transformer_secret="arn:secret",
        artifacts="s3://bucket/dbt",
    )
    aws.operations["GetSecretValue"] = lambda request: {"SecretString": "MIIE\n"}
    run(RunDbt(task_id="build", arguments=BUILD), dag_id="models", run_id="r1")
    assert aws.called("GetSecretValue") == [{"SecretId": "arn:secret"}]
    assert sorted(aws.objects) == [
        "bucket/dbt/dbt-build.lock",
        "bucket/dbt/latest/models/manifest.json",
        "bucket/dbt/latest/models/run_results.json",
        "bucket/dbt/models/r1/build/manifest.json",
        "bucket/dbt/models/r1/build/run_results.json",
    ]


def test_a_query_gives_its_rows(dbt):
    dbt(
        "assert sys.argv[1:4] == ['--quiet', 'show', '--inline'], sys.argv\n"
        "print(json.dumps({'node': 'inline_query', 'show': [{'SYMBOL': 'BTCUSDT'}]}, indent=2))"
    )
    assert DbtRun(dbt_settings(), Log([])).show("select 1") == [{"SYMBOL": "BTCUSDT"}]
