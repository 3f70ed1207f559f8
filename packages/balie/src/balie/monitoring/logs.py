"""Logs: structured, on stderr, and without anything about a person.

What people say never gets into a log (fields of such names are left out), and e-mail addresses, phone
numbers and secrets are masked wherever they turn up, in tracebacks too.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

LEFT_OUT = "[left out]"
_UNSAID = frozenset(
    {
        *("message", "messages", "text", "say", "said", "reply", "content", "prompt", "state", "transcript"),
        *("arguments", "payload", "body", "email", "phone", "address"),
        *("password", "token", "secret", "authorization", "api_key", "key"),
    }
)
_MASKS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"\b(balie_[0-9a-f]{8})_[\w-]+"), r"\1_[secret]"),
    (re.compile(r"(?i)\b(bearer|basic) [\w.~+/=-]{8,}"), r"\1 [secret]"),
    (re.compile(r"(://[^\s:/@]+):[^\s@]+@"), r"\1:[secret]@"),
    # +31 20 123 4567, 0031201234567, 06-12345678; not dates, amounts, UUIDs or order numbers.
    (re.compile(r"(?<![\w.-])(?:\+|00|0)(?=\d)(?:[ ().-]{0,2}\d){8,14}(?![\w-])"), "[phone]"),
)


def masked(text: str) -> str:
    """The text without e-mail addresses, phone numbers and secrets."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def mask_event(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor that masks every value and leaves out what was said."""
    for name, value in event.items():
        event[name] = LEFT_OUT if name.lower() in _UNSAID else _mask(value)
    return event


def _mask(value: Any) -> Any:
    match value:
        case str():
            return masked(value)
        case None | bool() | int() | float():
            return value
        case Mapping():
            return {name: LEFT_OUT if str(name).lower() in _UNSAID else _mask(v) for name, v in value.items()}
        case list() | tuple():
            return [_mask(item) for item in value]
        case _:
            return masked(str(value))


def configure(level: str = "warning", *, as_json: bool | None = None, stream: TextIO | None = None) -> None:
    """Send the logs of everything in the process to ``stream`` (stderr), one event a line.

    ``as_json`` None: JSON, unless a person looks at a terminal.
    """
    import structlog

    stream = stream or sys.stderr
    if as_json is None:
        as_json = not stream.isatty()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Any = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                mask_event,
                renderer,
            ],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
