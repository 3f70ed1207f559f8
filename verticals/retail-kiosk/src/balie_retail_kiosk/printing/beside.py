"""What stands on a quote's paper beside the quote: the shop's hours, and what its promotions are called."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo

from balie.locales import Words
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from balie_retail_kiosk.models import Promotion, Quote
from balie_retail_kiosk.printing.sheet import Beside, words_in
from balie_retail_kiosk.services import quotes, shops
from balie_retail_kiosk.services.shops import Hours

WEEK = 7


async def beside(session: AsyncSession, quote: Quote, language: str, timezone: tzinfo) -> Beside:
    """What a quote's paper says besides, in the language of the paper.

    The hours are those of the week that begins on the day of the quote: the paper says the same whenever it
    is printed, and holidays within the quote's time count.
    """
    made = quote.created_at.astimezone(timezone).date()
    week = {
        day: await shops.hours_on(session, quote.shop, day)
        for day in (made + timedelta(days=n) for n in range(WEEK))
    }
    codes = {code for line in quote.lines for code in quotes.promotions_of(line)}
    found = await session.scalars(select(Promotion).where(Promotion.code.in_(codes)))
    names = {each.code: each.name_nl if language == "nl" else each.name for each in found}
    return Beside(opening=opening_lines(week, words_in(language)), promotions=names, timezone=timezone)


def opening_lines(week: Mapping[date, Hours], words: Words) -> tuple[str, ...]:
    """The hours of seven days, from Monday on, a line for all days that have the same.

    >>> from datetime import time
    >>> usual, late = Hours(time(9), time(18), ""), Hours(time(9), time(21), "")
    >>> week = {date(2026, 3, 9 + n): late if n == 4 else usual for n in range(7)}
    >>> opening_lines(week, Words("en"))
    ('Mon–Thu, Sat–Sun 09:00–18:00', 'Fri 09:00–21:00')
    """
    same: dict[str, list[date]] = {}
    for day in sorted(week, key=date.weekday):
        hours = week[day]
        closed = hours.opens is None or hours.closes is None
        told = words("closed") if closed else f"{words.time(hours.opens)}–{words.time(hours.closes)}"
        same.setdefault(told, []).append(day)
    return tuple(f"{_days(days, words)} {told}" for told, days in same.items())


def _days(days: Sequence[date], words: Words) -> str:
    """Mon–Thu, Sat."""
    from babel.dates import format_date

    runs: list[list[date]] = []
    for day in days:
        if runs and day.weekday() == runs[-1][-1].weekday() + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    ends = [[format_date(day, "EEE", locale=words.locale) for day in (run[0], run[-1])] for run in runs]
    return ", ".join(first if first == last else f"{first}–{last}" for first, last in ends)
