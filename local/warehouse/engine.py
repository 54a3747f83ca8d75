"""The DuckDB behind the emulator: a file per Snowflake database, and one for what belongs to the account."""

from contextlib import suppress
from pathlib import Path

import duckdb
from channels import create_table
from fakesnow import info_schema, macros
from fakesnow.instance import GLOBAL_DATABASE_NAME, FakeSnow
from fakesnow.transforms import show, stage

THREADS = 2
RESULTS_KEPT = 16
"""Results that RESULT_SCAN can still find; fakesnow itself would keep every one."""


class RecentResults(dict):
    def __setitem__(self, query_id: str, result: tuple) -> None:
        super().__setitem__(query_id, result)
        while len(self) > RESULTS_KEPT:
            self.pop(next(iter(self)), None)


class Engine(FakeSnow):
    """fakesnow's instance with its own state on disk too: stages, file formats, comments, text lengths."""

    def __init__(self, folder: Path, memory_limit: str):
        folder.mkdir(parents=True, exist_ok=True)
        # fakesnow makes a temporary folder when it is imported, which nobody would remove.
        Path(stage.LOCAL_BUCKET_PATH).rmdir()
        stage.LOCAL_BUCKET_PATH = str(folder / "stage")
        self.create_database_on_connect = False
        self.create_schema_on_connect = False
        self.db_path = folder
        self.nop_regexes = None
        self.results_cache = RecentResults()
        self.duck_conn = duckdb.connect(
            ":memory:",
            config={
                "lambda_syntax": "ENABLE_SINGLE_ARROW",
                "memory_limit": memory_limit,
                "threads": THREADS,
                "temp_directory": str(folder / "spill"),
                "autoinstall_known_extensions": False,
            },
        )
        self.duck_conn.execute("SET GLOBAL TimeZone = 'UTC'")
        self.attach(GLOBAL_DATABASE_NAME)
        self.duck_conn.execute(info_schema.fs_global_creation_sql())
        self.duck_conn.execute(show.fs_global_creation_sql())
        for file in sorted(folder.glob("*.db")):
            if file.stem != GLOBAL_DATABASE_NAME:
                self.attach(file.stem)
                self.duck_conn.execute(info_schema.per_db_creation_sql(file.stem))
                # Replacing a macro is refused once a column's default uses it.
                missing_macros = macros.creation_sql(file.stem).replace(
                    "CREATE OR REPLACE MACRO", "CREATE MACRO IF NOT EXISTS"
                )
                self.duck_conn.execute(missing_macros)
                create_table(self.duck_conn, file.stem)

    def attach(self, name: str) -> None:
        path = str(self.db_path / f"{name}.db").replace("'", "''")
        self.duck_conn.execute(f"ATTACH IF NOT EXISTS '{path}' AS \"{name}\"")

    def close(self) -> None:
        """Folds the write-ahead logs into the database files, so that the next start is quick."""
        for (name,) in self.duck_conn.execute(
            "select database_name from duckdb_databases() where path is not null"
        ).fetchall():
            # A transaction that is still open prevents it; the log is then read at the next start.
            with suppress(duckdb.TransactionException):
                self.duck_conn.execute(f'CHECKPOINT "{name}"')
        self.duck_conn.close()
