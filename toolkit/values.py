"""The frozen values that pass between stages.

Arrays are read-only (the constructor copies the caller's array); tables are pyarrow Tables, which are immutable. Each
value is checked once, by its constructor. A stage takes values and returns values, but never the pipeline, the config
of another stage, or the run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from toolkit.schemas import (
    ASKED,
    CODES,
    DIVISIONS,
    DOCUMENTS,
    EXEMPLARS,
    LEDGER,
    LEVELS,
    PARAGRAPHS,
    PREVALENCE,
    THEME_WORDS,
    require_columns,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NOISE = -1
"""The theme number of a paragraph that belongs to no theme: the only sentinel."""

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
Arrays = Mapping[str, npt.NDArray[Any]]
Table: TypeAlias = pa.Table
Column: TypeAlias = pa.ChunkedArray | pa.Array
Row: TypeAlias = dict[str, Any]
"""One row of a table by column name: plain Python values, as `Table.to_pylist` gives them."""
Sparse: TypeAlias = "csr_matrix"
Tick = Callable[[int, int], None]
"""Callback for the progress of a stage: `tick(done, total)`."""


def no_tick(done: int, total: int) -> None:
    """Ignore progress."""


def frozen(array: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]:
    """A read-only copy of an array, or the array itself if it is read-only and has the type."""
    values = np.asarray(array, dtype=dtype)
    if values.flags.writeable:
        values = np.array(values, copy=True)
        values.flags.writeable = False
    return values


def _freeze(value: object, dtype: npt.DTypeLike, *names: str) -> None:
    """Replace attributes of a frozen dataclass by read-only arrays of one type."""
    for name in names:
        object.__setattr__(value, name, frozen(getattr(value, name), dtype))


def seed_for(seed: int, stage: str) -> int:
    """The seed of one random stream, in [0, 2**32), from the experiment's seed and the stage's name only."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{stage}".encode()).digest()[:4], "big")


@dataclass(frozen=True)
class Corpus:
    """A corpus after reading, cleaning and splitting: documents, paragraphs, and the ledger of removed text.

    Documents are sorted by id, paragraphs by document and position. `texts` contains the text to which the offsets of
    a document refer: `texts[d][start:end] == text` for every paragraph and ledger row of document d, which together
    cover every non-blank character once. `duplicate_of` names the first copy of a repeated paragraph, and is null for
    that first copy.
    """

    documents: Table  # DOCUMENTS and the kept metadata columns
    paragraphs: Table  # PARAGRAPHS
    ledger: Table  # LEDGER
    texts: Table  # document_id string, text large_string; in the order of documents
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of cited works (report.references)

    def __post_init__(self) -> None:
        require_columns(self.documents, DOCUMENTS, "documents")
        require_columns(self.paragraphs, PARAGRAPHS, "paragraphs")
        require_columns(self.ledger, LEDGER, "ledger")


@dataclass(frozen=True)
class ModelRecord:
    """The identity of an embedding model, sufficient to obtain the same model. `sha256` is that of its weights."""

    id: str
    revision: str | None
    sha256: str | None
    dimension: int
    max_tokens: int | None  # null: no limit
    engine: str = ""  # e.g. "onnxruntime fp32"


@dataclass(frozen=True)
class View:
    """The columns `start` to `stop` of one encoder if several encoders are joined.

    The columns contain the encoder's unit rows times `weight`, so that the joined rows have unit length. They are zero
    for a text that this encoder cannot read and another encoder can.
    """

    name: str
    start: int
    stop: int
    weight: float
    model: ModelRecord


@dataclass(frozen=True)
class Embeddings:
    """One unit row per paragraph, in paragraph order: vectors (n, d) float32, tokens (n,), truncated (n,).

    `unknown` (n,) is the share of each text, from 0 to 1, that is outside the model's vocabulary, NaN if the model
    cannot tell. `unread` (n,) marks texts whose share exceeds the bound of the config: their vectors carry no meaning.
    `views` lists the columns of each encoder if several are joined, and is empty otherwise.
    """

    vectors: Vectors
    tokens: Ints
    truncated: Bools
    model: ModelRecord
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of cited works (report.references)
    unknown: Floats = field(default_factory=lambda: np.zeros(0))  # default: all NaN
    unread: Bools = field(default_factory=lambda: np.zeros(0, bool))  # default: all false
    views: tuple[View, ...] = ()
    method: str = ""  # one sentence: the model and, if the config leaves the choice open, the reason

    def __post_init__(self) -> None:
        n = len(self.vectors)
        if not len(self.unknown):
            object.__setattr__(self, "unknown", np.full(n, np.nan))
        if not len(self.unread):
            object.__setattr__(self, "unread", np.zeros(n, bool))
        _freeze(self, np.float32, "vectors")
        _freeze(self, np.float64, "unknown")
        _freeze(self, np.int32, "tokens")
        _freeze(self, np.bool_, "truncated", "unread")
        if self.vectors.ndim != 2 or {*map(len, (self.tokens, self.truncated, self.unknown, self.unread))} != {n}:
            raise ValueError(
                f"embeddings disagree: vectors {self.vectors.shape}, tokens {self.tokens.shape}, "
                f"truncated {self.truncated.shape}, unread {self.unread.shape}"
            )


