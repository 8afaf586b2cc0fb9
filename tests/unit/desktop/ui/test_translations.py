"""Every text of the window is there in Afrikaans, with the same holes for values, and the compiled file is this one."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[4]
SOURCE = ROOT / "assets" / "translations" / "upschedule_af.ts"
HOW = "run pyside6-lupdate over desktop/ui, write the Afrikaans, run pyside6-lrelease"


def texts() -> Iterator[tuple[str, str]]:
    """Context and text of every call of `translate`."""
    for path in sorted((ROOT / "desktop" / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "translate":
                context, text = node.args[0], node.args[1]
                assert isinstance(context, ast.Constant), f"{path.name}:{node.lineno} has no literal context"
                assert isinstance(text, ast.Constant), f"{path.name}:{node.lineno} has no literal text"
                yield str(context.value), str(text.value)


def afrikaans() -> dict[tuple[str, str], str]:
    found = {}
    for context in ET.parse(SOURCE).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            if translation is not None and translation.get("type") is None and translation.text:
                found[context.findtext("name", ""), message.findtext("source", "")] = translation.text
    return found


def test_every_text_is_translated() -> None:
    missing = sorted(set(texts()) - afrikaans().keys())
    assert missing == [], f"{len(missing)} texts have no Afrikaans: {HOW}"


def test_translations_have_the_same_holes() -> None:
    wrong = [
        (said, meant)
        for (_, said), meant in afrikaans().items()
        if sorted(re.findall(r"\{\w*\}", said)) != sorted(re.findall(r"\{\w*\}", meant))
    ]
    assert wrong == []


def test_words_are_plain() -> None:
    for text in {text for _, text in texts()} | set(afrikaans().values()):
        assert "!" not in text, text
        assert "please" not in text.lower(), text


def test_the_compiled_file_is_of_this_source(tmp_path: Path) -> None:
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    if not tool.exists() and shutil.which("pyside6-lrelease") is None:
        pytest.skip("pyside6-lrelease is not installed")
    made = tmp_path / "made.qm"
    command = [str(tool) if tool.exists() else "pyside6-lrelease", str(SOURCE), "-qm", str(made)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert made.read_bytes() == SOURCE.with_suffix(".qm").read_bytes(), HOW
