"""Licences of a program's dependencies: each checked by a person, and all of them shipped with the program.

    python packaging/licences.py requirements/package.txt FILE     writes FILE, the texts of everything in the lock

Exits with an error if a locked package is not in licences.toml, or declares another licence than when it was checked.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
REVIEWS_FILE = ROOT / "packaging" / "licences.toml"
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)", re.IGNORECASE)
LICENCE_BESIDE_CODE = re.compile(r"^(licen[cs]e|copying)(\.(md|rst|txt))?$", re.IGNORECASE)
SEPARATOR = "=" * 100
HEADER = """\
{program} is under the MIT License (below).
It is built of the parts listed here, each under the licence named beside it.

Under the LGPL: {lgpl}.
What is under it lies as files of its own in the folder of the program, and you may replace it by another version:
put your files in the place of those. Where its sources are is said beside it.
"""


class Review(NamedTuple):
    """A person's review of a package: its licence as an SPDX expression, and what the package then declared."""

    licence: str
    declared: str
    source: str = ""
    texts: tuple[str, ...] = ()
    tool: bool = False  # builds the program and is no part of it


class Part(NamedTuple):
    name: str
    version: str
    licence: str
    source: str
    texts: tuple[str, ...]


class NotReviewed(Exception):
    pass


def locked_versions(lock: Path) -> dict[str, set[str]]:
    """Returns the packages of a lock file with the versions of each (one or more, by markers)."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def load_reviews(path: Path = REVIEWS_FILE) -> dict[str, Review]:
    rows = tomllib.loads(path.read_text("utf-8"))["packages"]
    return {
        name: Review(
            row["licence"],
            row.get("declared", row["licence"]),
            row.get("source", ""),
            tuple(row.get("texts", ())),
            row.get("tool", False),
        )
        for name, row in rows.items()
    }


def declared_licence(metadata: importlib.metadata.PackageMetadata) -> str:
    """Returns the licence a package declares: an SPDX expression, else the first line of its text, else classifiers."""
    expression = metadata.get("License-Expression") or (metadata.get("License") or "").strip().partition("\n")[0]
    classifiers = [line for line in metadata.get_all("Classifier") or () if line.startswith("License ::")]
    return expression or "; ".join(line.rpartition(" :: ")[2] for line in classifiers)


def check(packages: dict[str, set[str]], reviews: dict[str, Review]) -> dict[str, importlib.metadata.Distribution]:
    """Returns the locked packages that are installed here. Raises `NotReviewed` with a line for each problem."""
    problems = [
        f"{name} is locked, and nobody has looked at its licence" for name in sorted(packages.keys() - reviews.keys())
    ]
    installed = {}
    for name in sorted(packages.keys() & reviews.keys()):
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:  # of another system, or of another version of Python
            continue
        says = declared_licence(distribution.metadata)
        if says != reviews[name].declared:
            problems.append(
                f"{name} {distribution.version} now says {says!r}, not {reviews[name].declared!r}: look at it"
            )
        if distribution.version not in packages[name]:
            problems.append(f"{name} {distribution.version} is installed, which is not the one that is locked")
        installed[name] = distribution
    if problems:
        raise NotReviewed("\n".join(problems))
    return installed


def licence_texts(distribution: importlib.metadata.Distribution) -> tuple[str, ...]:
    found = []
    for file in distribution.files or ():
        is_about = file.parts[0].endswith(".dist-info")
        is_in_folder = is_about and {"licenses", "LICENSES"} & set(file.parts[1:-1])
        # Third-party code inside a package has its licence file beside it.
        if is_in_folder or (LICENCE_FILE if is_about else LICENCE_BESIDE_CODE).search(file.name):
            found.append(Path(str(file.locate())).read_text("utf-8", errors="replace").strip())
    return tuple(found)


def further_texts(names: Iterable[str]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        if name.endswith(".txt"):
            found.append((REVIEWS_FILE.parent / name).read_text("utf-8").strip())
        else:
            found += licence_texts(importlib.metadata.distribution(name))
    return tuple(found)


def source_of(metadata: importlib.metadata.PackageMetadata) -> str:
    """Returns the source URL that a package declares."""
    lines = [line.partition(",") for line in metadata.get_all("Project-URL") or ()]
    named = {label.strip().casefold(): address.strip() for label, _, address in lines}
    for label in ("source", "source code", "repository", "code", "github", "github: repo", "homepage"):
        if label in named:
            return named[label]
    return metadata.get("Home-page") or ""


def own_parts() -> Iterator[Part]:
    """Returns the parts that are in no lock file: the interpreter and the typeface."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Part("Python", version, "PSF-2.0", "https://www.python.org/downloads/source/", (python_licence(),))
    font = (ROOT / "assets" / "fonts" / "OFL.txt").read_text("utf-8").strip()
    yield Part("Inter", "", "OFL-1.1", "https://github.com/rsms/inter", (font,))


