"""COPY INTO a table from Parquet in an internal stage, columns matched by name or named one by one."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog import table_columns
from copy_source import CopySource, read_source
from errors import SqlError, unsupported
from fakesnow.transforms.file_format import lookup_file_format
from fakesnow.transforms.options import parse_options
from quoted import quoted
from rewrite import full_name
from session import Session
from sqlglot import Expr, exp
from stages import list_files, name_of_file, stage_folder

COLUMNS = [
    ("file", "VARCHAR"),
    ("status", "VARCHAR"),
    ("rows_parsed", "BIGINT"),
    ("rows_loaded", "BIGINT"),
    ("error_limit", "BIGINT"),
    ("errors_seen", "BIGINT"),
    ("first_error", "VARCHAR"),
    ("first_error_line", "BIGINT"),
    ("first_error_character", "BIGINT"),
    ("first_error_column_name", "VARCHAR"),
]
Table = tuple[str, str, str]
Loaded = tuple[list[tuple[str, str]], list[list[str | None]], int]


def copy_into(session: Session, expression: exp.Copy, binds: list[Any] | None) -> Loaded:
    """Columns and rows of the answer, and how many rows came in: of all files, or of none."""
    source = read_source(expression)
    options = read_options(session, expression, source, list(binds or []))
    target = full_name(session, source.target)
    folder = stage_folder(session, source.stage)
    files = [folder.path / name for name in options["FILES"]] or list_files(folder.path)
    duck = session.connection._duck_conn
    own_transaction = not session.in_transaction
    if own_transaction:
        duck.begin()
    rows = [load(duck, file, name_of_file(folder, file), target, source, options["FORCE"]) for file in files]
    if own_transaction:
        duck.commit()
    if options["PURGE"]:
        for file in files:
            file.unlink(missing_ok=True)
    if not rows:
        return [("status", "VARCHAR")], [["Copy executed with 0 files processed."]], 0
    return COLUMNS, rows, sum(int(row[3] or 0) for row in rows)


def load(
    duck: Any, file: Path, shown: str, target: Table, source: CopySource, force: bool
) -> list[str | None]:
    if not file.is_file():
        raise SqlError(f"Remote file '{shown}' was not found", 91016, "22000")
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    # A file that was rewritten under its old name is another file.
    key = f"{shown}#{digest}"
    history = f"{quoted(target[0])}._fs_information_schema._fs_load_history"
    (known,) = duck.execute(
        f"select count(*) from {history} where schema_name = ? and table_name = ? and file_name = ?",
        [target[1], target[2], key],
    ).fetchone()
    if known and not force:
        return [shown, "LOAD_SKIPPED", "0", "0", None, "1", "File was loaded before.", None, None, None]
    count = insert(duck, file, shown, target, source)
    duck.execute(
        f"insert into {history} "
        "(schema_name, file_name, table_name, last_load_time, status, row_count, row_parsed) "
        "values (?, ?, ?, ?, 'LOADED', ?, ?)",
        [target[1], key, target[2], datetime.now(UTC), count, count],
    )
    return [shown, "LOADED", str(count), str(count), "1", "0", None, None, None, None]


def insert(duck: Any, file: Path, shown: str, target: Table, source: CopySource) -> int:
    path = str(file).replace("'", "''")
    names = [row[0] for row in duck.execute(f"describe from read_parquet('{path}')").fetchall()]
    if source.chosen:
        into = ", ".join(quoted(column.name) for column in source.chosen)
        values = ", ".join(column.sql(names) for column in source.chosen)
        sql = f"insert into {quoted(*target)} ({into}) select {values} from read_parquet('{path}')"
        return duck.execute(sql).fetchone()[0]
    present = {name.upper(): name for name in names}
    columns = [name for name, _, _ in table_columns(duck, *target)]
    if not any(name.upper() in present for name in columns):
        raise SqlError(f"no column of '{shown}' has the name of one of {'.'.join(target)}", 100072, "22000")
    into = ", ".join(quoted(name) for name in columns)
    # Snowflake puts NULL, not the default, where the file has no such column.
    values = ", ".join(
        quoted(present[name.upper()]) if name.upper() in present else "NULL" for name in columns
    )
    sql = f"insert into {quoted(*target)} ({into}) select {values} from read_parquet('{path}')"
    return duck.execute(sql).fetchone()[0]


def read_options(
    session: Session, expression: exp.Copy, source: CopySource, binds: list[Any]
) -> dict[str, Any]:
    options: dict[str, Any] = {"FILES": [], "FORCE": False, "PURGE": False, "FILE_FORMAT": False}
    matched_by_name = False
    for parameter in expression.args.get("params") or []:
        name, value = parameter.this.name.upper(), parameter.expression
        if isinstance(value, exp.Placeholder) and binds:
            value = exp.var(str(binds.pop(0)))
        if name == "FILE_FORMAT":
            require_parquet(session, parameter.expressions)
            options["FILE_FORMAT"] = True
        elif name == "MATCH_BY_COLUMN_NAME" and value.name.upper() == "CASE_INSENSITIVE":
            matched_by_name = True
        elif name in ("FORCE", "PURGE") and isinstance(value, exp.Boolean):
            options[name] = value.this
        elif name == "FILES":
            options[name] = [literal.name for literal in parameter.find_all(exp.Literal)]
        elif not (name == "ON_ERROR" and value.name.upper() == "ABORT_STATEMENT"):
            raise unsupported(f"COPY INTO with {parameter.sql(dialect='snowflake')}")
    if matched_by_name == bool(source.chosen) or not options["FILE_FORMAT"]:
        raise unsupported(
            "COPY INTO without a FILE_FORMAT of TYPE = PARQUET and either "
            "MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE or a SELECT of columns"
        )
    return options


def require_parquet(session: Session, options: list[Expr]) -> None:
    named = [option for option in options if option.name.upper() == "FORMAT_NAME"]
    chosen = parse_options([option for option in options if option not in named])
    for option in named:
        value = option.args["value"]
        name = value.sql(dialect="snowflake") if isinstance(value, exp.Table) else value.name
        duck = session.connection._duck_conn.cursor()
        chosen = {**lookup_file_format(duck, name, session.database, session.schema), **chosen}
    if str(chosen.get("TYPE", "CSV")).upper() != "PARQUET":
        raise unsupported(f"COPY INTO from {chosen.get('TYPE', 'CSV')}; it loads PARQUET")
    others = set(chosen) - {
        "TYPE",
        "USE_LOGICAL_TYPE",
        "COMPRESSION",
        "BINARY_AS_TEXT",
        "USE_VECTORIZED_SCANNER",
    }
    if others or chosen.get("USE_LOGICAL_TYPE") is not True:
        raise unsupported(f"Parquet with other options than USE_LOGICAL_TYPE = TRUE, got {chosen}")
