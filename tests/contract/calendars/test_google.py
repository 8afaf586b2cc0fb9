"""Google Calendar against a server checked by Google's own discovery document: sign-in, faults, writing."""

import argparse
import contextlib
import itertools
import json
import logging
import threading
import webbrowser
from dataclasses import replace
from datetime import UTC, date, datetime, time
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from desktop.app import App
from desktop.calendars import google as google_calendar
from desktop.calendars.events import calendar_events
from desktop.calendars.google import COLOUR_IDS, GoogleTarget, event_id, event_resource, fingerprint
from desktop.calendars.google_sign_in import SCOPE_EXISTING, SCOPE_OWN, GoogleClient, GoogleSignIn
from desktop.calendars.options import ExportOptions
from desktop.calendars.push import execute_plan, prepare_push, remove_everything
from desktop.calendars.push_plan import StepKind
from desktop.cli import push as command
from desktop.domain.commands.edits import save_event
from desktop.domain.errors import AppError, Cancelled, InvalidInput, NotAllowed, NotReachable
from desktop.domain.timetable.events import OwnEvent
from desktop.domain.timetable.modules import Colour
from desktop.workflows import push as workflow
from desktop.workflows.timetable import apply_act, compute_view
from tests.clients.google_server import Fault, UnknownCall, check_body, method_of
from tests.clients.timetables import CALENDAR, NAMESPACE, NOW, twelve_modules
from tests.contract.calendars.memory import MemoryPushStates
from tests.contract.calendars.other_programs import GoogleUser
from tests.contract.calendars.test_targets import TIMETABLE, moved, uid_of, uids


def found(timetable=TIMETABLE):
    return calendar_events(timetable, CALENDAR, ExportOptions(), NAMESPACE, None, NOW)


def push(target, push_states, timetable=TIMETABLE, overwrite=()):
    drawn = prepare_push(target, push_states, found(timetable), {2026}, overwrite)
    return execute_plan(drawn, target, push_states, {2026}, overwrite)


CHOIR = OwnEvent("2026/event/choir", 2026, "Choir", time(18), time(19), on=date(2026, 3, 3))


@pytest.fixture
def push_states() -> MemoryPushStates:
    return MemoryPushStates()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def target(signed_in, pauses) -> GoogleTarget:
    clock = itertools.count(1_800_000_000, 60).__next__
    return GoogleTarget(signed_in, NAMESPACE, "UP 2026", "2026", pause=pauses.append, now=clock)


@pytest.fixture
def hand(google_world):
    return google_world[1]


# Signing in


def test_signing_in_goes_through_the_browser_and_keeps_the_tokens(google, tokens, browse):
    sign_in = GoogleSignIn(google.client(), tokens)
    assert not sign_in.is_signed_in
    sign_in.sign_in(browse)
    assert sign_in.is_signed_in
    assert google.access_tokens[sign_in.token()] == "https://www.googleapis.com/auth/calendar.app.created"
    assert set(tokens.kept) == {"google"}


def test_an_answer_that_nobody_asked_for_is_not_believed(google, tokens):
    told = []

    def forged(address: str) -> None:
        question = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

        def go() -> None:
            for state in ("", "guessed"):
                try:
                    urlopen(f"{question['redirect_uri']}?state={state}&code=stolen", timeout=10).close()
                except HTTPError as refused:
                    told.append(refused.code)
                    refused.close()
            urlopen(google.grant(question), timeout=10).close()

        threading.Thread(target=go, daemon=True).start()

    sign_in = GoogleSignIn(google.client(), tokens)
    sign_in.sign_in(forged)
    assert told == [404, 404]
    assert sign_in.is_signed_in


def test_saying_no_in_the_browser_is_understood(google, tokens):
    def refuse(address: str) -> None:
        question = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        url = f"{question['redirect_uri']}?state={question['state']}&error=access_denied"
        threading.Thread(target=lambda: urlopen(url, timeout=10).close(), daemon=True).start()

    with pytest.raises(NotAllowed, match="told not to let"):
        GoogleSignIn(google.client(), tokens).sign_in(refuse)


