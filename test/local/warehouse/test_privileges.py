"""Roles and grants decide what a session may do, as in Snowflake."""

import pytest
from snowflake.connector.errors import DatabaseError, ProgrammingError

ACCOUNT = [
    "create role if not exists crypto_loader",
    "create role if not exists crypto_transformer",
    "create role if not exists crypto_reader",
    "create warehouse if not exists crypto_loading with warehouse_size = 'XSMALL' auto_suspend = 60",
    "create schema crypto_market.marts",
    "grant usage on warehouse crypto_loading to role crypto_loader",
    "grant usage on warehouse crypto_loading to role crypto_transformer",
    "grant usage on warehouse crypto_loading to role crypto_reader",
    "grant usage on database crypto_market to role crypto_loader",
    "grant usage on database crypto_market to role crypto_transformer",
    "grant usage on database crypto_market to role crypto_reader",
    "grant usage on schema crypto_market.raw to role crypto_loader",
    "grant usage on schema crypto_market.raw to role crypto_transformer",
    "create table crypto_market.raw.landing (n number(38, 0))",
    "insert into crypto_market.raw.landing values (1)",
    "grant insert on table crypto_market.raw.landing to role crypto_loader",
    "grant select on all tables in schema crypto_market.raw to role crypto_transformer",
    "grant select on future tables in schema crypto_market.raw to role crypto_transformer",
    "grant usage, create table, create view on schema crypto_market.marts to role crypto_transformer",
    "grant usage on schema crypto_market.marts to role crypto_reader",
    "grant select on future tables in schema crypto_market.marts to role crypto_reader",
    "grant select on future views in schema crypto_market.marts to role crypto_reader",
    "grant role crypto_reader to role crypto_loader",
]


@pytest.fixture(scope="module", autouse=True)
def account(emulator):
    emulator.run(*ACCOUNT)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into raw.landing values (2)",
        "update raw.landing set n = 2",
        "delete from raw.landing",
        "truncate table raw.landing",
        "merge into raw.landing using (select 1 as n) s on s.n = landing.n when matched then delete",
        "create or replace table raw.landing (n number(38, 0))",
        "create or replace table raw.landing as select 5 as n",
        "create table raw.mine (n number(38, 0))",
        "create view raw.mine as select 1 as n",
        "drop table raw.landing",
        "alter table raw.landing add column m number(38, 0)",
        "alter table raw.landing rename to raw.gone",
        "create schema crypto_market.mine",
        "drop schema crypto_market.raw",
        "grant insert on table raw.landing to role crypto_transformer",
        "create role mine",
    ],
)
def test_the_transformer_can_neither_write_replace_nor_drop_what_is_landed(emulator, statement):
    with pytest.raises(ProgrammingError, match=r"Insufficient privileges|not authorized"):
        emulator.run(statement, role="CRYPTO_TRANSFORMER")
    assert emulator.run("select n from raw.landing") == [(1,)]


def test_the_transformer_reads_what_is_landed_and_owns_what_it_makes(emulator):
    made = emulator.run(
        "create or replace table marts.fct as select n from raw.landing",
        "create or replace table marts.fct as select n + 1 as n from raw.landing",
        "insert into marts.fct values (7)",
        "create or replace view marts.v as select n from marts.fct",
        "create temporary table marts.scratch as select 1 as n",
        "insert into marts.scratch values (2)",
        "select count(*) from marts.v cross join marts.scratch",
        role="CRYPTO_TRANSFORMER",
    )
    assert made == [(4,)]


def test_future_grants_reach_tables_that_are_made_later_and_replaced(emulator):
    emulator.run("create or replace table marts.later as select 3 as n", role="CRYPTO_TRANSFORMER")
    assert emulator.run("select n from marts.later", role="CRYPTO_READER") == [(3,)]
    emulator.run("create or replace table marts.later as select 4 as n", role="CRYPTO_TRANSFORMER")
    assert emulator.run("select n from marts.later", role="CRYPTO_LOADER") == [(4,)]


