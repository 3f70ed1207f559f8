"""What every request passes through, whatever it asks for: its id, its log line, its time, its headers.

It stands before the routing, so that unknown addresses are seen and answered like any other.
"""

import re
from collections.abc import Callable
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from balie.api import problems
from balie.db import new_id
from balie.errors import BadRequest, BalieError, Forbidden

log = structlog.get_logger(__name__)

Observe = Callable[[str, str, int, float], None]
"""Is told of every finished request: method, route, status, seconds."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"}
_NO_METHOD = "WHICH"
_LOCAL = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?", re.IGNORECASE)


class Entrance:
    """The outermost ASGI app.

    Args:
        app: what answers.
        observe: for metrics.
        local_only: no key is needed, so a page in a browser of this machine must not get in either: the
            host asked for must be this machine's own, and the origin, if any, the API itself.
    """

    def __init__(self, app: ASGIApp, observe: Observe, *, local_only: bool) -> None:
        self.app = app
        self.observe = observe
        self.local_only = local_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        request_id = str(new_id())
        scope["state"]["request_id"] = request_id
        started = perf_counter()
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableScopeHeaders.from_message(message)
                headers["X-Request-Id"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                if refusal := self._refusal(scope):
                    await problems.send(refusal, scope, receive, send_with_headers)
                elif scope["method"] == "OPTIONS":
                    await self._options(scope, receive, send_with_headers)
                else:
                    await self.app(scope, receive, send_with_headers)
            finally:
                seconds = perf_counter() - started
                # The method may be anything that a client makes up, and is a label.
                method = scope["method"] if scope["method"] in _METHODS else "OTHER"
                route = scope.get("path_template") or "unknown"
                self.observe(method, route, status, seconds)
                log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))

    async def _options(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Which methods an address knows.

        Litestar's own answer names the methods of only one of the handlers that share an address. What it
        says to a method that nobody knows names them all.
        """

        answered = False

        async def send_methods(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start" and message["status"] == 405:
                answered = True
                allow = [header for header in message["headers"] if header[0].lower() == b"allow"]
                await send({"type": "http.response.start", "status": 204, "headers": allow})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            elif not answered:
                await send(message)

        asking: Any = {**scope, "method": _NO_METHOD}
        await self.app(asking, receive, send_methods)

    def _refusal(self, scope: HTTPScope) -> BalieError | None:
        if b"%00" in scope.get("raw_path", b"") or b"%00" in scope.get("query_string", b""):
            return BadRequest("An address holds no null character.")
        if not self.local_only:
            return None
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        if host and not _LOCAL.fullmatch(host):
            return Forbidden("Without API keys, this API answers only under this machine's own name.")
        origin = headers.get(b"origin", b"").decode("latin-1")
        if origin and urlsplit(origin).netloc != host:
            return Forbidden("Without API keys, this API does not answer pages of other origins.")
        return None
