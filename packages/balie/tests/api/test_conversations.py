"""Conversations over REST, without any model: forms and exact words."""

import asyncio
from uuid import uuid4

import msgspec
import pytest
from balie.agent.turn import Turn
from balie.db import AuditRecord
from sqlalchemy import func, select

pytestmark = pytest.mark.anyio


async def test_a_conversation_begins_with_a_greeting(served):
    answer = await served.client.post("/v1/conversations", headers=served.bearer("anna"))
    assert answer.status_code == 201
    opened = answer.json()
    assert opened["vertical"] == "library"
    assert opened["agent"] == "desk"
    assert "Library" in opened["greeting"]
    assert answer.headers["Location"] == f"/v1/conversations/{opened['conversation']}"
    there = await served.client.get(answer.headers["Location"], headers=served.bearer("anna"))
    assert there.status_code == 200
    assert there.json()["turns"] == []


async def test_the_language_is_the_one_that_is_liked_best_of_those_there_are(served):
    headers = {**served.bearer("anna"), "Accept-Language": "fr, nl-BE;q=0.9, en;q=0.5"}
    answer = await served.client.post("/v1/conversations", headers=headers)
    assert answer.json()["greeting"].startswith("Hallo")


async def test_a_form_reads_at_once(served):
    conversation = await served.conversation("anna")
    answer = await served.command("anna", conversation, "find_book", book="B-1")
    assert answer.status_code == 200
    turn = msgspec.json.decode(answer.content, type=Turn)
    assert turn.status == "answered"
    assert turn.reply == "B-1 is in."
    assert turn.commands[0].arguments == {"book": "B-1"}
    assert turn.results == [{"book": "B-1", "lent": False}]


async def test_a_write_waits_for_a_yes_and_is_done_once(served):
    conversation = await served.conversation("anna")
    asked = (await served.command("anna", conversation, "lend_book", book="B-1")).json()
    assert asked["status"] == "needs_confirmation"
    assert (await served.command("anna", conversation, "find_book", book="B-1")).json()["results"][0][
        "lent"
    ] is False
    yes = f"/v1/actions/{asked['pending']['id']}/confirm"
    first, second = await asyncio.gather(
        *(served.client.post(yes, headers=served.bearer("anna")) for _ in range(2))
    )
    assert sorted([first.status_code, second.status_code]) in ([200, 200], [200, 409])
    done = [answer.json() for answer in (first, second) if answer.json()["status"] == "done"]
    assert [turn["reply"] for turn in done] == ["B-1 is yours."]
    again = await served.client.post(yes, headers=served.bearer("anna"))
    assert again.status_code == 409
    assert again.json()["type"] == "urn:balie:error:conflict"
    async with served.desk.database.read() as session:
        records = (await session.scalars(select(AuditRecord))).all()
    assert [(r.action, r.actor) for r in records] == [("lend_book", "customer:R-1")]
    assert records[0].detail["channel"].startswith("api:")


async def test_a_no_changes_nothing(served):
    conversation = await served.conversation("anna")
    asked = (await served.command("anna", conversation, "lend_book", book="B-1")).json()
    answer = await served.client.post(
        f"/v1/actions/{asked['pending']['id']}/reject", headers=served.bearer("anna")
    )
    assert answer.json()["status"] == "answered"
    assert (await served.command("anna", conversation, "find_book", book="B-1")).json()["results"][0][
        "lent"
    ] is False


async def test_an_exact_yes_needs_no_model(served):
    conversation = await served.conversation("anna")
    await served.command("anna", conversation, "lend_book", book="B-2")
    answer = await served.client.post(
        f"/v1/conversations/{conversation}/messages", json={"text": "yes"}, headers=served.bearer("anna")
    )
    assert answer.json()["status"] == "done"


async def test_the_same_key_gets_the_same_answer(served):
    conversation = await served.conversation("anna")
    key = {"Idempotency-Key": "once"}
    first = await served.command("anna", conversation, "lend_book", headers=key, book="B-1")
    second = await served.command("anna", conversation, "lend_book", headers=key, book="B-1")
    assert first.json() == second.json()
    other = await served.command("anna", conversation, "lend_book", headers=key, book="B-2")
    assert other.status_code == 409
    yes = f"/v1/actions/{first.json()['pending']['id']}/confirm"
    headers = {**served.bearer("anna"), "Idempotency-Key": "yes"}
    one = await served.client.post(yes, headers=headers)
    two = await served.client.post(yes, headers=headers)
    assert one.json() == two.json()
    assert two.json()["status"] == "done"


