"""Rows as Snowflake's JSON rowset: every value a string, so that no client loses a digit."""

import datetime
import json
import re
from typing import Any

import pyarrow as pa

EPOCH_DAY = datetime.date(1970, 1, 1)
INTEGERS = {
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
}  # fmt: skip
SIMPLE_TYPES = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "DOUBLE": "real",
    "FLOAT": "real",
    "JSON": "variant",
    "VARIANT": "variant",
    "BLOB": "binary",
}
TEXT_LENGTH = 16_777_216


def column_type(duckdb_type: str) -> dict[str, Any]:
    """A DuckDB type as the fields of Snowflake's row type."""
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", duckdb_type):
        return {"type": "fixed", "precision": int(decimal[1]), "scale": int(decimal[2])}
    if duckdb_type in INTEGERS:
        return {"type": "fixed", "precision": 38, "scale": 0}
    if duckdb_type == "TIMESTAMP WITH TIME ZONE":
        return {"type": "timestamp_tz", "precision": 0, "scale": 9}
    if duckdb_type.startswith("TIMESTAMP"):
        return {"type": "timestamp_ntz", "precision": 0, "scale": 9}
    if duckdb_type.endswith("]"):
        return {"type": "array"}
    if duckdb_type.startswith(("STRUCT", "MAP")):
        return {"type": "object"}
    kind = SIMPLE_TYPES.get(duckdb_type, "text")
    if kind == "time":
        return {"type": "time", "precision": 0, "scale": 9}
    if kind == "binary":
        return {"type": "binary", "length": TEXT_LENGTH // 2, "byteLength": TEXT_LENGTH // 2}
    if kind == "text":
        return {"type": "text", "length": TEXT_LENGTH, "byteLength": TEXT_LENGTH}
    return {"type": kind}


def row_type(columns: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """(name, DuckDB type) of each column as Snowflake's `rowtype`."""
    absent = {"length": None, "byteLength": None, "precision": None, "scale": None}
    place = {"database": "", "schema": "", "table": "", "nullable": True, "collation": None}
    return [{"name": name, **place, **absent, **column_type(kind)} for name, kind in columns]


def rowset(table: pa.Table) -> list[list[str | None]]:
    columns = [texts(column) for column in table.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def texts(column: pa.ChunkedArray) -> list[str | None]:
    kind = column.type
    if pa.types.is_timestamp(kind):
        per_second = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[kind.unit]
        suffix = " 1440" if kind.tz else ""
        return [
            None if value is None else seconds(value, per_second) + suffix
            for value in column.cast(pa.int64()).to_pylist()
        ]
    if pa.types.is_time(kind):
        return [
            None if value is None else seconds(value, 10**6)
            for value in column.cast(pa.time64("us")).cast(pa.int64()).to_pylist()
        ]
    return [None if value is None else text(value) for value in column.to_pylist()]


def seconds(ticks: int, per_second: int) -> str:
    whole, rest = divmod(abs(ticks), per_second)
    return f"{'-' if ticks < 0 else ''}{whole}.{rest * (10**9 // per_second):09d}"


def text(value: Any) -> str:
    match value:
        case bool():
            return "1" if value else "0"
        case str():
            return value
        case datetime.date():
            return str((value - EPOCH_DAY).days)
        case bytes():
            return value.hex().upper()
        case list() | dict():
            return json.dumps(value, default=str)
        case float():
            return repr(value)
        case int():
            return str(value)
        case _:
            return format(value, "f") if hasattr(value, "as_tuple") else str(value)
