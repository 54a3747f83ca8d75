import json

import pytest
from aws_server import AwsError
from crypto_pipeline.alert import alert
from running import context_of


def failed(reason, **facts):
    return {**context_of("build", **facts), "exception": RuntimeError(reason)}


def test_a_failure_is_published_to_the_topic_with_its_facts(aws, crypto):
    crypto(alert_topic_arn="arn:aws:sns:eu-central-1:1:alerts")
    aws.operations["Publish"] = lambda _: None
    alert(failed("model fct_x: größer\nals " + "x" * 200, dag_id="market_models", run_id="r1", tries=4))
    [request] = aws.called("Publish")
    assert request["TopicArn"] == "arn:aws:sns:eu-central-1:1:alerts"
    assert request["Subject"].startswith("market_models.build failed: model fct_x: gr  er als xxx")
    assert len(request["Subject"]) <= 100 and request["Subject"].isascii()
    facts = json.loads(request["Message"])
    assert facts["reason"].startswith("model fct_x: größer\nals ")
    assert {name: facts[name] for name in ("dag_id", "task_id", "run_id", "tries", "log_url")} == {
        "dag_id": "market_models",
        "task_id": "build",
        "run_id": "r1",
        "tries": 4,
        "log_url": "http://log",
    }


def test_without_a_topic_each_failure_is_one_line_of_a_file(crypto, tmp_path):
    file = tmp_path / "airflow" / "alerts.jsonl"
    crypto(alert_file=file)
    alert(failed("the first\nof two lines"))
    alert(failed("the second"))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["reason"] for line in lines] == ["the first\nof two lines", "the second"]
    assert {line["event"] for line in lines} == {"task-failed"}


def test_a_topic_that_refuses_keeps_no_failure_from_the_file(aws, crypto, tmp_path):
    def refuse(_):
        raise AwsError("AuthorizationError", "not allowed", 403)

    aws.operations["Publish"] = refuse
    crypto(alert_topic_arn="arn:topic", alert_file=tmp_path / "alerts.jsonl")
    with pytest.raises(Exception, match="not allowed"):
        alert(failed("x"))
    assert len((tmp_path / "alerts.jsonl").read_text().splitlines()) == 1
