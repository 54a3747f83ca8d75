import json
import threading
import time

import pytest
from crypto_pipeline import build_lock as module
from crypto_pipeline.build_lock import LockLost, build_lock


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)


@pytest.fixture(params=["folder", "bucket"])
def location(request, tmp_path):
    if request.param == "folder":
        return str(tmp_path)
    request.getfixturevalue("aws")
    return "s3://bucket/dbt/"


def test_who_comes_second_waits_and_says_for_whom(location):
    said, inside = [], threading.Event()

    def heal():
        with build_lock(location, "heal_gaps", said.append):
            inside.set()

    with build_lock(location, "market_models", said.append):
        second = threading.Thread(target=heal)
        second.start()
        deadline = time.monotonic() + 20
        while not said:
            assert time.monotonic() < deadline, "it never waited"
            time.sleep(0.01)
        assert not inside.is_set()
    assert inside.wait(20)
    second.join()
    assert said == ["waiting for the dbt build of market_models"]


def test_of_many_never_two_are_inside(location):
    inside, most, builds = 0, 0, 0

    def build():
        nonlocal inside, most, builds
        for _ in range(5):
            with build_lock(location, "somebody", lambda _: None):
                inside += 1
                most = max(most, inside)
                time.sleep(0.02)
                builds += 1
                inside -= 1

    builders = [threading.Thread(target=build) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(timeout=60)
    assert (most, builds) == (1, 15)


def test_a_build_that_failed_lets_the_next_one_in(location):
    with pytest.raises(RuntimeError, match="of dbt"), build_lock(location, "first", print):
        raise RuntimeError("of dbt")
    said = []
    with build_lock(location, "second", said.append):
        assert said == []


class Clock:
    """The module's clock, which only waiting moves."""

    now = 1_000_000.0

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def test_the_lease_of_a_worker_that_is_gone_runs_out(aws, monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    monkeypatch.setattr(module, "POLL_SECONDS", 2.0)
    lease = {"holder": "a worker that is gone", "until": clock.now + 5}
    aws.objects["bucket/dbt-build.lock"] = json.dumps(lease).encode()
    said = []
    with build_lock("s3://bucket", "next", said.append):
        assert json.loads(aws.objects["bucket/dbt-build.lock"])["holder"] == "next"
        assert clock.now == 1_000_006.0
    assert said == ["waiting for the dbt build of a worker that is gone"]


def test_a_lease_is_renewed_while_the_build_runs(aws, monkeypatch):
    monkeypatch.setattr(module, "LEASE_SECONDS", 4.0)
    with build_lock("s3://bucket", "long", print):
        first = json.loads(aws.objects["bucket/dbt-build.lock"])["until"]
        deadline = time.monotonic() + 20
        while json.loads(aws.objects["bucket/dbt-build.lock"])["until"] < first + 0.5:
            assert time.monotonic() < deadline, "it was never renewed"
            time.sleep(0.02)


def test_a_build_that_lost_its_lease_fails(aws, monkeypatch):
    monkeypatch.setattr(module, "LEASE_SECONDS", 0.2)
    lost = pytest.raises(LockLost, match="s3://bucket/dbt-build.lock was not renewed in time")
    with lost, build_lock("s3://bucket", "slow", print):
        taken_over = {"holder": "x", "until": time.time() + 60}
        aws.objects["bucket/dbt-build.lock"] = json.dumps(taken_over).encode()
        time.sleep(0.3)
    assert json.loads(aws.objects["bucket/dbt-build.lock"])["holder"] == "x"


@pytest.fixture
def few_pauses(monkeypatch):
    # the mode in which the AWS server's fixture cuts the pauses between tries short
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")


def test_a_lock_that_can_not_be_given_back_does_not_fail_a_good_build(few_pauses, aws):
    said = []
    with build_lock("s3://bucket", "first", said.append):
        aws.hangs_up = True
    [words] = said
    assert words.startswith("could not give the lock of dbt builds back, it opens in 120 s: ")
    lease = json.loads(aws.objects["bucket/dbt-build.lock"])
    assert lease["holder"] == "first"
    assert time.time() < lease["until"] <= time.time() + 120


def test_a_lock_that_can_not_be_given_back_does_not_hide_why_a_build_failed(few_pauses, aws):
    with pytest.raises(RuntimeError, match="of dbt"), build_lock("s3://bucket", "first", print):
        aws.hangs_up = True
        raise RuntimeError("of dbt")