def renumbered(assignment: npt.ArrayLike) -> Ints:
    """Canonical theme numbers (n,): 0 is the largest theme, ties by first appearance, NOISE remains -1.

    Two runs with the same partition of the same rows therefore have equal arrays.
    """
    numbers = np.asarray(assignment)
    names, first, size = np.unique(numbers, return_index=True, return_counts=True)
    keep = names != NOISE
    order = np.lexsort((first[keep], -size[keep]))
    mapping = {int(name): rank for rank, name in enumerate(names[keep][order])}
    mapping[NOISE] = NOISE
    return frozen([mapping[int(name)] for name in numbers], np.int32)


@dataclass(frozen=True)
class Discovery:
    """Themes of n unique texts.

    assignment (n,) theme numbers, -1 for no theme; strength (n,) share of refits that agree with the theme, NaN if
    undefined; stability (k, 3) mean best-match Jaccard over refits on resampled texts with a 95 % interval, NaN if
    not measured; layout (n, 2) map coordinates. `levels` has one row per theme at level 0 and one row per broader
    theme (ids from 1000) at higher levels; `parent` is null at the top. `candidates` is the table behind the choice of
    granularity. `notes` states, in whole sentences, every fallback and every limit that a reader must know.
    """

    assignment: Ints
    strength: Floats
    stability: Floats
    layout: Floats
    levels: Table  # LEVELS
    candidates: Table  # one row per candidate granularity; includes the column `chosen`, bool
    neighbours: Table  # row int32, neighbour int32, similarity float64 (rows of the unique texts)
    reassigned: Bools  # (n,) true if a noise text was assigned to a theme on request
    fragile: Bools  # (k,) true if the measured stability of a theme is below the stated bound
    method: str  # one sentence for a methods section, computed from the settings and results
    parameters: Mapping[str, Any] = field(default_factory=dict)  # plain JSON values that the rule chose
    notes: tuple[str, ...] = ()
    fitted: Bools = field(default_factory=lambda: np.zeros(0, bool))  # (n,) rows in the fit; default: all
    works: tuple[str, ...] = ()  # keys of cited works (report.references)
    seeds: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))  # (S, n) groups from S other seeds
    moved: Bools = field(default_factory=lambda: np.zeros((0, 0), bool))  # (S, m) fitted rows that leave their theme
    refits: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))  # (R, n) in R refits, -2: not drawn
    divisions: Table = field(default_factory=DIVISIONS.empty_table)  # DIVISIONS: coarser and finer alternatives
    division_labels: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))  # (p, n) of the alternatives

    def __post_init__(self) -> None:
        n = len(self.assignment)
        if not len(self.fitted):
            object.__setattr__(self, "fitted", np.ones(n, bool))
        for name in ("seeds", "refits", "division_labels"):
            if not getattr(self, name).size:
                object.__setattr__(self, name, np.zeros((0, n), np.int32))
        _freeze(self, np.int32, "assignment", "seeds", "refits", "division_labels")
        _freeze(self, np.float64, "strength", "stability", "layout")
        _freeze(self, np.bool_, "reassigned", "fragile", "fitted", "moved")
        require_columns(self.levels, LEVELS, "levels")
        if {len(self.strength), len(self.reassigned), len(self.fitted)} != {n} or self.layout.shape != (n, 2):
            raise ValueError(f"discovery disagrees: {n} assignments, layout {self.layout.shape}")
        if self.seeds.shape[1] != n:
            raise ValueError(f"discovery disagrees: {n} assignments, other seeds {self.seeds.shape}")
        if self.division_labels.shape != (max(0, self.divisions.num_rows - 1), n):
            raise ValueError(f"discovery disagrees: {self.divisions.num_rows} divisions, {self.division_labels.shape}")
        if self.stability.shape != (self.themes, 3) or len(self.fragile) != self.themes:
            raise ValueError(f"discovery disagrees: {self.themes} themes, stability {self.stability.shape}")
        if not np.array_equal(renumbered(self.assignment), self.assignment):
            raise ValueError("theme numbers are not canonical: use values.renumbered")

    @property
    def themes(self) -> int:
        """The number of themes, without -1."""
        return int(self.assignment.max(initial=NOISE)) + 1


@dataclass(frozen=True)
class ThemePairs:
    """Evidence for joining two themes and for dividing a theme: THEME_PAIRS and HALVES (rows of the unique texts)."""

    pairs: Table  # THEME_PAIRS
    halves: Table  # HALVES
    works: tuple[str, ...] = ()  # keys of cited works (report.references)


