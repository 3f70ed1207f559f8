"""Who somebody is (CS-7), and new passwords that reveal nothing."""

import hashlib
from datetime import timedelta

import pytest
from balie.db import OutboxMessage
from balie.errors import Forbidden, Unauthenticated
from balie_customer_service.models import PasswordReset
from balie_customer_service.services import accounts
from balie_customer_service.services.errors import NoSuchCustomer, ResetLinkInvalid, ResetTooOften
from sqlalchemy import select

pytestmark = pytest.mark.anyio
MARIT = "marit.devries@example.org"


def test_an_unknown_customer_never_becomes_staff():
    assert accounts.scope("customer", "C-1001") == "C-1001"
    assert accounts.scope("staff", None) is None
    assert accounts.scope("admin", "root") is None
    for identity in (None, ""):
        with pytest.raises(Unauthenticated):
            accounts.scope("customer", identity)
    with pytest.raises(Forbidden):
        accounts.scope("", "C-1001")


async def test_a_customer_gets_nobody_but_themselves(session):
    assert (await accounts.get_customer(session, "C-1001", customer="C-1001")).email == MARIT
    assert (await accounts.get_customer(session, "C-1002", customer=None)).name == "Jonas Becker"
    for number, customer in (("C-1002", "C-1001"), ("C-9999", "C-1001"), ("C-9999", None)):
        with pytest.raises(NoSuchCustomer):
            await accounts.get_customer(session, number, customer=customer)


@pytest.mark.parametrize(
    ("order", "email", "number"),
    [
        ("10234", MARIT, "C-1001"),
        (" 10234 ", "  Marit.DeVries@Example.org ", "C-1001"),
        ("10300", MARIT, None),
        ("10234", "jonas.becker@example.org", None),
        ("99999", MARIT, None),
        ("99999", "", None),
        ("10234", "", None),
        ("10234", "' OR 1=1", None),
    ],
)
async def test_an_order_number_and_its_address_identify(session, order, email, number):
    found = await accounts.identify(session, order, email)
    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("C-1001", "C-1001"),
        ("c-1002", "C-1002"),
        (MARIT.upper(), "C-1001"),
        ("Marit de Vries", "C-1001"),
        ("marit vries", "C-1001"),
        ("lindqvist", "C-1003"),
        ("Lindquist Sofia", "C-1003"),
    ],
)
async def test_staff_finds_customers_by_number_name_and_address(session, query, expected):
    found = await accounts.find_customers(session, query)
    assert found[0].number == expected


async def test_staff_finds_nobody_for_nonsense(session):
    for query in ("", "  ", "nobody@example.org", "zzzzqqq"):
        assert await accounts.find_customers(session, query) == []


async def _links(database):
    async with database.read() as session:
        messages = (await session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))).all()
        return [(message.recipient, message.payload["link"]) for message in messages]


async def test_a_link_is_mailed_and_only_its_hash_is_kept(database, now):
    async with database.write() as session:
        answer = await accounts.request_password_reset(session, " Marit.DeVries@example.org", now=now)
    ((recipient, link),) = await _links(database)
    token = link.removeprefix(accounts.RESET_ADDRESS)
    assert (recipient, answer.minutes) == (MARIT, 30)
    assert len(token) >= 43
    async with database.write() as session:
        stored = await session.scalar(select(PasswordReset))
        assert stored.token_hash == hashlib.sha256(token.encode()).hexdigest()
        customer = await accounts.redeem_password_reset(session, token, now=now + timedelta(minutes=29))
        assert customer.number == "C-1001"
        for again in (token, token[:-1], ""):
            with pytest.raises(ResetLinkInvalid):
                await accounts.redeem_password_reset(session, again, now=now + timedelta(minutes=29))


async def test_the_answer_is_the_same_without_an_account(database, now):
    answers = []
    for email in (MARIT, "nobody@example.org"):
        async with database.write() as session:
            for minute in range(3):
                moment = now + timedelta(minutes=minute)
                answers.append(await accounts.request_password_reset(session, email, now=moment))
            with pytest.raises(ResetTooOften) as refused:
                await accounts.request_password_reset(session, email, now=now + timedelta(minutes=10))
            answers.append((str(refused.value), refused.value.facts))
    assert answers[:4] == answers[4:]
    assert answers[3][1] == {"minutes": 50}
    assert {recipient for recipient, _link in await _links(database)} == {MARIT}
    async with database.write() as session:
        await accounts.request_password_reset(session, MARIT, now=now + timedelta(minutes=61))


async def test_a_link_is_void_after_its_time_and_after_a_newer_one(database, now):
    for minute in (0, 5):
        async with database.write() as session:
            await accounts.request_password_reset(session, MARIT, now=now + timedelta(minutes=minute))
    tokens = [link.removeprefix(accounts.RESET_ADDRESS) for _recipient, link in await _links(database)]
    async with database.write() as session:
        with pytest.raises(ResetLinkInvalid):
            await accounts.redeem_password_reset(session, tokens[0], now=now + timedelta(minutes=6))
        with pytest.raises(ResetLinkInvalid):
            await accounts.redeem_password_reset(session, tokens[1], now=now + timedelta(minutes=35))
        await accounts.redeem_password_reset(session, tokens[1], now=now + timedelta(minutes=34))


async def test_what_reaches_a_person_is_unreadable_in_the_file(database):
    await database.close()
    stored = database.path.read_bytes()
    for secret in (MARIT, "+31200000042", "Duinpad 18", "2586 ZB"):
        assert secret.encode() not in stored
