"""The settings that all clusterers share, and what a clusterer returns."""

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
from toolkit.values import NOISE, Floats, Ints, Table, Tick, Vectors, no_tick

Count = Annotated[StrictInt, Field(ge=1)]
Refit = Callable[[Vectors, Ints, int], Ints]
"""`refit(vectors, rows, seed)`: labels (len(rows),) of a subset of the rows, clustered again in the same way."""
Redraw = Callable[[int], Ints]
"""`redraw(seed)`: labels (n,) that another seed could have given, computed from the existing refits."""

CANDIDATES = pa.schema(
    [
        ("parameter", pa.string()),  # what was varied: resolution, themes, ...
        ("value", pa.float64()),
        ("themes", pa.int32()),
        ("largest_share", pa.float64()),  # share of the clustered texts in the largest theme
        ("agreement", pa.float64()),  # mean adjusted Rand index between refits; null if fitted once
        ("coherence", pa.float64()),  # mean NPMI of words that distinguish its themes; null if not read
        ("score", pa.float64()),  # the value that the rule maximises; null if nothing was chosen
        ("next_agreement", pa.float64()),  # adjusted Rand index with the next candidate; null for the last
        ("chosen", pa.bool_()),
    ]
)


class ClustererSettings(Settings):
    """Settings and properties that all methods of discovery share."""

    libraries: ClassVar[tuple[str, ...]] = ("scikit-learn", "scipy")
    fit_seconds: ClassVar[float] = 0.003
    """Seconds per paragraph of a fit with its refits, on 2 cores; for `toolkit check`."""
    fit_start_seconds: ClassVar[float] = 1.0
    """Seconds before the first paragraph (compilation, imports)."""
    leaves_out: ClassVar[bool] = False
    """Whether `leave_out: auto` leaves out paragraphs without a theme."""
    shuffles: ClassVar[int] = FEWEST_SHUFFLES
    """Smallest number of shuffled corpora in the null model; smaller if a fit takes seconds."""
    brings_refits: ClassVar[bool] = False
    """Whether the result of `fit` contains refits and their verdict; for the progress only, as is `redraws`."""
    redraws: ClassVar[bool] = False
    """Whether other seeds resample the refits of larger corpora."""
    may_find_fewer: ClassVar[bool] = False
    """Whether it can find fewer themes than requested, which stops the run."""

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
        """The smallest and the largest allowed number of themes; None for auto."""
        if self.themes == "auto":
            return None
        return self.themes if isinstance(self.themes, tuple) else (self.themes, self.themes)

    @property
    def leaving_out(self) -> bool:
        """Whether paragraphs without a theme are left out."""
        return self.leave_out == "always" or (self.leave_out == "auto" and self.leaves_out)

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """The themes of n texts from their unit vectors (n, d) in canonical order; each method defines its own."""
        raise NotImplementedError

    def partition(self, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
        """The labels (n,) of `fit`, without its other measurements."""
        return self.fit(texts, vectors, seed).labels

    def fit_work(self, n: int) -> float:
        """Number of rows that a fit processes, without the null model; used for the progress only."""
        return float(n)

    def refits_of(self, n: int) -> int:
        """Number of refits of n rows; 20 if the config says null."""
        return 20 if self.refits is None else self.refits

    def refuse(self, n: int) -> None:
        """Raise ToolkitError, before any work, if n different paragraphs cannot give the requested themes."""
        if self.bounds and self.bounds[0] > n:
            raise too_many(self.bounds[0], n)


@dataclass(frozen=True)
class Fit:
    """The result of a clusterer for rows in canonical order.

    labels (n,) are any whole numbers, -1 for no theme. `method` is a sentence for the report; `parameters` are the
    values that rules chose; `works` are keys of works to cite besides those of the class. `repeats` are existing refits
    on subsets (rows, labels) and `refit` makes more; if both are missing, the corpus was fitted once. `evidence` is the
    verdict of the null model, None if not measured. `redraw` is given by methods that can estimate the effect of
    another seed from their refits. `offering` gives coarser and finer divisions, or is the reason why there are none.
    """

    labels: Ints
    method: str
    candidates: Table = field(default_factory=lambda: candidate_table([]))  # CANDIDATES
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
        """The stability below which a theme is fragile; infinite if all themes are."""
        return FRAGILE if self.evidence is None else self.evidence.floor


def candidate_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """A table with the columns of CANDIDATES, from one mapping per row."""
    return pa.Table.from_pylist([{name: row.get(name) for name in CANDIDATES.names} for row in rows], schema=CANDIDATES)


def largest_share(labels: Ints) -> float:
    """The share of the largest theme among the rows with a theme; 1 if no row has a theme."""
    kept = labels[labels != NOISE]
    return float(np.bincount(kept).max() / len(kept)) if len(kept) else 1.0


def count(labels: Ints) -> int:
    """The number of themes, without noise."""
    return len(np.unique(labels[labels != NOISE]))


def centroids(vectors: Vectors, labels: Ints) -> Vectors:
    """(k, d) unit mean vectors of labels 0 to k - 1, without noise."""
    sums = theme_sums(vectors, labels)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), np.float32)


