"""Feeds, calendars published for phones to subscribe to: start, update, move to another address, stop.

A feed's content is an export like any other. It is made again after every change, and sent only if its bytes differ.
A feed is a synced record (its token and export options), so all of the student's devices publish under one address.
Anyone who has the address can read it, and only an explicit act starts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from desktop.calendars.event import CalendarEvent
from desktop.calendars.events import calendar_events
from desktop.calendars.ical import write_calendar
from desktop.calendars.options import ExportOptions, options_from_json
from desktop.calendars.revisions import updated_revisions
from desktop.domain.codec import to_plain
from desktop.domain.errors import InvalidInput
from desktop.domain.messages import msg
from desktop.domain.records.records import DELETED, Act, Change, Records
from desktop.domain.records.shared_choices import SharedKind, choices_of_timetable
from desktop.languages import translator_for
from desktop.store import Store
from desktop.sync import feeds
from desktop.sync.client import is_this_machine
from desktop.sync.feeds import FeedAddresses
from desktop.workflows.export import revisions, store_revisions
from desktop.workflows.shared_links import link_of
from desktop.workflows.sync import Joint
from desktop.workflows.timetable import View, compute_view

__all__ = [
    "Feed",
    "FeedAddresses",
    "addresses_of",
    "change",
    "feeds_of",
    "is_this_machine",
    "move",
    "publish_all",
    "start",
    "stop",
]

REFRESH_INTERVAL = timedelta(hours=1)  # the refresh interval suggested to subscribers; most use their own


@dataclass(frozen=True, slots=True)
class Feed:
    """A published calendar: its record's key, the secret part of its address, and its export options. With `has_groups`
    it also tells subscribers which groups the student chose."""

    key: str
    token: str
    options: ExportOptions
    has_groups: bool = False


def feeds_of(records: Records) -> tuple[Feed, ...]:
    """The student's published calendars, by key."""
    return tuple(
        Feed(record.key, token, options_from_json(record.get("holds", {})), record.get("has_groups") is True)
        for record in records.of_kind("feed")
        if isinstance(token := record.get("token"), str) and token
    )


def addresses_of(joint: Joint, feed: Feed) -> FeedAddresses:
    """The addresses of a published calendar. Raises NotAllowed if nobody is signed in."""
    return joint.service.with_account(lambda account: feeds.feed_addresses(account, feed.token))


def start(joint: Joint, options: ExportOptions, today: date, now: datetime, *, has_groups: bool = False) -> Feed:
    """Publish a new calendar; one act. Raises NotAllowed, NotReachable, InvalidInput, StorageError.

    If the server cannot be reached, the act is stored all the same, and the calendar is published later.
    """
    joint.service.with_account(
        lambda account: account.credentials.server
    )  # raises before anything is stored if signed out
    key, token = feeds.new_feed()
    values = {"token": token, "holds": to_plain(options), "has_groups": has_groups}
    joint.store.apply(Act("Published a calendar", (Change("feed", key, values),)))
    feed = Feed(key, token, options, has_groups)
    _publish(joint, feed, today, now)
    return feed


def change(
    joint: Joint, feed: Feed, options: ExportOptions, today: date, now: datetime, *, has_groups: bool = False
) -> Feed:
    """Change what is published under the same address."""
    values = {"holds": to_plain(options), "has_groups": has_groups}
    joint.store.apply(Act("Changed what a published calendar holds", (Change("feed", feed.key, values),)))
    new = Feed(feed.key, feed.token, options, has_groups)
    _publish(joint, new, today, now)
    return new


def move(joint: Joint, feed: Feed, today: date, now: datetime) -> Feed:
    """Publish under a new address; the old one stops working."""
    token = feeds.new_token()
    joint.store.apply(Act("Gave a published calendar another address", (Change("feed", feed.key, {"token": token}),)))
    new = replace(feed, token=token)
    _publish(joint, new, today, now)
    return new


def stop(joint: Joint, feed: Feed) -> None:
    """Stop publishing a calendar; its address then answers 410 Gone. Raises NotReachable; then nothing is changed."""
    record = joint.store.records().get("feed", feed.key)
    if record.is_deleted or not record.fields:
        raise InvalidInput("This calendar is not published any more.", "It may have been stopped on another machine.")
    joint.service.with_account(lambda account: feeds.unpublish(account, joint.store.sync_repository, feed.key))
    deletion = Change("feed", feed.key, {DELETED: record.deletion()})
    joint.store.apply(Act("Stopped publishing a calendar", (deletion,)))
    for target in joint.store.external_state.targets():
        if target.startswith(f"feed {feed.key} "):
            joint.store.external_state.forget(target)


def publish_all(joint: Joint, today: date, now: datetime) -> int:
    """Publish changed calendars; returns how many were sent. To be called after acts and syncs.

    Feeds on the server without a record are stopped. Raises NotAllowed, NotReachable, InvalidInput, StorageError.
    """
    known = feeds_of(joint.store.records())
    sent = sum(_publish(joint, feed, today, now) for feed in known)
    keys = frozenset(feed.key for feed in known)
    joint.service.with_account(lambda account: feeds.unpublish_unknown(account, joint.store.sync_repository, keys))
    return sent


def _publish(joint: Joint, feed: Feed, today: date, now: datetime) -> bool:
    shown = [compute_view(joint.store, year, today) for year in _years(joint.store, today)]
    made = {each.year: _events(joint.store, feed, each, now) for each in shown}
    found = sorted((event for each in made.values() for event in each), key=lambda each: (each.start, each.uid))
    name = feed.options.name or translator_for(feed.options.language).localise(msg("UP timetable"))
    body = write_calendar(found, name, REFRESH_INTERVAL, _groups(shown) if feed.has_groups else ())
    sent = joint.service.with_account(
        lambda account: feeds.publish(account, joint.store.sync_repository, feed.key, feed.token, body)
    )
    if sent:
        for year, each in made.items():
            target = _target(feed, year)
            store_revisions(joint.store, target, updated_revisions(each, revisions(joint.store, target)))
    return sent


def _groups(shown: Iterable[View]) -> Iterator[str]:
    for each in shown:
        with suppress(InvalidInput):  # nothing is chosen
            yield link_of(choices_of_timetable(each.timetable, SharedKind.GROUPS))


def _events(store: Store, feed: Feed, shown: View, now: datetime) -> tuple[CalendarEvent, ...]:
    known = revisions(store, _target(feed, shown.year))
    options = replace(feed.options, alarms=shown.alarms)  # alarms are one setting for all exports
    found = calendar_events(shown.timetable, shown.calendar, options, store.namespace, known, now)
    return tuple(event for event in found if not event.cancelled)  # subscribers read the whole file: no need to cancel


def _years(store: Store, today: date) -> tuple[int, ...]:
    """The stored years from this one on; if there are none, the latest one."""
    years = store.years()
    return tuple(year for year in years if year >= today.year) or years[-1:]


def _target(feed: Feed, year: int) -> str:
    return f"feed {feed.key} {year}"
