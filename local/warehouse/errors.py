"""What a client is told when a statement fails, and the log line that goes with it."""

import json
import sys

import duckdb
import snowflake.connector.errors as connector_errors


class SqlError(Exception):
    """An error of the statement: answered as Snowflake does, in an HTTP 200 that clients do not retry."""

    def __init__(self, message: str, code: int = 1003, sql_state: str = "42000"):
        super().__init__(message)
        self.message = message
        self.code = f"{code:06d}"
        self.sql_state = sql_state


def unsupported(what: str) -> SqlError:
    return SqlError(f"the Snowflake emulator does not support {what}", 2, "0A000")


def not_authorized(message: str) -> SqlError:
    return SqlError(f"SQL access control error:\n{message}", 3001, "42501")


def as_sql_error(error: Exception) -> SqlError:
    """Whatever was thrown while a statement ran, as one of Snowflake's kinds of error."""
    if isinstance(error, SqlError):
        return error
    if isinstance(error, connector_errors.Error):
        message = error.raw_msg if getattr(error, "raw_msg", None) else error.msg
        return SqlError(message or str(error), error.errno or 1003, error.sqlstate or "42000")
    if isinstance(error, NotImplementedError):
        return unsupported(str(error))
    if isinstance(error, duckdb.InterruptException):
        return SqlError("SQL execution canceled", 604, "57014")
    if isinstance(error, duckdb.ConstraintException):
        return SqlError(str(error), 100072, "22000")
    if isinstance(error, duckdb.OutOfMemoryException):
        return SqlError(f"the Snowflake emulator is out of memory: {error}", 300001, "53200")
    if isinstance(error, duckdb.Error):
        return SqlError(str(error), 100035, "22000")
    return SqlError(f"the Snowflake emulator failed: {type(error).__name__}: {error}", 300002, "XX000")


def log_event(event: str, **facts: object) -> None:
    """One JSON line; never a statement's text or its values."""
    print(json.dumps({"event": event, **facts}, default=str), file=sys.stderr, flush=True)
