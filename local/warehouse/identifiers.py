"""IDENTIFIER('name') and IDENTIFIER(?), by which drivers name objects apart from the text."""

from typing import Any

from errors import SqlError
from sqlglot import Expr, exp


def fill_identifiers(statement: Expr, binds: list[Any] | None) -> tuple[Expr, list[Any] | None]:
    """The statement with the names in place, and the binds that are left."""
    left = list(binds or [])
    for table in list(statement.find_all(exp.Table)):
        call = table.this
        if not isinstance(call, exp.DynamicIdentifier):
            continue
        argument = call.this
        if isinstance(argument, exp.Placeholder):
            name = left.pop(position(statement, argument)) if left else None
        else:
            name = argument.name
        if not isinstance(name, str):
            raise SqlError("SQL compilation error:\nIDENTIFIER() needs the name of an object as text", 1003)
        named = exp.to_table(name, dialect="snowflake")
        for part in ("this", "db", "catalog"):
            table.set(part, named.args.get(part))
    return statement, left or None


def position(statement: Expr, wanted: exp.Placeholder) -> int:
    placeholders = statement.find_all(exp.Placeholder, bfs=False)
    return next(index for index, found in enumerate(placeholders) if found is wanted)
