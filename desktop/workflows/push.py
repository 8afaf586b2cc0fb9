"""Pushing a timetable into an online calendar: read it, make a plan to show, then carry the plan out.

A target is one calendar. Its password or token is never in the store, but among the secrets of this machine, and a
password only if the user chose to keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from desktop.calendars.access import SERVICES, CalDavCredentials, CredentialStore, SecretStore
from desktop.calendars.caldav import CalDavTarget
from desktop.calendars.dav import DavConnection
from desktop.calendars.event import CalendarEvent
from desktop.calendars.events import calendar_events
from desktop.calendars.google import GoogleTarget, calendar_memo_name
from desktop.calendars.google_sign_in import SCOPE_EXISTING, SCOPE_OWN, GoogleClient, GoogleSignIn, forget_sign_in
from desktop.calendars.options import ExportOptions
from desktop.calendars.presets import service_address, trusted_domains
from desktop.calendars.push import PushResult, Target, execute_plan, prepare_push, remove_everything
from desktop.calendars.push_plan import PushPlan, PushStep
from desktop.calendars.push_state import Presence, TargetState, state_from_json
from desktop.calendars.revisions import updated_revisions
from desktop.domain.codec import from_plain, to_plain
from desktop.domain.errors import InvalidInput
from desktop.store import Store
from desktop.workflows.export import revisions, store_revisions
from desktop.workflows.timetable import View

__all__ = [
    "SERVICES",
    "CalDavCredentials",
    "GoogleClient",
    "GoogleSignIn",
    "LastPush",
    "PlannedPush",
    "PushPlan",
    "PushResult",
    "PushStep",
    "Target",
    "caldav_target",
    "carry_out_push",
    "connect_caldav",
    "forget_access",
    "forget_last_push",
    "google_sign_in",
    "google_target",
    "holds_events",
    "kept_access",
    "last_pushes",
    "plan_push",
    "remove_pushed_events",
    "store_last_push",
    "written_kinds",
]

_STATES_TARGET = "push"
_LAST_PUSHES_TARGET = "push/last"


class StoredPushState:
    """The push states of all targets, in the store; implements `calendars.push_state.PushStateStore`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, target: str) -> TargetState:
        plain = self._store.external_state.read(_STATES_TARGET).get(target)
        try:
            return TargetState() if plain is None else state_from_json(plain)
        except InvalidInput:
            return TargetState()  # events in the calendar carry a mark of this program, so they are found again

    def put(self, target: str, state: TargetState) -> None:
        self._store.external_state.put(_STATES_TARGET, target, state.to_json())


def connect_caldav(typed: str, user: str, password: str, service: str = "") -> DavConnection:
    """Connect to a CalDAV server by the address that the student typed; the caller closes it. Raises AppErrors.

    `service` is one of `SERVICES` if it is known, else empty.
    """
    address = service_address(service, typed)
    return DavConnection(address, user, password, trusted_domains=trusted_domains(typed, address))


def caldav_target(store: Store, view: View, connection: DavConnection, calendar: str = "") -> CalDavTarget:
    """The calendar at the address `calendar`; if empty, one for the year of `view`, created when first needed."""
    return CalDavTarget(connection, store.namespace, _calendar_name(view), str(view.year), calendar)


def google_sign_in(store: Store, secrets: SecretStore, client: GoogleClient) -> GoogleSignIn:
    """The sign-in of this profile to Google, whether it has been made or not."""
    return GoogleSignIn(client, secrets, _google_secret_name(store))


def google_scopes(calendar: str = "") -> tuple[str, ...]:
    """The OAuth scopes to request: the program's own calendars, or with `calendar` also the events of an existing
    one."""
    return SCOPE_EXISTING if calendar else SCOPE_OWN


def _google_secret_name(store: Store) -> str:
    return f"google {store.namespace}"


def kept_access(store: Store, secrets: SecretStore) -> CredentialStore:
    """The credentials of this profile's calendars that are kept on this machine."""
    return CredentialStore(secrets, str(store.namespace))


def forget_access(store: Store, secrets: SecretStore) -> None:
    """Delete all credentials of this profile's calendars from this machine. Raises FileError, StorageError."""
    kept_access(store, secrets).remove_all()
    years = {*store.years(), *(each.year for each in last_pushes(store))}
    forget_sign_in(
        secrets, _google_secret_name(store), (calendar_memo_name(store.namespace, str(year)) for year in years)
    )


