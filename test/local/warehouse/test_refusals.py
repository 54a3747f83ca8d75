"""What the emulator can't do is an error that says so, never a success."""

import pytest
from snowflake.connector.errors import ProgrammingError


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("create stream s on table t", "CREATE STREAM"),
        ("create task t1 schedule = '1 minute' as select 1", "CREATE TASK"),
        ("create pipe p as copy into t from @s", "CREATE PIPE"),
        (
            "create dynamic table d target_lag = '1 minute' warehouse = w as select 1 as a",
            "TARGET_LAG|DYNAMIC",
        ),
        ("create function f() returns number as '1'", "CREATE FUNCTION"),
        ("create materialized view m as select 1 as a", "MATERIALIZED"),
        ("create masking policy p as (v varchar) returns varchar -> v", "CREATE MASKING"),
        ("create stage e url = 's3://bucket/x'", "external stages"),
        ("drop database crypto_market", "DROP DATABASE"),
        ("create or replace schema raw", "CREATE OR REPLACE SCHEMA"),
        ("call p()", "CALL"),
        ("execute immediate 'select 1'", "EXECUTE"),
        ("undrop table t", "UNDROP"),
        ("alter session set autocommit = false", "AUTOCOMMIT"),
        ("alter session set week_start = 1", "WEEK_START"),
        ("alter table known swap with other", "ALTER TABLE"),
        ("alter table known set tag a = 'b'", "ALTER TABLE"),
        ("alter account set x = 1", "ALTER"),
        ("select * from known at (offset => -60)", "time travel"),
        ("select hash(1)", r"HASH\(\)"),
        ("select width_bucket(1, 2, 3, 4)", "WIDTH_BUCKET"),
        ("select * from read_csv('/etc/passwd')", "READ_CSV"),
        ("select * from '/etc/passwd'", "files by path"),
        ("pragma version", "PRAGMA"),
        ("install httpfs", "INSTALL"),
        ("copy into known from @s file_format = (type = csv)", "PARQUET|CSV"),
        ("copy into known from (select $1 from @s)", "COPY INTO"),
        ("copy into @s from known", "COPY INTO"),
        ("select 1; select 2", "several statements"),
        ("show streams", "SHOW"),
        ("show primary keys in table known", "SHOW PRIMARY KEYS"),
        ("explain select 1", "EXPLAIN"),
    ],
)
def test_it_says_what_it_does_not_support(emulator, statement, named):
    emulator.run("create table if not exists known (n number)", "create stage if not exists s")
    with pytest.raises(ProgrammingError, match=rf"(?i)the Snowflake emulator does not support .*({named})"):
        emulator.run(statement)


@pytest.mark.parametrize("name", ["duckdb_tables", "sqlite_master", "pg_catalog.pg_class", "_fs_global.x.y"])
def test_what_only_duckdb_has_is_not_there(emulator, name):
    with pytest.raises(ProgrammingError, match="does not exist"):
        emulator.run(f"select * from {name}")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("selec 1", "001003"),
        ("select from where", "001003"),
        ("select * from nowhere", "002003"),
        ("attach ':memory:' as m", "001003"),
    ],
)
def test_a_wrong_statement_has_snowflakes_error_code(emulator, statement, code):
    with pytest.raises(ProgrammingError) as raised:
        emulator.run(statement)
    assert f"{raised.value.errno:06d}" == code


@pytest.mark.parametrize(
    "statement",
    [
        "comment on table known is 'words'",
        "alter table known set comment = 'words'",
        "alter table known set error_logging = true",
        "alter table known cluster by (n)",
        "alter table known modify column n comment 'words'",
        "use secondary roles none",
        "alter session set timezone = 'UTC'",
    ],
)
def test_the_listed_no_ops_succeed(emulator, statement):
    emulator.run("create table if not exists known (n number)")
    assert emulator.run(statement) == [("Statement executed successfully.",)]
