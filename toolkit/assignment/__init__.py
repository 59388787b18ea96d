"""New documents given the themes and codes of a finished run, with nothing refitted."""

from toolkit.assignment.assign import assign

__all__ = ["assign"]
