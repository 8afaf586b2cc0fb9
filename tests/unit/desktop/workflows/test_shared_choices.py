"""Groups shared as a link, a file or a code: read, kept through restart, sync and undo; hostile ones refused."""

from __future__ import annotations

import io
import json
from contextlib import closing
from pathlib import Path

import pytest
import segno
from PySide6.QtGui import QImage

from desktop.domain.codec import to_plain
from desktop.domain.commands.choices import choose_group
from desktop.domain.errors import FileError, InvalidInput
from desktop.domain.records.records import Act, Change
from desktop.domain.records.shared_choices import MAX_CHOICES, MAX_FILE_BYTES, MAX_LINK_LENGTH
from desktop.domain.timetable.choices import ChoiceKey
from desktop.planning.planner import apply_plan
from desktop.planning.preferences import Preferences, preferences_from_json
from desktop.store import Store
from desktop.ui.pages.friends.pictures import to_grey
from desktop.workflows import imports, planning, shared_choices, timetable
from desktop.workflows.shared_choices import SharedChoices, SharedKind
from desktop.workflows.timetable import View
from tests.unit.desktop.workflows.sample import TODAY, lecture, lectures
from tests.unit.desktop.workflows.two_profiles import TwoProfiles

P = ChoiceKey(2026, "COS 212", "S1", "P")
T = ChoiceKey(2026, "COS 212", "S1", "T")
LINK = "upschedule:plan?year=2026&COS+212/S1/P=P02"


@pytest.fixture
def stored(store: Store) -> Store:
    tutorials = [lecture("COS 212", f"T0{n}", "T", "T1", n, 11, "Room") for n in (1, 2)]
    imports.accept(store, imports.propose(store, lectures(*tutorials), "l.pdf", TODAY))
    return store


def view(store: Store) -> View:
    return timetable.compute_view(store, 2026, TODAY)


def plans(store: Store) -> list[dict[ChoiceKey, str]]:
    return [dict(each.groups) for each in shared_choices.shared_choices(view(store).records, 2026, SharedKind.PLAN)]


def test_a_shared_plan_stays_through_restart_and_undo(stored: Store, tmp_path: Path) -> None:
    shared_choices.store_choices(stored, shared_choices.read_link(LINK))
    stored.close()
    with closing(Store.open(tmp_path / "profile" / "timetable.sqlite3")) as again:
        assert plans(again) == [{P: "P02"}]
        timetable.undo(again)
        assert again.records(2026).of_kind("shared") == []
        timetable.redo(again)
        (shared,) = shared_choices.shared_choices(view(again).records, 2026, SharedKind.PLAN)
        plan = planning.shared_plan(view(again), Preferences(), shared)
        assert plan.changes == 1
        timetable.apply_act(again, apply_plan(view(again).timetable, plan))
        assert view(again).timetable.choices[P].group == "P02"
        timetable.undo(again)
        assert view(again).timetable.choices[P].group is None
        shared_choices.delete_choices(again, shared)
        assert plans(again) == []
        timetable.undo(again)
        assert plans(again) == [{P: "P02"}]
        shared_choices.delete_choices(again, shared)
        shared_choices.store_choices(again, shared)
        assert plans(again) == [{P: "P02"}], "what was removed can be opened again"


def test_another_machine_has_the_shared_plan(stored: Store, tmp_path: Path) -> None:
    with closing(Store.open(tmp_path / "other" / "timetable.sqlite3")) as other:
        both = TwoProfiles(stored, other, tmp_path / "cloud")
        shared_choices.store_choices(stored, shared_choices.read_link(LINK))
        both.step()
        assert plans(other) == [{P: "P02"}]
        shared_choices.store_choices(other, shared_choices.read_link(LINK))
        both.step()
        assert plans(stored) == plans(other) == [{P: "P02"}], "the same plan is kept once"
        (shared,) = shared_choices.shared_choices(view(other).records, 2026, SharedKind.PLAN)
        shared_choices.delete_choices(other, shared)
        both.step()
        assert plans(stored) == []
        timetable.undo(other)
        both.step()
        assert plans(stored) == [{P: "P02"}]


