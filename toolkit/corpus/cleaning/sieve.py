"""Finds the matching patterns among many: one pass by RE2 instead of one pass per pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

MEMORY_BYTES = 128 * 2**20  # bytes at most; a set of patterns takes a few of these megabytes
_CODE_POINT = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
_LOOKAROUND = re.compile(r"\(\?<?[!=]")


class Sieve:
    """Named patterns; `matching` returns the names of those that occur in a text, in their order.

    For ASCII text RE2 (Cox 2010) decides which patterns match. It has no lookarounds: for a pattern with one it decides
    about the remainder, and Python's `re` confirms. Other text is left to `re` alone, whose letters are those of
    Unicode.
    """

    def __init__(self, patterns: Mapping[str, str]) -> None:
        self.patterns = patterns

    def matching(self, text: str) -> Sequence[str]:
        """The names of the patterns that match somewhere in a text."""
        if not text.isascii():
            return [name for name in self.patterns if self._compiled[name].search(text)]
        names = (self._names[at] for at in sorted(self._set.Match(text) or ()))
        return [name for name in names if name not in self._loose or self._compiled[name].search(text)]

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.patterns)

    @cached_property
    def _loose(self) -> frozenset[str]:
        """The patterns of which RE2 supports only a part."""
        return frozenset(name for name, pattern in self.patterns.items() if loosened(pattern) != pattern)

    @cached_property
    def _compiled(self) -> dict[str, re.Pattern[str]]:
        return {name: re.compile(pattern) for name, pattern in self.patterns.items()}

    @cached_property
    def _set(self) -> Any:
        import re2

        sieve = re2.Set.SearchSet(_options())
        for pattern in self.patterns.values():
            sieve.Add(loosened(pattern))
        sieve.Compile()
        return sieve


def _options() -> Any:
    """RE2 with memory for patterns of thousands of words, and without output on stderr."""
    import re2

    options = re2.Options()
    options.max_mem, options.log_errors = MEMORY_BYTES, False
    return options


class Opening:
    """One pattern, in either case, at the start of a text: RE2 pre-checks, as in a `Sieve`."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def matches(self, text: str) -> bool:
        """Whether the text begins with the pattern; an empty pattern never matches."""
        if not self.pattern or (text.isascii() and self._sieve.match(text) is None):
            return False
        return self._compiled.match(text) is not None

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    @cached_property
    def _sieve(self) -> Any:
        import re2

        return re2.compile(f"(?i){loosened(self.pattern)}", _options())


def loosened(pattern: str) -> str:
    """The pattern in RE2's syntax, without lookarounds and possessive marks: it matches at least the same texts."""
    pattern = _CODE_POINT.sub(lambda code: chr(int(code[1], 16)), pattern)
    kept: list[str] = []
    at = 0
    while at < len(pattern):
        if _LOOKAROUND.match(pattern, at):
            at = _closing(pattern, at) + 1
            continue
        end = _piece(pattern, at)
        kept.append("(?:" if pattern.startswith("(?>", at) else pattern[at:end])
        at = max(end, at + 3 * pattern.startswith("(?>", at))
        if kept[-1] in ("*", "+", "?", "}") and pattern.startswith("+", at):
            at += 1
    return "".join(kept)


def _piece(pattern: str, at: int) -> int:
    """The end of the escape, the set or the single character that begins at `at`."""
    if pattern[at] == "\\":
        return at + 2
    if pattern[at] == "[":
        end = at + 1 + pattern.startswith("^", at + 1)
        end += pattern.startswith("]", end)
        while pattern[end] != "]":
            end += 2 if pattern[end] == "\\" else 1
        return end + 1
    return at + 1


def _closing(pattern: str, at: int) -> int:
    """The position of the parenthesis that closes the one at `at`."""
    depth = 0
    while True:
        depth += (pattern[at] == "(") - (pattern[at] == ")")
        if not depth:
            return at
        at = _piece(pattern, at)
