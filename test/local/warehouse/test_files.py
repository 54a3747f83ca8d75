"""PUT and COPY INTO: typed Parquet comes in once, exactly."""

import datetime
import decimal

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from snowflake.connector.errors import ProgrammingError

PRICE = decimal.Decimal("12345678901234567890.123456789012345678")
OPENED = datetime.datetime(2025, 1, 1, 0, 0, 0, 123000)
BY_NAME = "match_by_column_name = case_insensitive"
COPY = f"copy into prices from @files/day file_format = (format_name = raw.typed_parquet) {BY_NAME}"


@pytest.fixture(scope="module", autouse=True)
def account(emulator):
    emulator.run(
        "create file format if not exists raw.typed_parquet type = parquet use_logical_type = true",
        "create stage if not exists raw.files",
    )


@pytest.fixture(autouse=True)
def prices(emulator):
    emulator.run(
        "create or replace table prices (symbol varchar, open_time timestamp_ntz(3), price number(38, 18), "
        "note varchar default 'none')",
        "remove @files",
    )


def put(emulator, folder, symbols, name="prices.parquet"):
    table = {
        "Symbol": symbols,
        "OPEN_TIME": pa.array([OPENED] * len(symbols), pa.timestamp("ms")),
        "price": pa.array([PRICE] * len(symbols), pa.decimal128(38, 18)),
    }
    parquet.write_table(pa.table(table), folder / name)
    return emulator.run(f"put file://{folder / name} @files/day auto_compress = false overwrite = true")


def test_what_is_put_is_listed_and_comes_in_exactly(emulator, tmp_path):
    assert put(emulator, tmp_path, ["BTC"])[0][6] == "UPLOADED"
    assert [row[0] for row in emulator.run("list @files")] == ["files/day/prices.parquet"]
    assert emulator.run(COPY)[0][:4] == ("files/day/prices.parquet", "LOADED", 1, 1)
    assert emulator.run("select * from prices") == [("BTC", OPENED, PRICE, None)]


def test_a_file_is_loaded_once_again_by_force_and_again_when_it_changed(emulator, tmp_path):
    put(emulator, tmp_path, ["BTC"])
    assert [emulator.run(COPY)[0][1] for _ in range(2)] == ["LOADED", "LOAD_SKIPPED"]
    assert emulator.run(f"{COPY} force = false")[0][1] == "LOAD_SKIPPED"
    assert emulator.run(f"{COPY} force = true")[0][1] == "LOADED"
    put(emulator, tmp_path, ["ETH"])
    assert emulator.run(COPY)[0][1] == "LOADED"
    assert emulator.run("select symbol from prices order by 1") == [("BTC",), ("BTC",), ("ETH",)]


def test_the_statements_of_write_pandas_load_the_columns_that_they_choose(emulator, tmp_path):
    """As the Python connector 4.8 sends them; pandas itself is not among the packages here."""
    put(emulator, tmp_path, ["BTC"])
    copy = (
        'COPY INTO identifier(?) /* Python */ ("PRICE","SYMBOL") '
        'FROM (SELECT $1:"price",$1:"Symbol"::VARCHAR FROM \'@"RAW"."PANDAS"\') FILE_FORMAT=(TYPE=PARQUET '
        "USE_VECTORIZED_SCANNER=False COMPRESSION=auto USE_LOGICAL_TYPE = TRUE) PURGE=TRUE ON_ERROR=?"
    )
    bound = {"_is_internal": True, "_force_qmark_paramstyle": True, "num_statements": 1}
    with emulator.connect() as connection, connection.cursor() as cursor:
        create = (
            "CREATE TEMPORARY STAGE /* Python */ identifier(?) FILE_FORMAT=(TYPE=PARQUET COMPRESSION=auto)"
        )
        cursor.execute(create, params=('"RAW"."PANDAS"',), **bound)
        options = {"parallel": 4, "source_compression": "auto_detect"}
        cursor._upload(f"'file://{tmp_path / 'prices.parquet'}'", '@"RAW"."PANDAS"', options)
        cursor.execute(copy, params=('"PRICES"', "abort_statement"), **bound)
        assert [row[1:4] for row in cursor.fetchall()] == [("LOADED", 1, 1)]
    # a column that is not listed has its default
    assert emulator.run("select * from prices") == [("BTC", None, PRICE, "none")]


def test_one_bad_file_keeps_all_files_of_the_statement_out(emulator, tmp_path):
    put(emulator, tmp_path, ["BTC"], "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 torn")
    emulator.run(f"put file://{tmp_path / 'b.parquet'} @files/day auto_compress = false")
    with pytest.raises(ProgrammingError):
        emulator.run(COPY)
    assert emulator.run("select count(*) from prices") == [(0,)]
    assert emulator.run(f"{COPY} files = ('a.parquet') purge = true")[0][1] == "LOADED"
    assert [row[0] for row in emulator.run("list @files/day")] == ["files/day/b.parquet"]


def test_a_loaded_file_stays_known_after_a_kill(emulator, tmp_path):
    put(emulator, tmp_path, ["BTC"])
    assert emulator.run(COPY)[0][1] == "LOADED"
    emulator.restart()
    assert emulator.run(COPY)[0][1] == "LOAD_SKIPPED"
    assert emulator.run("select symbol, price from prices") == [("BTC", PRICE)]


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (f"copy into prices from @files file_format = (type = parquet) {BY_NAME}", "USE_LOGICAL_TYPE"),
        (
            "copy into prices from @files file_format = (type = parquet use_logical_type = true)",
            "MATCH_BY_COLUMN_NAME",
        ),
        (f"{COPY} on_error = continue", "(?i)ON_ERROR"),
        (
            "copy into prices (price) from (select $1:price * 2 from @files) "
            "file_format = (type = parquet use_logical_type = true)",
            r"\$1:column",
        ),
        (
            "copy into prices (price) from (select $1:price from @files where $1:price > 0) "
            "file_format = (type = parquet use_logical_type = true)",
            "SELECT of columns",
        ),
        (f"{COPY} pattern = '.*'", "(?i)PATTERN"),
        ("copy into prices (symbol) from @files file_format = (type = csv)", "does not support"),
    ],
)
def test_a_copy_that_would_mean_something_else_is_refused(emulator, statement, named):
    with pytest.raises(ProgrammingError, match=named):
        emulator.run(statement)


def test_nothing_outside_of_a_stage_can_be_reached(emulator, tmp_path):
    with pytest.raises(ProgrammingError):
        emulator.run("list @files/../../../../../etc")
    with pytest.raises(ProgrammingError, match="does not exist"):
        emulator.run(f"put file://{tmp_path}/x @nowhere")
