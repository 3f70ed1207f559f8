"""How the things of this desk are recognised in what people say."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from balie.agent.moments import Moment, find_moment
from balie.agent.recognise import free_text, from_database, in_focus, named, one_of
from balie.agent.resolution import Candidate, Evidence, ResolveContext
from balie.errors import BadRequest
from rapidfuzz import fuzz

from balie_customer_service.models import Order, OrderStatus, ReturnKind, Severity, TicketStatus
from balie_customer_service.resolvers import patterns
from balie_customer_service.services import accounts, callbacks, devices, incidents, orders, tickets
from balie_customer_service.services.accounts import scope

_OPEN = (OrderStatus.PENDING_PAYMENT, OrderStatus.PAID, OrderStatus.PACKED)
# Which orders a command could be meant for, when none is named.
_FITTING: dict[str, tuple[OrderStatus, ...]] = {
    "cancel_order": _OPEN,
    "change_address": _OPEN,
    "track_shipment": (OrderStatus.SHIPPED,),
    "start_return": (OrderStatus.DELIVERED,),
    "lookup_order": (*_OPEN, OrderStatus.SHIPPED),
    "refund_status": (OrderStatus.RETURNED, OrderStatus.CANCELLED),
}
_STATUS_WORDS = {
    OrderStatus.PENDING_PAYMENT: "not paid yet",
    OrderStatus.PAID: "paid",
    OrderStatus.PACKED: "packed",
    OrderStatus.SHIPPED: "on its way",
    OrderStatus.DELIVERED: "delivered",
    OrderStatus.CANCELLED: "cancelled",
    OrderStatus.RETURNED: "returned",
}
# Too general to tell one product from another.
_GENERAL = frozenset(
    {"harbour", "kade", "lumo", "tidal", "sweep", "smart", "pack", "colour", "pieces", "with", "order"}
)
_SIMILAR = 88.0


async def customer(ctx: ResolveContext) -> Sequence[Candidate]:
    """Whose things: the customer who asks, or for staff the one they name by number, name or e-mail (CS-8)."""
    if numbers := named(ctx, patterns.CUSTOMER):
        return numbers
    if not ctx.caller.is_staff:
        return [Candidate(ctx.caller.identity, "you", Evidence("caller"))] if ctx.caller.identity else []
    for shape in (
        patterns.EMAIL,
        re.compile(r"\b[A-ZÀ-Þ][\w'’-]+(?:\s(?:de|van|der|den|von|da|di|la|[A-ZÀ-Þ][\w'’-]+))+"),
    ):
        if found := shape.search(ctx.text):
            people = await accounts.find_customers(ctx.session, found.group(), limit=3)
            return [ctx.found(p.number, *found.span(), label=f"{p.name} ({p.number})") for p in people]
    return in_focus(ctx, "customer")


async def order(ctx: ResolveContext) -> Sequence[Candidate]:
    """An order: named by number or by what is in it, else the one spoken of, else those it could be."""
    if found := await _named_order(ctx):
        return found
    spoken = [] if patterns.OTHER.search(ctx.text) else in_focus(ctx, "order")
    whose = scope(ctx.caller.role, ctx.caller.identity)
    if whose is None or (spoken and patterns.POINTING.search(ctx.text)):
        return spoken
    statuses = _FITTING.get(ctx.tool, ())
    fitting = await orders.list_orders(ctx.session, customer=whose, statuses=statuses, limit=8)
    possible = [o for o in fitting if o.number not in ctx.excluded]
    # "Cancel my order" after talk of one that was shipped means another one.
    if spoken and (not possible or spoken[0].value in {o.number for o in possible}):
        return spoken
    return [from_database(o.number, _order_label(o)) for o in possible]


async def order_if_named(ctx: ResolveContext) -> Sequence[Candidate]:
    """An order that the message names, or the one that was spoken of."""
    return await _named_order(ctx) or ([] if patterns.OTHER.search(ctx.text) else in_focus(ctx, "order"))


async def _named_order(ctx: ResolveContext) -> Sequence[Candidate]:
    """An order that the message names, by number or by what is in it."""
    numbers = named(ctx, patterns.ORDER)
    if ctx.tool == "change_address":
        postcodes = {m.group(1) for m in patterns.POSTCODE_AND_CITY.finditer(ctx.text)}
        numbers = [c for c in numbers if c.value not in postcodes]
    if numbers:
        return numbers
    return await _by_content(ctx) if ctx.caller.identity else []


async def _by_content(ctx: ResolveContext) -> list[Candidate]:
    """Orders of the customer with a product that the message speaks of."""
    whose = scope(ctx.caller.role, ctx.caller.identity)
    if whose is None:
        return []
    best: dict[str, tuple[int, Candidate]] = {}
    for each in await orders.list_orders(ctx.session, customer=whose, limit=30):
        for line in each.lines:
            if (span := _product_span(ctx.text, line.product.name)) and each.number not in ctx.excluded:
                words, start, end = span
                if words > best.get(each.number, (0, None))[0]:
                    best[each.number] = (words, ctx.found(each.number, start, end, label=_order_label(each)))
    most = max((words for words, _ in best.values()), default=0)
    statuses = _FITTING.get(ctx.tool)
    candidates = [candidate for words, candidate in best.values() if words == most]
    if len(candidates) > 1 and statuses:
        fitting = await orders.list_orders(ctx.session, customer=whose, statuses=statuses, limit=30)
        numbers = {o.number for o in fitting}
        candidates = [c for c in candidates if c.value in numbers] or candidates
    return candidates


def _product_span(text: str, name: str) -> tuple[int, int, int] | None:
    """How many telling words of a product's name the text has, and from where to where."""
    wanted = [w for w in re.findall(r"[^\W\d_]{3,}", name.casefold()) if w not in _GENERAL]
    hits = [
        found.span()
        for found in re.finditer(r"[^\W\d_]{3,}", text)
        if any(
            fuzz.ratio(found.group().casefold().rstrip("s"), word.rstrip("s")) >= _SIMILAR for word in wanted
        )
    ]
    return (len(hits), hits[0][0], hits[-1][1]) if hits else None


