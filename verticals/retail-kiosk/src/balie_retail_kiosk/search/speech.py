"""How people talk around what they want: fillers, stories, repairs, and the words that say no."""

import re
from collections.abc import Sequence
from enum import StrEnum

from balie_retail_kiosk.search.tokens import Token


class Gap(StrEnum):
    """What a word does that names no product, to the words on its two sides."""

    ATTRIBUTE = "attribute"  # "a kettle of steel": what follows is said of what came before
    BEING = "being"  # "is", "are"
    LINK = "link"
    TALK = "talk"  # a verb or somebody: what follows is no part of the product's name
    YOU = "you"  # the shop is asked
    TOLD = "told"  # what follows is told about, and not wanted: "my sister bought the M55"
    OWNED = "owned"  # "my kettle" is there already
    ASKING = "asking"  # "does the kettle", "can the kettle"


_ATTRIBUTE = frozenset("of in from by to has having comes including made that".split())
_BEING = frozenset("is are isnt arent".split())
_ASKING = frozenset("do does did doesnt can could will would should cant wont".split())
_OWNERS = frozenset("my our his her their".split())
_SOMEBODY = frozenset(
    """
    i im ive id ill we were weve wed he hes she shes they theyre theyve you youre youve it its us me him
    """.split()
)

TOLD = frozenset(
    """
    ate bought broke broken brought burned burnt came cooked crashed died dies dislike dislikes dropped
    drove exploded fell forgot found gave hate hated hates heard inherited knew liked loved loves lost
    made married met moved own owned owns played plays read recommended remember repaired rented said saw
    says seen smells smoked sold sounded spilled spilt stole stolen stopped swears thinks thought threw told
    tripped understand used visited wasnt watched watches went worked works
    """.split()
)
"""Verbs of somebody who tells something."""

TALK = frozenset(
    """
    aaargh aaarghh aargh absolutely afraid age ago agree ahead alive allow allowed almost alone although
    angry annoying apologies appreciate argh argue arrive arrived asap asleep aunt awake awful barely bc
    beautiful become begin begins believe blasted bless blimey bloody boil boils born boss bother
    bothering boy boyfriend boys break breaks breathe brilliant bro bruv btw bunch busy bye cafe care
    careful carrying catch celebrate certainly chance charming chat cheers clever cold colleague
    comfortable complain complicated confused congratulations cope cos couple course cousin crazy cry
    cute cuz damn damned darling daughters day days deaf dear dears definitely delicious despite
    difficult disabled doing downstairs dreadful dream driving dude dunno dying ear earlier early easy
    eat eating eats elderly ello else empty engaged enjoy enjoys evenings everybody everyone everywhere
    exactly exam excellent exciting exhausted expect expecting explain eye eyes eyesight fall falling
    falls fancy fantastic favour feel feeling feels fella flat flatmate flipping folk folks following
    forever forget forgive frankly freaking fridays frustrating fucking fun funny generally gentleman
    girl girlfriend girls glad godsend gonna goodbye gosh gotta grandad grandchild grandchildren
    granddaughter grandfather grandkids grandma grandmother grandpa grandson granny grateful greetings
    grow grr guess guest guests guy guys haha hahaha half handful happen happened happens hard hate haz
    heap heaps hear heaven hehe hell heya hiya honest honestly honey hope hopefully hoping hotter house
    household hubby hungry hurt hurting hurts idea ideas idiot ill imo important impossible indeed innit
    instance jeez job joke keep keeping keeps kind kindness kinds knee knees knew knowing knows lad
    ladies lads lady landlord last late lately later laugh lazy learn leave leaves leaving left legs
    lemme lend lesson life lift listen lives living lmao load loads lol lonely lord lots love lovely
    luck lucky maam mad madam making man marvellous mate mates matter maybe mean means meeting men mess
    message met mind mine miss missing mission moan moaning mondays mornings mothers move moves moving
    mum mummy nan nana naturally neighbour neighbourhood neighbours nephew nervous nice niece night
    nightmare nights noisy nonsense normally notice obviously odd omfg omg oops ordinary ouch ought
    owner owners pain painful pardon parents partner passed past pension pensioner people perfectly phew
    pity pleasant pleased pleasure plenty plz politely poor poorly pop prefer prefers pregnant pretend
    pretty previous promise promised properly proud purpose queueing quicker quid reach reaches reading
    ready realise reason reasonable recently refuse regards relax rent renting retired retirement rid
    ridiculous right rubbish rude rush sad safe sake saturdays savvy saying scared sensible serious
    seriously shame shout shouting sick sight silly simply sirs sister sisters sit sitting sons soon
    sort sorted sorts sounds spare speaking spoke standing starving stayed staying stays stopping story
    straight strange stressed stuck studies stupid suddenly sundays sup suppose supposed surprised sweet
    sweetheart ta talked talking tbh technology teenager teenagers terrible terribly thankyou thanx
    therefore thinking thx tired tonne tons totally tough town traffic travelling trouble true trust
    truth trying turned typical ugh ugly ultimately uncle understanding unfortunately university unless
    upset upstairs ur urgent urgently useless usual vacation wake walked wanna warm wasting weekends
    weird welcome whats whenever wherever whilst wishes wishing woman women wonderful worried worry
    worst wow wtf ya yall yay yikes yo young younger
    """.split()
)
"""Words of every day that no product is asked for by. A catalogue may still have them in its names."""

