"""Runs one statement of a session: what it is, whether it may, how DuckDB is told, what comes back."""

from typing import Any

import sqlglot
from answer import Answer
from catalog import DESCRIBE_COLUMNS, describe_temporary
from errors import SqlError, unsupported
from fakesnow import statement_type
from results import rowset
from rewrite import full_name, rewrite
from session import Session
from simple_statements import answer_without_engine
from sqlglot import Expr, exp
from stages import copy_into, put
from transactions import run_in_transaction


def parse(sql: str) -> Expr:
    statements = [s for s in sqlglot.parse(sql, read="snowflake") if s and not isinstance(s, exp.Semicolon)]
    if not statements:
        raise SqlError("Empty SQL statement.", 900, "42601")
    if len(statements) > 1:
        raise unsupported("several statements in one request; send them one by one")
    return statements[0]


def run(session: Session, sql: str, binds: list[Any] | None = None) -> Answer:
    if answer := answer_without_engine(session, sql):
        return answer
    expression = parse(sql)
    if isinstance(expression, exp.Put):
        return Answer([], [], transfer=put(session, expression))
    if isinstance(expression, exp.Copy):
        columns, rows, affected = run_in_transaction(
            session, expression, lambda: copy_into(session, expression)
        )
        return Answer(columns, rows, statement_type.COPY, affected=affected)
    if isinstance(expression, exp.Describe) and isinstance(expression.this, exp.Table):
        name = full_name(session, expression.this)
        if name in session.temporary:
            return Answer(DESCRIBE_COLUMNS, describe_temporary(session, name[2]), statement_type.DESCRIBE)
    return execute(session, expression, binds)


def execute(session: Session, expression: Expr, binds: list[Any] | None) -> Answer:
    kind = statement_type.statement_type_id(expression)
    cursor = session.connection.cursor()
    rewritten = rewrite(session, expression)
    text = rewritten.sql(dialect="snowflake")
    run_in_transaction(session, expression, lambda: cursor.execute(text, binding_params=binds, server=True))
    table = cursor._arrow_table
    columns = cursor.columns()
    return Answer(columns, rowset(table), kind, cursor.sfqid or "", cursor.rowcount)
