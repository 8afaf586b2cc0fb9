"""Shared groups, as a file, a link or a QR code: somebody's own choices, or a plan.

They contain the year and the group of each choice, but not who shared them. A file is JSON with a version. A friend's
published calendar may contain a link for each year; groups from there are stored with the friend, and removed with the
friend. All input is validated and limited before it is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.domain.errors import InvalidInput
from desktop.domain.records.records import Json, Record, Records, canonical_json
from desktop.domain.timetable.choices import ChoiceKey, parse_choice_key
from desktop.domain.timetable.terms import OFFERED_CODES
from desktop.domain.timetable.timetable import Timetable

KIND = "shared"
SCHEME = "upschedule:"
FORMAT, VERSION = "upschedule choices", 1
FILE_SUFFIX = ".upchoices"
MAX_FILE_BYTES = 64_000  # of a file
MAX_LINK_LENGTH = 8_000  # characters
MAX_CHOICES = 200
_MAX_NAME_LENGTH = 24  # characters of a module, a kind, an activity or a group; the university uses at most half
_ASK_AGAIN_HINT = "Ask for it again, as a file or a link."


class SharedKind(StrEnum):
    PLAN = "plan"
    GROUPS = "groups"


@dataclass(frozen=True, slots=True)
class SharedChoices:
    """Shared groups of a year. `friend` is the key of the friend whose calendar contained them, or empty."""

    kind: SharedKind
    year: int
    groups: Mapping[ChoiceKey, str]
    friend: str = ""

    @property
    def key(self) -> str:
        """The key of its record: the year with a digest, so that equal groups are stored once, or with the friend."""
        if self.friend:
            return f"{self.year}/{self.friend}"
        digest = hashlib.sha256(canonical_json([self.kind, groups_to_json(self.groups)]).encode()).hexdigest()
        return f"{self.year}/{digest[:16]}"

    def to_json(self) -> Json:
        return {
            "format": FORMAT,
            "version": VERSION,
            "what": str(self.kind),
            "year": self.year,
            "groups": groups_to_json(self.groups),
        }

    def file_body(self) -> bytes:
        """The content of a file."""
        return (json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n").encode()


def choices_of_timetable(
    timetable: Timetable, kind: SharedKind, groups: Mapping[ChoiceKey, str] | None = None
) -> SharedChoices:
    """The groups that a student shares: those chosen where there was a choice, overridden by `groups` of a plan.

    Hidden modules are left out. Raises InvalidInput if nothing is chosen.
    """
    chosen = {key: choice.group for key, choice in timetable.choices.items() if choice.group and not choice.automatic}
    shared = {**chosen, **(groups or {})}
    hidden = {code for code, module in timetable.modules.items() if module.hidden}
    shared = {key: group for key, group in shared.items() if key.module not in hidden}
    if not shared:
        raise InvalidInput("You have not chosen a group yet.", "Choose your groups first.")
    return SharedChoices(kind, timetable.year, shared)


def is_shared_link(text: str) -> bool:
    """True if a text has the form of such a link. Its content may still be invalid."""
    return text.strip().lower().startswith(tuple(f"{SCHEME}{kind}?" for kind in SharedKind))


def choices_from_file(body: bytes) -> SharedChoices:
    """The shared choices in a file. Raises InvalidInput."""
    if len(body) > MAX_FILE_BYTES:
        raise InvalidInput("This file is far larger than anybody’s groups are.", _ASK_AGAIN_HINT)
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise InvalidInput("This file does not hold anybody’s groups.", _ASK_AGAIN_HINT) from wrong
    return _from_json(plain)


def _from_json(plain: object) -> SharedChoices:
    match plain:
        case {"format": str(form), "version": int(version)} if form == FORMAT and version > VERSION:
            raise InvalidInput("This file was written by a newer version.", "Update the program, then open it again.")
        case {"format": str(form), "what": str(kind), "year": int(year), "groups": dict(groups)} if form == FORMAT:
            return checked_choices(kind, year, groups.items())
    raise InvalidInput("This file does not hold anybody’s groups.", _ASK_AGAIN_HINT)


def checked_choices(kind: str, year: int | None, groups: Iterable[tuple[object, object]]) -> SharedChoices:
    """Validate untrusted names and groups. Raises InvalidInput."""
    found: dict[ChoiceKey, str] = {}
    if kind not in set(SharedKind) or year is None or isinstance(year, bool) or not 2000 <= year <= 2099:
        raise InvalidInput("It does not say which year these groups are of.", _ASK_AGAIN_HINT)
    for name, group in groups:
        key = _key(year, name)
        if key is None or not _is_name(group) or key in found or len(found) >= MAX_CHOICES:
            raise InvalidInput("These are not the groups of a timetable.", _ASK_AGAIN_HINT)
        found[key] = str(group)
    if not found:
        raise InvalidInput("There are no groups in it.", _ASK_AGAIN_HINT)
    return SharedChoices(SharedKind(kind), year, dict(sorted(found.items())))


def _key(year: int, name: object) -> ChoiceKey | None:
    if not isinstance(name, str) or not all(_is_name(part) for part in name.split("/")):
        return None
    try:
        key = parse_choice_key(f"{year}/{name}")
    except InvalidInput:
        return None
    return key if key.offered in OFFERED_CODES else None


def _is_name(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= _MAX_NAME_LENGTH and text.isprintable() and text == text.strip()


def groups_to_json(groups: Mapping[ChoiceKey, str]) -> dict[str, str]:
    """The groups by the choice without its year: `COS 212/S1/P`."""
    return {str(key).partition("/")[2]: group for key, group in sorted(groups.items())}


# records


def shared_choices(records: Records, year: int, kind: SharedKind) -> tuple[SharedChoices, ...]:
    """The choices of a year that others shared, by key. Invalid ones are left out here, but stay stored."""
    friends = {record.key for record in records.of_kind("friend")}
    found = (_read_record(record) for record in records.of_kind(KIND, year))
    return tuple(
        each
        for each in found
        if each is not None and each.kind is kind and each.year == year and (not each.friend or each.friend in friends)
    )


def _read_record(record: Record) -> SharedChoices | None:
    groups = record.get("groups")
    try:
        read = checked_choices(str(record.get("what")), record.year, groups.items() if isinstance(groups, dict) else ())
    except InvalidInput:
        return None
    return replace(read, friend=str(record.get("friend", "")))


def record_values(shared: SharedChoices) -> dict[str, Json]:
    """The fields of its record."""
    plain: dict[str, Json] = {"what": str(shared.kind), "groups": groups_to_json(shared.groups)}
    return plain | ({"friend": shared.friend} if shared.friend else {})


# comparison with a timetable


def friend_groups(records: Records, timetable: Timetable) -> dict[ChoiceKey, frozenset[str]]:
    """The groups of friends who shared theirs, for each choice of the timetable."""
    found: dict[ChoiceKey, set[str]] = {}
    for shared in shared_choices(records, timetable.year, SharedKind.GROUPS):
        for key, group in match_groups(timetable, shared).items():
            found.setdefault(key, set()).add(group)
    return {key: frozenset(groups) for key, groups in found.items()}


def match_groups(timetable: Timetable, shared: SharedChoices) -> dict[ChoiceKey, str]:
    """The shared groups that exist in the timetable, by its choices. Lectures may be mixed on one side only."""
    found = {}
    for key, choice in timetable.choices.items():
        whole = replace(key, activity="")
        ways = [group for other, group in shared.groups.items() if replace(other, activity="") == whole]
        exact = shared.groups.get(key) or shared.groups.get(whole)
        group = exact or (ways[0] if len(set(ways)) == 1 and not key.activity else None)
        if group in choice.groups:
            found[key] = group
    return found


def absent_groups(timetable: Timetable, shared: SharedChoices) -> dict[ChoiceKey, str]:
    """The shared groups that do not exist in the timetable."""
    known = {(replace(key, activity=""), group) for key, choice in timetable.choices.items() for group in choice.groups}
    return {key: group for key, group in shared.groups.items() if (replace(key, activity=""), group) not in known}
