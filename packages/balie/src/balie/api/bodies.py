"""What a request's body must be, before anybody looks into it."""

import re
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException, SerializationException, ValidationException

from balie.errors import BadRequest

MAX_BYTES = 256 * 1024
KEEPS_NOTHING = "keeps_nothing"
"""A handler's option: its body goes into no database, so that a null character does no harm."""

_WRITING = {"POST", "PUT", "PATCH", "DELETE"}


async def check_body(request: Request[Any, Any, Any]) -> None:
    """A before-request hook: a body is JSON, says so, is what the operation takes, without null characters.

    Requiring the content type also keeps out forms of other sites, which a browser posts without asking.
    Litestar itself would let a text pass for a number or a truth value.

    Raises:
        HTTPException: 415, another content type. BadRequest: no JSON, or a text that can't be kept.
        ValidationException: it is not what the operation takes.
    """
    if request.method not in _WRITING or not await request.body():
        return
    kind = request.content_type[0].lower()
    if kind != "application/json":
        raise HTTPException(
            detail=f"The body must be application/json, not {kind or 'untyped'}.", status_code=415
        )
    try:
        body = await request.json()
    except SerializationException as error:
        raise BadRequest(f"The body is no JSON: {error}.") from error
    except UnicodeDecodeError as error:
        raise BadRequest("The body is no UTF-8.") from error
    except RecursionError as error:
        raise BadRequest("The body is nested too deeply.") from error
    if (field := request.route_handler.parsed_data_field) is None:
        return
    taken = _converted(body, field.annotation)
    if request.route_handler.opt.get(KEEPS_NOTHING):
        return
    if b"\\u0000" in await request.body() and _holds_null(msgspec.to_builtins(taken)):
        raise BadRequest("A text in the body holds a null character.")


def _converted(body: Any, kind: Any) -> Any:
    try:
        return msgspec.convert(_with_whole_numbers(body), kind)
    except msgspec.ValidationError as error:
        words, _, place = str(error).partition(" - at `$")
        # `.lines[0].sku` as a pointer is /lines/0/sku
        where = re.sub(r"[.\[\]]+", ".", place.rstrip("`")).strip(".")
        fault = {"message": words, "key": where or "data", "source": "body"}
        raise ValidationException(extra=[fault]) from error


def _with_whole_numbers(value: Any) -> Any:
    """33.0 is an integer too (JSON Schema Core, section 4.2.3); some languages write no other numbers."""
    match value:
        case float():
            return int(value) if value.is_integer() else value
        case list():
            return [_with_whole_numbers(item) for item in value]
        case dict():
            return {key: _with_whole_numbers(item) for key, item in value.items()}
        case _:
            return value


def _holds_null(value: Any) -> bool:
    match value:
        case str():
            return "\0" in value
        case list():
            return any(_holds_null(item) for item in value)
        case dict():
            return any(_holds_null(key) or _holds_null(item) for key, item in value.items())
        case _:
            return False
