"""Offline sheets for coding paragraphs and for intrusion tests: a page, a table, and what to do with the answers."""

from toolkit.sheet.files import write_sheet
from toolkit.sheet.sheet import Choice, Item, Kind, Sheet

__all__ = ["Choice", "Item", "Kind", "Sheet", "write_sheet"]