CLAUSES = frozenset(
    "because since so but if when while whilst though although unless whereas however cos until".split()
)
"""A new clause begins with these: what it speaks of is another thing."""

PACKS = frozenset({"pack", "packs", "packet", "packets", "package", "packages", "multipack"})
"""After a number of pieces these say nothing more: "the 8 pieces pack"."""

_HAVE = frozenset({"have", "got", "had", "has"})
_HAVING = frozenset("i we they he she it ive weve theyve hes shes already still who".split())
_ASKED_FIRST = frozenset("can could may do does did shall should might must would if".split())
_WANTING = frozenset("want need like take buy include fancy require wish order".split())
_DENIALS = frozenset("dont not never no doesnt didnt wont nor".split())

_FILLERS = re.compile(
    r"\b(?:u+h+m*|u+m+|e+r+m*|h+m+|a+h+|o+h+|"
    r"you know(?: what i mean)?|know what i mean|like(?=\s*,)|(?<=,)\s*like\b|"
    r"(?:some |a |any )?(?:kind|sort|type)s? of(?= (?:a|an|the)\b)|(?:some|any) (?:kind|sort|type)s? of|"
    r"one of (?:those|these|them|your)|thing(?:y|ies|ummy|amajig|ymajig)s?|whatsit|whatchamacallit|innit|"
    r"\d+\s*(?:m2|sqm|square met(?:er|re)s?)|(?:\w+\s+)?o['’]?\s?clock|"
    r"what'?s it called|what do you call (?:it|them)|let me (?:see|think)|let'?s see|"
    r"if (?:it'?s|that'?s|it is|that is) not too much trouble|if (?:i|you) (?:may|can|could|would)|"
    r"have a (?:nice|good|great|lovely) (?:day|one|weekend|evening|afternoon)|by the way|at (?:home|all|once)|"
    r"after all|r(?= (?:they|you|u|there|these|those)\b)|new (?:line|paragraph)|question mark|full stop|exclamation mark|"
    r"good (?:morning|afternoon|evening|day)|at the moment)\b",
    re.IGNORECASE,
)
_REPAIRS = re.compile(
    r"\b(?:no[,.\s]+(?:no[,.\s]+)?(?:wait|sorry|actually|rather|make (?:it|that))|wait[,.\s]+(?:no\b|make (?:it|that))|"
    r"(?:oh[,.\s]+)?sorry[,.\s]+(?:i mean\w*|make (?:it|that)|no\b)|actually[,.\s]+(?:no\b|make (?:it|that))|"
    r"i mean[t]?|scratch that|forget that|or rather|correction|"
    r"(?<!^)(?<!\.\s)make (?:it|that)(?=\s+\w)|"
    r"on second thoughts?)\b|(?<=[,.\-–—])\s*no(?=\s*[,.\-–—])|"
    r"(?<=[,.\-–—])\s*(?:wait|sorry)(?=\s*[,.\-–—])|"
    r"(?<=[,\-–—])\s*no(?=\s+(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b)",
    re.IGNORECASE,
)


