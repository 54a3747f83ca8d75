"""Statements that never reach DuckDB: the listed no-ops, and those that are refused by their first word."""

import re

from answer import Answer, status
from errors import unsupported
from session import Session
from streaming_statements import streaming_statement

NO_OPS = [
    r"(GRANT|REVOKE)\b",
    r"(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(ROLE|WAREHOUSE|USER|RESOURCE\s+MONITOR)\b",
    r"USE\s+(SECONDARY\s+ROLES|WAREHOUSE|ROLE)\b",
    r"ALTER\s+SESSION\b",
    r"ALTER\s+SCHEMA\s+\S+\s+ENABLE\s+MANAGED\s+ACCESS\b",
    r"ALTER\s+(TABLE|VIEW)\s+\S+\s+SET\s+(?!TAG)",
    r"ALTER\s+(TABLE|VIEW)\s+\S+\s+(ALTER|MODIFY)\s[\s\S]*\bCOMMENT\b",
    r"COMMENT\s+(IF\s+EXISTS\s+)?ON\b",
]
LEADING = re.compile(r"^(\s|--[^\n]*(\n|$)|/\*[\s\S]*?\*/)*")


def answer_without_engine(session: Session, sql: str) -> Answer | None:
    text = LEADING.sub("", sql, count=1)
    if any(re.match(pattern, text, re.IGNORECASE) for pattern in NO_OPS):
        return status()
    if re.match(r"(CALL|EXECUTE|EXPLAIN|UNDROP|GET|SET|UNSET)\b", text, re.IGNORECASE):
        raise unsupported(f"{text.split(None, 1)[0].upper()} statements")
    return streaming_statement(session, text)