def _order_label(each: Order) -> str:
    first = each.lines[0].product.name if each.lines else ""
    return f"{each.number} ({first}, {_STATUS_WORDS[each.status]})"


async def product(ctx: ResolveContext) -> Sequence[Candidate]:
    """A product of the order that is spoken of."""
    whose = scope(ctx.caller.role, ctx.caller.identity)
    number = ctx.arguments.get("order")
    if not number:
        return []
    found = await orders.list_orders(ctx.session, customer=whose, limit=50) if whose else []
    best: list[tuple[int, Candidate]] = []
    for line in next((o.lines for o in found if o.number == number), []):
        if span := _product_span(ctx.text, line.product.name):
            words, start, end = span
            best.append((words, ctx.found(line.product.sku, start, end, label=line.product.name)))
    most = max((words for words, _ in best), default=0)
    return [candidate for words, candidate in best if words == most]


async def ticket(ctx: ResolveContext) -> Sequence[Candidate]:
    """A ticket: by number, else the one spoken of, else the customer's open ones."""
    if numbers := _numbered(ctx, patterns.TICKET, "T-{}"):
        return numbers
    if spoken := in_focus(ctx, "ticket"):
        return spoken
    whose = scope(ctx.caller.role, ctx.caller.identity)
    if whose is None:
        return []
    open_ones = await tickets.list_tickets(
        ctx.session, customer=whose, statuses=(TicketStatus.OPEN, TicketStatus.WAITING), limit=4
    )
    return [
        from_database(t.number, f"{t.number} ({t.subject})")
        for t in open_ones
        if t.number not in ctx.excluded
    ]


async def incident(ctx: ResolveContext) -> Sequence[Candidate]:
    """An incident: by number, else the one spoken of, else the customer's."""
    if numbers := _numbered(ctx, patterns.INCIDENT, "I-{}"):
        return numbers
    if spoken := in_focus(ctx, "incident"):
        return spoken
    whose = scope(ctx.caller.role, ctx.caller.identity)
    if whose is None:
        return []
    reported = await incidents.list_incidents(ctx.session, customer=whose, limit=4)
    return [from_database(i.number, i.number) for i in reported if i.number not in ctx.excluded]


def _numbered(ctx: ResolveContext, shape: re.Pattern[str], form: str) -> list[Candidate]:
    """Numbers written in full ("T-20001") or after their word ("ticket 20001")."""
    seen: dict[str, Candidate] = {}
    for found in shape.finditer(ctx.text):
        value = form.format(found.group(1) or found.group(2))
        seen.setdefault(value, ctx.found(value, *found.span()))
    return [c for value, c in seen.items() if value not in ctx.excluded]


