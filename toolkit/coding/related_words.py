"""Related words, such as soldier and army, from two tables of the package, without a model."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from toolkit.coding.stems import stem
from toolkit.files.tuned import tuned
from toolkit.values import Floats

TUNED = tuned("toolkit.coding")

COSINE_FLOOR = TUNED.number("cosine_floor")
"""Below this cosine two words are unrelated."""
SAME_LINE_RELATEDNESS = TUNED.number("same_line_relatedness")
"""Minimum relatedness of two words on the same thesaurus line."""


@cache
def _table() -> tuple[dict[str, int], Floats]:
    """stem -> row, and (k, 128) unit rows.

    The rows are the embeddings by all-MiniLM-L6-v2 of the 16,000 commonest whole words of its vocabulary, averaged
    over the words of a stem, centred, turned to their 128 principal axes and kept as 8-bit integers.
    """
    folder = files("toolkit.coding")
    stems = folder.joinpath("lexicon.txt").read_text(encoding="utf-8").split()
    with folder.joinpath("lexicon.npy").open("rb") as file:
        rows = np.load(file, allow_pickle=False).astype(float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {stem: row for row, stem in enumerate(stems)}, rows


@cache
def _matters() -> dict[str, frozenset[int]]:
    """stem -> the lines of the thesaurus that contain it."""
    text = files("toolkit.coding").joinpath("thesaurus.txt").read_text(encoding="utf-8")
    lines_of: dict[str, set[int]] = {}
    for number, line in enumerate(text.split("\n")):
        for word in [] if line.startswith("#") else line.split():
            lines_of.setdefault(stem(word), set()).add(number)
    return {word: frozenset(lines) for word, lines in lines_of.items()}


def relatedness(words: Sequence[str], others: Sequence[str]) -> Floats:
    """(words, others) in [0, 1]: 1 for the same stem, (cosine - .45) / .55 for related words, 0 for all others.

    Words on one line of the thesaurus have a relatedness of at least .5.
    """
    place, rows = _table()
    related = np.zeros((len(words), len(others)))
    known = [index for index, word in enumerate(words) if word in place]
    other = [index for index, word in enumerate(others) if word in place]
    if known and other:
        cosine = rows[[place[words[index]] for index in known]] @ rows[[place[others[index]] for index in other]].T
        related[np.ix_(known, other)] = np.maximum((cosine - COSINE_FLOOR) / (1 - COSINE_FLOOR), 0.0)
    _raise_same_matter(related, words, others)
    column = {word: index for index, word in enumerate(others)}
    for index, word in enumerate(words):
        if word in column:
            related[index, column[word]] = 1.0
    return related


def _raise_same_matter(related: Floats, words: Sequence[str], others: Sequence[str]) -> None:
    matters = _matters()
    named: dict[int, list[int]] = {}
    for index, word in enumerate(words):
        for line in matters.get(word, ()):
            named.setdefault(line, []).append(index)
    for column, word in enumerate(others):
        for line in matters.get(word, ()):
            rows = named.get(line, [])
            related[rows, column] = np.maximum(related[rows, column], SAME_LINE_RELATEDNESS)
