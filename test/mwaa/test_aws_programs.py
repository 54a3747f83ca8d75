import base64
import json
import signal
from threading import Event

import pytest
from airflow.sdk.exceptions import AirflowTaskTimeout
from airflow.sdk.execution_time.timeout import timeout
from aws_server import AwsError
from crypto_pipeline.run_program import ProgramFailed, RunProgram
from running import run

TASK = "arn:aws:ecs:eu-central-1:1:task/cluster/abc"
DEFINITION = "arn:aws:ecs:eu-central-1:1:task-definition/loader:7"


@pytest.fixture
def ecs(aws, crypto):
    crypto(
        runner="aws",
        ecs_cluster="cluster",
        archive_loader_task_definition=DEFINITION,
        archive_loader_subnets="subnet-1,subnet-2",
        archive_loader_security_groups="sg-1",
        ecs_poll_seconds=0.01,
    )
    logs = {"awslogs-group": "/loader", "awslogs-stream-prefix": "run", "awslogs-region": "eu-central-1"}
    container = {"name": "archive-loader", "logConfiguration": {"logDriver": "awslogs", "options": logs}}
    aws.operations |= {
        "ListTasks": lambda _: {"taskArns": []},
        "RunTask": lambda _: {"tasks": [{"taskArn": TASK}], "failures": []},
        "DescribeTasks": states(stopped(exitCode=0)),
        "DescribeTaskDefinition": lambda _: {"taskDefinition": {"containerDefinitions": [container]}},
        "GetLogEvents": lambda _: {"events": [{"message": "loading"}, {"message": '{"rows": 1440}\n'}]},
    }
    return aws


def states(*each):
    """One after the other, then the last for good."""
    left = list(each)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def state(status, **facts):
    return {"tasks": [{"taskArn": TASK, "taskDefinitionArn": DEFINITION, "lastStatus": status, **facts}]}


def time_out_soon():
    """Brings the time-out that is set forward: what it is to meet has begun, however long that took."""
    signal.setitimer(signal.ITIMER_REAL, 0.2)


def running_until_timed_out(_):
    time_out_soon()
    return state("RUNNING")


def stopped(reason="Essential container in task exited", code="EssentialContainerExited", **container):
    containers = [{"name": "archive-loader", **container}]
    return state("STOPPED", stopCode=code, stoppedReason=reason, containers=containers)


def load(tries=1, **kwargs):
    task = RunProgram(task_id="load", program="archive-loader", arguments=["heal"])
    return run(task, dag_id="heal_gaps", run_id="r1", tries=tries, **kwargs)


def test_the_loader_runs_as_a_fargate_task_and_its_last_line_of_json_is_the_result(ecs, capsys):
    ecs.operations["DescribeTasks"] = states(
        # ECS knows it only after a moment
        {"tasks": [], "failures": [{"reason": "MISSING"}]},
        state("PROVISIONING"),
        state("RUNNING"),
        stopped(exitCode=0),
    )
    assert load() == {"rows": 1440}
    [request] = ecs.called("RunTask")
    assert request["cluster"] == "cluster"
    assert request["launchType"] == "FARGATE"
    assert request["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": ["subnet-1", "subnet-2"],
        "securityGroups": ["sg-1"],
        "assignPublicIp": "DISABLED",
    }
    assert request["overrides"]["containerOverrides"] == [{"name": "archive-loader", "command": ["heal"]}]
    log = capsys.readouterr().out
    told = [f"{TASK} is {status}" in log for status in ("PROVISIONING", "RUNNING", "STOPPED")]
    assert told == [True] * 3
    assert "] loading " in log
    [logs] = ecs.called("GetLogEvents")
    assert logs["logStreamName"] == "run/archive-loader/abc"


def test_a_second_try_waits_for_the_task_that_the_first_one_started(ecs):
    load(tries=1)
    [first] = ecs.called("RunTask")
    ecs.operations["ListTasks"] = lambda _: {"taskArns": [TASK]}
    assert load(tries=2) == {"rows": 1440}
    assert len(ecs.called("RunTask")) == 1
    assert ecs.called("ListTasks")[-1] == {
        "cluster": "cluster",
        "startedBy": first["startedBy"],
        "desiredStatus": "RUNNING",
    }
    assert len(first["startedBy"]) <= 36


def test_the_same_try_is_one_task_and_another_try_or_run_is_another(ecs):
    load(tries=1)
    load(tries=1)
    load(tries=2)
    task = RunProgram(task_id="load", program="archive-loader", arguments=["heal"])
    run(task, dag_id="heal_gaps", run_id="r2")
    tokens = [request["clientToken"] for request in ecs.called("RunTask")]
    assert tokens[0] == tokens[1]
    assert len(set(tokens)) == 3


def test_a_task_that_fails_says_its_exit_code_its_reason_and_its_last_words(ecs):
    ecs.operations["DescribeTasks"] = states(
        state("RUNNING"), stopped(exitCode=137, reason="OutOfMemoryError")
    )
    with pytest.raises(
        ProgramFailed, match="exit code 137 .*OutOfMemoryError.*last lines:\nloading"
    ) as failure:
        load()
    assert '{"rows": 1440}' in str(failure.value)


def test_a_task_that_stops_before_it_starts_says_why(ecs):
    ecs.operations["DescribeTasks"] = states(
        stopped(code="TaskFailedToStart", reason="CannotPullContainerError: image not found")
    )
    ecs.operations["GetLogEvents"] = refuse(
        "ResourceNotFoundException", "The specified log stream does not exist."
    )
    with pytest.raises(
        ProgramFailed, match="before it started .TaskFailedToStart; CannotPullContainerError: image"
    ):
        load()