async def device(ctx: ResolveContext) -> Sequence[Candidate]:
    """A device by serial, name or kind, or a service by name; else what was spoken of (CS-12)."""
    if serials := named(ctx, patterns.SERIAL):
        return serials
    own = []
    if ctx.caller.identity and not ctx.caller.is_staff:
        own = [
            d
            for d in await devices.list_devices(ctx.session, customer=ctx.caller.identity)
            if d.serial not in ctx.excluded
        ]
    best: list[tuple[int, Candidate]] = []
    for each in own:
        for name in (each.name, each.product.name):
            if span := _product_span(ctx.text, name):
                best.append(
                    (span[0], ctx.found(each.serial, span[1], span[2], label=f"{each.name} ({each.serial})"))
                )
                break
    if best:
        most = max(words for words, _ in best)
        return [candidate for words, candidate in best if words == most]
    for service in await devices.list_services(ctx.session):
        if found := re.search(_service_words(service.slug), ctx.text, re.IGNORECASE):
            return [ctx.found(service.slug, *found.span(), label=service.name)]
    return in_focus(ctx, "device") or [from_database(d.serial, f"{d.name} ({d.serial})") for d in own]


def _service_words(slug: str) -> str:
    more = {
        "mobile-app": r"|\b(?:the|your|phone|my)?\s?app\b",
        "web-shop": r"|\bweb\s?site\b|\bwebshop\b|\byour site\b",
        "payment": r"|\bpayments?\b|\bcheckout\b",
        "cloud-sync": r"|\bcloud\b|\bsync(?:ing|hroni[sz]ation)?\b",
        "voice-control": r"|\bvoice\b",
        "video-storage": r"|\brecordings?\b|\bvideo\b",
    }
    return r"\b" + slug.replace("-", r"[\s-]?") + r"\b" + more.get(slug, "")


async def when(ctx: ResolveContext) -> Sequence[Candidate]:
    """A callback's start in the customer's time zone (CS-6); for a vague time, the free slots that fit."""
    zone = await _zone(ctx)
    moment = find_moment(ctx.text, ctx.now, zone)
    if moment and moment.at:
        start = await _spoken_of(ctx, moment, zone) if moment.day is None else None
        start = start or _start(moment, ctx.now, zone)
        return [ctx.found(start, moment.start, moment.end, label=_moment_label(start, ctx.language))]
    after = None
    if moment and moment.day:
        after = datetime.combine(moment.day, datetime.min.time(), zone)
    free = [
        s.astimezone(zone) for s in await callbacks.next_free_slots(ctx.session, 60, now=ctx.now, after=after)
    ]
    if moment:
        free = [
            s
            for s in free
            if (moment.day is None or s.date() == moment.day)
            and (moment.earliest is None or s.time() >= moment.earliest)
            and (moment.latest is None or s.time() < moment.latest)
        ] or free
    return [from_database(s, _moment_label(s, ctx.language)) for s in free[:3]]


async def _spoken_of(ctx: ResolveContext, moment: Moment, zone: ZoneInfo) -> datetime | None:
    """The start that a time without a day means, where one is offered, was refused or is corrected."""
    assert moment.at is not None
    refused = str(ctx.focus.get("when", ""))
    offered = [instant(str(option.value)) for option in ctx.offered]
    if ctx.asked and refused and not offered:
        offered = await callbacks.alternatives(ctx.session, instant(refused), now=ctx.now)
    shown = [slot.astimezone(zone) for slot in offered]
    if fitting := next((slot for slot in shown if slot.time() == moment.at), None):
        return fitting
    if refused and not ctx.offered and (ctx.asked or refused in ctx.excluded):
        shown = [instant(refused).astimezone(zone)]
    return datetime.combine(shown[0].date(), moment.at, zone) if shown else None


def _start(moment: Moment, now: datetime, zone: ZoneInfo) -> datetime:
    """The next time that the moment can mean."""
    today = now.astimezone(zone).date()
    assert moment.at is not None
    start = datetime.combine(moment.day or today, moment.at, zone)
    if moment.day is None and start <= now:
        start = datetime.combine(today + timedelta(days=1), moment.at, zone)
    return start


def _moment_label(start: datetime, language: str) -> str:
    from babel.dates import format_date, format_time

    day = format_date(start.date(), "EEEE d MMMM", locale=language)
    return f"{day}, {format_time(start.time(), 'HH:mm', locale=language)}"


async def _zone(ctx: ResolveContext) -> ZoneInfo:
    number: Any = ctx.arguments.get("customer") or ctx.caller.identity
    if number is None or not patterns.CUSTOMER.fullmatch(str(number)):
        return ctx.timezone
    whose = scope(ctx.caller.role, ctx.caller.identity)
    return ZoneInfo((await accounts.get_customer(ctx.session, str(number), customer=whose)).timezone)


