"""What every clusterer is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
from pydantic import Field, StrictInt, field_validator

from toolkit.discover.divisions import ONE_METHOD, Offering
from toolkit.discover.null_model import FEWEST_SHUFFLES, Evidence
from toolkit.discover.stability import FRAGILE
from toolkit.errors import ToolkitError
from toolkit.settings import Settings
from toolkit.values import NOISE, Floats, Ints, Tick, Vectors, no_tick

Count = Annotated[StrictInt, Field(ge=1)]
Refit = Callable[[Vectors, Ints, int], Ints]
"""`refit(vectors, rows, seed)`: labels (len(rows),) of a subset of the rows, clustered anew as the whole was."""
Redraw = Callable[[int], Ints]
"""`redraw(seed)`: labels (n,) as another seed may have given them, from refits made already."""

CANDIDATES = pa.schema(
    [
        ("parameter", pa.string()),  # what was varied: resolution, themes, ...
        ("value", pa.float64()),
        ("themes", pa.int32()),
        ("largest_share", pa.float64()),  # of the clustered texts, in the largest theme
        ("agreement", pa.float64()),  # mean adjusted Rand index between repetitions; null where fitted once
        ("coherence", pa.float64()),  # mean NPMI of the words that set its themes apart; null where not read
        ("score", pa.float64()),  # what the rule maximises; null where nothing was chosen
        ("next_agreement", pa.float64()),  # adjusted Rand index with the next candidate; null for the last
        ("chosen", pa.bool_()),
    ]
)


class ClustererSettings(Settings):
    """What all methods of discovery share."""

    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn", "scipy")
    fit_seconds: ClassVar[float] = 0.003
    """For each paragraph of a fit with its refits, on 2 cores; for `toolkit check`."""
    fit_start_seconds: ClassVar[float] = 1.0
    """Before the first paragraph is looked at (compilation, imports)."""
    leaves_out: ClassVar[bool] = False
    """Whether `leave_out: auto` leaves out the paragraphs that no theme holds."""
    shuffles: ClassVar[int] = FEWEST_SHUFFLES
    """Shuffled corpora that a division is compared with, at least; fewer where a fit takes seconds."""
    brings_refits: ClassVar[bool] = False
    """Whether `fit` brings its refits and their verdict against chance; for the progress alone, as is `redraws`."""
    redraws: ClassVar[bool] = False
    """Whether other seeds draw the refits of larger corpora again."""
    may_find_fewer: ClassVar[bool] = False
    """Whether it can end with fewer themes than were asked for, which stops the run."""

    themes: Literal["auto"] | Count | tuple[Count, Count] = Field(
        "auto", description="auto, the number of themes, or a range [low, high]; a number is honoured exactly."
    )
    fit_on: Literal["auto", "all"] | Annotated[StrictInt, Field(ge=100)] = Field(
        "auto",
        description="How many different paragraphs themes are fitted to; the rest are assigned and the agreement is "
        "measured. auto: a sample of 50,000 beyond that size; all: never a sample.",
    )
    levels: int = Field(3, ge=1, le=3, description="Levels of the hierarchy at most: themes, and one or two broader.")
    leave_out: Literal["auto", "always", "never"] = Field(
        "auto",
        description="Whether paragraphs that no theme holds are left out of the themes (-1): those near to nothing "
        "and groups without a core. auto: by consensus and graph, from 100 different paragraphs on.",
    )
    reassign_noise: bool = Field(
        False, description="Give paragraphs without a theme the nearest one; each is flagged. Off: noise is kept."
    )
    refits: int | None = Field(20, ge=0, le=1000, description="Refits on 80 % samples that measure stability.")
    seeds: int | None = Field(
        None,
        ge=0,
        le=100,
        description="Other seeds with which the whole fit is repeated, to see which paragraphs change theme. If not "
        "given, 4 or 3 by size for small corpora; for larger ones what the method can tell without a new fit.",
    )

    @field_validator("themes")
    @classmethod
    def _range_in_order(cls, themes: Any) -> Any:
        if isinstance(themes, tuple) and themes[0] > themes[1]:
            raise ValueError(f"the range {list(themes)} has its higher number first; give [{themes[1]}, {themes[0]}]")
        return themes

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The least and the largest number of themes allowed; None for auto."""
        if self.themes == "auto":
            return None
        return self.themes if isinstance(self.themes, tuple) else (self.themes, self.themes)

    @property
    def leaving_out(self) -> bool:
        """Whether paragraphs that no theme holds are left out."""
        return self.leave_out == "always" or (self.leave_out == "auto" and self.leaves_out)

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """The themes of n texts by their unit vectors (n, d), in canonical order; each method has its own."""
        raise NotImplementedError

    def partition(self, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
        """The labels (n,) of `fit` alone, for comparison; a method whose `fit` measures more leaves that out here."""
        return self.fit(texts, vectors, seed).labels

    def fit_work(self, n: int) -> float:
        """Rows that a fit goes through, what chance gives aside: for the progress alone."""
        return float(n)

    def refits_of(self, n: int) -> int:
        """Refits of n rows; 20 where the config says null."""
        return 20 if self.refits is None else self.refits

    def refuse(self, n: int) -> None:
        """Raise ToolkitError where n different paragraphs can never have what is asked for: known before any work."""
        if self.bounds and self.bounds[0] > n:
            raise too_many(self.bounds[0], n)


@dataclass(frozen=True)
class Fit:
    """What a clusterer found in rows that stand in canonical order.

    labels (n,): any whole numbers, -1 for none. `repeats` are refits already made on subsets (rows, labels); `refit`
    makes more of them; both absent: fitted once. `method` is a sentence; `parameters` what rules chose; `works` keys of
    works that it rests on besides those of its class; `evidence` the verdict against chance, None where not measured;
    `redraw` is given by methods that can tell from their refits what another seed changes; `offering` gives coarser and
    finer divisions, or is the reason why there are none.
    """

    labels: Ints
    method: str
    candidates: Any = field(default_factory=lambda: candidate_table([]))  # pa.Table, CANDIDATES
    parameters: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    repeats: tuple[tuple[Ints, Ints], ...] = ()
    refit: Refit | None = None
    evidence: Evidence | None = None
    redraw: Redraw | None = None
    offering: Offering | str = ONE_METHOD

    @property
    def floor(self) -> float:
        """The stability below which a theme is fragile; infinite where all are."""
        return FRAGILE if self.evidence is None else self.evidence.floor


def candidate_table(rows: Sequence[Mapping[str, Any]]) -> Any:
    """A pa.Table with the columns of CANDIDATES from one mapping a row."""
    return pa.Table.from_pylist([{name: row.get(name) for name in CANDIDATES.names} for row in rows], schema=CANDIDATES)


def largest_share(labels: Ints) -> float:
    """The share of the clustered rows that the largest theme holds; 1 where nothing is clustered."""
    kept = labels[labels != NOISE]
    return float(np.bincount(kept).max() / len(kept)) if len(kept) else 1.0


def count(labels: Ints) -> int:
    """How many themes there are, noise not counted."""
    return len(np.unique(labels[labels != NOISE]))


def centroids(vectors: Vectors, labels: Ints) -> Vectors:
    """(k, d) unit mean vectors of labels 0 to k - 1, noise left out."""
    sums = theme_sums(vectors, labels)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), np.float32)


