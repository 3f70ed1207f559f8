"""Devices, incidents, services."""

from datetime import datetime
from typing import Annotated, Any

from balie.api import VISIBLE, Limit, Offset, TheCaller, TheDesk, TheWriter, page
from litestar import Controller, get, post
from litestar.exceptions import NotFoundException
from litestar.openapi.spec import Example
from litestar.pagination import OffsetPagination
from litestar.params import FromQuery, JSONBody, PathParameter
from msgspec import Meta, Struct
from sqlalchemy.ext.asyncio import AsyncSession

from balie_customer_service.api.common import OfCustomer, chosen, own
from balie_customer_service.models import Device, Incident, IncidentStatus, Service, ServiceStatus, Severity
from balie_customer_service.resolvers.patterns import SERIAL
from balie_customer_service.services import devices, incidents
from balie_customer_service.services.diagnostics import Diagnosis, FindingSeverity

Serial = Annotated[str, PathParameter(examples=[Example(value="HB-4F21-0093")])]
IncidentNumber = Annotated[str, PathParameter(examples=[Example(value="I-3001")])]


class DeviceView(Struct, frozen=True):
    """A device that a customer has registered, and what it last told about itself."""

    serial: str
    customer: str
    name: str
    product: str
    sku: str
    registered_at: datetime
    firmware: str
    connected: bool
    last_seen_at: datetime

    @classmethod
    def of(cls, device: Device) -> "DeviceView":
        """Of the row, with its product and customer."""
        return cls(
            serial=device.serial,
            customer=device.customer.number,
            name=device.name,
            product=device.product.name,
            sku=device.product.sku,
            registered_at=device.registered_at,
            firmware=device.firmware,
            connected=device.connected,
            last_seen_at=device.last_seen_at,
        )


class FindingView(Struct, frozen=True):
    """Something that a diagnosis found."""

    code: str
    severity: FindingSeverity
    problem: str
    advice: str
    article: Annotated[str, Meta(description="The slug of the article that helps")]
    values: Annotated[dict[str, Any], Meta(description="The measurements that `problem` speaks of")]


class DiagnosisView(Struct, frozen=True):
    """A device and what is wrong with it, the worst first."""

    device: DeviceView
    healthy: bool
    checked_at: datetime
    findings: list[FindingView]

    @classmethod
    def of(cls, diagnosis: Diagnosis) -> "DiagnosisView":
        """Of the diagnosis."""
        return cls(
            device=DeviceView.of(diagnosis.device),
            healthy=diagnosis.healthy,
            checked_at=diagnosis.checked_at,
            findings=[
                FindingView(each.code, each.severity, each.problem, each.advice, each.article, each.values)
                for each in diagnosis.findings
            ],
        )


class IncidentView(Struct, frozen=True):
    """Something broken: one device, or one service."""

    number: str
    customer: str | None
    device: str | None
    service: str | None
    ticket: str | None
    severity: Severity
    status: IncidentStatus
    description: str
    reported_at: datetime
    resolved_at: datetime | None

    @classmethod
    def of(cls, incident: Incident) -> "IncidentView":
        """Of the row, with its device or service, ticket and customer."""
        return cls(
            number=incident.number,
            customer=incident.customer.number if incident.customer else None,
            device=incident.device.serial if incident.device else None,
            service=incident.service.slug if incident.service else None,
            ticket=incident.ticket.number if incident.ticket else None,
            severity=incident.severity,
            status=incident.status,
            description=incident.description,
            reported_at=incident.reported_at,
            resolved_at=incident.resolved_at,
        )


class ServiceView(Struct, frozen=True):
    """A part of the shop that customers depend on, and how it is doing."""

    slug: str
    name: str
    status: ServiceStatus
    message: str
    since: datetime

    @classmethod
    def of(cls, service: Service) -> "ServiceView":
        """Of the row."""
        return cls(service.slug, service.name, service.status, service.message, service.since)


