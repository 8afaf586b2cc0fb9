"""Results of the last backups, in a small file beside them that /metrics and the overdue check read."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass
from pathlib import Path

from syncserver.config import Config

FILE_NAME = "backup-state.json"


@dataclass(frozen=True, slots=True)
class BackupState:
    """Results of the last backups. Times are seconds since 1970 UTC, 0 for never; messages are empty if all is well."""

    attempted: float = 0.0  # the last try to make one
    good: float = 0.0  # the last one that was made whole
    bytes: int = 0  # of that one
    seconds: float = 0.0  # what it took
    failing: str = ""  # why the last try failed
    verified: float = 0.0  # when one was last restored into a scratch database and found right
    verify_failing: str = ""  # why the last verification failed
    alerted: float = 0.0  # when the last alert was sent that they fail or are overdue; 0 once all is well

    def age(self, now: float) -> float:
        """Seconds since the last good backup; infinite if there is none."""
        return now - self.good if self.good else float("inf")

    def is_overdue(self, now: float, hours: float) -> bool:
        """Whether the last good backup is older than `hours`."""
        return self.age(now) > hours * 3600


def backup_folder(config: Config) -> Path:
    """Returns the folder that holds the backups."""
    return Path(config.backup_folder) if config.backup_folder else config.folder / "backups"


def read(folder: Path) -> BackupState:
    """Reads the state kept in `folder`; an empty one if there is none, or none that can be read."""
    try:
        values = json.loads((folder / FILE_NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return BackupState()
    if not isinstance(values, dict):
        return BackupState()
    known: dict[str, float | int | str] = {}
    for field in dataclasses.fields(BackupState):
        value = values.get(field.name)
        wanted = str if isinstance(field.default, str) else (int, float)
        if isinstance(value, wanted) and not isinstance(value, bool):
            known[field.name] = value
    return BackupState(**known)  # type: ignore[arg-type]


def write(folder: Path, state: BackupState) -> None:
    """Writes `state` atomically. The server's user group may read the file."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    partial = folder / f".{FILE_NAME}.{os.getpid()}"
    partial.write_text(json.dumps(dataclasses.asdict(state)) + "\n", "utf-8")
    partial.chmod(0o640)
    partial.replace(folder / FILE_NAME)
