"""Faults of the user: each states the place, the value, the allowed values and what to do. Exit code 2."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ToolkitError(Exception):
    """A fault that the user can correct. Its text is one line; the command line prints it and exits with 2."""

    exit_code = 2


class ConfigError(ToolkitError):
    """Faults in a config or codebook: all at once, one line each, in file order."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class CorpusError(ToolkitError):
    """A corpus that is unusable as a whole (missing, empty). A single bad document is no error: see the ledger."""


class MissingExtraError(ToolkitError):
    """An optional library is not installed; the text names the extra that brings it."""


class QuoteError(ToolkitError):
    """A quote that does not occur in its source, or belongs to another theme: the run refuses to write it."""


class StoreError(ToolkitError):
    """The store or a run folder cannot be read or written."""


def nearest(given: str, allowed: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` for the closest allowed name, or an empty string if none is close."""
    close = get_close_matches(given, list(allowed), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""