def test_signing_in_can_be_stopped_and_does_not_wait_for_ever(google, tokens):
    with pytest.raises(Cancelled):
        GoogleSignIn(google.client(), tokens).sign_in(lambda address: None, cancelled=lambda: True)
    with pytest.raises(NotReachable, match="was not completed"):
        GoogleSignIn(google.client(), tokens).sign_in(lambda address: None, wait=0)


def test_an_unknown_client_id_is_said(google, tokens, browse):
    with pytest.raises(NotAllowed, match="client id"):
        GoogleSignIn(google.client("someone-else"), tokens).sign_in(browse)
    with pytest.raises(InvalidInput, match="no client id"):
        GoogleClient(" ")


def test_a_calendar_left_out_of_the_grant_is_said(google, tokens, browse):
    whole = google.grant
    google.grant = lambda question: whole(
        question | {"scope": "https://www.googleapis.com/auth/calendar.events.freebusy"}
    )
    with pytest.raises(NotAllowed, match="not to the calendar"):
        GoogleSignIn(google.client(), tokens).sign_in(browse)


def test_an_expired_token_is_refreshed(google, tokens, browse, push_states, signed_in):
    clock = [0.0]
    sign_in = GoogleSignIn(google.client(), tokens, now=lambda: clock[0])
    sign_in.sign_in(browse)
    first = sign_in.token()
    clock[0] = 3000
    assert sign_in.token() == first
    clock[0] = 3599
    assert sign_in.token() != first


def test_a_token_that_google_forgot_early_is_refreshed_at_once(google, target, push_states):
    push(target, push_states)
    google.access_tokens.clear()
    assert push(target, push_states, moved()).written == 1
    google.access_tokens.clear()
    assert push(target, push_states, twelve_modules()).written > 50


def test_revoked_access_is_explained_and_signing_in_again_helps(google, target, push_states, signed_in, browse):
    push(target, push_states)
    google.revoke_all()
    with pytest.raises(NotAllowed, match="no longer lets this program in") as told:
        push(target, push_states, moved())
    assert "Sign in to Google again" in told.value.hint
    assert not signed_in.is_signed_in
    with pytest.raises(NotAllowed, match="not signed in"):
        push(target, push_states, moved())
    signed_in.sign_in(browse)
    assert push(target, push_states, moved()).written == 1


def test_signing_out_gives_the_access_back(google, signed_in, tokens):
    signed_in.sign_out()
    assert not google.refresh_tokens
    assert not tokens.kept


# What is written


def test_an_event_says_all_it_should(google, target, push_states):
    push(target, push_states, twelve_modules())
    (calendar,) = google.calendars.values()
    assert google.summaries.popitem()[1] == "UP 2026"
    by_title = {event["summary"]: event for event in calendar.values() if "recurrence" in event}
    series = by_title["COS 214 · L1"]
    assert series["start"] == {"dateTime": "2026-02-16T07:30:00+02:00", "timeZone": "Africa/Johannesburg"}
    assert series["recurrence"][0] == "RRULE:FREQ=WEEKLY;UNTIL=20260518T215959Z"
    assert series["recurrence"][1] == (
        "EXDATE;TZID=Africa/Johannesburg:20260330T073000,20260406T073000,20260427T073000"
    )
    assert series["location"] == "IT 2-26"
    exam = next(event for event in calendar.values() if "Exam" in event["summary"])
    assert exam["reminders"]["overrides"] == [
        {"method": "popup", "minutes": 1440},
        {"method": "popup", "minutes": 120},
        {"method": "popup", "minutes": 60},
    ]


def test_the_eleven_colours_are_googles():
    assert sorted(COLOUR_IDS.values(), key=int) == [str(number) for number in range(1, 12)]
    assert set(COLOUR_IDS) == set(Colour)


def test_ids_are_of_the_alphabet_that_google_takes():
    assert event_id("6f0a1f6e-5c2c-5e1c-9f57-0d7c2f5b8a11") == "6f0a1f6e5c2c5e1c9f570d7c2f5b8a11"


