"""Compiles the translations before they are packed; everything else stands in pyproject.toml."""

import runpy
from pathlib import Path

from setuptools import setup

script = Path(__file__).parent / "packaging" / "translations.py"
runpy.run_path(str(script))["compile_all"]()
setup()
