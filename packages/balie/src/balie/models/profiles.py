"""Quantization profiles: how the weights are stored and what running them may take."""

import tomllib
from functools import cache

import balie_shared
import msgspec

from balie.errors import ConfigError
from balie.models.catalog import Model
from balie.models.hardware import Hardware, detect

_ROOM_TO_BREATHE = 1.5  # times the memory of a profile that must be free before it is chosen unasked


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``context`` and ``batch`` in tokens, ``memory_mb`` resident; ``threads`` 0 is one a physical core."""

    name: str
    description: str
    quantization: str
    made_from: tuple[str, ...]
    bits: float
    context: int
    batch: int
    threads: int
    mlock: bool
    memory_mb: int


@cache
def profiles() -> dict[str, Profile]:
    """Every profile, by name."""
    found = {}
    for file in sorted((balie_shared.FOLDER / "profiles").glob("*.toml")):
        profile = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Profile)
        found[profile.name] = profile
    return found


def fitting(model: Model) -> list[Profile]:
    """The profiles that can be used with ``model`` now, the fastest at reading prompts first."""
    usable = [p for p in profiles().values() if model.quantization in (p.quantization, *p.made_from)]
    return sorted(usable, key=lambda profile: -profile.bits)


def choose(model: Model, name: str = "auto", hardware: Hardware | None = None) -> Profile:
    """The profile ``name`` for ``model``; ``auto`` is the fastest whose memory is there.

    Raises:
        ConfigError: no such profile, or it can't be used with this model.
    """
    usable = fitting(model)
    if name != "auto":
        for profile in usable:
            if profile.name == name.upper():
                return profile
        known = ", ".join(profile.name for profile in usable)
        raise ConfigError(f"Profile {name} can't be used with {model.name}. It has: {known}.", profile=name)
    free = (hardware or detect()).memory_available / 1e6
    return next((p for p in usable if free > p.memory_mb * _ROOM_TO_BREATHE), usable[-1])
