"""Devices that customers have registered, and the services that they depend on (CS-12)."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from balie_customer_service.models import Device, Service
from balie_customer_service.services import diagnostics
from balie_customer_service.services.accounts import belongs_to
from balie_customer_service.services.diagnostics import Diagnosis, Finding
from balie_customer_service.services.errors import NoSuchDevice, NoSuchService

_WITH_PRODUCT = (joinedload(Device.product, innerjoin=True), joinedload(Device.customer, innerjoin=True))


async def get_device(session: AsyncSession, serial: str, *, customer: str | None) -> Device:
    """A device with its product and customer.

    Raises:
        NoSuchDevice: it is not registered, or to somebody else (CS-9).
    """
    device = await session.scalar(
        select(Device)
        .where(Device.serial == serial.upper(), *belongs_to(Device.customer_id, customer))
        .options(*_WITH_PRODUCT)
    )
    if device is None:
        raise NoSuchDevice(serial)
    return device


async def list_devices(
    session: AsyncSession, *, customer: str | None, limit: int = 50, offset: int = 0
) -> Sequence[Device]:
    """Devices with their products, by name; of everybody where ``customer`` is None."""
    chosen = select(Device).where(*belongs_to(Device.customer_id, customer)).options(*_WITH_PRODUCT)
    return (
        await session.scalars(chosen.order_by(Device.name, Device.serial).limit(limit).offset(offset))
    ).all()


async def count_devices(session: AsyncSession, *, customer: str | None) -> int:
    """How many :func:`list_devices` would give without a limit."""
    chosen = select(func.count(Device.id)).where(*belongs_to(Device.customer_id, customer))
    return await session.scalar(chosen) or 0


async def diagnose(session: AsyncSession, serial: str, *, customer: str | None, now: datetime) -> Diagnosis:
    """What is wrong with a device, by what it last reported and by the services that it depends on.

    Raises:
        NoSuchDevice
    """
    device = await get_device(session, serial, customer=customer)
    needed = select(Service).where(Service.slug.in_(diagnostics.needed_services(device)))
    services = (await session.scalars(needed.order_by(Service.slug))).all()
    zone = ZoneInfo(device.customer.timezone)
    return Diagnosis(device, diagnostics.findings(device, services, zone), now)


async def list_services(session: AsyncSession) -> Sequence[Service]:
    """All services of the shop, by name. Anybody may see them."""
    return (await session.scalars(select(Service).order_by(Service.name))).all()


async def get_service(session: AsyncSession, service: str) -> Service:
    """A service by its slug or name.

    Raises:
        NoSuchService
    """
    found = await session.scalar(
        select(Service).where((Service.slug == service.lower()) | (Service.name == service))
    )
    if found is None:
        raise NoSuchService(service)
    return found


async def diagnose_service(session: AsyncSession, service: str) -> tuple[Service, Sequence[Finding]]:
    """A service and what its state means for those who use it; no finding if it is operational.

    Raises:
        NoSuchService
    """
    found = await get_service(session, service)
    return found, diagnostics.service_findings(found)
