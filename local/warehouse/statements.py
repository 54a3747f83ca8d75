"""Runs one statement of a session: what it is, whether it may, how DuckDB is told, what comes back."""

import re
from typing import Any

import sqlglot
from access import authorize, object_of
from answer import Answer, status
from catalog import DESCRIBE_COLUMNS, describe_temporary
from channels import create_table
from copy_into import copy_into
from errors import SqlError, unsupported
from fakesnow import statement_type
from identifiers import fill_identifiers
from ownership import recorded
from quoted import quoted
from refusals import refuse
from results import rowset
from rewrite import full_name, note_temporary, rewrite
from session import Session
from simple_statements import answer_without_engine
from sqlglot import Expr, exp
from sqlglot.errors import ParseError
from stages import put, with_stage
from transactions import run_in_transaction

BOUND_CAST = re.compile(r"""('(?:[^'\\]|''|\\.)*'|"[^"]*"|--[^\n]*|/\*[\s\S]*?\*/|\$\$[\s\S]*?\$\$)|\?::""")


def run(session: Session, sql: str, binds: list[Any] | None = None) -> Answer:
    if answer := answer_without_engine(session, sql):
        return answer
    statement, binds = fill_identifiers(parse(with_stage(sql, binds)), binds)
    refuse(statement)
    authorize(session, session.privileges, statement)
    match statement:
        case exp.Put():
            return Answer([], [], transfer=put(session, statement))
        case exp.Copy():
            columns, rows, count = run_in_transaction(
                session, statement, lambda: copy_into(session, statement, binds)
            )
            return Answer(columns, rows, statement_type.COPY, affected=count)
        case exp.Describe() if isinstance(statement.this, exp.Table) and is_temporary(
            session, statement.this
        ):
            rows = describe_temporary(session, full_name(session, statement.this)[2])
            return Answer(DESCRIBE_COLUMNS, rows, statement_type.DESCRIBE)
        case exp.Drop() if statement.kind == "DATABASE":
            raise unsupported("DROP DATABASE; stop it and remove its data folder")
        case exp.Transaction() if session.in_transaction:
            return status()
    with recorded(session, session.privileges, statement):
        answer = execute(session, statement, binds)
    if isinstance(statement, exp.Create) and statement.kind == "DATABASE":
        create_table(session.connection._duck_conn, object_of(session, statement)[1])
        # Snowflake makes it with this schema, and the session goes there.
        run(session, f"create schema if not exists {quoted(object_of(session, statement)[1], 'PUBLIC')}")
    return answer


def parse(sql: str) -> Expr:
    # sqlglot takes ?:: for another dialect's cast.
    sql = BOUND_CAST.sub(lambda found: found[1] or "? ::", sql)
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


def run_batch(session: Session, sql: str, rows: list[list[Any]]) -> Answer:
    """An INSERT for each row of values, all of them or none."""
    statement, _ = fill_identifiers(parse(sql), None)
    refuse(statement)
    if not isinstance(statement, exp.Insert):
        raise unsupported("binding lists of values to anything but INSERT")
    authorize(session, session.privileges, statement)
    cursor = session.connection.cursor()
    transformed = cursor.transform(rewrite(session, statement).sql(dialect="snowflake"), rows[0])
    duck = session.connection._duck_conn

    def insert() -> None:
        if not session.in_transaction:
            duck.begin()
        duck.executemany(transformed, rows)
        if not session.in_transaction:
            duck.commit()

    run_in_transaction(session, statement, insert)
    counted = str(len(rows))
    return Answer(
        [("number of rows inserted", "BIGINT")], [[counted]], statement_type.INSERT, affected=len(rows)
    )


def execute(session: Session, statement: Expr, binds: list[Any] | None) -> Answer:
    cursor = session.connection.cursor()
    text = rewrite(session, statement).sql(dialect="snowflake")
    run_in_transaction(session, statement, lambda: cursor.execute(text, binding_params=binds, server=True))
    note_temporary(session, statement)
    kind = statement_type.statement_type_id(statement)
    return Answer(cursor.columns(), rowset(cursor._arrow_table), kind, cursor.sfqid or "", cursor.rowcount)
