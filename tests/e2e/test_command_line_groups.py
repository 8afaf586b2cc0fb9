"""`upschedule groups`: one student's groups as a link and a file, opened by another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from desktop.app import App
from desktop.domain.commands.choices import choose_group
from desktop.workflows import imports, timetable
from tests.e2e.test_command_line import home, run
from tests.unit.desktop.workflows.sample import TODAY, lectures

__all__ = ["home"]


def student(folder: Path, group: str = "") -> None:
    with App.open(folder) as app:
        imports.accept(app.store, imports.propose(app.store, lectures(), "l.pdf", TODAY))
        shown = timetable.compute_view(app.store, 2026, date(2026, 3, 1)).timetable
        for key in shown.choices if group else ():
            if key.kind == "P":
                timetable.apply_act(app.store, choose_group(shown, key, group))


def test_groups_go_from_one_student_to_another(home: Path) -> None:
    student(home / "one", "P02")
    student(home / "two")
    link = run("--profile", home / "one", "groups", "share", cwd=home)
    assert link.stdout == "upschedule:groups?year=2026&COS+212/S1/P=P02\n"
    written = run("--profile", home / "one", "groups", "share", "mine.upchoices", cwd=home)
    assert written.returncode == 0, written.stderr
    for source in (link.stdout.strip(), "mine.upchoices"):
        opened = run("--profile", home / "two", "groups", "open", source, cwd=home)
        assert (opened.returncode, opened.stdout) == (0, "Added a friend’s groups.\n"), opened.stderr
    nothing = run("--profile", home / "two", "groups", "share", cwd=home)
    assert nothing.returncode == 2
    assert "You have not chosen a group yet." in nothing.stderr
    for wrong in ("upschedule:groups?year=2026", "absent.upchoices"):
        refused = run("--profile", home / "two", "groups", "open", wrong, cwd=home)
        assert refused.returncode in {1, 2}
        assert refused.stderr.count("\n") == 1
