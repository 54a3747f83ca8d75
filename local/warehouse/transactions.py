"""DuckDB's transactions made to look like Snowflake's."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import duckdb
from errors import SqlError
from session import Session, roll_back
from sqlglot import Expr, exp

RETRY_SECONDS = 60
LONGEST_PAUSE_SECONDS = 0.5
DDL = (exp.Create, exp.Drop, exp.Alter, exp.Comment)
DML = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Copy, exp.TruncateTable)
Result = TypeVar("Result")


def run_in_transaction(session: Session, statement: Expr, work: Callable[[], Result]) -> Result:
    """Runs the statement; alone, it is repeated while another transaction is in its way: Snowflake waits."""
    prepare(session, statement)
    give_up_at = time.monotonic() + RETRY_SECONDS
    pause = 0.01
    while True:
        try:
            result = work()
            if isinstance(statement, exp.Transaction):
                session.in_transaction = True
            elif isinstance(statement, exp.Commit | exp.Rollback):
                session.in_transaction = False
            return result
        except Exception as error:
            roll_back(session)
            if session.in_transaction:
                session.in_transaction = False
                session.transaction_lost = True
                raise
            if not is_conflict(error) or time.monotonic() > give_up_at:
                raise
        time.sleep(pause * random.random())
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def prepare(session: Session, statement: Expr) -> None:
    if session.transaction_lost:
        if isinstance(statement, (exp.Commit, *DML)):
            raise SqlError(
                "the Snowflake emulator rolled this transaction back when one of its statements failed; "
                "end it with ROLLBACK (Snowflake would have undone that statement only)",
                90, "25P02",
            )  # fmt: skip
        if isinstance(statement, (exp.Rollback, exp.Transaction, *DDL)):
            session.transaction_lost = False
    if session.in_transaction and isinstance(statement, DDL):
        session.connection._duck_conn.commit()
        session.in_transaction = False


def is_conflict(error: BaseException) -> bool:
    """Another transaction changed the same rows or the same object first."""
    while error is not None:
        if isinstance(error, duckdb.TransactionException) or "write-write conflict" in str(error):
            return True
        error = error.__cause__
    return False
