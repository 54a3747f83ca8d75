"""Files: PUT into an internal stage, and COPY INTO a table from Parquet in one."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from catalog import quoted, table_columns
from errors import SqlError, unsupported
from fakesnow.transforms import stage
from fakesnow.transforms.file_format import lookup_file_format
from fakesnow.transforms.options import parse_options
from rewrite import full_name
from session import Session
from sqlglot import Expr, exp

COPY_COLUMNS = [
    ("file", "VARCHAR"), ("status", "VARCHAR"), ("rows_parsed", "BIGINT"), ("rows_loaded", "BIGINT"),
    ("error_limit", "BIGINT"), ("errors_seen", "BIGINT"), ("first_error", "VARCHAR"),
    ("first_error_line", "BIGINT"), ("first_error_character", "BIGINT"), ("first_error_column_name", "VARCHAR"),
]  # fmt: skip
HISTORY_COLUMNS = 13


def stage_folder(session: Session, reference: str) -> tuple[Path, str]:
    """The folder of `@stage/path`, and the name that result rows call the stage by."""
    name, _, path = reference.removeprefix("@").strip("'").partition("/")
    database, schema, stage_name = stage.parts_from_var(name, session.database, session.schema)
    found = session.connection._duck_conn.execute(
        "select url from _fs_global._fs_information_schema._fs_stages "
        "where database_name = ? and schema_name = ? and name = ?",
        [database, schema, stage_name],
    ).fetchone()
    if found is None:
        raise stage.not_found_error(f"{database}.{schema}.{stage_name}")
    if found[0]:
        raise unsupported("external stages")
    return Path(stage.internal_dir(f"{database}.{schema}.{stage_name}", path)), stage_name


def put(session: Session, expression: exp.Put) -> dict[str, Any]:
    """What the client needs to write the file itself: the emulator shares its file system."""
    source = expression.this.name.removeprefix("file://")
    options = {p.name.upper(): p for p in expression.args.get("properties") or []}
    options = {name: option_value(option) for name, option in options.items()}
    folder, _ = stage_folder(session, expression.args["target"].name)
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "command": "UPLOAD",
        "src_locations": [source],
        "parallel": int(options.get("PARALLEL", 4)),
        "autoCompress": bool(options.get("AUTO_COMPRESS", True)),
        "overwrite": bool(options.get("OVERWRITE", False)),
        "sourceCompression": str(options.get("SOURCE_COMPRESSION", "auto_detect")).lower(),
        "clientShowEncryptionParameter": False,
        "queryId": "",
        "encryptionMaterial": [],
        "stageInfo": {
            "locationType": "LOCAL_FS",
            "location": f"{folder}/",
            "creds": {},
            "isClientSideEncrypted": False,
        },
    }


def option_value(option: Expr) -> Any:
    value = option.args.get("value")
    return value.this if isinstance(value, exp.Boolean | exp.Literal) else value.name if value else None


def copy_into(
    session: Session, expression: exp.Copy
) -> tuple[list[tuple[str, str]], list[list[str | None]], int]:
    options = read_copy_options(session, expression)
    target = full_name(session, expression.this)
    source = expression.args["files"][0].this
    if not isinstance(source, exp.Var | exp.Parameter) and not source.name.startswith("@"):
        raise unsupported("COPY INTO from anything but an internal stage")
    path, stage_name = stage_folder(session, source.name)
    files = [path / name for name in options["files"]] if options["files"] else list_files(path)
    duck = session.connection._duck_conn
    columns = [name for name, _, _ in table_columns(duck, *target)]
    history = f"{quoted(target[0])}._fs_information_schema._fs_load_history"
    if not session.in_transaction:
        duck.begin()
    rows = []
    for file in files:
        shown = f"{stage_name.lower()}/{file.relative_to(stage_folder(session, source.name.partition('/')[0])[0])}"
        if not file.is_file():
            raise SqlError(f"Remote file '{shown}' was not found", 91016, "22000")
        key = f"{shown}#{hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()}"
        known = duck.execute(
            f"select count(*) from {history} where schema_name = ? and table_name = ? and file_name = ?",
            [target[1], target[2], key],
        ).fetchone()
        if known[0] and not options["force"]:
            rows.append(
                [shown, "LOAD_SKIPPED", "0", "0", None, "1", "File was loaded before.", None, None, None]
            )
            continue
        count = insert_file(duck, file, columns, target)
        record = [
            target[1],
            key,
            target[2],
            datetime.now(UTC),
            "LOADED",
            count,
            count,
            None,
            None,
            None,
            None,
            0,
            1,
        ]
        duck.execute(f"insert into {history} values ({', '.join('?' * HISTORY_COLUMNS)})", record)
        rows.append([shown, "LOADED", str(count), str(count), "1", "0", None, None, None, None])
    if not session.in_transaction:
        duck.commit()
    if options["purge"]:
        for file in files:
            os.remove(file)
    if not rows:
        return [("status", "VARCHAR")], [["Copy executed with 0 files processed."]], 0
    return COPY_COLUMNS, rows, sum(int(row[3] or 0) for row in rows)


def insert_file(duck: Any, file: Path, columns: list[str], target: tuple[str, str, str]) -> int:
    path = str(file).replace("'", "''")
    present = {
        row[0].upper(): row[0]
        for row in duck.execute(f"describe select * from read_parquet('{path}')").fetchall()
    }
    if not any(name.upper() in present for name in columns):
        raise SqlError(
            f"no column of {file.name} has the name of a column of {'.'.join(target)}", 100072, "22000"
        )
    into = ", ".join(quoted(name) for name in columns)
    # Snowflake puts NULL, not the default, where the file has no such column.
    select = ", ".join(
        quoted(present[name.upper()]) if name.upper() in present else "NULL" for name in columns
    )
    (count,) = duck.execute(
        f"insert into {quoted(*target)} ({into}) select {select} from read_parquet('{path}')"
    ).fetchone()
    return count


def list_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    return (
        sorted(file for file in path.parent.glob(f"{path.name}*") if file.is_file())
        if path.parent.is_dir()
        else []
    )


def read_copy_options(session: Session, expression: exp.Copy) -> dict[str, Any]:
    options: dict[str, Any] = {"files": [], "force": False, "purge": False}
    matched_by_name = False
    for parameter in expression.args.get("params") or []:
        name = parameter.this.name.upper()
        value = parameter.expression
        if name == "FILE_FORMAT":
            require_parquet(session, parameter.expressions)
        elif name == "MATCH_BY_COLUMN_NAME":
            matched_by_name = value.name.upper() == "CASE_INSENSITIVE"
        elif name in ("FORCE", "PURGE"):
            options[name.lower()] = value is None or value.name.upper() in ("TRUE", "") and bool(value.this)
        elif name == "FILES":
            options["files"] = [literal.name for literal in parameter.find_all(exp.Literal)]
        elif name == "ON_ERROR" and value.name.upper() == "ABORT_STATEMENT":
            continue
        else:
            raise unsupported(f"COPY INTO with {parameter.sql(dialect='snowflake')}")
    if not matched_by_name:
        raise unsupported("COPY INTO without MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE")
    return options


def require_parquet(session: Session, options: list[Expr]) -> None:
    named = [option for option in options if option.name.upper() == "FORMAT_NAME"]
    chosen = parse_options([option for option in options if option not in named])
    for option in named:
        value = option.args["value"]
        name = value.sql(dialect="snowflake") if isinstance(value, exp.Table) else value.name
        duck = session.connection._duck_conn
        chosen = {**lookup_file_format(duck, name, session.database, session.schema), **chosen}
    if str(chosen.get("TYPE", "CSV")).upper() != "PARQUET":
        raise unsupported(f"COPY INTO from {chosen.get('TYPE', 'CSV')}; it loads PARQUET")
