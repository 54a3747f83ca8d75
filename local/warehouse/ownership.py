"""Keeps owners, grants and channels true to what is created, replaced, renamed and dropped."""

from collections.abc import Iterator
from contextlib import contextmanager

from access import object_of
from channels import forget_channels
from objects import object_exists
from privileges import Privileges
from rewrite import full_name
from session import Session
from sqlglot import Expr, exp


@contextmanager
def recorded(session: Session, privileges: Privileges, statement: Expr) -> Iterator[None]:
    match statement:
        case exp.Create() if not statement.find(exp.TemporaryProperty):
            with recorded_creation(session, privileges, statement):
                yield
        case exp.Drop():
            kind, name = object_of(session, statement)
            yield
            if not object_exists(session, kind, name):
                privileges.forget_object([kind], name)
                forget_channels(session.connection._duck_conn, kind, name)
        case exp.Alter() if rename := statement.find(exp.AlterRename):
            kind, name = object_of(session, statement)
            yield
            privileges.rename_object(kind, name, ".".join(full_name(session, rename.this)))
        case _:
            yield


@contextmanager
def recorded_creation(session: Session, privileges: Privileges, statement: exp.Create) -> Iterator[None]:
    kind, name = object_of(session, statement)
    existed = object_exists(session, kind, name)
    if not existed:
        # First, so that no object is ever without an owner, not even after kill -9 in between.
        privileges.forget_object([kind], name)
        privileges.own(session.role, kind, name)
    try:
        yield
    except Exception:
        if not existed:
            privileges.forget_object([kind], name)
        raise
    if existed and statement.args.get("replace"):
        forget_channels(session.connection._duck_conn, kind, name)
        if not statement.find(exp.CopyGrantsProperty):
            privileges.forget_object([kind], name)
            privileges.own(session.role, kind, name)
