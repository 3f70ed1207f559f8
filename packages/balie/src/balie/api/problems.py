"""Errors as the REST API tells them: RFC 9457 problem details, one shape for everything that goes wrong."""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import Receive, Scope, Send
from msgspec import Meta

from balie.errors import BalieError, CallerError, ModelError, RuleBroken, Unauthenticated

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:balie:error:"

log = structlog.get_logger(__name__)

# What the framework itself refuses; Balie's own errors bring their slugs.
_SLUGS = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
}
_WORDS = {
    400: "The request is not what this operation takes.",
    404: "There is nothing at this address.",
    405: "This address does not know that method; the header Allow says which it knows.",
    413: "The request's body is too large.",
    429: "Slow down; the header Retry-After says for how many seconds.",
}
_RETRY_SECONDS = 1


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong with a request."""

    detail: str
    pointer: Annotated[str, Meta(description="Where in the body, as a JSON pointer in a fragment")] = ""
    parameter: Annotated[str, Meta(description="Which parameter of the path, the query or the headers")] = ""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What went wrong (RFC 9457)."""

    type: Annotated[str, Meta(description="Stable: `urn:balie:error:` and the error's name")]
    title: Annotated[str, Meta(description="The error's name in words")]
    status: Annotated[int, Meta(description="The HTTP status")]
    detail: Annotated[str, Meta(description="What is wrong this time, for the person who sees it")]
    instance: Annotated[str, Meta(description="This occurrence; the log names it too")]
    errors: Annotated[list[Fault], Meta(description="Every fault, where the request is not valid")] = []
    facts: Annotated[dict[str, Any], Meta(description="The values that `detail` speaks of")] = {}


def instance_of(request: Request[Any, Any, Any]) -> str:
    """The request's own URN, which its header ``X-Request-Id`` and the log carry as well."""
    return f"urn:uuid:{request.scope['state'].get('request_id', '')}"


def problem(error: Exception, instance: str) -> Problem:
    """The problem that an error is to a caller. What a caller can't help is told without its inside."""
    if isinstance(error, BalieError):
        speaks = isinstance(error, CallerError | RuleBroken | ModelError)
        return _problem(
            error.slug,
            error.status,
            str(error) if speaks else _own_fault(error.status),
            instance,
            facts=_facts(error) if isinstance(error, CallerError | RuleBroken) else {},
        )
    if isinstance(error, HTTPException) and error.status_code < 500:
        status = error.status_code
        faults = [_fault(extra) for extra in error.extra] if isinstance(error.extra, list) else []
        words = _WORDS.get(status, error.detail) if faults or status != 400 else error.detail
        return _problem(_SLUGS.get(status, "request"), status, words, instance, errors=faults)
    return _problem("error", 500, _own_fault(500), instance)


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """The exception handler of the whole API."""
    told = problem(error, instance_of(request))
    if told.status >= 500:
        log.error("request failed", error=told.type.removeprefix(TYPE_PREFIX), exc_info=error)
    return Response(
        told, status_code=told.status, media_type=MEDIA_TYPE, headers=_headers(error, told.status)
    )


def _problem(slug: str, status: int, detail: str, instance: str, **more: Any) -> Problem:
    title = slug.replace("-", " ").capitalize()
    return Problem(
        type=TYPE_PREFIX + slug, title=title, status=status, detail=detail, instance=instance, **more
    )


def _own_fault(status: int) -> str:
    words = HTTPStatus(status).phrase.lower()
    return f"This is not your fault ({words}); the log tells more under this problem's instance."


def _facts(error: BalieError) -> dict[str, Any]:
    facts: dict[str, Any] = msgspec.to_builtins(error.facts, str_keys=True, enc_hook=str)
    return facts


def _fault(extra: Any) -> Fault:
    if not isinstance(extra, dict):
        return Fault(str(extra))
    where = str(extra.get("key", ""))
    if extra.get("source") == "body":
        path = "" if where == "data" else "/" + where.replace(".", "/")
        return Fault(str(extra.get("message", "")), pointer=f"#{path}")
    return Fault(str(extra.get("message", "")), parameter=where)


def _headers(error: Exception, status: int) -> dict[str, str]:
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    match status:
        case 401:
            known = isinstance(error, Unauthenticated) and error.facts.get("given")
            headers["WWW-Authenticate"] = 'Bearer realm="balie"' + (
                ', error="invalid_token"' if known else ""
            )
        case 429:
            told = headers.get("RateLimit-Reset") or (
                error.facts.get("retry_after") if isinstance(error, BalieError) else None
            )
            headers["Retry-After"] = str(max(int(told or _RETRY_SECONDS), 1))
        case 503:
            headers["Retry-After"] = str(_RETRY_SECONDS)
        case _:
            pass
    return headers


async def send(error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with a problem, outside of any route."""
    request: Request[Any, Any, Any] = Request(scope, receive=receive, send=send)
    response = respond(request, error)
    await response.to_asgi_response(app=None, request=request)(scope, receive, send)