def test_a_time_told_in_another_zone_is_the_same_time():
    event = found()[0]
    plain = event_resource(event, 2026, "me")
    there = json.loads(json.dumps(plain))
    for edge in ("start", "end"):
        local = datetime.fromisoformat(plain[edge]["dateTime"]).replace(tzinfo=ZoneInfo("Africa/Johannesburg"))
        there[edge] = {"dateTime": local.astimezone(UTC).isoformat(), "timeZone": "Europe/London"}
    assert fingerprint(there) == fingerprint(plain)
    assert fingerprint(there | {"colorId": "3"}) != fingerprint(plain)


def test_the_document_knows_what_it_does_not_have():
    with pytest.raises(UnknownCall):
        check_body("Event", {"summery": "x"})
    with pytest.raises(UnknownCall):
        check_body("Event", {"reminders": {"useDefault": "no"}})
    with pytest.raises(UnknownCall):
        method_of("POST", "calendars/x/eventz")


# What it costs


def test_a_push_without_changes_is_one_request(google, target, push_states):
    push(target, push_states, twelve_modules())
    push(target, push_states, twelve_modules())
    google.seen.clear()
    assert push(target, push_states, twelve_modules()).written == 0
    assert [verb for verb, _, _ in google.seen] == ["GET"]


def test_a_first_push_goes_in_batches(target, push_states):
    push(target, push_states, twelve_modules())
    assert target._api.requests == 1 + 2  # the calendar, and two batches of fifty


def test_a_token_that_google_forgot_costs_a_whole_listing(google, target, push_states):
    push(target, push_states)
    push(target, push_states)
    google.oldest_token = 10**9
    assert set(prepare_push(target, push_states, found(), {2026}).counts()) == {StepKind.KEEP}


# What the student does there


def test_one_date_moved_there_is_a_change_to_the_series(target, push_states, hand):
    push(target, push_states)
    push(target, push_states)
    uid = uid_of("L2")
    hand.move_one_date(uid, "2026-03-11")
    for _ in range(2):
        done = push(target, push_states, moved())
        assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.CHANGED_THERE, uid)]
        assert not hand.says(uid, "Aula")
    lost = MemoryPushStates()
    state = push_states.get(target.key)
    lost.put(target.key, type(state)(state.calendar, state.made))
    assert [step.uid for step in push(target, lost, moved()).kept_changes] == [uid]


def test_the_timetables_version_brings_single_dates_back(google, target, push_states, hand):
    push(target, push_states)
    uid = uid_of("L2")
    hand.move_one_date(uid, "2026-03-11")
    hand.delete_one_date(uid, "2026-03-18")
    assert push(target, push_states, overwrite={uid}).written == 1
    (calendar,) = google.calendars.values()
    for day in ("2026-03-11", "2026-03-18"):
        restored = calendar[f"{UUID(uid).hex}_{day}"]
        assert restored["status"] == "confirmed"
        start, planned = (datetime.fromisoformat(restored[name]["dateTime"]) for name in ("start", "originalStartTime"))
        assert start == planned
    done = push(target, push_states, moved())
    assert not done.kept_changes
    assert done.written == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"end": {"dateTime": "2026-03-11T12:00:00+02:00", "timeZone": "Africa/Johannesburg"}},
        {"colorId": "4"},
        {"reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]}},
        {"transparency": "transparent"},
        {"summary": "Guest lecture"},
    ],
)
def test_whatever_was_changed_of_one_date_is_kept_and_can_be_brought_back(google, target, push_states, hand, changed):
    push(target, push_states)  # after which everything is listed, the series too
    uid = uid_of("L2")
    hand.change_one_date(uid, "2026-03-11", **changed)
    done = push(target, push_states, moved())
    assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.CHANGED_THERE, uid)]
    (calendar,) = google.calendars.values()
    date = calendar[f"{UUID(uid).hex}_2026-03-11"]
    assert {name: date[name] for name in changed} == changed
    assert not push(target, push_states, moved(), overwrite={uid}).kept_changes
    date, series = calendar[f"{UUID(uid).hex}_2026-03-11"], calendar[UUID(uid).hex]
    for name in changed.keys() - {"end"}:
        assert date.get(name) == series.get(name)
    ends = datetime.fromisoformat(date["end"]["dateTime"]).astimezone(ZoneInfo("Africa/Johannesburg"))
    assert ends.time() == datetime.fromisoformat(series["end"]["dateTime"]).time()
    assert not push(target, push_states, moved()).kept_changes


