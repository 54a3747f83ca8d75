"""What a person asks of a backfill: the form, and the checks that a JSON schema can't make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from airflow.exceptions import AirflowFailException
from airflow.sdk import Param

# Binance opened in July 2017.
FIRST_DAY = date(2017, 7, 14)

MAX_SYMBOLS = 500

PARAMS = {
    "symbols": Param(
        None,
        type="string",
        minLength=1,
        title="Symbols",
        description="Separated by commas, as BTCUSDT,ETHUSDT; or the word streamed for all of those.",
    ),
    "from": Param(None, type="string", format="date", title="From", description="The first day, UTC."),
    "to": Param(None, type="string", format="date", title="To", description="The last day, inclusive, UTC."),
}


def check_request(params: Mapping[str, Any]) -> dict[str, str]:
    """The loader's arguments by name; fails with every fault that was found, without another try."""
    request, faults = read_request(params, datetime.now(UTC).date())
    if faults:
        raise AirflowFailException("; ".join(faults))
    return request


def read_request(params: Mapping[str, Any], today: date) -> tuple[dict[str, str], list[str]]:
    faults: list[str] = []
    symbols = [word.strip() for word in str(params.get("symbols") or "").split(",")]
    if symbols != ["streamed"]:
        faults += symbol_faults(symbols)
    first, last = (day_of(name, params.get(name), faults) for name in ("from", "to"))
    if first and last and first > last:
        faults.append(f"expected from to be no later than to, got {first} and {last}: swap them")
    if first and first < FIRST_DAY:
        faults.append(f"expected from to be {FIRST_DAY} or later, when the exchange opened, got {first}")
    if last and last > today:
        faults.append(f"expected to to be no later than today ({today}, UTC), got {last}")
    return {"symbols": ",".join(symbols), "from": str(first), "to": str(last)}, faults


def symbol_faults(symbols: list[str]) -> list[str]:
    wrong = [symbol for symbol in symbols if not re.fullmatch(r"[^\W_a-z]+", symbol)]
    faults = (
        [f"expected symbols in capitals like BTCUSDT, got {', '.join(map(repr, wrong))}"] if wrong else []
    )
    if len(symbols) > MAX_SYMBOLS:
        faults.append(
            f"expected at most {MAX_SYMBOLS} symbols, got {len(symbols)}: ask for them in several runs"
        )
    repeated = sorted({symbol for symbol in symbols if symbols.count(symbol) > 1})
    if repeated:
        faults.append(f"expected each symbol once, got {', '.join(repeated)} more often")
    return faults


def day_of(name: str, text: Any, faults: list[str]) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        faults.append(f"expected {name} to be a day like 2026-01-31, got {text!r}")
        return None
