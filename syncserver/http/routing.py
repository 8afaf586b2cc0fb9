"""Routes whose guards authenticate and count a request, and whose JSON bodies are decoded into typed objects.

Bodies are decoded once, straight into the types of `wire` (Litestar's own way builds plain objects first). Guards run
before a body is read. Headers that a route adds reach the middleware through the request's context.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi.spec import SecurityRequirement
from litestar.params import HeaderParameter

from syncserver import wire
from syncserver.accounts.challenge_response import SignedChallenge
from syncserver.accounts.sessions import CACHE_SECONDS, RECHECKED_CACHE_SECONDS, Session
from syncserver.errors import Problem
from syncserver.http import auth_guard
from syncserver.http.common_reads import ReadAnswer
from syncserver.http.middleware import RequestContext, require_client
from syncserver.limits.rate_limits import Limits, Policy
from syncserver.services import Services

BEARER_SECURITY: list[SecurityRequirement] = [{"bearer": []}]


class SyncRequest(Request[Any, Any, State]):
    """A request whose JSON is decoded into the type that its route takes."""

    async def json(self) -> Any:
        """Returns the decoded body; raises `unsupported-media-type`, `malformed` and `invalid`."""
        headers = self.headers
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json" or headers.get("content-encoding", "identity") != "identity":
            raise Problem("unsupported-media-type")
        kind = self.route_handler.parsed_fn_signature.parameters["data"].annotation
        return wire.decode(await self.body(), kind)

    @property
    def services(self) -> Services:
        """The parts of the running server."""
        services: Services = self.app.state.services
        return services

    @property
    def context(self) -> RequestContext:
        """The middleware's state of this request."""
        context: RequestContext = self.scope["context"]  # type: ignore[typeddict-item]
        return context

    async def check_rate_limit(self, policy: Policy, subject: str = "") -> None:
        """Counts this request for `subject` (else its address); the standing closest to its limit goes into the
        answer."""
        await auth_guard.check_rate_limits(self.services, self.context, policy, subject=subject)

    async def has_known_device(self, name: str) -> bool:
        """Whether the device named in the request belongs to the account of `name`."""
        device = self.headers.get("sync-device", "")
        return wire.is_identifier(device) and await self.services.accounts.has_device(name, device)

    async def admit_known_device(self, name: str) -> None:
        """Admits a known device of the account although its address signs in too often, under a limit of its own.

        A campus is one address, and all of its devices may have to sign in again at once. Raises `rate-limited`.
        """
        if self.context.too_many is None:
            return
        if not await self.has_known_device(name):
            raise self.context.too_many
        self.context.standing = None
        await self.check_rate_limit(self.services.limits.device_logins, self.headers["sync-device"])

    async def authenticate(self, trusted: float) -> Session:
        """Authenticates and counts this request, as `auth_guard.authenticate`; raises `session-ended`,
        `rate-limited`."""
        authorization = self.headers.get("authorization", "")
        return await auth_guard.authenticate(self.services, self.context, authorization, trusted=trusted)

    @property
    def caller(self) -> Session:
        """The session of a request, on a route whose guards authenticate."""
        session = self.context.session
        if session is None:
            raise RuntimeError(f"{self.url.path} has no guard that signs in")
        return session

    def require_client(self, minimum: str) -> None:
        """Raises `client-outdated` if the application states a version below `minimum`."""
        require_client(self.headers.get("sync-client", ""), minimum)

    async def parse_proof(self, header: str | None) -> SignedChallenge | None:
        """Parses a `Sync-Proof` header, if there is one, together with the request data it signs."""
        if header is None:
            return None
        return SignedChallenge.parse(header, self.headers.get("host", ""), await self.body())

    async def require_proof(self, header: str | None) -> SignedChallenge:
        """Parses a `Sync-Proof` header; raises `proof-required` if there is none."""
        proof = await self.parse_proof(header)
        if proof is None:
            raise Problem("proof-required", "Sign the challenge and send Sync-Proof.")
        return proof


RouteGuard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]


