"""One login: its place in the account, its DuckDB connection, and the transaction it may have open."""

import secrets
import threading
import time
from dataclasses import dataclass, field

import duckdb
from emulation import Connection
from engine import Engine
from errors import SqlError
from privileges import Privileges

IDLE_LIMIT_SECONDS = 4 * 3600
"""Snowflake's own limit; a client that vanished holds nothing for longer."""


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
    transaction_lost: bool = False
    """DuckDB gives a whole transaction up when a statement fails; Snowflake does not."""
    last_used: float = field(default_factory=time.monotonic)

    @property
    def database(self) -> str | None:
        return self.connection.database

    @property
    def schema(self) -> str | None:
        return self.connection.schema

    def close(self) -> None:
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