async def address(ctx: ResolveContext) -> Sequence[Candidate]:
    """A postal address: street and number, postcode, city, and a country if it is said."""
    start = max((m.end() for m in patterns.STREET_FIRST.finditer(ctx.text)), default=0)
    if found := (patterns.ADDRESS.search(ctx.text, start) or patterns.ADDRESS.search(ctx.text)):
        return [ctx.found(found.group(), *found.span())]
    text = ctx.text.strip()
    return [ctx.found(text, 0, len(ctx.text))] if ctx.asked and any(c.isdigit() for c in text) else []


def parse_address(text: str) -> orders.Address | None:
    """The parts of what :func:`address` found; None where it is not a whole address."""
    found = patterns.ADDRESS.search(text)
    if found is None:
        return None
    said = found["country"] or ""
    # No other country has postcodes of four digits and two letters.
    dutch = "NL" if patterns.DUTCH_POSTCODE.fullmatch(found["postcode"]) else ""
    return orders.Address(
        street=found["street"],
        postcode=found["postcode"],
        city=found["city"],
        country=patterns.COUNTRIES.get(said.casefold(), said) or dutch,
    )


def instant(text: str) -> datetime:
    """A callback's start, from its text.

    Raises:
        BadRequest: it is no RFC 3339 time with a zone.
    """
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequest(f"{text!r} is no time; 2026-03-12T10:00:00+01:00 is one.") from error
    if start.tzinfo is None:
        raise BadRequest(f"{text!r} has no time zone; 2026-03-12T10:00:00+01:00 has one.")
    return start


async def identify(ctx: ResolveContext) -> str | None:
    """Who asks, proven by an order number together with the e-mail address of its customer (CS-9)."""
    number, mail = patterns.ORDER.search(ctx.text), patterns.EMAIL.search(ctx.text)
    if not mail:
        return None
    order_number = number.group(1) if number else ctx.focus.get("order")
    if not order_number:
        return None
    person = await accounts.identify(ctx.session, str(order_number), mail.group())
    return person.number if person else None


async def email(ctx: ResolveContext) -> Sequence[Candidate]:
    """An e-mail address that is said, or that of the customer who asks."""
    if found := patterns.EMAIL.search(ctx.text):
        return [ctx.found(found.group(), *found.span())]
    if ctx.caller.identity and not ctx.caller.is_staff:
        person = await accounts.get_customer(ctx.session, ctx.caller.identity, customer=ctx.caller.identity)
        return [Candidate(person.email, person.email, Evidence("caller"))]
    return []


async def reason(ctx: ResolveContext) -> Sequence[Candidate]:
    """Why something comes back, in the person's words."""
    text = ctx.text.strip()
    if ctx.asked and text:
        return [ctx.found(text, 0, len(ctx.text))]
    if (found := patterns.REASON.search(ctx.text)) and found.lastgroup:
        return [ctx.found(found[found.lastgroup].strip(" .!"), *found.span(found.lastgroup))]
    return []


async def about(ctx: ResolveContext) -> Sequence[Candidate]:
    """What a callback is about."""
    if found := patterns.ABOUT.search(ctx.text):
        text = found["about"].strip(" .!?")
        if moment := find_moment(text, ctx.now, ctx.timezone):
            text = patterns.TRAILING_TIME.sub("", text[: moment.start]).strip(" ,") or text
        return [ctx.found(text, found.start("about"), found.start("about") + len(text))]
    return []


async def question(ctx: ResolveContext) -> Sequence[Candidate]:
    """What is asked of the knowledge base: all that was said."""
    text = ctx.text.strip()
    return [ctx.found(text, 0, len(ctx.text))] if text else []


kind = one_of(
    {
        ReturnKind.EXCHANGE: r"\b(?:exchang\w*|swap\w*|replac\w*|another (?:one|size|colou?r)|same again|new one)\b",
        ReturnKind.RETURN: r"\b(?:return\w*|send(?:ing)? (?:it |them |this )?back|refund|money back)\b",
    }
)

severity = one_of(
    {
        Severity.CRITICAL: rf"\b(?:critical|dangerous)\b|{patterns.SAFETY.pattern}",
        Severity.HIGH: r"\b(?:high|severe|urgent|nothing works|completely|totally|at all|dead|offline|days)\b",
        Severity.LOW: r"\b(?:low|minor|cosmetic|slight\w*|small|now and then|sometimes|occasionally)\b",
        Severity.MEDIUM: r"\bmedium\b",
    }
)

description = free_text(
    (
        "wish lodge complain complaints create open log file raise report ticket complaint problem issue "
        "case request make submit new start register customer service support incident fault technical "
        "error device regarding concerning order thing"
    ).split()
)
