"""For visitors: when the shop is open, and where things are in it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path, PurePath
from typing import ClassVar

from balie.locales import marked
from balie.tui.screens.records import Column, RecordsScreen, Row, heading, paragraph
from balie.tui.widgets.facts import Facts
from textual.widget import Widget

from balie_retail_kiosk.models import Place, PlaceKind
from balie_retail_kiosk.screens.common import VISITORS, here, named
from balie_retail_kiosk.services import directory, shops
from balie_retail_kiosk.services.shops import Hours

DAYS = 7
"""Whose hours are shown, from today on."""
_KINDS = (PlaceKind.FACILITY, PlaceKind.SERVICE, PlaceKind.DEPARTMENT)
"""In this order: who looks for the toilet is in more of a hurry than who looks for the toasters."""


class ShopScreen(RecordsScreen):
    """The places of this shop, and its hours of the next days."""

    TITLE = marked("The shop")
    ROLES = VISITORS
    KIOSK = True
    COLUMNS = (Column(marked("Where is …")), Column(marked("Aisle"), 5))
    SEARCH = marked("What are you looking for?")
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        *RecordsScreen.CSS_PATH,
        Path(__file__).parent / "visitors.tcss",
    ]
    EMPTY = marked("There is no such place here. Look for a product under Products.")

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[str, Place] = {}

    async def rows(self, search: str) -> Sequence[Row]:
        """Those that are called so, in either language, by any of their words."""
        async with self.session.read() as db:
            every = await directory.places(db, await here(self.session, db))
        wanted = search.casefold().split()
        shown = [place for place in every if self._is(place, wanted)]
        shown.sort(key=lambda place: (_KINDS.index(place.kind), named(place, self.session)))
        self._places = {place.slug: place for place in shown}
        return [
            Row(place.slug, (self.cell(named(place, self.session)), self.cell(place.aisle or "")))
            for place in shown
        ]

    @staticmethod
    def _is(place: Place, wanted: Sequence[str]) -> bool:
        text = " ".join((place.name, place.name_nl, *place.words)).casefold()
        return all(word in text for word in wanted)

    async def detail(self, key: str) -> Sequence[Widget]:
        """The way, and below it the hours."""
        session, place = self.session, self._places[key]
        today = session.now().date()
        async with session.read() as db:
            shop = await here(session, db)
            days = [today + timedelta(days=n) for n in range(DAYS)]
            week = [(day, await shops.hours_on(db, shop, day)) for day in days]
            is_open = await shops.is_open(db, shop, session.now(), session.desk.timezone)
        directions = place.directions_nl if session.caller.language == "nl" else place.directions
        return [
            heading(named(place, session)),
            paragraph(directions),
            heading(self.words("Open now") if is_open else self.words("Closed now")),
            Facts([(session.day(day), self._hours(hours)) for day, hours in week]),
            heading(shop.name),
            paragraph(f"{shop.street}, {shop.postcode} {shop.city}\n{shop.phone}"),
        ]

    def _hours(self, hours: Hours) -> str:
        if hours.opens is None or hours.closes is None:
            told = self.words("closed")
        else:
            told = f"{self.words.time(hours.opens)}–{self.words.time(hours.closes)}"
        return f"{told}  {self.words(hours.why)}" if hours.why else told