def theme_sums(vectors: Vectors, labels: Ints) -> Floats:
    """(k, d) sums of the vectors of labels 0 to k - 1, noise left out."""
    from scipy.sparse import csr_matrix

    kept = np.flatnonzero(labels != NOISE)
    k = int(labels.max(initial=NOISE)) + 1
    indicator = csr_matrix((np.ones(len(kept)), (labels[kept], kept)), (k, len(vectors)))
    return np.asarray(indicator @ vectors.astype(float))


def merged_down(vectors: Vectors, labels: Ints, themes: int) -> Ints:
    """Labels with the nearest themes joined until `themes` are left (Ward's criterion on theme means)."""
    labels = np.unique(labels, return_inverse=True)[1].astype(np.int32) - (1 if (labels == NOISE).any() else 0)
    k = int(labels.max(initial=NOISE)) + 1
    size = np.bincount(labels[labels != NOISE], minlength=k).astype(float)
    mean = np.zeros((k, vectors.shape[1]))
    for theme in range(k):
        mean[theme] = vectors[labels == theme].mean(0, dtype=float)
    alive = list(range(k))
    while len(alive) > max(themes, 1):
        at = np.array(alive)
        gap = ((mean[at][:, None] - mean[at][None]) ** 2).sum(-1)
        cost = gap * (size[at][:, None] * size[at][None]) / (size[at][:, None] + size[at][None])
        cost[np.tril_indices(len(at))] = np.inf
        first, second = (int(at[i]) for i in np.unravel_index(int(cost.argmin()), cost.shape))
        mean[first] = (mean[first] * size[first] + mean[second] * size[second]) / (size[first] + size[second])
        size[first] += size[second]
        labels = np.where(labels == second, first, labels).astype(np.int32)
        alive.remove(second)
    return labels


