"""The macOS bundle's properties, as far as they can be checked without a Mac."""

from __future__ import annotations

import plistlib
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "packaging"))

from macos.info import info_plist  # noqa: E402


def test_it_opens_pdfs_when_asked_and_never_by_default() -> None:
    plist = plistlib.loads(plistlib.dumps(info_plist("1.2.3")))
    (pdf,) = plist["CFBundleDocumentTypes"]
    assert pdf["LSItemContentTypes"] == ["com.adobe.pdf"]
    assert pdf["LSHandlerRank"] == "Alternate"
    assert plist["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["upschedule"]
    assert plist["CFBundleVersion"] == plist["CFBundleShortVersionString"] == "1.2.3"


def test_the_scripts_and_entitlements_are_sound() -> None:
    for script in (ROOT / "packaging" / "macos" / "build.sh", ROOT / "packaging" / "sign.sh"):
        subprocess.run(["bash", "-n", script], check=True)
    entitlements = plistlib.loads((ROOT / "packaging" / "macos" / "entitlements.plist").read_bytes())
    assert set(entitlements.values()) == {True}


def test_the_spec_makes_a_bundle_of_it() -> None:
    spec = (ROOT / "packaging" / "upschedule.spec").read_text("utf-8")
    bundle = re.search(r"BUNDLE\((.*?)\n    \)", spec, re.DOTALL)
    assert bundle is not None
    assert "info_plist(VERSION)" in bundle[1]
    assert "app.icns" in bundle[1]
