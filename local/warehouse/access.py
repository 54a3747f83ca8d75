"""What a statement needs, and whether the session's role has it."""

from dataclasses import dataclass

from copy_source import read_source
from errors import SqlError, not_authorized
from fakesnow.transforms.stage import parts_from_var
from objects import missing, object_exists
from privileges import Privileges
from rewrite import full_name
from session import Session
from sqlglot import Expr, exp
from sqlglot.optimizer.scope import traverse_scope

SHARED_KINDS = {"TABLE": ("TABLE", "VIEW"), "VIEW": ("TABLE", "VIEW")}
MERGE_PRIVILEGES = {exp.Insert: "INSERT", exp.Update: "UPDATE"}


@dataclass(frozen=True)
class Need:
    privilege: str
    kind: str
    name: str


def authorize(session: Session, privileges: Privileges, statement: Expr) -> None:
    if privileges.is_administrator(session.role):
        return
    needed = needs(session, statement)
    if any(need.privilege not in ("USAGE", "OWNERSHIP") and need.kind == "TABLE" for need in needed):
        require_warehouse(session, privileges)
    for need in needed:
        require(session, privileges, need)


def require_warehouse(session: Session, privileges: Privileges) -> None:
    name = session.warehouse
    if name is None or not privileges.held(session.role, ["WAREHOUSE"], name):
        raise SqlError(
            "No active warehouse selected in the current session. Select an active warehouse with the 'use "
            f"warehouse' command (role {session.role} has no USAGE on warehouse {name})",
            606,
            "57P03",
        )


def require(session: Session, privileges: Privileges, need: Need) -> None:
    parts = need.name.split(".")
    containers = [("DATABASE", parts[0]), ("SCHEMA", ".".join(parts[:2]))][: len(parts) - 1]
    for kind, name in containers:
        if not privileges.held(session.role, [kind], name):
            raise missing(kind, name)
    kinds = SHARED_KINDS.get(need.kind, (need.kind,))
    held = privileges.held(session.role, kinds, need.name)
    if need.privilege in held or "OWNERSHIP" in held or ("ALL" in held and need.privilege != "OWNERSHIP"):
        return
    if not held and not any(object_exists(session, kind, need.name) for kind in kinds if kind != "ACCOUNT"):
        raise missing(need.kind, need.name)
    raise not_authorized(
        f"Insufficient privileges to operate on {need.kind.lower()} '{need.name}' "
        f"(role {session.role} lacks {need.privilege})"
    )


def needs(session: Session, statement: Expr) -> list[Need]:
    found = [Need("SELECT", "TABLE", name) for name in tables_read(session, statement)]
    match statement:
        case exp.Insert():
            privileges = ["INSERT", "DELETE"] if statement.args.get("overwrite") else ["INSERT"]
            found += on_table(session, statement.this, *privileges)
        case exp.Update():
            found += on_table(session, statement.this, "UPDATE")
        case exp.Delete():
            found += on_table(session, statement.this, "DELETE")
        case exp.Merge():
            kinds = {
                MERGE_PRIVILEGES.get(type(when.args["then"]), "DELETE")
                for when in statement.find_all(exp.When)
            }
            found += on_table(session, statement.this, *sorted(kinds))
        case exp.TruncateTable():
            for table in statement.expressions:
                found += on_table(session, table, "TRUNCATE")
        case exp.Copy():
            source = read_source(statement)
            found += on_table(session, source.target, "INSERT")
            found += on_stage(session, source.stage, "READ")
            found += on_file_format(session, statement)
        case exp.Put():
            found += on_stage(session, statement.args["target"].name, "WRITE")
        case exp.ListStage():
            found += on_stage(session, statement.this.name, "READ")
        case exp.Create():
            found += to_create(session, statement)
        case exp.Drop():
            kind, name = object_of(session, statement)
            if not statement.args.get("exists") or object_exists(session, kind, name):
                found.append(Need("OWNERSHIP", kind, name))
        case exp.Alter() | exp.Comment():
            found += [Need("OWNERSHIP", *object_of(session, statement))]
    return [need for need in found if need.name.count(".") < 2 or not is_temporary(session, need.name)]


def tables_read(session: Session, statement: Expr) -> list[str]:
    sources = [
        source
        for scope in traverse_scope(statement)
        for source in scope.sources.values()
        if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier)
    ]
    using = statement.args.get("using")
    if isinstance(using, exp.Table):
        sources.append(using)
    clone = statement.args.get("clone")
    if clone:
        sources.extend(clone.find_all(exp.Table))
    names = [full_name(session, source) for source in sources]
    return [".".join(name) for name in names if name[1] != "INFORMATION_SCHEMA"]


def on_table(session: Session, target: Expr, *privileges: str) -> list[Need]:
    table = target if isinstance(target, exp.Table) else target.find(exp.Table)
    name = ".".join(full_name(session, table))
    return [Need(privilege, "TABLE", name) for privilege in privileges]


def on_stage(session: Session, reference: str, privilege: str) -> list[Need]:
    name = reference.strip("'").removeprefix("@").partition("/")[0]
    return [Need(privilege, "STAGE", ".".join(parts_from_var(name, session.database, session.schema)))]


def on_file_format(session: Session, statement: exp.Copy) -> list[Need]:
    named = [p for p in statement.find_all(exp.Property) if p.name.upper() == "FORMAT_NAME"]
    tables = [p.args["value"] for p in named if isinstance(p.args["value"], exp.Table)]
    return [Need("USAGE", "FILE FORMAT", ".".join(full_name(session, table))) for table in tables]


def to_create(session: Session, statement: exp.Create) -> list[Need]:
    kind, name = object_of(session, statement)
    if kind == "DATABASE":
        return [Need("CREATE DATABASE", "ACCOUNT", "ACCOUNT")]
    container = name.rpartition(".")[0]
    found = []
    # Snowflake asks for no privilege but USAGE for a temporary table.
    if not statement.find(exp.TemporaryProperty):
        found.append(Need(f"CREATE {kind}", "DATABASE" if kind == "SCHEMA" else "SCHEMA", container))
    if statement.args.get("replace") and object_exists(session, "TABLE" if kind == "TABLE" else kind, name):
        found.append(Need("OWNERSHIP", kind, name))
    return found


def object_of(session: Session, statement: Expr) -> tuple[str, str]:
    """Kind and full name of what a CREATE, DROP, ALTER or COMMENT is about."""
    kind = str(statement.args.get("kind") or "TABLE").upper()
    table = statement.this if isinstance(statement.this, exp.Table) else statement.find(exp.Table)
    if kind == "DATABASE":
        return kind, full_name(session, table)[2]
    if kind == "SCHEMA":
        identifiers = [part for part in (table.args.get("catalog"), table.args.get("db"), table.this) if part]
        schema = full_name(session, exp.Table(this=identifiers[-1], db=None))[2]
        database = (
            full_name(session, exp.Table(this=identifiers[0]))[2]
            if len(identifiers) > 1
            else session.database
        )
        return kind, f"{database}.{schema}"
    return kind, ".".join(full_name(session, table))


def is_temporary(session: Session, name: str) -> bool:
    return tuple(name.split(".")) in session.temporary
