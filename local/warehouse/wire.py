"""What requests and answers have in common."""

import gzip
import json
from typing import Any

from starlette.requests import Request


async def read_json(request: Request) -> dict[str, Any]:
    body = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return json.loads(body) if body else {}
