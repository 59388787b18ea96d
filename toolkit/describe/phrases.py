"""Phrases of a corpus: adjacent words that belong together, joined into one term before terms are counted.

A word sequence is a phrase if it occurs in enough texts and if its normalised pointwise mutual information (Bouma
2009), generalised to more than two words, is high enough. A longer phrase must also explain at least half of a shorter
one inside it (after the C-value of Frantzi, Ananiadou and Mima 2000). The longest phrases are joined first, from left
to right, and single words keep the occurrences that no phrase explains.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.describe.words import BREAK, CONTENT, COUNTS, IN_HAN, LINK, WEAK, Words, favourite, shown_forms
from toolkit.files.tuned import tuned
from toolkit.values import Ints

TUNED = tuned("toolkit.describe")

LEAST_NPMI = TUNED.number("least_npmi")
"""Minimum NPMI of a phrase; 0 is chance, 1 if the words always occur together."""
EXPLAINED_SHARE = TUNED.number("explained_share")
"""Minimum share of a shorter phrase's texts that a longer phrase must contain."""


@dataclass(frozen=True)
class Terms:
    """Counts of words and phrases in n texts: term `columns[i]` occurs `counts[i]` times in text `rows[i]`.

    `names` are their forms; `parts` are the keys of their words without linking words, to detect fragments and
    inflections.
    """

    names: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    rows: Ints
    columns: Ints
    counts: Ints
    texts: int


@dataclass(frozen=True)
class _Grams:
    """Sequences of L words: `at` (t,) the sequence that starts at each position or -1; texts, words and verdict of
    each."""

    at: npt.NDArray[np.int64]
    texts: npt.NDArray[np.float64]
    log_product: npt.NDArray[np.float64]
    words: npt.NDArray[np.float64]
    accepted: npt.NDArray[np.bool_]


def count_terms(words: Words, texts: int, longest: int = 4, min_texts: int | None = None) -> Terms:
    """Words and phrases of at most `longest` words in `texts` texts, with phrases joined, and their counts in each
    text.

    A phrase must occur in `min_texts` texts; by default 2 in a small corpus, 5 among 20,000 texts (1 + log10).
    """
    least = min_texts if min_texts is not None else max(2, 1 + int(np.log10(max(texts, 1))))
    levels = _levels(words, longest, least)
    starts, lengths = _joined(words, levels)
    spelled = _spelled(words, starts, lengths)
    units = sorted(spelled)
    place = {unit: i for i, unit in enumerate(units)}
    single = shown_forms(words)
    names, parts = [], []
    for unit in units:
        names.append(single[unit[0]] if len(unit) == 1 else favourite(spelled[unit]))
        parts.append(tuple(words.keys[word] for word in unit if words.kinds[word] != LINK))
    lone = np.full(len(words.keys), BREAK, np.int64)
    for unit, i in place.items():
        if len(unit) == 1:
            lone[unit[0]] = i
    column = lone[words.word[starts]] if len(starts) else np.zeros(0, np.int64)
    for i in np.flatnonzero(lengths > 1).tolist():
        column[i] = place[tuple(words.word[starts[i] : starts[i] + lengths[i]].tolist())]
    code, counts = np.unique(words.row[starts].astype(np.int64) * max(len(units), 1) + column, return_counts=True)
    rows, columns = np.divmod(code, max(len(units), 1))
    return Terms(
        tuple(names), tuple(parts), rows.astype(np.int32), columns.astype(np.int32), counts.astype(np.int32), texts
    )


def runs_of_words(words: Words, longest: int, least: int) -> list[npt.NDArray[np.int64]]:
    """For 1, 2, ... words: (t,) the number of the sequence that starts at each place, -1 if it is in fewer than `least`
    texts.

    Sequences cross no mark and contain no stop word; those of one word are numbered as the words are.
    """
    return [level.at for level in _levels(words, longest, least)]


def _levels(words: Words, longest: int, least: int) -> list[_Grams]:
    """Sequences of 1, 2, ... words in at least `least` texts; those of two and more are judged as phrases."""
    kinds = np.append(words.kinds, -1)[words.word]  # BREAK is -1: the last entry
    able = (words.word != BREAK) & np.isin(kinds, (CONTENT, WEAK, LINK))
    total = float(max((words.word != BREAK).sum(), 1))
    counts = np.bincount(words.word[able], minlength=len(words.keys)).astype(float)
    linking = words.kinds == LINK
    alone = _Grams(
        np.where(able, words.word, -1).astype(np.int64),
        counts,
        np.where(linking, 0.0, np.log(np.maximum(counts, 1) / total)),
        np.where(linking, 0.0, 1.0),
        np.zeros(len(words.keys), bool),
    )
    levels = [alone]
    while len(levels) < longest and (levels[-1].at >= 0).any():
        levels.append(_longer(levels[-1], words, kinds, len(levels) + 1, least, total))
    return levels


