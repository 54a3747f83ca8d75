from datetime import date

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.exceptions import AirflowFailException
from airflow.serialization.serialized_objects import DagSerialization
from conftest import DAGS
from crypto_pipeline.backfill_request import check_request, read_request

TODAY = date(2026, 2, 1)


@pytest.mark.parametrize(
    ("symbols", "first", "last", "request_"),
    [
        (
            "BTCUSDT",
            "2026-01-01",
            "2026-01-31",
            {"symbols": "BTCUSDT", "from": "2026-01-01", "to": "2026-01-31"},
        ),
        (" BTCUSDT , 1000SATSUSDT", "2026-02-01", "2026-02-01", {"symbols": "BTCUSDT,1000SATSUSDT"}),
        ("streamed", "2017-07-14", "2026-02-01", {"symbols": "streamed"}),
        ("币安人生USDT", "2026-01-01", "2026-01-01", {"symbols": "币安人生USDT"}),
    ],
)
def test_what_can_be_loaded_is_taken(symbols, first, last, request_):
    request, faults = read_request({"symbols": symbols, "from": first, "to": last}, TODAY)
    assert faults == []
    assert request_.items() <= request.items()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"from": "2026-01-31", "to": "2026-01-01"},
            "no later than to, got 2026-01-31 and 2026-01-01",
        ),
        (
            {"from": "2017-07-13"},
            "from to be 2017-07-14 or later, when the exchange opened, got 2017-07-13",
        ),
        ({"to": "2026-02-02"}, "expected to to be no later than today (2026-02-01, UTC), got 2026-02-02"),
        ({"to": "2026-02-30"}, "expected to to be a day like 2026-01-31, got '2026-02-30'"),
        ({"from": None}, "expected from to be a day like 2026-01-31, got None"),
        ({"symbols": "btcusdt,ETHUSDT,--all"}, "symbols in capitals like BTCUSDT, got 'btcusdt', '--all'"),
        ({"symbols": "BTCUSDT,BTCUSDT"}, "expected each symbol once, got BTCUSDT more often"),
        ({"symbols": ",".join(f"A{n}" for n in range(501))}, "expected at most 500 symbols, got 501"),
    ],
)
def test_what_can_not_be_is_refused_with_what_to_change(change, fault):
    asked = {"symbols": "BTCUSDT", "from": "2026-01-01", "to": "2026-01-31"} | change
    _, faults = read_request(asked, TODAY)
    assert len(faults) == 1
    assert fault in faults[0]


def test_every_fault_is_told_at_once_and_not_tried_again():
    with pytest.raises(AirflowFailException, match="got 'btc'; expected from .* got 'soon'; expected to "):
        check_request({"symbols": "btc", "from": "soon", "to": ""})


@pytest.mark.parametrize(
    ("conf", "fault"),
    [
        ({"symbols": "BTCUSDT", "from": "January", "to": "2026-01-31"}, "from: 'January' is not a 'date'"),
        ({"symbols": "", "from": "2026-01-01", "to": "2026-01-31"}, "symbols: '' should be non-empty"),
        ({"symbols": "BTCUSDT", "to": "2026-01-31"}, "from: None is not of type 'string'"),
    ],
)
def test_a_run_with_the_wrong_shape_is_not_made_at_all(conf, fault):
    dag = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(DagBag(DAGS).dags["backfill"]))
    with pytest.raises(Exception, match=fault):
        dag.params.deep_merge(conf).validate()
    assert dag.params.deep_merge({"symbols": "A", "from": "2026-01-01", "to": "2026-01-31"}).validate()
