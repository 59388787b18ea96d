"""Texts as sets of word pairs, their MinHash signatures, and how alike two of them are."""

from __future__ import annotations

import hashlib
import itertools
import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

BANDS, ROWS_PER_BAND = 16, 4
_BLOCK_TEXTS = 4000
Hashes = npt.NDArray[np.uint64]


class Prepared(NamedTuple):
    """A text's exact key, its numbers, its sorted distinct bigram hashes and its place in the canonical order."""

    exact: bytes
    numbers: tuple[str, ...]
    grams: Hashes
    words: int


def prepared(texts: Sequence[Sequence[str]], known: dict[str, int]) -> list[Prepared]:
    """The comparison form of texts with these words (`words.word_tokens`); `known` caches hashes across calls."""
    tokens = list(itertools.chain.from_iterable(texts))
    distinct = set(tokens)
    for token in distinct.difference(known):
        known[token] = zlib.crc32(token.encode("utf-8", "replace"))
    figures = {token for token in distinct if token[0] <= "9" and token[0].isdigit()}
    hashed = np.fromiter(map(known.__getitem__, tokens), np.uint64, len(tokens))
    pairs = _mixed(hashed[:-1] * np.uint64(0x9E3779B97F4A7C15) + hashed[1:])  # those across two texts are not used
    done, start = [], 0
    for words in texts:
        stop = start + len(words)
        grams = pairs[start : stop - 1] if len(words) > 1 else _mixed(hashed[start:stop])
        key = hashlib.blake2b("\x1f".join(words).encode("utf-8", "replace"), digest_size=16).digest()
        done.append(Prepared(key, tuple(sorted(figures.intersection(words))), distinct_of(grams), len(words)))
        start = stop
    return done


def distinct_of(values: Hashes) -> Hashes:
    """The distinct values in order. (numpy's `unique` takes ten times as long on so few values.)"""
    ordered = np.sort(values)
    if len(ordered) < 2:
        return ordered
    first = np.empty(len(ordered), dtype=bool)
    first[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def _mixed(values: Hashes) -> Hashes:
    """A 64-bit finaliser (splitmix64), so that high and low bits are alike."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _multipliers() -> Hashes:
    steps = np.arange(1, BANDS * ROWS_PER_BAND + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mixed(steps) | np.uint64(1)


def signatures(grams: Sequence[Hashes]) -> Hashes:
    """(n, 64) MinHash signatures of sets of hashes; a set without members has the largest value throughout."""
    out = np.full((len(grams), BANDS * ROWS_PER_BAND), np.iinfo(np.uint64).max, dtype=np.uint64)
    factors = _multipliers()
    for begin in range(0, len(grams), _BLOCK_TEXTS):
        rows = [at for at in range(begin, min(len(grams), begin + _BLOCK_TEXTS)) if len(grams[at])]
        if not rows:
            continue
        values = np.concatenate([grams[at] for at in rows])
        starts = np.cumsum([0, *(len(grams[at]) for at in rows[:-1])])
        for column, factor in enumerate(factors):
            hashed = values * factor
            hashed ^= hashed >> np.uint64(29)
            out[rows, column] = np.minimum.reduceat(hashed, starts)
    return out


def jaccard(members: Hashes, other: Hashes) -> float:
    """Shared over all members of two sorted sets of distinct hashes; 0 if one is empty."""
    if not len(members) or not len(other):
        return 0.0
    shared = _shared(members, other)
    return shared / (len(members) + len(other) - shared)


def contained(inner: Hashes, outer: Hashes) -> float:
    """The share of `inner` that is in `outer`; 0 if it is empty."""
    return _shared(inner, outer) / len(inner) if len(inner) and len(outer) else 0.0


def _shared(members: Hashes, other: Hashes) -> int:
    """Number of common members of two sorted sets."""
    if len(members) > len(other):
        members, other = other, members
    places = np.searchsorted(other, members)
    places[places == len(other)] = 0
    return int(np.count_nonzero(other[places] == members))


def bands_of(marks: Hashes) -> list[Sequence[int]]:
    """For each signature the numbers of those of its bands that other signatures share: such texts are candidates."""
    keys = np.zeros((len(marks), BANDS), dtype=np.uint64)
    for row in range(ROWS_PER_BAND):
        keys = _mixed(keys + marks[:, row::ROWS_PER_BAND])
    keys = _mixed(np.asarray(keys + np.arange(BANDS, dtype=np.uint64), dtype=np.uint64))
    order = np.argsort(keys, axis=None)
    ordered = keys.ravel()[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    shared = np.zeros(keys.size, dtype=bool)
    shared[order[same]] = shared[order[same + 1]] = True
    shared = shared.reshape(keys.shape)
    bands: list[Sequence[int]] = [()] * len(keys)
    for at in np.flatnonzero(shared.any(axis=1)).tolist():
        bands[at] = keys[at][shared[at]].tolist()
    return bands


def promising(marks: Hashes, at: int, others: set[int], least: float) -> list[int]:
    """The texts whose signatures make a similarity of `least` likely: within three standard errors of it."""
    if not others:
        return []
    near = np.fromiter(others, np.intp, len(others))
    equal = (marks[near] == marks[at]).sum(axis=1)
    slack = 3 * (least * (1 - least) / marks.shape[1]) ** 0.5
    candidates: list[int] = near[equal / marks.shape[1] >= least - slack].tolist()
    return candidates
