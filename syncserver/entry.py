"""Hides how a request is let in: whose it is, how often they have asked, and where that is told in the answer."""

from __future__ import annotations

from syncserver.errors import Problem
from syncserver.gate import Passage
from syncserver.limits import Policy
from syncserver.services import Services
from syncserver.sessions import Session


async def limited(services: Services, passage: Passage, policy: Policy, who: str = "") -> None:
    """Counts a request for `who` (else its address); the tightest standing goes into the answer.

    Raises `rate-limited`.
    """
    standing = await services.limits.hit(policy, who or passage.address)
    headers = passage.headers
    if "x-ratelimit-limit" in headers:
        before = int(headers["x-ratelimit-remaining"]) / int(headers["x-ratelimit-limit"])
        if before <= standing.remaining / policy.quota:
            return
    headers.update(standing.headers())


async def sign_in(services: Services, passage: Passage, authorization: str) -> Session:
    """Who is signed in, counted; raises `session-ended`, `rate-limited`."""
    try:
        session = await services.sessions.find(authorization)
    except Problem as problem:
        if problem.status == 401:
            await limited(services, passage, services.limits.anonymous)
        raise
    passage.account = session.account
    await limited(services, passage, services.limits.requests, session.account)
    passage.session = session
    return session
