"""Turns as server-sent events."""

import asyncio
from uuid import uuid4

import msgspec
import pytest
from balie.api import streaming

pytestmark = pytest.mark.anyio


def events(text):
    """The events of a stream, as (name, data); comments as ("", text)."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            found.append((fields["event"], msgspec.json.decode(fields["data"])))
        elif block.startswith(":"):
            found.append(("", block[1:].strip()))
    return found


async def say(served, conversation, text="yes", **headers):
    return await served.client.post(
        f"/v1/conversations/{conversation}/messages",
        json={"text": text},
        headers={**served.bearer("anna"), "Accept": "text/event-stream", **headers},
    )


async def test_the_turn_comes_as_events(served):
    conversation = await served.conversation("anna")
    await served.command("anna", conversation, "lend_book", book="B-1")
    answer = await say(served, conversation)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    (first, accepted), (last, turn) = events(answer.text)
    assert (first, accepted) == ("accepted", {"conversation": conversation})
    assert last == "turn"
    assert turn["status"] == "done"


async def test_what_fails_at_once_has_a_status(served):
    answer = await say(served, uuid4())
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_while_it_takes_longer_it_says_so(served, monkeypatch):
    monkeypatch.setattr(streaming, "_BEFORE_STREAM_SECONDS", 0)
    monkeypatch.setattr(streaming, "_PROGRESS_SECONDS", 0.01)
    monkeypatch.setattr(streaming, "_KEEP_ALIVE_SECONDS", 0.01)
    conversation = await served.conversation("anna")
    async with served.desk.database.write():
        saying = asyncio.create_task(say(served, conversation))
        await asyncio.wait({saying}, timeout=0.3)
        assert not saying.done()
    found = events((await saying).text)
    names = [name for name, _ in found]
    assert names[:2] == ["accepted", "progress"]
    assert names[-1] == "turn"
    assert "" in names
    progress = dict(found)["progress"]
    assert progress["models"] == served.desk.models.state
    assert progress["elapsed_ms"] >= 0


async def test_what_fails_later_is_an_event(served, monkeypatch):
    monkeypatch.setattr(streaming, "_BEFORE_STREAM_SECONDS", 0)
    answer = await say(served, uuid4())
    assert answer.status_code == 200
    assert [name for name, _ in events(answer.text)][-1] == "problem"
    assert events(answer.text)[-1][1]["type"] == "urn:balie:error:not-found"


async def test_a_turn_is_finished_even_if_nobody_listens(make_served, monkeypatch):
    monkeypatch.setattr(streaming, "_BEFORE_STREAM_SECONDS", 0)
    async with make_served() as served:
        conversation = await served.conversation("anna")
        await served.command("anna", conversation, "lend_book", book="B-1")
        async with served.desk.database.write():
            saying = asyncio.create_task(say(served, conversation))
            await asyncio.wait({saying}, timeout=0.1)
            saying.cancel()
            await asyncio.wait({saying})
        read = {}
        while (read.get("turns") or [{}])[-1].get("status") != "done":
            read = (
                await served.client.get(f"/v1/conversations/{conversation}", headers=served.bearer("anna"))
            ).json()
        assert read["turns"][-1]["reply"] == "B-1 is yours."
