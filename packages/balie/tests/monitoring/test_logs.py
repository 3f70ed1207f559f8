import io
import json
import logging
import uuid
from datetime import UTC, datetime

import pytest
import structlog
from balie.monitoring.logs import configure, masked
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def lines():
    """What was logged, as dictionaries; afterwards logging is as it was."""
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    stream = io.StringIO()
    configure("info", as_json=True, stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def test_what_was_said_is_left_out(lines):
    structlog.get_logger("balie").info(
        "turn", message="I live at Kade 1", turn=3, nested={"text": "secret words", "agent": "service"}
    )
    (line,) = lines()
    assert (line["event"], line["turn"], line["level"]) == ("turn", 3, "info")
    assert line["message"] == line["nested"]["text"] == "[left out]"
    assert line["nested"]["agent"] == "service"


def test_the_standard_librarys_log_is_masked_too(lines):
    try:
        raise ValueError("no such customer: marit@example.org")
    except ValueError:
        logging.getLogger("other").exception("lookup of %s failed", "+31 6 12345678")
    (line,) = lines()
    assert line["event"] == "lookup of [phone] failed"
    assert "no such customer: [e-mail]" in line["exception"]
    assert "marit" not in json.dumps(line)


def test_values_that_are_no_text_are_masked_as_text(lines):
    structlog.get_logger("balie").info("x", who=[("marit@example.org", 1)], error=ValueError("a@b.nl"))
    (line,) = lines()
    assert line["who"] == [["[e-mail]", 1]]
    assert line["error"] == "[e-mail]"


def test_below_the_level_nothing_is_logged(lines):
    logging.getLogger("balie").debug("x")
    structlog.get_logger("balie").debug("x")
    assert lines() == []


def test_for_a_person_it_is_no_json():
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:]
    configure("info", as_json=False, stream=stream)
    logging.getLogger("balie").warning("low disk")
    structlog.reset_defaults()
    root.handlers[:] = before
    assert "low disk" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("mail marit.devries+shop@mail.example.org now", "mail [e-mail] now"),
        ("call +31 20 123 4567", "call [phone]"),
        ("call 06-12345678.", "call [phone]."),
        ("call 0031612345678", "call [phone]"),
        ("call (020) 1234567", "call ([phone]"),
        ("balie_0a1b2c3d_dGhpcyBpcyBhIHNlY3JldA-_x", "balie_0a1b2c3d_[secret]"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer [secret]"),
        ("postgresql://balie:hunter2@db/name", "postgresql://balie:[secret]@db/name"),
    ],
)
def test_what_is_masked(text, outcome):
    assert masked(text) == outcome


@pytest.mark.parametrize(
    "text",
    [
        "order 10234 of C-1001, ticket T-20417, device HB-4F21-0093",
        "2026-03-10T09:00:00+01:00",
        "0.000123456789 s, 12.5 ms, 89.90 EUR",
        "0198b2c4-1111-7222-8333-012345678901",
    ],
)
def test_what_stays(text):
    assert masked(text) == text


@given(st.uuids(), st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))
def test_identifiers_and_times_stay(identifier: uuid.UUID, instant):
    assert masked(f"{identifier} {instant.isoformat()}") == f"{identifier} {instant.isoformat()}"
