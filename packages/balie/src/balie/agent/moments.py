"""Days and times in what people say, against the conversation's clock and time zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
# The hours that a part of the day means: from, until.
_PARTS = {"morning": (0, 12), "noon": (12, 13), "afternoon": (12, 18), "evening": (17, 22), "night": (18, 24)}

_WEEKDAY = "|".join(f"{day}|{day[:3]}" for day in _WEEKDAYS) + "|tues|thur|thurs"
_MONTH = "|".join(f"{month}|{month[:3]}" for month in _MONTHS) + "|sept"
_DAY = re.compile(
    rf"\b(?:(?P<relative>day after tomorrow|tomorrow|tomorow|tmrw|today|tonight)"
    rf"|in (?P<count>\d{{1,2}}|a|two|three) (?P<unit>days?|weeks?)"
    rf"|(?P<next>next |coming |this )?(?P<weekday>{_WEEKDAY})\b"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b"
    rf"|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<iso>\d{{4}}-\d{{2}}-\d{{2}}))",
    re.IGNORECASE,
)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_HOUR = r"\d{1,2}|" + "|".join(_NUMBERS)
_TIME = re.compile(
    r"(?P<after>\b(?:after|from)\s+)?(?P<before>\b(?:before|until)\s+)?"
    rf"(?:\b(?P<half>half past )(?P<halfhour>{_HOUR})\b"
    r"|\b(?P<hour>\d{1,2})[:.](?P<minute>\d{2})\s*(?P<meridiem>am|pm|a\.m\.|p\.m\.)?"
    rf"|\b(?P<hour2>{_HOUR})\s*(?P<meridiem2>am\b|pm\b|a\.m\.|p\.m\.|o'?clock|h\b)"
    rf"|\bat (?P<hour3>{_HOUR})\b(?!\s*(?:[:.]\d|am\b|pm\b|a\.m|p\.m|o'?clock|h\b)))"
    r"|\b(?P<part>morning|noon|midday|lunch ?time|afternoon|evening|night|tonight)\b",
    re.IGNORECASE,
)
_COUNTS = {"a": 1, "two": 2, "three": 3}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a time of day, or both, as said in ``text[start:end]``.

    ``at`` is an exact time; ``earliest`` and ``latest`` bound a vague one ("afternoon", "after two").
    """

    start: int
    end: int
    day: date | None = None
    at: time | None = None
    earliest: time | None = None
    latest: time | None = None


def find_moment(text: str, now: datetime, timezone: ZoneInfo) -> Moment | None:
    """The moment that a text speaks of, or None.

    A weekday is the next one that is not today, a date without a year the next of its kind. An hour
    from one to seven without am or pm is taken as the afternoon: desks are open by day.
    """
    today = now.astimezone(timezone).date()
    day_found = _DAY.search(text)
    day = _day(day_found, today) if day_found else None
    found = [m for m in _TIME.finditer(text) if not (day_found and day_found.span() == m.span())]
    exact = next((m for m in found if not m["part"]), None)
    vague = next((m for m in found if m["part"]), None)
    if day_found and day_found["relative"] and day_found["relative"].lower() == "tonight":
        vague = vague or _TIME.search("tonight")
    chosen = exact or vague
    if day is None and chosen is None:
        return None
    spans = [m.span() for m in (day_found if day else None, exact, vague) if m and m.string is text]
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    if exact:
        at = _time(exact, vague)
        if at is None:
            return Moment(start, end, day) if day else None
        if exact["after"]:
            return Moment(start, end, day, earliest=at)
        if exact["before"]:
            return Moment(start, end, day, latest=at)
        return Moment(start, end, day, at)
    if vague:
        part = vague["part"].lower().replace(" ", "")
        part = {"midday": "noon", "lunchtime": "noon", "tonight": "evening"}.get(part, part)
        first, last = _PARTS[part]
        return Moment(
            start, end, day, earliest=time(first), latest=time(last % 24) if last < 24 else time(23, 59)
        )
    return Moment(start, end, day)


def _day(found: re.Match[str], today: date) -> date | None:
    if relative := found["relative"]:
        ahead = {"today": 0, "tonight": 0, "day after tomorrow": 2}.get(relative.lower(), 1)
        return today + timedelta(days=ahead)
    if count := found["count"]:
        number = _COUNTS.get(count.lower()) or int(count)
        return today + timedelta(days=number * (7 if found["unit"].lower().startswith("week") else 1))
    if weekday := found["weekday"]:
        wanted = next(n for n, name in enumerate(_WEEKDAYS) if name.startswith(weekday.lower()[:3]))
        return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        name = (found["month"] or found["month2"]).lower()
        month = next(n for n, full in enumerate(_MONTHS, 1) if full.startswith(name[:3]))
        this_year = date(today.year, month, int(found["day"] or found["day2"]))
        return this_year if this_year >= today else this_year.replace(year=today.year + 1)
    except ValueError:
        # 31 April is no day; whoever said it is asked again.
        return None


def _time(found: re.Match[str], part: re.Match[str] | None) -> time | None:
    if found["half"]:
        hour, minute, meridiem = _number(found["halfhour"]), 30, ""
    else:
        hour = _number(found["hour"] or found["hour2"] or found["hour3"])
        minute = int(found["minute"] or 0)
        meridiem = (found["meridiem"] or found["meridiem2"] or "").lower().replace(".", "")
    if meridiem == "pm" and hour < 12:
        hour += 12
    elif meridiem == "am" and hour == 12:
        hour = 0
    elif meridiem != "am" and 1 <= hour <= 7 and not (part and part["part"].lower() == "morning"):
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS.index(text.lower()) + 1
