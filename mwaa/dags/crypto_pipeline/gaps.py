"""Gaps in the candles that are ours to fill: which there are, and whether filling them has worked."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.exceptions import AirflowFailException

from crypto_pipeline.run_dbt import DbtRun
from crypto_pipeline.settings import dbt_settings

log = logging.getLogger(__name__)

# What the exchange closed just now may be on its way yet, by the stream or into its REST interface.
SETTLE = timedelta(minutes=15)

QUERY = """
select exchange, symbol,
  to_varchar(first_open_time, 'YYYY-MM-DD"T"HH24:MI:SS') as first_open_time,
  to_varchar(last_open_time, 'YYYY-MM-DD"T"HH24:MI:SS') as last_open_time,
  missing_minutes
from {{ ref('fct_candle_gaps') }}
where gap_class = 'ours'
order by exchange, symbol, first_open_time
"""

Gap = dict[str, Any]


def gaps_of_ours() -> list[Gap]:
    """The task's result; an empty one ends the run here."""
    gaps = read_gaps()
    log.info("%d gaps of ours, %d minutes", len(gaps), minutes_of(gaps))
    return gaps


def fail_if_unhealed(before: list[Gap], summary: dict[str, Any] | None) -> None:
    """Fails when gaps that the loader took on are there still; `summary` is what it said at its end."""
    settled = (datetime.now(UTC) - SETTLE).strftime("%Y-%m-%dT%H:%M:%S")
    left = unhealed(before, read_gaps(), settled)
    minutes = minutes_of(left)
    # what it left for its next run, as too young or more than it takes on at once
    expected = int((summary or {}).get("leftMinutes", 0))
    if minutes > expected:
        raise AirflowFailException(
            f"{minutes} minutes are missing after the loader said it filled all but {expected}: "
            f"{in_words(left)}"
        )
    log.info("%d of %d minutes are left, as the loader said", minutes, minutes_of(before))


def read_gaps() -> list[Gap]:
    rows = DbtRun(dbt_settings(), log).show(QUERY)
    return [in_iso({name.lower(): value for name, value in row.items()}) for row in rows]


def in_iso(gap: Gap) -> Gap:
    """dbt takes text that looks like a time for one, and shows it with a blank in place of the T."""
    times = ("first_open_time", "last_open_time")
    return {**gap, **{name: datetime.fromisoformat(gap[name]).isoformat() for name in times}}


def unhealed(before: Iterable[Gap], after: Iterable[Gap], settled: str) -> list[Gap]:
    """Gaps of now that overlap one of before; times are ISO text in UTC, so they compare as text."""
    taken_on = [gap for gap in before if gap["last_open_time"] <= settled]
    return [gap for gap in after if any(overlap(gap, other) for other in taken_on)]


def overlap(gap: Gap, other: Gap) -> bool:
    return (
        (gap["exchange"], gap["symbol"]) == (other["exchange"], other["symbol"])
        and gap["first_open_time"] <= other["last_open_time"]
        and other["first_open_time"] <= gap["last_open_time"]
    )


def minutes_of(gaps: Iterable[Gap]) -> int:
    return sum(int(gap["missing_minutes"]) for gap in gaps)


def in_words(gaps: list[Gap]) -> str:
    named = [f"{gap['symbol']} from {gap['first_open_time']} to {gap['last_open_time']}" for gap in gaps[:10]]
    return ", ".join(named) + (" and others" if len(gaps) > 10 else "")
