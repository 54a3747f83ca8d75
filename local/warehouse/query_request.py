"""One request to run or to describe a statement."""

import time
import uuid
from typing import Any

from answer import Answer
from binds import read_binds
from describe import describe
from errors import log_event, unsupported
from fakesnow import statement_type
from login import PARAMETERS
from session import Session
from statements import run, run_batch

SLOW_SECONDS = 30


def run_request(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("asyncExec"):
        raise unsupported("queries that run apart from their request (asyncExec)")
    row, batch = read_binds(body.get("bindings"))
    with session.lock:
        started = time.monotonic()
        if body.get("describeOnly"):
            answer, extra = describe(session, body["sqlText"])
        else:
            answer = (
                run(session, body["sqlText"], row)
                if batch is None
                else run_batch(session, body["sqlText"], batch)
            )
            extra = {}
        session.last_used = time.monotonic()
    seconds = time.monotonic() - started
    if seconds > SLOW_SECONDS:
        log_event("slow_statement", seconds=round(seconds, 1))
    return {**payload_of(session, answer), **extra}


def payload_of(session: Session, answer: Answer) -> dict[str, Any]:
    if answer.transfer is not None:
        return {**answer.transfer, "parameters": []}
    return {
        "parameters": PARAMETERS,
        "rowtype": answer.row_type,
        "rowset": answer.rows,
        "total": len(answer.rows),
        "returned": len(answer.rows),
        "queryId": answer.query_id or str(uuid.uuid4()),
        # Node's SDK reads no Arrow; the Python connector and JDBC read both.
        "queryResultFormat": "json",
        "statementTypeId": answer.statement_type or statement_type.SELECT,
        "finalDatabaseName": session.database,
        "finalSchemaName": session.schema,
        "finalRoleName": session.role,
        "finalWarehouseName": session.warehouse,
    }
