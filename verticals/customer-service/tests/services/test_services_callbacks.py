"""Callbacks (CS-6): when one can be planned, and that nobody is promised a place that is taken."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from balie_customer_service.models import CALLBACK_PLACES, CallbackStatus
from balie_customer_service.services import callbacks, hours
from balie_customer_service.services.errors import (
    CallbackAlreadyPlanned,
    NoSuchCallback,
    PhoneMissing,
    SlotInPast,
    SlotOnHoliday,
    SlotOutsideHours,
    SlotRefused,
    SlotTaken,
    SlotTooFar,
    TextMissing,
)
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=hours.ZONE)


async def plan(session, start, now, *, customer="C-1001", phone=None):
    return await callbacks.schedule_callback(
        session, start, about="the invoice", customer=customer, phone=phone, now=now
    )


async def test_a_callback_is_planned_on_the_customers_own_number(database, now):
    async with database.write() as session:
        callback = await plan(session, at("2026-03-10 14:00"), now)
        assert (callback.starts_at, callback.place) == (at("2026-03-10 14:00"), 2)
        assert (callback.phone, callback.customer.name) == ("+31200000042", "Marit de Vries")
        assert callback.starts_at.tzinfo is UTC
        with pytest.raises(CallbackAlreadyPlanned):
            await callbacks.check_slot(session, at("2026-03-10 14:00"), customer="C-1001", now=now)
        with pytest.raises(CallbackAlreadyPlanned):
            await plan(session, at("2026-03-10 14:00"), now)
        other = await plan(session, at("2026-03-10 15:30"), now, phone="0201234567")
        assert other.phone == "+31201234567"


async def test_without_a_number_nobody_can_be_called(session, now):
    for phone in (None, "", "call me", "12"):
        with pytest.raises(PhoneMissing):
            await plan(session, at("2026-03-10 15:00"), now, customer="C-1005", phone=phone)
    callback = await plan(session, at("2026-03-10 15:00"), now, customer="C-1005", phone="+442079460018")
    assert callback.phone == "+442079460018"
    with pytest.raises(TextMissing):
        await callbacks.schedule_callback(
            session, at("2026-03-10 15:00"), about=" ", customer="C-1001", now=now
        )


@pytest.mark.parametrize(
    ("start", "error", "facts"),
    [
        ("2026-03-10 09:00", SlotInPast, {}),
        ("2026-03-09 15:00", SlotInPast, {}),
        ("2026-03-10 08:30", SlotInPast, {}),
        ("2026-03-11 08:30", SlotOutsideHours, {"opens": hours.OPENS, "closes": hours.CLOSES}),
        ("2026-03-11 17:30", SlotOutsideHours, {}),
        ("2026-03-11 11:10", SlotOutsideHours, {}),
        ("2026-03-14 11:00", SlotOutsideHours, {}),
        ("2026-03-25 09:00", SlotTooFar, {"until": date(2026, 3, 24)}),
        ("2026-03-11 10:00", SlotTaken, {}),
    ],
)
async def test_times_at_which_nobody_can_be_called(session, now, start, error, facts):
    for attempt in (
        callbacks.check_slot(session, at(start), customer="C-1001", now=now),
        plan(session, at(start), now),
    ):
        with pytest.raises(error) as refused:
            await attempt
        assert facts.items() <= refused.value.facts.items()
        assert refused.value.facts["start"] == at(start)
        alternatives = refused.value.facts["alternatives"]
        assert len(alternatives) == callbacks.ALTERNATIVES
        for slot in alternatives:
            assert await callbacks.check_slot(session, slot, customer="C-1001", now=now) == slot


async def test_the_alternatives_are_near_what_was_asked(session, now):
    with pytest.raises(SlotTaken) as refused:
        await plan(session, at("2026-03-11 10:00"), now)
    assert refused.value.facts["alternatives"] == [
        at("2026-03-11 10:30"),
        at("2026-03-11 11:00"),
        at("2026-03-11 11:30"),
    ]
    assert (await callbacks.next_free_slots(session, now=now))[0] == at("2026-03-10 09:30")


async def test_the_desk_is_closed_on_public_holidays(session):
    easter = at("2026-03-30 12:00")
    with pytest.raises(SlotOnHoliday) as refused:
        await plan(session, at("2026-04-06 11:00"), easter)
    assert refused.value.facts["holiday"] == "Easter Monday"
    assert refused.value.facts["alternatives"][0] == at("2026-04-07 09:00")


async def test_a_customer_may_mean_the_same_instant_in_their_own_zone(session, now):
    lisbon = datetime.fromisoformat("2026-03-10T14:00:00+00:00")
    assert (await plan(session, lisbon, now, customer="C-1004")).starts_at == at("2026-03-10 15:00")
    with pytest.raises(SlotOutsideHours):
        await plan(session, datetime.fromisoformat("2026-03-10T17:00:00+00:00"), now, customer="C-1004")


@settings(deadline=None)
@given(moment=st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)))
def test_slots_are_half_hours_of_working_days(moment):
    slots = hours.slots(moment.date())
    assert bool(slots) == hours.is_working_day(moment.date())
    for slot in slots:
        assert hours.opening(moment.date()) <= slot < hours.closing(moment.date())
        assert slot.minute in {0, 30}
    assert len(slots) in {0, 17}


async def test_a_cancelled_callback_gives_its_place_back(database, now):
    full = at("2026-03-11 10:00")
    async with database.write() as session:
        with pytest.raises(NoSuchCallback):
            await callbacks.cancel_callback(session, full, customer="C-1001", now=now)
        await callbacks.cancel_callback(session, full, customer="C-1002", now=now)
        with pytest.raises(NoSuchCallback):
            await callbacks.cancel_callback(session, full, customer="C-1002", now=now)
    async with database.write() as session:
        assert (await plan(session, full, now)).place == 1
        with pytest.raises(SlotTaken):
            await plan(session, full, now, customer="C-1003")


async def test_staff_sees_whom_to_call_and_says_that_it_was_done(session, now):
    (eino,) = await callbacks.callbacks_on(session, date(2026, 3, 10))
    assert (eino.customer.number, eino.starts_at) == ("C-1005", at("2026-03-10 14:00"))
    assert len(await callbacks.callbacks_on(session, date(2026, 3, 11))) == 6
    mine = await callbacks.list_callbacks(session, customer="C-1002", since=now)
    assert [callback.starts_at for callback in mine] == [at("2026-03-11 10:00")]
    done = {"customer": "C-1005", "reached": True, "by": "Piet", "now": now}
    await callbacks.finish_callback(session, eino.starts_at, **done)
    with pytest.raises(NoSuchCallback):
        await callbacks.finish_callback(session, eino.starts_at, **done)
    (eino,) = await callbacks.callbacks_on(session, date(2026, 3, 10))
    assert (eino.status, eino.assigned_to) == (CallbackStatus.DONE, "Piet")


async def test_a_slot_is_never_promised_to_more_than_it_holds(shops, now):
    slots = [at("2026-03-10 10:00"), at("2026-03-10 10:30")]

    async def attempt(number):
        async with shops[number % len(shops)].write() as session:
            try:
                callback = await plan(session, slots[number % 2], now, customer=f"C-{1010 + number}",
                                      phone="+442079460018")  # fmt: skip
            except SlotRefused as error:
                return type(error)
            return (callback.starts_at, callback.place)

    results = Counter(await asyncio.gather(*map(attempt, range(16))))
    assert results.pop(SlotTaken) == 16 - 2 * CALLBACK_PLACES
    assert set(results) == {(slot, place) for slot in slots for place in range(1, CALLBACK_PLACES + 1)}
    assert set(results.values()) == {1}


async def test_one_customer_is_not_called_twice_at_once(shops, now):
    async def attempt(database):
        async with database.write() as session:
            try:
                await plan(session, at("2026-03-10 11:00"), now)
            except CallbackAlreadyPlanned:
                return 0
            return 1

    assert sum(await asyncio.gather(*map(attempt, shops * 2))) == 1


async def test_the_free_slots_end_after_two_weeks(session, now):
    free = await callbacks.next_free_slots(session, 1000, now=now)
    assert free == sorted(set(free))
    assert free[-1] == at("2026-03-24 17:00")
    assert at("2026-03-11 10:00") not in free
    assert len(free) == 16 + 10 * 17 - 1  # today's first slot has begun, one of tomorrow's is full
    assert await callbacks.next_free_slots(session, now=now, after=now + timedelta(days=30)) == []
