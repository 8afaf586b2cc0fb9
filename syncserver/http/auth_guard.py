"""Authenticates a request and counts it against the rate limits."""

from __future__ import annotations

from syncserver.accounts.sessions import CACHE_SECONDS, Session, bearer_token
from syncserver.errors import Problem
from syncserver.http.middleware import RequestContext
from syncserver.limits.rate_limits import Policy
from syncserver.services import Services


async def check_rate_limits(services: Services, context: RequestContext, *policies: Policy, subject: str = "") -> None:
    """Counts a request for `subject` (else its address); the standing closest to its limit goes into the answer.

    Raises `rate-limited`, except for an address's share if the request brings a proof of work.
    """
    if subject:
        standing = await services.limits.hit(subject, *policies)
    elif context.has_paid:
        return
    else:
        try:
            standing = await services.limits.hit_address(context.address, *policies)
        except Problem as refused:
            await services.proof_of_work.admit(context.work, context.address, refused)
            context.has_paid = True
            return
    if context.standing is None or standing.share < context.standing.share:
        context.standing = standing


async def authenticate(
    services: Services, context: RequestContext, authorization: str, *further: Policy, trusted: float = CACHE_SECONDS
) -> Session:
    """Authenticates a request and counts it, under `further` policies too; raises `session-ended`, `rate-limited`.

    `trusted` is for how many seconds a cached session is valid.
    """
    try:
        session = await services.sessions.find(authorization, trusted)
    except Problem as problem:
        # Not for an ended session: it has already been looked up, so a limit would save nothing; and after a restore
        # every device of an address has one.
        if problem.status == 401 and not bearer_token(authorization):
            await check_rate_limits(services, context, services.limits.anonymous)
        raise
    context.account = session.account
    await check_rate_limits(services, context, services.limits.requests, *further, subject=session.account)
    context.session = session
    return session
