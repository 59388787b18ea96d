"""Short names for themes, made of their words and unique in the run."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.describe.keywords import Candidate, abbreviates, overlaps
from toolkit.describe.words import LINKS, key_of, one_script, pieces_of

NO_WORDS = "(no distinctive words)"
NO_THEME = "No theme"
PHRASE_FACTOR = 1.4
"""Factor of the weight of a phrase relative to a single word in a label, because phrases are clearer alone."""


def names_for(
    themes: Sequence[Sequence[str]], keywords: Sequence[Sequence[Candidate]], longest: int, taken: Sequence[str] = ()
) -> list[str]:
    """The first name of each theme that no other theme has; a theme without one gets up to two of its keywords."""
    used = {words_of(name) for name in taken}
    labels = []
    for names, ranked in zip(themes, keywords, strict=True):
        free = (name for name in names if len(name) <= longest and words_of(name) not in used)
        label = next(free, None) or _unique(_of_one_script(_by_label_weight(ranked)), 2, longest, used)
        used.add(words_of(label))
        labels.append(label)
    return labels


def labels_for(
    themes: Sequence[Sequence[Candidate]],
    keywords: int,
    words: int,
    longest: int,
    taken: Sequence[str] = (),
) -> list[str]:
    """One label per theme: at most `words` of its keywords, about `longest` characters at most, unique, never empty.

    If two themes would get the same label, they get more of their keywords, then terms after the first `keywords`, and
    a number if no term is left.
    """
    used = {words_of(name) for name in taken}
    labels = []
    for ranked in themes:
        label = _unique(_by_label_weight(ranked[:keywords]) + list(ranked[keywords:]), words, longest, used)
        used.add(words_of(label))
        labels.append(label)
    return labels


def _of_one_script(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that may follow the first in a name."""
    return [candidate for candidate in ranked if one_script(ranked[0].name, candidate.name)]


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in alphabetical order without linking words: names of the same words count as one."""
    keys = (key_of(piece) for piece in pieces_of(name) if piece[0].isalnum())
    return tuple(sorted(key for key in keys if key not in LINKS)) or (name.casefold(),)


def _unique(ordered: Sequence[Candidate], words: int, longest: int, used: set[tuple[str, ...]]) -> str:
    label = NO_WORDS
    for count in range(words, max(words, len(ordered)) + 1):
        label = _spelled(ordered, count, longest if count == words else 10 * longest)
        if words_of(label) not in used:
            return label
    number = 2
    while words_of(f"{label} {number}") in used:
        number += 1
    return f"{label} {number}"


def _by_label_weight(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Candidates with phrases first if their weight is close to that of a single word."""
    weights = {
        candidate.name: candidate.weight * (PHRASE_FACTOR if len(candidate.parts) > 1 else 1.0) for candidate in ranked
    }
    return sorted(ranked, key=lambda candidate: (-weights[candidate.name], candidate.name))


def _spelled(ordered: Sequence[Candidate], count: int, longest: int) -> str:
    chosen: list[Candidate] = []
    for candidate in ordered:
        length = sum(len(other.name) + 2 for other in chosen) + len(candidate.name)
        shares_a_word = any(overlaps(Candidate(p, (p,), 0, 0), other) for p in candidate.parts for other in chosen)
        shares_a_word |= any(abbreviates(candidate, other) or abbreviates(other, candidate) for other in chosen)
        if len(chosen) < count and not shares_a_word and (length <= longest or not chosen):
            chosen.append(candidate)
    text = ", ".join(candidate.name for candidate in chosen)
    return text[:1].upper() + text[1:] if text else NO_WORDS
