"""The screens of the service desk: how they look, and what can be done on them.

``pytest --snapshot-update`` takes the pictures anew; look at them before you keep them.
"""

from functools import partial

import pytest
from balie.db import AuditRecord
from balie.tui import ConfirmScreen, WritingScreen
from balie.vertical import load
from balie_customer_service.services import callbacks, tickets
from balie_testing import screens
from balie_testing.screens import SIZES, settled
from pytest_textual_snapshot import SVGImageExtension
from sqlalchemy import select
from textual.widgets import DataTable, Input, TextArea

# The plugin says it as older versions of syrupy were told; its pictures would be called .raw.
SVGImageExtension.file_extension = "svg"

VERTICAL = load("customer-service")
anyio = pytest.mark.anyio
sizes = pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def at_desk(seeded_database, frozen_clock):
    """``at_desk()``: the app at the service desk, for customer C-1001."""
    return partial(screens.desk_app, VERTICAL, seeded_database, frozen_clock, identity="C-1001")


@pytest.fixture
def behind_desk(at_desk):
    """``behind_desk()``: the same for Femke, of the staff."""
    return partial(at_desk, identity="Femke", role="staff")


async def press(pilot, *keys):
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def search(pilot, words):
    await press(pilot, "slash")
    pilot.app.screen.query_one(Input).value = words
    await press(pilot, "enter")


def doing(*keys, words=""):
    async def do(pilot):
        await settled(pilot)
        await press(pilot, *keys)
        if words:
            await search(pilot, words)

    return do


def rows(app):
    table = app.screen.query_one(DataTable)
    return [str(row.value) for row in table.rows]


def details(app):
    parts = app.screen.query(".records-detail Static")
    return "\n".join(f"{getattr(part, 'facts', '')}{part.content}" for part in parts)


# How they look


@sizes
@pytest.mark.parametrize(
    ("key", "words"),
    [("f4", ""), ("f5", ""), ("f6", ""), ("f7", "Marit"), ("f8", "return")],
    ids=["tickets", "callbacks", "handoffs", "customers", "knowledge"],
)
def test_staff(snap_compare, behind_desk, size, key, words):
    assert snap_compare(behind_desk(), terminal_size=size, run_before=doing(key, words=words))


@sizes
@pytest.mark.parametrize(
    "keys",
    [["f4", "down", "down"], ["f5"], ["ctrl+t", "f6", "down"]],
    ids=["orders", "tickets", "knowledge"],
)
def test_customers(snap_compare, at_desk, size, keys):
    assert snap_compare(at_desk(), terminal_size=size, run_before=doing(*keys))


@sizes
def test_handoff_that_waits(snap_compare, behind_desk, size):
    async def wait(pilot):
        await settled(pilot)
        await _hand_over(pilot.app)
        await press(pilot, "f6", "a")

    assert snap_compare(behind_desk(), terminal_size=size, run_before=wait)


@anyio
@pytest.mark.parametrize("role", ["staff", "customer"])
async def test_every_screen_is_named_in_the_smallest_terminal(at_desk, role):
    app = at_desk(role=role)
    async with app.run_test(size=SIZES["small"]) as pilot:
        await settled(pilot)
        names = list(app.screen.query("PageName"))
        assert len(names) == len(app.pages)
        assert names[-1].region.right <= app.size.width


# What can be done


async def audited(app):
    async with app.session.read() as db:
        return [
            (record.action, record.subject, record.actor) for record in await db.scalars(select(AuditRecord))
        ]


async def ticket(app, number):
    async with app.session.read() as db:
        return await tickets.get_ticket(db, number, customer=None)