def without_fillers(text: str) -> str:
    """The text with spaces for what only fills it, so that places stay what they are."""
    return _FILLERS.sub(lambda found: " " * len(found.group()), text)


def repairs(text: str) -> list[tuple[int, int]]:
    """Where somebody takes back what they said last: "no wait", "sorry, I mean"."""
    return [found.span() for found in _REPAIRS.finditer(text)]


def tells_of_having(parts: Sequence[Token], at: int) -> bool:
    """Whether "have" or "got" tells what somebody has: "I have a kettle"; "can I have a kettle" asks."""
    if parts[at].text not in _HAVE:
        return False
    back = at - 1
    while back >= 0 and parts[back].text in {*_DENIALS, "also", "only", "just", "really"}:
        back -= 1
    before = parts[back].text if back >= 0 else ""
    first = parts[back - 1].text if back >= 1 else ""
    following = parts[at + 1].text if at + 1 < len(parts) else ""
    return before in _HAVING and first not in _ASKED_FIRST and following not in {"to", "you", "any"}


def denies(parts: Sequence[Token], at: int) -> int:
    """How many words from here on deny what follows: "not", "no", "don't want", "instead of"; 0 if none do."""
    text = parts[at].text
    following = parts[at + 1].text if at + 1 < len(parts) else ""
    if (text, following) in {("instead", "of"), ("rather", "than")}:
        return 2
    if text not in _DENIALS or not following or parts[at + 1].kind == "mark":
        return 0
    if following in _WANTING or following == "really":
        return 2
    if text in {"dont", "didnt", "doesnt", "wont", "never"}:
        return 0
    before = parts[at - 1].text if at else ""
    # "Is there no kettle", "why not a kettle" and "no one" deny nothing.
    asks = before in {"why", "there", "is", "or", *_ASKED_FIRST, "you"}
    nothing = following in {
        "one",
        "longer",
        "more",
        "less",
        "problem",
        "worries",
        "thanks",
        "too",
        "so",
        "yet",
        "very",
    }
    return 0 if asks or nothing else 1


def gap_of(token: Token, following: str) -> Gap:
    """What a word does that names no product."""
    text = token.text
    if text in TOLD or text in {"was", "had"} or (text == "were" and following not in {"after", "looking"}):
        return Gap.TOLD
    if text in {"ive", "weve", "theyve"} and following in {
        "a",
        "an",
        "the",
        "my",
        "our",
        "one",
        "two",
        "some",
    }:
        return Gap.TOLD
    if text in _OWNERS:
        return Gap.OWNED
    if text in _ATTRIBUTE:
        return Gap.ATTRIBUTE
    if text in _BEING:
        return Gap.BEING
    if text in _ASKING:
        return Gap.ASKING
    if text in {"you", "u"}:
        return Gap.YOU
    if text in _SOMEBODY or text in TALK:
        return Gap.TALK
    return Gap.LINK


def is_time(parts: Sequence[Token], at: int) -> bool:
    """Whether a number is a time of day or counts people: "at 4", "until five", "the four of us"."""
    before = parts[at - 1].text if at else ""
    following = parts[at + 1].text if at + 1 < len(parts) else ""
    further = parts[at + 2].text if at + 2 < len(parts) else ""
    if following == "of" and further in {"us", "you"}:
        return True
    ends = (
        not following
        or parts[at + 1].kind == "mark"
        or following in {"o", "oclock", "and", "if", "so", "then"}
    )
    return before in {"at", "until", "till", "by"} and ends
