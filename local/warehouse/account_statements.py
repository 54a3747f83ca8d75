"""Roles, users, warehouses and resource monitors: that they exist is kept, what they are set to is not."""

import re

from answer import Answer, status, texts
from errors import SqlError, not_authorized
from grants import NAME
from privileges import BUILT_IN_ROLES, Privileges
from rewrite import unquote
from session import Session

KINDS = r"(?P<kind>ROLE|USER|WAREHOUSE|RESOURCE\s+MONITOR)"
CREATE = re.compile(
    rf"CREATE\s+(?P<replace>OR\s+REPLACE\s+)?{KINDS}\s+(?P<exists>IF\s+NOT\s+EXISTS\s+)?(?P<name>{NAME})(?P<rest>[\s\S]*)",
    re.IGNORECASE,
)
ALTER = re.compile(
    rf"ALTER\s+{KINDS}\s+(?P<exists>IF\s+EXISTS\s+)?(?P<name>{NAME})(?P<rest>[\s\S]*)", re.IGNORECASE
)
DROP = re.compile(rf"DROP\s+{KINDS}\s+(?P<exists>IF\s+EXISTS\s+)?(?P<name>{NAME})\s*;?\s*$", re.IGNORECASE)
USE = re.compile(rf"USE\s+(?P<kind>ROLE|WAREHOUSE)\s+(?P<name>{NAME})\s*;?\s*$", re.IGNORECASE)
SHOW = re.compile(
    r"SHOW\s+(?P<kind>ROLES|USERS|WAREHOUSES|RESOURCE\s+MONITORS)\b(\s+LIKE\s+'(?P<like>[^']*)')?", re.I
)
DEFAULTS = re.compile(rf"DEFAULT_(?P<option>ROLE|WAREHOUSE)\s*=\s*'?(?P<value>{NAME})", re.IGNORECASE)


def account_statement(session: Session, privileges: Privileges, sql: str) -> Answer | None:
    if found := CREATE.match(sql):
        return create(session, privileges, found)
    if found := ALTER.match(sql):
        if not known(privileges, found):
            return status()
        require_right(session, privileges, found)
        keep_defaults(privileges, found)
        return status()
    if found := DROP.match(sql):
        return drop(session, privileges, found)
    if found := USE.match(sql):
        return use(session, privileges, found["kind"].upper(), unquote(found["name"]))
    if found := SHOW.match(sql):
        return show(privileges, words(found["kind"]).removesuffix("S"), found["like"])
    return None


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text.upper())


def create(session: Session, privileges: Privileges, found: re.Match) -> Answer:
    kind, name = words(found["kind"]), unquote(found["name"])
    if not privileges.is_administrator(session.role) and f"CREATE {kind}" not in privileges.held(
        session.role, ["ACCOUNT"], "ACCOUNT"
    ):
        raise not_authorized(
            f"Insufficient privileges: role {session.role} lacks CREATE {kind} on the account"
        )
    if privileges.exists(kind, name):
        if found["exists"]:
            return status(f"{name} already exists, statement succeeded.")
        if not found["replace"] or name in BUILT_IN_ROLES:
            raise SqlError(f"SQL compilation error:\nObject '{name}' already exists.", 2002, "42710")
        forget(privileges, kind, name)
    privileges.change("objects", add=[(kind, name)])
    privileges.own(session.role, kind, name)
    keep_defaults(privileges, found)
    return status(f"{kind.capitalize()} {name} successfully created.")


def drop(session: Session, privileges: Privileges, found: re.Match) -> Answer:
    if not known(privileges, found):
        return status("Drop statement executed successfully.")
    require_right(session, privileges, found)
    name = unquote(found["name"])
    if name in BUILT_IN_ROLES:
        raise not_authorized(f"Insufficient privileges to drop the system role '{name}'")
    forget(privileges, words(found["kind"]), name)
    return status(f"{name} successfully dropped.")


def forget(privileges: Privileges, kind: str, name: str) -> None:
    privileges.change("objects", remove=[(kind, name)])
    privileges.change(
        "members",
        remove=[m for m in privileges.members if (kind == "ROLE" and m[0] == name) or m[1:] == (kind, name)],
    )
    lost = [g for g in privileges.grants if (g[2], g[3]) == (kind, name) or (kind == "ROLE" and g[0] == name)]
    privileges.change("grants", remove=lost)


def known(privileges: Privileges, found: re.Match) -> bool:
    kind, name = words(found["kind"]), unquote(found["name"])
    if found["exists"] and not privileges.exists(kind, name):
        return False
    privileges.require(kind, name)
    return True


def require_right(session: Session, privileges: Privileges, found: re.Match) -> None:
    kind, name = words(found["kind"]), unquote(found["name"])
    if not privileges.is_administrator(session.role) and not {"OWNERSHIP", "MODIFY"} & privileges.held(
        session.role, [kind], name
    ):
        raise not_authorized(
            f"Insufficient privileges: role {session.role} does not own {kind.lower()} '{name}'"
        )


def keep_defaults(privileges: Privileges, found: re.Match) -> None:
    if words(found["kind"]) == "USER":
        for option in DEFAULTS.finditer(found["rest"]):
            privileges.set_default(unquote(found["name"]), option["option"].upper(), unquote(option["value"]))


def use(session: Session, privileges: Privileges, kind: str, name: str) -> Answer:
    privileges.require(kind, name)
    if kind == "ROLE":
        require_role(privileges, session.user, name)
        session.role = name
    elif not privileges.is_administrator(session.role) and not privileges.held(session.role, [kind], name):
        privileges.require(kind, f"{name}' to role '{session.role}")
    else:
        session.warehouse = name
    return status()


def require_role(privileges: Privileges, user: str, role: str) -> None:
    if not privileges.exists("ROLE", role):
        raise SqlError(
            f"Role '{role}' specified in the connect string does not exist or not authorized: "
            "the Snowflake emulator knows the roles that CREATE ROLE made",
            390189,
            "08001",
        )
    if not privileges.may_take(user, role):
        raise SqlError(f"Requested role '{role}' is not assigned to user '{user}'", 3013, "42501")


def show(privileges: Privileges, kind: str, like: str | None) -> Answer:
    names = {name for of_kind, name in privileges.objects if of_kind == kind}
    if kind == "ROLE":
        names |= BUILT_IN_ROLES
    pattern = re.compile(re.escape(like or "%").replace("%", ".*").replace("_", "."), re.IGNORECASE)
    return texts(["name", "kind"], [[name, kind] for name in sorted(names) if pattern.fullmatch(name)])
