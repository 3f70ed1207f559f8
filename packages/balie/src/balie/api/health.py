"""Is it alive, is it ready, and what does it count?"""

from ipaddress import ip_address
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Request, Response, get
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.openapi import ResponseSpec
from msgspec import Meta

from balie.agent.policy import Role
from balie.api.authentication import find_caller
from balie.api.served import ServedVertical
from balie.errors import Forbidden, Unauthenticated
from balie.monitoring import health
from balie.monitoring.health import HealthReport, State
from balie.monitoring.metrics import CONTENT_TYPE, Metrics

Standing = Literal["ok", "warming_up", "degraded", "failing"]


class Readiness(msgspec.Struct, frozen=True):
    """Whether turns can be served, and of each vertical why."""

    status: Annotated[
        Standing,
        Meta(description="`degraded` still serves; `warming_up` serves forms and exact words"),
    ]
    verticals: dict[str, HealthReport]


def is_local(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether the request comes from this machine itself, not by way of a proxy on it."""
    if connection.headers.get("x-forwarded-for") or connection.headers.get("forwarded"):
        return False
    if connection.client is None:  # a Unix socket
        return True
    try:
        return ip_address(connection.client.host).is_loopback
    except ValueError:
        return False


async def require_operator(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard: this machine itself, or an administrator's key of any vertical that is served.

    Raises:
        Unauthenticated, Forbidden: it is somebody else.
    """
    if is_local(connection):
        return
    served: list[ServedVertical] = connection.app.state.served
    known = [caller for one in served if (caller := (await find_caller(connection, one))[0])]
    if any(caller.role is Role.ADMIN for caller in known):
        return
    if known:
        raise Forbidden("The metrics are for administrators.")
    raise Unauthenticated("From another machine, the metrics need an administrator's API key.")


class OperationsController(Controller):
    """For who runs the API."""

    path = "/"
    tags = ("Operations",)

    @get("/health/live", summary="The process answers")
    async def live(self) -> HealthReport:
        """Alive."""
        return health.liveness()

    @get(
        "/health/ready",
        summary="Turns can be served",
        description="503 while models warm up or something fails. Details are for this machine only.",
        responses={503: ResponseSpec(Readiness, description="Not yet, or not now", generate_examples=False)},
    )
    async def ready(
        self, request: Request[Any, Any, Any], served: NamedDependency[list[ServedVertical]]
    ) -> Response[Readiness]:
        """Ready."""
        reports: dict[str, HealthReport] = {}
        warming = False
        for one in served:
            models = one.desk.models
            report = await health.readiness(
                one.desk.database, models=models.state, why=models.why, vertical=one.vertical.migrations
            )
            warming = warming or models.state == "warming_up"
            reports[one.name] = report if is_local(request) else _without_details(report)
        worst = max((report.status for report in reports.values()), key=list(State).index)
        status: Standing = "warming_up" if warming and worst is not State.FAILING else worst.value
        return Response(
            Readiness(status, reports),
            status_code=503 if status in {"warming_up", "failing"} else 200,
            headers={"Retry-After": "1"} if status == "warming_up" else None,
        )

    @get(
        "/metrics",
        summary="Metrics, as Prometheus reads them",
        description="For this machine, and for the key of an administrator from elsewhere.",
        guards=[require_operator],
        media_type="text/plain",
    )
    async def metrics(
        self, served: NamedDependency[list[ServedVertical]], metrics: NamedDependency[Metrics]
    ) -> Response[bytes]:
        """Metrics."""
        for one in served:
            metrics.set_model_state(one.name, one.desk.models.state)
            async with one.desk.database.read() as session:
                await metrics.count(one.name, session)
        return Response(metrics.render(), media_type=CONTENT_TYPE)


def _without_details(report: HealthReport) -> HealthReport:
    checks = tuple(msgspec.structs.replace(check, detail="") for check in report.checks)
    return msgspec.structs.replace(report, checks=checks)
