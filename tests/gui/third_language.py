"""A language that the program does not come with, made of data alone: English whose words are 40 % longer."""

from __future__ import annotations

import json
import re
import runpy
import xml.etree.ElementTree as ET
from pathlib import Path

from desktop.config import assets_folder
from desktop.domain.messages import MONTHS, WEEKDAYS

ROOT = Path(__file__).parents[2]
CODE, NAME = "nso", "Sepedi"
LENGTH_FACTOR = 1.4
_WORD = re.compile(r"\{\w+\}|[^\W\d_]+")


def lengthen(text: str) -> str:
    """Lengthens each word by repeating letters; placeholders for values stay unchanged."""
    owed = 0.0

    def stretched(found: re.Match[str]) -> str:
        nonlocal owed
        word = found.group()
        if word.startswith("{"):
            return word
        owed += len(word) * (LENGTH_FACTOR - 1)
        again = min(len(word), round(owed))
        owed -= again
        return word + word[len(word) - again :].lower()

    return _WORD.sub(stretched, text)


def write_translations(folder: Path) -> None:
    """Writes both translation tables of the language, the window's compiled, like those of a shipped language."""
    shipped = assets_folder() / "translations"
    window = ET.parse(shipped / "upschedule_af.ts")
    window.getroot().set("language", CODE)
    for message in window.iter("message"):
        for translation in message.iter("translation"):
            translation.text = lengthen(message.findtext("source", ""))
    folder.mkdir(parents=True)
    window.write(folder / f"upschedule_{CODE}.ts", encoding="utf-8", xml_declaration=True)
    runpy.run_path(str(ROOT / "packaging" / "translations.py"))["compile_all"](folder)
    texts = json.loads((shipped / "messages_af.json").read_text("utf-8"))["texts"]
    said = {
        "texts": {english: lengthen(english) for english in texts},
        "weekdays": [lengthen(each) for each in WEEKDAYS],
        "weekdays_short": [lengthen(each[:3]) for each in WEEKDAYS],
        "months": [lengthen(each) for each in MONTHS],
        "months_short": [lengthen(each[:3]) for each in MONTHS],
        "thousands": " ",
    }
    (folder / f"messages_{CODE}.json").write_text(json.dumps(said), "utf-8")
