"""Calling customers back (CS-6).

A slot is half an hour on a working day, between 09:00 and 17:30 in Amsterdam, at most 14 days ahead, and
has three places. Slots are instants: who shows one to a customer shows it in the customer's zone.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from balie_customer_service.models import CALLBACK_PLACES, Callback, CallbackStatus, Customer
from balie_customer_service.services.accounts import belongs_to, get_customer
from balie_customer_service.services.errors import (
    CallbackAlreadyPlanned,
    NoSuchCallback,
    PhoneMissing,
    SlotInPast,
    SlotOnHoliday,
    SlotOutsideHours,
    SlotTaken,
    SlotTooFar,
    TextMissing,
)
from balie_customer_service.services.hours import (
    CLOSES,
    OPENS,
    ZONE,
    holiday,
    local_day,
    slots,
    working_days,
)

DAYS_AHEAD = 14
ALTERNATIVES = 3


async def next_free_slots(
    session: AsyncSession, count: int = ALTERNATIVES, *, now: datetime, after: datetime | None = None
) -> list[datetime]:
    """The next slots (UTC) with a free place, from ``after`` (or now) on; fewer if the two weeks are full."""
    last = local_day(now) + timedelta(days=DAYS_AHEAD)
    begin = max(now, after or now)
    taken = await _taken(session, begin)
    free: list[datetime] = []
    for day in working_days(local_day(begin)):
        if day > last:
            break
        for slot in slots(day):
            if len(free) == count:
                return free
            if slot > now and slot >= begin and taken[slot.astimezone(UTC)] < CALLBACK_PLACES:
                free.append(slot.astimezone(UTC))
    return free


async def _taken(session: AsyncSession, begin: datetime) -> Counter[datetime]:
    planned = select(Callback.starts_at).where(Callback.starts_at >= begin, Callback.place.is_not(None))
    return Counter(await session.scalars(planned))


async def check_slot(
    session: AsyncSession, starts_at: datetime, *, customer: str | None, now: datetime
) -> datetime:
    """The slot (UTC) that starts then, if a call can be planned in it. Changes nothing: for a preview.

    Raises:
        SlotInPast, SlotTooFar, SlotOnHoliday, SlotOutsideHours, SlotTaken: each with the next free slots.
        CallbackAlreadyPlanned: this customer is called then already.
    """
    start = starts_at.astimezone(UTC)
    free = await alternatives(session, start, now=now)
    _check_hours(start, now, free)
    called = await _called(session, start)
    if customer is not None and customer in called.values():
        raise CallbackAlreadyPlanned(start)
    if len(called) >= CALLBACK_PLACES:
        raise SlotTaken(start, free)
    return start


async def alternatives(session: AsyncSession, start: datetime, *, now: datetime) -> list[datetime]:
    """What is offered where nobody can be called at ``start``: the next free slots (UTC)."""
    later = await next_free_slots(session, now=now, after=start)
    return later or await next_free_slots(session, now=now)


async def _called(session: AsyncSession, start: datetime) -> dict[int | None, str]:
    planned = (
        select(Callback.place, Customer.number)
        .join(Customer, Callback.customer_id == Customer.id)
        .where(Callback.starts_at == start, Callback.place.is_not(None))
    )
    return {row.place: row.number for row in await session.execute(planned)}


def _check_hours(start: datetime, now: datetime, free: Sequence[datetime]) -> None:
    local = start.astimezone(ZONE)
    until = local_day(now) + timedelta(days=DAYS_AHEAD)
    if start <= now:
        raise SlotInPast(start, free)
    if local.date() > until:
        raise SlotTooFar(start, free, until=until)
    name = holiday(local.date())
    if name is not None:
        raise SlotOnHoliday(start, free, holiday=name)
    if local not in slots(local.date()):
        raise SlotOutsideHours(start, free, opens=OPENS, closes=CLOSES)


async def schedule_callback(
    session: AsyncSession,
    starts_at: datetime,
    *,
    about: str,
    customer: str,
    phone: str | None = None,
    now: datetime,
) -> Callback:
    """Promise to call the customer in a slot, on their own number unless another is given (CS-6).

    Raises:
        TextMissing, PhoneMissing, NoSuchCustomer. Beside them everything that :func:`check_slot` raises.
    """
    if not about.strip():
        raise TextMissing("subject")
    start = await check_slot(session, starts_at, customer=customer, now=now)
    person = await get_customer(session, customer, customer=customer)
    number = phone_number(phone or person.phone, country=person.country)
    called = await _called(session, start)
    # The unique constraint on slot and place decides between two that take the last place together.
    for place in set(range(1, CALLBACK_PLACES + 1)) - called.keys():
        callback = Callback(
            customer_id=person.id,
            starts_at=start,
            place=place,
            phone=number,
            about=about.strip(),
            status=CallbackStatus.PLANNED,
            created_at=now,
            updated_at=now,
        )
        try:
            async with session.begin_nested():
                session.add(callback)
                await session.flush()
        except IntegrityError as error:
            if customer in (await _called(session, start)).values():
                raise CallbackAlreadyPlanned(start) from error
            continue
        await session.refresh(callback, ["customer"])
        return callback
    raise SlotTaken(start, await alternatives(session, start, now=now))


def phone_number(text: str | None, *, country: str) -> str:
    """A telephone number in E.164 form; one without a country's prefix is of ``country``.

    Raises:
        PhoneMissing: there is none, or it can't be dialled.
    """
    if not text:
        raise PhoneMissing
    import phonenumbers  # here, since it takes long and few calls need it

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise PhoneMissing from error
    if not phonenumbers.is_possible_number(number):
        raise PhoneMissing
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


async def cancel_callback(
    session: AsyncSession, starts_at: datetime, *, customer: str, now: datetime
) -> None:
    """The customer needs no call any more; the place is free again.

    Raises:
        NoSuchCallback: none is planned at this time, or not for this customer.
    """
    cancelled = await session.scalar(
        update(Callback)
        .where(
            Callback.starts_at == starts_at,
            Callback.status == CallbackStatus.PLANNED,
            *belongs_to(Callback.customer_id, customer),
        )
        .values(status=CallbackStatus.CANCELLED, place=None, updated_at=now)
        .returning(Callback.id)
        .execution_options(synchronize_session=False)
    )
    if cancelled is None:
        raise NoSuchCallback(starts_at)


async def list_callbacks(
    session: AsyncSession, *, customer: str | None, since: datetime, until: datetime | None = None
) -> Sequence[Callback]:
    """Callbacks with their customers that start in ``[since, until)``, in order; not the cancelled ones."""
    chosen = (
        select(Callback)
        .where(
            Callback.starts_at >= since,
            Callback.status != CallbackStatus.CANCELLED,
            *belongs_to(Callback.customer_id, customer),
        )
        .options(joinedload(Callback.customer, innerjoin=True))
        .order_by(Callback.starts_at, Callback.place)
    )
    if until is not None:
        chosen = chosen.where(Callback.starts_at < until)
    return (await session.scalars(chosen.execution_options(populate_existing=True))).all()


async def callbacks_on(session: AsyncSession, day: date) -> Sequence[Callback]:
    """For staff: whom to call on a day of the shop's zone, in order (CS-8)."""
    begin = datetime.combine(day, datetime.min.time(), ZONE)
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE)
    return await list_callbacks(session, customer=None, since=begin, until=end)


async def finish_callback(
    session: AsyncSession,
    starts_at: datetime,
    *,
    customer: str,
    reached: bool,
    by: str,
    now: datetime,
) -> None:
    """For staff: the customer has been called, and was reached or not (CS-8).

    Raises:
        NoSuchCallback: none is planned then for this customer, or it was finished before.
    """
    finished = await session.scalar(
        update(Callback)
        .where(
            Callback.starts_at == starts_at,
            Callback.status == CallbackStatus.PLANNED,
            *belongs_to(Callback.customer_id, customer),
        )
        .values(
            status=CallbackStatus.DONE if reached else CallbackStatus.MISSED,
            assigned_to=by,
            updated_at=now,
        )
        .returning(Callback.id)
        .execution_options(synchronize_session=False)
    )
    if finished is None:
        raise NoSuchCallback(starts_at)
