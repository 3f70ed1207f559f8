"""The OpenAPI document and the page that shows it, both without anything from outside.

Litestar describes what it sees in the handlers. What it can't see is added here: the problems that
any operation may answer with, and the arguments of each tool.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag
from litestar.params import FromPath
from litestar.response import File

from balie.agent.tools import Tool
from balie.api import openai, problems, systemone
from balie.api.problems import Problem
from balie.api.served import ServedVertical
from balie.config import ApiSettings
from balie.decisions import DecideRequest

SECURITY = "apiKey"

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/png" href="docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>This page needs JavaScript; what it shows is <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/show.js"></script>
</body>
</html>
"""
# Swagger UI's style sheet has its icons in it as data.
_PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FROM_PACKAGE = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
_READING = {"get", "head"}
_NO_NULL = "^[^\\u0000]*$"
_DECIMAL = r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$"
# Whose clients expect another shape of errors, and may send fields that mean nothing here.
_THEIRS = frozenset({openai.TAG, systemone.TAG})
_DESCRIPTIONS = {
    "400": "The request is not valid; `errors` lists every fault",
    "401": "No API key, or none that is valid",
    "403": "The caller may not do this",
    "404": "There is no such thing, or none that this caller may see",
    "409": "A rule forbids it, or something else came first",
    "410": "It was there, and its time is over",
    "413": "The body is too large",
    "415": "The body is not application/json",
    "422": "It is understood, and can't be done with these values",
    "429": "Too many requests",
    "500": "A fault of ours; the log tells more under `instance`",
    "503": "It can't be answered now; a repeat may succeed",
    "507": "The disk is full; nothing was saved",
}
_HEADERS: dict[str, dict[str, Any]] = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "Always `Bearer`"}},
    "429": {"Retry-After": {"schema": {"type": "integer", "minimum": 1}, "description": "In seconds"}},
    "503": {"Retry-After": {"schema": {"type": "integer", "minimum": 1}, "description": "In seconds"}},
}


_CONVERSATION = {"conversation_id": "$response.body#/conversation"}
_PENDING = {"action_id": "$response.body#/pending/id"}
_HANDOFF = {"handoff_id": "$response.body#/items/0/id"}
_OPENED = ("post", "/conversations", "201")
_SAID = ("post", "/conversations/{conversation_id}/messages", "200")
_COMMANDED = ("post", "/conversations/{conversation_id}/commands", "200")
_QUEUED = ("get", "/handoffs", "200")
_LINKS = (
    (_OPENED, ("say", _SAID[:2], _CONVERSATION)),
    (_OPENED, ("command", _COMMANDED[:2], _CONVERSATION)),
    (_OPENED, ("read", ("get", "/conversations/{conversation_id}"), _CONVERSATION)),
    *(
        (proposed, (decision, ("post", f"/actions/{{action_id}}/{decision}"), _PENDING))
        for proposed in (_SAID, _COMMANDED)
        for decision in ("confirm", "reject")
    ),
    *(
        (_QUEUED, (step, ("post", f"/handoffs/{{handoff_id}}/{step}"), _HANDOFF))
        for step in ("claim", "reply", "close")
    ),
)
"""The answer of an operation, and what can be done with it: a name, an operation, its parameters."""


