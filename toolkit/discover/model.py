"""Themes for paragraphs that were not in the fit: stored arrays vote, and nothing is fitted again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.discover.inverted_file import across_many
from toolkit.discover.neighbours import Neighbours, across
from toolkit.discover.outside import Bound, is_far
from toolkit.errors import StoreError
from toolkit.files.tuned import tuned
from toolkit.values import NOISE, Bools, Discovery, Floats, Ints, Vectors, frozen

TUNED = tuned("toolkit.discover")

FORMAT = 2
VOTERS = TUNED.whole("voters")
"""Number of kept paragraphs that vote on the theme of a new one; a row of a large corpus has as many ties in the graph.
"""
NEAREST_COUNTED = 5
"""Number of nearest kept paragraphs whose mean cosine decides whether a new paragraph is far."""
ONE_SIDED_WEIGHT = TUNED.number("one_sided_weight")
"""Weight of a vote if the new paragraph is not among the 30 nearest of the kept one."""
FAR_SHARE = TUNED.number("far_share")
"""A new paragraph is far if at most this share of the run's paragraphs is farther from the others."""
MOST_ROWS_PROBED = 2_000
"""Largest number of kept paragraphs, evenly spaced, for the distribution of nearness within the run."""
METHODS_WITH_REDUCER = ("density", "bertopic")
"""Methods whose own rule for new paragraphs would require their reducer."""


@dataclass(frozen=True)
class Model:
    """What `assign` requires of a run: vectors (n, d) float32 unit rows, themes (n,), and the name of the method.

    `outside` is the run's bound below which paragraphs have no theme; None if the run has no such bound.
    """

    vectors: Vectors
    themes: Ints
    method: str
    outside: Bound | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "vectors", frozen(self.vectors, np.float32))
        object.__setattr__(self, "themes", frozen(self.themes, np.int32))
        if len(self.vectors) != len(self.themes):
            raise ValueError(f"{len(self.vectors)} vectors and {len(self.themes)} themes")

    @property
    def voters(self) -> int:
        """Number of kept paragraphs that vote on a new one."""
        return min(VOTERS, len(self.vectors))

    @cached_property
    def reach(self) -> float:
        """The 1 % quantile of the mean cosine of the run's paragraphs with their five nearest others."""
        n = len(self.vectors)
        rows = np.unique(np.linspace(0, n - 1, min(n, MOST_ROWS_PROBED)).astype(int)) if n else np.zeros(0, int)
        if n < 2:
            return float("nan")
        near = across(self.vectors[rows], self.vectors, NEAREST_COUNTED + 1).similarity[:, 1:]
        return float(np.quantile(near.mean(1, dtype=float), FAR_SHARE))


@dataclass(frozen=True)
class Assigned:
    """Themes of m new paragraphs.

    theme (m,): -1 for none. share (m,): share of the vote for that theme. nearest (m,): cosine with the nearest kept
    paragraph. near (m,): mean cosine with the five nearest. far (m,): whether `near` is below the value that 99 % of
    the run's paragraphs exceed.
    """

    theme: Ints
    share: Floats
    nearest: Floats
    near: Floats
    far: Bools
    method: str