def google_target(store: Store, view: View, sign_in: GoogleSignIn, calendar: str = "") -> GoogleTarget:
    """The calendar with the id `calendar`; if empty, one for the year of `view`, created when first needed."""
    return GoogleTarget(sign_in, store.namespace, _calendar_name(view), str(view.year), calendar)


def _calendar_name(view: View) -> str:
    return f"UP {view.year}"


@dataclass(frozen=True, slots=True)
class PlannedPush:
    """A push that is planned but not carried out: the plan to show, and the events that it was made from."""

    plan: PushPlan
    year: int
    events: tuple[CalendarEvent, ...]
    overwrite: frozenset[str]

    @property
    def event_count(self) -> int:
        """The number of events that are not cancelled."""
        return sum(1 for event in self.events if not event.cancelled)


def plan_push(
    store: Store,
    view: View,
    target: Target,
    options: ExportOptions,
    now: datetime,
    overwrite: Collection[str] = (),
) -> PlannedPush:
    """Read the calendar and make the plan of a push; nothing is written.

    `overwrite` holds UIDs: of events that were changed in the calendar and are to be overwritten, and of look-alikes to
    delete. Raises NotReachable, NotAllowed, NeedsDecision, InvalidInput.
    """
    known = revisions(store, _revisions_target(target, view.year))
    options = replace(options, alarms=view.alarms)  # alarms are one setting for all exports
    found = calendar_events(view.timetable, view.calendar, options, store.namespace, known, now)
    drawn = prepare_push(target, StoredPushState(store), found, [view.year], overwrite)
    return PlannedPush(drawn, view.year, found, frozenset(overwrite))


def carry_out_push(
    store: Store,
    drawn: PlannedPush,
    target: Target,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PushResult:
    """Carry out a planned push; `progress` is called with the number of writes done and their total. After a
    cancellation or an interruption, the next push continues.

    Raises Cancelled, NotReachable, NotAllowed, NeedsDecision (the calendar is gone), StorageError.
    """
    push_states = StoredPushState(store)
    done = execute_plan(drawn.plan, target, push_states, [drawn.year], drawn.overwrite, progress, cancelled)
    name = _revisions_target(target, drawn.year)
    store_revisions(store, name, updated_revisions(drawn.events, revisions(store, name)))
    return done


def remove_pushed_events(
    store: Store,
    target: Target,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PushResult:
    """Delete every event that was ever pushed to a target, and the calendar itself if this program created it."""
    return remove_everything(target, StoredPushState(store), progress, cancelled)


def written_kinds(store: Store) -> frozenset[str]:
    """The kinds (`google`, `caldav`) of the calendars that still hold events pushed from this machine."""
    found = set()
    for target, plain in store.external_state.read(_STATES_TARGET).items():
        try:
            holds = _holds_events(state_from_json(plain))
        except InvalidInput:
            holds = True  # a state of another version: something was written
        if holds:
            found.add(target.partition(":")[0])
    return frozenset(found)


def holds_events(drawn: PlannedPush) -> bool:
    """True if the calendar that was read holds events of this profile, pushed from any machine."""
    return _holds_events(drawn.plan.state)


def _holds_events(state: TargetState) -> bool:
    return state.made or any(entry.presence is not Presence.GONE for entry in state.entries.values())


@dataclass(frozen=True, slots=True)
class LastPush:
    """The last push to a calendar: the calendar's name here, and how many events of which year it holds."""

    title: str
    year: int
    events: int
    at: datetime  # aware


def store_last_push(store: Store, target: Target, title: str, year: int, events: int, at: datetime) -> None:
    """Store the last push to a calendar. Raises StorageError."""
    store.external_state.put(_LAST_PUSHES_TARGET, target.key, to_plain(LastPush(title, year, events, at)))


def forget_last_push(store: Store, target: Target) -> None:
    """Delete the stored last push to a calendar, after everything was removed from it."""
    store.external_state.put(_LAST_PUSHES_TARGET, target.key, None)


def last_pushes(store: Store) -> tuple[LastPush, ...]:
    """The last push to each calendar that holds events of this profile, the latest first."""
    found = []
    for plain in store.external_state.read(_LAST_PUSHES_TARGET).values():
        try:
            found.append(from_plain(LastPush, plain))
        except InvalidInput:
            continue  # of another version
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def _revisions_target(target: Target, year: int) -> str:
    return f"{target.key} {year}"
