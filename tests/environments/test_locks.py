"""Each program in an environment made from its own lock alone, started as by `make run` and `make server`, and used.

Left out of `make test`: `make test-environments` runs it, and downloads what the locks name from package registries.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.sync.server.process import ServerProcess

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery staple 9"
PROGRAMS = {"desktop": "desktop", "server": "syncserver"}
OF_THE_OTHER = {
    "desktop": ("alembic", "asyncpg", "boto3", "greenlet", "litestar", "uvicorn"),
    "server": ("PySide6", "shiboken6", "pdfplumber", "pdfminer", "pypdfium2", "PIL", "caldav", "icalendar"),
}
IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [module.name for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in names:
    if name != "syncserver.db.migrations.env":  # Alembic runs it, as a script, and so does every start of the server
        importlib.import_module(name)
print(len(names))
"""
APPLY = """
import sys
from pathlib import Path
from desktop.app import App
from desktop.domain.records.records import Act, Change
with App.open(Path(sys.argv[1])) as app:
    app.store.apply(Act("Named", (Change("module", "2026/COS 212", {"name": "Algorithms"}),)))
"""
NAME = """
import sys
from pathlib import Path
from desktop.app import App
with App.open(Path(sys.argv[1])) as app:
    print(app.store.records().get("module", "2026/COS 212").get("name"))
"""


