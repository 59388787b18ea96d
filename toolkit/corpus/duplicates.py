"""Finds texts that were published more than once: candidates by MinHash, checked exactly, each with its canonical text.

Texts are compared as sets of word pairs (bigrams of `words.word_tokens`). Candidates come from MinHash signatures
(Broder 1997) in 16 bands of 4 (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4); every reported pair is
compared exactly. Signatures are computed for many texts at once with numpy; a pair of Jaccard similarity 0.75 is missed
with probability 0.002, one of 0.6 with 0.11.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from toolkit.corpus.minhash import (
    Hashes,
    Prepared,
    bands_of,
    contained,
    distinct_of,
    jaccard,
    promising,
    signatures,
)
from toolkit.corpus.settings import DuplicateSettings

_MOST_LEADERS = 60
"""Maximum number of canonical texts compared in one bucket: more are unlike texts that share a phrase."""


class Text(NamedTuple):
    """A text to compare: sorted by (when, content, place), the first of equal texts is canonical."""

    document: int  # index of its document
    content: str
    when: str
    prepared: Prepared


class Copies(NamedTuple):
    """The index of the canonical paragraph or document for each paragraph and each document; -1 if it is canonical
    itself."""

    paragraphs: list[int]
    documents: list[int]


def duplicates_of(texts: Sequence[Text], documents: int, settings: DuplicateSettings) -> Copies:
    """The canonical paragraph of each copy, and the canonical document of each copied document.

    `texts` are paragraphs in table order, `documents` is the number of documents. Paragraphs are copies if they are
    equal except for case, blanks and punctuation, or similar by `settings.paragraph` with the same numbers; within two
    documents that are copies of one story, `settings.within` is sufficient.
    """
    if not settings.enabled or not texts:
        return Copies([-1] * len(texts), [-1] * documents)
    ready = [text.prepared for text in texts]
    order = sorted(range(len(texts)), key=lambda at: (texts[at].when, texts[at].content, at))
    canonical = _exact(ready, order)
    marks = signatures([item.grams for item in ready])
    _near(ready, marks, order, canonical, settings)
    members: list[list[int]] = [[] for _ in range(documents)]
    for at, text in enumerate(texts):
        members[text.document].append(at)
    ranked = _document_order(texts, members)
    copies = _documents(ready, marks, members, ranked, canonical, settings)
    for document in ranked:
        if copies[document] >= 0:
            _aligned(ready, members[document], members[copies[document]], canonical, settings.within)
    return Copies(_resolved(canonical), _resolved(copies))


def _exact(ready: Sequence[Prepared], order: Sequence[int]) -> list[int]:
    """Map equal texts to the first of them; a text without a word is never a copy."""
    canonical = [-1] * len(ready)
    first: dict[bytes, int] = {}
    for at in order:
        if ready[at].words:
            leader = first.setdefault(ready[at].exact, at)
            if leader != at:
                canonical[at] = leader
    return canonical


def _near(
    ready: Sequence[Prepared], marks: Hashes, order: Sequence[int], canonical: list[int], settings: DuplicateSettings
) -> None:
    """Map similar texts to the most similar earlier text that is no copy."""
    leaders: dict[int, list[int]] = defaultdict(list)
    bands = bands_of(marks)
    for at in order:
        if canonical[at] >= 0 or ready[at].words < settings.min_words:
            continue
        buckets = bands[at]
        near = promising(
            marks, at, {other for bucket in buckets for other in leaders.get(bucket, ())}, settings.paragraph
        )
        scored = [
            (jaccard(ready[at].grams, ready[other].grams), -other) for other in near if _alike(ready[at], ready[other])
        ]
        best = max(scored, default=(0.0, 0))
        if best[0] >= settings.paragraph:
            canonical[at] = -best[1]
            continue
        for bucket in buckets:
            if len(leaders[bucket]) < _MOST_LEADERS:
                leaders[bucket].append(at)


def _alike(text: Prepared, other: Prepared) -> bool:
    """Whether two texts contain the same numbers: a changed figure is another fact, not another edit."""
    return text.numbers == other.numbers


def _document_order(texts: Sequence[Text], members: Sequence[Sequence[int]]) -> list[int]:
    """Documents with the canonical ones first: by date, content, place."""
    first = [
        (texts[rows[0]].when if rows else "~~", tuple(texts[at].content for at in rows[:3]), number)
        for number, rows in enumerate(members)
    ]
    return sorted(range(len(members)), key=lambda number: first[number])


def _documents(
    ready: Sequence[Prepared],
    marks: Hashes,
    members: Sequence[Sequence[int]],
    ranked: Sequence[int],
    canonical: Sequence[int],
    settings: DuplicateSettings,
) -> list[int]:
    """Documents that are copies: similar as wholes, or four fifths of them contained in an earlier document."""
    copies = [-1] * len(members)
    owner = {at: number for number, rows in enumerate(members) for at in rows}
    several = [number for number, rows in enumerate(members) if len(rows) > 1]
    whole = np.array([marks[members[number]].min(axis=0) for number in several], dtype=marks.dtype)
    place = {number: at for at, number in enumerate(several)}  # of a document's signature in `whole`
    leaders: dict[int, list[int]] = defaultdict(list)
    bands = bands_of(whole.reshape(len(several), marks.shape[1]))
    for number in ranked:
        rows = members[number]
        words = sum(ready[at].words for at in rows)
        if words < settings.min_words:
            continue
        sources = _sources(number, rows, ready, canonical, owner)
        if len(rows) == 1:
            copies[number] = next((other for other in sources if len(members[other]) == 1), -1)
            continue
        buckets = bands[place[number]]
        near = {place[other] for bucket in buckets for other in leaders.get(bucket, ())}
        likely = {several[at] for at in promising(whole, place[number], near, settings.document)}
        likely |= {other for other, shared in sources.items() if shared >= 0.3 * words}
        copies[number] = _copied(number, sorted(likely), ready, members, copies, settings)
        for bucket in buckets if copies[number] < 0 else ():
            if len(leaders[bucket]) < _MOST_LEADERS:
                leaders[bucket].append(number)
    return copies


def _sources(
    number: int, rows: Sequence[int], ready: Sequence[Prepared], canonical: Sequence[int], owner: dict[int, int]
) -> dict[int, int]:
    """Other documents that contain the canonical paragraphs of this document's copies, with the number of words in
    each."""
    shared: dict[int, int] = {}
    for at in rows:
        if canonical[at] >= 0:
            other = owner[_root(canonical, at)]
            if other != number:
                shared[other] = shared.get(other, 0) + ready[at].words
    return shared


def _copied(
    number: int,
    near: Sequence[int],
    ready: Sequence[Prepared],
    members: Sequence[Sequence[int]],
    copies: Sequence[int],
    settings: DuplicateSettings,
) -> int:
    """The canonical document that `number` is a copy of, or -1."""
    open_ones = [other for other in near if copies[other] < 0 and other != number]
    if not open_ones:
        return -1
    grams = _grams(ready, members[number])
    best = (0.0, 0)
    for other in open_ones:
        theirs = _grams(ready, members[other])
        likeness, inside = jaccard(grams, theirs), contained(grams, theirs)
        if likeness >= settings.document or inside >= max(0.8, settings.document):
            best = max(best, (max(likeness, inside), -other))
    return -best[1] if best[0] else -1


def _grams(ready: Sequence[Prepared], rows: Sequence[int]) -> Hashes:
    """The bigrams of a whole document, sorted and distinct."""
    return distinct_of(np.concatenate([ready[at].grams for at in rows]))


def _aligned(
    ready: Sequence[Prepared], rows: Sequence[int], source: Sequence[int], canonical: list[int], least: float
) -> None:
    """Map paragraphs of a copied document to the corresponding paragraphs of the canonical document."""
    for at in rows:
        if canonical[at] >= 0 or ready[at].words < 4:
            continue
        best = (0.0, 0)
        for other in source:
            likeness = jaccard(ready[at].grams, ready[other].grams)
            inside = contained(ready[at].grams, ready[other].grams)
            if likeness >= least or inside >= 0.75:
                best = max(best, (max(likeness, inside), -other))
        if best[0] and _root(canonical, -best[1]) != at:
            canonical[at] = -best[1]


def _root(canonical: Sequence[int], at: int) -> int:
    """The text at the end of the chain of copies."""
    for _ in range(len(canonical)):
        if canonical[at] < 0:
            return at
        at = canonical[at]
    return at


def _resolved(canonical: Sequence[int]) -> list[int]:
    """Every copy points straight at a text that is no copy."""
    return [_root(canonical, at) if canonical[at] >= 0 else -1 for at in range(len(canonical))]
