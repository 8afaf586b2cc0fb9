"""Watchers of held requests: no news is missed, and a wait ends by itself, with its client, or at its time-out."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from syncserver.http.common_reads import jittered_wait_seconds
from syncserver.sync.change_notifier import Watcher


def test_news_from_before_it_listened_is_heard_once() -> None:
    async def listened() -> list[bool]:
        watch = Watcher()
        watch.wake()
        watch.wake()
        return [await watch.wait(30), await watch.wait(0.001)]

    assert asyncio.run(listened()) == [True, False]


def test_it_ends_when_there_is_nobody_to_tell() -> None:
    async def listened() -> bool:
        watch, gone = Watcher(), asyncio.get_running_loop().create_future()
        watch.end_when_done(gone)
        gone.set_result(None)
        return await watch.wait(30)

    assert asyncio.run(listened()) is False


def test_nobody_is_waited_for_after_it() -> None:
    async def listened() -> bool:
        watch, gone = Watcher(), asyncio.get_running_loop().create_future()
        watch.end_when_done(gone)
        watch.close()
        return gone.cancelled()

    assert asyncio.run(listened())


@given(wait=st.floats(0, 30))
def test_a_wait_is_shortened_by_a_tenth_at_the_most(wait: float) -> None:
    assert wait * 0.9 <= jittered_wait_seconds(wait) <= wait
