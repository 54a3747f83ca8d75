"""Who may do what: roles, users, warehouses and grants of the account, kept on disk."""

import threading
from collections.abc import Iterable

from engine import Engine
from errors import SqlError

SCHEMA = "_fs_global._fs_information_schema"
ADMINISTRATORS = frozenset({"ACCOUNTADMIN", "SYSADMIN", "SECURITYADMIN"})
BUILT_IN_ROLES = ADMINISTRATORS | {"USERADMIN", "PUBLIC"}
BUILT_IN_GRANTS = {
    ("USERADMIN", "CREATE ROLE", "ACCOUNT", "ACCOUNT"),
    ("USERADMIN", "CREATE USER", "ACCOUNT", "ACCOUNT"),
}

Grant = tuple[str, str, str, str]
"""Role, privilege, kind of object, its full name."""
Member = tuple[str, str, str]
"""A role, and the USER or ROLE that has it."""
Named = tuple[str, str]
"""Kind and name of an object of the account: ROLE, USER, WAREHOUSE, RESOURCE MONITOR."""


class Privileges:
    def __init__(self, engine: Engine):
        self.duck = engine.duck_conn.cursor()
        self.lock = threading.RLock()
        self.duck.execute(f"create table if not exists {SCHEMA}._objects (kind varchar, name varchar)")
        self.duck.execute(
            f"create table if not exists {SCHEMA}._members (role varchar, kind varchar, name varchar)"
        )
        self.duck.execute(
            f"create table if not exists {SCHEMA}._grants "
            "(role varchar, privilege varchar, kind varchar, name varchar)"
        )
        self.duck.execute(
            f"create table if not exists {SCHEMA}._defaults "
            "(user_name varchar, option varchar, value varchar)"
        )
        self.objects: set[Named] = set(self.duck.execute(f"from {SCHEMA}._objects").fetchall())
        self.members: set[Member] = set(self.duck.execute(f"from {SCHEMA}._members").fetchall())
        self.grants: set[Grant] = set(self.duck.execute(f"from {SCHEMA}._grants").fetchall())
        rows = self.duck.execute(f"from {SCHEMA}._defaults").fetchall()
        self.defaults: dict[tuple[str, str], str] = {(user, option): value for user, option, value in rows}

    def exists(self, kind: str, name: str) -> bool:
        return (kind, name) in self.objects or (kind == "ROLE" and name in BUILT_IN_ROLES)

    def require(self, kind: str, name: str) -> None:
        if not self.exists(kind, name):
            raise SqlError(
                f"SQL compilation error:\n{kind.capitalize()} '{name}' does not exist or not authorized.",
                2003,
                "02000",
            )

    def roles_of(self, role: str) -> set[str]:
        """The role and every role that it has, directly or through another."""
        found = {role, "PUBLIC"}
        waiting = [role]
        while waiting:
            current = waiting.pop()
            for granted, kind, name in self.members:
                if kind == "ROLE" and name == current and granted not in found:
                    found.add(granted)
                    waiting.append(granted)
        return found

    def held(self, role: str, kinds: Iterable[str], name: str) -> set[str]:
        """Privileges on one object; OWNERSHIP and ALL stand for all others."""
        roles, kinds = self.roles_of(role), set(kinds)
        grants = BUILT_IN_GRANTS | self.grants if "ACCOUNT" in kinds else self.grants
        return {p for r, p, kind, named in grants if named == name and kind in kinds and r in roles}

    def is_administrator(self, role: str) -> bool:
        return bool(ADMINISTRATORS & self.roles_of(role))

    def may_take(self, user: str, role: str) -> bool:
        """A user that was created has the roles it was granted; any other stands for an administrator."""
        if ("USER", user) not in self.objects or role == "PUBLIC":
            return True
        own = {granted for granted, kind, name in self.members if kind == "USER" and name == user}
        return any(role in self.roles_of(granted) for granted in own)

    def change(self, table: str, add: Iterable[tuple] = (), remove: Iterable[tuple] = ()) -> None:
        """Adds and removes rows of `_objects`, `_members` or `_grants`, in memory and on disk."""
        with self.lock:
            rows: set = getattr(self, table)
            added = [row for row in dict.fromkeys(add) if row not in rows]
            removed = [row for row in dict.fromkeys(remove) if row in rows]
            if not added and not removed:
                return
            columns = {"objects": ("kind", "name"), "members": ("role", "kind", "name")}.get(
                table, ("role", "privilege", "kind", "name")
            )
            matches = " and ".join(f"{column} = ?" for column in columns)
            self.duck.begin()
            for row in removed:
                self.duck.execute(f"delete from {SCHEMA}._{table} where {matches}", row)
            for row in added:
                self.duck.execute(f"insert into {SCHEMA}._{table} values ({', '.join('?' * len(row))})", row)
            self.duck.commit()
            # a new set, so that a reader in another thread never sees one change while it walks
            setattr(self, table, (rows | set(added)) - set(removed))

    def set_default(self, user: str, option: str, value: str) -> None:
        with self.lock:
            self.duck.execute(
                f"delete from {SCHEMA}._defaults where user_name = ? and option = ?", [user, option]
            )
            self.duck.execute(f"insert into {SCHEMA}._defaults values (?, ?, ?)", [user, option, value])
            self.defaults = {**self.defaults, (user, option): value}

    def forget_object(self, kinds: Iterable[str], name: str) -> None:
        """Of a dropped object, and of everything in it."""
        kinds = set(kinds)
        inside = f"{name}."
        gone = [g for g in self.grants if (g[3] == name and g[2] in kinds) or g[3].startswith(inside)]
        self.change("grants", remove=gone)

    def rename_object(self, kind: str, old: str, new: str) -> None:
        moved = [g for g in self.grants if g[3] == old and g[2] == kind]
        self.change("grants", add=[(*g[:3], new) for g in moved], remove=moved)

    def own(self, role: str, kind: str, name: str) -> None:
        """Makes the role the owner of a new object, and gives others what future grants promise them."""
        promised = self.future_grants(kind, name)
        owners = [grant for grant in promised if grant[1] == "OWNERSHIP"]
        owner = owners[0][0] if owners else role
        others = [(r, p, kind, name) for r, p, _, _ in promised if p != "OWNERSHIP"]
        self.change("grants", add=[(owner, "OWNERSHIP", kind, name), *others])

    def future_grants(self, kind: str, name: str) -> list[Grant]:
        """Those of the schema, or of the database where the schema has none."""
        container = name
        while "." in container:
            container = container.rpartition(".")[0]
            found = [g for g in self.grants if g[2] == f"FUTURE {kind}" and g[3] == container]
            if found:
                return found
        return []
