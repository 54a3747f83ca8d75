"""A statement's columns without running it, which drivers ask for before a prepared statement."""

from typing import Any

from access import authorize
from answer import Answer, status
from fakesnow import statement_type
from identifiers import fill_identifiers
from refusals import refuse
from rewrite import rewrite
from session import Session
from simple_statements import is_answered_apart
from sqlglot import exp
from statements import parse


def describe(session: Session, sql: str) -> tuple[Answer, dict[str, Any]]:
    """The answer without its rows, and what a driver asks of the binds."""
    if is_answered_apart(sql):
        return described(status(), 0, False)
    statement = parse(sql)
    binds = len(list(statement.find_all(exp.Placeholder)))
    is_insert = isinstance(statement, exp.Insert)
    if not isinstance(statement, exp.Query):
        kind = statement_type.statement_type_id(statement)
        name = "number of rows inserted" if is_insert else "status"
        return described(Answer([(name, "VARCHAR")], [], kind), binds, is_insert)
    statement, _ = fill_identifiers(statement, None)
    refuse(statement)
    authorize(session, session.privileges, statement)
    for placeholder in list(statement.find_all(exp.Placeholder)):
        placeholder.replace(exp.Null())
    cursor = session.connection.cursor()
    text = cursor.transform(rewrite(session, statement).sql(dialect="snowflake"), [])
    rows = session.connection._duck_conn.execute(f"describe {text}").fetchall()
    return described(Answer([(row[0], row[1]) for row in rows], [], statement_type.SELECT), binds, False)


def described(answer: Answer, binds: int, takes_lists: bool) -> tuple[Answer, dict[str, Any]]:
    answer.rows = []
    return answer, {"numberOfBinds": binds, "arrayBindSupported": takes_lists}
