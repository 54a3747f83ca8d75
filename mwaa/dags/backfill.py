from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG
from crypto_pipeline.backfill_request import PARAMS, check_request
from crypto_pipeline.run_dbt import RunDbt
from crypto_pipeline.run_program import RunProgram
from crypto_pipeline.schedule import BACKFILL_TIMEOUT, TAGS, task_defaults

with DAG(
    dag_id="backfill",
    description="History from the exchange's archive, by hand",
    doc_md="""
    **Purpose:** loads the candles of the symbols and days that were asked for, and builds the models on them.
    Trigger it with `symbols`, `from` and `to`; days that were loaded before are not loaded again.

    **Owner:** market-data. What to do when it fails: mwaa/README.md.
    """,
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(),
    params=PARAMS,
    tags=TAGS,
):
    check = PythonOperator(task_id="check", python_callable=check_request, retries=0)
    load = RunProgram(
        task_id="load",
        program="archive-loader",
        execution_timeout=BACKFILL_TIMEOUT,
        arguments=[
            "load",
            *["--symbols", "{{ ti.xcom_pull('check').symbols }}"],
            *["--from", "{{ ti.xcom_pull('check')['from'] }}"],
            *["--to", "{{ ti.xcom_pull('check').to }}"],
        ],
    )
    build = RunDbt(task_id="build", arguments=["build", "--exclude-resource-type", "unit_test"])
    quality = RunProgram(task_id="quality", program="quality-exporter")

    check >> load >> build >> quality