class NewIncident(Struct, frozen=True, forbid_unknown_fields=True):
    """Something to report."""

    description: Annotated[str, Meta(min_length=1, max_length=4000, pattern=VISIBLE)]
    severity: Severity
    about: Annotated[
        str,
        Meta(
            min_length=1,
            description="A device's serial number (`HB-4F21-0093`), or a service's slug (`cloud-sync`)",
        ),
    ]


class DeviceController(Controller):
    """A customer sees their own devices, staff all of them."""

    path = "/devices"
    tags = ("Technical",)

    @get("/", summary="Registered devices, by name", raises=[NotFoundException])
    async def devices(
        self,
        desk: TheDesk,
        caller: TheCaller,
        customer: OfCustomer = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[DeviceView]:
        """A page of devices."""
        async with desk.database.read() as session:
            whose = await chosen(session, caller, customer)
            found = await devices.list_devices(session, customer=whose, limit=limit, offset=offset)
            total = await devices.count_devices(session, customer=whose)
        return OffsetPagination([DeviceView.of(each) for each in found], limit, offset, total)

    @get("/{serial:str}/diagnostics", summary="What is wrong with a device")
    async def diagnostics(self, desk: TheDesk, caller: TheCaller, serial: Serial) -> DiagnosisView:
        """Diagnose one."""
        async with desk.database.read() as session:
            diagnosis = await devices.diagnose(session, serial, customer=own(caller), now=desk.clock())
            return DiagnosisView.of(diagnosis)


class IncidentController(Controller):
    """A customer sees what they reported, staff everything."""

    path = "/incidents"
    tags = ("Technical",)

    @get("/", summary="Incidents, the most severe first", raises=[NotFoundException])
    async def incidents(
        self,
        desk: TheDesk,
        caller: TheCaller,
        customer: OfCustomer = None,
        status: FromQuery[tuple[IncidentStatus, ...]] = (),
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> OffsetPagination[IncidentView]:
        """A page of incidents."""
        async with desk.database.read() as session:
            whose = await chosen(session, caller, customer)
            found = await incidents.list_incidents(
                session, customer=whose, statuses=status, limit=limit, offset=offset
            )
            total = await incidents.count_incidents(session, customer=whose, statuses=status)
        return OffsetPagination([IncidentView.of(each) for each in found], limit, offset, total)

    @post("/", summary="Report that something is broken")
    async def create(self, caller: TheCaller, writer: TheWriter, data: JSONBody[NewIncident]) -> IncidentView:
        """Report it."""
        mine = own(caller)
        is_device = SERIAL.fullmatch(data.about) is not None

        async def work(session: AsyncSession, now: datetime) -> IncidentView:
            reported = await incidents.create_incident(
                session,
                description=data.description,
                severity=data.severity,
                device=data.about if is_device else None,
                service=None if is_device else data.about,
                customer=mine,
                now=now,
            )
            return IncidentView.of(reported)

        return await writer.run(
            "create_incident",
            data,
            work,
            result=IncidentView,
            subject=lambda incident: f"incident:{incident.number}",
        )

    @get("/{number:str}", summary="An incident")
    async def incident(self, desk: TheDesk, caller: TheCaller, number: IncidentNumber) -> IncidentView:
        """One incident."""
        async with desk.database.read() as session:
            return IncidentView.of(await incidents.get_incident(session, number, customer=own(caller)))


class ServiceController(Controller):
    """How the shop's services are doing; anybody may know."""

    path = "/services"
    tags = ("Technical",)

    @get("/", summary="The shop's services, by name")
    async def services(
        self, desk: TheDesk, limit: Limit = 50, offset: Offset = 0
    ) -> OffsetPagination[ServiceView]:
        """A page of services."""
        async with desk.database.read() as session:
            found = await devices.list_services(session)
        return page([ServiceView.of(each) for each in found], limit, offset)
