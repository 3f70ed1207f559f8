"""The shop's resources over REST, on the sample data: who sees what, and what a system may write."""

from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from balie.api import ServedVertical, create_app
from balie.config import ApiSettings, ModelSettings, Settings
from balie.db import AuditRecord, Database, api_keys
from balie.vertical import open_desk
from balie_customer_service.vertical import VERTICAL
from balie_testing import FakeModels
from sqlalchemy import select

pytestmark = pytest.mark.anyio

SETTINGS = Settings(models=ModelSettings(generate=False), api=ApiSettings(rate_per_minute=10_000))
KEYS = {
    "marit": ("customer", "C-1001"),
    "jonas": ("customer", "C-1002"),
    "nobody": ("customer", None),
    "staff": ("staff", "Femke"),
}


@dataclass
class Shop:
    client: httpx.AsyncClient
    database: Database
    keys: dict[str, str]

    async def get(self, who, address, **query):
        return await self.client.get(f"/v1{address}", params=query or None, headers=self._headers(who))

    async def post(self, who, address, body=None, **headers):
        more = {"json": body} if body is not None else {}
        return await self.client.post(f"/v1{address}", headers={**self._headers(who), **headers}, **more)

    async def audit(self):
        async with self.database.read() as session:
            return (await session.scalars(select(AuditRecord).order_by(AuditRecord.sequence))).all()

    def _headers(self, who):
        return {"Authorization": f"Bearer {self.keys[who]}"}


@pytest.fixture
def anyio_backend():
    return "asyncio"


@asynccontextmanager
async def serving(path, clock):
    database = Database(path=path)
    keys = {}
    async with database.write() as session:
        for who, (role, identity) in KEYS.items():
            keys[who] = await api_keys.create(session, role=role, identity=identity)

    async def opened():
        models = FakeModels(VERTICAL.team.commands)
        return await open_desk(VERTICAL, SETTINGS, database=database, models=models, clock=clock)

    app = create_app([ServedVertical(VERTICAL, opened)], SETTINGS)
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 50_000))
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Shop(client, database, keys)


@pytest.fixture
async def shop(seeded_database, frozen_clock):
    async with serving(await seeded_database(VERTICAL), frozen_clock) as shop:
        yield shop


async def test_an_order_has_everything_about_it(shop):
    order = (await shop.get("marit", "/orders/10234")).json()
    assert (order["status"], order["due_date"], order["customer"]) == ("shipped", "2026-03-12", "C-1001")
    assert order["total"] == {"amount": "129.85", "currency": "EUR"}
    assert order["shipment"]["tracking_number"] == "3SBAL004182736"
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [("BAL-1301", 1), ("BAL-1402", 2)]
    assert order["placed_at"].endswith("Z")
    returned = (await shop.get("marit", "/orders/10177")).json()
    assert returned["returns"] == [
        {"label": "R-50001", "kind": "return", "status": returned["returns"][0]["status"]}
    ]
    assert returned["refunds"][0]["amount"]["amount"] == "249.00"


async def test_a_customer_lists_their_own_orders(shop):
    page = (await shop.get("marit", "/orders", limit=2)).json()
    assert page["total"] == 7
    assert len(page["items"]) == 2
    assert {order["customer"] for order in page["items"]} == {"C-1001"}
    paid = (await shop.get("marit", "/orders", status="paid")).json()
    assert [order["number"] for order in paid["items"]] == ["10240"]
    everybodys = (await shop.get("staff", "/orders")).json()
    assert everybodys["total"] > 1000
    ones = (await shop.get("staff", "/orders", customer="C-1002")).json()
    assert {order["customer"] for order in ones["items"]} == {"C-1002"}


@pytest.mark.parametrize(
    ("theirs", "nothing"),
    [
        ("/orders/10300", "/orders/10999"),
        ("/customers/C-1002", "/customers/C-9999"),
        ("/tickets/T-20002", "/tickets/T-99999"),
        ("/devices/HB-9E02-0417/diagnostics", "/devices/HB-0000-0000/diagnostics"),
        ("/incidents/I-3002", "/incidents/I-9999"),
        ("/orders?customer=C-1002", "/orders?customer=C-9999"),
        ("/tickets?customer=C-1002", "/tickets?customer=C-9999"),
        ("/callbacks?customer=C-1002", "/callbacks?customer=C-9999"),
        ("/devices?customer=C-1002", "/devices?customer=C-9999"),
        ("/incidents?customer=C-1002", "/incidents?customer=C-9999"),
    ],
)
async def test_what_is_somebody_elses_is_not_there(shop, theirs, nothing):
    def told(answer, asked):
        problem = {**answer.json(), "instance": ""}
        last = asked.rsplit("=", 1)[-1] if "=" in asked else asked.split("/")[2]
        return str(problem).replace(last, "it")

    there, not_there = await shop.get("marit", theirs), await shop.get("marit", nothing)
    assert (there.status_code, not_there.status_code) == (404, 404)
    assert told(there, theirs) == told(not_there, nothing)
    assert (await shop.get("staff", theirs)).status_code == 200
    assert (await shop.get("staff", nothing)).status_code == 404


