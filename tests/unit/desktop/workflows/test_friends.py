"""Friends' calendars over real HTTP on loopback: fetched politely, stored, compared with one's own week."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from desktop.domain.errors import DocumentRefused, InvalidInput, NotAllowed
from desktop.domain.records.shared_choices import friend_groups
from desktop.domain.timetable.choices import ChoiceKey
from desktop.store import Store
from desktop.workflows import friends, imports, profile, shared_choices, timetable
from tests.unit.desktop.workflows.sample import TODAY, lectures
from tests.unit.desktop.workflows.two_profiles import TwoProfiles

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
MONDAY = date(2026, 3, 2)
CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//f//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    b"SUMMARY:Anatomy\r\nDTSTART:20260302T073000Z\r\nDTEND:20260302T153000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Server:
    """Publishes one calendar, with an ETag."""

    def __init__(self) -> None:
        self.body, self.status, self.asked = CALENDAR, 200, list[str]()
        self.etag = '"1"'
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.headers.get("If-None-Match", ""))
                fresh = self.headers.get("If-None-Match") == outer.etag and outer.status == 200
                self.send_response(304 if fresh else outer.status)
                body = b"" if fresh or outer.status != 200 else outer.body
                self.send_header("ETag", outer.etag)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/calendar.ics"
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.mark.parametrize("years", [-30, 30])
def test_a_clock_that_was_wrong_by_years_stops_nobody_from_asking(store: Store, server: Server, years: int) -> None:
    friend = friends.add(store, "Ann", server.address, loopback=True)
    friends.refresh(store, friend, NOW + timedelta(days=365 * years), loopback=True)
    seen = friends.refresh(store, friend, NOW, loopback=True)
    assert len(server.asked) == 2
    assert [each.title for each in seen.week(MONDAY)] == ["Anatomy"]
    friends.refresh(store, friend, NOW + timedelta(minutes=10), loopback=True)
    assert len(server.asked) == 2


def test_a_friend_is_added_fetched_politely_and_removed(store: Store, server: Server) -> None:
    friend = friends.add(store, " Ann ", server.address, loopback=True)
    assert friends.friends_of(store.records()) == (friend,)
    assert friend.name == "Ann"
    assert friends.last_fetched(store, friend).at is None
    seen = friends.refresh(store, friend, NOW, loopback=True)
    assert [(each.title, each.start.hour, each.end.hour) for each in seen.week(MONDAY)] == [("Anatomy", 9, 17)]
    assert friends.last_fetched(store, friend) == seen
    friends.refresh(store, friend, NOW + timedelta(minutes=10), loopback=True)
    assert len(server.asked) == 1
    again = friends.refresh(store, friend, NOW + timedelta(hours=1), loopback=True)
    assert server.asked == ["", '"1"']
    assert again.taken == seen.taken
    friends.rename(store, friend, "Anna")
    friends.remove(store, friend)
    assert friends.friends_of(store.records()) == ()
    assert store.external_state.read("friends") == {}


def test_what_goes_wrong_leaves_what_was_known(store: Store, server: Server) -> None:
    friend = friends.add(store, "Ann", server.address, loopback=True)
    seen = friends.refresh(store, friend, NOW, loopback=True)
    store.external_state.put("friends", friend.key, store.external_state.read("friends")[friend.key] | {"etag": None})
    server.body = b"<html>maintenance</html>"
    with pytest.raises(DocumentRefused):
        friends.refresh(store, friend, NOW, forced=True, loopback=True)
    server.status = 410
    with pytest.raises(NotAllowed, match="no longer published"):
        friends.refresh(store, friend, NOW, forced=True, loopback=True)
    assert friends.last_fetched(store, friend) == seen


def test_the_hours_both_are_free(store: Store, server: Server) -> None:
    imports.accept(store, imports.propose(store, lectures(), "l.pdf", TODAY))
    mine = timetable.compute_view(store, 2026, TODAY).occurrences
    friend = friends.add(store, "Ann", server.address, loopback=True)
    seen = friends.refresh(store, friend, NOW, loopback=True)
    free = friends.common_free_times(mine, [seen], MONDAY)
    monday = [(f"{each.start:%H:%M}", f"{each.end:%H:%M}") for each in free if each.start.date() == MONDAY]
    assert monday == [("08:00", "08:30")]


@pytest.mark.parametrize(
    "address", ["", "ftp://x.example/c.ics", "http://x.example/c.ics", "https://a:b@x.example/c", "webcal://[x]"]
)
def test_other_addresses_are_refused(store: Store, address: str) -> None:
    with pytest.raises(InvalidInput):
        friends.add(store, "Ann", address)


def test_a_friend_has_a_name_and_is_added_once(store: Store) -> None:
    friends.add(store, "Ann", "webcal://x.example/c.ics")
    with pytest.raises(InvalidInput, match="already"):
        friends.add(store, "Bob", "https://x.example/c.ics")
    with pytest.raises(InvalidInput, match="name"):
        friends.add(store, "  ", "https://x.example/d.ics")


def test_an_address_out_of_a_backup_is_asked_about_before_it_is_contacted(
    store: Store, server: Server, tmp_path: Path
) -> None:
    friend = friends.add(store, "Ann", server.address, loopback=True)
    backup = tmp_path / "all.upschedule"
    profile.write_backup(store, backup, NOW)
    profile.restore_backup(store, profile.read_backup(backup))
    friends.refresh(store, friend, NOW, loopback=True)
    assert len(server.asked) == 1  # it was known here before
    with closing(Store.open(tmp_path / "other" / "timetable.sqlite3")) as other:
        for _ in range(2):  # a second backup of the same agrees to nothing either
            profile.restore_backup(other, profile.read_backup(backup))
            (restored,) = friends.friends_of(other.records())
            with pytest.raises(friends.UnconfirmedAddress, match=r"127\.0\.0\.1"):
                friends.refresh(other, restored, NOW, forced=True, loopback=True)
            profile.write_backup(other, backup, NOW)
        assert len(server.asked) == 1
        friends.confirm(other, restored)
        friends.refresh(other, restored, NOW, loopback=True)
        assert len(server.asked) == 2


P = ChoiceKey(2026, "COS 212", "S1", "P")


def sharing(link: str) -> bytes:
    return CALENDAR.replace(b"BEGIN:VEVENT", f"X-UP-SCHEDULE-GROUPS;VALUE=URI:{link}\r\nBEGIN:VEVENT".encode(), 1)


def groups(store: Store) -> dict[ChoiceKey, frozenset[str]]:
    shown = timetable.compute_view(store, 2026, TODAY)
    return friend_groups(shown.records, shown.timetable)


def test_the_groups_of_a_friends_calendar_are_followed_until_they_are_shared_no_longer(
    store: Store, server: Server
) -> None:
    imports.accept(store, imports.propose(store, lectures(), "l.pdf", TODAY))
    friend = friends.add(store, "Ann", server.address, loopback=True)
    for link, wanted in (
        ("upschedule:groups?year=2026&COS+212/S1/P=P01", {P: frozenset({"P01"})}),
        ("upschedule:groups?year=2026&COS+212/S1/P=P02", {P: frozenset({"P02"})}),
        ("upschedule:plan?year=2026&COS+212/S1/P=P01", {}),
        ("upschedule:groups?year=2026&COS+212/S1/P=P01", {P: frozenset({"P01"})}),
        ("upschedule:groups?year=2027&COS+212/S1/P=P01", {}),
        ("upschedule:groups?year=2026&COS+212/S1/P=P02", {P: frozenset({"P02"})}),
        ("upschedule:groups?year=2026&../x=<img src=/dev/zero>", {}),
        ("upschedule:groups?year=2026&COS+212/S1/P=P01", {P: frozenset({"P01"})}),
    ):
        server.body, server.etag = sharing(link), f'"{link}"'
        assert friends.refresh(store, friend, NOW, forced=True, loopback=True).changed_records
        assert groups(store) == wanted
        assert not friends.refresh(store, friend, NOW, forced=True, loopback=True).changed_records
    assert store.undo_titles().undo == "Added Ann", "what a friend chose is no act of the student"
    server.status = 410
    with pytest.raises(NotAllowed):
        friends.refresh(store, friend, NOW, forced=True, loopback=True)
    assert groups(store) == {}


def test_a_friends_groups_are_on_all_machines_and_go_with_the_friend(
    store: Store, server: Server, tmp_path: Path
) -> None:
    imports.accept(store, imports.propose(store, lectures(), "l.pdf", TODAY))
    friend = friends.add(store, "Ann", server.address, loopback=True)
    with closing(Store.open(tmp_path / "other" / "timetable.sqlite3")) as other:
        both = TwoProfiles(store, other, tmp_path / "cloud")
        shared_choices.store_choices(store, shared_choices.read_link("upschedule:groups?year=2026&COS+212/S1/P=P01"))
        both.step()
        assert groups(other) == {P: frozenset({"P01"})}, "what came as a link"
        server.body = sharing("upschedule:groups?year=2026&COS+212/S1/P=P02")
        for each in (store, other):  # both fetch before they hear of each other
            friends.confirm(each, friend)
            friends.refresh(each, friend, NOW, loopback=True)
            server.body, server.etag = sharing("upschedule:groups?year=2026&COS+212/S1/P=P01"), '"2"'
        both.step()
        assert groups(store) == groups(other)
        assert other.records(2026).of_kind("conflict") == [], "nobody chose between them"
        friends.remove(other, friend)
        both.step()
        assert groups(store) == groups(other) == {P: frozenset({"P01"})}, "the link is left"
        shown = shared_choices.shared_choices(other.records(2026), 2026, shared_choices.SharedKind.GROUPS)
        assert [each.friend for each in shown] == [""]
        timetable.undo(other)
        both.step()
        shown = shared_choices.shared_choices(store.records(2026), 2026, shared_choices.SharedKind.GROUPS)
        assert {each.friend for each in shown} == {"", friend.key}
