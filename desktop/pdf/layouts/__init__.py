"""The documents that can be read, one module each. A layout has a title and columns, and parses table rows.

docs/document-types.md says how to add one.
"""

from desktop.pdf.layouts.exams import LAYOUT as EXAMS
from desktop.pdf.layouts.layout import Layout, LayoutResult
from desktop.pdf.layouts.lectures import LAYOUT as LECTURES
from desktop.pdf.layouts.tests import LAYOUT as TESTS

LAYOUTS: tuple[Layout, ...] = (LECTURES, TESTS, EXAMS)

__all__ = ["LAYOUTS", "Layout", "LayoutResult"]
