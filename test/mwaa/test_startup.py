"""The start script on this machine's Python, with a lock file that is installed in a second."""

import os
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT

SCRIPT = ROOT / "mwaa" / "startup.sh"


@pytest.fixture
def start(tmp_path):
    def run(component, lock):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "MWAA_AIRFLOW_COMPONENT": component,
            "CRYPTO_AIRFLOW_HOME": str(tmp_path),
            "CRYPTO_PYTHON": sys.executable,
            "CRYPTO_DBT_LOCK": str(lock),
            "CRYPTO_LOCK_WAIT_SECONDS": "1",
            # as MWAA's image has it
            "PYTHONPATH": "/nowhere",
            "PIP_CONSTRAINT": "/nowhere/constraints.txt",
            "PIP_NO_INDEX": "1",
        }
        return subprocess.run(["bash", SCRIPT], env=environment, capture_output=True, text=True, timeout=120)

    return run


@pytest.fixture
def lock(tmp_path):
    """Of a package that is as little dbt as can be: a command that tells its version."""
    import hashlib

    wheel = tmp_path / "dbt_stub-1.0-py3-none-any.whl"
    info = "dbt_stub-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("dbt_stub.py", "def main():\n    print('dbt 1.0')\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: dbt-stub\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/entry_points.txt", "[console_scripts]\ndbt = dbt_stub:main\n")
        archive.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"dbt-stub @ {wheel.as_uri()} --hash=sha256:{digest}\n")
    return lock


def test_what_runs_tasks_gets_dbt_in_an_environment_of_its_own_once_for_each_lock_file(start, lock, tmp_path):
    first = start("worker", lock)
    assert (first.returncode, first.stderr) == (0, "")
    dbt = tmp_path / "dbt-venv" / "bin" / "dbt"
    assert subprocess.run([dbt], capture_output=True, text=True).stdout == "dbt 1.0\n"
    again = start("worker", lock)
    assert again.returncode == 0
    assert "is there already" in again.stdout
    lock.write_text(lock.read_text() + "# changed\n")
    changed = start("hybrid", lock)
    assert (changed.returncode, changed.stderr) == (0, "")
    assert "dbt: installing" in changed.stdout


@pytest.mark.parametrize("component", ["scheduler", "webserver"])
def test_what_runs_no_tasks_gets_none(start, lock, tmp_path, component):
    done = start(component, lock)
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "dbt-venv").exists()


def test_a_wrong_hash_fails_the_start_and_leaves_nothing_that_looks_installed(start, lock, tmp_path):
    lock.write_text(lock.read_text().replace("sha256:", "sha256:0")[:-2] + "\n")
    done = start("worker", lock)
    assert done.returncode == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert done.stderr.endswith("ERROR dbt: not installed, for the reason above\n")
    assert not (tmp_path / "dbt-venv" / "lock.sha256").exists()


def test_a_lock_file_that_does_not_come_is_named(start, tmp_path):
    done = start("worker", tmp_path / "absent.txt")
    assert done.returncode == 1
    assert f"expected its lock file at {tmp_path}/absent.txt, found none after 1 s" in done.stderr


def test_the_requirements_have_a_constraints_line_for_the_version_that_runs():
    lines = (ROOT / "mwaa" / "requirements.txt").read_text().splitlines()
    constraints = [line for line in lines if line.startswith("--constraint ")]
    base = "https://raw.githubusercontent.com/apache/airflow/constraints-${AIRFLOW_VERSION}"
    assert constraints == [f"--constraint {base}/constraints-3.12.txt"]
    assert not any(line.startswith("dbt") for line in lines)
