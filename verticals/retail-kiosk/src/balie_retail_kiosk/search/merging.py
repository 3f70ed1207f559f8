"""Parts that belong together in one: what is said of a product after a comma, what takes back what was said."""

from collections.abc import Iterable
from dataclasses import replace

from balie_retail_kiosk.search.limits import Measure
from balie_retail_kiosk.search.parts import Part
from balie_retail_kiosk.search.pieces import Element
from balie_retail_kiosk.search.vocabulary import Vocabulary


def merged(parts: list[Part], vocabulary: Vocabulary) -> list[Part]:
    """The parts with what belongs together in one."""
    parts = _without_empty_repairs(parts)
    result: list[Part] = []
    held: list[Part] = []
    taken_back = False
    for place, part in enumerate(parts):
        if part.joint == "repair":
            # "And eight, no, six packs of tea": the number is put right, and nothing before it.
            before = _next(reversed(parts[:place]))
            taken_back = before is None or not _is_put_right(before, part)
        elif part.joint in {".", "clause"} and place:
            taken_back = False
        if not part.has_content:
            if part.told or part.spoken:
                part.counts.clear()  # "there are four of us"
            if not part.extras or part.negated or _is_put_right(part, _next(parts[place + 1 :])):
                continue
            wanted = bool(result and (result[-1].words or result[-1].code))
            if wanted and taken_back:
                _put_right(result[-1], part)
                taken_back = False
            elif wanted and not _goes_on(result[-1], part, parts[place + 1 :]):
                result.extend(_attached(result[-1], part))
            else:
                held.append(part)
            continue
        if place and part.joint in {"and", "or"} and not (part.spoken or part.sought or part.polite):
            part.told = parts[place - 1].told
        if taken_back and result:
            _take_back(result, part)
        elif result and not held and _belongs_to(result[-1], part, vocabulary):
            _absorb(result[-1], part)
            continue
        taken_back = False
        if part.refers and result and not part.has_head(vocabulary):
            part.borrowed = _kind_of(result[-1], vocabulary)
        row = [part]
        for before in reversed(held):
            if _differ(before, row[0]):
                row.insert(0, replace(before, borrowed=tuple(part.content)))
            else:
                _absorb_extras(row[0], before)
        held = []
        result.extend(row)
    return result


def _without_empty_repairs(parts: list[Part]) -> list[Part]:
    """The parts, where "four, no sorry, five" parts five from four by a repair and not by a comma."""
    kept: list[Part] = []
    for part in parts:
        if kept and kept[-1].joint == "repair" and not (kept[-1].has_content or kept[-1].extras):
            kept.pop()
            part.joint = "repair"
        kept.append(part)
    return kept


def _next(parts: Iterable[Part]) -> Part | None:
    """The first that says something."""
    return next((part for part in parts if part.has_content or part.extras), None)


def _is_put_right(part: Part, after: Part | None) -> bool:
    """Whether it is only a number, of something that is yet to be named, and another one takes its place."""
    alone = bool(part.counts) and not (part.has_content or part.measures or part.prices or part.choices)
    return (
        alone and after is not None and after.joint == "repair" and bool(after.counts and after.has_content)
    )


def _take_back(result: list[Part], part: Part) -> None:
    """Out with what a part takes the place of: the same thing said before, else what was said last."""
    said = {term for each in part.content for term in each.terms}
    alike = [one for one in result if said & {term for each in one.content for term in each.terms}]
    before = (alike or result)[-1]
    result.remove(before)
    if not part.counts:
        part.counts.extend(before.counts)


def _put_right(want: Part, part: Part) -> None:
    """ "Five kettles, no, six": what is said anew takes the place of what was said of the same."""
    for name in ("counts", "prices", "choices"):
        if said := getattr(part, name):
            setattr(want, name, list(said))
    kinds = {each.value.kind for each in part.measures}
    want.measures = [each for each in want.measures if each.value.kind not in kinds] + part.measures


def _kind_of(want: Part, vocabulary: Vocabulary) -> tuple[Element, ...]:
    """The words that say what kind of thing it is: of "black Kestrel kettle" the last."""
    return tuple(
        each
        for each in want.words
        if each.known and any(term in vocabulary.category_terms for term in each.terms)
    )


def _goes_on(want: Part, part: Part, following: list[Part]) -> bool:
    """Whether a measure alone is said of what follows it: "a kettle, a 2 m and a 5 m cable"."""
    after = following[0] if following else None
    return bool(
        part.joint in {",", "and"}
        and part.measures
        and not _differ(want, part)
        and after is not None
        and after.joint in {"and", "or"}
        and after.content
        and {m.value.kind for m in part.measures} & {m.value.kind for m in after.measures}
    )


def _attached(want: Part, part: Part) -> list[Part]:
    """Give a part without words to the want before it; it is another want if it says another measure."""
    if want.counts and part.counts and part.counts[0].value.pieces:
        # "Two packets of batteries, eight pieces": so many are in one.
        said = part.counts[0]
        size = Measure("pieces", said.value.value, said.value.value, "")
        want.measures.append(Element("measure", said.start, said.end, size))
        return []
    if _differ(want, part):
        return [replace(part, borrowed=tuple(want.words))]
    _absorb_extras(want, part)
    return []


def _differ(one: Part, other: Part) -> bool:
    kinds = {each.value.kind for each in one.measures}
    return any(each.value.kind in kinds for each in other.measures)


def _belongs_to(want: Part, part: Part, vocabulary: Vocabulary) -> bool:
    """Whether a part with words goes on about the product before it, or that one had only its first words."""
    if want.code is not None or part.code is not None or part.counts or not want.has_content:
        return False
    if part.refers and part.joint == "," and all(each.start in part.beside for each in part.content):
        return True  # "the Tide R5, the one with the mop"
    if (
        part.refers
        and (part.refers == "all" or not (want.definite or want.counts))
        and (part.refers != "all" or want.has_head(vocabulary))
        and part.joint == ","
        and not part.has_head(vocabulary)
        and not part.has_brand(vocabulary)
    ):
        return True  # "batteries, the AA ones", "a slow juicer, the grey one"
    if not any(each.known for each in part.content) or want.borrowed or part.joint not in {",", "and", "or"}:
        return False
    if not part.has_head(vocabulary) and want.has_head(vocabulary):
        # "A charger, USB-C": no noun of its own, and nothing that begins another thing.
        return part.joint == "," and part.goes_on(vocabulary)
    if not part.has_head(vocabulary):
        # "The Slow Juicer, grey"; but "the M55, the Q55"
        has_code = any(not word.terms[0].isalpha() for word in part.content)
        return part.joint == "," and not has_code and part.goes_on(vocabulary)
    if not want.has_head(vocabulary):
        # "A black and white kettle"
        return not (part.pointed or part.sought or want.has_brand(vocabulary) or part.joint == ",")
    return False


def _absorb(want: Part, part: Part) -> None:
    want.content.extend(part.content)
    want.context.extend(part.context)
    want.without.extend(part.without)
    want.perhaps.extend(part.perhaps)
    want.beside |= part.beside
    _absorb_extras(want, part)


def _absorb_extras(want: Part, part: Part) -> None:
    want.measures.extend(part.measures)
    want.prices.extend(part.prices)
    want.choices.extend(part.choices)
    if not want.counts:
        want.counts.extend(part.counts)
