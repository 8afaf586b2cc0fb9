"""Writes the extra files of the server's Debian package: systemd units and the settings file.

python packaging/debian/server_files.py STAGE
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from syncserver.config import Config, effective_settings

UNITS = Path(__file__).resolve().parents[1] / "server" / "systemd"
PRESET_VALUES = {
    "data_folder": "/var/lib/syncserver",
    "backup_folder": "/var/backups/syncserver",
    "backup_signing_key_file": "/var/lib/syncserver/backup_signing_key",  # made when the package is installed
}
HEADER = """\
# Settings of the sync server. It runs as it is, for this machine alone; every setting is here with what it does and the
# value it has. After a change: systemctl restart syncserver
"""


def settings_file() -> str:
    lines = [HEADER]
    for name, _, doc in effective_settings(Config()):
        field = name.removeprefix("SYNC_").lower()
        default = getattr(Config(), field)
        line = f'{field} = "{PRESET_VALUES[field]}"' if field in PRESET_VALUES else f"# {field} = {to_toml(default)}"
        lines += [f"# {doc}", line, ""]
    return "\n".join(lines)


def to_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[]"
    return f'"{value}"' if isinstance(value, str) else str(value)


SINGLE_PROCESS_EDITS = {  # what an installation begins with: one process, on the settings' port
    "# One server process: syncserver@1 listens on 8761, syncserver@2 on 8762. Settings: ": "# Settings: ",
    "Description=UP sync server %i": "Description=UP sync server\nConflicts=syncserver.target",
    "PartOf=syncserver.target\n": "",
    " SYNC_PORT=876%i SYNC_METRICS_PORT=976%i": "",
    "SYNC_DATA_FOLDER=/var/lib/syncserver SYNC_BACKUP_FOLDER=/var/backups/syncserver ": "",  # in the settings file
    "WantedBy=syncserver.target": "WantedBy=multi-user.target",
}


def units() -> dict[str, str]:
    """Returns the project's units, adapted to the program in /usr/lib/syncserver, and one for a single process."""
    installed = {
        path.name: re.sub(
            r"Documentation=.*",
            "Documentation=man:syncserver(8)",
            path.read_text("utf-8").replace("/opt/syncserver/bin/syncserver", "/usr/lib/syncserver/syncserver"),
        )
        for path in sorted(UNITS.iterdir())
    }
    single = installed["syncserver@.service"]
    for old, new in SINGLE_PROCESS_EDITS.items():
        if old not in single:
            raise SystemExit(f"server_files: syncserver@.service no longer says {old!r}")
        single = single.replace(old, new)
    installed["syncserver.service"] = single
    return installed


if __name__ == "__main__":
    stage = Path(sys.argv[1])
    (stage / "etc" / "syncserver.toml").write_text(settings_file(), "utf-8")
    for name, text in units().items():
        (stage / "systemd" / name).write_text(text, "utf-8")
