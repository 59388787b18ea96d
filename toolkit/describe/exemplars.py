"""Exemplars: verbatim spans that are central to a theme, different from each other, and from different documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.values import Floats, Vectors

MOST_CENTRAL = 60
"""Number of the most central paragraphs of a theme from which exemplars are chosen."""
CENTRALITY_WEIGHT = 0.7
"""Weight of centrality; the rest is the weight of difference from exemplars already chosen (Carbonell and Goldstein
1998, MMR)."""
SAME_DOCUMENT_PENALTY = 0.15
"""Penalty for each exemplar already chosen from the same document."""
STRENGTH_WEIGHT = 0.1
"""Weight of the share of refits that agree with the theme of the paragraph."""
COPY_COSINE = 0.97
"""From this cosine on, two paragraphs count as copies."""
LEANS_BACK = re.compile(
    r"\W*(it|its|this|these|those|that|they|their|he|she|his|her|such|however|but|and|yet|also|moreover|instead|"
    r"meanwhile|therefore|thus|so|then|still|for example|for instance|as a result)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Paragraphs:
    """The columns of n paragraphs that the choice of exemplars requires."""

    ids: Sequence[str]
    documents: Sequence[str]
    starts: Sequence[int]
    texts: Sequence[str]


def choose(
    members: npt.NDArray[np.int64], vectors: Vectors, strength: Floats, paragraphs: Paragraphs, count: int
) -> list[int]:
    """Rows of at most `count` paragraphs of a theme (members (m,) rows): central and diverse, no two with the same
    text.

    Centrality is the cosine with the mean of the theme's vectors, plus a small weight of strength. The next exemplar is
    the best by maximal marginal relevance, with a penalty for documents quoted already. Of a tie, the earlier row is
    chosen.
    """
    members = np.array([row for row in members.tolist() if paragraphs.texts[row].strip()], np.int64)
    if not len(members) or not count:
        return []
    unit = vectors[members].astype(np.float64)
    centre = unit.mean(axis=0)
    norm = float(np.linalg.norm(centre))
    central = unit @ (centre / norm) if norm > 0 else np.zeros(len(members))
    central = np.round(central + STRENGTH_WEIGHT * np.nan_to_num(strength[members], nan=0.0), 9)
    pool = np.lexsort((members, -central))[:MOST_CENTRAL]
    near = np.round(unit[pool] @ unit[pool].T, 9)
    chosen: list[int] = []
    seen: set[str] = set()
    while len(chosen) < count:
        best, best_score = -1, -np.inf
        for i, member in enumerate(members[pool].tolist()):
            if i in chosen or folded(paragraphs.texts[member]) in seen:
                continue
            closest = max((float(near[i, j]) for j in chosen), default=0.0)
            if closest > COPY_COSINE:
                continue
            again = sum(paragraphs.documents[member] == paragraphs.documents[members[pool[j]]] for j in chosen)
            score = (
                CENTRALITY_WEIGHT * central[pool[i]] - (1 - CENTRALITY_WEIGHT) * closest - SAME_DOCUMENT_PENALTY * again
            )
            if score > best_score:
                best, best_score = i, score
        if best < 0:
            break
        chosen.append(best)
        seen.add(folded(paragraphs.texts[int(members[pool[best]])]))
    return [int(members[pool[i]]) for i in chosen]


def folded(text: str) -> str:
    """A text without case and spacing, to detect copies."""
    return " ".join(text.casefold().split())


def best_span(
    text: str,
    weights: Mapping[str, float],
    longest: int,
    sentences: Callable[[str], list[tuple[int, int]]],
    words: Callable[[str], Sequence[str]],
) -> tuple[int, int]:
    """Start and end of the part of a paragraph to quote: all of it, or one to three sentences of at most `longest`
    words.

    The sentences with the most keywords of the theme are chosen; an opening that refers back ("However") costs a
    quarter. A single sentence longer than `longest` is quoted as a whole.
    """
    whole = (len(text) - len(text.lstrip()), len(text.rstrip()))
    if len(words(text)) <= longest:
        return whole
    spans = sentences(text) or [whole]
    best, best_score = spans[0], -1.0
    for first in range(len(spans)):
        for last in range(first, min(first + 3, len(spans))):
            start, end = spans[first][0], spans[last][1]
            inside = words(text[start:end])
            if len(inside) > longest and last > first:
                break
            hits = sum(weights.get(word, 0.0) for word in sorted(set(inside)))
            score = hits * (0.75 if LEANS_BACK.match(text[start:end]) else 1.0) + min(len(inside), longest) * 1e-6
            score *= 0.8 if len(inside) < 8 or len(inside) > longest else 1.0
            if score > best_score + 1e-12:
                best, best_score = (start, end), score
    return best
