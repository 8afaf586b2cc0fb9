"""Files, links and commands named in the documents exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from desktop.cli import commands

ROOT = Path(__file__).parents[2]
LISTED = subprocess.run(
    ["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
)
DOCUMENTS = sorted(LISTED.stdout.split())
PATH = re.compile(r"`((?:desktop|syncserver|tests|docs|packaging|assets|requirements)/[\w./-]+)`")
# Stand for a name of the reader’s own, or are made when a version is published.
MADE = ("upschedule_XX.ts", "messages_XX.json", "NAME.py", "updates/root.json", "updates/source.json")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_that_a_document_names_are_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    named = {each.rstrip("/.") for each in PATH.findall(text) if not each.endswith(MADE)}
    assert sorted(each for each in named if not (ROOT / each).exists()) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    targets = {target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))}
    local = {target for target in targets if target and "://" not in target and not target.startswith("mailto:")}
    assert sorted(target for target in local if not (page.parent / target).exists()) == []


def test_commands_that_documents_name_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for name in DOCUMENTS:
        text = (ROOT / name).read_text("utf-8")
        for target in re.findall(r"(?:`|^)make ([a-z-]+)(?=`|$| +#)", text, re.MULTILINE):
            assert target in targets, f"{name}: make {target}"
        for command in re.findall(r"(?:`|^)upschedule ([a-z]+)", text, re.MULTILINE):
            assert command in commands.SUMMARIES, f"{name}: upschedule {command}"


def test_every_rule_is_written_down_with_the_test_that_keeps_it() -> None:
    table = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for number in range(1, 11):
        (row,) = re.findall(rf"^\| R{number} \|.*$", table, re.MULTILINE)
        assert re.search(r"`tests/[\w/.]+`", row), f"R{number} names no test"


def test_no_document_or_docstring_speaks_by_the_old_formula() -> None:
    found = subprocess.run(
        ["git", "grep", "-lE", r"(^|\. |\"\"\")Hides\b", "--", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [each for each in found.stdout.split() if each != "tests/unit/test_documents.py"] == []
