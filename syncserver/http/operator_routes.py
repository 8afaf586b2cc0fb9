"""Endpoints for operators and their monitoring, and public information about the server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from syncserver.errors import PROBLEM_TYPES, Problem
from syncserver.http.routing import PUBLIC_GUARDS, SyncRequest, get

SECURITY_TXT_VALID_DAYS = 90  # how long the contact is valid, counted from each answer


@get("/problems/{name:str}", media_type="text/plain", guards=PUBLIC_GUARDS)
async def problem_page(name: FromPath[str]) -> str:
    """Explains a problem type to a person."""
    if name not in PROBLEM_TYPES:
        raise Problem("not-found")
    status, title = PROBLEM_TYPES[name]
    return f"{status} {name}\n\n{title}.\n"


@get("/healthz", include_in_schema=False, media_type="text/plain")
async def healthz() -> str:
    """Liveness: the process answers."""
    return "ok\n"


@get("/readyz", include_in_schema=False)
async def readyz(request: SyncRequest) -> Response[dict[str, str]]:
    """Readiness: database, migrations and disk are in order, and the process is not stopping."""
    troubles = await request.services.readiness_problems()
    return Response(content=troubles or {"status": "ready"}, status_code=503 if troubles else 200)


@get("/metrics", include_in_schema=False, media_type="text/plain")
async def metrics(request: SyncRequest) -> Response[bytes]:
    """Prometheus metrics, for authorised clients."""
    services = request.services
    if services.config.metrics_port or not services.may_read_metrics(
        request.headers.get("authorization", ""), request.context.address
    ):
        raise Problem("not-found")
    await services.usage_figures.refresh()
    rendered = await asyncio.to_thread(services.metrics.render)
    return Response(content=rendered, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


@get("/.well-known/security.txt", include_in_schema=False, media_type="text/plain", guards=PUBLIC_GUARDS)
async def security_txt(request: SyncRequest) -> str:
    """Security contact (RFC 9116)."""
    config = request.services.config
    if not config.security_contacts:
        raise Problem("not-found")
    now = datetime.fromtimestamp(request.services.clock(), UTC)
    expires = (now + timedelta(days=SECURITY_TXT_VALID_DAYS)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {contact}" for contact in config.security_contacts]
    lines += [f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: en, af"]
    lines += [f"Canonical: https://{host}/.well-known/security.txt" for host in config.hosts]
    if config.security_policy:
        lines.append(f"Policy: {config.security_policy}")
    return "\n".join(lines) + "\n"


ROUTES: list[HTTPRouteHandler] = [problem_page, healthz, readyz, metrics, security_txt]