def test_a_date_that_says_what_its_series_says_is_no_change(target, push_states, hand):
    push(target, push_states)
    hand.change_one_date(uid_of("L2"), "2026-03-11")
    done = push(target, push_states, moved())
    assert (done.kept_changes, done.written) == ((), 1)


def test_this_and_following_changed_there_is_kept_as_it_is(target, push_states, hand):
    push(target, push_states)
    push(target, push_states)
    uid = uid_of("L2")
    hand.change_from(uid, "2026-04-15", "COS 212 in the lab")
    for _ in range(2):
        done = push(target, push_states, moved())
        assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.CHANGED_THERE, uid)]
        assert "COS 212 in the lab" in hand.titles()


def test_the_timetables_version_takes_the_place_of_this_and_following_too(target, push_states, hand):
    push(target, push_states)
    uid = uid_of("L2")
    hand.change_from(uid, "2026-04-15", "COS 212 in the lab")
    assert push(target, push_states, overwrite={uid}).written == 1
    assert "COS 212 in the lab" not in hand.titles()
    assert hand.uids() == uids()
    assert push(target, push_states).written == 0


@pytest.mark.parametrize("begins", ["stays", "is deleted", "is forgotten here"])
def test_remove_everything_leaves_nothing_that_was_split_off(google, target, push_states, hand, begins):
    push(target, push_states)
    uid = uid_of("L2")
    hand.change_from(uid, "2026-04-15", "COS 212 in the lab")
    hand.change_from(uid_of("L1"), "2026-05-04", "Another")
    if begins == "is deleted":
        hand.remove(uid)
    if begins == "is forgotten here":
        hand.remove(uid)
        push_states.put(target.key, replace(push_states.get(target.key), entries={}, token=""))
    remove_everything(target, push_states)
    assert google.calendars == {}, "nothing is left, so the calendar went too"


def test_a_series_of_the_student_that_was_split_is_left_alone(target, push_states, hand):
    push(target, push_states)
    own = {"status": "confirmed", "summary": "Mine", "start": {}, "end": {}, "recurrence": []}
    for key in ("mine2026", "mine2026_R20260415T100000"):
        hand.server.change(hand._calendar, own | {"id": key})
    hand.change_from(uid_of("L2"), "2026-04-15", "COS 212 in the lab")
    remove_everything(target, push_states)
    assert hand.uids() == {"mine2026", "mine2026_R20260415T100000"}


def test_an_event_that_google_forgot_but_whose_id_it_keeps_comes_back(google, target, push_states, hand):
    push(target, push_states)
    uid = uid_of("L2")
    push(target, push_states, replace(TIMETABLE, meetings=TIMETABLE.meetings[:1]))
    google.purged.add(UUID(uid).hex)
    assert not push(target, push_states).refused
    assert hand.uids() == uids()


def test_an_event_that_cannot_come_back_is_said_and_does_not_hold_up_the_others(google, target, push_states, hand):
    push(target, push_states)
    uid = uid_of("L2")
    push(target, push_states, replace(TIMETABLE, meetings=TIMETABLE.meetings[:1]))
    google.purged.add(UUID(uid).hex)
    google.lets_come_back = False
    done = push(target, push_states)
    assert [reason for _, reason in done.refused] == [google_calendar._CANNOT_COME_BACK]
    assert hand.uids() == uids() - {uid}


def test_a_single_date_deleted_in_a_students_own_calendar_is_seen(google, tokens, browse, push_states):
    google.calendars["work"], google.versions["work"] = {}, {}
    sign_in = GoogleSignIn(google.client(), tokens)
    sign_in.sign_in(browse, SCOPE_EXISTING)
    target = GoogleTarget(sign_in, NAMESPACE, "Work", calendar="work", pause=lambda seconds: None)
    hand, uid = GoogleUser(google), uid_of("L2")
    google.change("work", {"id": "meeting1", "status": "confirmed", "summary": "Mine"})
    push(target, push_states)
    hand.delete_one_date(uid, "2026-03-18")
    for _ in range(2):
        done = push(target, push_states, moved())
        assert [(step.kind, step.uid) for step in done.kept_changes] == [(StepKind.CHANGED_THERE, uid)]
    assert not push(target, push_states, moved(), overwrite={uid}).kept_changes
    assert google.calendars["work"][f"{UUID(uid).hex}_2026-03-18"]["status"] == "confirmed"
    assert push(target, push_states, moved()).written == 0


