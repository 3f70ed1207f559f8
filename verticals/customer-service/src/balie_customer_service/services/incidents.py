"""Incidents: a device or a service is broken, and somebody looks into it (CS-13)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from balie.errors import BadRequest
from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from balie_customer_service.models import Device, Incident, IncidentStatus, Severity
from balie_customer_service.services.accounts import belongs_to, get_customer
from balie_customer_service.services.devices import get_device, get_service
from balie_customer_service.services.errors import (
    IncidentAlreadyLinked,
    IncidentResolved,
    NoSuchIncident,
    TextMissing,
)
from balie_customer_service.services.hours import local_day
from balie_customer_service.services.numbers import Series, next_number
from balie_customer_service.services.tickets import get_ticket

_WITH_DETAILS = (
    joinedload(Incident.device).joinedload(Device.product),
    joinedload(Incident.service),
    joinedload(Incident.ticket),
    joinedload(Incident.customer),
)
_RANK = case({severity: rank for rank, severity in enumerate(reversed(Severity))}, value=Incident.severity)


async def get_incident(session: AsyncSession, number: str, *, customer: str | None) -> Incident:
    """An incident with its device or service, ticket and customer.

    Raises:
        NoSuchIncident: it is not there, or somebody else reported it (CS-9).
    """
    incident = await session.scalar(
        select(Incident)
        .where(Incident.number == number, *belongs_to(Incident.customer_id, customer))
        .options(*_WITH_DETAILS)
        .execution_options(populate_existing=True)
    )
    if incident is None:
        raise NoSuchIncident(number)
    return incident


async def list_incidents(
    session: AsyncSession,
    *,
    customer: str | None,
    statuses: Collection[IncidentStatus] = (),
    limit: int = 20,
    offset: int = 0,
) -> Sequence[Incident]:
    """Incidents, the most severe first, then the newest; of everybody where ``customer`` is None."""
    chosen = (
        select(Incident)
        .where(*belongs_to(Incident.customer_id, customer))
        .options(*_WITH_DETAILS)
        .order_by(_RANK, Incident.reported_at.desc(), Incident.number.desc())
        .limit(limit)
        .offset(offset)
    )
    if statuses:
        chosen = chosen.where(Incident.status.in_(statuses))
    return (await session.scalars(chosen)).all()


async def count_incidents(
    session: AsyncSession, *, customer: str | None, statuses: Collection[IncidentStatus] = ()
) -> int:
    """How many :func:`list_incidents` would give without a limit."""
    chosen = select(func.count(Incident.id)).where(*belongs_to(Incident.customer_id, customer))
    if statuses:
        chosen = chosen.where(Incident.status.in_(statuses))
    return await session.scalar(chosen) or 0


async def create_incident(
    session: AsyncSession,
    *,
    description: str,
    severity: Severity,
    device: str | None = None,
    service: str | None = None,
    customer: str | None,
    now: datetime,
) -> Incident:
    """Report that a device (by serial number) or a service (by slug) is broken.

    Staff report for the device's owner.

    Raises:
        TextMissing, NoSuchDevice, NoSuchService
        BadRequest: both a device and a service are given, or neither.
    """
    if not description.strip():
        raise TextMissing("description")
    if bool(device) == bool(service):
        raise BadRequest("An incident is about one device or one service.")
    broken = await get_device(session, device, customer=customer) if device else None
    down = await get_service(session, service) if service else None
    reporter = broken.customer_id if broken else None
    if customer is not None:
        reporter = (await get_customer(session, customer, customer=customer)).id
    number = await next_number(session, Series.INCIDENT)
    session.add(
        Incident(
            number=number,
            customer_id=reporter,
            device_id=broken.id if broken else None,
            service_id=down.id if down else None,
            severity=severity,
            status=IncidentStatus.OPEN,
            description=description.strip(),
            reported_at=now,
            created_at=now,
            updated_at=now,
        )
    )
    await session.flush()
    return await get_incident(session, number, customer=customer)


async def linkable(session: AsyncSession, number: str, ticket: str, *, customer: str | None) -> Incident:
    """The incident, if it can be linked to this ticket. Changes nothing: this is what a preview asks.

    Raises:
        NoSuchIncident, NoSuchTicket, IncidentAlreadyLinked
    """
    incident = await get_incident(session, number, customer=customer)
    await get_ticket(session, ticket, customer=customer)
    if incident.ticket is not None and incident.ticket.number != ticket:
        raise IncidentAlreadyLinked(number, incident.ticket.number)
    return incident


async def link_incident(
    session: AsyncSession, number: str, ticket: str, *, customer: str | None, now: datetime
) -> Incident:
    """Say that an incident is what a ticket is about. Linking the same two again changes nothing.

    Raises:
        NoSuchIncident, NoSuchTicket, IncidentAlreadyLinked
    """
    incident = await linkable(session, number, ticket, customer=customer)
    target = await get_ticket(session, ticket, customer=customer)
    await session.execute(
        update(Incident)
        .where(Incident.id == incident.id, Incident.ticket_id.is_(None))
        .values(ticket_id=target.id, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    # Where another ticket was faster, this finds it.
    return await linkable(session, number, ticket, customer=customer)


async def set_severity(session: AsyncSession, number: str, severity: Severity, *, now: datetime) -> Incident:
    """For staff: it is worse, or not as bad, as was reported (CS-13).

    Raises:
        NoSuchIncident, IncidentResolved
    """
    return await _change(session, number, severity=severity, updated_at=now)


async def set_incident_status(
    session: AsyncSession, number: str, status: IncidentStatus, *, now: datetime
) -> Incident:
    """For staff: somebody looks into it, or it is resolved (CS-8).

    Raises:
        NoSuchIncident, IncidentResolved
    """
    resolved_at = now if status is IncidentStatus.RESOLVED else None
    return await _change(session, number, status=status, resolved_at=resolved_at, updated_at=now)


async def _change(session: AsyncSession, number: str, **values: Any) -> Incident:
    changed = await session.scalar(
        update(Incident)
        .where(Incident.number == number, Incident.status != IncidentStatus.RESOLVED)
        .values(**values)
        .returning(Incident.id)
        .execution_options(synchronize_session=False)
    )
    incident = await get_incident(session, number, customer=None)
    if changed is None:
        raise IncidentResolved(number, local_day(incident.resolved_at or incident.updated_at))
    return incident