def theme_sums(vectors: Vectors, labels: Ints) -> Floats:
    """(k, d) sums of the vectors of labels 0 to k - 1, without noise."""
    from scipy.sparse import csr_matrix

    kept = np.flatnonzero(labels != NOISE)
    k = int(labels.max(initial=NOISE)) + 1
    indicator = csr_matrix((np.ones(len(kept)), (labels[kept], kept)), (k, len(vectors)))
    return np.asarray(indicator @ vectors.astype(float))


def merged_down(vectors: Vectors, labels: Ints, themes: int) -> Ints:
    """Labels (n,) with the nearest themes merged until `themes` are left (Ward's criterion on theme means)."""
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
    """The error for a request of more themes than n paragraphs allow; `most` if the method allows even fewer."""
    fewer = "" if most is None else ", or use consensus or another method that gives any number"
    most = n if most is None else most
    different = "1 different paragraph" if n == 1 else f"{n} different paragraphs"
    less = f"ask for at most {most}, or for auto" if most > 1 else "ask for auto"
    return ToolkitError(
        f"discover.themes: {themes} themes were asked for and the corpus has {different}; {less}{fewer}"
    )


def different(vectors: Vectors, most: int) -> int:
    """The number of different vectors (a difference is at least a millionth in a dimension), counted up to `most`."""
    seen: set[bytes] = set()
    for row in vectors:
        seen.add((np.round(row, 6) + 0.0).tobytes())
        if len(seen) >= most:
            break
    return len(seen)


MOST_THEMES_TRIED = 60


def numbers_to_try(bounds: tuple[int, int] | None, n: int, unlike: int = MOST_THEMES_TRIED) -> list[int]:
    """The numbers of themes to try.

    For a given range these are 12 steps; for auto they go from 2 to 2 * sqrt(n), at most to 60 and at most to the
    number of `unlike` vectors.
    """
    low, high = bounds or (2, max(2, min(MOST_THEMES_TRIED, round(2 * n**0.5))))
    most = n if bounds else min(n, unlike)
    low, high = min(low, most), min(high, most)
    return sorted({round(low * (high / low) ** (step / 11)) for step in range(12)})


def silhouettes(points: Vectors, tried: Mapping[int, Ints]) -> dict[int, float]:
    """The simplified mean silhouette of each labelling (Hruschka et al. 2004), from distances to theme means only."""
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


def best_number(tried: Mapping[int, Ints], scores: Mapping[int, float]) -> tuple[int, Table]:
    """The number of themes with the best score (the smaller one of a tie), and the table of candidates."""
    chosen = max(tried, key=lambda k: (round(scores[k], 9), -k))
    rows = [
        {"parameter": "themes", "value": float(k), "themes": k, "largest_share": largest_share(labels)}
        | {"score": scores[k], "chosen": k == chosen}
        for k, labels in tried.items()
    ]
    return chosen, candidate_table(rows)
