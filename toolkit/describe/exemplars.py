"""Exemplars: verbatim spans that show a theme, close to its centre, unlike each other, from different documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.values import Floats, Vectors

MOST_CENTRAL = 60
"""Most central paragraphs of a theme that are looked at."""
CENTRALITY_WEIGHT = 0.7
"""Weight of being central against being unlike those already chosen (Carbonell and Goldstein 1998, MMR)."""
SAME_DOCUMENT_PENALTY = 0.15
"""Taken off for each exemplar already chosen from the same document."""
STRENGTH_WEIGHT = 0.1
"""Weight of the share of refits that agree with the paragraph's theme."""
COPY_COSINE = 0.97
"""Cosine from which two paragraphs count as the same."""
LEANS_BACK = re.compile(
    r"\W*(it|its|this|these|those|that|they|their|he|she|his|her|such|however|but|and|yet|also|moreover|instead|"
    r"meanwhile|therefore|thus|so|then|still|for example|for instance|as a result)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Paragraphs:
    """What exemplars need of n paragraphs, as plain columns."""

    ids: Sequence[str]
    documents: Sequence[str]
    starts: Sequence[int]
    texts: Sequence[str]


def choose(
    members: npt.NDArray[np.int64], vectors: Vectors, strength: Floats, paragraphs: Paragraphs, count: int
) -> list[int]:
    """Rows of up to `count` paragraphs of a theme (members (m,) rows): central and diverse, no two the same text.

    Centrality is the cosine to the mean of the theme's vectors, plus a little for strength; each next one is the best
    by maximal marginal relevance, with a penalty for a document that is quoted already. Ties go to the earlier row.
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
    """A text without case and spacing, to tell copies."""
    return " ".join(text.casefold().split())


def best_span(
    text: str,
    weights: Mapping[str, float],
    longest: int,
    sentences: Callable[[str], list[tuple[int, int]]],
    words: Callable[[str], Sequence[str]],
) -> tuple[int, int]:
    """Start and end of the part of a paragraph to quote: all of it, or one to three sentences of up to `longest` words.

    The sentences that hold most of the theme's keywords win; an opening that leans on what came before ("However")
    costs a quarter. A single sentence longer than that is quoted whole.
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