class Documentation(JsonRenderPlugin):
    """The OpenAPI 3.1 document.

    Args:
        served: the verticals, each with the prefix of its addresses.
    """

    def __init__(self, served: Sequence[tuple[str, ServedVertical]], settings: ApiSettings) -> None:
        super().__init__(media_type=MediaType.JSON)
        self.served = served
        self.settings = settings
        self._rendered: bytes | None = None

    @cached_property
    def config(self) -> OpenAPIConfig:
        """For Litestar; the page is at ``/docs``."""
        titles = ", ".join(one.vertical.title for _, one in self.served)
        return OpenAPIConfig(
            title=f"Balie: {titles}",
            version=version("balie"),
            description="\n\n".join(
                f"**{one.vertical.title}**: {one.vertical.description}" for _, one in self.served
            ),
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
            tags=[
                Tag("Conversations", "Talking with the desk, by speech or by form"),
                Tag("Staff", "What waits for a person"),
                Tag(openai.TAG, "The desk as a chat model"),
                Tag(systemone.TAG, "The desk's models as a decision model"),
                Tag("Operations", "For who runs the API"),
            ],
            components=Components(
                security_schemes={
                    SECURITY: SecurityScheme(
                        type="http", scheme="bearer", description="An API key: `balie keys create`"
                    )
                }
            ),
            render_plugins=[DocsPage(path="/"), self],
            # Litestar answers what it doesn't know under this address with a page; here it is a problem.
            openapi_router=Router(
                "/docs", route_handlers=[], include_in_schema=False, after_request=_page_or_problem
            ),
        )

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The document as JSON."""
        if self._rendered is None:
            self._rendered = msgspec.json.encode(self.complete(openapi_schema))
        return self._rendered

    def complete(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document with what Litestar can't see; ``document`` is changed."""
        schemas: dict[str, Any] = document["components"].setdefault("schemas", {})
        # Of these msgspec says more than Litestar does: how many entries an object has at least.
        shapes = [Problem, openai.OpenAIError, DecideRequest]
        _, own = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
        schemas.update(own)
        for prefix, one in self.served:
            tools = list(one.vertical.team.tools.values())
            body, arguments = _command_body(one.name, tools)
            schemas.update(arguments)
            _add_links(document["paths"], f"{prefix}/v1")
            command = document["paths"][f"{prefix}/v1/conversations/{{conversation_id}}/commands"]["post"]
            command["requestBody"]["content"]["application/json"]["schema"] = body
        schemas["ChatRequest"]["properties"]["model"]["examples"] = [one.name for _, one in self.served]
        schemas["NewMessage"]["properties"]["text"]["maxLength"] = self.settings.max_message_characters
        for path, method, operation in _operations(document):
            _add_problems(path, method, operation)
            _close_body(operation, schemas)
            for parameter in operation.get("parameters", ()):
                _drop_null(parameter["schema"])
                _say_what_texts_hold(parameter["schema"])
        for schema in schemas.values():
            _say_what_texts_hold(schema)
        return document


class DocsPage(OpenAPIRenderPlugin):
    """The page that shows the document: Swagger UI out of its installed package."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page, the same for everybody."""
        return _PAGE.format(title=openapi_schema["info"]["title"]).encode()


def _page_or_problem(response: Response[Any]) -> Response[Any]:
    if response.status_code == 404:
        raise NotFoundException
    if response.media_type == MediaType.HTML:
        response.headers["Content-Security-Policy"] = _PAGE_POLICY
    return response


