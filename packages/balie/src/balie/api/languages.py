"""Which language to answer in."""

from collections.abc import Iterable


def preferred(accepted: str, available: Iterable[str], *, default: str) -> str:
    """The available language that ``Accept-Language`` (RFC 9110, 12.5.4) likes best, or the default."""
    known = {language.lower(): language for language in available}
    wanted: list[tuple[float, str]] = []
    for part in accepted.split(","):
        tag, _, parameters = part.strip().partition(";")
        wanted.append((_quality(parameters), tag.strip().lower()))
    for quality, tag in sorted(wanted, key=lambda pair: -pair[0]):
        if quality <= 0:
            continue
        for candidate in (tag, tag.partition("-")[0]):
            if candidate in known:
                return known[candidate]
    return default


def _quality(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
