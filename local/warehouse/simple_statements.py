"""Statements that never reach DuckDB: about the account, the session, stages, and the listed no-ops."""

import re

from account_statements import account_statement
from answer import Answer, status, texts
from grants import grant_statement, managed_access
from session import Session
from session_statements import session_statement
from show_grants import show_grants
from stage_statements import stage_statement
from streaming_statements import streaming_statement

NO_OPS = [
    r"USE\s+SECONDARY\s+ROLES\b",
    r"COMMENT\s+(IF\s+EXISTS\s+)?ON\b",
    r"ALTER\s+(TABLE|VIEW)\s+\S+\s+(ALTER|MODIFY)\s+(COLUMN\s+)?\S+\s+COMMENT\b",
    r"ALTER\s+(TABLE|VIEW|SCHEMA|DATABASE|STAGE)\s+(IF\s+EXISTS\s+)?\S+\s+SET\s+"
    r"(COMMENT|DATA_RETENTION_TIME_IN_DAYS|CHANGE_TRACKING|ENABLE_SCHEMA_EVOLUTION|ERROR_LOGGING)\s*=",
    r"ALTER\s+TABLE\s+\S+\s+(CLUSTER\s+BY|DROP\s+CLUSTERING\s+KEY|(SUSPEND|RESUME)\s+RECLUSTER)\b",
]
"""The README lists them too."""
SHOW_FUNCTIONS = re.compile(r"SHOW\s+(USER\s+)?FUNCTIONS\b", re.IGNORECASE)
FUNCTION_COLUMNS = [
    "created_on", "name", "schema_name", "is_builtin", "is_aggregate", "is_ansi",
    "min_num_arguments", "max_num_arguments", "arguments", "description", "catalog_name",
    "is_table_function", "valid_for_clustering", "is_secure", "secrets", "external_access_integrations",
    "is_external_function", "language", "is_memoizable", "is_data_metric",
]  # fmt: skip
LEADING = re.compile(r"^(\s|--[^\n]*(\n|$)|/\*[\s\S]*?\*/)*")
TRAILING = re.compile(r"(\s|;|/\*[^*]*\*/)*$")


def is_answered_apart(sql: str) -> bool:
    """Whether it is of the kinds below, which no driver needs to have described."""
    return re.match(r"(?!SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|\()\w", bare(sql), re.IGNORECASE) is not None


def bare(sql: str) -> str:
    """Without the comments and semicolons around it."""
    return TRAILING.sub("", LEADING.sub("", sql, count=1))


def answer_without_engine(session: Session, sql: str) -> Answer | None:
    text = bare(sql)
    if any(re.match(pattern, text, re.IGNORECASE) for pattern in NO_OPS):
        return status()
    if SHOW_FUNCTIONS.match(text):
        return texts(FUNCTION_COLUMNS, [])  # CREATE FUNCTION is refused, so there are none
    return (
        grant_statement(session, session.privileges, text)
        or managed_access(session, session.privileges, text)
        or account_statement(session, session.privileges, text)
        or show_grants(session, session.privileges, text)
        or session_statement(session, text)
        or stage_statement(session, text)
        or streaming_statement(session, text)
    )
