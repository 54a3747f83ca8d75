"""Refuses SQL that Snowflake does not know: what does not parse, and functions that are not in the list here.

The emulator runs on DuckDB and takes DuckDB's functions too; Snowflake would refuse them in production. Given
folders of compiled SQL, prints a line for each function that is not listed and ends with 1, else a count.
Before a name is added to the list, look it up in Snowflake's reference of functions.
"""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlglot import Dialect, TokenType, exp, parse
from sqlglot.errors import SqlglotError

FUNCTIONS = """
ABS ANY_VALUE AVG CAST CEIL COALESCE CONCAT_WS CORR COUNT COUNT_IF DATE_PART DATE_TRUNC DATEADD DATEDIFF DAY
DAYOFWEEKISO DENSE_RANK EXP FIRST_VALUE FLOOR GREATEST HOUR IFF LAG LAST_VALUE LEAD LEAST LN LOG LPAD MAX
MAX_BY MD5 MIN MIN_BY MINUTE MOD MONTH NULLIF PERCENT_RANK PERCENTILE_CONT POW QUARTER RANK REGR_SLOPE ROUND
ROW_NUMBER SIGN SQRT STDDEV_POP STDDEV_SAMP SUM SYSDATE TIME_SLICE TRY_CAST TRY_TO_DECIMAL TRY_TO_NUMBER
WEEKISO YEAR
""".split()  # noqa: SIM905 -- reads as a list of names

SYNTAX = """
ALL AND AS BETWEEN BY CASE CHECK DECIMAL DISTINCT ELSE EXISTS FROM GROUP IN INSERT INTO JOIN NOT NUMBER ON
OR OVER SELECT TABLE THEN TIMESTAMP_NTZ UNION USING VALUES VARCHAR WHEN WHERE WITH
""".split()  # noqa: SIM905


def main(folders: list[str]) -> int:
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    files = sorted(file for folder in folders for file in Path(folder).rglob("*.sql"))
    called: set[str] = set()
    refused = 0
    for file in files:
        try:
            names = called_in(file.read_text())
        except SqlglotError as error:
            print(f"{file}: expected SQL that Snowflake takes, got: {error}")
            refused += 1
            continue
        called |= names
        for name in sorted(names.difference(FUNCTIONS)):
            print(f"{file}: expected a function of Snowflake, got {name}")
            refused += 1
    if not called:
        print(f"expected .sql files that call functions in {folders}, got none")
        return 1
    if refused == 0:
        print(f"{len(files)} files call {len(called)} functions, all known to Snowflake")
    return 1 if refused else 0


def called_in(sql: str) -> set[str]:
    for statement in parse(sql, read="snowflake"):
        # what sqlglot can't read it keeps as a command, without a look at its inside
        if isinstance(statement, exp.Command):
            raise SqlglotError(f"a statement of an unknown kind: {statement.sql()[:80]}")
    return set(names_before_parentheses(sql))


def names_before_parentheses(sql: str) -> Iterator[str]:
    """As written: the parsed statement has forgotten which of its names for a function was used."""
    tokens = Dialect.get_or_raise("snowflake").tokenize(sql)
    for before, token, after in zip([None, *tokens], tokens, tokens[1:], strict=False):
        # a qualified name is that of a table, with its columns behind it
        if after.token_type is not TokenType.L_PAREN or (before and before.token_type is TokenType.DOT):
            continue
        name = token.text.upper()
        if token.token_type is not TokenType.IDENTIFIER and name.isidentifier() and name not in SYNTAX:
            yield name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
