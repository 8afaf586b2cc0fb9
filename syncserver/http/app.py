"""The ASGI application: routes, exception handlers, OpenAPI, and the middleware around them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

import structlog
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from syncserver.config import Config
from syncserver.errors import Problem
from syncserver.http import api
from syncserver.http.fast_path import FastPath
from syncserver.http.middleware import Middleware, RequestContext, Scope, log_rate_limited, problem_headers
from syncserver.http.openapi import OpenApiPlugin
from syncserver.http.routing import SyncRequest
from syncserver.ops.metrics import Metrics
from syncserver.services import Services, running_services

log = structlog.get_logger()

PROBLEM_BY_STATUS = {400: "malformed", 404: "not-found", 405: "method-not-allowed", 413: "too-large"}


class Application(Middleware):
    """The server as an ASGI application; `services` exists while it runs."""

    def __init__(self, litestar_app: Litestar, config: Config, metrics: Metrics) -> None:
        fast_path = FastPath(litestar_app, lambda: self.services, self._log_fault)  # type: ignore[arg-type]
        super().__init__(fast_path, config, metrics)
        self.litestar_app = litestar_app
        self.config = config
        metrics.register_figure(
            "sync_requests_in_flight", "gauge", "Requests not yet answered.", lambda: {"": float(self.in_flight)}
        )

    @property
    def services(self) -> Services:
        """The parts of the running server."""
        services: Services = self.litestar_app.state.services
        return services

    def _log_fault(self, scope: Scope, error: Exception) -> Problem:
        return log_fault(self.litestar_app, scope, error)


def create_app(config: Config, clock: Callable[[], float] | None = None) -> Application:
    """Creates the server of `config`, for any ASGI server. At its start the database has to be migrated."""
    metrics = Metrics(config)

    @contextlib.asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        async with running_services(config, metrics, clock) as services:
            app.state.services = services
            app.state.report_fault = make_fault_reporter(config)
            yield

    inside = Litestar(
        route_handlers=api.ROUTES,
        request_class=SyncRequest,
        lifespan=[lifespan],
        exception_handlers={
            Problem: answer_problem,
            HTTPException: answer_http_exception,
            Exception: answer_fault,
        },
        openapi_config=OpenAPIConfig(
            title="UP Schedule Generator: sync server",
            version="1",
            path="/v1",
            render_plugins=[OpenApiPlugin("/openapi.json")],
            components=Components(security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}),
        ),
        request_max_body_size=None,  # the middleware counts, while reading
        logging_config=None,
        debug=False,
    )
    return Application(inside, config, metrics)


def answer_problem(request: Request[Any, Any, Any], problem: Problem) -> Response[dict[str, Any]]:
    """Answers with the problem document."""
    context: RequestContext = request.scope["context"]  # type: ignore[typeddict-item]
    headers = problem_headers(problem)
    media_type = headers.pop("content-type")
    if "ratelimit" in headers:
        context.standing = None
    log_rate_limited(problem, cast("Scope", request.scope))
    return Response(
        content=problem.document(context.request_id),
        status_code=problem.status,
        headers=headers,
        media_type=media_type,
    )


def answer_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    """Answers errors that Litestar itself raises."""
    if error.status_code >= 500:
        return answer_fault(request, error)
    problem = Problem(PROBLEM_BY_STATUS.get(error.status_code, "malformed"), headers=allow_header(error))
    if error.status_code == 400 and (extra := getattr(error, "extra", None)):
        problem.members["errors"] = [
            {"parameter": item.get("key", ""), "detail": item.get("message", "")} for item in extra
        ]
    return answer_problem(request, problem)


def allow_header(error: HTTPException) -> dict[str, str]:
    """Returns the Allow header that a 405 has to carry."""
    return {key: value for key, value in (error.headers or {}).items() if key.lower() == "allow"}


def answer_fault(request: Request[Any, Any, Any], error: Exception) -> Response[dict[str, Any]]:
    """Answers an unexpected exception with 500."""
    return answer_problem(request, log_fault(request.app, cast("Scope", request.scope), error))


def log_fault(app: Litestar, scope: Scope, error: Exception) -> Problem:
    """Logs an unexpected exception, without the request's contents; returns the problem to answer."""
    context: RequestContext = scope["context"]
    log.error("unhandled exception", route=scope.get("path_template"), request_id=context.request_id, exc_info=error)
    if report := app.state.get("report_fault"):
        report(error)
    return Problem("internal")


def make_fault_reporter(config: Config) -> Callable[[BaseException], object] | None:
    """Returns a function that reports exceptions to the configured address, or None if none is configured.

    Reports contain no bodies, headers, addresses or variables.
    """
    if not config.sentry_dsn:
        return None
    import sentry_sdk  # noqa: PLC0415 - only where it is configured

    client = sentry_sdk.Client(
        dsn=config.sentry_dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        server_name="",
    )
    scope = sentry_sdk.Scope(client=client)
    return scope.capture_exception
