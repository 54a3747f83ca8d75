"""GRANT and REVOKE."""

import re
from dataclasses import dataclass

from answer import Answer, status
from errors import SqlError, not_authorized, unsupported
from objects import kind_of_relation, names_in, require_object
from privileges import Privileges
from rewrite import qualified_parts, unquote
from session import Session

NAME = r"(?:\"[^\"]+\"|[\w$]+)(?:\.(?:\"[^\"]+\"|[\w$]+)){0,2}"
KINDS = r"DATABASE|SCHEMA|TABLE|VIEW|STAGE|FILE\s+FORMAT|SEQUENCE|WAREHOUSE|ROLE|USER|RESOURCE\s+MONITOR"
PLURALS = r"SCHEMAS|TABLES|VIEWS|STAGES|FILE\s+FORMATS|SEQUENCES"
ROLE_MEMBERSHIP = re.compile(
    rf"(?P<verb>GRANT|REVOKE)\s+ROLE\s+(?P<role>{NAME})\s+(?:TO|FROM)\s+(?P<kind>ROLE|USER)\s+(?P<member>{NAME})\s*;?\s*$",
    re.IGNORECASE,
)
PRIVILEGES = re.compile(
    rf"(?P<verb>GRANT|REVOKE)\s+(?P<privileges>[\w\s,]+?)\s+ON\s+(?:"
    rf"(?P<account>ACCOUNT)"
    rf"|(?P<which>ALL|FUTURE)\s+(?P<plural>{PLURALS})\s+IN\s+(?P<container_kind>SCHEMA|DATABASE)\s+(?P<container>{NAME})"
    rf"|(?:(?P<kind>{KINDS})\s+)?(?P<name>{NAME})"
    rf")\s+(?:TO|FROM)\s+(?:ROLE\s+)?(?P<role>{NAME})"
    rf"(?:\s+(?:WITH\s+GRANT\s+OPTION|(?:COPY|REVOKE)\s+CURRENT\s+GRANTS|CASCADE|RESTRICT))?\s*;?\s*$",
    re.IGNORECASE,
)
MANAGED_SCHEMA = "MANAGED SCHEMA"
MANAGED_ACCESS = re.compile(
    rf"ALTER\s+SCHEMA\s+(?P<name>{NAME})\s+(?P<verb>ENABLE|DISABLE)\s+MANAGED\s+ACCESS\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Target:
    kind: str
    name: str


def grant_statement(session: Session, privileges: Privileges, sql: str) -> Answer | None:
    if not re.match(r"(GRANT|REVOKE)\b", sql, re.IGNORECASE):
        return None
    if found := ROLE_MEMBERSHIP.match(sql):
        role, kind, member = unquote(found["role"]), found["kind"].upper(), unquote(found["member"])
        privileges.require("ROLE", role)
        privileges.require(kind, member)
        require_owner(session, privileges, Target("ROLE", role))
        if kind == "ROLE" and found["verb"].upper() == "GRANT" and member in privileges.roles_of(role):
            raise SqlError(
                f"Role '{role}' can't be granted to '{member}', which it has itself", 3008, "42501"
            )
        change(privileges, "members", found["verb"], [(role, kind, member)])
        return status()
    found = PRIVILEGES.match(sql)
    if found is None:
        raise unsupported("this form of GRANT or REVOKE; see the list in its README")
    role = unquote(found["role"])
    privileges.require("ROLE", role)
    names = [re.sub(r"\s+", " ", part.strip().upper()) for part in found["privileges"].split(",")]
    names = ["ALL" if name == "ALL PRIVILEGES" else name for name in names]
    targets = targets_of(session, privileges, found)
    for target in targets:
        require_owner(session, privileges, target)
    if names == ["OWNERSHIP"] and found["verb"].upper() == "GRANT":
        before = [g for g in privileges.grants if g[1] == "OWNERSHIP" and Target(g[2], g[3]) in targets]
        privileges.change("grants", remove=[grant for grant in before if grant[0] != role])
    change(
        privileges,
        "grants",
        found["verb"],
        [(role, name, target.kind, target.name) for name in names for target in targets],
    )
    return status()


def change(privileges: Privileges, table: str, verb: str, rows: list[tuple]) -> None:
    if verb.upper() == "GRANT":
        privileges.change(table, add=rows)
    else:
        privileges.change(table, remove=rows)


def targets_of(session: Session, privileges: Privileges, found: re.Match) -> list[Target]:
    if found["account"]:
        return [Target("ACCOUNT", "ACCOUNT")]
    if found["which"]:
        kind = re.sub(r"\s+", " ", found["plural"].upper()).removesuffix("S")
        container_kind = found["container_kind"].upper()
        container = ".".join(
            qualified_parts(session, found["container"], 2 if container_kind == "SCHEMA" else 1)
        )
        require_object(session, privileges, container_kind, container)
        if found["which"].upper() == "FUTURE":
            return [Target(f"FUTURE {kind}", container)]
        return [Target(kind, name) for name in names_in(session, kind, container)]
    kind = re.sub(r"\s+", " ", (found["kind"] or "TABLE").upper())
    name = ".".join(qualified_parts(session, found["name"], {"DATABASE": 1, "SCHEMA": 2}.get(kind, 3)))
    if kind in ("WAREHOUSE", "ROLE", "USER", "RESOURCE MONITOR"):
        name = unquote(found["name"])
    require_object(session, privileges, kind, name)
    return [Target(kind_of_relation(session, name) if kind in ("TABLE", "VIEW") else kind, name)]


def require_owner(session: Session, privileges: Privileges, target: Target) -> None:
    """Only an object's owner grants; where access is managed, and for what is to come, only the schema's."""
    if privileges.is_administrator(session.role):
        return
    kind, name = target.kind, target.name
    schema = name if kind.startswith("FUTURE ") else name.rpartition(".")[0]
    if kind.startswith("FUTURE ") or privileges.exists(MANAGED_SCHEMA, schema):
        kind, name = "SCHEMA" if "." in schema else "DATABASE", schema
    if "OWNERSHIP" not in privileges.held(session.role, [kind], name):
        raise not_authorized(
            f"Insufficient privileges: role {session.role} is not the owner of {kind.lower()} '{name}'"
        )


def managed_access(session: Session, privileges: Privileges, sql: str) -> Answer | None:
    found = MANAGED_ACCESS.match(sql)
    if found is None:
        return None
    name = ".".join(qualified_parts(session, found["name"], 2))
    require_object(session, privileges, "SCHEMA", name)
    require_owner(session, privileges, Target("SCHEMA", name))
    rows = [(MANAGED_SCHEMA, name)]
    if found["verb"].upper() == "ENABLE":
        privileges.change("objects", add=rows)
    else:
        privileges.change("objects", remove=rows)
    return status()
