"""LIST, REMOVE and DROP of stages and file formats, which fakesnow lacks or reads without their path."""

import hashlib
import re
import shutil
from email.utils import formatdate

from access import Need, require
from answer import Answer, status
from errors import SqlError
from objects import missing, object_exists
from privileges import Privileges
from rewrite import qualified
from session import Session
from stages import list_files, name_of_file, stage_folder, stage_root

REFERENCE = r"(?P<reference>@[^\s;]+)"
LIST = re.compile(rf"(LIST|LS)\s+{REFERENCE}$", re.IGNORECASE)
REMOVE = re.compile(rf"(REMOVE|RM)\s+{REFERENCE}$", re.IGNORECASE)
DROP = re.compile(
    r"DROP\s+(?P<kind>STAGE|FILE\s+FORMAT)\s+(?P<exists>IF\s+EXISTS\s+)?(?P<name>\S+)$", re.IGNORECASE
)
TABLES = {"STAGE": "_fs_stages", "FILE FORMAT": "_fs_file_formats"}
LIST_COLUMNS = [("name", "VARCHAR"), ("size", "BIGINT"), ("md5", "VARCHAR"), ("last_modified", "VARCHAR")]


def stage_statement(session: Session, sql: str) -> Answer | None:
    if found := LIST.match(sql):
        return list_stage(session, found["reference"])
    if found := REMOVE.match(sql):
        return remove(session, found["reference"])
    if found := DROP.match(sql):
        return drop(session, session.privileges, found)
    return None


def list_stage(session: Session, reference: str) -> Answer:
    folder = stage_folder(session, reference)
    allow(session, "READ", folder.name)
    rows = []
    for file in list_files(folder.path):
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        facts = file.stat()
        rows.append(
            [name_of_file(folder, file), str(facts.st_size), digest, formatdate(facts.st_mtime, usegmt=True)]
        )
    return Answer(LIST_COLUMNS, rows)


def remove(session: Session, reference: str) -> Answer:
    folder = stage_folder(session, reference)
    allow(session, "WRITE", folder.name)
    rows = []
    for file in list_files(folder.path):
        rows.append([name_of_file(folder, file), "removed"])
        file.unlink(missing_ok=True)
    return Answer([("name", "VARCHAR"), ("result", "VARCHAR")], rows)


def drop(session: Session, privileges: Privileges, found: re.Match) -> Answer:
    kind = re.sub(r"\s+", " ", found["kind"].upper())
    parts = qualified(session, found["name"])
    name = ".".join(parts)
    if not object_exists(session, kind, name):
        if found["exists"]:
            return status("Drop statement executed successfully.")
        raise missing(kind, name)
    allow(session, "OWNERSHIP", name, kind)
    session.connection._duck_conn.execute(
        f"delete from _fs_global._fs_information_schema.{TABLES[kind]} "
        "where database_name = ? and schema_name = ? and name = ?",
        list(parts),
    )
    if kind == "STAGE":
        shutil.rmtree(stage_root(*parts), ignore_errors=True)
    privileges.forget_object([kind], name)
    return status(f"{parts[2]} successfully dropped.")


def allow(session: Session, privilege: str, name: str, kind: str = "STAGE") -> None:
    if session.in_transaction and privilege == "OWNERSHIP":
        raise SqlError(
            "DROP of a stage inside a transaction is not supported by the Snowflake emulator", 2, "0A000"
        )
    if not session.privileges.is_administrator(session.role):
        require(session, session.privileges, Need(privilege, kind, name))
