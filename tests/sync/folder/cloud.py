"""In-memory folders on several machines, and a cloud service between them that makes every mistake clouds make."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Set
from random import Random

from desktop.sync.folder.ports import FileStat

_moments = itertools.count(1)


class MemoryFiles:
    """One machine's view of the folder. `before_write` is called before each write, and may raise."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.stats: dict[str, FileStat] = {}
        self.placeholders: set[str] = set()
        self.written: dict[str, bytes] = {}  # not uploaded yet
        self.removed: set[str] = set()
        self.reads = 0
        self.bytes_written = 0
        self.before_write: Callable[[str], None] = lambda _: None

    def list(self) -> Mapping[str, FileStat]:
        return {name: stat for name, stat in self.stats.items() if name not in self.placeholders}

    def waiting(self) -> Set[str]:
        return self.placeholders & self.stats.keys()

    def read(self, name: str) -> bytes | None:
        self.reads += 1
        return None if name in self.placeholders else self.content.get(name)

    def write(self, name: str, content: bytes) -> FileStat:
        self.before_write(name)
        self.put(name, content)
        self.written[name] = content
        self.removed.discard(name)
        self.bytes_written += len(content)
        return self.stats[name]

    def remove(self, name: str) -> None:
        self.drop(name)
        self.written.pop(name, None)
        self.removed.add(name)

    # what the cloud's program does

    def put(self, name: str, content: bytes) -> None:
        if self.content.get(name) != content:
            self.content[name] = content
            self.stats[name] = FileStat(len(content), next(_moments))

    def drop(self, name: str) -> None:
        self.content.pop(name, None)
        self.stats.pop(name, None)


class Cloud:
    """Carries files between views: late, out of order, twice, truncated, in old versions, or deleted."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.views: list[MemoryFiles] = []
        self.versions: dict[str, list[bytes]] = {}

    def add_view(self) -> MemoryFiles:
        view = MemoryFiles()
        self.views.append(view)
        return view

    def upload(self, view: MemoryFiles) -> None:
        for name, content in view.written.items():
            self.versions.setdefault(name, []).append(content)
        for name in view.removed:
            self.versions.pop(name, None)
            for other in self.views:
                other.drop(name)
        view.written, view.removed = {}, set()

    def disturb(self, view: MemoryFiles) -> None:
        """Brings one file to one view, correctly or with one of those mistakes."""
        if not self.versions:
            return
        name = self.random.choice(sorted(self.versions))
        versions = self.versions[name]
        way = self.random.choice(("newest", "newest", "newest", "old", "cut", "copy", "vanish", "vanish everywhere"))
        if name in view.written and way in {"newest", "old", "cut"}:
            view.put(f"{name[:-4]} (conflicted copy {self.random.randrange(9)}){name[-4:]}", versions[-1])
        elif way == "newest":
            view.put(name, versions[-1])
        elif way == "old":
            view.put(name, self.random.choice(versions))
        elif way == "cut":
            view.put(name, versions[-1][: self.random.randrange(len(versions[-1]))])
        elif way == "copy":
            view.put(f"{name[:-4]} ({self.random.randrange(9)}){name[-4:]}", self.random.choice(versions))
        elif way == "vanish":
            view.drop(name)
        else:
            for each in self.views:
                each.drop(name)

    def settle(self) -> None:
        """Uploads everything, and brings the newest version of everything to all views."""
        for view in self.views:
            self.upload(view)
        for name, versions in self.versions.items():
            for view in self.views:
                view.put(name, versions[-1])
