"""The shop's resources over REST, on the sample data: who sees what, and what a system may write."""

from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

import httpx
import pytest
from balie.api import ServedVertical, create_app
from balie.config import ApiSettings, ModelSettings, Settings
from balie.db import AuditRecord, Database, OutboxMessage, api_keys
from balie.vertical import open_desk
from balie_retail_kiosk.vertical import VERTICAL
from balie_testing import FakeModels
from sqlalchemy import select

pytestmark = pytest.mark.anyio

SETTINGS = Settings(
    site="S-01", models=ModelSettings(generate=False), api=ApiSettings(rate_per_minute=10_000)
)
KEYS = {"customer": ("customer", None), "staff": ("staff", "Femke"), "admin": ("admin", "the till")}


@dataclass
class Shop:
    client: httpx.AsyncClient
    database: Database
    keys: dict[str, str]
    clock: object

    async def get(self, who, address, **query):
        return await self.client.get(f"/v1{address}", params=query or None, headers=self._headers(who))

    async def post(self, who, address, body=None, **headers):
        more = {"json": body} if body is not None else {}
        return await self.client.post(f"/v1{address}", headers={**self._headers(who), **headers}, **more)

    async def send(self, who, address, content, kind, **query):
        headers = {**self._headers(who), "Content-Type": kind}
        return await self.client.post(f"/v1{address}", content=content, params=query or None, headers=headers)

    async def every(self, table):
        async with self.database.read() as session:
            return (await session.scalars(select(table))).all()

    def _headers(self, who):
        return {"Authorization": f"Bearer {self.keys[who]}"} if who in self.keys else {}


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
        yield Shop(client, database, keys, clock)


@pytest.fixture
async def shop(seeded_database, frozen_clock):
    async with serving(await seeded_database(VERTICAL), frozen_clock) as shop:
        yield shop


def type_of(answer):
    return answer.json()["type"].removeprefix("urn:balie:error:")


@pytest.mark.parametrize("reference", ["HH-10001", "8720000100013", "08720000100013"])
async def test_a_product_by_its_sku_or_gtin(shop, reference):
    product = (await shop.get("customer", f"/products/{reference}")).json()
    assert (product["sku"], product["gtin"]) == ("HH-10001", "8720000100013")
    assert (product["name"], product["category"]) == ("Harbour HDMI Cable 2 m", "hdmi-cables")
    assert product["price"] == {"amount": "12.95", "currency": "EUR"}
    assert product["attributes"]["length_m"] == 2.0


async def test_what_is_no_product_is_told(shop):
    unknown, wrong = (
        await shop.get("customer", "/products/HH-99999"),
        await shop.get("customer", "/products/8720000100014"),
    )
    assert (unknown.status_code, type_of(unknown)) == (404, "product-unknown")
    assert (wrong.status_code, type_of(wrong)) == (422, "gtin-wrong")
    assert wrong.json()["facts"]["right"] == "8720000100013"


async def test_products_are_paged_and_filtered(shop):
    first = (await shop.get("customer", "/products", limit=2)).json()
    assert first["total"] >= 1000
    assert [product["sku"] for product in first["items"]] == sorted(
        product["sku"] for product in first["items"]
    )
    second = (await shop.get("customer", "/products", limit=2, offset=2)).json()
    assert first["items"][-1]["sku"] < second["items"][0]["sku"]
    cables = (
        await shop.get("customer", "/products", category="hdmi-cables", price_max="12.95", limit=200)
    ).json()
    assert {"HH-10001", "HH-10002"} <= {product["sku"] for product in cables["items"]}
    assert all(Decimal(product["price"]["amount"]) <= Decimal("12.95") for product in cables["items"])
    assert cables["total"] == len(cables["items"])
    kestrel = (await shop.get("customer", "/products", brand="kestrel", price_min="34.95", limit=200)).json()
    assert {product["brand"] for product in kestrel["items"]} == {"Kestrel"}


async def test_what_can_be_sold_now_in_which_shop(shop):
    def stocked(answer):
        return {product["sku"]: product["available"] for product in answer.json()["items"]}

    everywhere = stocked(await shop.get("customer", "/products", category="hdmi-cables", limit=200))
    assert (everywhere["HH-10001"], everywhere["HH-10003"]) == (24, 0)
    here = stocked(
        await shop.get("customer", "/products", category="hdmi-cables", in_stock="true", limit=200)
    )
    assert "HH-10003" not in here
    there = stocked(
        await shop.get(
            "customer", "/products", category="hdmi-cables", in_stock="true", shop="S-02", limit=200
        )
    )
    assert there["HH-10003"] == 7
    body = {"items": [{"product": "HH-20003", "quantity": 1}]}
    assert (await shop.post("staff", "/reservations", body)).status_code == 201
    left = stocked(
        await shop.get("customer", "/products", category="televisions", in_stock="true", limit=200)
    )
    assert "HH-20003" not in left
    shop.clock.move(hours=3)
    back = stocked(
        await shop.get("customer", "/products", category="televisions", in_stock="true", limit=200)
    )
    assert back["HH-20003"] == 1


