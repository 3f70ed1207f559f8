"""When the desk is open: weekdays 09:00–17:30 in Amsterdam, not on Dutch public holidays (CS-6).

Everything that is counted in working hours (the first answer to a ticket, CS-5) and everything that
needs somebody at the telephone goes by these functions.
"""

import functools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
OPENS = time(9, 0)
CLOSES = time(17, 30)
SLOT = timedelta(minutes=30)

_SATURDAY = 5


@functools.lru_cache(maxsize=16)
def _holidays(year: int) -> dict[date, str]:
    # The library takes a third of a second to import, and is needed in the first answer only.
    import holidays

    return dict(holidays.country_holidays("NL", years=year, language="en_US"))


def holiday(day: date) -> str | None:
    """The English name of the public holiday on this day."""
    return _holidays(day.year).get(day)


def is_working_day(day: date) -> bool:
    """Whether the desk opens on this day."""
    return day.weekday() < _SATURDAY and holiday(day) is None


def local_day(at: datetime) -> date:
    """The day of an instant in the shop's zone."""
    return at.astimezone(ZONE).date()


def opening(day: date) -> datetime:
    """When the desk opens on a working day."""
    return datetime.combine(day, OPENS, ZONE)


def closing(day: date) -> datetime:
    """When the desk closes on a working day."""
    return datetime.combine(day, CLOSES, ZONE)


def working_days(start: date) -> Iterator[date]:
    """The working days from this one on, without end."""
    day = start
    while True:
        if is_working_day(day):
            yield day
        day += timedelta(days=1)


def slots(day: date) -> list[datetime]:
    """The starts of a day's callback slots, in the shop's zone; none if it is closed."""
    if not is_working_day(day):
        return []
    count = (closing(day) - opening(day)) // SLOT
    return [opening(day) + SLOT * index for index in range(count)]


def after_working_time(start: datetime, duration: timedelta) -> datetime:
    """The instant (UTC) by which this much working time has passed since ``start``.

    Time outside the opening hours does not count; the result lies within them.
    """
    left = duration
    # Elapsed time is counted in UTC: the arithmetic of aware datetimes in one zone ignores clock changes.
    moment = start.astimezone(UTC)
    for day in working_days(local_day(start)):
        begin = max(moment, opening(day).astimezone(UTC))
        end = closing(day).astimezone(UTC)
        if begin >= end:
            continue
        if begin + left <= end:
            return begin + left
        left -= end - begin
    raise AssertionError("working days have no end")
