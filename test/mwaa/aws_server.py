"""An HTTP server that speaks AWS's protocols as far as the DAGs do: S3 in memory, others as a test says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlparse


class AwsError(Exception):
    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class AwsServer:
    def __init__(self):
        self.calls: list[tuple[str, dict[str, Any]]] = []
        #: by operation, as `RunTask`: gets the request, gives the answer or raises AwsError
        self.operations: dict[str, Callable[[dict[str, Any]], Any]] = {}
        #: by bucket/key
        self.objects: dict[str, bytes] = {}
        #: hangs up on whoever writes an object
        self.hangs_up = False
        self.lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> AwsServer:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def called(self, operation: str) -> list[dict[str, Any]]:
        return [request for name, request in self.calls if name == operation]

    def answer(self, operation: str, request: dict[str, Any]) -> Any:
        with self.lock:
            self.calls.append((operation, request))
        if operation not in self.operations:
            raise AwsError("UnknownOperation", f"the test says nothing about {operation}", 501)
        return self.operations[operation](request)


def handler_of(server: AwsServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            target = self.headers.get("X-Amz-Target")
            try:
                if target:
                    answer = server.answer(target.rsplit(".", 1)[-1], json.loads(body))
                    self.reply(
                        200, json.dumps(answer).encode(), {"Content-Type": "application/x-amz-json-1.1"}
                    )
                elif self.path.endswith("/invocations"):
                    name = unquote(self.path.split("/functions/")[1].split("/")[0])
                    payload, headers = server.answer("Invoke", {"FunctionName": name, "Payload": body})
                    self.reply(200, payload, headers)
                else:
                    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
                    server.answer(form["Action"], form)
                    name = form["Action"]
                    result = f"<{name}Result><MessageId>1</MessageId></{name}Result>"
                    self.reply(
                        200,
                        f"<{name}Response>{result}</{name}Response>".encode(),
                        {"Content-Type": "text/xml"},
                    )
            except AwsError as error:
                if not target and not self.path.endswith("/invocations"):
                    return self.refuse(error.status, error.code, error.message)
                fault = {"__type": error.code, "message": error.message}
                self.reply(error.status, json.dumps(fault).encode(), {"x-amzn-ErrorType": error.code})

        def do_GET(self) -> None:
            with server.lock:
                content = server.objects.get(self.name())
            if content is None:
                self.refuse(404, "NoSuchKey")
            else:
                self.reply(200, content, {"ETag": etag(content)})

        def do_PUT(self) -> None:
            content = read_body(self)
            if server.hangs_up:
                self.close_connection = True
                return
            with server.lock:
                there = server.objects.get(self.name())
                wanted = self.headers.get("If-Match")
                if (self.headers.get("If-None-Match") == "*" and there is not None) or (
                    wanted is not None and (there is None or etag(there) != wanted)
                ):
                    return self.refuse(412, "PreconditionFailed")
                server.objects[self.name()] = content
            self.reply(200, b"", {"ETag": etag(content)})

        def name(self) -> str:
            return unquote(urlparse(self.path).path).lstrip("/")

        def refuse(self, status: int, code: str, message: str = "") -> None:
            error = f"<Error><Code>{code}</Code><Message>{message or code}</Message></Error>"
            # S3 answers with the error, the query protocol wraps it
            xml = f"<ErrorResponse>{error}</ErrorResponse>" if message else error
            self.reply(status, xml.encode(), {"Content-Type": "text/xml"})

        def reply(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Calls are kept, not printed."""

    return Handler


def etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def read_body(request: BaseHTTPRequestHandler) -> bytes:
    body = request.rfile.read(int(request.headers.get("Content-Length", "0")))
    if request.headers.get("Content-Encoding") != "aws-chunked":
        return body
    content, rest = b"", body
    while True:
        head, rest = rest.split(b"\r\n", 1)
        size = int(head.split(b";")[0], 16)
        if size == 0:
            return content
        content, rest = content + rest[:size], rest[size + 2 :]
