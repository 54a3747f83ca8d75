"""fakesnow's connection and cursor, corrected where a client would see something false."""

import warnings
from collections import Counter
from typing import Any

import fakesnow.transforms as transforms
import sqlglot
from fakesnow.conn import FakeSnowflakeConnection
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.dialect import parse_one
from fakesnow.params import MutableParams
from sqlglot import Expr, exp

# fakesnow's own choice of API, of no interest to who runs the emulator.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result", category=UserWarning)

_cast_aggregates = transforms.numeric_agg_implicit_cast


def _keep_sums_exact(expression: Expr) -> Expr:
    """fakesnow sums doubles; Snowflake's sum of NUMBER(38,18) is a NUMBER, to the last digit."""
    return expression if isinstance(expression, exp.Sum) else _cast_aggregates(expression)


transforms.numeric_agg_implicit_cast = _keep_sums_exact


class Cursor(FakeSnowflakeCursor):
    def columns(self) -> list[tuple[str, str]]:
        """Name and DuckDB type of each column of the last result."""
        return [(column[0], str(column[1]).strip('"')) for column in self._duck_conn.description or []]

    def transform(self, sql: str, values: list[Any]) -> str:
        """A statement in DuckDB's dialect."""
        return self._transform(parse_one(sql), values).sql(dialect="duckdb")

    def _transform_explode(self, expression: Expr) -> list[Expr]:
        # fakesnow's own MERGE is slow and mis-reads bare columns; DuckDB has the statement.
        return [expression] if isinstance(expression, exp.Merge) else super()._transform_explode(expression)

    def _execute(self, transformed: Expr, params: MutableParams | None = None) -> None:
        if not isinstance(transformed, exp.Merge):
            super()._execute(transformed, params)
            return
        sql = f"{transformed.sql(dialect='duckdb')} RETURNING merge_action"
        actions = Counter(row[0] for row in self._duck_conn.execute(sql, params).fetchall())
        counts = ", ".join(
            f'{actions[action]}::BIGINT AS "number of rows {done}"'
            for action, done in merge_actions(transformed)
        )
        counted = sqlglot.parse_one(f"SELECT {counts}", read="duckdb")
        counted.set("merge_counts", True)
        super()._execute(counted)


def merge_actions(merge: exp.Merge) -> list[tuple[str, str]]:
    """The kinds of change that a MERGE can make, as DuckDB and Snowflake call them, in Snowflake's order."""
    possible: set[str] = set()
    for when in merge.find_all(exp.When):
        then = when.args["then"]
        possible.add(
            "INSERT"
            if isinstance(then, exp.Insert)
            else "UPDATE"
            if isinstance(then, exp.Update)
            else "DELETE"
        )
    named = [("INSERT", "inserted"), ("UPDATE", "updated"), ("DELETE", "deleted")]
    return [pair for pair in named if pair[0] in possible]


class Connection(FakeSnowflakeConnection):
    def cursor(self, *_: Any) -> Cursor:
        return Cursor(conn=self, duck_conn=self._duck_conn)
