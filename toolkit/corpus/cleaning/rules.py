"""The wording of text that is not body text: each rule is a named list of patterns, read from the files of `cues/`.

Patterns are matched on a block's view (single blanks, straight quotes, no markup), never on long prose. `edge` rules
count only before the first or after the last prose of a document, `tail` rules only after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from toolkit.corpus.cleaning.cue_files import CueGroup, Where, cue_groups, patterns_of
from toolkit.corpus.cleaning.sieve import Opening, Sieve


class Rule(NamedTuple):
    """Patterns, their reason, the maximum number of words of a block that they may remove, and their place.

    Patterns that begin a block are separate from those that may occur inside it: the former fail at the first word;
    each of the latter is tried only if one of its hints occurs: every text that the pattern can match contains one of
    the hints.
    """

    name: str
    opening: str
    inside: tuple[tuple[tuple[str, ...], str], ...]  # (hints, pattern)
    most: int
    where: Where = "any"

    def matches(self, view: str, hints: frozenset[str], opens: bool) -> bool:
        """Whether the rule describes a view with these hints; `opens`: its start may match."""
        if opens and self.opening and _compiled(self.opening).match(view):
            return True
        if not hints:
            return False
        return any(
            not hints.isdisjoint(wanted) and _compiled(pattern).search(view) is not None
            for wanted, pattern in self.inside
        )


def _rule(group: CueGroup) -> Rule:
    opening = [cue.pattern for cue in group.cues if not cue.hints]
    inside = tuple((cue.hints, cue.pattern) for cue in group.cues if cue.hints)
    return Rule(group.reason, _any(opening), inside, group.most_words, group.where)


def _any(patterns: Sequence[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Patterns are compiled when first needed: `toolkit check` has a second for everything."""
    return re.compile(pattern, re.IGNORECASE)


class RuleSet:
    """The rules for one kind of place; a single check excludes most blocks."""

    def __init__(self, rules: tuple[Rule, ...], *wheres: Where) -> None:
        self.short = _Glance(tuple(rule for rule in rules if rule.where in wheres))
        self.long = _Glance(tuple(rule for rule in self.short.rules if rule.most > _LONG_WORDS))

    def matching(self, view: str, words: int) -> Iterator[Rule]:
        """The rules that match a view with this number of words, in their order."""
        return (self.long if words > _LONG_WORDS else self.short).matching(view, words)


class _Glance:
    """Rules with one pattern for all of their openings and one list of all of their hints."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self.opening = Opening(_any([rule.opening for rule in rules if rule.opening]))
        self.inner = tuple(rule for rule in rules if rule.inside)
        self.most = max((rule.most for rule in rules), default=0)
        hints = sorted({hint for rule in rules for wanted, _ in rule.inside for hint in wanted})
        self.hints = Sieve({hint: re.escape(hint) for hint in hints})

    def matching(self, view: str, words: int) -> Iterator[Rule]:
        """The rules that match."""
        if words > self.most:
            return
        hints = frozenset(self.hints.matching(view.lower()))
        opens = self.opening.matches(view)
        if not opens and not hints:
            return
        for rule in self.rules if opens else self.inner:
            if words <= rule.most and rule.matches(view, hints, opens):
                yield rule


_LONG_WORDS = 45  # fewer rules apply to longer blocks
RULES: tuple[Rule, ...] = tuple(_rule(group) for group in cue_groups())

ANYWHERE = RuleSet(RULES, "any")
AT_EDGES = RuleSet(RULES, "edge")
AT_END = RuleSet(RULES, "edge", "tail")

_SECTIONS = patterns_of("sections")
BIO = _SECTIONS["person"]
"""A sentence that begins with a name and describes that person; a bio if it names one of `TRADES` after the last body.
"""
TRADES = _SECTIONS["trade"]
RELATED = _SECTIONS["related_list"]
"""The heading of a list of other articles."""
RELATED_INLINE = _SECTIONS["related_inline"]
"""The same with the list on the same line."""
COMMENTS_OPEN = _SECTIONS["comments"]
BIO_OPEN = _SECTIONS["about_the_author"]
CONTACT_OPEN = _SECTIONS["contacts"]
