"""The pictures in the README, as the screens look now. ``pytest --snapshot-update`` draws them anew."""

import re
from pathlib import Path

import pytest
from balie.tui.widgets.composer import Composer
from balie.vertical import load
from balie_testing import screens
from balie_testing.models import FakeModels
from balie_testing.screens import settled

pytestmark = pytest.mark.anyio

FOLDER = Path(__file__).parents[4] / "docs" / "pictures"
MOST_BYTES = 300_000

WHERE = "Where is 10234?"
CANCEL = "Please cancel 10240"
# A desk has its models read a message with the numbers named instead of written.
MEANINGS = {"where is the order": "lookup_order", "please cancel the order": "cancel_order"}


def say(text):
    async def do(pilot):
        pilot.app.conversation.query_one(Composer).value = text
        await pilot.press("enter")

    return do


def key(name):
    async def do(pilot):
        await pilot.press(name)

    return do


PICTURES = {
    "conversation": ("customer", [say(WHERE), say(CANCEL), key("y"), say("Thank you")]),
    "pending-action": ("customer", [say(WHERE), say(CANCEL)]),
    "conversation-light": ("customer", [key("ctrl+t"), say(WHERE), say(CANCEL), key("y"), say("Thank you")]),
    "my-orders": ("customer", [key("f4"), key("down"), key("down")]),
    "knowledge": ("customer", [key("f6"), key("down"), key("down")]),
    "forms": ("customer", [key("f3"), *[key("down")] * 6]),
    "tickets": ("staff", [key("f4"), key("down")]),
    "customers": ("staff", [key("f7"), *map(key, "Marit"), key("enter")]),
}


@pytest.mark.parametrize("name", PICTURES)
async def test_picture(name, seeded_database, frozen_clock, request):
    role, steps = PICTURES[name]
    vertical = load("customer-service")
    app = screens.desk_app(
        vertical,
        seeded_database,
        frozen_clock,
        identity="C-1001" if role == "customer" else "Femke",
        role=role,
        models=FakeModels(vertical.team.commands, MEANINGS),
    )
    async with app.run_test(size=(110, 32)) as pilot:
        await settled(pilot)
        for step in steps:
            await step(pilot)
            await settled(pilot)
        picture = app.export_screenshot(title=vertical.title, simplify=True)
    assert not re.search(r"(url\(|href=.|src=.)\s*['\"]?http", picture), "whoever opens it must load nothing"
    assert len(picture.encode()) < MOST_BYTES
    file = FOLDER / f"{name}.svg"
    if request.config.option.update_snapshots:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(picture, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == picture, f"{file.name} is not what the screen looks like now"