def test_of_other_events_in_a_students_own_calendar_only_ids_are_asked_once_the_first_push_is_shown(
    google, tokens, browse, push_states
):
    google.calendars["work"], google.versions["work"] = {}, {}
    sign_in = GoogleSignIn(google.client(), tokens)
    sign_in.sign_in(browse, SCOPE_EXISTING)
    for _ in range(2):
        google.seen.clear()
        push(GoogleTarget(sign_in, NAMESPACE, "Work", calendar="work", pause=lambda seconds: None), push_states)
    listed = [parse_qs(urlsplit(path).query) for verb, path, _ in google.seen if verb == "GET"]
    assert listed
    for query in listed:
        assert "privateExtendedProperty" in query or query["fields"] == [
            "items(id,status,recurringEventId,originalStartTime),nextPageToken"
        ]


def test_a_restored_profile_finds_its_calendar_again(google, signed_in, target, push_states):
    push(target, push_states)
    again = GoogleTarget(signed_in, NAMESPACE, "UP 2026", "2026", pause=lambda seconds: None)
    assert push(again, MemoryPushStates()).written == 0
    assert len(google.calendars) == 1


def test_an_existing_calendar_can_be_chosen(google, tokens, browse, push_states):
    google.calendars["work"], google.versions["work"] = {}, {}
    sign_in = GoogleSignIn(google.client(), tokens)
    sign_in.sign_in(browse, SCOPE_EXISTING)
    google.change("work", {"id": "meeting1", "status": "confirmed", "summary": "Mine"})
    target = GoogleTarget(sign_in, NAMESPACE, "Work", calendar="work", pause=lambda seconds: None)
    push(target, push_states)
    assert push(target, push_states).written == 0
    assert push(target, push_states, moved()).written == 1
    remove_everything(target, push_states)
    assert [event["summary"] for event in google.calendars["work"].values() if event["status"] != "cancelled"] == [
        "Mine"
    ]


def test_what_the_person_allowed_is_known_for_as_long_as_one_is_signed_in(google, tokens, browse):
    sign_in = GoogleSignIn(google.client(), tokens)
    assert not sign_in.allows(SCOPE_OWN)
    sign_in.sign_in(browse)
    assert sign_in.allows(SCOPE_OWN)
    assert not sign_in.allows(SCOPE_EXISTING)
    sign_in.sign_in(browse, SCOPE_EXISTING)
    sign_in.token(fresh=True)
    assert GoogleSignIn(google.client(), tokens).allows(SCOPE_EXISTING)
    kept = json.loads(tokens.kept["google"])
    del kept["scope"]  # as it was kept before it was noted
    tokens.save("google", json.dumps(kept))
    assert sign_in.allows(SCOPE_OWN)
    assert not sign_in.allows(SCOPE_EXISTING)


def test_a_command_asks_for_the_calendar_that_it_names(google, tokens, browse, tmp_path, monkeypatch):
    google.calendars["work"], google.versions["work"] = {}, {}
    asked = []

    def open_browser(address: str) -> None:
        asked.append(parse_qs(urlsplit(address).query)["scope"][0])
        browse(address)

    monkeypatch.setattr(workflow, "GoogleClient", lambda *_: google.client())
    monkeypatch.setattr(App, "vault", lambda _app: tokens)
    monkeypatch.setattr(webbrowser, "open", open_browser)
    with App.open(tmp_path / "profile") as app:
        apply_act(app.store, save_event(compute_view(app.store, 2026, NOW.date()).timetable, CHOIR))
    wished = argparse.Namespace(profile=tmp_path / "profile", year=2026, plan=False, remove_all=False)
    for calendar in ("", "work", "work", ""):
        wished.calendar = calendar
        assert command.google(wished) == 0
    assert asked == [" ".join(SCOPE_OWN), " ".join(SCOPE_EXISTING)], "what is allowed is not asked for again"
    assert len(google.calendars) == 2
    assert all(len(events) == 1 for events in google.calendars.values())


