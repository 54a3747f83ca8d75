"""What comes back from a statement."""

from dataclasses import dataclass
from typing import Any

from fakesnow import statement_type
from results import row_type


@dataclass
class Answer:
    """What goes to the client: rows as text, or what it needs to transfer a file."""

    columns: list[tuple[str, str]]
    """Name and DuckDB type."""
    rows: list[list[str | None]]
    statement_type: int = statement_type.SHOW
    query_id: str = ""
    affected: int | None = None
    transfer: dict[str, Any] | None = None

    @property
    def row_type(self) -> list[dict[str, Any]]:
        return row_type(self.columns)


def status(message: str = "Statement executed successfully.") -> Answer:
    return Answer([("status", "VARCHAR")], [[message]], statement_type.DDL)


def texts(names: list[str], rows: list[list[str | None]]) -> Answer:
    return Answer([(name, "VARCHAR") for name in names], rows)
