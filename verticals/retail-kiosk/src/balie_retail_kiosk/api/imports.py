"""Products and stock in bulk: the body is read as it comes, however long it is.

The bodies go past :mod:`balie.api.bodies`, which would hold one whole; their rows are checked one by one
(:mod:`balie_retail_kiosk.importing`). The same rows twice are the same rows: no idempotency key is needed.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from balie.agent import Caller
from balie.agent.desk import Desk
from balie.api import TheCaller, TheDesk
from balie.importing import MOST_FAULTS, By, Format, Import, ImportReport, Unreadable
from litestar import Controller, Request, post
from litestar.exceptions import HTTPException, InternalServerException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody
from litestar.params import QueryParameter

from balie_retail_kiosk.api.common import FOR_STAFF, require_staff
from balie_retail_kiosk.importing import IMPORTERS, ProductRow, StockRow

MAX_BYTES = 512 * 1024**2

_FORMATS = {
    "application/json": Format.JSON,
    "application/x-ndjson": Format.JSONL,
    "application/jsonl": Format.JSONL,
    "text/csv": Format.CSV,
}
_HOW = (
    f"{FOR_STAFF} A JSON array of objects, JSON Lines, or CSV in UTF-8 with a header; up to 512 MiB. Good rows "
    "are written in batches while the body comes in, and faulty ones are told in the answer. With "
    "`all_or_nothing` everything is written in one transaction, or nothing: 409, with the same report as `facts`."
)

AllOrNothing = Annotated[bool, QueryParameter(description="Write nothing if one row has a fault")]
Faults = Annotated[
    int, QueryParameter(ge=0, le=1000, description="List so many faults; the others are counted")
]


def _inlined(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """A row's JSON schema without references, which would have nothing to refer to."""
    schema = msgspec.json.schema(kind)
    known = schema.pop("$defs")

    def resolved(part: Any) -> Any:
        if isinstance(part, list):
            return [resolved(each) for each in part]
        if not isinstance(part, dict):
            return part
        if (reference := part.get("$ref")) is not None:
            return resolved(known[reference.rsplit("/", 1)[-1]])
        return {name: resolved(each) for name, each in part.items()}

    plain: dict[str, Any] = resolved(schema)
    return plain


def _body_of(kind: type[msgspec.Struct]) -> RequestBody:
    # What is no such row is no fault of the request: the answer tells it of the row.
    rows: Any = {"type": "array", "items": {"anyOf": [_inlined(kind), {}]}}
    columns = [field.name for field in msgspec.structs.fields(kind)]
    cells = "".join(f"(,{name})?" for name in columns[1:])
    table: Any = {
        "type": "string",
        "description": "A header, and rows; the columns may be in another order, or stand between semicolons.",
        "pattern": f'^{columns[0]}{cells}(\\r?\\n[^"\\u0000]*)?$',
        "examples": [f"{','.join(columns)}\n"],
    }
    schemas = {Format.JSON: rows, Format.JSONL: {"type": "string"}, Format.CSV: table}
    content = {name: OpenAPIMediaType(schema=schemas[format_]) for name, format_ in _FORMATS.items()}
    return RequestBody(content=content, required=True, description="The rows")


@dataclass
class _ProductsOperation(Operation):
    def __post_init__(self) -> None:
        self.request_body = _body_of(ProductRow)


@dataclass
class _StockOperation(Operation):
    def __post_init__(self) -> None:
        self.request_body = _body_of(StockRow)


def check_kind(request: Request[Any, Any, Any]) -> None:
    """In place of what other bodies are checked for: it must be one of the formats, and say so.

    Raises:
        HTTPException: 415, it is something else.
    """
    kind = request.content_type[0].lower()
    if kind not in _FORMATS:
        raise HTTPException(
            detail=f"The body must be one of {', '.join(_FORMATS)}, not {kind or 'untyped'}.", status_code=415
        )


class ImportController(Controller):
    """What the shop's systems bring."""

    path = "/imports"
    tags = ("Imports",)
    before_request = check_kind
    request_max_body_size = MAX_BYTES

    @post(
        "/products",
        status_code=200,
        summary="Add and change products, by their SKU",
        description=f"{_HOW} A row of a known product may leave fields out: they stay what they are.",
        operation_class=_ProductsOperation,
    )
    async def products(
        self,
        request: Request[Any, Any, Any],
        desk: TheDesk,
        caller: TheCaller,
        all_or_nothing: AllOrNothing = False,
        create_categories: Annotated[
            bool, QueryParameter(description="Make the categories that are not there yet")
        ] = False,
        faults: Faults = MOST_FAULTS,
    ) -> ImportReport:
        """Bring products in."""
        choices = {"create_categories": create_categories}
        return await _import(request, desk, caller, "products", choices, all_or_nothing, faults)

    @post(
        "/stock",
        status_code=200,
        summary="Say how many of a product lie in a shop",
        description=f"{_HOW} A product is named by its SKU or its GTIN.",
        operation_class=_StockOperation,
    )
    async def stock(
        self,
        request: Request[Any, Any, Any],
        desk: TheDesk,
        caller: TheCaller,
        all_or_nothing: AllOrNothing = False,
        faults: Faults = MOST_FAULTS,
    ) -> ImportReport:
        """Bring stock in."""
        return await _import(request, desk, caller, "stock", {}, all_or_nothing, faults)


async def _import(
    request: Request[Any, Any, Any],
    desk: Desk,
    caller: Caller,
    kind: str,
    choices: dict[str, bool],
    all_or_nothing: bool,
    faults: int,
) -> ImportReport:
    require_staff(caller)
    work: Import[Any] = Import(
        desk.database,
        kind,
        IMPORTERS[kind].importer(**choices),
        by=By(caller.actor, str(caller.role), caller.channel),
        clock=desk.clock,
        all_or_nothing=all_or_nothing,
        most_faults=faults,
    )
    return await work.run(_pieces(request), _FORMATS[request.content_type[0].lower()])


async def _pieces(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            yield piece
    except InternalServerException as error:
        raise Unreadable("The sender went away before the end.") from error
