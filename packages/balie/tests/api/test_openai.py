"""The desk as a chat model."""

import msgspec
import pytest

pytestmark = pytest.mark.anyio


async def chat(served, *messages, who="anna", **more):
    roles = ("user", "assistant")
    history = [{"role": roles[n % 2], "content": text} for n, text in enumerate(messages)]
    body = {"model": "library", "messages": history, "temperature": 0.5, **more}
    return await served.client.post("/v1/chat/completions", json=body, headers=served.bearer(who))


async def test_the_vertical_is_the_model(served):
    models = (await served.client.get("/v1/models", headers=served.bearer("anna"))).json()
    assert [model["id"] for model in models["data"]] == ["library"]
    assert (await served.client.get("/v1/models/library", headers=served.bearer("anna"))).status_code == 200
    assert (await served.client.get("/v1/models/other", headers=served.bearer("anna"))).status_code == 404


async def test_what_the_user_says_last_is_said(served):
    answer = (await chat(served, "help")).json()
    assert answer["object"] == "chat.completion"
    assert answer["choices"][0]["finish_reason"] == "stop"
    said = answer["choices"][0]["message"]
    assert said["role"] == "assistant"
    assert said["content"].startswith("I can help you to")
    assert answer["id"] == f"chatcmpl-{answer['metadata']['conversation']}"
    parts = [{"role": "user", "content": [{"type": "text", "text": "help"}, {"type": "image_url"}]}]
    body = {"model": "library", "messages": parts}
    again = await served.client.post("/v1/chat/completions", json=body, headers=served.bearer("anna"))
    assert again.json()["choices"][0]["message"] == said


async def test_a_history_goes_on_in_its_conversation(served):
    hello = (await chat(served, "hi")).json()
    conversation = hello["metadata"]["conversation"]
    await served.command("anna", conversation, "lend_book", book="B-1")
    greeting = hello["choices"][0]["message"]["content"]
    # Somebody else with the same words is somebody else.
    other = (await chat(served, "hi", greeting, "yes", who="ben")).json()
    assert other["metadata"]["conversation"] != conversation
    done = (await chat(served, "hi", greeting, "yes")).json()
    assert done["metadata"] == {"conversation": conversation, "status": "done"}
    assert done["choices"][0]["message"]["content"] == "B-1 is yours."
    unknown = (await chat(served, "hi", "something never answered", "yes")).json()
    assert unknown["metadata"]["conversation"] != conversation


async def test_the_conversation_can_be_named(served):
    conversation = await served.conversation("anna")
    await served.command("anna", conversation, "lend_book", book="B-1")
    done = (await chat(served, "yes", metadata={"conversation": conversation})).json()
    assert done["metadata"]["status"] == "done"
    for name in (conversation, "nothing"):
        refused = await chat(served, "yes", who="ben", metadata={"conversation": name})
        assert refused.status_code == 404


async def test_without_a_message_it_greets(served):
    assert "Library" in (await chat(served)).json()["choices"][0]["message"]["content"]


async def test_it_streams(served):
    answer = await chat(served, "help", stream=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    data = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
    assert data[-1] == "[DONE]"
    first, last = (msgspec.json.decode(chunk) for chunk in data[:-1])
    assert first["object"] == last["object"] == "chat.completion.chunk"
    assert first["choices"][0]["delta"]["content"].startswith("I can help you to")
    assert last["choices"][0] == {"index": 0, "delta": {}, "finish_reason": "stop"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"model": "other", "messages": []}, 404, "not-found"),
        ({"model": "library"}, 400, "bad-request"),
        ({"model": "library", "messages": [{"role": "user", "content": "x" * 5000}]}, 400, "bad-request"),
    ],
)
async def test_errors_have_the_shape_that_those_clients_expect(served, body, status, code):
    answer = await served.client.post("/v1/chat/completions", json=body, headers=served.bearer("anna"))
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert (error["type"], error["code"]) == ("invalid_request_error", code)
    nobody = await served.client.post("/v1/chat/completions", json=body)
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (401, "unauthenticated")