async def test_a_broken_rule_is_a_turn_not_an_error(served):
    conversation = await served.conversation("anna")
    for who in ("anna", "ben"):
        conversation = await served.conversation(who)
        asked = (await served.command(who, conversation, "lend_book", book="B-1")).json()
        turn = await served.client.post(
            f"/v1/actions/{asked['pending']['id']}/confirm", headers=served.bearer(who)
        )
        assert turn.status_code == 200
    assert turn.json()["status"] == "refused"
    assert turn.json()["reply"] == "B-1 is lent already."


async def test_what_waited_too_long_is_not_done(served):
    conversation = await served.conversation("anna")
    asked = (await served.command("anna", conversation, "lend_book", book="B-1")).json()
    served.clock.passes(minutes=16)
    answer = await served.client.post(
        f"/v1/actions/{asked['pending']['id']}/confirm", headers=served.bearer("anna")
    )
    assert answer.json()["status"] == "refused"


async def test_nobody_sees_another_ones_conversation(served):
    conversation = await served.conversation("anna")
    asked = (await served.command("anna", conversation, "lend_book", book="B-1")).json()
    action = asked["pending"]["id"]
    nothing = uuid4()
    for theirs, none in (
        (f"/v1/conversations/{conversation}", f"/v1/conversations/{nothing}"),
        (f"/v1/actions/{action}/confirm", f"/v1/actions/{nothing}/confirm"),
        (f"/v1/actions/{action}/reject", f"/v1/actions/{nothing}/reject"),
    ):
        method = "GET" if "conversations" in theirs else "POST"
        answers = [
            (await served.client.request(method, address, headers=served.bearer("ben")))
            for address in (theirs, none)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]
        first, second = ({**answer.json(), "instance": ""} for answer in answers)
        assert first == second
    said = await served.client.post(
        f"/v1/conversations/{conversation}/messages", json={"text": "yes"}, headers=served.bearer("ben")
    )
    assert said.status_code == 404
    async with served.desk.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(AuditRecord)) == 0


async def test_staff_read_any_conversation(served):
    conversation = await served.conversation("anna")
    await served.command("anna", conversation, "find_book", book="B-1")
    answer = await served.client.get(f"/v1/conversations/{conversation}", headers=served.bearer("staff"))
    assert answer.json()["identity"] == "R-1"
    assert len(answer.json()["turns"]) == 1


async def test_staff_act_on_behalf_of_a_customer(served):
    headers = {**served.bearer("staff"), "X-Balie-On-Behalf-Of": "R-1"}
    opened = await served.client.post("/v1/conversations", headers=headers)
    conversation = opened.json()["conversation"]
    asked = await served.client.post(
        f"/v1/conversations/{conversation}/commands",
        json={"tool": "lend_book", "arguments": {"book": "B-1"}},
        headers=headers,
    )
    done = await served.client.post(f"/v1/actions/{asked.json()['pending']['id']}/confirm", headers=headers)
    assert done.json()["results"] == [{"book": "B-1", "reader": "R-1"}]
    async with served.desk.database.read() as session:
        record = (await session.scalars(select(AuditRecord))).one()
    prefix = served.keys["staff"].split("_")[1]
    assert (record.actor, record.detail["channel"]) == ("customer:R-1", f"api:{prefix}")
    # It reaches no further than the customer does.
    tools = await served.client.get("/v1/tools", headers=headers)
    assert "withdraw_book" not in {tool["name"] for tool in tools.json()["items"]}
    refused = await served.client.get(
        "/v1/tools", headers={**served.bearer("anna"), "X-Balie-On-Behalf-Of": "R-2"}
    )
    assert refused.status_code == 403