async def test_a_search_finds_the_best_first_and_keeps_to_the_filters(shop):
    found = (await shop.get("customer", "/products", q="55 inch tv under 600", limit=5)).json()
    assert {product["sku"] for product in found["items"]} >= {"HH-20001", "HH-20002"}
    assert all(Decimal(product["price"]["amount"]) <= 600 for product in found["items"])
    one = (await shop.get("customer", "/products", q="55 inch tv", brand="Shore", price_max="600")).json()
    assert "HH-20002" in {product["sku"] for product in one["items"]}
    assert {product["brand"] for product in one["items"]} == {"Shore"}
    assert (await shop.get("customer", "/products", q="qwertz yxcvb")).json()["total"] == 0


async def test_stock_of_a_product_and_of_a_shop(shop):
    rows = (await shop.get("customer", "/products/HH-10003/stock")).json()["items"]
    assert [(row["shop"], row["available"]) for row in rows] == [
        *(("S-01", 0), ("S-02", 7), ("S-03", 0), ("S-04", 0))
    ]
    assert rows[0]["incoming"] == [{"quantity": 20, "expected_on": "2026-03-13"}]
    page = (await shop.get("customer", "/stock", shop="S-03", limit=200)).json()
    cable = next(row for row in page["items"] if row["sku"] == "HH-10001")
    assert (cable["on_hand"], cable["reserved"], cable["available"]) == (18, 0, 18)
    assert page["total"] > 200
    nowhere = await shop.get("customer", "/stock", shop="S-99")
    assert (nowhere.status_code, type_of(nowhere)) == (404, "shop-unknown")
    shops = (await shop.get("customer", "/shops")).json()["items"]
    assert [each["number"] for each in shops] == ["S-01", "S-02", "S-03", "S-04"]


async def test_the_promotions_of_a_day_and_of_a_product(shop):
    today = (await shop.get("customer", "/promotions", limit=200)).json()
    codes = {promotion["code"] for promotion in today["items"]}
    assert {"P-01", "P-02", "P-03"} <= codes
    assert not {"P-06", "P-07"} & codes
    assert today["total"] == len(codes)
    tomorrow = (await shop.get("customer", "/promotions", day="2026-03-11", limit=200)).json()
    assert "P-07" in {promotion["code"] for promotion in tomorrow["items"]}
    (multi_buy,) = (await shop.get("customer", "/promotions", product="HH-50002")).json()["items"]
    assert (multi_buy["kind"], multi_buy["buy"], multi_buy["pay"]) == ("multi_buy", 3, 2)
    assert multi_buy["parts"] == [{"product": "HH-50002", "category": None, "quantity": 1}]
    assert (await shop.get("customer", "/promotions", day="tomorrow")).status_code == 400


