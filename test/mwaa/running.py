"""Runs operators as a task does, without a scheduler."""

from types import SimpleNamespace
from typing import Any


def context_of(
    task_id: str, dag_id: str = "some_dag", run_id: str = "manual__1", tries: int = 1, xcoms: Any = None
) -> dict[str, Any]:
    """`xcoms`: of the run, by task and key; what the task pushes comes to lie there."""
    pushed = {} if xcoms is None else xcoms
    ti = SimpleNamespace(
        dag_id=dag_id, task_id=task_id, run_id=run_id, try_number=tries, map_index=-1, log_url="http://log"
    )
    ti.xcom_push = lambda key, value: pushed.update({(task_id, key): value})
    ti.xcom_pull = lambda task_ids, key: pushed.get((task_ids, key))
    return {"ti": ti, "task_instance": ti}


def run(operator: Any, **context: Any) -> Any:
    return operator.execute.__wrapped__(operator, context_of(operator.task_id, **context))