async def test_tools_are_those_of_the_role(served):
    def names(answer):
        return [tool["name"] for tool in answer.json()["items"]]

    customer = await served.client.get("/v1/tools", headers=served.bearer("anna"))
    staff = await served.client.get("/v1/tools", headers=served.bearer("staff"))
    assert names(customer) == ["find_book", "lend_book"]
    assert names(staff) == ["find_book", "lend_book", "withdraw_book"]
    find = customer.json()["items"][0]
    assert find["effect"] == "read"
    assert find["arguments"]["properties"]["book"]["pattern"] == r"^B-[0-9]$"
    second = await served.client.get("/v1/tools?limit=1&offset=1", headers=served.bearer("staff"))
    assert names(second) == ["lend_book"]
    assert second.json()["total"] == 3


async def test_what_the_role_does_not_reach_is_forbidden(served):
    conversation = await served.conversation("anna")
    answer = await served.command("anna", conversation, "withdraw_book", book="B-1")
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:balie:error:forbidden"
    unknown = await served.command("anna", conversation, "burn_book", book="B-1")
    assert unknown.status_code == 404


@pytest.mark.parametrize("arguments", [{}, {"book": "B-99"}, {"book": 7}, {"book": "B-1", "more": "x"}])
async def test_arguments_are_checked(served, arguments):
    conversation = await served.conversation("anna")
    answer = await served.command("anna", conversation, "find_book", **arguments)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:balie:error:bad-request"


async def test_a_message_has_something_in_it_and_an_end(make_served):
    async with make_served(max_message_characters=20) as served:
        conversation = await served.conversation("anna")
        for text in ("", "   ", "x" * 21, 5, None):
            answer = await served.client.post(
                f"/v1/conversations/{conversation}/messages",
                json={"text": text},
                headers=served.bearer("anna"),
            )
            assert answer.status_code == 400, text
        assert (await served.client.get("/openapi.json")).json()["components"]["schemas"]["NewMessage"][
            "properties"
        ]["text"]["maxLength"] == 20


async def test_staff_take_a_conversation_over_and_give_it_back(served):
    client, conversation = served.client, await served.conversation("anna")
    messages = f"/v1/conversations/{conversation}/messages"
    turn = await client.post(messages, json={"text": "human"}, headers=served.bearer("anna"))
    assert turn.json()["status"] == "handed_off"
    assert (await client.get("/v1/handoffs", headers=served.bearer("anna"))).status_code == 403
    queue = (await client.get("/v1/handoffs", headers=served.bearer("staff"))).json()
    assert queue["total"] == 1
    handoff = queue["items"][0]
    assert (handoff["conversation"], handoff["identity"], handoff["status"]) == (conversation, "R-1", "open")
    base = f"/v1/handoffs/{handoff['id']}"
    claimed = await client.post(f"{base}/claim", headers=served.bearer("staff"))
    assert claimed.json()["claimed_by"] == "Femke"
    assert (await client.post(f"{base}/claim", headers=served.bearer("admin"))).status_code == 409
    replied = await client.post(
        f"{base}/reply", json={"text": "It is me now."}, headers=served.bearer("staff")
    )
    assert replied.status_code == 204
    read = (await client.get(f"/v1/conversations/{conversation}", headers=served.bearer("anna"))).json()
    assert read["handed_off"] is True
    assert (read["turns"][-1]["speaker"], read["turns"][-1]["reply"]) == ("staff", "It is me now.")
    assert (await client.post(f"{base}/close", headers=served.bearer("staff"))).status_code == 204
    assert (await client.post(f"{base}/close", headers=served.bearer("staff"))).status_code == 409
    assert (await client.get("/v1/handoffs", headers=served.bearer("staff"))).json()["total"] == 0
    closed = await client.get("/v1/handoffs?closed=true", headers=served.bearer("staff"))
    assert closed.json()["total"] == 1
    for action in ("claim", "reply", "close"):
        nothing = f"/v1/handoffs/{uuid4()}/{action}"
        body = {"json": {"text": "Hello?"}} if action == "reply" else {}
        assert (await client.post(nothing, headers=served.bearer("staff"), **body)).status_code == 404
        assert (
            await client.post(f"{base}/{action}", headers=served.bearer("anna"), **body)
        ).status_code == 403
