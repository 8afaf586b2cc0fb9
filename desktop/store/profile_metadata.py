"""A profile's own data: its name in stamps, its Lamport counter, and the namespace of its calendar ids.

The database stores which file on which machine it is, so that a copy is detected as another file and gets another
name: two profiles with one name in stamps could make two different acts look like one.
"""

from __future__ import annotations

import hashlib
import platform
import secrets
from pathlib import Path
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from desktop.domain.records.records import Stamp
from desktop.store.schema import facts


def read(connection: sa.Connection, name: str) -> str | None:
    return connection.execute(sa.select(facts.c.value).where(facts.c.name == name)).scalar()


def write(connection: sa.Connection, name: str, value: str) -> None:
    connection.execute(
        insert(facts).values(name=name, value=value).on_conflict_do_update(["name"], set_={"value": value})
    )


def ensure_identity(connection: sa.Connection, path: Path) -> None:
    """Sets up a new profile, and gives one that is a copy of another a new name in stamps."""
    here = fingerprint(path)
    if read(connection, "device") is None:
        write(connection, "counter", "0")
        write(connection, "namespace", str(uuid4()))
        renew_device(connection)
    elif read(connection, "fingerprint") != here:
        renew_device(connection)
    else:
        return
    write(connection, "fingerprint", here)


def fingerprint(path: Path) -> str:
    """Identifies the file and the machine: unchanged when the folder is moved, different for a copy."""
    return hashlib.sha256(f"{platform.node()}\n{path.stat().st_ino}".encode()).hexdigest()


def device(connection: sa.Connection) -> str:
    """This profile's name in the stamps of its acts."""
    return read(connection, "device") or ""


def renew_device(connection: sa.Connection) -> str:
    """Gives the profile a new random name in stamps and returns it."""
    name = secrets.token_hex(8)
    write(connection, "device", name)
    return name


def namespace(connection: sa.Connection) -> UUID:
    """The random namespace from which the ids of calendar events are made."""
    return UUID(read(connection, "namespace"))


def next_stamp(connection: sa.Connection) -> Stamp:
    """A new stamp, higher than any that this profile has made or observed."""
    counter = int(read(connection, "counter") or 0) + 1
    write(connection, "counter", str(counter))
    return Stamp(counter, device(connection))


def observe_counter(connection: sa.Connection, counter: int) -> None:
    """Raises the Lamport counter to at least this value, so that later stamps are higher."""
    if counter > int(read(connection, "counter") or 0):
        write(connection, "counter", str(counter))
