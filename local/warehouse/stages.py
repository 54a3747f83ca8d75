"""Internal stages: folders that the emulator and its clients share."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from errors import unsupported
from fakesnow.transforms import stage
from session import Session
from sqlglot import Expr, exp

BOUND_PUT = re.compile(r"(\s*PUT\s+(?:'(?:[^'\\]|\\.)*'|\S+)\s+)\?", re.IGNORECASE)


@dataclass(frozen=True)
class StageFolder:
    name: str
    """Database, schema and stage, with dots."""
    root: Path
    path: Path
    """Below the root: a folder, or how the files' names begin."""


def stage_folder(session: Session, reference: str) -> StageFolder:
    """The folder of `@stage/path`."""
    name, _, path = reference.strip("'").removeprefix("@").partition("/")
    parts = stage.parts_from_var(name, session.database, session.schema)
    full_name = ".".join(parts)
    found = (
        session.connection._duck_conn.cursor()
        .execute(
            "select url from _fs_global._fs_information_schema._fs_stages "
            "where database_name = ? and schema_name = ? and name = ?",
            list(parts),
        )
        .fetchone()
    )
    if found is None:
        raise stage.not_found_error(full_name)
    if found[0]:
        raise unsupported("external stages")
    root = stage_root(*parts)
    return StageFolder(full_name, root, Path(stage.internal_dir(full_name, path)))


def stage_root(database: str, schema: str, name: str) -> Path:
    return Path(stage.internal_dir(f"{database}.{schema}.{name}"))


def name_of_file(folder: StageFolder, file: Path) -> str:
    """As LIST and COPY INTO show it."""
    return f"{folder.name.rpartition('.')[2].lower()}/{file.relative_to(folder.root)}"


def list_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    if not path.parent.is_dir():
        return []
    return sorted(file for file in path.parent.glob(f"{path.name}*") if file.is_file())


def with_stage(sql: str, binds: list[Any] | None) -> str:
    """PUT with the stage in its place, which the Python connector's own uploads bind."""
    found = BOUND_PUT.match(sql) if binds else None
    return f"{found[1]}'{binds[0]}'{sql[found.end() :]}" if found and binds else sql


def put(session: Session, expression: exp.Put) -> dict[str, Any]:
    """What the client needs to write the file itself: the emulator shares its file system."""
    options = {option.name.upper(): value_of(option) for option in expression.args.get("properties") or []}
    folder = stage_folder(session, expression.args["target"].name).path
    folder.mkdir(parents=True, exist_ok=True)
    location = {
        "locationType": "LOCAL_FS",
        "location": f"{folder}/",
        "creds": {},
        "isClientSideEncrypted": False,
    }
    return {
        "command": "UPLOAD",
        "src_locations": [expression.this.name.removeprefix("file://")],
        "parallel": int(options.get("PARALLEL", 4)),
        "autoCompress": bool(options.get("AUTO_COMPRESS", True)),
        "overwrite": bool(options.get("OVERWRITE", False)),
        "sourceCompression": str(options.get("SOURCE_COMPRESSION", "auto_detect")).lower(),
        "stageInfo": location,
    }


def value_of(option: Expr) -> Any:
    value = option.args.get("value")
    return value.this if isinstance(value, exp.Boolean | exp.Literal) else value.name if value else None