# Faults


def test_too_fast_is_tried_again_with_growing_pauses(google, target, push_states, pauses):
    said = iter(range(10**6))
    google.part_fault = lambda verb, path: Fault("say", 403, "rateLimitExceeded") if next(said) % 3 == 0 else None
    push(target, push_states)
    assert pauses
    assert all(pause > 0 for pause in pauses)
    google.part_fault = lambda verb, path: None
    assert set(prepare_push(target, push_states, found(), {2026}).counts()) == {StepKind.KEEP}


def test_a_named_pause_is_kept(google, target, push_states, pauses):
    push(target, push_states)
    said = iter(range(100))
    google.fault = lambda verb, path: (
        Fault("say", 503, "backendError", {"Retry-After": "42"}) if next(said) == 0 else None
    )
    push(target, push_states)
    assert pauses == [42]


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Fault("say", 403, "quotaExceeded"), NotAllowed, "one of its limits"),
        (Fault("say", 403, "forbidden"), NotAllowed, "does not allow changes"),
        (Fault("say", 403, "userRateLimitExceeded"), NotReachable, "too busy"),
        (Fault("say", 429, "rateLimitExceeded"), NotReachable, "too busy"),
        (Fault("say", 500, "backendError"), NotReachable, "too busy"),
        (Fault("say", 401, "authError"), NotAllowed, "does not let this program at"),
        (Fault("say", 404, "notFound"), AppError, "no longer in Google Calendar"),
    ],
)
def test_every_no_is_said_in_words_and_the_next_push_succeeds(google, target, push_states, fault, kind, words):
    google.part_fault = lambda verb, path: fault
    with pytest.raises(kind) as told:
        push(target, push_states)
    assert words in told.value.title
    assert told.value.hint
    google.part_fault = lambda verb, path: None
    push(target, push_states)
    assert set(prepare_push(target, push_states, found(), {2026}).counts()) == {StepKind.KEEP}


@pytest.mark.parametrize("kind", ["refuse", "lose"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_push_cut_off_anywhere_doubles_nothing(google, target, push_states, hand, kind, number):
    count = iter(range(1000))
    google.fault = lambda verb, path: Fault(kind) if next(count) == number else None
    with contextlib.suppress(NotReachable):
        push(target, push_states)
    google.fault = lambda verb, path: None
    push(target, push_states)
    alive = [
        each for calendar in google.calendars.values() for each in calendar.values() if each["status"] != "cancelled"
    ]
    assert sorted(str(UUID(each["id"])) for each in alive) == sorted(uids())


def test_an_event_that_google_will_not_have_does_not_hold_up_the_others(google, target, push_states):
    first = iter([True])
    google.part_fault = lambda verb, path: Fault("say", 400, "invalid") if next(first, False) else None
    done = push(target, push_states)
    assert (done.written, len(done.refused)) == (len(uids()) - 1, 1)
    google.part_fault = lambda verb, path: None
    assert push(target, push_states).written == 1


def test_nothing_secret_and_no_event_stands_in_a_log(google, tokens, browse, push_states, caplog):
    caplog.set_level(logging.DEBUG)
    sign_in = GoogleSignIn(google.client(), tokens)
    sign_in.sign_in(browse)
    target = GoogleTarget(sign_in, NAMESPACE, "UP 2026", "2026", pause=lambda seconds: None)
    push(target, push_states)
    google.fault = lambda verb, path: Fault("say", 500, "backendError")
    with contextlib.suppress(AppError):
        push(target, push_states, moved())
    told = caplog.text + repr(sign_in) + repr(sign_in.client) + repr(target)
    kept = json.loads(tokens.kept["google"])
    for secret in (kept["access"], kept["refresh"], "code-", "COS 212", "IT 2-26", "Bearer"):
        assert secret not in told