@dataclass(frozen=True)
class Description:
    """Words for each theme, including broader levels and -1: label, keywords with weights, exemplars."""

    themes: Table  # THEME_WORDS
    exemplars: Table  # EXEMPLARS: verbatim spans of paragraphs of the theme
    method: str
    notes: tuple[str, ...] = ()
    asked: Table | None = None  # ASKED: prompts and answers, if a language model named the themes
    divisions: Table | None = None  # DIVISION_NAMES: names for the alternatives to the chosen division
    works: tuple[str, ...] = ()  # keys of cited works (report.references)

    def __post_init__(self) -> None:
        require_columns(self.themes, THEME_WORDS, "themes")
        require_columns(self.exemplars, EXEMPLARS, "exemplars")
        if self.asked is not None:
            require_columns(self.asked, ASKED, "asked")


@dataclass(frozen=True)
class Coding:
    """Every unique paragraph x every code: score, decision and evidence sentence.

    `thresholds` has one row per code: code, threshold, background_mean, background_sd, assigned, rule.
    `human` contains the human codes matched to paragraphs (paragraph_id, code, coder), one row per mark; a paragraph
    that a coder marked with no code has one row with a null code.
    """

    codes: Table  # CODES
    thresholds: Table
    human: Table
    scored: Table  # code, measure (precision, recall, f1, alpha, ...), value, low, high, hits, n, of, reason
    method: str
    notes: tuple[str, ...] = ()
    background: Arrays = field(default_factory=dict)  # arrays with which `toolkit assign` codes new paragraphs
    works: tuple[str, ...] = ()  # keys of cited works (report.references)

    def __post_init__(self) -> None:
        require_columns(self.codes, CODES, "codes")


ASSUMPTION = "valid if the coded paragraphs are a random sample of the corpus"
"""The assumption behind shares that are corrected with codes of unknown origin."""


@dataclass(frozen=True)
class Sampling:
    """How the human-coded paragraphs were drawn, as far as corrected shares of the corpus depend on it.

    `weights` maps each coded paragraph to the number of paragraphs that it represents; a paragraph that is left out
    represents none. `basis` is one sentence: the assumption, or how it was checked. `refused` is the reason why no
    share may be corrected with these codes. `checked` is true if the design of the draw shows that the coded
    paragraphs represent this corpus.
    """

    weights: Mapping[str, float]
    basis: str
    refused: str | None = None
    notes: tuple[str, ...] = ()
    checked: bool = False


@dataclass(frozen=True)
class Metric:
    """A number with interval, denominator and direction, or null with the reason.

    `n` is the denominator and `of` its unit. `hits` is the numerator if the value is a ratio of counts (value =
    hits / n), and None otherwise.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    direction: str | None = None  # "higher", "lower", or null if neither is better
    n: int | None = None
    reason: str | None = None
    of: str | None = None
    hits: int | None = None

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError("an undefined metric needs its reason")

    def plain(self) -> dict[str, Any]:
        """The metric as a JSON object, as in metrics.json."""
        if self.value is None:
            return {"value": None, "reason": self.reason}
        row: dict[str, Any] = {"value": self.value, "low": self.low, "high": self.high}
        row |= {"direction": self.direction, "n": self.n}
        row |= {name: value for name, value in (("of", self.of), ("hits", self.hits)) if value is not None}
        return row | ({"reason": self.reason} if self.reason else {})


@dataclass(frozen=True)
class Estimates:
    """Shares with intervals, and the overlap of codes and themes.

    `matrix`: code, theme, paragraphs, expected, share_of_code, share_of_theme, lift.
    `cooccurrence`: estimate.crossing.COOCCURRENCE; `trends`: estimate.trends.TRENDS, with slope rows if dates suffice.
    `contrasts`: estimate.contrasts.CONTRASTS. `mostly`: theme and estimate.mostly.MOSTLY.
    """

    prevalence: Table  # PREVALENCE
    matrix: Table
    cooccurrence: Table
    trends: Table
    contrasts: Table
    corrected: Table  # code, by (coders, machine, both), estimate, low, high, weight, hits, n, of, reason
    mostly: Table
    method: str
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of cited works (report.references)

    def __post_init__(self) -> None:
        require_columns(self.prevalence, PREVALENCE, "prevalence")


@dataclass(frozen=True)
class Wording:
    """Words that distinguish themes, codes and groups, and keywords in context.

    `keyness`: estimate.keyness.KEYNESS; `kwic`: estimate.kwic.KWIC.
    """

    keyness: Table
    kwic: Table
    method: str
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of cited works (report.references)


@dataclass(frozen=True)
class Answers:
    """Answers to the claims of a study: `table` is claims.answering.CLAIMS, one row per claim."""

    table: Table
    method: str
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of cited works (report.references)


@dataclass(frozen=True)
class Checks:
    """Results of validation: flat dotted keys to metrics."""

    metrics: Mapping[str, Metric]
    method: str = ""
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of cited works (report.references)
