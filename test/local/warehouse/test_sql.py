"""Values and statements come through the Python connector as Snowflake would give them."""

import datetime
import decimal

import pytest
from snowflake.connector.errors import IntegrityError, ProgrammingError

EXACT = decimal.Decimal("12345678901234567890.123456789012345678")


def test_numbers_times_and_documents_come_back_exactly(emulator):
    rows = emulator.run(
        "create or replace table exact "
        "(price number(38, 18), seen timestamp_ntz(3), content variant, day date)",
        f"insert into exact select {EXACT}, '1969-12-31 23:59:59.123', "
        """parse_json('{"a": {"b": "1.50"}}'), """
        "'2025-01-31'",
        "select price, sum(price) as total, seen, content:a.b::number(38, 18) as inner_price, "
        "content:a:b::varchar as text, day, price > 1 as above from exact group by all",
    )
    assert rows == [
        (
            EXACT,
            EXACT,
            datetime.datetime(1969, 12, 31, 23, 59, 59, 123000),
            decimal.Decimal("1.5"),
            "1.50",
            datetime.date(2025, 1, 31),
            True,
        )
    ]


def test_a_sum_of_decimals_keeps_every_digit(emulator):
    rows = emulator.run(
        "create or replace table parts (v number(38, 18))",
        "insert into parts values (0.1), (0.2), (10000000000000000000)",
        "select sum(v) as total, sum(v) = 10000000000000000000.3 as same from parts",
    )
    assert rows == [(decimal.Decimal("10000000000000000000.3"), True)]


def test_binds_keep_their_types(emulator):
    with emulator.connect(paramstyle="qmark") as connection:
        cursor = connection.cursor()
        cursor.execute(
            "create or replace table bound "
            "(d number(38, 18), t timestamp_ntz, s varchar, n number, b boolean)"
        )
        seen = datetime.datetime(2025, 10, 29, 4, 22, 59, 999999)
        row = (decimal.Decimal("0.123456789012345678"), seen, "it's; -- text", None, True)
        cursor.execute("insert into bound values (?, ?, ?, ?, ?)", row)
        cursor.executemany("insert into bound (s, n) values (?, ?)", [("x", 1), ("y", 2)])
        assert cursor.rowcount == 2
        assert cursor.execute("select * from bound where s = ?", ("it's; -- text",)).fetchall() == [row]
        assert cursor.execute("select sum(n) from bound where n >= ?", (1,)).fetchall() == [(3,)]


def test_merge_counts_what_it_inserted_and_updated(emulator):
    rows = emulator.run(
        "create or replace table target (id number, v varchar)",
        "insert into target values (1, 'old'), (2, 'old')",
        "merge into target using "
        "(select column1 as id, column2 as v from values (2, 'new'), (3, 'new')) as s "
        "on s.id = target.id when matched then update set v = s.v "
        "when not matched then insert (id, v) values (id, v)",
    )
    assert rows == [(1, 1)]
    assert emulator.run("select id, v from target order by id") == [(1, "old"), (2, "new"), (3, "new")]


def test_keys_are_noted_but_only_not_null_is_enforced(emulator):
    emulator.run(
        "create or replace table keyed (id number not null primary key, u number unique, "
        "constraint f foreign key (u) references keyed (id))",
        "insert into keyed values (1, 1), (1, 1)",
    )
    with pytest.raises((IntegrityError, ProgrammingError), match="NOT NULL constraint failed"):
        emulator.run("insert into keyed values (null, 2)")
    assert emulator.run("select count(*) from keyed") == [(2,)]


def test_a_temporary_table_is_its_sessions_own_and_answers_to_its_full_name(emulator):
    with emulator.connect() as connection, emulator.connect() as other:
        cursor = connection.cursor()
        cursor.execute(
            "create or replace temporary table crypto_market.raw.scratch as select 1::number(9, 2) as n"
        )
        cursor.execute("insert into crypto_market.raw.scratch values (2)")
        assert cursor.execute("select sum(n) from raw.scratch s").fetchall() == [(decimal.Decimal(3),)]
        described = cursor.execute("describe table crypto_market.raw.scratch").fetchall()
        assert [row[:2] for row in described] == [("N", "NUMBER(9,2)")]
        with pytest.raises(ProgrammingError, match="SCRATCH"):
            other.cursor().execute("select * from crypto_market.raw.scratch")
        cursor.execute("drop table crypto_market.raw.scratch")
        cursor.execute("create table crypto_market.raw.scratch as select 7 as n")
        assert other.cursor().execute("select n from raw.scratch").fetchall() == [(7,)]


def test_a_view_keeps_its_query_and_a_table_its_declared_types(emulator):
    rows = emulator.run(
        "create or replace table shaped "
        "(a varchar(10), b number(38, 18), c timestamp_ntz(3), d variant, e float)",
        "create or replace view shaped_view as select b, c from shaped",
        "describe table shaped",
    )
    assert [row[1] for row in rows] == [
        "VARCHAR(10)",
        "NUMBER(38,18)",
        "TIMESTAMP_NTZ(9)",
        "VARIANT",
        "FLOAT",
    ]
    columns = "select column_name, data_type from information_schema.columns where table_name = 'SHAPED_VIEW'"
    assert sorted(emulator.run(columns)) == [("B", "NUMBER"), ("C", "TIMESTAMP_NTZ")]
    tables = "select table_name from information_schema.tables where table_name = 'SHAPED'"
    assert emulator.run(tables) == [("SHAPED",)]


def test_the_session_knows_who_and_where_it_is(emulator):
    asked = "select current_role(), current_user(), current_warehouse(), current_database(), current_schema()"
    assert emulator.run(asked) == [("ACCOUNTADMIN", "TESTER", "CRYPTO_LOADING", "CRYPTO_MARKET", "RAW")]


def test_a_query_tag_is_kept_for_the_session(emulator):
    shown = emulator.run("alter session set query_tag = 'dbt'", "show parameters like 'query_tag' in session")
    assert shown[0][:2] == ("QUERY_TAG", "dbt")
    assert emulator.run("show parameters like 'query_tag' in session")[0][:2] == ("QUERY_TAG", "")


def test_a_transaction_is_all_or_nothing_and_ddl_commits_it(emulator):
    emulator.run("create or replace table ledger (n number)")
    emulator.run("begin", "insert into ledger values (1)", "rollback")
    assert emulator.run("select count(*) from ledger") == [(0,)]
    emulator.run(
        "begin", "insert into ledger values (1)", "create or replace table other (n number)", "rollback"
    )
    assert emulator.run("select count(*) from ledger") == [(1,)]


def test_a_transaction_with_a_failed_statement_cannot_be_committed_unnoticed(emulator):
    with emulator.connect() as connection:
        cursor = connection.cursor()
        cursor.execute("create or replace table ledger (n number)")
        cursor.execute("begin")
        cursor.execute("insert into ledger values (1)")
        with pytest.raises(ProgrammingError):
            cursor.execute("insert into ledger select 'x'")
        with pytest.raises(ProgrammingError, match="end it with ROLLBACK"):
            cursor.execute("commit")
        cursor.execute("rollback")
        cursor.execute("insert into ledger values (2)")
        assert cursor.execute("select n from ledger").fetchall() == [(2,)]


def test_a_new_database_has_the_schema_public_and_the_session_goes_there(emulator):
    assert emulator.run("create database other_db", "select current_database(), current_schema()") == [
        ("OTHER_DB", "PUBLIC")
    ]
    emulator.restart()
    rows = emulator.run(
        "use schema other_db.public", "create table t (n number)", "select count(*) from other_db.public.t"
    )
    assert rows == [(0,)]
