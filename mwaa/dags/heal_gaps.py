from airflow.providers.standard.operators.python import PythonOperator, ShortCircuitOperator
from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from crypto_pipeline.gaps import fail_if_unhealed, gaps_of_ours
from crypto_pipeline.run_dbt import RunDbt
from crypto_pipeline.run_program import RunProgram
from crypto_pipeline.schedule import TAGS, outcome, task_defaults

with DAG(
    dag_id="heal_gaps",
    description="Finds minutes that are missing, and fills those that the exchange has",
    doc_md="""
    **Purpose:** every hour, reads the gap model; if a gap is ours to fill, has the archive loader fill it,
    builds again, and fails if the gap is still there.

    **Owner:** market-data. What to do when it fails: mwaa/README.md.
    """,
    schedule=CronTriggerTimetable("25 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(),
    tags=TAGS,
):
    # without tests: one of them is that there are no gaps
    find = RunDbt(
        task_id="find",
        arguments=["build", "--select", "+fct_candle_gaps", "--exclude-resource-types", "test", "unit_test"],
    )
    any_of_ours = ShortCircuitOperator(
        task_id="any_of_ours",
        python_callable=gaps_of_ours,
        # `quality` runs all the same
        ignore_downstream_trigger_rules=False,
    )
    heal = RunProgram(task_id="heal", program="archive-loader", arguments=["heal"])
    build = RunDbt(task_id="build", arguments=["build", "--exclude-resource-type", "unit_test"])
    verify = PythonOperator(
        task_id="verify",
        python_callable=fail_if_unhealed,
        op_args=[any_of_ours.output, heal.output],
        retries=0,
    )
    quality = RunProgram(task_id="quality", program="quality-exporter", trigger_rule="all_done")

    find >> any_of_ours >> heal >> build >> verify >> quality
    [find, any_of_ours, heal, build, verify, quality] >> outcome()
