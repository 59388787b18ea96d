"""Offline sheets for coding paragraphs and for intrusion tests: a page, a table, and what to do with the answers."""

from toolkit.coders.sheet import Choice, Item, Kind, Sheet
from toolkit.coders.sheet_files import write_sheet

__all__ = ["Choice", "Item", "Kind", "Sheet", "write_sheet"]
