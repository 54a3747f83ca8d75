"""Channels of Snowpipe Streaming: how far each has come, beside the rows, so that both commit together."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from errors import SqlError
from quoted import quoted

TABLE = "_fs_information_schema._channels"


@dataclass(frozen=True)
class Channel:
    client_sequencer: int
    """Which opening of the channel may write; an older client is fenced off."""
    row_sequencer: int
    """The last chunk that landed."""
    offset_token: str | None


def open_channel(duck: Any, table: tuple[str, str, str], name: str) -> Channel:
    """Opens it anew: whoever had it open before can't write any more."""
    known = find_channel(duck, table, name)
    if known is None:
        duck.execute(
            f"insert into {quoted(table[0])}.{TABLE} values (?, ?, ?, 0, 0, NULL, ?)",
            [table[1], table[2], name, datetime.now(UTC)],
        )
        return Channel(0, 0, None)
    reopened = Channel(known.client_sequencer + 1, known.row_sequencer, known.offset_token)
    write_channel(duck, table, name, reopened)
    return reopened


def create_table(duck: Any, database: str) -> None:
    """Once for each database, before anyone asks: two creating it at once would conflict."""
    duck.execute(
        f"create table if not exists {quoted(database)}.{TABLE} (schema_name varchar, table_name varchar, "
        "channel varchar, client_sequencer bigint, row_sequencer bigint, offset_token varchar, "
        "created_on timestamptz)"
    )


def find_channel(duck: Any, table: tuple[str, str, str], name: str) -> Channel | None:
    found = duck.execute(
        f"select client_sequencer, row_sequencer, offset_token from {quoted(table[0])}.{TABLE} "
        "where schema_name = ? and table_name = ? and channel = ?",
        [table[1], table[2], name],
    ).fetchone()
    return Channel(*found) if found else None


def write_channel(duck: Any, table: tuple[str, str, str], name: str, channel: Channel) -> None:
    duck.execute(
        f"update {quoted(table[0])}.{TABLE} set client_sequencer = ?, row_sequencer = ?, offset_token = ? "
        "where schema_name = ? and table_name = ? and channel = ?",
        [channel.client_sequencer, channel.row_sequencer, channel.offset_token, table[1], table[2], name],
    )


def drop_channel(duck: Any, table: tuple[str, str, str], name: str) -> None:
    duck.execute(
        f"delete from {quoted(table[0])}.{TABLE} where schema_name = ? and table_name = ? and channel = ?",
        [table[1], table[2], name],
    )


SHOW_COLUMNS = [
    (name, "VARCHAR")
    for name in (
        "created_on", "name", "database_name", "schema_name",
        "table_name", "client_sequencer", "row_sequencer", "offset_token",
    )
]  # fmt: skip


def show_channels(duck: Any, table: tuple[str, str, str]) -> list[list[str | None]]:
    rows = duck.execute(
        f"select created_on::varchar, channel, ?, schema_name, table_name, client_sequencer::varchar, "
        f"row_sequencer::varchar, offset_token from {quoted(table[0])}.{TABLE} "
        "where schema_name = ? and table_name = ? order by channel",
        [table[0], table[1], table[2]],
    ).fetchall()
    return [list(row) for row in rows]


def set_offset_token(duck: Any, table: tuple[str, str, str], name: str, token: str) -> None:
    known = find_channel(duck, table, name)
    if known is None:
        raise SqlError(f"Channel '{name}' of table '{'.'.join(table)}' does not exist", 2003, "02000")
    # The next opening starts from the new token; whoever has the channel open is fenced off.
    write_channel(duck, table, name, Channel(known.client_sequencer + 1, known.row_sequencer, token))


def forget_channels(duck: Any, kind: str, name: str) -> None:
    """A channel belongs to the table it was opened on: another one of the same name starts without any."""
    parts = name.split(".")
    if kind == "TABLE":
        duck.execute(
            f"delete from {quoted(parts[0])}.{TABLE} where schema_name = ? and table_name = ?", parts[1:]
        )
    elif kind == "SCHEMA":
        duck.execute(f"delete from {quoted(parts[0])}.{TABLE} where schema_name = ?", parts[1:])
