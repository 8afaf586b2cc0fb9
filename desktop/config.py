"""Where things are on this machine. Hides the difference between a checkout, an installed wheel and a frozen build."""

from __future__ import annotations

import sys
from pathlib import Path


def assets_folder() -> Path:
    """The folder of icons, fonts, translations and academic years that came with the program."""
    bundled = getattr(sys, "_MEIPASS", None)
    if bundled is not None:
        return Path(bundled) / "assets"
    checkout = Path(__file__).resolve().parents[1] / "assets"
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "upschedule" / "assets"
