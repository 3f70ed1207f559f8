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
from typing import Annotated, Any, get_args, get_type_hints

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
    keep_days: Annotated[int, Meta(ge=1)] = 90
    """How long what people said is kept after the last turn; ``balie db purge`` and ``balie serve`` see to it."""
    friendly: bool = False
    """Replies are reworded by the generator where it is ready and keeps to the facts."""


class KioskSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a terminal behaves that people walk up to (``balie tui VERTICAL --kiosk``)."""

    name: str = "Kiosk 1"
    """Which one it is, for colleagues who are called to it."""
    pin_hash: str = ""
    """Of the operator's PIN, as ``balie keys pin`` prints it; without one nobody gets to the operator's page."""
    idle_seconds: Annotated[float, Meta(gt=0)] = 45.0
    """Without a touch or a key for so long, it asks whether anybody is still there."""
    countdown_seconds: Annotated[int, Meta(ge=1)] = 15
    """And after so much more it wipes the visit."""
    printer: str = ""
    """``file:PATH``, ``network:HOST:PORT`` or ``usb:VENDOR:PRODUCT``; empty where there is none."""
    languages: tuple[str, ...] = ("en", "nl")


class WebhookSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told of what happens at the desk."""

    url: str
    topics: tuple[str, ...] = ()
    """Of the outbox; empty for all."""
    secret_env: str = ""
    """The environment variable that holds the secret which messages are signed with; it may begin with BALIE_."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings, with the defaults of a single machine."""

    database_url: str | None = None
    site: str = ""
    """Where this desk stands, as its vertical numbers such places (a shop, a clinic); empty for the first."""
    language: str = "en"
    timezone: str = "Europe/Amsterdam"
    log_level: str = "warning"
    models: ModelSettings = ModelSettings()
    api: ApiSettings = ApiSettings()
    conversation: ConversationSettings = ConversationSettings()
    kiosk: KioskSettings = KioskSettings()
    webhooks: tuple[WebhookSettings, ...] = ()


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
    not_settings = _NOT_SETTINGS | _secrets(settings)
    for name, value in os.environ.items():
        if name.startswith("BALIE_") and name not in not_settings:
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


def _secrets(settings: Mapping[str, Any]) -> set[str]:
    """The variables that hold the webhooks' secrets, whatever they are called."""
    webhooks = settings.get("webhooks")
    tables = [each for each in webhooks if isinstance(each, Mapping)] if isinstance(webhooks, list) else []
    return {str(each.get("secret_env")) for each in tables}


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
        for each in value if isinstance(value, list) else [value]:
            of = get_args(inner)[0] if isinstance(value, list) and get_args(inner) else inner
            if isinstance(each, Mapping) and isinstance(of, type) and issubclass(of, msgspec.Struct):
                _check_keys(each, of, place, lines, f"{path}{key}.")
