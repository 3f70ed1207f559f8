"""Who gets in, how often, and from where."""

import asyncio

import pytest
from balie.api import create_app
from balie.config import ApiSettings, Settings
from balie.db import ApiKey, api_keys
from balie.errors import ConfigError
from sqlalchemy import select

pytestmark = pytest.mark.anyio


async def test_without_a_key_nothing_is_told(served):
    for method, address in (("GET", "/v1/tools"), ("POST", "/v1/conversations"), ("GET", "/v1/loans")):
        answer = await served.client.request(method, address)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="balie"'
        assert answer.json()["type"] == "urn:balie:error:unauthenticated"


@pytest.mark.parametrize("given", ["Bearer balie_00000000_nothing", "Bearer", "Basic YTpi", "Bearer  "])
async def test_a_wrong_key_is_no_key(served, given):
    answer = await served.client.get("/v1/tools", headers={"Authorization": given})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


async def test_a_wrong_key_is_noticed_before_a_wrong_body(served):
    answer = await served.client.post("/v1/loans", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 401


async def test_a_revoked_key_ends_at_once(served):
    assert (await served.client.get("/v1/tools", headers=served.bearer("anna"))).status_code == 200
    async with served.desk.database.write() as session:
        await api_keys.revoke(session, served.keys["anna"].split("_")[1])
    assert (await served.client.get("/v1/tools", headers=served.bearer("anna"))).status_code == 401


async def test_the_use_of_a_key_is_noted(served):
    await served.client.get("/v1/tools", headers=served.bearer("anna"))
    async with served.desk.database.read() as session:
        used = {key.identity: key.last_used_at for key in await session.scalars(select(ApiKey))}
    assert used["R-1"] is not None
    assert used["R-2"] is None


async def test_a_key_has_its_own_rate(make_served):
    async with make_served(rate_per_minute=3) as served:
        answers = [await served.client.get("/v1/tools", headers=served.bearer("anna")) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["RateLimit-Remaining"] == "2"
        refused = answers[-1]
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert refused.json()["type"] == "urn:balie:error:too-many-requests"
        assert refused.headers["content-type"] == "application/problem+json"
        assert (await served.client.get("/v1/tools", headers=served.bearer("ben"))).status_code == 200


async def test_guessing_keys_is_limited_by_address(make_served):
    async with make_served(rate_per_minute=3) as served:
        statuses = [
            (
                await served.client.get("/v1/tools", headers={"Authorization": f"Bearer balie_{n:08}_x"})
            ).status_code
            for n in range(4)
        ]
        assert statuses == [401, 401, 401, 429]


async def test_without_keys_it_is_for_this_machine_only(make_served):
    async with make_served(require_key=False) as served:
        client = served.client
        opened = await client.post("/v1/conversations")
        assert opened.status_code == 201
        assert (await client.get("/v1/handoffs")).status_code == 403
        personal = await client.post(
            f"/v1/conversations/{opened.json()['conversation']}/commands",
            json={"tool": "lend_book", "arguments": {"book": "B-1"}},
        )
        assert personal.status_code == 403
        # A key that is given is looked at all the same.
        assert (await client.get("/v1/tools", headers={"Authorization": "Bearer x"})).status_code == 401
        assert (await client.get("/v1/handoffs", headers=served.bearer("staff"))).status_code == 200
        # A page of another site, opened in a browser of this machine.
        for headers in (
            {"Origin": "https://elsewhere.example"},
            {"Host": "elsewhere.example"},
            {"Origin": "null"},
        ):
            answer = await client.post("/v1/conversations", headers=headers)
            assert answer.status_code == 403, headers
        assert (
            await client.post("/v1/conversations", headers={"Origin": "http://127.0.0.1"})
        ).status_code == 201


async def test_without_keys_it_is_not_served_to_others(library):
    with pytest.raises(ConfigError, match="require_key"):
        create_app([None], Settings(api=ApiSettings(host="0.0.0.0", require_key=False)))
    with pytest.raises(ConfigError, match="vertical"):
        create_app([], Settings())


async def test_the_metrics_are_for_this_machine_and_for_administrators(served):
    client = served.client
    assert (await client.get("/metrics")).status_code == 401
    assert (await client.get("/metrics", headers=served.bearer("staff"))).status_code == 403
    conversation = await served.conversation("anna")
    await served.command("anna", conversation, "find_book", book="B-1")
    answer = await client.get("/metrics", headers=served.bearer("admin"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'balie_turns_total{agent="desk",status="answered",vertical="library"} 1.0' in answer.text
    assert 'http_route="/v1/conversations/{conversation_id}/commands"' in answer.text
    assert conversation not in answer.text


async def test_callers_do_not_get_into_each_others_way(served):
    async def lend(who, book):
        conversation = await served.conversation(who)
        asked = (await served.command(who, conversation, "lend_book", book=book)).json()
        answer = await served.client.post(
            f"/v1/actions/{asked['pending']['id']}/confirm", headers=served.bearer(who)
        )
        return answer.json()["status"]

    outcomes = await asyncio.gather(*(lend(who, "B-1") for who in ("anna", "ben", "anna", "ben")))
    assert sorted(outcomes) == ["done", "refused", "refused", "refused"]
