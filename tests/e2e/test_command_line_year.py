"""`upschedule year`: a copied year calendar, previewed line by line, and applied only on request."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from desktop.app import App
from desktop.workflows.timetable import calendar_of
from tests.e2e.test_command_line import home, run
from tests.unit.desktop.domain.test_year_calendar import OF_2018

__all__ = ["home"]


def test_a_pasted_year_is_shown_line_by_line_and_counts_only_when_accepted(home: Path) -> None:
    (home / "calendar.txt").write_text(OF_2018 + "7 May Council meets\n", "utf-8")
    shown = run("--profile", home / "p", "year", "--paste", "calendar.txt", cwd=home)
    assert shown.returncode == 0, shown.stderr
    assert (
        "28 March Friday timetable is followed; Lectures end for April recess\n    28 March follows Friday"
        in shown.stdout
    )
    assert "    Last day before recess: 28 March" in shown.stdout
    assert "7 May Council meets\n    Not used: Council meets" in shown.stdout
    assert "Nothing was changed." in shown.stdout
    assert not (home / "p").exists()
    taken = run("--profile", home / "p", "year", "--paste", "calendar.txt", "--accept", cwd=home)
    assert taken.returncode == 0, taken.stderr
    assert "Nothing was changed." not in taken.stdout
    with App.open(home / "p") as app:
        academic = calendar_of(app.store.records(2018), 2018)
    assert academic.confirmed
    assert academic.terms["S1"].end == date(2018, 5, 29)
    assert academic.days[date(2018, 4, 10)].follows == 0
    assert [each.start for each in academic.recesses] == [date(2018, 3, 29)]


def test_a_text_without_a_year_or_without_dates_is_refused_and_changes_nothing(home: Path) -> None:
    (home / "letter.txt").write_text("Dear student\n", "utf-8")
    done = run("--profile", home / "p", "year", "--paste", "letter.txt", "--accept", cwd=home)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "does not say which year" in done.stderr
    done = run("--profile", home / "p", "year", "--paste", "letter.txt", "--year", "2026", "--accept", cwd=home)
    assert done.returncode == 1
    assert "Dear student" in done.stdout
    with App.open(home / "p") as app:
        assert not app.store.records(2026).by_name
    done = run("year", "--paste", "absent.txt", cwd=home)
    assert done.returncode == 1
    assert "absent.txt cannot be read" in done.stderr
