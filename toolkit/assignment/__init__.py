"""New documents given the themes and codes of a finished run, with nothing refitted. Start with `assign.py`."""

from toolkit.assignment.assign import assign

__all__ = ["assign"]
