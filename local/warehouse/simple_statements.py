"""Statements that never reach DuckDB: the listed no-ops, and what the session itself answers."""

import re

from errors import unsupported
from session import Session

SUCCESS = ([("status", "VARCHAR")], [["Statement executed successfully."]], 0x6000)

NO_OPS = [
    r"(GRANT|REVOKE)\b",
    r"(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(ROLE|WAREHOUSE|USER|RESOURCE\s+MONITOR)\b",
    r"USE\s+(SECONDARY\s+ROLES|WAREHOUSE|ROLE)\b",
    r"ALTER\s+SESSION\b",
    r"ALTER\s+(TABLE|VIEW)\s+\S+\s+SET\s+(?!TAG)",
    r"ALTER\s+(TABLE|VIEW)\s+\S+\s+(ALTER|MODIFY)\s[\s\S]*\bCOMMENT\b",
    r"COMMENT\s+(IF\s+EXISTS\s+)?ON\b",
]
LEADING = re.compile(r"^(\s|--[^\n]*(\n|$)|/\*[\s\S]*?\*/)*")


def answer_without_engine(session: Session, sql: str) -> tuple | None:
    text = LEADING.sub("", sql, count=1)
    if any(re.match(pattern, text, re.IGNORECASE) for pattern in NO_OPS):
        return SUCCESS
    if re.match(r"(CALL|EXECUTE|EXPLAIN|UNDROP|GET|SET|UNSET)\b", text, re.IGNORECASE):
        raise unsupported(f"{text.split(None, 1)[0].upper()} statements")
    return None
