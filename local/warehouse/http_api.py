"""Snowflake's own HTTP protocol, as far as its Node, Python and JDBC clients speak it for SQL."""

import asyncio
import uuid
from typing import Any

from errors import SqlError, as_sql_error, log_event
from login import log_in, login_payload
from query_request import run_request
from session import Session, Sessions
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streaming import Streaming
from wire import read_json

ANSWERS_KEPT = 256
LARGEST_ANSWER_KEPT = 65_536
OWN_NAMES = ["127.0.0.1", "localhost"]


class Api:
    def __init__(self, sessions: Sessions):
        self.sessions = sessions
        self.answers: dict[str, asyncio.Task[bytes]] = {}
        self.running: dict[str, Session] = {}

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

    async def login(self, request: Request) -> Response:
        data = (await read_json(request))["data"]
        try:
            session = await run_in_threadpool(log_in, self.sessions, data, request.query_params)
        except Exception as error:  # noqa: BLE001
            return failure(error)
        return success(login_payload(session))

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

    async def abort(self, request: Request) -> Response:
        session = self.running.get((await read_json(request)).get("requestId", ""))
        if session is not None:
            session.interrupt()
        return success(None)

    async def query(self, request: Request) -> Response:
        """Clients repeat a request when its answer got lost: the statement runs once, both get its answer."""
        body = await read_json(request)
        request_id = request.query_params.get("requestId", str(uuid.uuid4()))
        if request_id not in self.answers:
            self.forget_old_answers()
            work = self.answer(request_id, token_of(request), request.client, body)
            self.answers[request_id] = asyncio.ensure_future(work)
        content = await asyncio.shield(self.answers[request_id])
        if len(content) > LARGEST_ANSWER_KEPT:
            # Large ones are of queries, which do no harm when they run again.
            self.answers.pop(request_id, None)
        return Response(content, media_type="application/json")

    async def answer(self, request_id: str, token: str, client: Any, body: dict[str, Any]) -> bytes:
        try:
            session = self.sessions.find(token)
            session.addresses.add((client.host, client.port))
            self.running[request_id] = session
            payload = await run_in_threadpool(run_request, session, body)
            return await run_in_threadpool(lambda: bytes(success(payload).body))
        except Exception as error:  # noqa: BLE001
            return bytes(failure(error).body)
        finally:
            self.running.pop(request_id, None)

    def forget_old_answers(self) -> None:
        done = [request_id for request_id, answer in self.answers.items() if answer.done()]
        for request_id in done[: max(0, len(self.answers) - ANSWERS_KEPT)]:
            del self.answers[request_id]


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
    return Starlette(
        routes=[*Api(sessions).routes(), *Streaming(sessions).routes()],
        # Nobody's password is checked here, so no web page may come in by a name of its own for this machine.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=OWN_NAMES, www_redirect=False)],
    )
