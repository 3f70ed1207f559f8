"""Calls for a colleague (RK-9): who waits at which kiosk of a shop, in the order in which they called."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from balie.db import outbox
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import CallReason, CallStatus, Shop, StaffCall
from balie_retail_kiosk.services.errors import CallOver, CallUnknown
from balie_retail_kiosk.services.numbers import Series, next_number

OPEN = (CallStatus.WAITING, CallStatus.TAKEN)

# Two calls of the same instant are in the order of their numbers, of which H-9 comes before H-10.
_IN_ORDER = (StaffCall.created_at, func.length(StaffCall.number), StaffCall.number)


async def call(
    session: AsyncSession,
    *,
    shop: Shop,
    reason: CallReason,
    place: str,
    note: str,
    now: datetime,
    conversation: UUID | None,
) -> StaffCall:
    """Call a colleague to a place. Who has an open call already keeps that one, and its place (RK-9).

    Args:
        place: where to come, such as "Kiosk 1".
        note: what the person said of it; empty for nothing. It goes to nobody outside the shop.
    """
    mine = await mine_waiting(session, shop=shop, conversation=conversation)
    if mine is not None:
        mine.reason, mine.place, mine.updated_at = reason, place, now
        mine.note = note or mine.note
        await session.flush()
        return mine
    made = StaffCall(
        number=await next_number(session, Series.CALL),
        shop_id=shop.id,
        conversation=conversation,
        reason=reason,
        place=place,
        note=note,
        status=CallStatus.WAITING,
        created_at=now,
        updated_at=now,
    )
    session.add(made)
    await session.flush()
    await outbox.enqueue(
        session,
        topic="staff_call.made",
        recipient="webhook",
        payload={
            "number": made.number,
            "shop": shop.number,
            "reason": reason.value,
            "place": place,
            "created_at": now.isoformat(),
        },
        at=now,
    )
    return made


async def mine_waiting(session: AsyncSession, *, shop: Shop, conversation: UUID | None) -> StaffCall | None:
    """The call with which this conversation waits for a colleague: it is not closed, and may be taken."""
    if conversation is None:
        return None
    mine = _of(OPEN, shop).where(StaffCall.conversation == conversation)
    return await session.scalar(mine.limit(1))


async def position(session: AsyncSession, call: StaffCall) -> int:
    """The place of a call in its shop's queue, 1 for the next one; 0 when it does not wait any more."""
    waiting_numbers = (
        select(StaffCall.number)
        .where(StaffCall.status == CallStatus.WAITING, StaffCall.shop_id == call.shop_id)
        .order_by(*_IN_ORDER)
    )
    numbers = list(await session.scalars(waiting_numbers))
    return numbers.index(call.number) + 1 if call.number in numbers else 0


async def count_waiting(session: AsyncSession, *, shop: Shop) -> int:
    """How many wait in a shop: so many would be before a new call."""
    waiting_here = _of((CallStatus.WAITING,), shop).with_only_columns(func.count(StaffCall.id))
    return await session.scalar(waiting_here.order_by(None)) or 0


async def waiting(session: AsyncSession, *, shop: Shop | None = None) -> Sequence[StaffCall]:
    """For staff: who waits and is not yet attended to, longest first; in all shops where none is given."""
    return (await session.scalars(_of((CallStatus.WAITING,), shop))).all()


async def open_calls(session: AsyncSession, *, shop: Shop | None = None) -> Sequence[StaffCall]:
    """For staff: every call that is not closed, longest first, with who has taken it."""
    return (await session.scalars(_of(OPEN, shop))).all()


def _of(statuses: Collection[CallStatus], shop: Shop | None) -> Select[StaffCall]:
    chosen = select(StaffCall).where(StaffCall.status.in_(statuses)).order_by(*_IN_ORDER)
    return chosen if shop is None else chosen.where(StaffCall.shop_id == shop.id)


async def get(session: AsyncSession, number: str) -> StaffCall:
    """A call by its number, ``H-12``.

    Raises:
        CallUnknown: there is none.
    """
    found = await session.scalar(select(StaffCall).where(StaffCall.number == number.strip().upper()))
    if found is None:
        raise CallUnknown(number)
    return found


async def get_free(session: AsyncSession, number: str, *, by: str) -> StaffCall:
    """A call that this colleague may take: it waits, or they took it themselves.

    Raises:
        CallUnknown: there is none.
        CallOver: somebody else goes already, or it is closed.
    """
    found = await get(session, number)
    mine = found.status is CallStatus.TAKEN and found.taken_by == by
    if found.status is not CallStatus.WAITING and not mine:
        raise CallOver(found.number, found.status.value)
    return found


async def get_open(session: AsyncSession, number: str) -> StaffCall:
    """A call that is not closed.

    Raises:
        CallUnknown: there is none.
        CallOver: it is closed.
    """
    found = await get(session, number)
    if found.status is CallStatus.CLOSED:
        raise CallOver(found.number, found.status.value)
    return found


async def take(session: AsyncSession, number: str, *, by: str, now: datetime) -> StaffCall:
    """For staff: say that you go there (RK-12).

    Raises:
        CallUnknown: there is none.
        CallOver: somebody else goes already, or it is closed.
    """
    taken = await get_free(session, number, by=by)
    if taken.status is CallStatus.TAKEN:
        return taken
    taken.status, taken.taken_by, taken.updated_at = CallStatus.TAKEN, by, now
    await session.flush()
    return taken


async def close(session: AsyncSession, number: str, *, by: str, now: datetime) -> StaffCall:
    """For staff: it is done, or nobody was there (RK-12). What was said of it is wiped (RK-11).

    Raises:
        CallUnknown: there is none.
        CallOver: it is closed.
    """
    closed = await get_open(session, number)
    closed.status, closed.note, closed.updated_at = CallStatus.CLOSED, "", now
    closed.taken_by = closed.taken_by or by
    await session.flush()
    return closed
