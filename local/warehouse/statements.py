"""Runs one statement of a session: what it is, whether it may, how DuckDB is told, what comes back."""

from typing import Any

import sqlglot
from access import authorize, object_of
from answer import Answer
from catalog import DESCRIBE_COLUMNS, describe_temporary, quoted
from copy_into import copy_into
from errors import SqlError, unsupported
from fakesnow import statement_type
from identifiers import fill_identifiers
from ownership import recorded
from refusals import refuse
from results import rowset
from rewrite import full_name, rewrite
from session import Session
from simple_statements import answer_without_engine
from sqlglot import Expr, exp
from sqlglot.errors import ParseError
from stages import put
from transactions import run_in_transaction


def run(session: Session, sql: str, binds: list[Any] | None = None) -> Answer:
    if answer := answer_without_engine(session, sql):
        return answer
    statement, binds = fill_identifiers(parse(sql), binds)
    refuse(statement)
    authorize(session, session.privileges, statement)
    match statement:
        case exp.Put():
            return Answer([], [], transfer=put(session, statement))
        case exp.Copy():
            columns, rows, count = run_in_transaction(
                session, statement, lambda: copy_into(session, statement)
            )
            return Answer(columns, rows, statement_type.COPY, affected=count)
        case exp.Describe() if isinstance(statement.this, exp.Table) and is_temporary(
            session, statement.this
        ):
            rows = describe_temporary(session, full_name(session, statement.this)[2])
            return Answer(DESCRIBE_COLUMNS, rows, statement_type.DESCRIBE)
    with recorded(session, session.privileges, statement):
        answer = execute(session, statement, binds)
    if isinstance(statement, exp.Create) and statement.kind == "DATABASE":
        # Snowflake makes it with this schema, and the session goes there.
        run(session, f"create schema if not exists {quoted(object_of(session, statement)[1], 'PUBLIC')}")
    return answer


def parse(sql: str) -> Expr:
    try:
        statements = [
            s for s in sqlglot.parse(sql, read="snowflake") if s and not isinstance(s, exp.Semicolon)
        ]
    except ParseError as error:
        details = error.errors[0] if error.errors else {}
        place = f"line {details.get('line')} at position {details.get('col')}"
        text = f"SQL compilation error:\nsyntax error {place}: {details.get('description', error)}"
        raise SqlError(text) from error
    if not statements:
        raise SqlError("SQL compilation error:\nEmpty SQL statement.", 900, "42601")
    if len(statements) > 1:
        raise unsupported("several statements in one request; send them one by one")
    return statements[0]


def is_temporary(session: Session, table: exp.Table) -> bool:
    return full_name(session, table) in session.temporary


def execute(session: Session, statement: Expr, binds: list[Any] | None) -> Answer:
    cursor = session.connection.cursor()
    text = rewrite(session, statement).sql(dialect="snowflake")
    run_in_transaction(session, statement, lambda: cursor.execute(text, binding_params=binds, server=True))
    kind = statement_type.statement_type_id(statement)
    return Answer(cursor.columns(), rowset(cursor._arrow_table), kind, cursor.sfqid or "", cursor.rowcount)
