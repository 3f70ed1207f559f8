"""Tickets: priority and due times (CS-5), whose they are, and what staff does with them (CS-8)."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from balie_customer_service.models import Priority, TicketEventKind, TicketStatus, Tier
from balie_customer_service.services import hours, tickets
from balie_customer_service.services.errors import (
    NoSuchOrder,
    NoSuchTicket,
    TextMissing,
    TicketClosed,
)
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=hours.ZONE)


async def open_one(session, now, **values):
    given = {"subject": "Leaks", "description": "It leaks.", "customer": "C-1001", "now": now, **values}
    return await tickets.create_ticket(session, **given)


async def test_a_new_ticket_says_what_who_and_by_when(database, now):
    async with database.write() as session:
        ticket = await open_one(session, now, order="10198", subject="  Coffee\nmaker   leaks " * 9)
    assert ticket.number == "T-20017"
    assert (ticket.status, ticket.priority) == (TicketStatus.OPEN, Priority.HIGH)
    assert ticket.due_at == at("2026-03-10 11:00")
    assert (ticket.order.number, ticket.customer.number) == ("10198", "C-1001")
    assert len(ticket.subject) == tickets.SUBJECT_LENGTH
    assert [(event.kind, event.text) for event in ticket.events] == [(TicketEventKind.OPENED, "It leaks.")]


async def test_a_ticket_is_about_ones_own_order(session, now):
    for order in ("10300", "99999"):
        with pytest.raises(NoSuchOrder):
            await open_one(session, now, order=order)
    for field in ("subject", "description"):
        with pytest.raises(TextMissing) as refused:
            await open_one(session, now, **{field: " \n"})
        assert refused.value.facts == {"field": field}


@pytest.mark.parametrize(
    ("tier", "danger", "pressing", "priority", "hours_to_answer"),
    [
        (Tier.STANDARD, False, False, Priority.NORMAL, 8),
        (Tier.STANDARD, False, True, Priority.NORMAL, 8),
        (Tier.STANDARD, True, False, Priority.URGENT, 1),
        (Tier.SILVER, False, False, Priority.NORMAL, 4),
        (Tier.SILVER, False, True, Priority.HIGH, 4),
        (Tier.SILVER, True, True, Priority.URGENT, 1),
        (Tier.GOLD, False, False, Priority.HIGH, 2),
        (Tier.GOLD, False, True, Priority.HIGH, 2),
        (Tier.GOLD, True, False, Priority.URGENT, 1),
    ],
)
def test_priority_goes_by_tier_and_danger(tier, danger, pressing, priority, hours_to_answer):
    assert tickets.priority_for(tier, danger=danger, pressing=pressing) is priority
    assert tickets.first_answer(tier, danger=danger) == timedelta(hours=hours_to_answer)


async def test_danger_comes_first_whoever_writes(session, now):
    ticket = await open_one(session, now, customer="C-1002", danger=True)
    assert (ticket.priority, ticket.due_at) == (Priority.URGENT, at("2026-03-10 10:00"))
    ticket = await open_one(session, now, customer="C-1003", pressing=True)
    assert (ticket.priority, ticket.due_at) == (Priority.HIGH, at("2026-03-10 13:00"))


@given(opened=INSTANTS, tier=st.sampled_from(Tier), danger=st.booleans())
def test_an_answer_is_due_in_opening_hours(opened, tier, danger):
    due = tickets.due_at(tier, opened, danger=danger).astimezone(hours.ZONE)
    assert hours.is_working_day(due.date())
    assert hours.OPENS <= due.time() <= hours.CLOSES
    assert due > opened
    assert due <= tickets.due_at(Tier.STANDARD, opened).astimezone(hours.ZONE)


@given(opened=INSTANTS, early=st.integers(0, 3000), later=st.integers(0, 3000))
def test_working_time_adds_up(opened, early, later):
    first = hours.after_working_time(opened, timedelta(minutes=early))
    both = hours.after_working_time(opened, timedelta(minutes=early + later))
    # Closing time and the next opening are the same moment of working time.
    assert hours.after_working_time(first, timedelta(minutes=later + 1)) == hours.after_working_time(
        opened, timedelta(minutes=early + later + 1)
    )
    assert first <= both


@pytest.mark.parametrize(
    ("opened", "minutes", "due"),
    [
        ("2026-03-10 09:00", 240, "2026-03-10 13:00"),
        ("2026-03-10 17:00", 60, "2026-03-11 09:30"),
        ("2026-03-13 17:29", 2, "2026-03-16 09:01"),  # over a weekend
        ("2026-04-02 17:00", 60, "2026-04-07 09:30"),  # over Good Friday and Easter
        ("2026-03-27 17:00", 60, "2026-03-30 09:30"),  # over the change to summer time
        ("2026-03-10 03:00", 60, "2026-03-10 10:00"),
        ("2026-03-14 12:00", 60, "2026-03-16 10:00"),
    ],
)
def test_working_time_skips_nights_weekends_and_holidays(opened, minutes, due):
    assert hours.after_working_time(at(opened), timedelta(minutes=minutes)) == at(due)


async def test_somebody_elses_ticket_is_not_there(session, now):
    assert (await tickets.get_ticket(session, "T-20001", customer="C-1001")).order.number == "10198"
    for number in ("T-20002", "T-99999"):
        for attempt in (
            tickets.get_ticket(session, number, customer="C-1001"),
            tickets.reply_to_ticket(session, number, "hello", customer="C-1001", now=now),
        ):
            with pytest.raises(NoSuchTicket):
                await attempt
    mine = await tickets.list_tickets(session, customer="C-1001")
    assert [ticket.number for ticket in mine] == ["T-20003", "T-20001", "T-19990"]
    assert await tickets.count_tickets(session, customer="C-1001", statuses=[TicketStatus.OPEN]) == 1


async def test_notes_are_for_colleagues_only(session, now):
    await tickets.add_note(session, "T-20001", "Third of this batch.", by="Daan", now=now)
    staff = await tickets.get_ticket(session, "T-20001", customer=None)
    assert staff.events[-1].kind is TicketEventKind.NOTE
    seen = await tickets.get_ticket(session, "T-20001", customer="C-1001")
    assert [event.kind for event in seen.events] == [TicketEventKind.OPENED]
    after = await tickets.reply_to_ticket(session, "T-20001", "And?", customer="C-1001", now=now)
    assert [event.kind for event in after.events] == [TicketEventKind.OPENED, TicketEventKind.REPLIED]


async def test_the_way_of_a_ticket(session, now):
    later = now + timedelta(hours=1)
    ticket = await tickets.assign_ticket(session, "T-20001", "Piet", by="Daan", now=now)
    assert ticket.assigned_to == "Piet"
    ticket = await tickets.answer_ticket(session, "T-20001", "A picture, please?", by="Piet", now=now)
    assert (ticket.status, ticket.answered_at) == (TicketStatus.WAITING, now)
    ticket = await tickets.reply_to_ticket(session, "T-20001", "Here.", customer="C-1001", now=later)
    assert ticket.status is TicketStatus.OPEN
    ticket = await tickets.answer_ticket(session, "T-20001", "Thanks.", by="Yasmin", now=later)
    assert (ticket.answered_at, ticket.assigned_to) == (now, "Piet")
    ticket = await tickets.solve_ticket(session, "T-20001", "New lid sent.", by="Piet", now=later)
    assert (ticket.status, ticket.solved_at) == (TicketStatus.SOLVED, later)
    ticket = await tickets.reply_to_ticket(session, "T-20001", "Still drips", customer="C-1001", now=later)
    assert (ticket.status, ticket.solved_at) == (TicketStatus.OPEN, None)
    ticket = await tickets.close_ticket(session, "T-20001", by="Piet", now=later)
    assert ticket.status is TicketStatus.CLOSED
    assert len(ticket.events) == 8


async def test_a_closed_ticket_stays_closed(session, now):
    for attempt in (
        tickets.reply_to_ticket(session, "T-19990", "hello?", customer="C-1001", now=now),
        tickets.assign_ticket(session, "T-19990", "Piet", by="Piet", now=now),
        tickets.answer_ticket(session, "T-19990", "hello", by="Piet", now=now),
        tickets.add_note(session, "T-19990", "hello", by="Piet", now=now),
        tickets.solve_ticket(session, "T-19990", "hello", by="Piet", now=now),
        tickets.set_priority(session, "T-19990", Priority.LOW, by="Piet", now=now),
        tickets.close_ticket(session, "T-19990", by="Piet", now=now),
    ):
        with pytest.raises(TicketClosed) as refused:
            await attempt
        assert refused.value.facts == {"number": "T-19990", "closed_on": date(2026, 2, 23)}
    with pytest.raises(TextMissing):
        await tickets.answer_ticket(session, "T-20001", " ", by="Piet", now=now)


async def test_staff_sets_a_priority_by_hand_and_the_due_time_stays(session, now):
    before = (await tickets.get_ticket(session, "T-20001", customer=None)).due_at
    ticket = await tickets.set_priority(session, "T-20001", Priority.LOW, by="Piet", now=now)
    assert (ticket.priority, ticket.due_at) == (Priority.LOW, before)
    assert ticket.events[-1].text == "priority: low"
    assert len((await tickets.get_ticket(session, "T-20001", customer="C-1001")).events) == 1


async def test_the_queue_begins_with_the_most_urgent(session, now):
    queue = await tickets.queue(session)
    ranks = [(list(Priority)[::-1].index(ticket.priority), ticket.due_at) for ticket in queue]
    assert ranks == sorted(ranks)
    assert {ticket.status for ticket in queue} == {TicketStatus.OPEN}
    assert {"T-20001", "T-20004", "T-20005"} <= {ticket.number for ticket in queue}
    page = await tickets.queue(session, limit=3, offset=2)
    assert list(page) == list(queue)[2:5]
    await tickets.assign_ticket(session, "T-20001", "Sam", by="Sam", now=now)
    assert [ticket.number for ticket in await tickets.queue(session, assigned_to="Sam")] == ["T-20001"]


async def test_ticket_numbers_are_given_once(shops, now):
    async def one(database):
        async with database.write() as session:
            return (await open_one(session, now)).number

    numbers = await asyncio.gather(*map(one, shops * 3))
    assert sorted(numbers) == [f"T-{20001 + index}" for index in range(12)]
