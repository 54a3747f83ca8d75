"""Where COPY INTO reads from: `@stage`, or the columns that a driver chose from it."""

from dataclasses import dataclass

from errors import unsupported
from quoted import quoted
from sqlglot import Expr, exp


@dataclass(frozen=True)
class ChosenColumn:
    name: str
    """In the table."""
    of_file: str
    """With its upper and lower case."""
    kind: str | None
    """DuckDB's type that it is cast to first."""

    def sql(self, present: list[str]) -> str:
        value = quoted(self.of_file) if self.of_file in present else "NULL"
        return f"CAST({value} AS {self.kind})" if self.kind else value


@dataclass(frozen=True)
class CopySource:
    target: exp.Table
    stage: str
    """As `@stage/path`."""
    chosen: tuple[ChosenColumn, ...] = ()
    """Empty where all are matched by name."""


def read_source(copy: exp.Copy) -> CopySource:
    """Also of `(A, B) FROM (SELECT $1:"A", $1:"B"::NUMBER FROM @stage)`, as write_pandas has it."""
    source = copy.args["files"][0]
    if isinstance(copy.this, exp.Table) and isinstance(source, exp.Table):
        return CopySource(copy.this, stage_in(source))
    if not isinstance(copy.this, exp.Schema) or not isinstance(source, exp.Subquery):
        raise unsupported("COPY INTO with a list of columns but no SELECT from a stage, or the reverse")
    select = source.this
    others = {name for name, value in select.args.items() if value} - {"expressions", "from_", "kind"}
    if not isinstance(select, exp.Select) or others:
        raise unsupported("COPY INTO from a query other than SELECT of columns FROM a stage")
    names = [
        column.name if column.args.get("quoted") else column.name.upper() for column in copy.this.expressions
    ]
    if len(names) != len(select.expressions):
        raise unsupported("COPY INTO of another number of columns than are listed")
    chosen = tuple(choose(name, value) for name, value in zip(names, select.expressions, strict=True))
    return CopySource(copy.this.this, stage_in(select.args["from_"].this), chosen)


def stage_in(table: Expr) -> str:
    source = table.this
    if not isinstance(source, exp.Var | exp.Literal) or not source.name.startswith("@") or table.alias:
        raise unsupported("COPY INTO from anything but @stage or @stage/path")
    return source.name


def choose(name: str, value: Expr) -> ChosenColumn:
    kind = None
    if isinstance(value, exp.Cast):
        kind, value = value.to.sql(dialect="duckdb"), value.this
    keys = value.expression.expressions[1:] if isinstance(value, exp.JSONExtract) else []
    if len(keys) != 1 or not isinstance(keys[0], exp.JSONPathKey) or not is_first_column(value.this):
        raise unsupported(f"COPY INTO with {value.sql(dialect='snowflake')}; it takes $1:column")
    return ChosenColumn(name, str(keys[0].this), kind)


def is_first_column(value: Expr) -> bool:
    return isinstance(value, exp.Parameter) and value.name == "1"
