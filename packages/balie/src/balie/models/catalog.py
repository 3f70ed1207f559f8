"""The model catalog: ``models.toml`` of the shared data, decoded."""

import tomllib
from difflib import get_close_matches
from functools import cache
from typing import Literal

import balie_shared
import msgspec

from balie.errors import ConfigError

Role = Literal["encoder", "generator"]


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file in an installed package; ``bytes`` is its size."""

    package: str
    path: str
    sha256: str
    bytes: int


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One model. ``context`` is in tokens, ``dimensions`` is the length of a vector."""

    name: str
    title: str
    family: str
    role: Role
    engine: str
    licence: str
    source: str
    languages: tuple[str, ...]
    parameters: int
    dimensions: int
    context: int
    files: dict[str, ModelFile]
    quantization: str | None = None

    @property
    def checksum(self) -> str:
        """The sha256 of its weights: what a head made for it is bound to."""
        return self.files["weights"].sha256


class _Catalog(msgspec.Struct, forbid_unknown_fields=True):
    model: list[Model]


@cache
def models() -> dict[str, Model]:
    """Every model that Balie knows, by name."""
    content = tomllib.loads((balie_shared.FOLDER / "models.toml").read_text(encoding="utf-8"))
    return {model.name: model for model in msgspec.convert(content, _Catalog).model}


def model(name: str, role: Role | None = None) -> Model:
    """The model of that name.

    Raises:
        ConfigError: there is none of that name (and role); the words name the nearest one.
    """
    known = {key: value for key, value in models().items() if role in (None, value.role)}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
    raise ConfigError(f"There is no {role or 'model'} {name} in the catalog. {hint}", model=name)
