"""One login: its place in the account, its DuckDB connection, and the transaction it may have open."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb
from clients import Address, is_there
from emulation import Connection
from engine import Engine
from errors import SqlError
from privileges import Privileges

IDLE_LIMIT_SECONDS = 4 * 3600
"""Snowflake's own limit; a client that vanished holds nothing for longer."""
ABANDONED_AFTER_SECONDS = 300
"""As in Snowflake: an idle transaction that is in another's way ends then."""


@dataclass
class Session:
    connection: Connection
    user: str
    role: str
    warehouse: str | None
    privileges: Privileges = field(repr=False)
    parameters: dict[str, str] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    lock: threading.Lock = field(default_factory=threading.Lock)
    temporary: set[tuple[str, str, str]] = field(default_factory=set)
    """Database, schema and name of the temporary objects, which DuckDB keeps without the first two."""
    in_transaction: bool = False
    has_changes: bool = False
    transaction_lost: bool = False
    """DuckDB gives a whole transaction up when a statement fails; Snowflake does not."""
    last_used: float = field(default_factory=time.monotonic)
    addresses: set[Address] = field(default_factory=set)
    """Where its requests came from."""
    release_abandoned: Callable[[], None] = field(default=lambda: None, repr=False)
    """Ends transactions of sessions whose client is gone."""

    @property
    def database(self) -> str | None:
        return self.connection.database

    @property
    def schema(self) -> str | None:
        return self.connection.schema

    def interrupt(self) -> None:
        """Stops the statement that runs; it fails as cancelled."""
        self.connection._duck_conn.interrupt()

    def close(self) -> None:
        self.interrupt()
        with self.lock:
            self.connection.close()


class Sessions:
    def __init__(self, engine: Engine):
        self.engine = engine
        self.privileges = Privileges(engine)
        self.by_token: dict[str, Session] = {}
        self.lock = threading.Lock()

    def open(
        self, user: str, role: str, warehouse: str | None, database: str | None, schema: str | None
    ) -> Session:
        connection = Connection(
            self.engine.duck_conn.cursor(),
            self.engine.results_cache,
            database,
            schema,
            create_database=False,
            create_schema=False,
            db_path=self.engine.db_path,
        )
        session = Session(connection, user, role, warehouse, self.privileges)
        session.release_abandoned = self.release_abandoned
        with self.lock:
            self.by_token[session.token] = session
        self.close_idle()
        return session

    def find(self, token: str) -> Session:
        session = self.by_token.get(token)
        if session is None:
            raise SqlError("User must login again to access the service.", 390104, "08001")
        session.last_used = time.monotonic()
        return session

    def close(self, token: str) -> None:
        with self.lock:
            session = self.by_token.pop(token, None)
        if session:
            session.close()

    def interrupt_all(self) -> None:
        for session in list(self.by_token.values()):
            session.interrupt()

    def close_all(self, within_seconds: float) -> None:
        """A statement that has just begun may miss an interrupt, so it gets more than one."""
        give_up_at = time.monotonic() + within_seconds
        for session in list(self.by_token.values()):
            while not session.lock.acquire(timeout=0.02):
                if time.monotonic() > give_up_at:
                    return
                session.interrupt()
            session.connection.close()

    def release_abandoned(self) -> None:
        """Rolls back what is left open by a client that is gone, or idle for as long as Snowflake waits."""
        idle_since = time.monotonic() - ABANDONED_AFTER_SECONDS
        for session in list(self.by_token.values()):
            is_abandoned = not is_there(session.addresses) or session.last_used < idle_since
            if session.in_transaction and is_abandoned and session.lock.acquire(blocking=False):
                try:
                    roll_back(session)
                    session.in_transaction = session.has_changes = False
                    session.transaction_lost = True
                finally:
                    session.lock.release()

    def close_idle(self) -> None:
        oldest = time.monotonic() - IDLE_LIMIT_SECONDS
        for session in list(self.by_token.values()):
            if session.last_used < oldest and not session.lock.locked():
                self.close(session.token)


def roll_back(session: Session) -> None:
    """Ends DuckDB's transaction, if one is open."""
    try:
        session.connection._duck_conn.rollback()
    except duckdb.TransactionException:
        return