async def test_a_quote_is_made_once_and_stays_what_it_was(shop):
    body = {"items": [{"product": "HH-50002", "quantity": 3}, {"product": "8720000100013", "quantity": 2}]}
    key = {"Idempotency-Key": "quote-1"}
    first, again = (
        await shop.post("staff", "/quotes", body, **key),
        await shop.post("staff", "/quotes", body, **key),
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    quote = first.json()
    assert quote["shop"] == "S-01"
    assert quote["valid_until"] == "2026-03-17"
    bulbs, cables = quote["lines"]
    assert (bulbs["amount"]["amount"], bulbs["discount"]["amount"], bulbs["promotions"]) == (
        "9.90",
        "4.95",
        ["P-01"],
    )
    assert cables["promotions"] == ["P-02"]
    amounts = [Decimal(line["amount"]["amount"]) for line in quote["lines"]]
    assert Decimal(quote["total"]["amount"]) == sum(amounts)
    (vat,) = quote["vat"]
    assert Decimal(vat["base"]["amount"]) + Decimal(vat["amount"]["amount"]) == sum(amounts)
    price = b'[{"sku": "HH-50002", "price": "9.95"}]'
    assert (await shop.send("staff", "/imports/products", price, "application/json")).json()["updated"] == 1
    assert (await shop.get("staff", f"/quotes/{quote['number']}")).json() == quote
    (record,) = [each for each in await shop.every(AuditRecord) if each.action == "make_quote"]
    assert (record.actor, record.subject) == ("staff:Femke", f"quote:{quote['number']}")
    (message,) = [each for each in await shop.every(OutboxMessage) if each.recipient == "webhook"]
    assert (message.topic, message.payload["number"]) == ("quote.made", quote["number"])


async def test_members_prices_are_for_who_has_a_card(shop):
    body = {"items": [{"product": "HH-40001", "quantity": 1}]}
    usual = (await shop.post("customer", "/quotes", body)).json()
    member = (await shop.post("customer", "/quotes", {**body, "member": "2900000010017"})).json()
    assert Decimal(member["total"]["amount"]) < Decimal(usual["total"]["amount"])
    assert member["member"] is True
    ended = await shop.post("customer", "/quotes", {**body, "member": "2900000010048"})
    assert (ended.status_code, type_of(ended)) == (409, "card-ended")
    assert (await shop.post("customer", "/quotes", {**body, "member": "1"})).status_code == 404


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ([], 400),
        ([{"product": "HH-10001", "quantity": 0}], 400),
        ([{"product": "HH-10001", "quantity": 100}], 400),
        ([{"product": "HH-10001", "quantity": 60}, {"product": "HH-10001", "quantity": 60}], 422),
        ([{"product": "HH-99999", "quantity": 1}], 404),
    ],
)
async def test_what_can_not_be_quoted(shop, items, status):
    assert (await shop.post("staff", "/quotes", {"items": items})).status_code == status
    assert await shop.every(OutboxMessage) == []


async def test_a_reservation_from_making_to_collecting(shop):
    body = {"items": [{"product": "HH-20001", "quantity": 2}], "shop": "S-01"}
    made = (await shop.post("customer", "/reservations", body)).json()
    assert made["status"] == "active"
    assert made["lines"] == [{"sku": "HH-20001", "name": "Meridian 55 inch 4K TV M55", "quantity": 2}]
    too_many = await shop.post("customer", "/reservations", body)
    assert (too_many.status_code, type_of(too_many)) == (409, "out-of-stock")
    assert too_many.json()["facts"]["available"] == 1
    address = f"/reservations/{made['number']}"
    assert (await shop.get("staff", address)).json() == made
    assert (await shop.post("staff", f"{address}/collect")).json()["status"] == "collected"
    over = await shop.post("customer", f"{address}/cancel")
    assert (over.status_code, type_of(over)) == (410, "reservation-over")
    rows = (await shop.get("customer", "/products/HH-20001/stock")).json()["items"]
    assert (rows[0]["on_hand"], rows[0]["reserved"]) == (1, 0)
    listed = (await shop.get("staff", "/reservations")).json()
    assert made["number"] in {each["number"] for each in listed["items"]}


async def test_who_has_the_number_cancels(shop):
    body = {"items": [{"product": "HH-20003", "quantity": 1}]}
    made = (await shop.post("customer", "/reservations", body)).json()
    assert (await shop.post("customer", f"/reservations/{made['number']}/cancel")).json()[
        "status"
    ] == "cancelled"
    assert (await shop.post("customer", "/reservations/R-000000/cancel")).status_code == 404
    assert (await shop.post("customer", "/reservations", body)).status_code == 201


