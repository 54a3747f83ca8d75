"""The process itself: what it repeats, what it waits for, how it ends."""

import contextlib
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import uuid
from http.client import HTTPException

import pytest
from snowflake.connector.errors import ProgrammingError

LEAVE_OPEN = """
import os, sys, snowflake.connector
connection = snowflake.connector.connect(
    account="local", host="127.0.0.1", port=int(sys.argv[1]), protocol="http",
    user="gone", password="x", database="CRYPTO_MARKET", schema="RAW",
)
for statement in ("begin", "delete from held"):
    connection.cursor().execute(statement)
os._exit(9)
"""
ENDLESS = (
    "with many as (select seq4() as n from table(generator(rowcount => 10000000))) "
    "select count(*) from many a cross join many b where a.n % 7 = b.n % 5"
)


def test_a_repeated_request_runs_once_and_is_answered_twice(emulator):
    emulator.run("create or replace table once (n number)")
    token = emulator.log_in()
    path = f"/queries/v1/query-request?requestId={uuid.uuid4()}"
    answers = [emulator.post(path, {"sqlText": "insert into once values (1)"}, token) for _ in range(2)]
    assert answers[0] == answers[1]
    assert emulator.run("select count(*) from once") == [(1,)]


def test_describing_a_statement_does_not_run_it(emulator):
    emulator.run("create or replace table described (n number(38, 0), p number(38, 18))")
    token = emulator.log_in()
    for sql, binds in (
        ("insert into described values (?, ?)", 2),
        ("select p from described where n = ?", 1),
    ):
        path = f"/queries/v1/query-request?requestId={uuid.uuid4()}"
        answer = emulator.post(path, {"sqlText": sql, "describeOnly": True}, token)
        assert (answer["success"], answer["data"]["numberOfBinds"]) == (True, binds)
    column = answer["data"]["rowtype"][0]
    assert (column["name"], column["type"], column["precision"], column["scale"]) == ("P", "fixed", 38, 18)
    assert emulator.run("select count(*) from described") == [(0,)]


def test_statements_that_meet_wait_for_each_other(emulator):
    emulator.run("create or replace table counter (n number)", "insert into counter values (0)")
    failures = []

    def count() -> None:
        try:
            with emulator.connect() as connection:
                for _ in range(10):
                    connection.cursor().execute("update counter set n = n + 1")
                    connection.cursor().execute("begin")
                    connection.cursor().execute("update counter set n = n + 1")
                    connection.cursor().execute("commit")
        except ProgrammingError as error:
            failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert emulator.run("select n from counter") == [(80,)]


def test_models_are_replaced_while_rows_come_in_and_are_read(emulator):
    emulator.run("create or replace table source (n number)", "create or replace table m0 as select 0 as n")
    failures = []

    def repeatedly(times: int, *statements: str) -> threading.Thread:
        def work() -> None:
            try:
                with emulator.connect() as connection:
                    for _ in range(times):
                        for statement in statements:
                            connection.cursor().execute(statement).fetchall()
            except Exception as error:  # noqa: BLE001 - any failure is the finding
                failures.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    models = [f"create or replace table m{i % 2} as select * from source" for i in range(4)]
    merge = "merge into m0 using source as s on s.n = m0.n when not matched then insert (n) values (n)"
    threads = [repeatedly(8, model, merge) for model in models]
    threads += [repeatedly(60, "insert into source values (1)"), repeatedly(30, "select count(*) from m0")]
    for thread in threads:
        thread.join()
    assert failures == []
    assert emulator.run("select count(*) from source") == [(60,)]


def test_a_client_that_died_inside_a_transaction_holds_nobody_up(emulator):
    emulator.run("create or replace table held (n number)", "insert into held values (1)")
    left = subprocess.run([sys.executable, "-c", LEAVE_OPEN, str(emulator.port)], timeout=60, check=False)
    assert left.returncode == 9
    assert emulator.run("select n from held") == [(1,)]
    emulator.run("update held set n = 2")
    assert emulator.run("select n from held") == [(2,)]


def test_a_cancelled_statement_ends(emulator):
    with emulator.connect() as connection, pytest.raises(ProgrammingError, match="canceled"):
        connection.cursor().execute(ENDLESS, timeout=1)


def run_endlessly(emulator) -> None:
    token = emulator.log_in()
    path = f"/queries/v1/query-request?requestId={uuid.uuid4()}"
    with contextlib.suppress(OSError, HTTPException):
        assert not emulator.post(path, {"sqlText": ENDLESS}, token)["success"]


def test_sigterm_ends_it_cleanly_and_nothing_is_lost(emulator):
    emulator.run("create or replace table kept as select 1 as n", "create stage if not exists kept_stage")
    endless = threading.Thread(target=run_endlessly, args=(emulator,))
    endless.start()
    with emulator.connect() as connection:
        connection.cursor().execute("select 1")
        assert endless.is_alive()
        assert emulator.stop(signal.SIGTERM) == 0  # waits ten seconds at most
        endless.join()
        assert not list(emulator.folder.glob("*.wal")), "expected the logs folded into the databases"
        emulator.start()
    assert emulator.run("select n from kept") == [(1,)]
    assert "KEPT_STAGE" in [row[1] for row in emulator.run("show stages")]


def test_an_error_is_logged_without_the_statement(emulator):
    with pytest.raises(ProgrammingError):
        emulator.run("select 'a secret' from nowhere")
    log = (emulator.folder.parent / "log").read_text()
    assert '"event": "statement_failed"' in log
    assert "a secret" not in log


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:80", "127.0.0.1.attacker.example"])
def test_another_name_for_this_machine_gets_no_answer(emulator, host):
    # As after a web page had its own name resolved to 127.0.0.1: it could log in, since no key is checked.
    request = urllib.request.Request(f"http://127.0.0.1:{emulator.port}/healthz", headers={"Host": host})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=5)
    assert refused.value.code == 400
    assert emulator.log_in()