class Environment:
    """A checkout of its own with the environment that `packaging/setup.sh` makes in it for one purpose."""

    def __init__(self, folder: Path, purpose: str) -> None:
        self.folder = folder
        self.purpose = purpose
        self.bin = folder / ".venv" / "bin"
        self.home = folder.parent / f"{folder.name}-home"
        self.home.mkdir()
        copy_of_what_is_tracked(folder)
        self.run("bash", "packaging/setup.sh", purpose, seconds=900)

    def run(self, *command: object, seconds: float = 120, **variables: str) -> str:
        """The output of a command that has to succeed; it inherits nothing of the environment that runs the tests."""
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        own = {"HOME": str(self.home), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env=kept | own | variables,
            input=f"{PASSWORD}\n",
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == 0, f"{command[:4]}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def python(self, code: str, *arguments: object) -> str:
        return self.run(self.bin / "python", "-c", code, *arguments)


def copy_of_what_is_tracked(folder: Path) -> None:
    """Copies the files of a clone of this checkout: only tracked ones."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in names.split("\0"):
        if name and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("of") / "desktop", "desktop")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return Environment(tmp_path_factory.mktemp("of") / "server", "server")


@pytest.fixture(params=PROGRAMS)
def either(request: pytest.FixtureRequest) -> Environment:
    environment: Environment = request.getfixturevalue(request.param)
    return environment


@pytest.mark.timeout(1200)  # the first to use an environment makes it
def test_every_module_can_be_imported(either: Environment) -> None:
    assert int(either.python(IMPORT_ALL, PROGRAMS[either.purpose])) > 10


@pytest.mark.timeout(1200)
def test_it_holds_nothing_of_the_other_program(either: Environment) -> None:
    code = "import sys; from importlib.util import find_spec; print([n for n in sys.argv[1:] if find_spec(n)])"
    assert either.python(code, *OF_THE_OTHER[either.purpose]) == "[]\n"
    either.run(either.bin / "python", "-m", "pip", "check")


@pytest.mark.timeout(1200)
def test_a_pdf_is_read(desktop: Environment) -> None:
    for kept in sorted((desktop.folder / "tests" / "golden").glob("*.pdf")):
        documents = json.loads(desktop.run(desktop.bin / "upschedule", "parse", "--json", kept))
        expected = json.loads(kept.with_suffix(".json").read_text("utf-8"))
        expected = expected if isinstance(expected, list) else [expected]
        assert [len(each["entries"]) for each in documents] == [len(each["entries"]) for each in expected]


@pytest.mark.timeout(1200)
@pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool")
def test_the_window_is_painted_and_imports(desktop: Environment) -> None:
    """By what tries a built application: a PDF given on the command line, accepted by mouse, its week on the screen."""
    said = desktop.run(sys.executable, ROOT / "packaging" / "smoke.py", desktop.bin / "upschedule", seconds=300)
    assert "on screen: the week is shown again" in said


@pytest.mark.timeout(1200)
def test_the_translations_are_compiled_where_there_is_a_window(desktop: Environment, server: Environment) -> None:
    compiled = Path("assets") / "translations" / "upschedule_af.qm"
    assert (desktop.folder / compiled).exists()
    assert not (server.folder / compiled).exists()
    wheels = desktop.folder.parent / "wheels"
    (desktop.folder / compiled).unlink()
    pip = (desktop.bin / "python", "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "--no-build-isolation")
    desktop.run(*pip, "-w", wheels, desktop.folder)
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        assert any(name.endswith(compiled.as_posix()) for name in packed.namelist())


@pytest.mark.timeout(1200)
def test_an_account_is_registered_and_a_record_pushed_and_pulled(
    desktop: Environment, server: Environment, tmp_path: Path
) -> None:
    (tmp_path / "server").mkdir()
    running = ServerProcess(tmp_path / "server", command=(str(server.bin / "syncserver"), "serve"))
    running.start()
    try:
        one, two = tmp_path / "one", tmp_path / "two"
        upschedule = desktop.bin / "upschedule"
        desktop.python(APPLY, one)
        address = ("sync", "--server", running.url)
        desktop.run(upschedule, "--profile", one, *address, "register", "--name", "thandi.m")
        assert json.loads(desktop.run(upschedule, "--profile", one, "sync", "now", "--json"))["pushed"] >= 1
        desktop.run(upschedule, "--profile", two, *address, "login", "--name", "thandi.m")
        desktop.run(upschedule, "--profile", two, "sync", "now")
        assert desktop.python(NAME, two) == "Algorithms\n"
    finally:
        running.client.close()
        assert running.stop() == 0


@pytest.mark.timeout(1200)
def test_the_image_is_built_from_what_it_copies(server: Environment, tmp_path: Path) -> None:
    """The steps of the Containerfile that install the program, without a container."""
    lines = (ROOT / "packaging" / "server" / "Containerfile").read_text("utf-8").splitlines()
    build = lines[: next(number for number, line in enumerate(lines) if number > 1 and line.startswith("FROM "))]
    sources, installed = tmp_path / "src", tmp_path / "installed"
    for line in build:
        if line.startswith("COPY "):
            *names, target = line.split()[1:]
            for name in names:
                there = sources / target / Path(name).name if target.endswith("/") else sources / target
                there.parent.mkdir(parents=True, exist_ok=True)
                if (server.folder / name).is_dir():
                    shutil.copytree(server.folder / name, there)
                else:
                    shutil.copy2(server.folder / name, there)
    (locked,) = [line for line in build if "--require-hashes" in line]
    assert "-r requirements/server.txt" in locked
    (install,) = [line for line in build if line.startswith("RUN /opt/sync/bin/pip install")]
    options = install.removeprefix("RUN /opt/sync/bin/pip install").split()
    assert options[-1] == "."
    server.run(
        server.bin / "python", "-m", "pip", "install", "-q", *options[:-1], "--target", installed, sources, seconds=300
    )
    assert not list(installed.glob("desktop/ui"))
    own = {"PYTHONPATH": str(installed), "SYNC_DATA_FOLDER": str(tmp_path / "data")}
    python = (server.bin / "python", "-P")  # the checkout it stands in is not looked at
    assert server.run(*python, "-c", "import syncserver; print(syncserver.__file__)", **own).startswith(str(installed))
    server.run(*python, "-c", IMPORT_ALL, "syncserver", **own)
    server.run(*python, "-m", "syncserver", "migrate", **own)
