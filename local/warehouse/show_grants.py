"""SHOW GRANTS, as dbt and people ask."""

import re

from answer import Answer, texts
from grants import KINDS, NAME
from objects import kind_of_relation, require_object
from privileges import Grant, Privileges
from rewrite import qualified_parts, unquote
from session import Session

ON = re.compile(rf"SHOW\s+GRANTS\s+ON\s+(?:(?P<kind>{KINDS})\s+)?(?P<name>{NAME})\s*;?\s*$", re.IGNORECASE)
TO = re.compile(rf"SHOW\s+GRANTS\s+TO\s+(?P<kind>ROLE|USER)\s+(?P<name>{NAME})\s*;?\s*$", re.IGNORECASE)
OF = re.compile(rf"SHOW\s+GRANTS\s+OF\s+ROLE\s+(?P<name>{NAME})\s*;?\s*$", re.IGNORECASE)
FUTURE = re.compile(
    rf"SHOW\s+FUTURE\s+GRANTS\s+IN\s+(?P<kind>SCHEMA|DATABASE)\s+(?P<name>{NAME})\s*;?\s*$", re.IGNORECASE
)
COLUMNS = [
    "created_on", "privilege", "granted_on", "name",
    "granted_to", "grantee_name", "grant_option", "granted_by",
]  # fmt: skip


def show_grants(session: Session, privileges: Privileges, sql: str) -> Answer | None:
    if found := ON.match(sql):
        kind = re.sub(r"\s+", " ", (found["kind"] or "TABLE").upper())
        name = ".".join(qualified_parts(session, found["name"], {"DATABASE": 1, "SCHEMA": 2}.get(kind, 3)))
        if kind in ("ROLE", "USER", "WAREHOUSE", "RESOURCE MONITOR"):
            name = unquote(found["name"])
        require_object(session, privileges, kind, name)
        kind = kind_of_relation(session, name) if kind in ("TABLE", "VIEW") else kind
        return answer([g for g in privileges.grants if (g[2], g[3]) == (kind, name)])
    if found := TO.match(sql):
        name = unquote(found["name"])
        privileges.require(found["kind"].upper(), name)
        roles = [m[0] for m in privileges.members if m[1:] == (found["kind"].upper(), name)]
        usages = [(name, "USAGE", "ROLE", role) for role in roles]
        return answer(
            [*usages, *(g for g in privileges.grants if g[0] == name and not g[2].startswith("FUTURE "))]
        )
    if found := OF.match(sql):
        name = unquote(found["name"])
        privileges.require("ROLE", name)
        rows = sorted(["", *member] for member in privileges.members if member[0] == name)
        return texts(["created_on", "role", "granted_to", "grantee_name"], rows)
    if found := FUTURE.match(sql):
        parts = qualified_parts(session, found["name"], 2 if found["kind"].upper() == "SCHEMA" else 1)
        name = ".".join(parts)
        return answer([g for g in privileges.grants if g[2].startswith("FUTURE ") and g[3] == name])
    return None


def answer(grants: list[Grant]) -> Answer:
    rows = [
        ["", privilege, kind.removeprefix("FUTURE "), name, "ROLE", role, "false", ""]
        for role, privilege, kind, name in sorted(grants)
    ]
    return texts(COLUMNS, rows)