async def test_a_return_is_its_customers(shop):
    assert (await shop.get("marit", "/returns/R-50001")).json()["refund"]["amount"]["amount"] == "249.00"
    assert (await shop.get("staff", "/returns/R-50001")).json()["order"] == "10177"
    there, not_there = (
        (await shop.get("jonas", "/returns/R-50001")),
        (await shop.get("jonas", "/returns/R-59999")),
    )
    assert (there.status_code, not_there.status_code) == (404, 404)
    assert there.json()["type"] == not_there.json()["type"] == "urn:balie:error:no-such-return"


async def test_who_is_not_known_sees_nothing_personal(shop):
    for address in (
        "/orders",
        "/orders/10234",
        "/tickets",
        "/callbacks",
        "/devices",
        "/incidents",
        "/customers/C-1001",
    ):
        assert (await shop.get("nobody", address)).status_code == 401, address
    assert (await shop.get("nobody", "/services")).status_code == 200
    assert (await shop.get("nobody", "/articles")).status_code == 200


async def test_a_customer_is_shown_to_themselves(shop):
    marit = (await shop.get("marit", "/customers/C-1001")).json()
    assert (marit["name"], marit["tier"], marit["address"]["city"]) == ("Marit de Vries", "gold", "Den Haag")


async def test_a_ticket_is_opened_once_and_recorded(shop):
    body = {"subject": "Box was damaged", "description": "The box of 10198 was open.", "order": "10198"}
    key = {"Idempotency-Key": "ticket-1"}
    first, again = (
        await shop.post("marit", "/tickets", body, **key),
        await shop.post("marit", "/tickets", body, **key),
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.json()["priority"], first.json()["status"]) == ("high", "open")
    (record,) = await shop.audit()
    assert (record.actor, record.action, record.subject) == (
        "customer:C-1001",
        "create_ticket",
        f"ticket:{first.json()['number']}",
    )
    assert (await shop.post("marit", "/tickets", {**body, "subject": "Other"}, **key)).status_code == 409


async def test_a_ticket_belongs_to_somebody(shop):
    body = {"subject": "Hello", "description": "Something."}
    assert (await shop.post("staff", "/tickets", body)).status_code == 403

    async def on_behalf(customer):
        return await shop.post("staff", "/tickets", body, **{"X-Balie-On-Behalf-Of": customer})

    assert (await on_behalf("C-1003")).json()["customer"] == "C-1003"
    assert (await on_behalf("C-9999")).status_code == 404
    assert (await shop.post("marit", "/tickets", {**body, "order": "10300"})).status_code == 404
    (record,) = await shop.audit()
    prefix = shop.keys["staff"].split("_")[1]
    assert (record.actor, record.detail["channel"]) == ("customer:C-1003", f"api:{prefix}")


async def test_staff_look_after_a_ticket_and_the_customer_replies(shop):
    events = "/tickets/T-20001/events"
    assert (await shop.post("staff", events, {"kind": "assigned", "text": "Daan"})).json()[
        "assigned_to"
    ] == "Daan"
    assert (await shop.post("staff", events, {"kind": "note", "text": "Seen before."})).status_code == 201
    answered = (await shop.post("staff", events, {"kind": "answered", "text": "Is the lid closed?"})).json()
    assert answered["status"] == "waiting"
    replied = (await shop.post("marit", events, {"kind": "replied", "text": "It is."})).json()
    assert replied["status"] == "open"
    assert "note" not in {event["kind"] for event in replied["events"]}
    assert (await shop.post("staff", events, {"kind": "solved", "text": "A new lid."})).json()[
        "status"
    ] == "solved"
    assert (await shop.post("staff", events, {"kind": "closed"})).json()["status"] == "closed"
    late = await shop.post("marit", events, {"kind": "replied", "text": "One more thing"})
    assert (late.status_code, late.json()["type"]) == (409, "urn:balie:error:ticket-closed")
    assert [record.action for record in await shop.audit()] == [
        f"ticket_{kind}" for kind in ("assigned", "note", "answered", "replied", "solved", "closed")
    ]


async def test_who_may_do_what_about_a_ticket(shop):
    events = "/tickets/T-20001/events"
    assert (await shop.post("marit", events, {"kind": "closed"})).status_code == 403
    assert (await shop.post("staff", events, {"kind": "replied", "text": "x"})).status_code == 403
    assert (await shop.post("jonas", events, {"kind": "replied", "text": "x"})).status_code == 404
    assert (await shop.post("staff", events, {"kind": "answered", "text": " "})).status_code == 409
    assert (await shop.get("marit", "/tickets/queue")).status_code == 403
    assert await shop.audit() == []