async def require_session(request: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: requires a session, before the body is read."""
    await cast("SyncRequest", request).authenticate(CACHE_SECONDS)


async def require_cached_session(request: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: as `require_session`, for a route whose own statement checks the session again."""
    await cast("SyncRequest", request).authenticate(RECHECKED_CACHE_SECONDS)


def rate_limit_guard(policy_of: Callable[[Limits], Policy]) -> RouteGuard:
    """Guard factory: counts the request for its account, else its address, before the body is read."""

    async def check_limit(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        request = cast("SyncRequest", connection)
        await request.check_rate_limit(policy_of(request.services.limits), request.context.account)

    return check_limit


async def limit_sign_ins(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Guard: counts a sign-in request for its address, before the body is read.

    A request over the limit may come from a known device: `admit_known_device` decides, once the name is read.
    """
    request = cast("SyncRequest", connection)
    limits = request.services.limits
    try:
        await request.check_rate_limit(limits.logins)
    except Problem as problem:
        if problem.name != "rate-limited" or not wire.is_identifier(request.headers.get("sync-device", "")):
            raise
        await request.check_rate_limit(limits.device_lookups)
        request.context.too_many = problem


PUBLIC_GUARDS: list[RouteGuard] = [rate_limit_guard(lambda limits: limits.anonymous)]
SIGN_IN_GUARDS: list[RouteGuard] = [limit_sign_ins]
REGISTRATION_GUARDS: list[RouteGuard] = [rate_limit_guard(lambda limits: limits.registrations)]
ACCOUNT_GUARDS: list[RouteGuard] = [require_session]
SYNC_GUARDS: list[RouteGuard] = [require_cached_session]
EXPORT_GUARDS: list[RouteGuard] = [require_session, rate_limit_guard(lambda limits: limits.exports)]
PUSH_GUARDS: list[RouteGuard] = [require_cached_session, rate_limit_guard(lambda limits: limits.batches)]
PUBLISH_GUARDS: list[RouteGuard] = [require_session, rate_limit_guard(lambda limits: limits.publications)]


class Route(HTTPRouteHandler):
    """A handler that passes itself to its guards: Litestar's own is copied for each guard of each request."""

    async def authorize_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Runs the guards."""
        for guard in self.resolve_guards():
            await cast("RouteGuard", guard)(connection, self)


def get(path: str, **settings: Any) -> Route:
    """Declares a GET route."""
    return Route(path, http_method="GET", **settings)


def post(path: str, **settings: Any) -> Route:
    """Declares a POST route."""
    return Route(path, http_method="POST", **settings)


def put(path: str, **settings: Any) -> Route:
    """Declares a PUT route."""
    return Route(path, http_method="PUT", **settings)


def delete(path: str, **settings: Any) -> Route:
    """Declares a DELETE route."""
    return Route(path, http_method="DELETE", **settings)


def valid_identifier(value: str) -> str:
    """Validates an identifier in a path; raises `not-found` if it is malformed."""
    if not wire.is_identifier(value):
        raise Problem("not-found")
    return value


def parse_if_match(header: str | None) -> str | None:
    """Parses an If-Match header with exactly one strong etag; raises `malformed`."""
    if header is None:
        return None
    if len(header) < 3 or header[0] != '"' or header[-1] != '"':
        raise Problem("malformed", "If-Match is one etag in double quotes.")
    return header[1:-1]


def not_modified(headers: dict[str, str]) -> Response[None]:
    """Returns a 304 answer."""
    return Response(content=None, status_code=304, headers=headers)


def to_response(answer: ReadAnswer) -> Response[Any]:
    """Converts an answer of `common_reads` to a Litestar response."""
    return Response(content=answer.body, status_code=answer.status, headers=answer.headers)


def sync_proof_header(description: str | None = None) -> Any:
    """Declares the `Sync-Proof` header in the OpenAPI document."""
    return HeaderParameter(
        name="Sync-Proof",
        required=False,
        description=description or "A signed challenge: docs/sync-protocol.md, section 3.",
    )