def save_model(discovery: Discovery, vectors: Vectors, folder: Path) -> None:
    """Write what `assign` requires into a folder: discover.json, discover_vectors.npy, discover_themes.npy.

    `vectors` are the rows of the discovery; those that were fitted are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    method = str(discovery.parameters.get("method", ""))
    outside = outside_of(discovery.parameters)
    model = Model(vectors[discovery.fitted], discovery.assignment[discovery.fitted], method, outside)
    np.save(folder / "discover_vectors.npy", model.vectors, allow_pickle=False)
    np.save(folder / "discover_themes.npy", model.themes, allow_pickle=False)
    about = {"format": FORMAT, "method": method, "voters": VOTERS, "rule": _sentence(model)}
    about |= {"outside": asdict(outside)} if outside else {}
    text = json.dumps(about, indent=1, sort_keys=True)
    (folder / "discover.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def load_model(folder: Path) -> Model:
    """The model that `save_model` wrote.

    Raises: StoreError if files are missing or have another format.
    """
    try:
        about = json.loads((folder / "discover.json").read_text(encoding="utf-8"))
        arrays = [np.load(folder / f"discover_{name}.npy", allow_pickle=False) for name in ("vectors", "themes")]
        version = about.get("format")
    except (OSError, ValueError, AttributeError) as error:
        raise StoreError(f"{folder}: no themes to assign from ({error}); run the experiment again") from error
    if version != FORMAT:
        raise StoreError(f"{folder}: format {version} of the themes, {FORMAT} is read; run the experiment again")
    outside = about.get("outside")
    return Model(arrays[0], arrays[1], about["method"], Bound(**outside) if outside else None)


def outside_of(parameters: Mapping[str, Any]) -> Bound | None:
    """The bound between inside and outside in the parameters of a discovery; None if there is none."""
    if "outside_cosine" not in parameters:
        return None
    return Bound(int(parameters["outside_nearest"]), float(parameters["outside_cosine"]))


def assign(model: Model, vectors: Vectors) -> Assigned:
    """Themes of m new unit rows (m, d) by a vote of the 30 nearest kept paragraphs; -1 is voted on, too.

    Nearness is the cosine of vectors with the run's mean subtracted, as in discovery. A vote is weighted by its cosine,
    and by half of it if the new paragraph is not among the 30 nearest of the kept one. If the themes are those of a fit
    on all texts, the votes of nine tenths give the other tenth its themes with an adjusted Rand index of .98, .92 and
    .98 on three development corpora; 15 unweighted votes reach .96, .87 and .94 (experiments/LOG.md). The rule is the
    same for every method; for density and bertopic runs it replaces their own rule, which requires the reducer. Of a
    tie, the lower theme wins, and -1 comes last. A paragraph outside the run's bound is -1 in any case.
    """
    m = len(vectors)
    if not len(model.vectors):
        nothing = np.full(m, np.nan)
        return Assigned(np.full(m, NOISE, np.int32), nothing, nothing, nothing, np.ones(m, bool), "No theme is known.")
    theme, share = _vote(model, vectors)
    plain = across_many(vectors, model.vectors, NEAREST_COUNTED).similarity.astype(float)
    near = plain.mean(1)
    return Assigned(theme, share, plain[:, 0], near, near < model.reach, _sentence(model))


def vote(model: Model, vectors: Vectors) -> Ints:
    """(m,) the themes that `assign` returns, without its other values."""
    return _vote(model, vectors)[0]


def _vote(model: Model, vectors: Vectors) -> tuple[Ints, Floats]:
    m, k = len(vectors), int(model.themes.max(initial=NOISE)) + 1
    mean = model.vectors.mean(0, dtype=float).astype(np.float32)
    kept = _centred(model.vectors, mean)
    near = across_many(_centred(vectors, mean), kept, VOTERS)
    weights = np.maximum(near.similarity.astype(float), 1e-6) * np.where(_named_back(kept, near), 1.0, ONE_SIDED_WEIGHT)
    voted = np.where(model.themes == NOISE, k, model.themes)[near.rows]
    votes = np.zeros((m, k + 1))
    for voter in range(near.k):
        votes[np.arange(m), voted[:, voter]] += weights[:, voter]
    votes = np.round(votes, 6)
    won = votes.argmax(1)
    won[_outside(model, vectors)] = k
    share = votes[np.arange(m), won] / np.maximum(votes.sum(1), 1e-12)
    return np.where(won == k, NOISE, won).astype(np.int32), share


def _outside(model: Model, vectors: Vectors) -> Bools:
    """(m,) whether each new row is outside the run's bound."""
    if model.outside is None:
        return np.zeros(len(vectors), bool)
    return is_far(vectors, model.vectors, model.outside)


def _centred(vectors: Vectors, mean: Vectors) -> Vectors:
    moved = vectors - mean
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-5), np.float32)


def _named_back(kept: Vectors, near: Neighbours) -> Bools:
    """(m, voters) whether each new row is at least as near to its voter as the voter's 30th nearest kept row."""
    named, place = np.unique(near.rows, return_inverse=True)
    reach = across_many(kept[named], kept, VOTERS + 1).similarity
    return np.asarray(near.similarity >= reach[:, -1][place.reshape(near.rows.shape)])


def _sentence(model: Model) -> str:
    text = (
        f"Themes of new paragraphs are the vote of their {model.voters} nearest paragraphs of the run (cosine of "
        "vectors less the run's mean; half weight where the nearness is not mutual)."
    )
    if model.outside is not None:
        near = f"{model.outside.nearest} nearest is at most {model.outside.cosine:.3f}"
        text += f" Those whose mean cosine with their {near} have no theme, as in the run."
    if model.method in METHODS_WITH_REDUCER:
        text += f" The method of the run ({model.method}) is not applied itself: its reducer is not kept."
    return text
