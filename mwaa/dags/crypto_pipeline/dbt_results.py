"""What dbt's artifacts say about a run, in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MAX_NAMED = 10

MAX_MESSAGE = 200


@dataclass(frozen=True)
class Failure:
    name: str
    #: dbt's status; `stale` for a source whose newest row is too old
    kind: str
    message: str

    @property
    def is_lasting(self) -> bool:
        """A test found wrong data: trying again would find the same."""
        return self.kind == "fail"


def node_failures(run_results: Mapping[str, Any]) -> list[Failure]:
    """Of `dbt build`: models, snapshots and tests; what was skipped because of them is not named."""
    return [
        Failure(short_name(result["unique_id"]), result["status"], first_line(result.get("message")))
        for result in run_results.get("results", [])
        if result["status"] in ("error", "fail", "runtime error")
    ]


def source_failures(sources: Mapping[str, Any]) -> list[Failure]:
    """Of `dbt source freshness`."""
    return [
        source_failure(result)
        for result in sources.get("results", [])
        if result["status"] not in ("pass", "warn")
    ]


def source_failure(result: Mapping[str, Any]) -> Failure:
    name = short_name(result["unique_id"])
    if result["status"] == "error" and "max_loaded_at" in result:
        limit = (result.get("criteria") or {}).get("error_after") or {}
        minutes = round(result.get("max_loaded_at_time_ago_in_s", 0) / 60)
        allowed = f"{limit.get('count')} {limit.get('period')}"
        # dbt dates an empty table long before there were computers
        if result["max_loaded_at"] < "1971":
            return Failure(name, "stale", f"it is empty (an error after {allowed})")
        return Failure(name, "stale", f"its newest row is {minutes} minutes old (an error after {allowed})")
    return Failure(name, "error", first_line(result.get("error")))


def short_name(unique_id: str) -> str:
    """`model.crypto_market.fct_candles_1m`; a generic test ends in a hash that says nothing."""
    kind, _, *rest = unique_id.split(".")
    if kind == "source":
        return f"source {'.'.join(rest)}"
    return f"{kind} {rest[0]}" if rest else unique_id


def first_line(message: str | None) -> str:
    lines = [line.strip() for line in (message or "").splitlines() if line.strip()]
    return " ".join(lines)[:MAX_MESSAGE]


def in_words(failures: Iterable[Failure]) -> str:
    every = list(failures)
    named = [f"{each.name}: {each.message or each.kind}" for each in every[:MAX_NAMED]]
    more = [f"and {len(every) - MAX_NAMED} more"] if len(every) > MAX_NAMED else []
    return "; ".join(named + more)


def counts(results: Mapping[str, Any]) -> dict[str, int]:
    """How many nodes ended how, as the task's result."""
    return dict(Counter(str(result["status"]) for result in results.get("results", [])))
