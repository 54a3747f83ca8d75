from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from crypto_pipeline.run_dbt import RunDbt
from crypto_pipeline.run_program import RunProgram
from crypto_pipeline.schedule import TAGS, outcome, task_defaults

with DAG(
    dag_id="market_models",
    description="Streamed candles into the tables that people query",
    doc_md="""
    **Purpose:** every ten minutes, turns what has landed since into clean tables, and says how good they are.

    `freshness` fails when nothing lands any more; `build` runs all models, which take only what is new, and
    their tests; `quality` sends the quality marts to Prometheus, also after a failed build.

    **Owner:** market-data. What to do when it fails: mwaa/README.md.
    """,
    # the first run at once, so that a new deployment has tables; UTC
    schedule=CronTriggerTimetable("*/10 * * * *", timezone="UTC", run_immediately=True),
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(),
    tags=TAGS,
):
    # beside the build, not before it: a stale source fails the run, but keeps no history from being built
    freshness = RunDbt(
        task_id="freshness", arguments=["source", "freshness", "--select", "source:raw.candles_stream"]
    )
    build = RunDbt(task_id="build", arguments=["build", "--exclude-resource-type", "unit_test"])
    quality = RunProgram(task_id="quality", program="quality-exporter", trigger_rule="all_done")

    build >> quality
    [freshness, build, quality] >> outcome()
