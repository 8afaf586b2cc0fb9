"""Tests how the installer replaces an installed version, under Wine, with tiny programs in place of the real one.

    python packaging/windows/update_trial.py [PYTHON.EXE]

Whatever happens to the installer, some version has to start: it is interrupted 20 times, spread over its whole run, and
it meets a new version that does not start, and one that is open. With a Windows Python that has the locked packages, an
update is also found, checked, fetched and installed by the program's own code, from a folder served over loopback.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import trial_runtime
from trial import NAME, expect
from wine import Prefix, windows_path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(1, str(ROOT))

from tests.e2e.updates.publisher import Publisher, served_folder  # noqa: E402 - behind the path

UPDATE = """
import sys
from pathlib import Path
from desktop.updates.client import UpdateClient
from desktop.updates.fetcher import HttpFetcher, open_client
from desktop.updates.installing import start_installer
from desktop.updates.source import Source
address, root, folder = sys.argv[1], Path(sys.argv[2]).read_bytes(), Path(sys.argv[3])
with open_client() as http:
    client = UpdateClient(Source(address, root), folder, HttpFetcher(http))
    release = client.newest_release()
    installer = client.download(release, sys.platform)
start_installer(installer, folder, release.version)
print("begun", release.version)
"""
MAIN = """
#include <stdio.h>
#include <string.h>
#include <windows.h>
int main(int argc, char **argv) {
    /* Like the real one, it is nothing without the parts of its own version beside it. */
    char part[MAX_PATH], text[64] = "";
    GetModuleFileNameA(0, part, sizeof part);
    strcpy(strrchr(part, '\\\\') + 1, "_internal-%(version)s\\\\part.txt");
    FILE *file = fopen(part, "r");
    if (!file || !fgets(text, sizeof text, file) || strcmp(text, "%(version)s")) return 99;
    fclose(file);
    if (argc > 1 && !strcmp(argv[1], "--check-start")) return %(check)d;
    if (argc > 1 && !strcmp(argv[1], "--stay")) Sleep(60000);
    printf("%(version)s");
    return 0;
}
"""


def build_installer(folder: Path, version: str, check: int = 0) -> Path:
    """Builds the installer of a version that starts if `check` is 0."""
    source = folder / f"source-{version}-{check}"
    parts = source / f"_internal-{version}"
    parts.mkdir(parents=True)
    (parts / "part.txt").write_text(version)
    for number in range(30):  # so that unpacking takes long enough to be interrupted
        (parts / f"{number}.bin").write_bytes(bytes(range(256)) * 800 * (number + 1))
    trial_runtime.compile_program(MAIN % {"version": version, "check": check}, source / "upschedule.exe")
    shutil.copy(source / "upschedule.exe", source / "upschedule.com")
    target = folder / f"{version}-{check}-setup.exe"
    icon = folder / "app.ico"
    if not icon.exists():
        icon.write_bytes((Path("/usr/share/nsis/Contrib/Graphics/Icons") / "modern-install.ico").read_bytes())
    defined = {"VERSION": version, "SOURCE": source, "TARGET": target, "ICON": icon}
    script = ROOT / "packaging" / "windows" / "installer.nsi"
    options = [f"-D{name}={value}" for name, value in defined.items()]
    subprocess.run(["makensis", "-V1", "-INPUTCHARSET", "UTF8", *options, script], check=True)
    return target


class UpdateTrial:
    def __init__(self, folder: Path) -> None:
        self.prefix = Prefix(folder / "prefix")
        self.prefix.create()
        (home,) = [each for each in (self.prefix.drive / "users").iterdir() if each.name != "Public"]
        self.program = home / "AppData/Local/Programs" / NAME
        self.old, self.new = build_installer(folder, "0.1.0"), build_installer(folder, "0.2.0")
        self.broken = build_installer(folder, "0.3.0", check=1)
        self.newest = build_installer(folder, "0.4.0")

    def started_version(self, name: str = "upschedule.exe") -> str:
        """Returns the version that starts; '' if none does."""
        return self.prefix.run(self.program / name, status=None).decode(errors="replace").strip()

    def run(self) -> None:
        began = time.monotonic()
        self.prefix.run(self.old, "/S")
        took = time.monotonic() - began
        expect("the first version starts", self.started_version() == "0.1.0")
        self.prefix.run(self.new, "/S")
        expect(
            "the new version starts",
            (self.started_version(), self.started_version("upschedule.com")) == ("0.2.0", "0.2.0"),
        )
        expect("the version before is kept", self.started_version("upschedule-previous.exe") == "0.1.0")
        self.prefix.run(self.broken, "/S", status=3)
        expect("a version that does not start changes nothing", self.started_version() == "0.2.0")
        expect("nothing of it stays", not (self.program / "_internal-0.3.0").exists())
        self.check_open_program()
        seen = [self.interrupt_after(took * number / 19) for number in range(20)]
        print(f"cut off 20 times: {', '.join(seen)}", flush=True)
        self.prefix.run(self.newest, "/S")
        expect("a further try makes it whole", self.started_version() == "0.4.0")
        parts = sorted(each.name for each in self.program.glob("_internal-*"))
        expect("two versions' parts are there", parts == ["_internal-0.2.0", "_internal-0.4.0"])
        self.prefix.run(self.program / "uninstall.exe", "/S")
        self.wait_until_uninstalled()
        print("Updates under Wine: all well")

    def end_to_end(self, python: Path, folder: Path) -> None:
        """Updates from 0.1.0 to a published 0.2.0, with the code that a student's copy runs."""
        self.prefix.run(self.old, "/S")
        expect("the first version starts", self.started_version() == "0.1.0")
        publisher = Publisher(folder / "published")
        publisher.publish("0.2.0", self.new.read_bytes(), system="win32")
        script, root = folder / "update.py", folder / "root.json"
        script.write_text(UPDATE)
        root.write_bytes(publisher.root)
        with served_folder(publisher.folder) as server:
            arguments = (server.address, windows_path(root), r"C:\updates")
            output = self.prefix.run(
                python, windows_path(script), *arguments, env={"PYTHONPATH": windows_path(ROOT)}, status=None
            )
        expect(f"the new version is fetched: {output.decode(errors='replace')}", b"begun 0.2.0" in output)
        end = time.monotonic() + 120
        while self.started_version() != "0.2.0" and time.monotonic() < end:
            time.sleep(1)
        expect("the new version was found, checked, fetched and installed", self.started_version() == "0.2.0")
        print("updated from end to end", flush=True)
        self.prefix.run(self.program / "uninstall.exe", "/S")
        self.wait_until_uninstalled()

    def wait_until_uninstalled(self) -> None:
        end = time.monotonic() + 60
        while self.program.exists() and time.monotonic() < end:
            time.sleep(0.5)
        expect("nothing stays after it is uninstalled", not self.program.exists())

    def check_open_program(self) -> None:
        """Tests that the installer waits for an open program."""
        stays = self.prefix.start(self.program / "upschedule.exe", "--stay")
        time.sleep(2)
        installing = self.prefix.start(self.newest, "/S")
        time.sleep(8)
        expect("the installer waits for a program that is open", installing.poll() is None)
        stays.kill()
        stays.wait()
        installing.wait(120)
        expect("it goes on once that is closed", self.started_version() == "0.4.0")
        self.prefix.run(self.new, "/S")  # and back, since an older version installs as well
        expect("an older version can be put back", self.started_version() == "0.2.0")

    def interrupt_after(self, after: float) -> str:
        installing = self.prefix.start(self.newest, "/S")
        time.sleep(after)
        installing.kill()
        installing.wait(60)
        versions = self.started_version(), self.started_version("upschedule.com")
        expect(f"a version starts after {after:.1f} s: {versions}", set(versions) <= {"0.2.0", "0.4.0"})
        if versions[0] == "0.4.0":
            self.prefix.run(self.new, "/S")
        return versions[0]


def main(python: Path | None = None) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        trial = UpdateTrial(Path(folder))
        if python is not None:
            trial.end_to_end(python, Path(folder))
        trial.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else None)
