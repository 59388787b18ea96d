"""Which words are kin: soldier and army, doctor and physician. A table shipped with the package, no model needed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np

from toolkit.values import Floats

FLOOR = 0.45
"""Cosine below which two words are no kin."""


@cache
def _table() -> tuple[dict[str, int], Floats]:
    """stem -> row, and (k, 128) unit rows.

    The rows are the embeddings by all-MiniLM-L6-v2 of the 16,000 commonest whole words of its vocabulary, averaged
    over the words of a stem, centred, turned to their 128 principal axes and kept as 8-bit integers.
    """
    folder = files("toolkit.codebook")
    stems = folder.joinpath("lexicon.txt").read_text(encoding="utf-8").split()
    with folder.joinpath("lexicon.npy").open("rb") as file:
        rows = np.load(file, allow_pickle=False).astype(float)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {stem: row for row, stem in enumerate(stems)}, rows


def kinship(words: Sequence[str], others: Sequence[str]) -> Floats:
    """(words, others) in [0, 1]: 1 for the same stem, (cosine - .45) / .55 for kin, 0 for strangers."""
    place, rows = _table()
    found = np.zeros((len(words), len(others)))
    known = [index for index, word in enumerate(words) if word in place]
    other = [index for index, word in enumerate(others) if word in place]
    if known and other:
        cosine = rows[[place[words[index]] for index in known]] @ rows[[place[others[index]] for index in other]].T
        found[np.ix_(known, other)] = np.maximum((cosine - FLOOR) / (1 - FLOOR), 0.0)
    column = {word: index for index, word in enumerate(others)}
    for index, word in enumerate(words):
        if word in column:
            found[index, column[word]] = 1.0
    return found