def test_what_is_shared_comes_back_by_every_way(stored: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not chosen"):
        shared_choices.choices_to_share(view(stored), SharedKind.GROUPS)
    timetable.apply_act(stored, choose_group(view(stored).timetable, P, "P01"))
    mine = shared_choices.choices_to_share(view(stored), SharedKind.GROUPS)
    assert mine.groups == {P: "P01"}, "where there was nothing to choose, nothing is told"
    assert shared_choices.link_of(mine) == "upschedule:groups?year=2026&COS+212/S1/P=P01"
    assert shared_choices.read_link(shared_choices.link_of(mine)) == mine
    path = tmp_path / "mine.upchoices"
    shared_choices.write_file(mine, path)
    assert shared_choices.is_shared_file(path.read_bytes())
    assert shared_choices.read_file(path) == mine
    plan = shared_choices.choices_to_share(view(stored), SharedKind.PLAN, {T: "T02"})
    assert plan.groups == {P: "P01", T: "T02"}
    picture = io.BytesIO()
    segno.make(shared_choices.link_of(plan), micro=False).save(picture, kind="png", scale=6, border=4)
    points = to_grey(QImage.fromData(picture.getvalue()))
    assert shared_choices.read_picture(points.pixels, points.width, points.height) == plan


def test_a_code_of_something_else_is_said(stored: Store) -> None:
    picture = io.BytesIO()
    segno.make("upschedule:link?code=1", micro=False).save(picture, kind="png", scale=6, border=4)
    points = to_grey(QImage.fromData(picture.getvalue()))
    with pytest.raises(InvalidInput, match="does not hold"):
        shared_choices.read_picture(points.pixels, points.width, points.height)


def test_the_largest_timetable_fits_into_a_code(stored: Store) -> None:
    groups = {ChoiceKey(2026, f"ABC {n}", "S1", kind): "G01" for n in range(100, 110) for kind in "LPTD"}
    link = shared_choices.link_of(SharedChoices(SharedKind.GROUPS, 2026, groups))
    assert shared_choices.read_link(link).groups == groups
    assert segno.make(link, micro=False).version <= 25


@pytest.mark.parametrize(
    "link",
    [
        "upschedule:plan?",
        "upschedule:plan?year=2026",
        "upschedule:plan?COS+212/S1/P=P02",
        "upschedule:plan?year=2026&year=2027&COS+212/S1/P=P02",
        "upschedule:plan?year=99999999999999999999&COS+212/S1/P=P02",
        "upschedule:plan?year=２０２６&COS+212/S1/P=P02",
        "upschedule:plan?year=2026&COS+212/S1/P=P02&COS+212/S1/P=P03",
        "upschedule:plan?year=2026&COS+212/S9/P=P02",
        "upschedule:plan?year=2026&COS+212/S1/P/L1=P02",
        "upschedule:plan?year=2026&../../etc/passwd=P02",
        "upschedule:plan?year=2026&COS+212/S1/P=%00",
        "upschedule:plan?year=2026&COS+212/S1/P=%E2%80%AE",
        "upschedule:plan?year=2026&COS+212/S1/P=%FF",
        "upschedule:plan?year=2026&COS+212/S1/P=" + "P" * 25,
        "upschedule:plan?year=2026&COS+212/S1/P",
        "upschedule:plan?year=2026" + "".join(f"&A{n}/S1/P=P" for n in range(MAX_CHOICES + 1)),
        "upschedule:plan?year=2026&COS+212/S1/P=" + "%41" * MAX_LINK_LENGTH,
        "upschedule:link?year=2026&COS+212/S1/P=P02",
        "https://example.org/plan?year=2026&COS+212/S1/P=P02",
        "",
    ],
)
def test_hostile_links_are_refused_in_words(link: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        shared_choices.read_link(link)
    assert refused.value.hint


GOOD = {"format": "upschedule choices", "version": 1, "what": "plan", "year": 2026, "groups": {"COS 212/S1/P": "P02"}}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"a":' * 5_000,
        b" " * (MAX_FILE_BYTES + 1),
        json.dumps(GOOD | {"groups": {}}).encode(),
        json.dumps(GOOD | {"groups": {"COS 212/S1/P": ["P02"]}}).encode(),
        json.dumps(GOOD | {"groups": {"COS 212/S1/P": "<b>\n"}}).encode(),
        json.dumps(GOOD | {"year": True}).encode(),
        json.dumps(GOOD | {"year": 10**9}).encode(),
        json.dumps(GOOD | {"what": "link"}).encode(),
        json.dumps(GOOD | {"format": "x"}).encode(),
    ],
    ids=range(13),
)
def test_hostile_files_are_refused_in_words(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.upchoices"
    path.write_bytes(body)
    with pytest.raises((InvalidInput, FileError)) as refused:
        shared_choices.read_file(path)
    assert refused.value.hint


def test_a_file_of_a_newer_version_says_so_and_one_with_more_in_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.upchoices"
    path.write_text(json.dumps(GOOD | {"version": 2}), "utf-8")
    with pytest.raises(InvalidInput, match="newer version"):
        shared_choices.read_file(path)
    path.write_text(json.dumps(GOOD | {"more": 1}), "utf-8")
    assert shared_choices.read_file(path).groups == {P: "P02"}


def test_what_is_not_here_is_said_and_the_rest_is_a_plan(stored: Store) -> None:
    link = "upschedule:plan?year=2026&COS+212/S1/P=P09&COS+212/S1/T=T02&XYZ+303/S1/L=G01"
    shared = shared_choices.read_link(link)
    said = [str(each) for each in shared_choices.difference_texts(view(stored).timetable, shared)]
    assert said == [
        "P09 for COS 212 practicals and G01 for XYZ 303 lectures are not in your timetable.",
    ]
    plan = planning.shared_plan(view(stored), Preferences(), shared)
    assert plan.groups == {T: "T02"}
    one = shared_choices.read_link("upschedule:plan?year=2026&COS+212/S1/T=T02")
    assert [str(each) for each in shared_choices.difference_texts(view(stored).timetable, one)] == [
        "It says nothing about COS 212 practicals."
    ]


def test_groups_of_a_year_that_is_not_here_are_refused(stored: Store) -> None:
    with pytest.raises(InvalidInput, match="2027"):
        shared_choices.store_choices(stored, shared_choices.read_link(LINK.replace("2026", "2027")))
    for n in range(10):
        shared_choices.store_choices(stored, shared_choices.read_link(LINK.replace("P02", f"P{n}")))
    with pytest.raises(InvalidInput, match="10 shared"):
        shared_choices.store_choices(stored, shared_choices.read_link(LINK.replace("P02", "P99")))


@pytest.mark.parametrize("group", ["P01", "P02"])
def test_the_planner_prefers_a_friends_groups(stored: Store, group: str) -> None:
    wish = Preferences(friend=True)
    assert preferences_from_json(to_plain(wish)) == wish
    shared_choices.store_choices(stored, shared_choices.read_link(f"upschedule:groups?year=2026&COS+212/S1/P={group}"))
    found = planning.find_plans(view(stored), wish).plans
    assert found[0].groups[P] == group
    assert not found[0].costs.get("friend")
    assert any(each.costs.get("friend") for each in found)
    without = planning.find_plans(view(stored), Preferences()).plans
    assert not any(each.costs.get("friend") for each in without)


def test_a_record_that_cannot_be_meant_is_passed_by(stored: Store) -> None:
    stored.apply(Act("x", (Change("shared", "2026/a", {"what": "plan", "groups": {"x": 1}}),)))
    assert plans(stored) == []
