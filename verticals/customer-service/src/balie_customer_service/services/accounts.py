"""Who somebody is, and new passwords.

Everywhere in the services ``customer`` is the number of the customer for whom something is done, and
sees and touches that customer's things only (CS-9); ``None`` is staff and sees everything (CS-8). Whoever
passes it takes it from :func:`scope`, which never lets an unidentified customer become staff.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from balie.db import blind_index, outbox
from balie.errors import Forbidden, Unauthenticated
from msgspec import Struct
from rapidfuzz import fuzz, process, utils
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from balie_customer_service.models import Customer, Order, PasswordReset
from balie_customer_service.services.errors import NoSuchCustomer, ResetLinkInvalid, ResetTooOften

RESET_LIFETIME = timedelta(minutes=30)
RESETS_PER_WINDOW = 3
RESET_WINDOW = timedelta(hours=1)
RESET_ADDRESS = "https://harbour-and-home.example/new-password/"

_SIMILAR_NAME = 80.0


class ResetRequested(Struct, frozen=True):
    """The answer to everybody who asks for a new password, with or without an account.

    ``minutes``: how long the link works, if one was sent.
    """

    minutes: int


def scope(role: str, identity: str | None) -> str | None:
    """The ``customer`` argument for a caller: their number, or None for staff and administrators.

    Raises:
        Unauthenticated: a customer of whom nobody knows who it is.
        Forbidden: no such role.
    """
    if role in {"staff", "admin"}:
        return None
    if role != "customer":
        raise Forbidden(f"The role {role} has no place at this desk.")
    if not identity:
        raise Unauthenticated("Nobody knows yet who is asking.")
    return identity


def belongs_to(column: InstrumentedAttribute[Any], customer: str | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that a row's ``customer_id`` is this customer's; none for staff."""
    if customer is None:
        return ()
    return (column == select(Customer.id).where(Customer.number == customer).scalar_subquery(),)


def normal_email(email: str) -> str:
    """The form in which addresses are compared."""
    return email.strip().casefold()


async def get_customer(session: AsyncSession, number: str, *, customer: str | None) -> Customer:
    """The customer with this number; a customer gets nobody but themselves.

    Raises:
        NoSuchCustomer
    """
    if customer is not None and number != customer:
        raise NoSuchCustomer(number)
    found = await session.scalar(select(Customer).where(Customer.number == number))
    if found is None:
        raise NoSuchCustomer(number)
    return found


async def find_customers(session: AsyncSession, query: str, *, limit: int = 5) -> Sequence[Customer]:
    """For staff: customers by number, e-mail address or (part of a) name, the likeliest first (CS-8)."""
    query = query.strip()
    if not query:
        return []
    if "@" in query:
        index = blind_index(normal_email(query))
        return (await session.scalars(select(Customer).where(Customer.email_index == index))).all()
    exact = await session.scalar(select(Customer).where(Customer.number == query.upper()))
    if exact is not None:
        return [exact]
    names = {row.id: row.name for row in await session.execute(select(Customer.id, Customer.name))}
    likely = process.extract(
        query,
        names,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        score_cutoff=_SIMILAR_NAME,
        limit=limit,
    )
    ranks: dict[uuid.UUID, int] = {key: rank for rank, (_name, _score, key) in enumerate(likely)}
    found = (await session.scalars(select(Customer).where(Customer.id.in_(ranks)))).all()
    return sorted(found, key=lambda each: (ranks[each.id], each.number))


async def identify(session: AsyncSession, order_number: str, email: str) -> Customer | None:
    """The customer whose order and e-mail address these are, or None (CS-9).

    A wrong number, a wrong address and somebody else's order take the same work and give the same answer.
    Who asks too often is locked out by the desk.
    """
    given = blind_index(normal_email(email))
    customer = await session.scalar(
        select(Customer)
        .join(Order, Order.customer_id == Customer.id)
        .where(Order.number == order_number.strip())
    )
    expected = customer.email_index if customer is not None else blind_index("")
    same = hmac.compare_digest(given, expected)
    return customer if same and customer is not None else None


async def request_password_reset(session: AsyncSession, email: str, *, now: datetime) -> ResetRequested:
    """Mail a link for a new password to this address if it has an account; the answer never tells (CS-7).

    The link works once, for 30 minutes, and makes earlier ones void. Only its hash is kept; the link itself
    is in the outbox (topic ``email``) until it is sent.

    Raises:
        ResetTooOften: three within an hour, counted per address, known or not.
    """
    email = normal_email(email)
    index = blind_index(email)
    # The row is locked (on PostgreSQL), so that requests at the same moment are counted one by one.
    customer = await session.scalar(select(Customer).where(Customer.email_index == index).with_for_update())
    recent = (
        await session.execute(
            select(func.count(), func.min(PasswordReset.requested_at)).where(
                PasswordReset.email_index == index, PasswordReset.requested_at > now - RESET_WINDOW
            )
        )
    ).one()
    if recent[0] >= RESETS_PER_WINDOW:
        left = recent[1] + RESET_WINDOW - now
        raise ResetTooOften(max(1, -(-int(left.total_seconds()) // 60)))
    token = secrets.token_urlsafe(32)
    session.add(
        PasswordReset(
            customer_id=customer.id if customer else None,
            email_index=index,
            token_hash=_token_hash(token) if customer else None,
            requested_at=now,
            expires_at=now + RESET_LIFETIME,
        )
    )
    if customer is not None:
        await session.execute(
            update(PasswordReset)
            .where(
                PasswordReset.customer_id == customer.id,
                PasswordReset.used_at.is_(None),
                PasswordReset.requested_at < now,
                PasswordReset.expires_at > now,
            )
            .values(expires_at=now)
            .execution_options(synchronize_session=False)
        )
        await outbox.enqueue(
            session,
            topic="email",
            recipient=customer.email,
            payload={
                "template": "password_reset",
                "language": customer.language,
                "name": customer.name,
                "link": RESET_ADDRESS + token,
                "expires_at": now + RESET_LIFETIME,
            },
            at=now,
        )
    await session.flush()
    return ResetRequested(minutes=int(RESET_LIFETIME.total_seconds()) // 60)


async def redeem_password_reset(session: AsyncSession, token: str, *, now: datetime) -> Customer:
    """Use a link up, once, and give the customer who may now choose a password.

    Raises:
        ResetLinkInvalid: it was used, is too old, or was never sent.
    """
    customer_id = await session.scalar(
        update(PasswordReset)
        .where(
            PasswordReset.token_hash == _token_hash(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
        )
        .values(used_at=now)
        .returning(PasswordReset.customer_id)
        .execution_options(synchronize_session=False)
    )
    if customer_id is None:
        raise ResetLinkInvalid
    return await session.get_one(Customer, customer_id)


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
