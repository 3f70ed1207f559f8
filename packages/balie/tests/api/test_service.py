"""Health, description, direct writes, and several verticals in one process."""

import asyncio
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from balie.agent.desk import Desk
from balie.api import ServedVertical, create_app
from balie.config import ModelSettings, Settings
from balie.db import AuditRecord, Conversation, Database, api_keys
from balie.routing import Models
from sqlalchemy import func, select, update

pytestmark = pytest.mark.anyio


async def test_it_is_alive_and_ready(served):
    client = served.client
    live = await client.get("/health/live")
    assert (live.status_code, live.json()["status"]) == (200, "ok")
    ready = await client.get("/health/ready")
    # Models are forbidden here: forms work all the same.
    assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
    checks = {check["name"]: check["state"] for check in ready.json()["verticals"]["library"]["checks"]}
    assert checks == {"database": "ok", "migrations": "ok", "models": "degraded", "disk": "ok"}
    assert not any(check["detail"] for check in ready.json()["verticals"]["library"]["checks"])


async def test_it_is_not_ready_while_the_models_warm_up(served, monkeypatch):
    monkeypatch.setattr(type(served.desk.models), "state", "warming_up")
    ready = await served.client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "warming_up")
    assert ready.headers["Retry-After"] == "1"


async def test_it_is_not_ready_without_its_database(served):
    await served.desk.database.close()
    served.desk.database.path.unlink()
    served.desk.database.path.mkdir()
    ready = await served.client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (503, "failing")
    answer = await served.client.get("/v1/tools", headers=served.bearer("anna"))
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:balie:error:database-unavailable"
    assert str(served.desk.database.path) not in answer.text


async def test_the_description_is_openapi_3_1_and_names_every_tool(served):
    document = (await served.client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    body = document["paths"]["/v1/conversations/{conversation_id}/commands"]["post"]["requestBody"]
    variants = body["content"]["application/json"]["schema"]["oneOf"]
    assert {variant["properties"]["tool"]["const"] for variant in variants} == set(served.desk.team.tools)
    answers = document["paths"]["/v1/conversations/{conversation_id}/messages"]["post"]["responses"]
    assert set(answers["200"]["content"]) == {"application/json", "text/event-stream"}
    for status in ("400", "401", "404", "429", "500"):
        (kind,) = answers[status]["content"]
        assert kind == "application/problem+json"
    for path, item in document["paths"].items():
        for operation in item.values():
            needs_key = operation.get("security") == [{"apiKey": []}]
            assert needs_key == path.startswith("/v1/"), path


async def test_the_page_loads_nothing_from_outside(served):
    page = await served.client.get("/docs")
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|https?://", page.text)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(loaded) == 5
    for address in loaded:
        answer = await served.client.get(f"/{address}")
        assert answer.status_code == 200, address
        assert len(answer.content) > 100
    outside = await served.client.get("/docs/assets/../../openapi.json")
    assert outside.headers["content-type"] != "text/javascript"
    assert (await served.client.get("/docs/assets/index.html")).status_code == 404


async def test_a_direct_write_is_done_once_and_recorded(served):
    headers = {**served.bearer("staff"), "Idempotency-Key": "a-1"}
    first = await served.client.post("/v1/loans", json={"book": "B-1"}, headers=headers)
    again = await served.client.post("/v1/loans", json={"book": "B-1"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = await served.client.post("/v1/loans", json={"book": "B-2"}, headers=headers)
    assert other.status_code == 409
    async with served.desk.database.read() as session:
        (record,) = (await session.scalars(select(AuditRecord))).all()
    assert (record.actor, record.action, record.subject) == ("staff:Femke", "lend", "book:B-1")


async def test_twins_are_done_once(served):
    headers = {**served.bearer("staff"), "Idempotency-Key": "twins"}
    answers = await asyncio.gather(
        *(served.client.post("/v1/loans", json={"book": "B-3"}, headers=headers) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    async with served.desk.database.read() as session:
        assert len((await session.scalars(select(AuditRecord))).all()) == 1


async def test_lists_come_in_pages(served):
    for book in ("B-1", "B-2", "B-3"):
        await served.client.post("/v1/loans", json={"book": book}, headers=served.bearer("anna"))
    page = (await served.client.get("/v1/loans?limit=2&offset=2", headers=served.bearer("anna"))).json()
    assert page == {"items": [{"book": "B-3", "reader": "R-1"}], "limit": 2, "offset": 2, "total": 3}


async def test_several_verticals_each_have_an_address_and_keys(tmp_path, current_file, library, call):
    settings = Settings(models=ModelSettings(generate=False))
    keys = {}

    def serve(name):
        vertical = replace(library, name=name)
        shutil.copy(current_file, tmp_path / f"{name}.sqlite3")

        async def open_desk():
            database = Database(path=tmp_path / f"{name}.sqlite3")
            models = Models(settings.models, name=name, heads=None, commands=vertical.team.commands)
            models.start()
            async with database.write() as session:
                keys[name] = await api_keys.create(session, role="customer", identity="R-1")
            return Desk(name, vertical.team, database, models, settings)

        return ServedVertical(vertical, open_desk)

    app = create_app([serve("north"), serve("south")], settings)
    async with app.lifespan(), call(app) as client:
        for name, other in (("north", "south"), ("south", "north")):
            headers = {"Authorization": f"Bearer {keys[name]}"}
            opened = await client.post(f"/{name}/v1/conversations", headers=headers)
            assert name in opened.json()["greeting"]
            assert (await client.get(opened.headers["Location"], headers=headers)).status_code == 200
            assert (await client.post(f"/{other}/v1/conversations", headers=headers)).status_code == 401
        assert (await client.get("/v1/tools")).status_code == 404
        assert set((await client.get("/health/ready")).json()["verticals"]) == {"north", "south"}
        paths = (await client.get("/openapi.json")).json()["paths"]
        assert {"/north/v1/loans", "/south/v1/loans", "/health/live"} <= set(paths)


async def test_what_was_said_long_ago_is_removed_when_it_starts(make_served):
    async with make_served() as served:
        await served.conversation("anna")
        async with served.desk.database.write() as session:
            await session.execute(update(Conversation).values(updated_at=datetime(2020, 1, 1, tzinfo=UTC)))
    async with make_served() as served, served.desk.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 0