async def test_the_queue_has_the_most_urgent_first(shop):
    queue = (await shop.get("staff", "/tickets/queue", limit=200)).json()
    ranks = [["urgent", "high", "normal", "low"].index(ticket["priority"]) for ticket in queue["items"]]
    assert ranks == sorted(ranks)
    assert {ticket["status"] for ticket in queue["items"]} == {"open"}
    assert queue["total"] >= len(queue["items"])


async def test_callbacks_are_planned_in_free_slots(shop):
    slots = (await shop.get("marit", "/callback-slots", limit=3)).json()["items"]
    assert slots[0]["starts_at"] == "2026-03-10T08:30:00Z"
    body = {"starts_at": "2026-03-11T10:30:00+01:00", "about": "the camera"}
    planned = await shop.post("marit", "/callbacks", body)
    assert (planned.status_code, planned.json()["starts_at"]) == (201, "2026-03-11T09:30:00Z")
    assert (await shop.post("marit", "/callbacks", body)).json()[
        "type"
    ] == "urn:balie:error:callback-already-planned"
    full = await shop.post("marit", "/callbacks", {**body, "starts_at": "2026-03-11T10:00:00+01:00"})
    assert (full.status_code, full.json()["type"]) == (409, "urn:balie:error:slot-taken")
    assert full.json()["facts"]["alternatives"]
    mine = (await shop.get("marit", "/callbacks")).json()
    assert [call["about"] for call in mine["items"]] == ["the camera"]
    theirs = (await shop.get("staff", "/callbacks", since="2026-03-11T00:00:00+01:00", limit=200)).json()
    assert {"C-1001", "C-1002"} <= {call["customer"] for call in theirs["items"]}
    for far in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert (await shop.post("marit", "/callbacks", {**body, "starts_at": far})).status_code == 400
    assert (
        await shop.post("marit", "/callbacks", {**body, "starts_at": "2026-03-11T10:30:00"})
    ).status_code == 400


async def test_devices_are_diagnosed_and_incidents_reported(shop):
    devices = (await shop.get("marit", "/devices")).json()
    assert {device["serial"] for device in devices["items"]} == {"HB-4F21-0093", "HB-7C10-1188"}
    assert devices["total"] == 2
    found = (await shop.get("marit", "/devices/HB-7C10-1188/diagnostics")).json()
    assert found["healthy"] is False
    assert found["findings"][0]["code"] == "offline"
    body = {"description": "It is dead.", "severity": "high", "about": "HB-7C10-1188"}
    reported = await shop.post("marit", "/incidents", body)
    assert (reported.status_code, reported.json()["customer"]) == (201, "C-1001")
    mine = (await shop.get("marit", "/incidents")).json()
    assert {reported.json()["number"], "I-3001"} == {incident["number"] for incident in mine["items"]}
    assert mine["total"] == 2
    assert (await shop.post("marit", "/incidents", {**body, "about": "HB-9E02-0417"})).status_code == 404
    assert (await shop.post("marit", "/incidents", {**body, "about": "no-such"})).status_code == 404
    assert (await shop.post("marit", "/incidents", {**body, "about": "payment"})).json()[
        "service"
    ] == "payment"


async def test_services_and_articles(shop):
    services = (await shop.get("marit", "/services")).json()
    states = {service["slug"]: service["status"] for service in services["items"]}
    assert states["cloud-sync"] == "degraded"
    articles = (await shop.get("staff", "/articles", limit=200)).json()
    assert articles["total"] >= 60
    for_customers = (await shop.get("marit", "/articles", limit=200)).json()
    hidden = {a["slug"] for a in articles["items"]} - {a["slug"] for a in for_customers["items"]}
    assert hidden
    slug = hidden.pop()
    assert (await shop.get("marit", f"/articles/{slug}")).status_code == 404
    assert (await shop.get("staff", f"/articles/{slug}")).json()["body"]


async def test_the_form_path_cancels_an_order_once(shop):
    opened = (await shop.post("marit", "/conversations")).json()
    command = {"tool": "cancel_order", "arguments": {"order": "10240"}}
    asked = (await shop.post("marit", f"/conversations/{opened['conversation']}/commands", command)).json()
    assert asked["status"] == "needs_confirmation"
    assert (await shop.get("marit", "/orders/10240")).json()["status"] == "paid"
    confirm = f"/actions/{asked['pending']['id']}/confirm"
    assert (await shop.post("jonas", confirm)).status_code == 404
    assert (await shop.post("marit", confirm)).json()["status"] == "done"
    assert (await shop.post("marit", confirm)).status_code == 409
    assert (await shop.get("marit", "/orders/10240")).json()["status"] == "cancelled"
    assert [record.action for record in await shop.audit()] == ["cancel_order"]
