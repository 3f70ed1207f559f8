import os
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from balie.agent import Caller, Status
from balie.errors import ModelsForbidden
from balie.models.catalog import models
from balie.models.files import locate
from balie_testing import NOW, FakeModels
from balie_testing.library.vertical import VERTICAL

MEMBER = Caller(identity="M-1")


def test_a_test_meets_no_real_model():
    with pytest.raises(ModelsForbidden):
        locate(next(iter(models().values())))


@pytest.mark.models
def test_a_test_with_the_mark_does():
    assert "BALIE_FORBID_MODELS" not in os.environ
    assert locate(next(iter(models().values()))).is_file()


def test_the_clock_stands_still_until_it_is_moved(frozen_clock):
    assert frozen_clock() == frozen_clock() == NOW
    assert frozen_clock.move(minutes=20) == NOW + timedelta(minutes=20)
    assert frozen_clock.move(timedelta(hours=-1)) == NOW - timedelta(minutes=40)
    frozen_clock.set(datetime(2026, 3, 14, tzinfo=UTC))
    assert frozen_clock() == datetime(2026, 3, 14, tzinfo=UTC)
    with pytest.raises(ValueError, match="no time zone"):
        frozen_clock.set(datetime(2026, 3, 14))


@pytest.mark.anyio
async def test_every_seeded_database_is_one_of_its_own(seeded_database):
    one, other = await seeded_database(VERTICAL), await seeded_database(VERTICAL)
    with sqlite3.connect(one) as connection:
        connection.execute("UPDATE books SET title = 'Changed'")
    connection.close()
    with sqlite3.connect(other) as connection:
        titles = connection.execute("SELECT title FROM books ORDER BY number").fetchall()
    connection.close()
    assert titles == [("Moby Dick",), ("Emma",), ("Dracula",)]


@pytest.mark.anyio
async def test_a_desk_stands_on_sample_data_and_the_frozen_clock(desk, frozen_clock):
    library = await desk(VERTICAL)
    conversation = await library.open(MEMBER)
    turn = await library.say(conversation, "B-102", MEMBER)
    assert turn.reply == "Emma (B-102) has 0 copies on the shelf."
    assert library.clock is frozen_clock


@pytest.mark.anyio
async def test_fake_models_know_the_phrases_that_they_are_given(desk):
    known = FakeModels(
        VERTICAL.team.commands,
        {"I want B-101": "borrow_book", "hm B-101": ("find_book", 0.4), "B-103 now": "borrow_book"},
        upset=["B-103 now!"],
    )
    library = await desk(VERTICAL, models=known)
    conversation = await library.open(MEMBER)
    asked = await library.say(conversation, "i WANT b-101!", MEMBER)
    assert asked.status is Status.NEEDS_CONFIRMATION
    assert asked.model == "fake"
    assert asked.confidence == pytest.approx(0.97)
    done = await library.say(conversation, "yes", MEMBER)
    assert (done.status, done.model) == (Status.DONE, "")
    unsure = await library.say(conversation, "hm B-101", MEMBER)
    assert unsure.status is Status.NEEDS_INPUT
    angry = await library.say(conversation, "B-103 now!", MEMBER)
    assert angry.reply.startswith("I'm sorry")
    nothing = await library.say(conversation, "sing me a song", MEMBER)
    assert nothing.status is Status.REFUSED
    assert "sing me a song" in known.read


@pytest.mark.anyio
async def test_fake_models_can_be_missing(desk):
    library = await desk(VERTICAL, models=FakeModels(VERTICAL.team.commands, why="no encoder"))
    conversation = await library.open(MEMBER)
    assert (await library.say(conversation, "what is there to read?", MEMBER)).status is Status.DEGRADED
    assert (await library.say(conversation, "/find_book B-101", MEMBER)).status is Status.ANSWERED


@pytest.mark.anyio
async def test_fake_models_write_what_they_are_given():
    one, two = {"text": "one"}, {"text": "two"}
    fake = FakeModels((), written=[one, two])
    assert [await fake.write("", "", {}, timeout=1) for _ in range(3)] == [one, two, two]
    assert await FakeModels(()).write("", "", {}, timeout=1) is None


def test_a_phrase_can_not_mean_an_unknown_command():
    with pytest.raises(ValueError, match="fly_away is no command"):
        FakeModels(VERTICAL.team.commands, {"go": "fly_away"})