def too_many(themes: int, n: int, most: int | None = None) -> ToolkitError:
    """The fault of asking for more themes than n paragraphs can have; `most` where a method can give fewer yet."""
    fewer = "" if most is None else ", or use consensus or another method that gives any number"
    most = n if most is None else most
    different = "1 different paragraph" if n == 1 else f"{n} different paragraphs"
    less = f"ask for at most {most}, or for auto" if most > 1 else "ask for auto"
    return ToolkitError(
        f"discover.themes: {themes} themes were asked for and the corpus has {different}; {less}{fewer}"
    )


def different(vectors: Vectors, most: int) -> int:
    """How many of the vectors differ (by a millionth of a dimension), counted up to `most`."""
    seen: set[bytes] = set()
    for row in vectors:
        seen.add((np.round(row, 6) + 0.0).tobytes())
        if len(seen) >= most:
            break
    return len(seen)


MOST_THEMES_TRIED = 60


def numbers_to_try(bounds: tuple[int, int] | None, n: int, unlike: int = MOST_THEMES_TRIED) -> list[int]:
    """The numbers of themes tried: 12 steps through the range given; for auto from 2 to 2 * sqrt(n), at most 60 and at
    most as many as there are `unlike` vectors."""
    low, high = bounds or (2, max(2, min(MOST_THEMES_TRIED, round(2 * n**0.5))))
    most = n if bounds else min(n, unlike)
    low, high = min(low, most), min(high, most)
    return sorted({round(low * (high / low) ** (step / 11)) for step in range(12)})


def silhouettes(points: Vectors, tried: Mapping[int, Ints]) -> dict[int, float]:
    """The simplified mean silhouette of each labelling (Hruschka et al. 2004): distances to means, not to all rows."""
    scores = {}
    for k, labels in tried.items():
        if k < 2:
            scores[k] = 0.0
            continue
        means = np.array([points[labels == theme].mean(0, dtype=float) for theme in range(k)])
        squared = (points.astype(float) ** 2).sum(1)[:, None] + (means**2).sum(1)[None] - 2 * points @ means.T
        distance = np.sqrt(np.maximum(squared, 0))
        rows = np.arange(len(points))
        to_theme = distance[rows, labels].copy()
        distance[rows, labels] = np.inf
        other = distance.min(1)
        scores[k] = float(np.mean((other - to_theme) / np.maximum(np.maximum(other, to_theme), 1e-12)))
    return scores


def best_number(tried: Mapping[int, Ints], scores: Mapping[int, float]) -> tuple[int, Any]:
    """The number of themes with the best score (ties: fewer) and the table of candidates."""
    chosen = max(tried, key=lambda k: (round(scores[k], 9), -k))
    rows = [
        {"parameter": "themes", "value": float(k), "themes": k, "largest_share": largest_share(labels)}
        | {"score": scores[k], "chosen": k == chosen}
        for k, labels in tried.items()
    ]
    return chosen, candidate_table(rows)
