"""Devices, services, diagnoses and incidents."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from balie.errors import BadRequest
from balie_customer_service.models import (
    Device,
    IncidentStatus,
    Product,
    Service,
    ServiceStatus,
    Severity,
)
from balie_customer_service.services import devices, diagnostics, incidents
from balie_customer_service.services.diagnostics import FindingSeverity
from balie_customer_service.services.errors import (
    IncidentAlreadyLinked,
    IncidentResolved,
    NoSuchDevice,
    NoSuchIncident,
    NoSuchService,
    NoSuchTicket,
    TextMissing,
)
from hypothesis import given
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio
SEEN = datetime(2026, 3, 7, 17, 20, tzinfo=UTC)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def device(**values):
    product = Product(name="Harbour Hub 2", category="Hubs", latest_firmware="2.10.0")
    reported = {"connected": True, "firmware": "2.10.0", "errors": 0, "restarts": 0, "last_seen_at": SEEN}
    return Device(product=product, **{**reported, **values})


def codes(found):
    return [(finding.code, finding.severity.value) for finding in found]


@pytest.mark.parametrize(
    ("serial", "customer", "expected"),
    [
        ("HB-4F21-0093", "C-1001", [("firmware-old", "warning"), ("service-degraded", "note")]),
        (
            "HB-7C10-1188",
            "C-1001",
            [("offline", "critical"), ("battery-low", "warning"), ("service-degraded", "note")],
        ),
        ("hb-9e02-0417", "C-1002", [("storage-full", "critical"), ("signal-weak", "warning")]),
    ],
)
async def test_what_is_wrong_with_the_known_devices(session, now, serial, customer, expected):
    diagnosis = await devices.diagnose(session, serial, customer=customer, now=now)
    assert codes(diagnosis.findings) == expected
    assert diagnosis.checked_at == now
    assert not diagnosis.healthy


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"firmware": "2.9.9"}, [("firmware-old", "warning")]),
        ({"battery_percent": 15}, [("battery-low", "warning")]),
        ({"battery_percent": 16}, []),
        ({"battery_percent": 5}, [("battery-empty", "critical")]),
        ({"signal_dbm": -75}, [("signal-weak", "warning")]),
        ({"signal_dbm": -85}, [("signal-poor", "critical")]),
        ({"signal_dbm": -74}, []),
        ({"storage_percent": 85}, [("storage-filling", "warning")]),
        ({"storage_percent": 95}, [("storage-full", "critical")]),
        ({"errors": 10, "last_error": "E12"}, [("some-errors", "warning")]),
        ({"errors": 50}, [("many-errors", "critical")]),
        ({"restarts": 5}, [("many-restarts", "warning")]),
        (
            {"connected": False, "battery_percent": 4},
            [("offline", "critical"), ("battery-empty", "critical")],
        ),
    ],
)
def test_the_rules_of_a_diagnosis(values, expected):
    assert codes(diagnostics.findings(device(**values), (), AMSTERDAM)) == expected


def test_a_finding_tells_times_in_the_customers_zone():
    (finding,) = diagnostics.findings(device(connected=False), (), ZoneInfo("Europe/Helsinki"))
    assert finding.problem == "It has been offline since 7 March 2026, 19:20."
    assert finding.values == {"since": SEEN}


def test_an_outage_of_a_service_is_a_finding_for_who_needs_it():
    down = Service(slug="cloud-sync", name="Cloud sync", status=ServiceStatus.OUTAGE, message="No sync.")
    (finding,) = diagnostics.findings(device(), [down], AMSTERDAM)
    assert (finding.code, finding.severity) == ("service-outage", FindingSeverity.CRITICAL)
    assert diagnostics.needed_services(device()) == ("cloud-sync",)


@given(
    battery=st.none() | st.integers(0, 100),
    signal=st.none() | st.integers(-130, 0),
    storage=st.none() | st.integers(0, 100),
    errors=st.integers(0, 500),
    restarts=st.integers(0, 50),
    connected=st.booleans(),
)
def test_the_worst_comes_first_and_no_rule_speaks_twice(
    battery, signal, storage, errors, restarts, connected
):
    found = diagnostics.findings(
        device(
            battery_percent=battery,
            signal_dbm=signal,
            storage_percent=storage,
            errors=errors,
            restarts=restarts,
            connected=connected,
        ),
        (),
        AMSTERDAM,
    )
    ranks = [list(FindingSeverity).index(finding.severity) for finding in found]
    assert ranks == sorted(ranks)
    assert len({finding.code for finding in found}) == len(found)
    assert any(finding.code == "offline" for finding in found) != connected


async def test_somebody_elses_device_is_not_there(session, now):
    mine = await devices.list_devices(session, customer="C-1001")
    assert [each.serial for each in mine] == ["HB-7C10-1188", "HB-4F21-0093"]
    for serial in ("HB-9E02-0417", "HB-0000-0000"):
        for attempt in (
            devices.get_device(session, serial, customer="C-1001"),
            devices.diagnose(session, serial, customer="C-1001", now=now),
            incidents.create_incident(
                session,
                device=serial,
                description="broken",
                severity=Severity.LOW,
                customer="C-1001",
                now=now,
            ),
        ):
            with pytest.raises(NoSuchDevice):
                await attempt
    assert (await devices.get_device(session, "HB-9E02-0417", customer=None)).customer.number == "C-1002"


async def test_services_are_everybodys(session):
    states = {service.slug: service.status for service in await devices.list_services(session)}
    assert states["cloud-sync"] is ServiceStatus.DEGRADED
    assert states["mobile-app"] is ServiceStatus.MAINTENANCE
    assert set(states.values()) == set(ServiceStatus) - {ServiceStatus.OUTAGE}
    service, found = await devices.diagnose_service(session, "Cloud sync")
    assert codes(found) == [("service-degraded", "note")]
    assert (await devices.diagnose_service(session, "payment"))[1] == []
    assert service.slug == "cloud-sync"
    with pytest.raises(NoSuchService):
        await devices.get_service(session, "teleport")


async def test_an_incident_is_about_one_thing(database, now):
    async with database.write() as session:
        incident = await incidents.create_incident(
            session,
            device="HB-7C10-1188",
            description=" Heating stays on. ",
            severity=Severity.HIGH,
            customer="C-1001",
            now=now,
        )
        assert (incident.number, incident.status) == ("I-3004", IncidentStatus.OPEN)
        assert (incident.device.serial, incident.customer.number) == ("HB-7C10-1188", "C-1001")
        assert incident.description == "Heating stays on."
        by_staff = await incidents.create_incident(
            session,
            device="HB-9E02-0417",
            description="x",
            severity=Severity.LOW,
            customer=None,
            now=now,
        )
        assert by_staff.customer.number == "C-1002"
        of_service = await incidents.create_incident(
            session,
            service="payment",
            description="x",
            severity=Severity.CRITICAL,
            customer=None,
            now=now,
        )
        assert (of_service.service.slug, of_service.customer) == ("payment", None)
        for about in ({}, {"device": "HB-7C10-1188", "service": "payment"}):
            with pytest.raises(BadRequest):
                await incidents.create_incident(
                    session, description="x", severity=Severity.LOW, customer="C-1001", now=now, **about
                )
        with pytest.raises(TextMissing):
            await incidents.create_incident(
                session, service="payment", description=" ", severity=Severity.LOW, customer=None, now=now
            )


async def test_somebody_elses_incident_is_not_there(session, now):
    assert (await incidents.get_incident(session, "I-3001", customer="C-1001")).severity is Severity.HIGH
    for number in ("I-3002", "I-3003", "I-9999"):
        for attempt in (
            incidents.get_incident(session, number, customer="C-1001"),
            incidents.linkable(session, number, "T-20001", customer="C-1001"),
            incidents.link_incident(session, number, "T-20001", customer="C-1001", now=now),
        ):
            with pytest.raises(NoSuchIncident):
                await attempt
    assert [each.number for each in await incidents.list_incidents(session, customer="C-1001")] == ["I-3001"]
    open_ones = await incidents.list_incidents(session, customer=None, statuses=[IncidentStatus.OPEN])
    assert "I-3001" in {each.number for each in open_ones}


async def test_an_incident_belongs_to_one_ticket(session, now):
    with pytest.raises(NoSuchTicket):
        await incidents.link_incident(session, "I-3001", "T-20002", customer="C-1001", now=now)
    for _again in range(2):
        linked = await incidents.link_incident(session, "I-3001", "T-20001", customer="C-1001", now=now)
        assert linked.ticket.number == "T-20001"
    with pytest.raises(IncidentAlreadyLinked) as refused:
        await incidents.link_incident(session, "I-3001", "T-20003", customer="C-1001", now=now)
    assert refused.value.facts == {"number": "I-3001", "ticket": "T-20001"}


async def test_of_two_links_at_once_one_stays(shops, now):
    from balie_customer_service.services import tickets

    async with shops[0].write() as session:
        incident = await incidents.create_incident(
            session, service=None, device=await _register(session, now), description="x",
            severity=Severity.LOW, customer="C-1001", now=now,
        )  # fmt: skip
        numbers = [
            (
                await tickets.create_ticket(session, customer="C-1001", subject="s", description="d", now=now)
            ).number
            for _ in range(4)
        ]

    async def attempt(database, ticket):
        async with database.write() as session:
            try:
                await incidents.link_incident(session, incident.number, ticket, customer="C-1001", now=now)
            except IncidentAlreadyLinked:
                return 0
            return 1

    assert sum(await asyncio.gather(*map(attempt, shops, numbers))) == 1


async def _register(session, now):
    from balie_customer_service.models import Customer
    from sqlalchemy import select

    session.add(
        Device(
            serial="HB-AAAA-0001",
            customer_id=await session.scalar(select(Customer.id).where(Customer.number == "C-1001")),
            product_id=await session.scalar(select(Product.id).where(Product.sku == "BAL-1101")),
            name="Hub",
            registered_at=now,
            firmware="1.0.0",
            connected=True,
            last_seen_at=now,
        )
    )
    await session.flush()
    return "HB-AAAA-0001"


async def test_a_resolved_incident_stays_resolved(session, now):
    incident = await incidents.set_severity(session, "I-3001", Severity.CRITICAL, now=now)
    assert incident.severity is Severity.CRITICAL
    for status in (IncidentStatus.INVESTIGATING, IncidentStatus.RESOLVED):
        incident = await incidents.set_incident_status(session, "I-3001", status, now=now)
        assert incident.status is status
    assert incident.resolved_at == now
    with pytest.raises(IncidentResolved) as refused:
        await incidents.set_incident_status(
            session, "I-3001", IncidentStatus.OPEN, now=now + timedelta(days=1)
        )
    assert refused.value.facts == {"number": "I-3001", "resolved_on": date(2026, 3, 10)}
    with pytest.raises(IncidentResolved):
        await incidents.set_severity(session, "I-3001", Severity.LOW, now=now)
    with pytest.raises(NoSuchIncident):
        await incidents.set_incident_status(session, "I-9999", IncidentStatus.OPEN, now=now)
