"""What a table looks like, in Snowflake's names for types."""

from typing import Any

from quoted import quoted
from results import INTEGERS
from session import Session

TYPE_NAMES = {
    "VARCHAR": "VARCHAR(16777216)",
    "JSON": "VARIANT",
    "DOUBLE": "FLOAT",
    "BLOB": "BINARY(8388608)",
    "TIME": "TIME(9)",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP_TZ(9)",
}

DESCRIBE_COLUMNS = [
    (name, "VARCHAR")
    for name in (
        "name", "type", "kind", "null?", "default", "primary key",
        "unique key", "check", "expression", "comment", "policy name", "privacy domain",
    )
]  # fmt: skip


def type_name(duckdb_type: str) -> str:
    if duckdb_type.startswith("DECIMAL"):
        return duckdb_type.replace("DECIMAL", "NUMBER")
    if duckdb_type in INTEGERS:
        return "NUMBER(38,0)"
    if duckdb_type in TYPE_NAMES:
        return TYPE_NAMES[duckdb_type]
    return "TIMESTAMP_NTZ(9)" if duckdb_type.startswith("TIMESTAMP") else duckdb_type


def table_columns(duck: Any, *names: str) -> list[tuple[str, str, bool]]:
    """Name, DuckDB type and whether it may be NULL, of each column in order."""
    rows = duck.execute(f"describe {quoted(*names)}").fetchall()
    return [(row[0], row[1], row[2] == "YES") for row in rows]


def describe_temporary(session: Session, name: str) -> list[list[str | None]]:
    """fakesnow would look in the database of the qualified name, where DuckDB has no temporary table."""
    columns = table_columns(session.connection._duck_conn, "temp", "main", name)
    return [
        [column, type_name(kind), "COLUMN", "Y" if nullable else "N", None, "N", "N", *[None] * 5]
        for column, kind, nullable in columns
    ]
