"""Reads, writes and applies a log of what people decided about themes: named, merged, split, dropped, moved.

Start with `log.py` (what a log contains). `reading.py` reads one, `references.py` says what a theme is meant by. To
apply a log import `decide` from `deciding.py`: it alone needs the libraries that find themes.
"""

from toolkit.decisions.adding import add, undo
from toolkit.decisions.log import Decision, Log, ThemeReference, new_log, write_log
from toolkit.decisions.reading import parse_log, read_log
from toolkit.decisions.references import digest, references

__all__ = [
    "Decision",
    "Log",
    "ThemeReference",
    "add",
    "digest",
    "new_log",
    "parse_log",
    "read_log",
    "references",
    "undo",
    "write_log",
]
