import pytest
from airflow.exceptions import AirflowFailException
from crypto_pipeline import gaps
from crypto_pipeline.gaps import fail_if_unhealed, in_iso, in_words, unhealed


def gap(symbol="BTCUSDT", first="2026-01-31T00:05:00", last="2026-01-31T00:09:00", exchange="binance"):
    return {
        "exchange": exchange,
        "symbol": symbol,
        "first_open_time": first,
        "last_open_time": last,
        "missing_minutes": 5,
    }


SETTLED = "2026-01-31T12:00:00"


def test_a_gap_that_is_gone_is_healed():
    assert unhealed([gap()], [], SETTLED) == []


def test_a_gap_that_is_there_still_or_in_part_is_not():
    part = gap(first="2026-01-31T00:09:00", last="2026-01-31T00:09:00")
    assert unhealed([gap()], [gap()], SETTLED) == [gap()]
    assert unhealed([gap()], [part], SETTLED) == [part]


def test_a_gap_that_opened_since_is_the_next_runs():
    later = gap(first="2026-01-31T00:10:00", last="2026-01-31T00:11:00")
    assert unhealed([gap()], [later, gap(symbol="ETHUSDT"), gap(exchange="other")], SETTLED) == []


def test_a_gap_that_may_still_close_by_itself_is_not_judged_yet():
    young = gap(first="2026-01-31T11:58:00", last="2026-01-31T12:01:00")
    assert unhealed([young], [young], SETTLED) == []
    assert unhealed([young], [young], "2026-01-31T12:01:00") == [young]


def test_times_are_compared_as_iso_text_however_dbt_shows_them():
    shown = gap(first="2026-01-31 00:05:00", last="2026-01-31T00:09:00")
    assert in_iso(shown) == gap()


def test_many_gaps_are_told_by_the_first_ten():
    words = in_words([gap(symbol=f"S{n}") for n in range(11)])
    assert words.startswith("S0 from 2026-01-31T00:05:00 to 2026-01-31T00:09:00, S1 from ")
    assert words.endswith(" and others") and "S10" not in words


def test_gaps_that_the_loader_left_by_its_own_word_are_no_failure_and_others_are(monkeypatch):
    monkeypatch.setattr(gaps, "read_gaps", lambda: [gap()])
    fail_if_unhealed([gap()], {"leftMinutes": 5})
    with pytest.raises(AirflowFailException, match="^5 minutes are missing .* all but 4: BTCUSDT from "):
        fail_if_unhealed([gap()], {"leftMinutes": 4})
    with pytest.raises(AirflowFailException, match="all but 0"):
        fail_if_unhealed([gap()], None)
