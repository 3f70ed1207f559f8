"""Who wants to be told: the webhooks of the settings, checked."""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from balie.delivery.signing import secrets_of
from balie.errors import ConfigError


class Configured(Protocol):
    """A webhook as the settings have it."""

    @property
    def url(self) -> str:
        """Where to post."""

    @property
    def topics(self) -> Sequence[str]:
        """What it wants to know of; empty: everything."""

    @property
    def secret_env(self) -> str:
        """The environment variable with its secret; empty: what it gets is not signed."""


@dataclass(frozen=True)
class Endpoint:
    """Where messages are posted.

    Attributes:
        key: stands for the URL in the database; a URL may have a password in it.
        host: what is told of the URL.
    """

    url: str
    key: str
    host: str
    topics: frozenset[str] = frozenset()
    secrets: tuple[bytes, ...] = field(default=(), repr=False)

    def wants(self, topic: str) -> bool:
        """Whether it is told of this."""
        return not self.topics or topic in self.topics


def endpoints_of(
    webhooks: Iterable[Configured], environment: Mapping[str, str] | None = None
) -> list[Endpoint]:
    """The webhooks of the settings.

    Args:
        environment: where the secrets are; the process's by default.

    Raises:
        ConfigError: an address can't be posted to, or a secret is missing or malformed.
    """
    environment = os.environ if environment is None else environment
    found: dict[str, Endpoint] = {}
    for webhook in webhooks:
        try:
            parts = urlsplit(webhook.url)
            host = parts.netloc.rpartition("@")[2] if parts.port != 0 else ""
        except ValueError:
            host = ""
        else:
            host = host if parts.scheme in {"http", "https"} and parts.hostname else ""
        if not host:
            raise ConfigError(f"The webhook {webhook.url!r} is no address such as https://example.org/hook.")
        if webhook.url in found:
            raise ConfigError(f"The webhook at {host} is there twice; give it all of its topics once.")
        secrets: tuple[bytes, ...] = ()
        if variable := webhook.secret_env:
            if variable not in environment:
                raise ConfigError(f"The secret of the webhook at {host} is not in ${variable}.")
            secrets = secrets_of(environment[variable], f"${variable}")
        key = hashlib.sha256(webhook.url.encode()).hexdigest()
        found[webhook.url] = Endpoint(webhook.url, key, host, frozenset(webhook.topics), secrets)
    return list(found.values())
