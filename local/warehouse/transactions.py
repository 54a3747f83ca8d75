"""DuckDB's transactions made to look like Snowflake's."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import duckdb
from errors import SqlError
from session import Session, roll_back
from sqlglot import Expr, exp

WAIT_SECONDS = 120
"""How long a statement waits for another transaction; Snowflake's LOCK_TIMEOUT is longer."""
LONGEST_PAUSE_SECONDS = 0.5
DDL = (exp.Create, exp.Drop, exp.Alter)
DML = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Copy, exp.TruncateTable)
LOST = (
    "the Snowflake emulator rolled this transaction back when one of its statements failed, or when its "
    "client was gone and another needed its rows; end it with ROLLBACK (Snowflake would have undone the "
    "failed statement only)"
)
Result = TypeVar("Result")


def run_in_transaction(session: Session, statement: Expr, work: Callable[[], Result]) -> Result:
    """Runs the statement, again and again while another transaction is in its way: Snowflake waits there."""
    prepare(session, statement)
    give_up_at = time.monotonic() + WAIT_SECONDS
    pause = 0.01
    while True:
        try:
            result = work()
        except Exception as error:
            roll_back(session)
            # Nothing is lost by beginning again before the transaction's first change.
            can_repeat = is_conflict(error) and not session.has_changes
            if not can_repeat or time.monotonic() > give_up_at:
                session.transaction_lost = session.in_transaction and not isinstance(statement, exp.Commit)
                session.in_transaction = session.has_changes = False
                raise
        else:
            note_success(session, statement)
            return result
        if session.in_transaction:
            session.connection._duck_conn.begin()
        session.release_abandoned()
        time.sleep(pause * random.random())
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)


def prepare(session: Session, statement: Expr) -> None:
    if session.transaction_lost:
        if isinstance(statement, (exp.Commit, *DML)):
            raise SqlError(LOST, 90, "25P02")
        if isinstance(statement, (exp.Rollback, exp.Transaction, *DDL)):
            session.transaction_lost = False
    # Snowflake commits before DDL; a BEGIN inside of a transaction it ignores.
    if session.in_transaction and isinstance(statement, DDL):
        session.connection._duck_conn.commit()
        session.in_transaction = session.has_changes = False


def note_success(session: Session, statement: Expr) -> None:
    if isinstance(statement, exp.Transaction):
        session.in_transaction = True
    elif isinstance(statement, exp.Commit | exp.Rollback):
        session.in_transaction = session.has_changes = False
    elif session.in_transaction and isinstance(statement, DML):
        session.has_changes = True


def is_conflict(error: BaseException | None) -> bool:
    """Another transaction changed the same rows or the same object first."""
    while error is not None:
        if isinstance(error, duckdb.TransactionException) or "write-write conflict" in str(error):
            return True
        error = error.__cause__
    return False
