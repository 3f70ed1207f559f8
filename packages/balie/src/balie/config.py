"""Settings: ``balie.toml``, the environment over it, flags over both.

``balie.toml`` is looked for from the working folder upward, then in :func:`balie.locations.config`.
An environment variable is ``BALIE_`` and the key, tables joined by two underscores:
``BALIE_DATABASE_URL``, ``BALIE_MODELS__THREADS``. A wrong key or value is a :class:`ConfigError`
that names the place and, for a key, the nearest right one.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec
from msgspec import Meta

from balie import locations
from balie.errors import ConfigError

FILE_NAME = "balie.toml"
# Variables that are read where they are used, before or without any settings.
_NOT_SETTINGS = {
    "BALIE_DATA_DIR",
    "BALIE_CACHE_DIR",
    "BALIE_CONFIG_DIR",
    "BALIE_FORBID_MODELS",
    "BALIE_SECRET_KEY",
    "BALIE_API_KEY",
}


class ModelSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which models, and what they may use."""

    encoder: str = "minilm-l6-int8"
    generator: str = "smollm2-135m-instruct"
    engine: str = "auto"
    """``auto``, ``xllamacpp`` or ``llama-cpp-python``; auto takes the latter where it is installed."""
    threads: Annotated[int, Meta(ge=0, le=256)] = 0
    """0 is one for each physical core."""
    generate: bool = True
    """False: nothing is written by a model; templates write it all."""
    write_seconds: Annotated[float, Meta(gt=0)] = 8.0
    """How long a person waits for a written text before the template's is taken."""


class ApiSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the REST API is served."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65535)] = 8000
    require_key: bool = True
    rate_per_minute: Annotated[int, Meta(ge=1)] = 120
    max_message_characters: Annotated[int, Meta(ge=1)] = 4000


class ConversationSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a conversation behaves."""

    pending_minutes: Annotated[int, Meta(ge=1)] = 15
    """How long an action waits for its yes."""
    friendly: bool = False
    """Replies are reworded by the generator where it is ready and keeps to the facts."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings, with the defaults of a single machine."""

    database_url: str | None = None
    language: str = "en"
    timezone: str = "Europe/Amsterdam"
    log_level: str = "warning"
    models: ModelSettings = ModelSettings()
    api: ApiSettings = ApiSettings()
    conversation: ConversationSettings = ConversationSettings()


def find(start: Path | None = None) -> Path | None:
    """The ``balie.toml`` that counts, seen from ``start`` (the working folder)."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, locations.config()):
        if (file := folder / FILE_NAME).is_file():
            return file
    return None


def load(start: Path | None = None, *, flags: Mapping[str, Any] | None = None) -> Settings:
    """Settings for a run; ``flags`` are dotted keys (``{"api.port": 9000}``), None meaning not given.

    Raises:
        ConfigError: a file that is not TOML, an unknown key, or a value of the wrong kind.
    """
    settings: dict[str, Any] = {}
    if file := find(start):
        try:
            settings = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{file} is not valid TOML: {error}") from error
        _check_keys(settings, Settings, str(file), file.read_text(encoding="utf-8").splitlines())
    for name, value in os.environ.items():
        if name.startswith("BALIE_") and name not in _NOT_SETTINGS:
            keys = name.removeprefix("BALIE_").lower().split("__")
            _check_keys(_nested(keys, value), Settings, f"the environment variable {name}")
            _put(settings, keys, value)
    for key, value in (flags or {}).items():
        if value is not None:
            _put(settings, key.split("."), value)
    try:
        return msgspec.convert(settings, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{error} (in {file or 'the environment'})") from error


def _nested(keys: list[str], value: object) -> dict[str, Any]:
    outcome: Any = value
    for key in reversed(keys):
        outcome = {key: outcome}
    return dict(outcome)


def _put(settings: dict[str, Any], keys: list[str], value: object) -> None:
    table = settings
    for key in keys[:-1]:
        table = table.setdefault(key, {})
    table[keys[-1]] = value


def _check_keys(
    table: Mapping[str, Any], kind: Any, place: str, lines: Iterable[str] = (), path: str = ""
) -> None:
    known = get_type_hints(kind)
    for key, value in table.items():
        if key not in known:
            line = next(
                (f", line {n}" for n, text in enumerate(lines, 1) if text.strip().startswith(key)), ""
            )
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {path}{near[0]}?" if near else f"known here: {', '.join(sorted(known))}."
            raise ConfigError(f"{path}{key} in {place}{line} is not a setting: {hint}")
        inner = known[key]
        if isinstance(value, Mapping) and isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            _check_keys(value, inner, place, lines, f"{path}{key}.")
