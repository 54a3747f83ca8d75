"""Snowflake's own HTTP protocol, as far as its Node, Python and JDBC clients speak it for SQL."""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from account_statements import require_role
from answer import Answer
from binds import read_binds
from errors import SqlError, as_sql_error, log_event
from fakesnow import statement_type
from fakesnow.transforms import SERVER_VERSION
from rewrite import unquote
from session import Session, Sessions
from session_statements import set_parameter
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from statements import run
from streaming import Streaming
from wire import read_json

ANSWERS_KEPT = 256
LARGEST_ANSWER_KEPT = 65_536
SESSION_PARAMETERS = {"QUERY_TAG", "AUTOCOMMIT", "TIMEZONE"}
"""Those that drivers send at login and that would change an answer; they send many that do not."""

PARAMETERS = [
    {"name": "TIMEZONE", "value": "UTC"},
    {"name": "AUTOCOMMIT", "value": True},
    {"name": "DATE_OUTPUT_FORMAT", "value": "YYYY-MM-DD"},
    {"name": "TIME_OUTPUT_FORMAT", "value": "HH24:MI:SS"},
    {"name": "TIMESTAMP_OUTPUT_FORMAT", "value": "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM"},
    {"name": "TIMESTAMP_NTZ_OUTPUT_FORMAT", "value": "YYYY-MM-DD HH24:MI:SS.FF3"},
    {"name": "TIMESTAMP_LTZ_OUTPUT_FORMAT", "value": ""},
    {"name": "TIMESTAMP_TZ_OUTPUT_FORMAT", "value": ""},
    {"name": "BINARY_OUTPUT_FORMAT", "value": "HEX"},
    {"name": "CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY", "value": 3600},
    {"name": "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD", "value": 0},
]


class Api:
    def __init__(self, sessions: Sessions):
        self.sessions = sessions
        self.answers: dict[str, asyncio.Task] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/healthz", self.health),
            Route("/session/v1/login-request", self.login, methods=["POST"]),
            Route("/session", self.session, methods=["POST"]),
            Route("/session/heartbeat", self.session, methods=["POST"]),
            Route("/queries/v1/query-request", self.query, methods=["POST"]),
            Route("/queries/v1/abort-request", self.abort, methods=["POST"]),
            Route("/telemetry/send", self.telemetry, methods=["POST"]),
            Route("/telemetry/send/sessionless", self.telemetry, methods=["POST"]),
        ]

    async def health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def telemetry(self, request: Request) -> Response:
        await request.body()
        return success("Log Received")

    async def abort(self, request: Request) -> Response:
        await request.body()
        return success(None)

    async def login(self, request: Request) -> Response:
        data = (await read_json(request))["data"]
        try:
            session = await run_in_threadpool(log_in, self.sessions, data, request.query_params)
        except Exception as error:  # noqa: BLE001
            return failure(error)
        return success(
            {
                "token": session.token,
                "masterToken": session.token,
                "validityInSeconds": 4 * 3600,
                "masterValidityInSeconds": 4 * 3600,
                "serverVersion": SERVER_VERSION,
                "parameters": PARAMETERS,
                "sessionInfo": {
                    "databaseName": session.database,
                    "schemaName": session.schema,
                    "warehouseName": session.warehouse,
                    "roleName": session.role,
                },
            }
        )

    async def session(self, request: Request) -> Response:
        await request.body()
        token = token_of(request)
        if request.query_params.get("delete") == "true":
            await run_in_threadpool(self.sessions.close, token)
            return success(None)
        try:
            self.sessions.find(token)
        except SqlError as error:
            return failure(error)
        return success(None)

    async def query(self, request: Request) -> Response:
        """Clients repeat a request when its answer got lost: the statement runs once, both get its answer."""
        request_id = request.query_params.get("requestId", str(uuid.uuid4()))
        running = self.answers.get(request_id)
        if running is None:
            body = await read_json(request)
            running = self.answers.setdefault(
                request_id, asyncio.ensure_future(self.answer(token_of(request), body))
            )
            while len(self.answers) > ANSWERS_KEPT:
                oldest = next(iter(self.answers))
                if not self.answers[oldest].done():
                    break
                del self.answers[oldest]
        content = await asyncio.shield(running)
        if len(content) > LARGEST_ANSWER_KEPT:
            asyncio.get_running_loop().call_later(120, self.answers.pop, request_id, None)
        return Response(content, media_type="application/json")

    async def answer(self, token: str, body: dict[str, Any]) -> bytes:
        try:
            session = self.sessions.find(token)
            payload = await run_in_threadpool(run_request, session, body)
            return json.dumps({"data": payload, "code": None, "message": None, "success": True}).encode()
        except Exception as error:  # noqa: BLE001
            return bytes(failure(error).body)


def log_in(sessions: Sessions, data: dict[str, Any], asked: Mapping[str, str]) -> Session:
    """With the role and warehouse asked for, or the user's own; an unknown user is an administrator."""
    privileges = sessions.privileges
    user = unquote(data.get("LOGIN_NAME") or "ANONYMOUS")
    default_role = "PUBLIC" if privileges.exists("USER", user) else "ACCOUNTADMIN"
    role = unquote(asked.get("roleName") or privileges.defaults.get((user, "ROLE")) or default_role)
    require_role(privileges, user, role)
    warehouse = asked.get("warehouse") or privileges.defaults.get((user, "WAREHOUSE"))
    session = sessions.open(
        user, role, warehouse and unquote(warehouse), asked.get("databaseName"), asked.get("schemaName")
    )
    for name, value in (data.get("SESSION_PARAMETERS") or {}).items():
        if name.upper() in SESSION_PARAMETERS:
            set_parameter(session, name.upper(), str(value))
    return session


def run_request(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    sql = body["sqlText"]
    row, batch = read_binds(body.get("bindings"))
    with session.lock:
        started = time.monotonic()
        if batch is not None:
            answers = [run(session, sql, values) for values in batch]
            answer = answers[-1]
            answer.rows = [[str(sum(one.affected or 0 for one in answers))]]
        else:
            answer = run(session, sql, row)
        session.last_used = time.monotonic()
    took = time.monotonic() - started
    if took > 30:
        log_event("slow_statement", seconds=round(took, 1))
    return payload_of(session, answer)


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
        "queryResultFormat": "json",
        "statementTypeId": answer.statement_type or statement_type.SELECT,
        "finalDatabaseName": session.database,
        "finalSchemaName": session.schema,
        "finalRoleName": session.role,
        "finalWarehouseName": session.warehouse,
    }


def success(data: Any) -> JSONResponse:
    return JSONResponse({"data": data, "code": None, "message": None, "success": True})


def failure(error: Exception) -> JSONResponse:
    known = as_sql_error(error)
    log_event("statement_failed", code=known.code, kind=type(error).__name__)
    data = {"errorCode": known.code, "sqlState": known.sql_state, "queryId": str(uuid.uuid4())}
    return JSONResponse({"data": data, "code": known.code, "message": known.message, "success": False})


def token_of(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix('Snowflake Token="').removesuffix('"')


def build_app(sessions: Sessions) -> Starlette:
    return Starlette(routes=[*Api(sessions).routes(), *Streaming(sessions).routes()])
