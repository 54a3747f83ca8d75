"""Which objects there are: databases, schemas, tables, views, stages, file formats, sequences."""

from errors import SqlError
from privileges import Privileges
from session import Session

OF_ACCOUNT = ("ROLE", "USER", "WAREHOUSE", "RESOURCE MONITOR")
RELATIONS = ("TABLE", "VIEW")
LISTS = {
    "DATABASE": "select database_name, '', '' from duckdb_databases() where path is not null",
    "SCHEMA": "select database_name, schema_name, '' from duckdb_schemas()",
    "TABLE": "select database_name, schema_name, table_name from duckdb_tables() where not temporary",
    "VIEW": "select database_name, schema_name, view_name from duckdb_views() "
    "where not temporary and not internal",
    "SEQUENCE": "select database_name, schema_name, sequence_name from duckdb_sequences()",
    "STAGE": "select database_name, schema_name, name from _fs_global._fs_information_schema._fs_stages",
    "FILE FORMAT": "select database_name, schema_name, name "
    "from _fs_global._fs_information_schema._fs_file_formats",
}


def names_in(session: Session, kind: str, container: str = "") -> list[str]:
    """Full names of a kind's objects, in one database or schema when it is given."""
    rows = session.connection._duck_conn.cursor().execute(LISTS[kind]).fetchall()
    names = [".".join(part for part in row if part) for row in rows]
    hidden = ("_fs_information_schema", "main", "information_schema", "pg_catalog")
    shown = [name for name in names if not any(f".{part}" in name for part in hidden)]
    return [name for name in shown if not container or name.startswith(f"{container}.")]


def object_exists(session: Session, kind: str, name: str) -> bool:
    return name in names_in(session, kind)


def kind_of_relation(session: Session, name: str) -> str:
    return "VIEW" if object_exists(session, "VIEW", name) else "TABLE"


def require_object(session: Session, privileges: Privileges, kind: str, name: str) -> None:
    if kind in OF_ACCOUNT:
        privileges.require(kind, name)
        return
    kinds = RELATIONS if kind in RELATIONS else (kind,)
    if not any(object_exists(session, one, name) for one in kinds):
        raise missing(kind, name)


def missing(kind: str, name: str) -> SqlError:
    return SqlError(
        f"SQL compilation error:\n{kind.capitalize()} '{name}' does not exist or not authorized.",
        2003,
        "02000",
    )
