"""What else a wish tells: why a colleague must come, what a competitor asks, what staff decide."""

import re
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from balie.agent.recognise import one_of
from balie.agent.resolution import Candidate, ResolveContext

from balie_retail_kiosk.models import CallReason
from balie_retail_kiosk.resolvers import patterns
from balie_retail_kiosk.search.amounts import number_at
from balie_retail_kiosk.search.tokens import tokens


class Decision(StrEnum):
    """What becomes of a price match request."""

    APPROVED = "approved"
    DECLINED = "declined"


_CALLED = r"[A-ZÀ-Þ][\w&.'’-]*(?: (?:[A-ZÀ-Þ&][\w&.'’-]*|\d+))*|[a-z][\w-]*\.(?:nl|com|de|be|eu|shop)\b"
_SEEN_AT = re.compile(
    rf"\b(?:[Aa]t|[Ff]rom|[Bb]y|[Oo]n|[Ii]n)\s+(?:the\s+)?(?P<at>{_CALLED})"
    rf"|(?P<who>{_CALLED})\s+(?:has|sells|asks|offers|wants|charges|do|does)\b"
)
_SEEN_AT_PLAIN = re.compile(
    r"\b(?:at|from|by|on)\s+(?:the\s+)?(?P<at>[a-z][\w&'’-]+)(?=\s+(?:for|it|they)\b|\W*$)", re.IGNORECASE
)
_NO_SHOP = frozenset(
    "home sale offer stock monday tuesday wednesday thursday friday saturday sunday least most".split()
)
_MUCH = 20
_LEADING = re.compile(
    r"^(?:(?:it'?s|it is|it was|i saw it|they are|at|from|on|in|the|by)\s+)+", re.IGNORECASE
)


async def price(ctx: ResolveContext) -> Sequence[Candidate]:
    """A price in euros: "€ 449", "449,00", "449 euros", "four hundred"."""
    found: list[tuple[int, Candidate]] = []
    for each in patterns.MONEY.finditer(ctx.text):
        lead = (each["lead"] or "").lower()
        strength = 2 if each["unit"] or lead in patterns.CURRENCY else int(bool(lead))
        value = _decimal(each["number"])
        if value > 0:
            end = each.end("unit") if each["unit"] else each.end("number")
            found.append((strength, ctx.found(value, each.start("number"), end)))
    if found:
        most = max(strength for strength, _ in found)
        return [[candidate for strength, candidate in found if strength == most][-1]]
    pieces = tokens(ctx.text)
    for at, piece in enumerate(pieces):
        said = number_at(pieces, at) if piece.kind == "word" else None
        # "Two cables" is a count: in words only what is much, or answers the question, is a price.
        if said and said[0] > 0 and (ctx.asked or said[0] >= _MUCH):
            return [ctx.found(said[0], piece.start, pieces[said[1] - 1].end)]
    return []


def _decimal(text: str) -> Decimal:
    """As people write amounts: a comma or a point before two digits is the cents', others group thousands."""
    cents = re.search(r"[.,](\d{1,2})$", text)
    whole = re.sub(r"[.,]", "", text[: cents.start()] if cents else text)
    return Decimal(f"{whole}.{cents.group(1)}" if cents else whole)


async def competitor(ctx: ResolveContext) -> Sequence[Candidate]:
    """Where something is cheaper: "at Brightbox", "Brightbox has it for …"."""
    for shape in (_SEEN_AT, _SEEN_AT_PLAIN):
        for found in shape.finditer(ctx.text):
            group = str(found.lastgroup)
            name = found[group].strip(" .,'’")
            if name.lower() not in _NO_SHOP and not patterns.SKU.search(name):
                begin = found.start(group)
                return [ctx.found(name, begin, begin + len(name))]
    text = ctx.text.strip(" .!?")
    lead = _LEADING.match(text)
    said = text[lead.end() :] if lead else text
    if ctx.asked and re.search(r"[^\W\d_]{2,}", said) and len(said) <= 80:
        start = ctx.text.index(said)
        return [ctx.found(said, start, start + len(said))]
    return []


decision = one_of(
    {
        Decision.DECLINED: r"\b(?:declin\w*|refus\w*|reject\w*|den(?:y|ied|ies)|"
        r"turn\w*\s+(?:it\s+|that\s+)?down|not approved?|no)\b",
        Decision.APPROVED: r"\b(?:approv\w*|accept\w*|grant\w*|agree\w*|allow\w*|ok(?:ay)?|yes|fine)\b",
    }
)

reason = one_of(
    {
        CallReason.LOCKED_CABINET: r"\b(?:cabinets?|locked|lock|unlock|(?:show|display|glass) ?case|"
        r"vitrine|behind glass|key)\b",
        CallReason.HEAVY_ITEM: r"\b(?:heavy|carry\w*|lift\w*|load\w*|too big|trolley|to (?:my|the|our) car)\b",
        CallReason.PAYMENT: r"\b(?:pay|paying|payment|tills?|check ?out|cash|card machine|receipt|invoice)\b",
        CallReason.RETURN: r"\b(?:return\w*|bring(?:ing)? (?:it |this |something )?back|refund|exchang\w*|warranty|"
        r"repair\w*|broken|defective|faulty)\b",
        CallReason.KIOSK_PROBLEM: r"\b(?:kiosk|(?:touch ?)?screen (?:is|does)|terminal|printer|scanner|"
        r"machine (?:is|does)|frozen|stuck|out of paper)\b",
        CallReason.ADVICE: r"\b(?:advice|advise|help\w*|questions?|choos\w*|recommend\w*|explain\w*|"
        r"assist\w*|know more|which one|demo\w*|experts?|specialists?)\b",
    }
)

_TELLING = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_OWN = frozenset(
    (
        "a an and any anybody anyone are assistance assistant at aisle be bring call can come could colleague do "
        "employee for from get have hello help here hi i i'd i'm is it kiosk lady like man me member my near need "
        "now of over person please send shop sir some somebody someone somewhere staff still talk the there this "
        "to us want we with would you your"
    ).split()
)


async def note(ctx: ResolveContext) -> Sequence[Candidate]:
    """What the person said of why they need somebody; nothing where they only asked for somebody."""
    text = ctx.text.strip()
    if len([w for w in _TELLING.findall(text.casefold()) if w not in _OWN]) < 2:
        return []
    start = len(ctx.text) - len(ctx.text.lstrip())
    return [ctx.found(text[:300], start, start + min(len(text), 300))]
