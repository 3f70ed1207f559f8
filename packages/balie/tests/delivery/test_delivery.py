"""Webhooks: what is posted, when again, and that nothing is lost or posted after it arrived."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from balie.config import WebhookSettings
from balie.db import Database, OutboxMessage
from balie.delivery import WAITS, Deliverer, endpoints_of
from balie.errors import ConfigError
from balie_testing import NOW, FrozenClock
from sqlalchemy import select

pytestmark = pytest.mark.anyio

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
DIE = Path(__file__).with_name("dies_after_the_post.py")


def deliverer(database, *webhooks, clock=None, environment=None, **rest):
    endpoints = endpoints_of(webhooks, environment or {})
    return Deliverer(database, endpoints, source="library", clock=clock or FrozenClock(), **rest)


async def messages(database):
    async with database.read() as session:
        return (await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))).all()


async def test_what_is_posted_and_how_it_is_signed(database, put, receiver):
    shop = receiver(200)
    (key,) = await put("quote.made", number="Q-7K2M9P", total="12.95")
    webhook = WebhookSettings(shop.url, secret_env="SECRET")
    (attempt,) = await deliverer(database, webhook, environment={"SECRET": SECRET}).once()
    assert (attempt.arrived, attempt.status, attempt.attempt) == (True, 200, 1)
    ((path, headers, body),) = shop.requests
    assert path == "/hook"
    assert json.loads(body) == {
        "id": key,
        "type": "quote.made",
        "timestamp": "2026-03-10T08:00:00Z",
        "source": "library",
        "data": {"number": "Q-7K2M9P", "total": "12.95"},
    }
    assert headers["webhook-id"] == key
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["Content-Type"] == "application/json"
    signed = f"{key}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(bytes(range(32)), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


async def test_a_secret_can_be_changed_while_both_are_known(database, put, receiver):
    shop = receiver(200)
    other = "whsec_" + base64.b64encode(bytes(24)).decode()
    await put("quote.made")
    webhook = WebhookSettings(shop.url, secret_env="SECRET")
    await deliverer(database, webhook, environment={"SECRET": f"{SECRET} {other}"}).once()
    first, second = shop.requests[0][1]["webhook-signature"].split()
    assert first != second
    assert first.startswith("v1,")


async def test_nothing_is_posted_again_after_it_arrived(database, put, receiver):
    shop = receiver(204)
    ids = await put("quote.made", "reservation.made", "quote.made")
    clock = FrozenClock()
    assert len(await deliverer(database, WebhookSettings(shop.url), clock=clock).once()) == 3
    assert shop.ids == ids
    clock.move(days=10)
    assert await deliverer(database, WebhookSettings(shop.url), clock=clock).once() == []
    assert shop.ids == ids
    assert all(message.sent_at == NOW for message in await messages(database))


async def test_each_address_gets_its_topics_and_no_other_message(database, put, receiver):
    till, planner, silent = receiver(200), receiver(200), receiver(200)
    quote, reservation, _ = await put("quote.made", "reservation.made", "staff_call.made")
    await put("quote.print", recipient="printer")
    await deliverer(
        database,
        WebhookSettings(till.url, topics=("quote.made", "reservation.made")),
        WebhookSettings(planner.url, topics=("reservation.made",)),
        WebhookSettings(silent.url, topics=("nothing.of.it",)),
    ).once()
    assert (till.ids, planner.ids, silent.ids) == ([quote, reservation], [reservation], [])
    *webhooks, printed = await messages(database)
    assert all(message.sent_at for message in webhooks)
    assert (printed.sent_at, printed.attempts) == (None, 0)


async def test_a_failure_is_tried_again_after_growing_waits_and_then_given_up(database, put, receiver):
    broken = receiver(503)
    await put("quote.made")
    clock = FrozenClock()
    waits = []
    for number, wait in enumerate(WAITS, start=1):
        (attempt,) = await deliverer(database, WebhookSettings(broken.url), clock=clock).once()
        assert (attempt.attempt, attempt.arrived) == (number, False)
        clock.move(wait - timedelta(seconds=1))
        assert await deliverer(database, WebhookSettings(broken.url), clock=clock).once() == []
        clock.move(wait * 0.1 + timedelta(seconds=1))
        waits.append(wait)
    assert waits == sorted(waits)
    await deliverer(database, WebhookSettings(broken.url), clock=clock).once()
    clock.move(days=30)
    assert await deliverer(database, WebhookSettings(broken.url), clock=clock).once() == []
    assert len(broken.requests) == len(WAITS) + 1
    assert len(set(broken.ids)) == 1
    (message,) = await messages(database)
    assert message.sent_at is not None
    assert message.attempts == len(WAITS) + 1
    assert "it answered 503" in message.last_error


async def test_while_an_address_is_down_its_messages_wait_and_come_in_order(database, put, receiver):
    shop = receiver(500, 200)
    ids = await put("quote.made", "quote.made", "quote.made")
    clock = FrozenClock()
    same = deliverer(database, WebhookSettings(shop.url), clock=clock)
    assert len(await same.once()) == 1
    clock.move(seconds=10)
    await same.once()
    assert shop.ids == [ids[0], *ids]


async def test_a_message_that_is_refused_does_not_hold_up_the_next(database, put, receiver):
    shop = receiver(422, 200)
    first, second = await put("quote.made", "quote.made")
    clock = FrozenClock()
    await deliverer(database, WebhookSettings(shop.url), clock=clock).once()
    assert shop.ids == [first, second]
    clock.move(seconds=10)
    await deliverer(database, WebhookSettings(shop.url), clock=clock).once()
    assert shop.ids == [first, second, first]


async def test_one_address_that_is_down_does_not_make_another_get_anything_twice(database, put, receiver):
    up, down = receiver(200), receiver(500, 200)
    (key,) = await put("quote.made")
    webhooks = (WebhookSettings(up.url), WebhookSettings(down.url))
    clock = FrozenClock()
    await deliverer(database, *webhooks, clock=clock).once()
    assert (await messages(database))[0].sent_at is None
    clock.move(minutes=1)
    await deliverer(database, *webhooks, clock=clock).once()
    assert (up.ids, down.ids) == ([key], [key, key])
    assert (await messages(database))[0].sent_at == clock()


async def test_a_slow_address_keeps_no_other_waiting(database, put, receiver):
    answered = threading.Event()
    slow = receiver(lambda: 200 if answered.wait(30) else 500)
    quick = receiver(200)
    await put("quote.made", "quote.made")
    arrived = []

    def note(attempt):
        arrived.append(attempt.host)
        if arrived.count(quick_host) == 2:
            answered.set()

    quick_host = endpoints_of([WebhookSettings(quick.url)])[0].host
    work = deliverer(database, WebhookSettings(slow.url), WebhookSettings(quick.url), on_attempt=note)
    await work.once()
    assert arrived[:2] == [quick_host, quick_host]
    assert len(slow.requests) == 2


async def test_the_database_is_free_during_a_post(database, put, receiver):
    written = threading.Event()
    shop = receiver(lambda: 200 if written.wait(30) else 500)
    await put("quote.made")
    posting = asyncio.create_task(deliverer(database, WebhookSettings(shop.url)).once())
    while not shop.requests:
        await asyncio.sleep(0)
    await put("quote.made")  # a writer that would wait if the post held the database
    written.set()
    assert len(await posting) == 2


async def test_redirects_are_not_followed(database, put, receiver):
    elsewhere = receiver(200)
    shop = receiver((307, {"Location": elsewhere.url}))
    await put("quote.made")
    (attempt,) = await deliverer(database, WebhookSettings(shop.url)).once()
    assert not attempt.arrived
    assert "redirect" in attempt.error
    assert elsewhere.requests == []


async def test_nobody_answers(database, put):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    await put("quote.made")
    (attempt,) = await deliverer(database, WebhookSettings(f"http://127.0.0.1:{port}/")).once()
    assert attempt.status is None
    assert attempt.error.startswith("ConnectError")
    (message,) = await messages(database)
    assert message.last_error.startswith(f"127.0.0.1:{port}: ConnectError")


async def test_an_answer_that_does_not_end_is_not_waited_for(database, put, receiver):
    enough = threading.Event()
    shop = receiver(lambda: enough.wait(30) and 200)
    await put("quote.made")
    (attempt,) = await deliverer(database, WebhookSettings(shop.url), seconds=0.05).once()
    enough.set()
    assert (attempt.arrived, attempt.status) == (False, None)
    assert attempt.error


async def test_a_webhook_that_is_set_later_gets_the_last_week(database, put, receiver):
    shop = receiver(503, 200)
    await put("quote.made", "unwanted", at=NOW - timedelta(days=7))
    await put("quote.made", at=NOW - timedelta(days=6))
    (young,) = await put("quote.made")
    clock = FrozenClock()
    webhook = WebhookSettings(shop.url, topics=("quote.made",))
    await deliverer(database, webhook, clock=clock).once()
    clock.move(days=1)  # what was begun in time is tried to its end
    await deliverer(database, webhook, clock=clock).once()
    assert shop.ids[-1] == young
    assert len(set(shop.ids)) == 2
    late, unwanted, *sent = await messages(database)
    assert all(message.sent_at for message in (late, unwanted, *sent))
    assert (late.attempts, late.last_error) == (0, "it waited for more than 7 days and was not posted")
    assert (unwanted.attempts, unwanted.last_error) == (0, None)


async def test_gone_is_not_tried_again(database, put, receiver):
    shop = receiver(410)
    await put("quote.made")
    clock = FrozenClock()
    await deliverer(database, WebhookSettings(shop.url), clock=clock).once()
    clock.move(days=2)
    await deliverer(database, WebhookSettings(shop.url), clock=clock).once()
    assert len(shop.requests) == 1


@pytest.mark.parametrize("after", ["3600", "Tue, 10 Mar 2026 09:00:00 GMT"])
async def test_a_receiver_says_when_to_come_back(database, put, receiver, after):
    shop = receiver((429, {"Retry-After": after}), 200)
    await put("quote.made")
    clock = FrozenClock()
    await deliverer(database, WebhookSettings(shop.url), clock=clock).once()
    clock.move(minutes=59)
    assert await deliverer(database, WebhookSettings(shop.url), clock=clock).once() == []
    clock.move(minutes=2)
    assert len(await deliverer(database, WebhookSettings(shop.url), clock=clock).once()) == 1


async def test_killed_between_the_answer_and_the_note_of_it(database, put, receiver, url):
    shop = receiver(200)
    (key,) = await put("quote.made", at=datetime.now(UTC))
    child = subprocess.run([sys.executable, DIE, url, shop.url], check=False)
    assert child.returncode == -signal.SIGKILL
    assert shop.ids == [key]
    clock = FrozenClock(datetime.now(UTC))
    after = deliverer(database, WebhookSettings(shop.url), clock=clock)
    assert await after.once() == []  # the dead one might still be at it
    clock.move(minutes=2)
    assert [attempt.attempt for attempt in await after.once()] == [2]
    assert shop.ids == [key, key]
    assert await after.once() == []


async def test_two_workers_do_not_post_the_same(database, put, receiver, url):
    shop = receiver(200)
    ids = await put(*["quote.made"] * 20)
    other = Database(url)
    try:
        await asyncio.gather(
            deliverer(database, WebhookSettings(shop.url)).once(),
            deliverer(other, WebhookSettings(shop.url)).once(),
        )
    finally:
        await other.close()
    assert sorted(shop.ids) == sorted(ids)


async def test_it_runs_until_it_is_stopped_and_sees_what_comes(database, put, receiver):
    shop = receiver(200)
    arrived = asyncio.Event()
    stop = asyncio.Event()
    work = deliverer(database, WebhookSettings(shop.url), on_attempt=lambda _: arrived.set())
    running = asyncio.create_task(work.run(stop))
    (key,) = await put("quote.made")
    async with asyncio.timeout(30):
        await arrived.wait()
        stop.set()
        await running
    assert shop.ids == [key]
    assert (await messages(database))[0].sent_at is not None


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/", "example.org/hook", "https://", "http://[", "http://a:x/"]
)
def test_an_address_that_can_not_be_posted_to(url):
    with pytest.raises(ConfigError, match="is no address such as"):
        endpoints_of([WebhookSettings(url)])


@pytest.mark.parametrize(
    "secret", ["", "hunter2", "whsec_c2hvcnQ=", "whsec_***", SECRET.removeprefix("whsec_")]
)
def test_a_secret_that_is_none_is_not_repeated(secret):
    with pytest.raises(ConfigError, match=r"\$HOOK") as caught:
        endpoints_of([WebhookSettings("https://example.org/", secret_env="HOOK")], {"HOOK": secret})
    assert not secret or secret not in str(caught.value)


def test_a_secret_that_is_not_there():
    with pytest.raises(ConfigError, match=r"is not in \$HOOK"):
        endpoints_of([WebhookSettings("https://example.org/", secret_env="HOOK")], os.environ)
