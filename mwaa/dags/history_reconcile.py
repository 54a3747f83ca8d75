from airflow.sdk import DAG
from airflow.timetables.trigger import CronTriggerTimetable
from crypto_pipeline.run_dbt import RunDbt
from crypto_pipeline.run_program import RunProgram
from crypto_pipeline.schedule import LOAD_TIMEOUT, RECHECK_TIMEOUT, TAGS, outcome, task_defaults

# The exchange publishes a day's archive during the next; three days, so that a failed night is made up for.
# What was loaded before is not loaded again.
FIRST_DAY = "{{ macros.ds_add(dag_run.run_after | ds, -3) }}"
YESTERDAY = "{{ macros.ds_add(dag_run.run_after | ds, -1) }}"
# Three days back: what became visible later than the usual look-back is taken up too, and compared.
REACH = '{"landing_lookback_hours": 72, "tested_landing_hours": 72}'

with DAG(
    dag_id="history_reconcile",
    description="The exchange's archive against what was streamed",
    doc_md="""
    **Purpose:** every night, loads yesterday's archive of each streamed symbol, looks for archives that the
    exchange has rewritten, and builds and tests everything, the comparison of archive and stream included.

    **Owner:** market-data. What to do when it fails: mwaa/README.md.
    """,
    # the first run at once, so that a new deployment knows its symbols and has a few days behind it
    schedule=CronTriggerTimetable("30 4 * * *", timezone="UTC", run_immediately=True),
    catchup=False,
    max_active_runs=1,
    default_args=task_defaults(),
    tags=TAGS,
):
    symbols = RunProgram(task_id="symbols", program="archive-loader", arguments=["symbols"])
    load = RunProgram(
        task_id="load",
        program="archive-loader",
        arguments=["load", "--symbols", "streamed", "--from", FIRST_DAY, "--to", YESTERDAY],
        execution_timeout=LOAD_TIMEOUT,
    )
    freshness = RunDbt(
        task_id="freshness", arguments=["source", "freshness", "--select", "source:raw.exchange_symbols"]
    )
    # what did load is looked at again, built, and its quality told, even if one file was refused
    recheck = RunProgram(
        task_id="recheck",
        program="archive-loader",
        arguments=["recheck"],
        execution_timeout=RECHECK_TIMEOUT,
        trigger_rule="all_done",
    )
    build = RunDbt(
        task_id="build",
        arguments=["build", "--exclude-resource-type", "unit_test", "--vars", REACH],
        trigger_rule="all_done",
    )
    quality = RunProgram(task_id="quality", program="quality-exporter", trigger_rule="all_done")

    symbols >> freshness
    [symbols, load] >> recheck >> build >> quality
    [symbols, freshness, load, recheck, build, quality] >> outcome()
