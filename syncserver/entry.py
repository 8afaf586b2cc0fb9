"""Hides how a request is let in: whose it is, how often they have asked, and where that is told in the answer."""

from __future__ import annotations

from syncserver.errors import Problem
from syncserver.gate import Passage
from syncserver.limits import Policy
from syncserver.services import Services
from syncserver.sessions import CACHE_SECONDS, Session


async def limited(services: Services, passage: Passage, *policies: Policy, who: str = "") -> None:
    """Counts a request for `who` (else its address); the tightest standing goes into the answer.

    Raises `rate-limited`.
    """
    standing = await services.limits.hit(who or passage.address, *policies)
    if passage.standing is None or standing.share < passage.standing.share:
        passage.standing = standing


async def sign_in(
    services: Services, passage: Passage, authorization: str, *further: Policy, trusted: float = CACHE_SECONDS
) -> Session:
    """Who is signed in, counted, under `further` policies too; raises `session-ended`, `rate-limited`.

    `trusted`: for how long (seconds) a session that was looked up is taken as it was.
    """
    try:
        session = await services.sessions.find(authorization, trusted)
    except Problem as problem:
        if problem.status == 401:
            await limited(services, passage, services.limits.anonymous)
        raise
    passage.account = session.account
    await limited(services, passage, services.limits.requests, *further, who=session.account)
    passage.session = session
    return session
