"""Pushing a timetable into an online calendar: read it, make a plan to show, then carry the plan out.

A target is one calendar. Its password or token is never in the store, but among the secrets of this machine, and a
password only if the user chose to keep it.
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
    """The push states of all targets, in the store; implements `calendars.push_state.PushStateStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, target: str) -> TargetState:
        plain = self._store.external_state.read(_LEDGER).get(target)
        try:
            return TargetState() if plain is None else state_from_json(plain)
        except InvalidInput:
            return TargetState()  # events in the calendar carry a mark of this program, so they are found again

    def put(self, target: str, state: TargetState) -> None:
        self._store.external_state.put(_LEDGER, target, state.to_json())


def connect(typed: str, user: str, password: str, service: str = "") -> Connection:
    """Connect to a CalDAV server by the address that the student typed; the caller closes it. Raises AppErrors.

    `service` is one of `SERVICES` if it is known, else empty.
    """
    address = address_at(service, typed)
    return Connection(address, user, password, agreed=agreed_hosts(typed, address))


def caldav_target(store: Store, view: View, connection: Connection, calendar: str = "") -> CalDavTarget:
    """The calendar at the address `calendar`; if empty, one for the year of `view`, created when first needed."""
    return CalDavTarget(connection, store.namespace, _name(view), str(view.year), calendar)


def google_sign_in(store: Store, secrets: Secrets, client: GoogleClient) -> GoogleSignIn:
    """The sign-in of this profile to Google, whether it has been made or not."""
    return GoogleSignIn(client, secrets, _google(store))


def google_scopes(calendar: str = "") -> tuple[str, ...]:
    """The OAuth scopes to request: the program's own calendars, or with `calendar` also the events of an existing
    one."""
    return SCOPE_EXISTING if calendar else SCOPE_OWN


def _google(store: Store) -> str:
    return f"google {store.namespace}"


def kept_access(store: Store, secrets: Secrets) -> KeptAccess:
    """The credentials of this profile's calendars that are kept on this machine."""
    return KeptAccess(secrets, str(store.namespace))


def forget_access(store: Store, secrets: Secrets) -> None:
    """Delete all credentials of this profile's calendars from this machine. Raises FileTrouble, StorageTrouble."""
    kept_access(store, secrets).forget_all()
    years = {*store.years(), *(each.year for each in last_pushes(store))}
    forget_sign_in(secrets, _google(store), (remembered_as(store.namespace, str(year)) for year in years))


def google_target(store: Store, view: View, sign_in: GoogleSignIn, calendar: str = "") -> GoogleTarget:
    """The calendar with the id `calendar`; if empty, one for the year of `view`, created when first needed."""
    return GoogleTarget(sign_in, store.namespace, _name(view), str(view.year), calendar)


def _name(view: View) -> str:
    return f"UP {view.year}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A push that is planned but not carried out: the plan to show, and the events that it was made from."""

    plan: PushPlan
    year: int
    events: tuple[CalendarEvent, ...]
    overwrite: frozenset[str]

    @property
    def standing(self) -> int:
        """The number of events that are not cancelled."""
        return sum(1 for event in self.events if not event.cancelled)


def draw_up_push(
    store: Store,
    view: View,
    target: Target,
    options: ExportOptions,
    now: datetime,
    overwrite: Collection[str] = (),
) -> Drawn:
    """Read the calendar and make the plan of a push; nothing is written.

    `overwrite` holds UIDs: of events that were changed in the calendar and are to be overwritten, and of look-alikes to
    delete. Raises NotReachable, NotAllowed, NeedsDecision, InvalidInput.
    """
    known = revisions(store, _revisions(target, view.year))
    options = replace(options, alarms=view.alarms)  # alarms are one setting for all exports
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
    """Carry out a planned push; `progress` is called with the number of writes done and their total. After a
    cancellation or an interruption, the next push continues.

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
    """Delete every event that was ever pushed to a target, and the calendar itself if this program created it."""
    return remove_everything(target, StoredPushState(store), progress, cancelled)


def written_kinds(store: Store) -> frozenset[str]:
    """The kinds (`google`, `caldav`) of the calendars that still hold events pushed from this machine."""
    found = set()
    for target, plain in store.external_state.read(_LEDGER).items():
        try:
            holds = _holds(state_from_json(plain))
        except InvalidInput:
            holds = True  # a state of another version: something was written
        if holds:
            found.add(target.partition(":")[0])
    return frozenset(found)


def holds_something(drawn: Drawn) -> bool:
    """True if the calendar that was read holds events of this profile, pushed from any machine."""
    return _holds(drawn.plan.state)


def _holds(state: TargetState) -> bool:
    return state.made or any(entry.presence is not Presence.GONE for entry in state.entries.values())


@dataclass(frozen=True, slots=True)
class Pushed:
    """The last push to a calendar: the calendar's name here, and how many events of which year it holds."""

    title: str
    year: int
    events: int
    at: datetime  # aware


def note_push(store: Store, target: Target, title: str, year: int, events: int, at: datetime) -> None:
    """Store the last push to a calendar. Raises StorageTrouble."""
    store.external_state.put(_LAST, target.key, to_plain(Pushed(title, year, events, at)))


def forget_push(store: Store, target: Target) -> None:
    """Delete the stored last push to a calendar, after everything was removed from it."""
    store.external_state.put(_LAST, target.key, None)


def last_pushes(store: Store) -> tuple[Pushed, ...]:
    """The last push to each calendar that holds events of this profile, the latest first."""
    found = []
    for plain in store.external_state.read(_LAST).values():
        try:
            found.append(from_plain(Pushed, plain))
        except InvalidInput:
            continue  # of another version
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def _revisions(target: Target, year: int) -> str:
    return f"{target.key} {year}"
