"""Themes for paragraphs that were not in the fit: kept arrays, nothing refitted."""

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
"""Kept paragraphs that vote on the theme of a new one: as many as the graph of a large corpus ties it to."""
NEAREST_COUNTED = 5
"""Nearest kept paragraphs whose mean cosine says whether a new one is near or far."""
ONE_SIDED_WEIGHT = TUNED.number("one_sided_weight")
"""Weight of a vote if the new paragraph would not be among the kept one's own nearest 30."""
FAR_SHARE = TUNED.number("far_share")
"""A new paragraph is far if all but this share of the run's own paragraphs are nearer to the run."""
MOST_ROWS_PROBED = 2_000
"""Kept paragraphs, evenly spaced, by which the usual nearness within the run is told."""
METHODS_WITH_REDUCER = ("density", "bertopic")
"""Methods whose own rule for new paragraphs would need their reducer."""


@dataclass(frozen=True)
class Model:
    """What `assign` needs of a run: vectors (n, d) float32 unit rows, themes (n,), and the method that made them.

    `outside` is the run's line between paragraphs of themes and those near to nothing; None if it drew none.
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
        """How many kept paragraphs vote on one new one."""
        return min(VOTERS, len(self.vectors))

    @cached_property
    def reach(self) -> float:
        """The mean cosine with the five nearest others that all but 1 % of the run's own paragraphs have."""
        n = len(self.vectors)
        rows = np.unique(np.linspace(0, n - 1, min(n, MOST_ROWS_PROBED)).astype(int)) if n else np.zeros(0, int)
        if n < 2:
            return float("nan")
        near = across(self.vectors[rows], self.vectors, NEAREST_COUNTED + 1).similarity[:, 1:]
        return float(np.quantile(near.mean(1, dtype=float), FAR_SHARE))


@dataclass(frozen=True)
class Assigned:
    """Themes of m new paragraphs.

    theme (m,), -1 for none; share (m,) of the vote that it has; nearest (m,) cosine with the nearest kept paragraph;
    near (m,) mean cosine with the five nearest; far (m,) whether that is below what 99 % of the run's own have.
    """

    theme: Ints
    share: Floats
    nearest: Floats
    near: Floats
    far: Bools
    method: str


def save_model(discovery: Discovery, vectors: Vectors, folder: Path) -> None:
    """Writes what `assign` needs into a folder: discover.json, discover_vectors.npy, discover_themes.npy.

    `vectors` are the rows that the discovery was made of; those that the themes were fitted to are kept.
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

    Raises: StoreError where files are missing or of another format.
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
    """The line between inside and outside that a discovery drew, from its parameters."""
    if "outside_cosine" not in parameters:
        return None
    return Bound(int(parameters["outside_nearest"]), float(parameters["outside_cosine"]))


def assign(model: Model, vectors: Vectors) -> Assigned:
    """Themes of m new unit rows (m, d): the 30 nearest kept paragraphs vote; -1 votes too.

    Nearness is the cosine of vectors with the run's mean taken out, as in discovery. A vote weighs its cosine, half of
    it where the new paragraph would not be among the kept one's own nearest 30 (on development corpora the vote of
    a fit on all texts so agrees with its themes for a tenth held out to .98, .93 and .98, adjusted Rand index; 15
    plain votes to .96, .87 and .94). The same rule for every method; for density and bertopic runs it stands in for
    their own, which would need the reducer. Ties go to the lower theme, -1 last. A paragraph that is near to nothing by
    the run's own line is -1 whatever the vote.
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
    """(m,) the themes alone that `assign` gives."""
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
    """(m,) new rows that are near to nothing in the run."""
    if model.outside is None:
        return np.zeros(len(vectors), bool)
    return is_far(vectors, model.vectors, model.outside)


def _centred(vectors: Vectors, mean: Vectors) -> Vectors:
    moved = vectors - mean
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-5), np.float32)


def _named_back(kept: Vectors, near: Neighbours) -> Bools:
    """(m, voters) whether each new row is as near to its voter as the voter's own 30th nearest kept row is."""
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
