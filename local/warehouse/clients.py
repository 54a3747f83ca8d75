"""Which clients are still there: the network addresses that have a connection open."""

from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

Address = tuple[str, int]
_open: set[Address] = set()


class WatchedProtocol(H11Protocol):
    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if self.client:
            _open.add(self.client)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.client:
            _open.discard(self.client)
        super().connection_lost(exc)


def is_there(addresses: set[Address]) -> bool:
    return not _open.isdisjoint(addresses)
