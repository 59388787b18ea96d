"""Draws paragraphs of a run for people to code, and scores the run against their answers.

Start with `sample.py` (writes a sheet) and `evaluate.py` (scores the answers).
"""

from toolkit.coders.sheet import Choice, Item, Kind, Sheet
from toolkit.coders.sheet_files import write_sheet

__all__ = ["Choice", "Item", "Kind", "Sheet", "write_sheet"]
