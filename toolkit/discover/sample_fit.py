"""Very large corpora: themes are fitted to a sample drawn by the hashes of the texts, and the rest is assigned."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from toolkit.discover.hierarchy import renamed, renaming
from toolkit.discover.layout import layout
from toolkit.discover.model import Model, outside_of, vote
from toolkit.discover.stability import UNSEEN, jaccards, rand_index
from toolkit.errors import ToolkitError
from toolkit.values import NOISE, Bools, Discovery, Ints, Vectors, renumbered, seed_for

SAMPLE_ROWS = 50_000
"""Above this number of different paragraphs, `auto` fits to a sample of this size."""
FitOn = Literal["auto", "all"] | int


@dataclass(frozen=True)
class Agreement:
    """Agreement of two fits on the half of the sample that one of them did not see, but assigned by a vote.

    `rand` is the adjusted Rand index; `matched` the share of rows in corresponding themes; `rows` the number of rows.
    """

    rand: float
    matched: float
    rows: int


def sample_size(fit_on: FitOn, n: int) -> int | None:
    """The number of n different paragraphs that themes are fitted to; None for all of them."""
    if fit_on == "all":
        return None
    size = SAMPLE_ROWS if fit_on == "auto" else fit_on
    return size if n > size else None


def drawn(texts: Sequence[str], size: int) -> tuple[Ints, Ints]:
    """The rows (size,) whose texts have the lowest sha256, ascending, and the half of them with the lowest.

    Whether a paragraph is in the sample depends on its words and on the number of texts with lower hashes, not on the
    order of files.
    """
    digests = [hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    order = sorted(range(len(texts)), key=lambda row: (digests[row], row))
    return np.sort(order[:size]).astype(np.int32), np.sort(order[: size // 2]).astype(np.int32)


def on_sample(
    texts: Sequence[str],
    vectors: Vectors,
    size: int,
    seed: int,
    fit: Callable[[Sequence[str], Vectors], Discovery],
    labels: Callable[[Sequence[str], Vectors], Ints],
) -> Discovery:
    """Themes of all n rows in canonical order: those of `fit` for a sample of `size`, a vote for the others.

    `labels` returns the labels of a fit only; it is fitted to half of the sample, to measure the effect of assigning
    instead of fitting. Strength is known for the sample only: NaN for the rest.
    """
    rows, half = drawn(texts, size)
    discovery = fit([texts[row] for row in rows], vectors[rows])
    agreement = _agreement(texts, vectors, rows, half, discovery.assignment, labels)
    fitted = np.zeros(len(texts), bool)
    fitted[rows] = True
    before = np.empty(len(texts), np.int32)
    before[rows] = discovery.assignment
    method = str(discovery.parameters.get("method", ""))
    before[~fitted] = vote(
        Model(vectors[rows], discovery.assignment, method, outside_of(discovery.parameters)), vectors[~fitted]
    )
    after = renumbered(before)
    old, new = renaming(before, after, discovery.themes)
    return Discovery(
        assignment=after,
        strength=_spread(discovery.strength, fitted, np.nan),
        stability=discovery.stability[old],
        layout=layout(vectors, seed_for(seed, "layout")),
        levels=renamed(discovery.levels, new),
        candidates=discovery.candidates,
        neighbours=discovery.neighbours.slice(0, 0),
        reassigned=_spread(discovery.reassigned, fitted, False),
        fragile=discovery.fragile[old],
        method=f"{discovery.method} {_sentence(len(texts), size)}",
        parameters={
            **discovery.parameters, "fit_on": size, "fit_agreement": agreement and agreement.rand,
            "fit_matched": agreement and agreement.matched, "fit_compared": agreement.rows if agreement else 0,
        },
        notes=(*(f"In the sample: {note}" for note in discovery.notes), _note(len(texts), size, agreement)),
        fitted=fitted,
        seeds=_spread(discovery.seeds.T, fitted, NOISE).T,
        refits=_spread(discovery.refits.T, fitted, UNSEEN).T,
    )  # fmt: skip


def _agreement(
    texts: Sequence[str],
    vectors: Vectors,
    rows: Ints,
    half: Ints,
    whole: Ints,
    labels: Callable[[Sequence[str], Vectors], Ints],
) -> Agreement | None:
    """The agreement of fits to half of the sample and to all of it, on the other half; None if the half has no fit."""
    inside = np.isin(rows, half)
    try:
        part = renumbered(labels([texts[row] for row in half], vectors[half]))
    except ToolkitError:  # half of the sample is too small for the requested number of themes
        return None
    other = rows[~inside]
    voted = vote(Model(vectors[half], part, ""), vectors[other])
    return Agreement(rand_index(whole[~inside], voted), matched(whole[inside], part, whole[~inside], voted), len(other))


def matched(first: Ints, second: Ints, themes: Ints, voted: Ints) -> float:
    """The share of rows for which `voted` corresponds to `themes`.

    `first` and `second` are two labellings of the rows that both fits saw; their themes are paired for the greatest sum
    of Jaccard similarities.
    """
    from scipy.optimize import linear_sum_assignment

    table = jaccards(first, second)
    pair = dict(zip(*(side.tolist() for side in linear_sum_assignment(-table)), strict=True))
    counterpart = np.array([pair.get(theme, -2) if theme >= 0 else -1 for theme in themes.tolist()])
    return float((counterpart == voted).mean()) if len(themes) else 1.0


def _spread(values: Any, fitted: Bools, absent: Any) -> Any:
    whole = np.full((len(fitted), *values.shape[1:]), absent, values.dtype)
    whole[fitted] = values
    return whole


def _sentence(n: int, size: int) -> str:
    return (
        f"The fit saw {size:,} of {n:,} different paragraphs (those whose texts have the lowest sha256); the others "
        "got their themes by the vote of their 30 nearest in that sample."
    )


def _note(n: int, size: int, agreement: Agreement | None) -> str:
    whole = (
        f"Themes were fitted to a sample of {size:,} of {n:,} different paragraphs, the other {n - size:,} assigned. "
    )
    if agreement is None:
        return f"{whole}What that changes was not measured: half of the sample cannot have as many themes."
    return (
        f"{whole}A fit to half of the sample gives the {agreement.rows:,} paragraphs of the other half the themes that "
        f"the whole sample's fit gives them to an adjusted Rand index of {agreement.rand:.2f} "
        f"({agreement.matched:.0%} in the same theme)."
    )