def test_a_task_that_ecs_has_no_room_for_says_so(ecs):
    ecs.operations["RunTask"] = lambda _: {"tasks": [], "failures": [{"reason": "Capacity is unavailable"}]}
    with pytest.raises(ProgramFailed, match="ECS did not start .*loader:7: Capacity is unavailable"):
        load()


def test_throttling_is_waited_out_with_one_task_started(ecs):
    answers = [refuse("ThrottlingException", "Rate exceeded")] * 3 + [ecs.operations["RunTask"]]
    ecs.operations["RunTask"] = lambda request: answers.pop(0)(request)
    assert load() == {"rows": 1440}
    assert len({request["clientToken"] for request in ecs.called("RunTask")}) == 1
    assert len(ecs.called("RunTask")) == 4


def test_killing_the_airflow_task_stops_the_fargate_task(ecs):
    task = RunProgram(task_id="load", program="archive-loader", arguments=["heal"])

    def killed(_):
        task.on_kill()
        return stopped(code="UserInitiated", reason="its Airflow task was ended")

    ecs.operations["DescribeTasks"] = states(state("RUNNING"))
    ecs.operations["StopTask"] = lambda _: {"task": {"taskArn": TASK}}
    answers = [lambda _: state("RUNNING"), killed]
    ecs.operations["DescribeTasks"] = lambda request: answers.pop(0)(request)
    with pytest.raises(ProgramFailed, match="UserInitiated"):
        run(task)
    assert [(request["cluster"], request["task"]) for request in ecs.called("StopTask")] == [
        ("cluster", TASK)
    ]


def test_a_time_out_stops_the_fargate_task_and_the_next_try_starts_another(ecs, crypto):
    crypto(ecs_poll_seconds=30)
    ecs.operations["DescribeTasks"] = running_until_timed_out
    ecs.operations["StopTask"] = lambda _: {"task": {"taskArn": TASK}}
    task = RunProgram(task_id="load", program="archive-loader", arguments=["heal"])
    # as Airflow does by a task's execution_timeout
    with pytest.raises(AirflowTaskTimeout):
        try:
            with timeout(60):
                run(task)
        except AirflowTaskTimeout:
            task.on_kill()
            raise
    assert [request["task"] for request in ecs.called("StopTask")] == [TASK]
    ecs.operations["DescribeTasks"] = states(stopped(exitCode=0))
    assert load(tries=2) == {"rows": 1440}
    assert len(ecs.called("RunTask")) == 2


def test_a_time_out_in_the_midst_of_starting_stops_what_ecs_started(ecs):
    def start_and_say_nothing(_):
        ecs.operations["ListTasks"] = lambda _: {"taskArns": [TASK]}
        time_out_soon()
        is_over.wait(20)
        return {"tasks": [{"taskArn": TASK}], "failures": []}

    is_over = Event()
    ecs.operations["RunTask"] = start_and_say_nothing
    ecs.operations["StopTask"] = lambda _: {"task": {"taskArn": TASK}}
    try:
        with pytest.raises(AirflowTaskTimeout), timeout(60):
            load()
    finally:
        is_over.set()
    assert [request["task"] for request in ecs.called("StopTask")] == [TASK]


def test_a_stop_that_is_refused_does_not_hide_the_time_out(ecs, crypto, capsys):
    crypto(ecs_poll_seconds=30)
    ecs.operations["DescribeTasks"] = running_until_timed_out
    ecs.operations["StopTask"] = refuse("AccessDeniedException", "not allowed to stop")
    with pytest.raises(AirflowTaskTimeout), timeout(60):
        load()
    assert f"could not stop what runs as {TASK}" in capsys.readouterr().out


def test_a_task_that_ended_by_itself_is_not_stopped(ecs):
    ecs.operations["DescribeTasks"] = states(stopped(exitCode=1))
    with pytest.raises(ProgramFailed, match="exit code 1"):
        load()
    assert ecs.called("StopTask") == []


@pytest.fixture
def function(aws, crypto):
    crypto(runner="aws", quality_exporter_function="quality")
    return aws


def test_the_quality_exporter_is_invoked_and_its_answer_is_the_result(function, capsys):
    tail = base64.b64encode(b"START\nexported").decode()
    function.operations["Invoke"] = lambda _: (b'{"stored": 12}', {"X-Amz-Log-Result": tail})
    xcoms = {("build", "results"): {"pass": 3, "fail": 1}}
    quality = RunProgram(task_id="quality", program="quality-exporter")
    assert run(quality, dag_id="market_models", xcoms=xcoms) == {"stored": 12}
    [call] = function.called("Invoke")
    assert call["FunctionName"] == "quality"
    assert json.loads(call["Payload"]) == {"dag": "market_models", "dbt": {"pass": 3, "fail": 1}}
    assert "] exported " in capsys.readouterr().out


def test_a_function_that_throws_fails_the_task_with_its_error(function):
    body = json.dumps({"errorType": "EnvironmentError", "errorMessage": "REMOTE_WRITE_URL: expected a URL"})
    function.operations["Invoke"] = lambda _: (body.encode(), {"X-Amz-Function-Error": "Unhandled"})
    with pytest.raises(ProgramFailed, match="quality failed .Unhandled.: EnvironmentError: REMOTE_WRITE_URL"):
        run(RunProgram(task_id="quality", program="quality-exporter"))


def test_a_function_is_called_once_a_try(function):
    function.operations["Invoke"] = refuse("ServiceException", "later", status=500)
    with pytest.raises(Exception, match="ServiceException"):
        run(RunProgram(task_id="quality", program="quality-exporter"))
    assert len(function.called("Invoke")) == 1


def refuse(code, message, status=400):
    def answer(_):
        raise AwsError(code, message, status)

    return answer
