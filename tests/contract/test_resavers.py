"""The genuine exports, saved again by the programs that students have, are read exactly."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.drawing.reading import read_one
from tests.drawing.reprints import resaved_by_pdfium

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
NAMES = [path.stem for path in sorted(SAMPLES.glob("*.pdf"))]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NAMES, reason="the genuine exports are not here"),
]
COMMANDS: dict[str, Callable[[Path, Path], list[str]]] = {
    "gs": lambda old, new: ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", f"-sOutputFile={new}", str(old)],
    "qpdf": lambda old, new: ["qpdf", "--decrypt", "--object-streams=generate", str(old), str(new)],
    "mutool": lambda old, new: ["mutool", "clean", "-gggz", "-D", str(old), str(new)],
    "pdftk": lambda old, new: ["pdftk", str(old), "output", str(new)],
    "pdftocairo": lambda old, new: ["pdftocairo", "-pdf", str(old), str(new)],
    "soffice": lambda old, new: [
        *("soffice", f"-env:UserInstallation={(new.parent / 'office').as_uri()}", "--headless"),
        *("--infilter=draw_pdf_import", "--convert-to", "pdf:draw_pdf_Export", "--outdir", str(new.parent), str(old)),
    ],
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("program", COMMANDS)
def test_saved_again(program: str, name: str, tmp_path: Path) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    old, new = SAMPLES / f"{name}.pdf", tmp_path / f"{name}.pdf"
    if program == "soffice":  # without a window, it opens nothing that is encrypted
        old = tmp_path / "open" / old.name
        old.parent.mkdir()
        subprocess.run(["qpdf", "--decrypt", SAMPLES / old.name, old], check=True)
    subprocess.run(COMMANDS[program](old, new), check=True, capture_output=True, timeout=120)
    check(name, new.read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_saved_by_pdfium(name: str) -> None:
    check(name, resaved_by_pdfium((SAMPLES / f"{name}.pdf").read_bytes()))


def check(name: str, pdf: bytes) -> None:
    expected = json.loads((SAMPLES / f"{name}.expected.json").read_text("utf-8"))
    draft = read_one(pdf)
    assert (draft.problems, draft.remarks) == ((), ())
    assert [row.entry() for row in draft.rows] == expected["entries"]