def _longer(
    shorter: _Grams, words: Words, kinds: npt.NDArray[np.int32], length: int, least: int, total: float
) -> _Grams:
    """Sequences one word longer than `shorter`, each of two overlapping shorter ones."""
    both = np.flatnonzero((shorter.at[:-1] >= 0) & (shorter.at[1:] >= 0))
    code = shorter.at[both] * len(shorter.texts) + shorter.at[both + 1]
    names, place = np.unique(code, return_inverse=True)
    pairs = np.unique(place.astype(np.int64) * (int(words.row.max(initial=0)) + 1) + words.row[both])
    texts = np.bincount(pairs // (int(words.row.max(initial=0)) + 1), minlength=len(names)).astype(float)
    often = np.bincount(place, minlength=len(names)).astype(float)
    renamed = np.where(texts >= least, np.cumsum(texts >= least) - 1, -1)
    at = np.full(len(shorter.at), -1, np.int64)
    at[both] = renamed[place]
    kept = texts >= least
    first, second = np.divmod(names[kept], max(len(shorter.texts), 1))
    sample = np.full(int(kept.sum()), -1, np.int64)
    where = np.flatnonzero(at >= 0)
    sample[at[where][::-1]] = where[::-1]  # the first place of each sequence
    last = sample + length - 1
    log_product = shorter.log_product[first] + _last_log(shorter, words, last, total, kinds)
    parts = shorter.words[first] + (kinds[last] != LINK)
    log_share = np.log(often[kept] / total)
    score = (log_share - log_product) / (-log_share * np.maximum(parts - 1, 1))
    linked = _any_kind(kinds, sample, length, LINK)
    enough = (score >= LEAST_NPMI + 0.1 * linked) & (texts[kept] >= least + linked) & (parts >= 2)
    ends = (kinds[sample] != LINK) & (kinds[last] != LINK) & _any_kind(kinds, sample, length, CONTENT)
    ends &= ~np.array([starts_as_count(words.keys[words.word[i]]) for i in sample], bool)
    half = np.ones(len(sample), bool)
    for inner in (first, second):
        half &= ~shorter.accepted[inner] | (texts[kept] >= EXPLAINED_SHARE * shorter.texts[inner])
    return _Grams(at, texts[kept], log_product, parts.astype(float), enough & ends & half)


def starts_as_count(key: str) -> bool:
    """Whether a word only counts the next one ("seven", "90-kilometre"), so that no phrase starts with it."""
    return key[0].isdigit() or key.split("-")[0] in COUNTS


def _last_log(
    shorter: _Grams, words: Words, last: npt.NDArray[np.int64], total: float, kinds: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """Log share of the last word of each sequence among all words; 0 for a linking word, which is not part of the
    score."""
    counts = np.bincount(words.word[words.word != BREAK], minlength=len(words.keys))
    return np.where(kinds[last] == LINK, 0.0, np.log(np.maximum(counts[words.word[last]], 1) / total))


def _any_kind(
    kinds: npt.NDArray[np.int32], sample: npt.NDArray[np.int64], length: int, kind: int
) -> npt.NDArray[np.bool_]:
    present: npt.NDArray[np.bool_] = np.logical_or.reduce([kinds[sample + step] == kind for step in range(length)])
    return present


def _joined(words: Words, levels: list[_Grams]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The start and the number of words of each term: the longest phrase at each place, from left to right."""
    length = np.zeros(len(words.word), np.int64)
    for words_in, grams in enumerate(levels[1:], start=2):
        known = np.flatnonzero(grams.at >= 0)
        length[known[grams.accepted[grams.at[known]]]] = words_in
    free = 0
    covered = np.zeros(len(length), bool)
    for start in np.flatnonzero(length).tolist():
        if start < free:
            length[start] = 0
        else:
            free = start + int(length[start])
            covered[start:free] = True
    kinds = np.append(words.kinds, -1)[words.word]
    length[(kinds == CONTENT) & ~covered] = 1
    starts = np.flatnonzero(length)
    return starts, length[starts]


def _spelled(
    words: Words, starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> dict[tuple[int, ...], Counter[str]]:
    """Every term (its keys) and, for phrases, the counts of its forms in the corpus."""
    forms: dict[tuple[int, ...], Counter[str]] = defaultdict(Counter)
    for word in np.unique(words.word[starts[lengths == 1]]).tolist():
        forms[(word,)] = Counter()
    for start, length in zip(starts[lengths > 1].tolist(), lengths[lengths > 1].tolist(), strict=True):
        unit = tuple(words.word[start : start + length].tolist())
        shown = [words.surfaces[i] for i in words.surface[start : start + length].tolist()]
        forms[unit][spaced(shown)] += 1 if not words.opens[start] else 0.01  # type: ignore[assignment]
    return forms


def spaced(parts: list[str]) -> str:
    """Consecutive words as a text: spaces between them, but none between Chinese words."""
    text = parts[0]
    for part in parts[1:]:
        text += part if IN_HAN.match(part) and IN_HAN.match(text[-1]) else f" {part}"
    return text