@anyio
async def test_the_queue_is_sorted_by_priority_and_due_date(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        async with app.session.read() as db:
            queue = await tickets.queue(db, limit=300)
        assert rows(app) == [each.number for each in queue]
        order = [list("urgent high normal low".split()).index(each.priority) for each in queue]
        assert order == sorted(order)


@anyio
async def test_a_ticket_is_taken_answered_and_closed(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        await search(pilot, "coffee drips")
        assert rows(app) == ["T-20001"]
        await press(pilot, "a")
        assert (await ticket(app, "T-20001")).assigned_to == "Femke"
        assert "assigned to Femke" in details(app)
        await press(pilot, "r")
        assert isinstance(app.screen, WritingScreen)
        app.screen.query_one(TextArea).text = "We send you a new lid."
        await press(pilot, "ctrl+s")
        assert (await ticket(app, "T-20001")).status == "waiting"
        assert rows(app) == []
        await press(pilot, "v")
        assert rows(app) == ["T-20001"]
        await press(pilot, "c")
        assert isinstance(app.screen, ConfirmScreen)
        await press(pilot, "y")
        assert (await ticket(app, "T-20001")).status == "closed"
        assert [action for action, _, _ in await audited(app)] == [
            "ticket.assign",
            "ticket.answer",
            "ticket.close",
        ]
        assert {(subject, actor) for _, subject, actor in await audited(app)} == {
            ("ticket:T-20001", "staff:Femke")
        }


@anyio
async def test_an_instruction_in_a_ticket_is_only_read(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        await search(pilot, "loyalty points")
        assert rows(app) == ["T-20005"]
        assert "SYSTEM:" in details(app)
        assert await audited(app) == []


@anyio
async def test_nothing_is_sent_when_nothing_is_written_or_somebody_thinks_better_of_it(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f4", "n", "ctrl+s")
        assert isinstance(app.screen, WritingScreen)
        await press(pilot, "escape", "c", "n")
        assert app.screen.TITLE == "Tickets"
        assert await audited(app) == []


@anyio
async def test_only_my_tickets(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f4", "v", "m")
        async with app.session.read() as db:
            waiting = await tickets.list_tickets(db, customer=None, statuses=["waiting"], limit=300)
        assert rows(app) == [each.number for each in waiting if each.assigned_to == "Femke"]
        assert "T-20002" in rows(app)


@anyio
@pytest.mark.parametrize(("key", "status"), [("d", "done"), ("x", "missed")])
async def test_a_call_was_made(behind_desk, key, status):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f5", key)
        async with app.session.read() as db:
            first, *_ = await callbacks.callbacks_on(db, app.session.now().date())
        assert (first.status, first.assigned_to) == (status, "Femke")
        assert [action for action, _, _ in await audited(app)] == [f"callback.{status}"]
        await press(pilot, key)
        assert "There is no callback" in next(iter(app._notifications)).message


async def _hand_over(app):
    """A customer asks for a person; gives their conversation."""
    from balie.agent import Caller

    desk, caller = app.session.desk, Caller(identity="C-1001")
    conversation = await desk.open(caller)
    await desk.say(conversation, "10234", caller)
    await desk.say(conversation, "person please", caller)
    return conversation, caller


@anyio
async def test_a_conversation_is_taken_over_and_given_back(behind_desk):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        conversation, customer = await _hand_over(app)
        await press(pilot, "f6")
        assert "10234" in details(app)
        await press(pilot, "a")
        assert "Femke" in details(app)
        await press(pilot, "r")
        app.screen.query_one(TextArea).text = "I have called the carrier."
        await press(pilot, "ctrl+s")
        transcript = await app.session.desk.transcript(conversation, customer)
        assert (transcript.turns[-1].speaker, transcript.turns[-1].reply) == (
            "staff",
            "I have called the carrier.",
        )
        await press(pilot, "c", "y")
        assert rows(app) == []
        assert not (await app.session.desk.transcript(conversation, customer)).handed_off


@anyio
@pytest.mark.parametrize(
    ("words", "number"),
    [("marit de vries", "C-1001"), ("c-1002", "C-1002"), ("sofia.lindqvist@example.org", "C-1003")],
)
async def test_a_customer_is_found(behind_desk, words, number):
    app = behind_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f7")
        assert rows(app) == []
        await search(pilot, words)
        assert rows(app)[0] == number
        assert number in details(app)


@anyio
async def test_customers_see_their_own_orders_and_nothing_else(at_desk):
    app = at_desk(identity="C-1002")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        assert sorted(rows(app)) == ["10288", "10300", "10302"]
        await search(pilot, "10234")
        assert rows(app) == []


@anyio
async def test_an_order_shows_where_its_parcel_is_and_can_be_talked_about(at_desk):
    app = at_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f4")
        await search(pilot, "10234")
        assert "Sorted at the parcel centre" in details(app)
        await press(pilot, "t")
        assert app.screen is app.conversation
        assert app.focused.value == "About order 10234: "


@anyio
async def test_a_customer_replies_to_a_ticket_but_never_reads_what_staff_note(
    at_desk, behind_desk, seeded_database
):
    app = at_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        async with app.session.write() as db:
            await tickets.add_note(db, "T-20001", "She has called twice.", by="Daan", now=app.session.now())
        await press(pilot, "f5", "down")
        assert "T-20001" in details(app)
        assert "called twice" not in details(app)
        await press(pilot, "r")
        app.screen.query_one(TextArea).text = "It still drips."
        await press(pilot, "ctrl+s")
        assert "It still drips." in details(app)
        assert await audited(app) == [("ticket.reply", "ticket:T-20001", "customer:C-1001")]


@anyio
@pytest.mark.parametrize("key", ["f4", "f5"])
async def test_who_is_not_known_is_asked_to_say_who_they_are(at_desk, key):
    app = at_desk(identity=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, key)
        assert rows(app) == []
        assert "who is asking" in next(iter(app._notifications)).message


@anyio
async def test_who_has_proven_it_in_the_conversation_sees_their_orders(at_desk):
    app = at_desk(identity=None)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await app.conversation.say("10234, marit.devries@example.org")
        await settled(pilot)
        assert app.heading[-1] == "C-1001"
        await press(pilot, "f4")
        assert "10234" in rows(app)


@anyio
async def test_articles_for_staff_are_for_staff(at_desk, behind_desk):
    seen = {}
    for app, key in ((at_desk(), "f6"), (behind_desk(), "f8")):
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(pilot)
            await press(pilot, key)
            seen[key] = set(rows(app))
    assert seen["f6"] < seen["f8"]


@anyio
async def test_a_question_finds_its_article(at_desk):
    app = at_desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "f6")
        await search(pilot, "I forgot my password")
        assert rows(app)[0] == "reset-password"