@get("/openapi.json", include_in_schema=False, media_type=MediaType.JSON)
async def openapi_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The OpenAPI document, at its usual address."""
    documentation: Documentation = request.app.state.documentation
    return Response(
        documentation.render(request, request.app.openapi_schema.to_schema()), media_type=MediaType.JSON
    )


@get("/docs/assets/{name:str}", include_in_schema=False)
async def asset(name: FromPath[str]) -> File:
    """What the page needs: of Swagger UI's files, and our own script that starts it.

    Raises:
        NotFoundException: it needs no such file.
    """
    if name == "show.js":
        path, kind = Path(str(files("balie.api") / "assets" / name)), "text/javascript"
    elif name in _FROM_PACKAGE:
        from swagger_ui_bundle import swagger_ui_path

        path, kind = Path(swagger_ui_path) / name, _FROM_PACKAGE[name]
    else:
        raise NotFoundException
    return File(
        path, media_type=kind, content_disposition_type="inline", headers={"Cache-Control": "max-age=3600"}
    )


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield path, method, operation


def _add_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    statuses = {"400", "403", "500"}
    if "/v1/" in path:
        statuses |= {"401", "429", "503"}
        if "{" in path:
            statuses.add("404")
        if method not in _READING:
            statuses |= {"404", "409", "413", "415", "507"}
    elif path == "/metrics":
        statuses |= {"401", "503"}
    theirs = not _THEIRS.isdisjoint(operation.get("tags", ()))
    kind, shape = ("application/json", "OpenAIError") if theirs else (problems.MEDIA_TYPE, "Problem")
    own = operation["responses"]
    # What a handler raises is described by Litestar in a shape of its own.
    statuses |= {status for status, answer in own.items() if _is_litestars(answer)}
    for status in sorted(statuses):
        if status in own and not _is_litestars(own[status]):
            continue
        own[status] = {
            "description": _DESCRIPTIONS[status],
            "content": {kind: {"schema": {"$ref": f"#/components/schemas/{shape}"}}},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }


def _close_body(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say of a body's struct that it takes no other fields, which Litestar does not."""
    if not _THEIRS.isdisjoint(operation.get("tags", ())):
        return
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in body:
        schemas[body["$ref"].rsplit("/", 1)[-1]]["additionalProperties"] = False


def _drop_null(schema: dict[str, Any]) -> None:
    """A parameter that is left out is None to its handler, but nobody can send a null in an address."""
    kinds = [kind for kind in schema.get("oneOf", ()) if kind != {"type": "null"}]
    if len(kinds) == 1:
        del schema["oneOf"]
        schema.update(kinds[0])


def _add_links(paths: dict[str, Any], base: str) -> None:
    """Say what an answer can be used for next."""
    for (method, path, status), (name, target, parameters) in _LINKS:
        links = paths[base + path][method]["responses"][status].setdefault("links", {})
        target_method, target_path = target
        operation = paths[base + target_path][target_method]["operationId"]
        links[name] = {"operationId": operation, "parameters": parameters}


def _is_litestars(answer: dict[str, Any]) -> bool:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return set(schema.get("properties", {})) == {"status_code", "detail", "extra"}


def _command_body(vertical: str, tools: Sequence[Tool]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The body of a command, one variant for each tool, and the components that it refers to."""
    prefix = vertical.replace("-", "_")
    _, components = msgspec.json.schema_components(
        [tool.arguments_type for tool in tools], ref_template=f"#/components/schemas/{prefix}.{{name}}"
    )
    variants = []
    for tool in tools:
        schema = components[f"{tool.name}_arguments"]
        # What can be written from another argument need not be given.
        written = {parameter.name for parameter in tool.parameters if parameter.written}
        required = [name for name in schema.get("required", ()) if name not in written]
        schema["required"] = required
        variants.append(
            {
                "type": "object",
                "title": tool.name,
                "description": tool.description,
                "properties": {
                    "tool": {"const": tool.name},
                    "arguments": {"$ref": f"#/components/schemas/{prefix}.{tool.name}_arguments"},
                },
                "required": ["tool", "arguments"] if required else ["tool"],
                "additionalProperties": False,
            }
        )
    return {"oneOf": variants}, {f"{prefix}.{name}": schema for name, schema in components.items()}


def _say_what_texts_hold(schema: Any) -> None:
    """No null characters; and a decimal, whose format not everybody knows, is digits."""
    if isinstance(schema, list):
        for item in schema:
            _say_what_texts_hold(item)
    elif isinstance(schema, dict):
        if isinstance(schema.get("additionalProperties"), dict):
            schema.setdefault("propertyNames", {"pattern": _NO_NULL})
        if schema.get("format") == "decimal":
            schema.setdefault("pattern", _DECIMAL)
        if schema.get("type") == "string" and not {"pattern", "format", "enum", "const"} & schema.keys():
            schema["pattern"] = _NO_NULL
        for item in schema.values():
            _say_what_texts_hold(item)
