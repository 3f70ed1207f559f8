"""Everything that goes wrong is told in one shape, and tells nothing of the inside."""

import json

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

pytestmark = pytest.mark.anyio

FIELDS = {"type", "title", "status", "detail", "instance"}


def problem(answer, status, slug):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told.keys() >= FIELDS
    assert told.keys() <= FIELDS | {"errors", "facts"}
    assert (told["type"], told["status"]) == (f"urn:balie:error:{slug}", status)
    assert told["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    return told


@pytest.mark.parametrize(
    "address", ["/", "/nothing", "/v1", "/v1/nothing", "/docs/nothing", "/docs/assets/x"]
)
async def test_an_unknown_address(served, address):
    problem(await served.client.get(address, headers=served.bearer("anna")), 404, "not-found")


async def test_another_method(served):
    answer = await served.client.put("/v1/loans", headers=served.bearer("anna"))
    problem(answer, 405, "method-not-allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


async def test_which_methods_an_address_knows(served):
    for address, methods in (("/v1/loans", {"GET", "POST", "OPTIONS"}), ("/health/live", {"GET", "OPTIONS"})):
        answer = await served.client.options(address)
        assert (answer.status_code, answer.content) == (204, b"")
        assert set(answer.headers["Allow"].split(", ")) == methods
    problem(await served.client.options("/v1/nothing"), 404, "not-found")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nothing",
        b'"\xff"',
        b'{"book": "\\ud800"}',
        b"[" * 100_000,
        b'{"book": "B-1\\u0000"}',
        b'{"b": 1e999}',
    ],
)
async def test_a_body_that_is_no_json(served, body):
    headers = {**served.bearer("anna"), "Content-Type": "application/json"}
    problem(await served.client.post("/v1/loans", content=body, headers=headers), 400, "bad-request")


async def test_every_fault_of_a_body_is_listed(served):
    answer = await served.client.post("/v1/loans", json={"book": 5}, headers=served.bearer("anna"))
    told = problem(answer, 400, "bad-request")
    assert told["errors"] == [{"detail": "Expected `str`, got `int`", "pointer": "#/book"}]
    answer = await served.client.post("/v1/loans", json={"shelf": "B-1"}, headers=served.bearer("anna"))
    assert problem(answer, 400, "bad-request")["errors"]


async def test_a_parameter_of_the_wrong_kind(served):
    answer = await served.client.get("/v1/loans?limit=many", headers=served.bearer("anna"))
    told = problem(answer, 400, "bad-request")
    assert [fault["parameter"] for fault in told["errors"]] == ["limit"]
    headers = {**served.bearer("anna"), "Idempotency-Key": "x" * 201}
    answer = await served.client.post("/v1/loans", json={"book": "B-1"}, headers=headers)
    assert problem(answer, 400, "bad-request")["errors"][0]["parameter"] == "idempotency_key"


@pytest.mark.parametrize("address", ["/v1/loans?limit=%00", "/v1/%00"])
async def test_a_null_character_in_the_address(served, address):
    problem(await served.client.get(address, headers=served.bearer("anna")), 400, "bad-request")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_a_body_of_another_kind(served, kind):
    headers = {**served.bearer("anna"), "Content-Type": kind}
    answer = await served.client.post("/v1/loans", content=b'{"book": "B-1"}', headers=headers)
    problem(answer, 415, "unsupported-media-type")


async def test_a_body_that_is_too_large(served):
    big = {"book": "B" * 300_000}
    problem(await served.client.post("/v1/loans", json=big, headers=served.bearer("anna")), 413, "too-large")


async def test_a_broken_rule_of_a_direct_write(served):
    await served.client.post("/v1/loans", json={"book": "B-1"}, headers=served.bearer("anna"))
    answer = await served.client.post("/v1/loans", json={"book": "B-1"}, headers=served.bearer("ben"))
    told = problem(answer, 409, "already-lent")
    assert told["detail"] == "B-1 is lent already."
    assert told["facts"] == {"book": "B-1"}


async def test_our_own_fault_tells_nothing_and_is_in_the_log(served):
    with capture_logs() as logs:
        answer = await served.client.get("/v1/loans/broken", headers=served.bearer("anna"))
    told = problem(answer, 500, "error")
    assert "secret" not in answer.text
    (logged,) = [entry for entry in logs if entry["event"] == "request failed"]
    assert isinstance(logged["exc_info"], RuntimeError)
    assert told["detail"]


async def test_every_request_is_logged_with_its_id(served):
    with capture_logs(processors=[merge_contextvars]) as seen:
        answer = await served.client.get("/v1/loans?limit=1", headers=served.bearer("anna"))
        unknown = await served.client.request("BREW", "/coffee")
    first, second = (entry for entry in seen if entry["event"] == "request")
    assert (first["method"], first["route"], first["status"]) == ("GET", "/v1/loans", 200)
    assert first["request"] == answer.headers["X-Request-Id"]
    assert (second["method"], second["route"], second["status"]) == ("OTHER", "unknown", 404)
    assert second["request"] == unknown.headers["X-Request-Id"]
    assert "balie_" not in json.dumps(seen, default=str)


async def test_headers_keep_browsers_careful(served):
    answer = await served.client.get("/health/live")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    preflight = await served.client.options(
        "/v1/loans", headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    )
    assert "Access-Control-Allow-Origin" not in preflight.headers
