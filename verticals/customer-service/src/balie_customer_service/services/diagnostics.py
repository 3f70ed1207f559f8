"""What a device's own report says about it (CS-12): rules over stored telemetry, nothing else.

The limits are those of the products' manuals: below them a device works, but not for long, or not well.
"""

import enum
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from balie_customer_service.models import Device, Service, ServiceStatus

BATTERY_LOW = 15
BATTERY_EMPTY = 5
SIGNAL_WEAK = -75
SIGNAL_POOR = -85
STORAGE_FILLING = 85
STORAGE_FULL = 95
ERRORS_SOME = 10
ERRORS_MANY = 50
RESTARTS_MANY = 5

NEEDS: dict[str, tuple[str, ...]] = {
    "Hubs": ("cloud-sync",),
    "Climate": ("cloud-sync",),
    "Sensors": ("cloud-sync",),
    "Power": ("cloud-sync",),
    "Lighting": ("cloud-sync",),
    "Cleaning": ("cloud-sync",),
    "Kitchen": ("cloud-sync",),
}
"""Which services the smart products of a category depend on; cameras and speakers work by themselves."""


class FindingSeverity(enum.StrEnum):
    """A ``note`` explains, a ``warning`` wants attention, ``critical`` does not work."""

    CRITICAL = "critical"
    WARNING = "warning"
    NOTE = "note"


class Finding(Struct, frozen=True):
    """Something that a diagnosis found.

    ``code`` names the rule, ``values`` are the measurements that ``problem`` speaks of, ``article`` is the
    slug of the article that helps.
    """

    code: str
    severity: FindingSeverity
    problem: str
    advice: str
    article: str
    values: dict[str, Any]


class Diagnosis(Struct, frozen=True):
    """A device and what was found, the worst first. Healthy: nothing worse than a note."""

    device: Device
    findings: Sequence[Finding]
    checked_at: datetime

    @property
    def healthy(self) -> bool:
        """Whether nothing needs to be done."""
        return all(finding.severity is FindingSeverity.NOTE for finding in self.findings)


def needed_services(device: Device) -> tuple[str, ...]:
    """The slugs of the services that a device depends on."""
    return NEEDS.get(device.product.category, ())


def findings(device: Device, services: Iterable[Service], zone: ZoneInfo) -> list[Finding]:
    """All findings about a device (with its product loaded), the worst first; times are told in ``zone``."""
    found = [
        *_connection(device, zone),
        *_battery(device),
        *_signal(device),
        *_storage(device),
        *_firmware(device),
        *_errors(device),
        *(finding for service in services for finding in service_findings(service)),
    ]
    order = list(FindingSeverity)
    return sorted(found, key=lambda finding: order.index(finding.severity))


def service_findings(service: Service) -> list[Finding]:
    """What a service's state means for those who use it; nothing if it is operational."""
    severity = {
        ServiceStatus.OUTAGE: FindingSeverity.CRITICAL,
        ServiceStatus.DEGRADED: FindingSeverity.NOTE,
        ServiceStatus.MAINTENANCE: FindingSeverity.NOTE,
    }.get(service.status)
    if severity is None:
        return []
    return [
        Finding(
            f"service-{service.status.value}",
            severity,
            f"{service.name}: {service.message}",
            "We are working on it; nothing has to be done at your side.",
            "service-status",
            {"service": service.slug, "status": service.status.value, "since": service.since},
        )
    ]


def _connection(device: Device, zone: ZoneInfo) -> list[Finding]:
    if device.connected:
        return []
    since = device.last_seen_at.astimezone(zone)
    return [
        Finding(
            "offline",
            FindingSeverity.CRITICAL,
            f"It has been offline since {since.day} {since:%B %Y, %H:%M}.",
            "Check that it has power, then bring it close to the hub or router and restart it.",
            "device-offline",
            {"since": device.last_seen_at},
        )
    ]


def _battery(device: Device) -> list[Finding]:
    level = device.battery_percent
    if level is None or level > BATTERY_LOW:
        return []
    empty = level <= BATTERY_EMPTY
    return [
        Finding(
            "battery-empty" if empty else "battery-low",
            FindingSeverity.CRITICAL if empty else FindingSeverity.WARNING,
            f"The battery is at {level}%.",
            "Replace or charge the batteries.",
            "replace-batteries",
            {"battery_percent": level},
        )
    ]


def _signal(device: Device) -> list[Finding]:
    strength = device.signal_dbm
    if strength is None or strength > SIGNAL_WEAK:
        return []
    poor = strength <= SIGNAL_POOR
    return [
        Finding(
            "signal-poor" if poor else "signal-weak",
            FindingSeverity.CRITICAL if poor else FindingSeverity.WARNING,
            f"The signal is weak ({strength} dBm).",
            "Move the router or a repeater closer, and keep metal and mirrors out of the way.",
            "weak-wifi-signal",
            {"signal_dbm": strength},
        )
    ]


def _storage(device: Device) -> list[Finding]:
    used = device.storage_percent
    if used is None or used < STORAGE_FILLING:
        return []
    full = used >= STORAGE_FULL
    return [
        Finding(
            "storage-full" if full else "storage-filling",
            FindingSeverity.CRITICAL if full else FindingSeverity.WARNING,
            f"The storage is {used}% full.",
            "Delete old recordings, or let the device overwrite the oldest ones.",
            "camera-storage-full",
            {"storage_percent": used},
        )
    ]


def _firmware(device: Device) -> list[Finding]:
    latest = device.product.latest_firmware
    if latest is None or _version(device.firmware) >= _version(latest):
        return []
    return [
        Finding(
            "firmware-old",
            FindingSeverity.WARNING,
            f"Its firmware is {device.firmware}; {latest} is available.",
            "Install the update in the app, under the device's settings.",
            "update-firmware",
            {"firmware": device.firmware, "latest": latest},
        )
    ]


def _errors(device: Device) -> list[Finding]:
    found = []
    if device.errors >= ERRORS_SOME:
        code = f" (last: {device.last_error})" if device.last_error else ""
        found.append(
            Finding(
                "many-errors" if device.errors >= ERRORS_MANY else "some-errors",
                FindingSeverity.CRITICAL if device.errors >= ERRORS_MANY else FindingSeverity.WARNING,
                f"It reported {device.errors} errors in a day{code}.",
                "Restart it; if the errors stay, reset it to its factory settings.",
                "error-codes",
                {"errors": device.errors, "last_error": device.last_error},
            )
        )
    if device.restarts >= RESTARTS_MANY:
        found.append(
            Finding(
                "many-restarts",
                FindingSeverity.WARNING,
                f"It restarted {device.restarts} times in a day.",
                "Use the power supply that came with it, straight into a wall socket.",
                "device-keeps-restarting",
                {"restarts": device.restarts},
            )
        )
    return found


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
