"""Devices at customers' homes, the shop's services, and incidents."""

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from msgspec import Struct

from balie_customer_service.models import (
    Device,
    Incident,
    IncidentStatus,
    ProductKind,
    Service,
    ServiceStatus,
    Severity,
)
from balie_customer_service.sample_data.catalogue import CATALOGUE, CatalogueProduct
from balie_customer_service.sample_data.people import Person
from balie_customer_service.sample_data.purchases import Purchase
from balie_customer_service.sample_data.rows import Rows

DEVICES = 140
FIRST_INCIDENT = 2961
FIRST_KNOWN_INCIDENT = 3001
LAST_INCIDENT = 3003
_ROOMS = ("Living-room", "Kitchen", "Hallway", "Bedroom", "Attic", "Garden", "Office", "Garage", "Landing")
_THINGS = {
    "Hubs": "hub",
    "Climate": "climate",
    "Cameras": "camera",
    "Sensors": "sensor",
    "Power": "plug",
    "Lighting": "light",
    "Cleaning": "robot",
    "Kitchen": "scale",
    "Audio": "speaker",
    "Household": "scale",
}
_COMPLAINTS = (
    ("It restarts by itself several times an hour since the last update.", Severity.MEDIUM),
    ("No picture any more, the app shows a grey field.", Severity.MEDIUM),
    ("It does not react to the app, only to its button.", Severity.LOW),
    ("It heats although the room is warm enough, and can't be stopped from the app.", Severity.HIGH),
    ("It got so hot that the plastic has changed its colour.", Severity.CRITICAL),
    ("It loses its schedule at every power cut.", Severity.LOW),
    ("Alarm goes off at night without any reason.", Severity.HIGH),
    ("Recordings of the weekend are gone.", Severity.MEDIUM),
)

# slug | name | status | days before today, time | message
_SERVICES = """
cloud-sync | Cloud sync | degraded | 1 21:10 | Settings and readings arrive with a delay of some minutes.
mobile-app | Mobile app | maintenance | 1 22:00 | Planned maintenance: signing in can fail for a short time.
web-shop | Web shop | operational | 40 06:30 | Everything works.
payment | Payment | operational | 12 15:45 | Everything works.
"""


class _State(Struct, frozen=True):
    """What a device reports."""

    connected: bool = True
    signal_dbm: int | None = -58
    battery_percent: int | None = None
    storage_percent: int | None = None
    errors: int = 0
    last_error: str | None = None
    restarts: int = 0


def add_services(rows: Rows) -> dict[str, uuid.UUID]:
    """The shop's services: one is degraded, one in planned maintenance."""
    keys = {}
    for line in _SERVICES.strip().splitlines():
        slug, name, status, since, message = (part.strip() for part in line.split("|"))
        days, _space, clock = since.partition(" ")
        keys[slug] = rows.add(
            Service,
            slug=slug,
            name=name,
            status=ServiceStatus(status),
            message=message,
            since=rows.at(-int(days), time.fromisoformat(clock)),
        )
    return keys


def add_devices(
    rows: Rows, products: dict[str, uuid.UUID], people: Sequence[Person], orders: Sequence[Purchase]
) -> dict[str, tuple[uuid.UUID, Person]]:
    """Devices by serial number, with their owners: three that are known by number, the rest made up."""
    by_number = {person.number: person for person in people}
    by_sku = {product.sku: product for product in CATALOGUE}
    devices: dict[str, tuple[uuid.UUID, Person]] = {}

    def add(
        serial: str,
        person: Person,
        product: CatalogueProduct,
        name: str,
        registered_at: datetime,
        last_seen_at: datetime,
        firmware: str,
        state: _State,
    ) -> None:
        key = rows.add(
            Device,
            serial=serial,
            customer_id=person.id,
            product_id=products[product.sku],
            name=name,
            registered_at=registered_at,
            firmware=firmware,
            last_seen_at=last_seen_at,
            **{field: getattr(state, field) for field in _State.__struct_fields__},
        )
        devices[serial] = (key, person)

    seen = rows.at(-1, time(23, 50))
    marit, jonas = by_number["C-1001"], by_number["C-1002"]
    hub = _State(signal_dbm=-51)
    add(
        "HB-4F21-0093",
        marit,
        by_sku["BAL-1101"],
        "Living-room hub",
        rows.at(-420, time(19)),
        seen,
        "2.1.0",
        hub,
    )
    cold = _State(connected=False, battery_percent=6, signal_dbm=-66)
    lost = rows.at(-3, time(18, 20))
    name = "Hallway thermostat"
    add("HB-7C10-1188", marit, by_sku["BAL-1201"], name, rows.at(-388, time(11)), lost, "4.1.0", cold)
    full = _State(signal_dbm=-82, storage_percent=98)
    add(
        "HB-9E02-0417",
        jonas,
        by_sku["BAL-1302"],
        "Garden camera",
        rows.at(-150, time(17)),
        seen,
        "5.0.4",
        full,
    )
    smart = [
        (order, line.product)
        for order in orders
        if order.delivered_at and order.delivered_at < rows.at(-4, time())
        for line in order.lines
        if line.product.kind is ProductKind.SMART
    ]
    for order, product in sorted(rows.random.sample(smart, DEVICES), key=lambda each: each[0].number):
        serial = f"HB-{rows.random.randrange(0x1000, 0xFFFF):04X}-{len(devices) + 1001:04}"
        state = _report(rows, product)
        delivered_at = order.delivered_at or order.placed_at
        last = seen if state.connected else rows.moment(rows.at(-rows.random.randint(1, 2), time()).date())
        name = f"{rows.random.choice(_ROOMS)} {_THINGS[product.category]}"
        firmware = product.latest_firmware or "1.0.0"
        if rows.random.random() < 0.2:
            firmware = f"{max(int(firmware[0]) - 1, 0)}.9.{rows.random.randrange(5)}"
        add(serial, order.person, product, name, delivered_at + timedelta(hours=5), last, firmware, state)
    return devices


