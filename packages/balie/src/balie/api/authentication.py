"""Who is calling: API keys, what they let a caller do, and how often.

A key (``balie keys create``) belongs to one vertical's database and speaks with one role. A customer's key
is bound to that customer. A key of staff or of an administrator may act for one customer with the header
``X-Balie-On-Behalf-Of``: the call then reaches exactly as far as that customer does, and the audit log
names the customer as its actor and the key in its channel (``api:1f2e3d4c``).

Who gives no valid key is limited by address, who gives one by that key; refused attempts count as well.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.middleware.rate_limit import RateLimitConfig, get_remote_address
from litestar.params import HeaderParameter
from litestar.types import ASGIApp, Middleware

from balie.agent.policy import Caller, Role
from balie.api.languages import preferred
from balie.api.served import ServedVertical
from balie.config import ApiSettings
from balie.db import api_keys
from balie.errors import Forbidden, Unauthenticated

BEARER = "Bearer "
_NOTE_EVERY = timedelta(hours=1)


class Key(msgspec.Struct, frozen=True):
    """The API key of a request."""

    id: str
    prefix: str


async def find_caller(
    connection: ASGIConnection[Any, Any, Any, Any], served: ServedVertical
) -> tuple[Caller | None, Key | None]:
    """Who the API key of a request speaks for; None and None where there is none, or no valid one."""
    given = connection.headers.get("authorization", "")
    if not given.startswith(BEARER):
        return None, None
    database = served.desk.database
    async with database.read() as session:
        found = await api_keys.verify(session, given.removeprefix(BEARER).strip())
    if found is None:
        return None, None
    now = datetime.now(UTC)
    if found.last_used_at is None or now - found.last_used_at > _NOTE_EVERY:
        async with database.write() as session:
            await api_keys.touch(session, found, now)
    caller = Caller(Role(found.role), found.identity, _language(connection, served), f"api:{found.prefix}")
    return caller, Key(str(found.id), found.prefix)


class Authentication(AbstractAuthenticationMiddleware):
    """Finds the caller of a request. Where there is none, ``user`` stays None for :func:`require_caller`."""

    def __init__(self, app: ASGIApp, *, served: ServedVertical, require_key: bool) -> None:
        super().__init__(app, exclude_http_methods=())
        self.served = served
        self.require_key = require_key

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        """The caller and the key, as far as they are known."""
        if not self.require_key and "authorization" not in connection.headers:
            anonymous = Caller(language=_language(connection, self.served), channel="api")
            return AuthenticationResult(user=anonymous, auth=None)
        caller, key = await find_caller(connection, self.served)
        return AuthenticationResult(user=caller, auth=key)


def _language(connection: ASGIConnection[Any, Any, Any, Any], served: ServedVertical) -> str:
    desk = served.desk
    accepted = connection.headers.get("accept-language", "")
    return preferred(accepted, desk.team.replies, default=desk.settings.language)


def middleware(served: ServedVertical, settings: ApiSettings) -> list[Middleware]:
    """Who it is, then how often; in this order."""

    # A function, since Litestar copies what it is given, and the vertical must stay the one that is opened.
    def authentication(app: ASGIApp) -> ASGIApp:
        return Authentication(app, served=served, require_key=settings.require_key)

    limit = RateLimitConfig(rate_limit=("minute", settings.rate_per_minute), identifier_for_request=_who)
    return [authentication, limit.middleware]


def _who(request: Request[Any, Key | None, Any]) -> str:
    key = request.auth
    return f"key:{key.id}" if key else f"address:{get_remote_address(request)}"


def require_caller(connection: ASGIConnection[Any, Caller | None, Any, Any], _: BaseRouteHandler) -> None:
    """A guard: the request has a caller.

    Raises:
        Unauthenticated: it has none.
    """
    if connection.user is None:
        given = "authorization" in connection.headers
        words = (
            "This API key is not valid." if given else "An API key is needed: Authorization: Bearer balie_…"
        )
        raise Unauthenticated(words, given=given)


async def provide_caller(
    request: Request[Caller, Key | None, Any],
    on_behalf_of: Annotated[
        str | None,
        HeaderParameter(
            name="X-Balie-On-Behalf-Of",
            description="The customer for whom a key of staff acts in this request",
            pattern=r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$",
        ),
    ] = None,
) -> Caller:
    """The dependency ``caller``.

    Raises:
        Forbidden: a key that is not of staff acts for somebody.
    """
    caller = request.user
    if on_behalf_of is None:
        return caller
    if not caller.is_staff:
        raise Forbidden("Only a key of staff acts on behalf of a customer.")
    return msgspec.structs.replace(caller, role=Role.CUSTOMER, identity=on_behalf_of)
