"""A timetable straight into a calendar that a student uses: looked at, planned and shown, then carried out.

A target is one calendar; its password or token is never in the store, but among the secrets of this machine, and a
password only where a person asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from desktop.calendars.access import SERVICES, Access, KeptAccess, Secrets
from desktop.calendars.caldav import CalDavTarget
from desktop.calendars.dav import Connection
from desktop.calendars.event import CalendarEvent
from desktop.calendars.events import events
from desktop.calendars.google import GoogleTarget, remembered_as
from desktop.calendars.google_sign_in import SCOPE_EXISTING, SCOPE_OWN, GoogleClient, GoogleSignIn, forget_sign_in
from desktop.calendars.options import ExportOptions
from desktop.calendars.presets import address_at, agreed_hosts
from desktop.calendars.push import Done, Target, carry_out, draw_up, remove_everything
from desktop.calendars.push_plan import PushPlan, PushStep
from desktop.calendars.push_state import Presence, TargetState, state_from_json
from desktop.calendars.revisions import revise
from desktop.domain.codec import from_plain, to_plain
from desktop.domain.errors import InvalidInput
from desktop.store import Store
from desktop.workflows.export import keep_revisions, revisions
from desktop.workflows.timetable import View

__all__ = [
    "SERVICES",
    "Access",
    "Done",
    "Drawn",
    "GoogleClient",
    "GoogleSignIn",
    "PushPlan",
    "PushStep",
    "Pushed",
    "Target",
    "caldav_target",
    "carry_out_push",
    "connect",
    "draw_up_push",
    "forget_access",
    "forget_push",
    "google_sign_in",
    "google_target",
    "holds_something",
    "kept_access",
    "last_pushes",
    "note_push",
    "take_away",
    "written_kinds",
]

_LEDGER = "push"
_LAST = "push/last"


class StoredPushState:
    """What was written to each target, kept in the store; satisfies `calendars.push_state.PushStateStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, target: str) -> TargetState:
        plain = self._store.external_state.read(_LEDGER).get(target)
        try:
            return TargetState() if plain is None else state_from_json(plain)
        except InvalidInput:
            return TargetState()  # everything out there carries a mark of its own, and is found again by looking

    def put(self, target: str, state: TargetState) -> None:
        self._store.external_state.put(_LEDGER, target, state.to_json())


def connect(typed: str, user: str, password: str, service: str = "") -> Connection:
    """A connection to a CalDAV server, for what a student typed as its address. Close it. Raises AppErrors.

    `service` is one of `SERVICES` where it is known which.
    """
    address = address_at(service, typed)
    return Connection(address, user, password, agreed=agreed_hosts(typed, address))


def caldav_target(store: Store, view: View, connection: Connection, calendar: str = "") -> CalDavTarget:
    """The calendar at `calendar`, or one of its own for the year shown, made when first needed."""
    return CalDavTarget(connection, store.namespace, _name(view), str(view.year), calendar)


def google_sign_in(store: Store, secrets: Secrets, client: GoogleClient) -> GoogleSignIn:
    """The Google account of this profile, signed in or not."""
    return GoogleSignIn(client, secrets, _google(store))


def google_scopes(calendar: str = "") -> tuple[str, ...]:
    """What Google has to allow: calendars that the program makes, and for one that was there before, its events too."""
    return SCOPE_EXISTING if calendar else SCOPE_OWN


def _google(store: Store) -> str:
    return f"google {store.namespace}"


def kept_access(store: Store, secrets: Secrets) -> KeptAccess:
    """What is kept on this machine to open the profile's calendars again."""
    return KeptAccess(secrets, str(store.namespace))


def forget_access(store: Store, secrets: Secrets) -> None:
    """Nothing is kept on this machine any more that opens a calendar. Raises FileTrouble, StorageTrouble."""
    kept_access(store, secrets).forget_all()
    years = {*store.years(), *(each.year for each in last_pushes(store))}
    forget_sign_in(secrets, _google(store), (remembered_as(store.namespace, str(year)) for year in years))


def google_target(store: Store, view: View, sign_in: GoogleSignIn, calendar: str = "") -> GoogleTarget:
    """The calendar of id `calendar`, or one of its own for the year shown, made when first needed."""
    return GoogleTarget(sign_in, store.namespace, _name(view), str(view.year), calendar)


def _name(view: View) -> str:
    return f"UP {view.year}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a push would do, in full: the plan to show, and the events it is made of."""

    plan: PushPlan
    year: int
    events: tuple[CalendarEvent, ...]
    overwrite: frozenset[str]

    @property
    def standing(self) -> int:
        """How many events the calendar holds of it, cancelled ones left out."""
        return sum(1 for event in self.events if not event.cancelled)


def draw_up_push(
    store: Store,
    view: View,
    target: Target,
    options: ExportOptions,
    now: datetime,
    overwrite: Collection[str] = (),
) -> Drawn:
    """Look at what is there and say what would be done; nothing is written.

    `overwrite` names steps by UID: events that the student changed over there and wants as they are here, and
    look-alikes that are to go. Raises NotReachable, NotAllowed, NeedsDecision, InvalidInput.
    """
    known = revisions(store, _revisions(target, view.year))
    options = replace(options, alarms=view.alarms)  # one setting, for every way of export
    found = events(view.timetable, view.calendar, options, store.namespace, known, now)
    drawn = draw_up(target, StoredPushState(store), found, [view.year], overwrite)
    return Drawn(drawn, view.year, found, frozenset(overwrite))


def carry_out_push(
    store: Store,
    drawn: Drawn,
    target: Target,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Done:
    """Do what was shown; `progress` hears of writes done, of how many. Cancelled or cut off, the next one goes on.

    Raises Cancelled, NotReachable, NotAllowed, NeedsDecision (the calendar is gone), StorageTrouble.
    """
    push_states = StoredPushState(store)
    done = carry_out(drawn.plan, target, push_states, [drawn.year], drawn.overwrite, progress, cancelled)
    name = _revisions(target, drawn.year)
    keep_revisions(store, name, revise(drawn.events, revisions(store, name)))
    return done


def take_away(
    store: Store,
    target: Target,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Done:
    """Remove everything that was ever written there, and the calendar itself where this program made it."""
    return remove_everything(target, StoredPushState(store), progress, cancelled)


def written_kinds(store: Store) -> frozenset[str]:
    """Of which kinds (`google`, `caldav`) a calendar is known to hold something that was written from this machine."""
    found = set()
    for target, plain in store.external_state.read(_LEDGER).items():
        try:
            holds = _holds(state_from_json(plain))
        except InvalidInput:
            holds = True  # of another version: it was written to
        if holds:
            found.add(target.partition(":")[0])
    return frozenset(found)


def holds_something(drawn: Drawn) -> bool:
    """Whether there is something of this profile's in the calendar that was looked at, from whichever machine."""
    return _holds(drawn.plan.state)


def _holds(state: TargetState) -> bool:
    return state.made or any(entry.presence is not Presence.GONE for entry in state.entries.values())


@dataclass(frozen=True, slots=True)
class Pushed:
    """The last time a calendar was written to: what it is called here, and how many events of which year it holds."""

    title: str
    year: int
    events: int
    at: datetime  # aware


def note_push(store: Store, target: Target, title: str, year: int, events: int, at: datetime) -> None:
    """Remember when a calendar was last written to. Raises StorageTrouble."""
    store.external_state.put(_LAST, target.key, to_plain(Pushed(title, year, events, at)))


def forget_push(store: Store, target: Target) -> None:
    """Everything was taken away there."""
    store.external_state.put(_LAST, target.key, None)


def last_pushes(store: Store) -> tuple[Pushed, ...]:
    """The calendars that hold something of this profile, the latest first."""
    found = []
    for plain in store.external_state.read(_LAST).values():
        try:
            found.append(from_plain(Pushed, plain))
        except InvalidInput:
            continue  # of another version
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def _revisions(target: Target, year: int) -> str:
    return f"{target.key} {year}"
