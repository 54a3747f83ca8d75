import json
import os
import signal
import sys
import threading
import time

import pytest
from crypto_pipeline import run_process
from crypto_pipeline.run_process import read_lines
from crypto_pipeline.run_program import ProgramFailed, RunProgram
from running import run


@pytest.fixture
def program(crypto, tmp_path):
    """Has a Python script run as the archive loader."""

    def is_script(text, **environment):
        file = tmp_path / "program.py"
        file.write_text(text)
        variables = {"PATH": os.environ["PATH"], **environment}
        (tmp_path / "archive-loader.json").write_text(json.dumps(variables))
        crypto(
            runner="process",
            environment_folder=tmp_path,
            archive_loader_command=json.dumps([sys.executable, str(file)]),
        )
        return RunProgram(task_id="load", program="archive-loader", arguments=["load", "--symbols", "A,B"])

    return is_script


def test_the_last_line_that_is_json_is_the_tasks_result_and_every_line_is_in_its_log(program, capsys):
    task = program(
        """
import json, os, sys
print('loading')
print('{"first": 1}')
print('to stderr', file=sys.stderr)
facts = {'arguments': sys.argv[1:], 'environment': sorted(os.environ), 'long': 'x' * 9000}
print(json.dumps(facts))
print('done')
""",
        SNOWFLAKE_USER="somebody",
    )
    summary = run(task)
    assert summary["arguments"] == ["load", "--symbols", "A,B"]
    # only what it was given: nothing of Airflow's own environment
    assert set(summary["environment"]) - {"LC_CTYPE"} == {"PATH", "SNOWFLAKE_USER"}
    assert len(summary["long"]) == 9000
    log = capsys.readouterr().out
    assert [f"] {line} " in log for line in ("loading", "to stderr", "done")] == [True] * 3


def test_an_exit_code_fails_the_task_with_the_programs_last_words(program):
    with pytest.raises(
        ProgramFailed, match=r"archive-loader ended with exit code 1; .*\nno such day: 2030-01-01"
    ):
        run(program("print('no such day: 2030-01-01')\nraise SystemExit(1)"))


def test_what_a_program_said_is_read_although_it_ended_before_that(program, monkeypatch):
    def read_late(*arguments):
        time.sleep(1)
        read_lines(*arguments)

    monkeypatch.setattr(run_process, "read_lines", read_late)
    assert run(program("""print('{"loaded": 3}')""")) == {"loaded": 3}


LEAVES_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session={apart})
open(sys.argv[0] + '.pids', 'w').write(str(child.pid))
print('{{"loaded": 3}}')
"""


@pytest.mark.parametrize("apart", [False, True])
def test_a_child_that_holds_the_programs_output_open_is_not_waited_for(program, tmp_path, apart, monkeypatch):
    monkeypatch.setattr(run_process, "GRACE_SECONDS", 0.5)
    assert run(program(LEAVES_A_CHILD.format(apart=apart))) == {"loaded": 3}
    child = int((tmp_path / "program.py.pids").read_text())
    if apart:
        assert is_alive(child)
        os.kill(child, signal.SIGKILL)
    else:
        until(lambda: not is_alive(child))


def test_a_program_that_is_not_there_is_named(program, crypto):
    task = program("")
    crypto(archive_loader_command="/nowhere/loader")
    with pytest.raises(ProgramFailed, match="could not start /nowhere/loader: No such file or directory"):
        run(task)


SPAWNS_A_CHILD = """
import signal, subprocess, sys, time
{ignore}
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
open(sys.argv[0] + '.pids', 'w').write(f'{{child.pid}}')
time.sleep(600)
"""


@pytest.mark.parametrize("ignore", ["", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"])
def test_killing_the_task_ends_the_program_and_what_it_started_even_if_it_does_not_listen(
    program, tmp_path, ignore
):
    task = program(SPAWNS_A_CHILD.format(ignore=ignore))
    pids = tmp_path / "program.py.pids"
    killer = threading.Thread(
        target=lambda: (until(lambda: pids.is_file() and pids.read_text()), task.on_kill())
    )
    killer.start()
    with pytest.raises(ProgramFailed, match="signal SIG(TERM|KILL)"):
        run(task)
    killer.join()
    until(lambda: not is_alive(int(pids.read_text())))


def test_the_program_ends_with_its_task_even_if_that_is_killed_outright(program, tmp_path):
    task = program(
        SPAWNS_A_CHILD.format(ignore="import os; open(sys.argv[0] + '.own', 'w').write(str(os.getpid()))")
    )
    pid = os.fork()
    if pid == 0:
        try:
            run(task)
        finally:
            os._exit(0)
    own = tmp_path / "program.py.own"
    until(lambda: own.is_file() and own.read_text())
    assert is_alive(int(own.read_text()))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    if sys.platform == "linux":
        until(lambda: not is_alive(int(own.read_text())))


def test_a_missing_option_is_named_with_how_to_set_it(crypto):
    crypto(runner="process")
    with pytest.raises(
        ValueError, match=r"\[crypto\] archive_loader_command, got none: set AIRFLOW__CRYPTO__ARC"
    ):
        run(RunProgram(task_id="load", program="archive-loader"))
    crypto(runner="docker")
    with pytest.raises(ValueError, match="expected .crypto. runner to be one of aws, process, got 'docker'"):
        run(RunProgram(task_id="load", program="archive-loader"))


def test_an_unknown_program_is_refused_when_the_dag_is_read():
    with pytest.raises(
        ValueError, match="expected a program out of archive-loader, quality-exporter, got 'rm'"
    ):
        RunProgram(task_id="load", program="rm")


def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited 20 s in vain"
        time.sleep(0.02)


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