def python_licence() -> str:
    places = (
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(f"/usr/share/doc/python{sys.version_info[0]}.{sys.version_info[1]}/copyright"),
    )
    for place in places:
        if place.is_file():
            return place.read_text("utf-8", errors="replace").strip()
    raise NotReviewed(f"Python's own licence is in none of {', '.join(map(str, places))}")


def parts(lock: Path) -> list[Part]:
    """Returns everything that a program built from `lock` contains, by name."""
    reviews = load_reviews()
    found = list(own_parts())
    installed = check(locked_versions(lock), reviews)
    for name, distribution in installed.items():
        row = reviews[name]
        if row.tool:
            continue
        own = licence_texts(distribution) + further_texts(row.texts)
        if not own:
            raise NotReviewed(f"{name} {distribution.version} comes without the text of its licence")
        found.append(Part(name, distribution.version, row.licence, row.source or source_of(distribution.metadata), own))
    found += bundled_parts({part.name: part for part in found})
    return sorted(found, key=lambda part: part.name.casefold())


def bundled_parts(found: dict[str, Part]) -> Iterator[Part]:
    """Yields what packages bundle; a version is only named if it is the package's own."""
    for name, row in tomllib.loads(REVIEWS_FILE.read_text("utf-8"))["inside"].items():
        if bearer := found.get(row["of"]):
            more = further_texts(row.get("texts", ()))
            yield Part(name, "", row["licence"], f"{row['source']} (inside {bearer.name})", more or bearer.texts)


def notice_text(found: list[Part], program: str = "UP Schedule Generator") -> str:
    """Returns the text of the file: the list of parts, then each licence text once with the names of its parts."""
    lgpl = ", ".join(part.name for part in found if part.licence.startswith("LGPL")) or "nothing in this program"
    width = max(len(f"{part.name} {part.version}") for part in found) + 2
    licence_width = max(len(part.licence) for part in found) + 2
    lines = [HEADER.format(program=program, lgpl=lgpl)]
    lines += [
        f"{f'{part.name} {part.version}':{width}}{part.licence:{licence_width}}{part.source}".rstrip() for part in found
    ]
    names: dict[str, list[str]] = {(ROOT / "LICENSE").read_text("utf-8").strip(): [program]}
    for part in found:
        for text in dict.fromkeys(part.texts):
            names.setdefault(text, []).append(part.name)
    for text, whose in names.items():
        lines += ["", SEPARATOR, ", ".join(whose), SEPARATOR, "", text]
    return "\n".join(lines) + "\n"


def write(lock: Path, target: Path) -> None:
    """Writes the file; ends the building program if somebody has to check a licence first."""
    try:
        found = parts(lock)
    except NotReviewed as amiss:
        raise SystemExit(
            f"licences: {amiss}\nlicences: look, then write it down in packaging/{REVIEWS_FILE.name}"
        ) from amiss
    target.parent.mkdir(parents=True, exist_ok=True)
    program = (
        "UP Schedule Generator"
        if "pyside6-essentials" in locked_versions(lock)
        else "The sync server of UP Schedule Generator"
    )
    target.write_text(notice_text(found, program), "utf-8")
    print(f"licences: {len(found)} parts in {target.name}")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