def test_a_role_without_usage_of_the_schema_does_not_see_its_tables(emulator):
    with pytest.raises(ProgrammingError, match=r"'CRYPTO_MARKET.RAW' does not exist or not authorized"):
        emulator.run("select n from raw.landing", role="CRYPTO_READER")


def test_a_role_without_usage_of_the_warehouse_computes_nothing(emulator):
    emulator.run("create warehouse if not exists other")
    with pytest.raises(ProgrammingError, match="No active warehouse"):
        emulator.run("select n from raw.landing", role="CRYPTO_TRANSFORMER", warehouse="OTHER")


def test_a_dropped_table_takes_its_grants_with_it(emulator):
    emulator.run("create table raw.short (n number(38, 0))", "grant insert on raw.short to crypto_loader")
    emulator.run("insert into raw.short values (1)", role="CRYPTO_LOADER")
    emulator.run("drop table raw.short", "create table raw.short (n number(38, 0))")
    with pytest.raises(ProgrammingError, match=r"not authorized|Insufficient"):
        emulator.run("insert into raw.short values (1)", role="CRYPTO_LOADER")


def test_a_revoked_privilege_is_gone(emulator):
    emulator.run("create table raw.lent (n number(38, 0))", "grant insert on raw.lent to role crypto_loader")
    emulator.run("revoke insert on table raw.lent from role crypto_loader")
    with pytest.raises(ProgrammingError, match=r"not authorized|Insufficient"):
        emulator.run("insert into raw.lent values (1)", role="CRYPTO_LOADER")


def test_grants_are_shown_as_dbt_reads_them(emulator):
    with emulator.connect() as connection:
        cursor = connection.cursor().execute("show grants on table raw.landing")
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    shown = {(row["privilege"], row["granted_to"], row["grantee_name"]) for row in rows}
    assert shown == {
        ("OWNERSHIP", "ROLE", "ACCOUNTADMIN"),
        ("INSERT", "ROLE", "CRYPTO_LOADER"),
        ("SELECT", "ROLE", "CRYPTO_TRANSFORMER"),
    }


def test_a_role_that_nobody_created_cannot_log_in(emulator):
    with pytest.raises(DatabaseError, match="'NOBODY' .*does not exist or not authorized"):
        emulator.connect("NOBODY")


def test_a_user_that_was_created_takes_only_the_roles_it_was_granted(emulator):
    emulator.run("create user if not exists service type = service default_role = crypto_reader")
    emulator.run("grant role crypto_reader to user service")
    assert emulator.run("select current_role()", user="service") == [("CRYPTO_READER",)]
    with pytest.raises(DatabaseError, match="'CRYPTO_LOADER' is not assigned to user 'SERVICE'"):
        emulator.connect("CRYPTO_LOADER", user="SERVICE")
    with pytest.raises(ProgrammingError, match="is not assigned"):
        emulator.run("use role accountadmin", user="SERVICE")


def test_a_grant_on_what_is_not_there_is_refused(emulator):
    with pytest.raises(ProgrammingError, match=r"'CRYPTO_MARKET.RAW.NOTHING' does not exist"):
        emulator.run("grant select on table raw.nothing to role crypto_reader")
    with pytest.raises(ProgrammingError, match="Role 'NOBODY' does not exist"):
        emulator.run("grant select on table raw.landing to role nobody")


def test_roles_and_grants_survive_a_kill(emulator):
    before = sorted(emulator.run("show grants to role crypto_transformer"))
    assert len(before) > 5
    emulator.restart()
    assert sorted(emulator.run("show grants to role crypto_transformer")) == before
    assert emulator.run("select n from raw.landing", role="CRYPTO_TRANSFORMER") == [(1,)]
    with pytest.raises(ProgrammingError, match="Insufficient privileges"):
        emulator.run("create or replace table raw.landing as select 9 as n", role="CRYPTO_TRANSFORMER")
