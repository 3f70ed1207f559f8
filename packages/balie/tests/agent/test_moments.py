"""Days and times, against Tuesday 10 March 2026, nine in the morning in Amsterdam."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from balie.agent.moments import find_moment
from hypothesis import given
from hypothesis import strategies as st

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "day", "at"),
    [
        ("tomorrow at 10", date(2026, 3, 11), time(10)),
        ("call me thursday 14:30 please", date(2026, 3, 12), time(14, 30)),
        ("next Tuesday at 9", date(2026, 3, 17), time(9)),
        ("today half past 3", date(2026, 3, 10), time(15, 30)),
        ("on 12 March at 11am", date(2026, 3, 12), time(11)),
        ("the 3rd of April, 4pm", date(2026, 4, 3), time(16)),
        ("wed 10.30", date(2026, 3, 11), time(10, 30)),
        ("2026-03-20 at 16:00", date(2026, 3, 20), time(16)),
        ("2 January at 10", date(2027, 1, 2), time(10)),
        ("at 10", None, time(10)),
        ("noon is fine? no, 1 o'clock", None, time(13)),
    ],
)
def test_an_exact_time(text: str, day: date | None, at: time) -> None:
    moment = find_moment(text, NOW, ZONE)
    assert moment is not None
    assert (moment.day, moment.at) == (day, at)


@pytest.mark.parametrize(
    ("text", "day", "earliest", "latest"),
    [
        ("thursday afternoon", date(2026, 3, 12), time(12), time(18)),
        ("tomorrow morning", date(2026, 3, 11), time(0), time(12)),
        ("after 4pm on friday", date(2026, 3, 13), time(16), None),
        ("before 11:00", None, None, time(11)),
        ("this afternoon", None, time(12), time(18)),
        ("in two days", date(2026, 3, 12), None, None),
    ],
)
def test_a_vague_time_stays_vague(
    text: str, day: date | None, earliest: time | None, latest: time | None
) -> None:
    moment = find_moment(text, NOW, ZONE)
    assert moment is not None
    assert (moment.day, moment.at, moment.earliest, moment.latest) == (day, None, earliest, latest)


@pytest.mark.parametrize(
    "text", ["order 10240", "may I ask", "cancel 10240 and return two lamps", "31 April", "", "25:70"]
)
def test_what_is_no_time(text: str) -> None:
    assert find_moment(text, NOW, ZONE) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_harm(text: str) -> None:
    moment = find_moment(text, NOW, ZONE)
    if moment:
        assert 0 <= moment.start < moment.end <= len(text)


@given(st.dates(date(2024, 1, 1), date(2035, 1, 1)), st.sampled_from(["monday", "wed", "Sunday"]))
def test_a_weekday_lies_within_the_next_seven_days(today: date, word: str) -> None:
    moment = find_moment(word, datetime.combine(today, time(9), ZONE), ZONE)
    assert moment is not None
    assert moment.day is not None
    assert timedelta(days=1) <= moment.day - today <= timedelta(days=7)
    assert moment.day.strftime("%A").lower().startswith(word.lower()[:3])