async def test_calls_and_price_matches_wait_for_staff(shop):
    body = {"reason": "heavy_item", "place": "Kiosk 1", "note": "the TV"}
    call = (await shop.post("customer", "/calls", body)).json()
    assert (call["status"], call["place"]) == ("waiting", "Kiosk 1")
    assert [each["number"] for each in (await shop.get("staff", "/calls")).json()["items"]] == [
        call["number"]
    ]
    taken = (await shop.post("staff", f"/calls/{call['number']}/take")).json()
    assert (taken["status"], taken["taken_by"]) == ("taken", "Femke")
    assert (await shop.post("admin", f"/calls/{call['number']}/take")).status_code == 409
    assert (await shop.post("staff", f"/calls/{call['number']}/close")).json()["status"] == "closed"
    assert (await shop.get("staff", "/calls")).json()["total"] == 0

    asked = {"product": "HH-20001", "competitor": "The other shop", "price": "459.00"}
    match = (await shop.post("customer", "/price-matches", asked)).json()
    assert (match["status"], match["our_price"]["amount"]) == ("requested", "479.00")
    higher = await shop.post("customer", "/price-matches", {**asked, "price": "500"})
    assert (higher.status_code, type_of(higher)) == (409, "price-not-lower")
    assert [each["number"] for each in (await shop.get("staff", "/price-matches")).json()["items"]] == [
        match["number"]
    ]
    decide = f"/price-matches/{match['number']}/decide"
    assert (await shop.post("staff", decide, {"decision": "approve"})).json()["status"] == "approved"
    again = await shop.post("staff", decide, {"decision": "decline"})
    assert (again.status_code, type_of(again)) == (409, "match-decided")


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("get", "/quotes", None),
        ("get", "/quotes/Q-000000", None),
        ("get", "/reservations", None),
        ("get", "/reservations/R-000000", None),
        ("post", "/reservations/R-000000/collect", None),
        ("get", "/calls", None),
        ("post", "/calls/H-1/take", None),
        ("post", "/calls/H-1/close", None),
        ("get", "/price-matches", None),
        ("get", "/price-matches/M-1", None),
        ("post", "/price-matches/M-1/decide", {"decision": "approve"}),
        ("post", "/imports/products", []),
        ("post", "/imports/stock", []),
    ],
)
async def test_what_is_for_staff_is_not_for_customers(shop, method, address, body):
    ask = shop.get if method == "get" else shop.post
    more = () if method == "get" else (body,)
    assert (await ask("customer", address, *more)).status_code == 403
    assert (await ask("nobody", address, *more)).status_code == 401
    assert (await ask("staff", address, *more)).status_code in {200, 404}


async def test_products_and_stock_come_in_bulk(shop):
    products = (
        "sku,gtin,name,brand,category,price,attributes.length_m\n"
        "HH-10001,,,,,11.95,\n"
        "N-1,8710000000000,Harbour HDMI Cable 7 m,Harbour,hdmi-cables,24.95,7.0\n"
        "N-2,8710000000001,Cable,Harbour,hdmi-cable,twenty,\n"
    )
    report = (await shop.send("staff", "/imports/products", products, "text/csv")).json()
    assert (report["rows"], report["created"], report["updated"], report["rejected"]) == (3, 1, 1, 1)
    faults = {fault["field"]: fault for fault in report["faults"]}
    assert {fault["row"] for fault in report["faults"]} == {4}
    assert faults["gtin"]["right"] == "8710000000000"
    assert "12.95" in faults["price"]["right"]
    stock = (
        b'{"sku": "N-1", "shop": "S-01", "on_hand": 12, "aisle": "A3", "shelf": "2"}\n'
        b'{"gtin": "8720000100013", "shop": "S-01", "on_hand": 5}\n'
    )
    report = (await shop.send("admin", "/imports/stock", stock, "application/x-ndjson")).json()
    assert (report["created"], report["updated"]) == (1, 1)
    found = (await shop.get("customer", "/products", q="hdmi cable 7 m", in_stock="true")).json()
    assert (found["items"][0]["sku"], found["items"][0]["available"]) == ("N-1", 12)
    assert (await shop.get("customer", "/products/HH-10001")).json()["price"]["amount"] == "11.95"
    actions = [(record.actor, record.action) for record in await shop.every(AuditRecord)]
    assert actions == [("staff:Femke", "import_products"), ("admin:the till", "import_stock")]


async def test_all_or_nothing_in_bulk(shop):
    rows = b'[{"sku": "HH-10001", "price": 1}, {"sku": "HH-10002", "price": -1}]'
    refused = await shop.send("staff", "/imports/products", rows, "application/json", all_or_nothing="true")
    assert (refused.status_code, type_of(refused)) == (409, "import-refused")
    facts = refused.json()["facts"]
    assert [(fault["row"], fault["field"]) for fault in facts["faults"]] == [(2, "price")]
    assert (await shop.get("customer", "/products/HH-10001")).json()["price"]["amount"] == "12.95"


async def test_a_bulk_body_is_checked_for_its_kind_and_can_break_off(shop):
    assert (await shop.send("staff", "/imports/products", b"<xml/>", "application/xml")).status_code == 415
    broken = await shop.send(
        "staff", "/imports/products", b'[{"sku": "HH-10001", "price": 5}, {', "application/json"
    )
    assert (broken.status_code, type_of(broken)) == (400, "import-unreadable")
    assert broken.json()["facts"]["updated"] == 1
    assert (await shop.get("customer", "/products/HH-10001")).json()["price"]["amount"] == "5.00"
