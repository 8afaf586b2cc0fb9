"""Other calendars as layers, over real HTTP on loopback: read politely, shown, kept through restart, undo and sync."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desktop.calendars import foreign
from desktop.calendars.options import ExportOptions
from desktop.domain.clashes import Clash
from desktop.domain.commands.choices import choose_group
from desktop.domain.errors import DocumentRefused, InvalidInput, NotAllowed
from desktop.domain.timetable.events import LayerEvent, LayerKind
from desktop.domain.timetable.modules import Colour
from desktop.planning.preferences import Preferences
from desktop.store import Store
from desktop.workflows import export, imports, layers, phone, planning, profile, timetable
from desktop.workflows.addresses import UnconfirmedAddress
from desktop.workflows.layers import Layer
from desktop.workflows.timetable import View
from tests.unit.desktop.calendars.short_reading import short_child_command
from tests.unit.desktop.calendars.test_foreign import calendar
from tests.unit.desktop.workflows.sample import TODAY, lectures
from tests.unit.desktop.workflows.test_friends import Server
from tests.unit.desktop.workflows.two_profiles import TwoProfiles

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
DEADLINE = "SUMMARY:Essay\nDTSTART:20260306T215900Z\nDTEND:20260306T215900Z"
CLUB = "SUMMARY:Chess\nLOCATION:Hall\nDTSTART:20260303T133000\nDTEND:20260303T150000\nRRULE:FREQ=WEEKLY;COUNT=8"


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    running.body = calendar(DEADLINE)
    yield running
    running.close()


def add(store: Store, server: Server, kind: LayerKind = LayerKind.SHOWN, name: str = "ClickUP") -> Layer:
    layer = layers.add(store, name, server.address, kind, Colour.SAGE, loopback=True)
    layers.refresh(store, layer, NOW, loopback=True)
    return layer


def view(store: Store) -> View:
    return timetable.compute_view(store, 2026, TODAY)


def deadlines(store: Store) -> list[tuple[str, datetime]]:
    """The deadlines, as the pages find them."""
    return [
        (each.item.title, each.start)
        for each in view(store).occurrences
        if isinstance(each.item, LayerEvent) and each.item.is_deadline
    ]


ESSAY = [("Essay", datetime(2026, 3, 6, 23, 59))]


def test_a_deadline_stays_through_restart_removal_and_undo(store: Store, server: Server, tmp_path: Path) -> None:
    add(store, server)
    assert deadlines(store) == ESSAY
    store.close()
    with closing(Store.open(tmp_path / "profile" / "timetable.sqlite3")) as again:
        assert deadlines(again) == ESSAY
        (layer,) = layers.layers_of(again.records())
        layers.remove(again, layer)
        assert deadlines(again) == []
        timetable.undo(again)
        assert deadlines(again) == ESSAY, "without asking anyone"
        layers.change(again, replace(layer, name="Work", kind=LayerKind.BUSY))
        timetable.undo(again)
        assert layers.layers_of(again.records()) == (layer,)
        timetable.undo(again)
        assert deadlines(again) == [], "adding it is undone"
        timetable.redo(again)
        assert deadlines(again) == ESSAY
    assert len(server.asked) == 1


def test_what_was_read_of_a_layer_that_is_gone_is_let_go_of(store: Store, server: Server) -> None:
    layers.remove(store, add(store, server))
    profile.delete_unused_files(store)
    assert store.external_state.read("layers") == store.external_state.read("layer bodies") == {}


def test_another_machine_has_the_layer_and_reads_it_itself(store: Store, server: Server, tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "other" / "timetable.sqlite3")) as other:
        both = TwoProfiles(store, other, tmp_path / "cloud")
        add(store, server)
        both.step()
        (layer,) = layers.layers_of(other.records())
        assert deadlines(other) == [], "what is in it is not synced"
        assert layers.is_due(layer, layers.state_of(other, layer), NOW)
        layers.refresh(other, layer, NOW, loopback=True)
        assert deadlines(other) == ESSAY
        layers.remove(other, layer)
        both.step()
        assert deadlines(store) == []
        timetable.undo(other)
        both.step()
        assert deadlines(store) == deadlines(other) == ESSAY


def test_it_is_asked_politely(store: Store, server: Server) -> None:
    layer = add(store, server)
    assert not layers.refresh(store, layer, NOW + timedelta(minutes=29), loopback=True)
    assert len(server.asked) == 1
    assert not layers.refresh(store, layer, NOW + timedelta(minutes=31), loopback=True)
    assert server.asked == ["", '"1"']
    assert deadlines(store) == ESSAY


def test_one_that_fails_is_left_alone_longer_and_longer(store: Store, server: Server) -> None:
    layer = add(store, server)
    server.status = 410
    waits, now = [], NOW
    for _ in range(8):
        since = now
        while not layers.is_due(layer, layers.state_of(store, layer), now):
            now += timedelta(minutes=5)
        waits.append(now - since)
        with pytest.raises(NotAllowed, match="no longer published"):
            layers.refresh(store, layer, now, loopback=True)
    assert waits == sorted(waits)
    assert waits[-1] == layers.MAX_RETRY_WAIT
    assert deadlines(store) == ESSAY, "what was known stays"
    server.status = 200
    layers.refresh(store, layer, now, forced=True, loopback=True)
    assert layers.state_of(store, layer).failures == 0


@pytest.mark.parametrize(
    "body",
    [
        b"<html>a page</html>",
        b"BEGIN:VCALENDAR\r\n" * 20_000,
        calendar("SUMMARY:x\nDTSTART:20260302T000000\nDTEND:20260302T000001\nRRULE:FREQ=SECONDLY"),
        calendar("SUMMARY:x\nDTSTART:20260302T000000\nRRULE:FREQ=SECONDLY").replace(b"VEVENT", b"VTODO"),
        b"x" * 1_000_001,
    ],
    ids=["a page", "nested", "every second", "a task every second", "too large"],
)
def test_a_hostile_calendar_is_refused_in_words(
    store: Store, server: Server, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = add(store, server)
    monkeypatch.setattr(foreign, "child_command", short_child_command)
    server.body = body
    store.external_state.put("layers", layer.key, store.external_state.read("layers")[layer.key] | {"etag": None})
    with pytest.raises((DocumentRefused, NotAllowed)) as refused:
        layers.refresh(store, layer, NOW, forced=True, loopback=True)
    assert refused.value.hint
    assert deadlines(store) == ESSAY


def test_tasks_and_whole_days_are_deadlines_where_they_are_meant_to_be(store: Store, server: Server) -> None:
    day = "SUMMARY:Poster\nDTSTART;VALUE=DATE:20260309"
    task = "SUMMARY:Read\nDUE;VALUE=DATE:20260310"
    server.body = calendar(day).replace(
        b"END:VCALENDAR",
        b"\r\n".join([b"BEGIN:VTODO", b"UID:t", *task.encode().split(b"\n"), b"END:VTODO", b"END:VCALENDAR"]),
    )
    add(store, server, LayerKind.DEADLINE)
    assert deadlines(store) == [
        ("Poster", datetime(2026, 3, 9, 23, 59)),
        ("Read", datetime(2026, 3, 10, 23, 59)),
    ]


def test_a_busy_time_clashes_and_the_planner_goes_around_it(store: Store, server: Server) -> None:
    imports.accept(store, imports.propose(store, lectures(), "l.pdf", TODAY))
    shown = view(store)
    (key,) = [key for key in shown.timetable.choices if key.kind == "P"]
    before = planning.find_plans(shown, Preferences()).plans[0].groups[key]
    assert before == "P01"
    server.body = calendar(CLUB)
    layer = add(store, server, LayerKind.BUSY, "Club")

    def with_club() -> list[Clash]:
        return [each for each in view(store).clashes if "Chess" in (each.first.label, each.second.label)]

    assert with_club() == [], "nothing is chosen yet"
    plan = planning.find_plans(view(store), Preferences()).plans[0]
    assert plan.groups[key] == "P02"
    assert not plan.costs.get("busy")

    timetable.apply_act(store, choose_group(shown.timetable, key, "P01"))
    (clash,) = with_club()
    assert {clash.first.label, clash.second.label} == {"Chess", "COS 212 · P1"}
    assert clash.date_count > 3
    layers.change(store, replace(layer, kind=LayerKind.SHOWN))
    assert with_club() == []
    assert any(each.item.label == "Chess" for each in view(store).occurrences)


def test_a_layer_is_exported_only_if_that_was_chosen(store: Store, server: Server) -> None:
    imports.accept(store, imports.propose(store, lectures(), "l.pdf", TODAY))
    server.body = calendar(DEADLINE, CLUB)
    layer = add(store, server)

    def exported() -> tuple[str, str]:
        shown = view(store)
        ics = export.preview_ics(store, shown, ExportOptions(), NOW).body.decode()
        return ics, phone.make_phone_file(shown, "en", NOW).body.decode()

    assert not [each for each in exported() if "Essay" in each or "Chess" in each]
    layers.change(store, replace(layer, exported=True))
    ics, page = exported()
    assert ics.count("SUMMARY:Chess") == 8
    assert ics.count("SUMMARY:Essay") == 1
    assert '<bdi>Essay</bdi></b><span class="w">23:59</span><span class="q">Deadline</span>' in page
    assert "Chess" in page
    uids = [line for line in ics.splitlines() if line.startswith("UID:")]
    assert len(uids) == len(set(uids))


def test_an_address_out_of_a_backup_is_asked_about_before_it_is_contacted(
    store: Store, server: Server, tmp_path: Path
) -> None:
    add(store, server)
    backup = tmp_path / "all.upschedule"
    profile.write_backup(store, backup, NOW)
    with closing(Store.open(tmp_path / "other" / "timetable.sqlite3")) as other:
        profile.restore_backup(other, profile.read_backup(backup))
        (layer,) = layers.layers_of(other.records())
        with pytest.raises(UnconfirmedAddress, match=r"127\.0\.0\.1"):
            layers.refresh(other, layer, NOW, forced=True, loopback=True)
        assert len(server.asked) == 1
        assert deadlines(other) == ESSAY, "what the backup holds is shown"
        layers.confirm(other, layer)
        layers.refresh(other, layer, NOW, forced=True, loopback=True)
        assert len(server.asked) == 2


def test_a_file_is_a_layer(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "club.ics"
    path.write_bytes(calendar(DEADLINE))
    layer = layers.add_file(store, "Club", path, layers.read_file(path, NOW), LayerKind.SHOWN, Colour.SAGE)
    path.unlink()
    assert deadlines(store) == ESSAY
    later = NOW + timedelta(days=40)
    assert layers.is_due(layer, layers.state_of(store, layer), later)
    layers.refresh(store, layer, later)
    assert layers.state_of(store, layer).at == later
    path.write_bytes(calendar(CLUB))
    layers.replace_file(store, layer, path, layers.read_file(path, NOW))
    assert deadlines(store) == []


def test_what_cannot_be_a_layer_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="address"):
        layers.add(store, "x", "http://x.example/c.ics", LayerKind.BUSY, Colour.SAGE)
    with pytest.raises(InvalidInput, match="name"):
        layers.add(store, " ", "https://x.example/c.ics", LayerKind.BUSY, Colour.SAGE)
    layers.add(store, "x", "https://x.example/c.ics", LayerKind.BUSY, Colour.SAGE)
    with pytest.raises(InvalidInput, match="here already"):
        layers.add(store, "y", "webcal://x.example/c.ics", LayerKind.BUSY, Colour.SAGE)
    (tmp_path / "x.ics").write_bytes(b"%PDF-1.7")
    with pytest.raises(DocumentRefused):
        layers.read_file(tmp_path / "x.ics", NOW)


def test_what_a_backup_says_was_read_is_not_trusted(store: Store, server: Server) -> None:
    layer = add(store, server)
    for kept in ({"entries": [[1]]}, {"entries": "x", "failures": "y", "at": 3}, [], {"entries": [["2026"] * 9]}):
        store.external_state.put("layers", layer.key, kept)
        assert deadlines(store) == []
        assert layers.state_of(store, layer).count == 0


def test_a_night_is_two_days_and_whole_days_are_no_hours(store: Store, server: Server) -> None:
    night = "SUMMARY:Shift\nDTSTART:20260303T220000\nDTEND:20260304T060000"
    day = "SUMMARY:Day\nDTSTART;VALUE=DATE:20260305"
    free = "SUMMARY:Maybe\nDTSTART:20260304T100000\nDTEND:20260304T110000\nTRANSP:TRANSPARENT"
    server.body = calendar(night, day, free)
    add(store, server, LayerKind.BUSY)
    found = [(each.item.title, f"{each.start:%d %H:%M}", f"{each.end:%H:%M}") for each in view(store).occurrences]
    assert found == [("Shift", "03 22:00", "23:59"), ("Shift", "04 00:00", "06:00"), ("Maybe", "04 10:00", "11:00")]
    busy = [
        each.item.title
        for each in view(store).occurrences
        if isinstance(each.item, LayerEvent) and each.item.takes_time
    ]
    assert busy == ["Shift", "Shift"]
    assert date(2026, 3, 5) not in {each.date for each in view(store).occurrences}