def _report(rows: Rows, product: CatalogueProduct) -> _State:
    chance = rows.random.random
    battery = product.category in {"Sensors", "Climate"} or "Doorbell" in product.name
    errors = rows.random.choice((0, 0, 0, 1, 2, 4, 14, 73)) if chance() < 0.5 else 0
    return _State(
        connected=chance() > 0.12,
        signal_dbm=rows.random.randint(-88, -42) if chance() < 0.3 else rows.random.randint(-70, -42),
        battery_percent=rows.random.randint(2, 100) if battery else None,
        storage_percent=rows.random.randint(20, 100) if product.category == "Cameras" else None,
        errors=errors,
        last_error=rows.random.choice(("E12", "N31", "P04", "S17")) if errors else None,
        restarts=rows.random.choice((0, 0, 0, 0, 1, 2, 7)),
    )


def add_incidents(
    rows: Rows, devices: dict[str, tuple[uuid.UUID, Person]], services: dict[str, uuid.UUID]
) -> None:
    """Incidents of the last half year: one of a service, two that are known by number, the rest made up."""
    made_up = [device for device in devices.values() if device[1].number > "C-1005"]
    numbers = range(FIRST_INCIDENT, FIRST_KNOWN_INCIDENT)
    moments = sorted(rows.moment(rows.at(-rows.random.randint(3, 180), time()).date()) for _ in numbers)
    for number, reported_at in zip(numbers, moments, strict=True):
        device, person = rows.random.choice(made_up)
        text, severity = rows.random.choice(_COMPLAINTS)
        solved = reported_at + timedelta(hours=rows.random.uniform(5, 300))
        _add_incident(
            rows,
            number,
            {"customer_id": person.id, "device_id": device},
            severity,
            IncidentStatus.INVESTIGATING if solved > rows.cutoff else IncidentStatus.RESOLVED,
            text,
            reported_at,
            solved if solved < rows.cutoff else None,
        )
    thermostat, marit = devices["HB-7C10-1188"]
    camera, jonas = devices["HB-9E02-0417"]
    _add_incident(
        rows,
        FIRST_KNOWN_INCIDENT,
        {"customer_id": marit.id, "device_id": thermostat},
        Severity.HIGH,
        IncidentStatus.OPEN,
        "The hallway thermostat has been offline for a day, the heating stays off.",
        rows.at(-2, time(8, 15)),
    )
    _add_incident(
        rows,
        FIRST_KNOWN_INCIDENT + 1,
        {"customer_id": jonas.id, "device_id": camera},
        Severity.MEDIUM,
        IncidentStatus.INVESTIGATING,
        "The garden camera stops recording every evening.",
        rows.at(-2, time(20, 40)),
    )
    _add_incident(
        rows,
        LAST_INCIDENT,
        {"service_id": services["cloud-sync"]},
        Severity.MEDIUM,
        IncidentStatus.INVESTIGATING,
        "Readings from devices arrive with a delay of some minutes.",
        rows.at(-1, time(21, 10)),
    )


def _add_incident(
    rows: Rows,
    number: int,
    about: dict[str, uuid.UUID],
    severity: Severity,
    status: IncidentStatus,
    description: str,
    reported_at: datetime,
    resolved_at: datetime | None = None,
) -> None:
    rows.add(
        Incident,
        number=f"I-{number}",
        severity=severity,
        status=status,
        description=description,
        reported_at=reported_at,
        resolved_at=resolved_at,
        created_at=reported_at,
        updated_at=resolved_at or reported_at,
        **about,
    )
