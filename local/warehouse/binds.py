"""Values that a client sends apart from the statement's text."""

import datetime
import decimal
from typing import Any

from errors import SqlError

EPOCH = datetime.datetime(1970, 1, 1)


def read_binds(bindings: dict[str, Any] | None) -> tuple[list[Any] | None, list[list[Any]] | None]:
    """One row of values, or many when the client binds arrays; at most one of the two is there."""
    if not bindings:
        return None, None
    ordered = [bindings[key] for key in sorted(bindings, key=int)]
    if any(isinstance(bind["value"], list) for bind in ordered):
        columns = [[read_value(bind["type"], value) for value in bind["value"]] for bind in ordered]
        return None, [list(row) for row in zip(*columns, strict=True)]
    return [read_value(bind["type"], bind["value"]) for bind in ordered], None


def read_value(kind: str, text: str | None) -> Any:
    if text is None:
        return None
    match kind:
        case "FIXED":
            return number(text)
        case "REAL":
            return float(text)
        case "BOOLEAN":
            return text.lower() in ("true", "1")
        case "BINARY":
            return bytes.fromhex(text)
        case "DATE":
            return (EPOCH + datetime.timedelta(milliseconds=int(text))).date()
        case "TIME":
            return (EPOCH + datetime.timedelta(microseconds=int(text) // 1000)).time()
        case "TIMESTAMP_NTZ":
            return EPOCH + datetime.timedelta(microseconds=int(text) // 1000)
        case "TIMESTAMP_LTZ":
            return (EPOCH + datetime.timedelta(microseconds=int(text) // 1000)).replace(tzinfo=datetime.UTC)
        case "TIMESTAMP_TZ":
            nanoseconds, _, offset = text.partition(" ")
            instant = (EPOCH + datetime.timedelta(microseconds=int(nanoseconds) // 1000)).replace(
                tzinfo=datetime.UTC
            )
            zone = datetime.timezone(datetime.timedelta(minutes=int(offset or 1440) - 1440))
            return instant.astimezone(zone)
        case _:
            return text


def number(text: str) -> int | decimal.Decimal:
    try:
        return int(text) if text.lstrip("+-").isdigit() else decimal.Decimal(text)
    except decimal.InvalidOperation as error:
        raise SqlError(f"Numeric value '{text}' is not recognized", 100038, "22018") from error
