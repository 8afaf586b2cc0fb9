"""Licences of bundled packages: all checked, all included, and a build stops if one was not."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "packaging"))

import licences  # noqa: E402

LOCKS = [ROOT / "requirements" / f"{name}.txt" for name in ("package", "server-package")]
LGPL = {"pyside6-essentials", "shiboken6", "recurring-ical-events", "x-wr-timezone"}


def test_somebody_looked_at_every_locked_package_and_at_no_other() -> None:
    packages = set().union(*(licences.locked_versions(lock) for lock in LOCKS))
    assert packages == licences.load_reviews().keys()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_everything_is_told_with_its_text(lock: Path, tmp_path: Path) -> None:
    licences.write(lock, tmp_path / "THIRD_PARTY.txt")
    text = (tmp_path / "THIRD_PARTY.txt").read_text("utf-8")
    looked = licences.load_reviews()
    for name in licences.locked_versions(lock):
        if not looked[name].tool and installed(name):
            assert re.search(rf"^{re.escape(name)} \S+ +{re.escape(looked[name].licence)}", text, re.MULTILINE), name
    assert "Permission is hereby granted, free of charge" in text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in text


def test_the_desktop_says_what_is_under_the_lgpl_and_where_its_sources_are(tmp_path: Path) -> None:
    found = {part.name: part for part in licences.parts(LOCKS[0])}
    assert {name for name, part in found.items() if part.licence.startswith("LGPL")} == LGPL | {"Qt"}
    for name in (*LGPL, "Qt"):
        assert found[name].source.startswith("https://")
        assert any("GNU LESSER GENERAL PUBLIC LICENSE" in text for text in found[name].texts), name
        assert any("GNU GENERAL PUBLIC LICENSE" in text for text in found[name].texts), name
    assert any("SIL OPEN FONT LICENSE" in text for text in found["Inter"].texts)
    assert any("PDFium" in text for text in found["PDFium"].texts)


def test_the_lgpl_parts_stay_files_of_their_own() -> None:
    spec = (ROOT / "packaging" / "upschedule.spec").read_text("utf-8")
    kept = re.search(r"module_collection_mode=dict\.fromkeys\((\([^)]*\)), \"py\"\)", spec)
    assert kept is not None
    assert {name.casefold().replace("_", "-") for name in re.findall(r'"(\w+)"', kept[1])} == {
        name.removesuffix("-essentials") for name in LGPL
    }


def test_a_package_nobody_looked_at_stops_the_build(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("brand-new==1.0 \\\n    --hash=sha256:00\n")
    with pytest.raises(SystemExit, match="brand-new is locked, and nobody has looked at its licence"):
        licences.write(lock, tmp_path / "THIRD_PARTY.txt")
    assert not (tmp_path / "THIRD_PARTY.txt").exists()


def test_a_package_that_changed_its_licence_stops_the_build() -> None:
    version = importlib.metadata.version("anyio")
    looked = licences.load_reviews() | {"anyio": licences.Review("Apache-2.0", "Apache-2.0")}
    with pytest.raises(licences.NotReviewed, match=f"anyio {version} now says 'MIT', not 'Apache-2.0'"):
        licences.check({"anyio": {version}}, looked)


def test_another_version_than_the_locked_one_stops_the_build() -> None:
    with pytest.raises(licences.NotReviewed, match="is not the one that is locked"):
        licences.check({"anyio": {"0.1"}}, licences.load_reviews())


def installed(name: str) -> bool:
    try:
        importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
