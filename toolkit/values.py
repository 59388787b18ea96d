"""The frozen values that pass between stages, and the columns of their tables.

Arrays are made read-only (a caller's array is copied, never frozen); tables are pyarrow Tables, which cannot be
changed in place. Each value is checked once, when it is made. A stage is given values and returns values: never the
pipeline, the config of another stage, or the run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

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
"""The theme of a paragraph that belongs to none: the only sentinel."""

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
"""Progress of a stage that counts things: `tick(done, total)`."""


def no_tick(done: int, total: int) -> None:
    """Progress that nobody watches."""


def frozen(array: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> npt.NDArray[Any]:
    """A read-only copy of an array (the array itself if it is read-only already and of that type)."""
    given = np.asarray(array, dtype=dtype)
    if given.flags.writeable:
        given = np.array(given, copy=True)
        given.flags.writeable = False
    return given


def seed_for(seed: int, stage: str) -> int:
    """The seed of one random stream, in [0, 2**32): from the experiment's seed and the stage's name alone."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{stage}".encode()).digest()[:4], "big")


def texts_digest(texts: Iterable[str]) -> str:
    """The sha256 (hex) of a list of texts, their boundaries and order included."""
    total = hashlib.sha256()
    for text in texts:
        total.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return total.hexdigest()


@dataclass(frozen=True)
class Corpus:
    """A corpus read, cleaned and split: documents by id, paragraphs by document and position, and what was left out.

    `texts` maps each document_id to the text that its offsets refer to: `texts[d][start:end] == text` for every
    paragraph and ledger row, which together cover every non-blank character once. `duplicate_of` of a paragraph
    names the canonical paragraph (null for that one itself).
    """

    documents: Any  # pa.Table, DOCUMENTS and kept columns
    paragraphs: Any  # pa.Table, PARAGRAPHS
    ledger: Any  # pa.Table, LEDGER
    texts: Any  # pa.Table: document_id string, text large_string; same order as documents
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)

    def __post_init__(self) -> None:
        require_columns(self.documents, DOCUMENTS, "documents")
        require_columns(self.paragraphs, PARAGRAPHS, "paragraphs")
        require_columns(self.ledger, LEDGER, "ledger")


@dataclass(frozen=True)
class ModelRecord:
    """Which model made the vectors: what a reader needs to get the same one. `sha256` is of its weights."""

    id: str
    revision: str | None
    sha256: str | None
    dimension: int
    max_tokens: int | None  # null: the model reads texts of any length
    engine: str = ""  # e.g. "onnxruntime fp32"


@dataclass(frozen=True)
class View:
    """One encoder's columns, `start` to `stop`, in the rows of several joined: unit rows times `weight`, at unit length
    together; all zero for a text that this encoder cannot read and another can."""

    name: str
    start: int
    stop: int
    weight: float
    model: ModelRecord


class Encoder(Protocol):
    """An embedding model ready for use; made by an embedder's `fit(texts)`."""

    @property
    def record(self) -> ModelRecord:
        """Which model this is."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> Ints:
        """(n,) tokens of each text by the model's own tokenizer, special tokens not counted."""
        ...

    def encode(self, texts: Sequence[str], tick: Tick = no_tick) -> Vectors:
        """(n, d) float32 unit rows; a row depends on its own text alone, never on its neighbours in a batch."""
        ...


@dataclass(frozen=True)
class Embeddings:
    """One unit row a paragraph, in paragraph order: vectors (n, d) float32, tokens (n,), truncated (n,).

    unknown (n,) is the share of each text that the model's vocabulary does not know, NaN if the model cannot tell;
    unread (n,) marks texts whose share is above the bound of the config: their vectors mean nothing. `views` are the
    columns of each encoder if several were joined, else empty.
    """

    vectors: Vectors
    tokens: Ints
    truncated: Bools
    model: ModelRecord
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)
    unknown: Floats = field(default_factory=lambda: np.zeros(0))  # all NaN where not given
    unread: Bools = field(default_factory=lambda: np.zeros(0, bool))  # all false where not given
    views: tuple[View, ...] = ()
    method: str = ""  # one sentence: which model made them and, if the config left that open, why

    def __post_init__(self) -> None:
        n = len(self.vectors)
        unknown = self.unknown if len(self.unknown) else np.full(n, np.nan)
        unread = self.unread if len(self.unread) else np.zeros(n, bool)
        object.__setattr__(self, "vectors", frozen(self.vectors, np.float32))
        object.__setattr__(self, "tokens", frozen(self.tokens, np.int32))
        object.__setattr__(self, "truncated", frozen(self.truncated, np.bool_))
        object.__setattr__(self, "unknown", frozen(unknown, float))
        object.__setattr__(self, "unread", frozen(unread, np.bool_))
        if self.vectors.ndim != 2 or {len(self.tokens), len(self.truncated), len(unknown), len(unread)} != {n}:
            raise ValueError(
                f"embeddings disagree: vectors {self.vectors.shape}, tokens {self.tokens.shape}, "
                f"truncated {self.truncated.shape}, unread {self.unread.shape}"
            )


def renumbered(assignment: npt.ArrayLike) -> Ints:
    """Theme numbers made canonical: 0 is the largest theme, ties by first appearance, NOISE stays -1.

    Two runs that find the same partition of the same rows so hold equal arrays.
    """
    given = np.asarray(assignment)
    names, first, size = np.unique(given, return_index=True, return_counts=True)
    keep = names != NOISE
    order = np.lexsort((first[keep], -size[keep]))
    mapping = {int(name): rank for rank, name in enumerate(names[keep][order])}
    mapping[NOISE] = NOISE
    return frozen([mapping[int(name)] for name in given], np.int32)


@dataclass(frozen=True)
class Discovery:
    """Themes of n unique texts.

    assignment (n,) theme numbers, -1 for none; strength (n,) share of refits that agree with the theme, NaN where
    undefined; stability (k, 3) mean best-match Jaccard over refits on resampled texts with a 95 % interval, NaN
    where not measured; layout (n, 2) map coordinates. `levels` has one row a theme at level 0 and one a broader
    theme (ids from 1000) at levels above, `parent` null at the top. `candidates` is the table behind the choice of
    granularity. `groups` (small corpora) lists nearest neighbours instead of themes. `notes` says, in whole
    sentences, every fallback taken and every limit that a reader must know.
    """

    assignment: Ints
    strength: Floats
    stability: Floats
    layout: Floats
    levels: Any  # pa.Table, LEVELS
    candidates: Any  # pa.Table: one row a candidate granularity, `chosen` bool among the columns
    neighbours: Any  # pa.Table: row int32, neighbour int32, similarity float64 (rows of the unique texts)
    reassigned: Bools  # (n,) true where noise was given a theme on request
    fragile: Bools  # (k,) themes whose measured stability is below the stated bound
    method: str  # one sentence of a methods section, computed from what was done
    parameters: Mapping[str, Any] = field(default_factory=dict)  # plain JSON values: what the rule chose
    notes: tuple[str, ...] = ()
    fitted: Bools = field(default_factory=lambda: np.zeros(0, bool))  # (n,) rows fitted to; all where not given
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)
    seeds: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))  # (S, n) groups with S other seeds
    moved: Bools = field(default_factory=lambda: np.zeros((0, 0), bool))  # (S, m) fitted rows that leave their theme
    refits: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))  # (R, n) groups in R refits, -2 unseen
    divisions: Any = field(default_factory=DIVISIONS.empty_table)  # pa.Table, DIVISIONS: coarser and finer ones offered
    division_labels: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int32))  # (p, n) of those not chosen

    def __post_init__(self) -> None:
        n = len(self.assignment)
        seeds = self.seeds if self.seeds.size else np.zeros((0, n), np.int32)
        object.__setattr__(self, "seeds", frozen(seeds, np.int32))
        refits = self.refits if self.refits.size else np.zeros((0, n), np.int32)
        object.__setattr__(self, "refits", frozen(refits, np.int32))
        divisions = self.division_labels if self.division_labels.size else np.zeros((0, n), np.int32)
        object.__setattr__(self, "division_labels", frozen(divisions, np.int32))
        object.__setattr__(self, "moved", frozen(self.moved, np.bool_))
        fitted = self.fitted if len(self.fitted) else np.ones(n, bool)
        object.__setattr__(self, "fitted", frozen(fitted, np.bool_))
        for name, dtype in (
            ("assignment", np.int32),
            ("strength", float),
            ("stability", float),
            ("layout", float),
        ):
            object.__setattr__(self, name, frozen(getattr(self, name), dtype))
        object.__setattr__(self, "reassigned", frozen(self.reassigned, np.bool_))
        object.__setattr__(self, "fragile", frozen(self.fragile, np.bool_))
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
        """The number of themes, -1 not counted."""
        return int(self.assignment.max(initial=NOISE)) + 1


@dataclass(frozen=True)
class ThemePairs:
    """Evidence for joining two themes, and for dividing one: THEME_PAIRS and HALVES (rows of the unique texts)."""

    pairs: Any  # pa.Table, THEME_PAIRS
    halves: Any  # pa.Table, HALVES
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)


@dataclass(frozen=True)
class Description:
    """Words for each theme (broader levels and -1 included): label, keywords and their weights, exemplars."""

    themes: Any  # pa.Table, THEME_WORDS
    exemplars: Any  # pa.Table, EXEMPLARS: verbatim spans of paragraphs of that theme
    method: str
    notes: tuple[str, ...] = ()
    asked: Any = None  # pa.Table, ASKED: prompts and answers of a language model, where one named the themes
    divisions: Any = None  # pa.Table, DIVISION_NAMES: of the divisions offered beside the chosen one
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)

    def __post_init__(self) -> None:
        require_columns(self.themes, THEME_WORDS, "themes")
        require_columns(self.exemplars, EXEMPLARS, "exemplars")
        if self.asked is not None:
            require_columns(self.asked, ASKED, "asked")


@dataclass(frozen=True)
class Coding:
    """Every unique paragraph x every code: score, decision and the sentence that carried it.

    `thresholds` has a row a code: code, threshold, background_mean, background_sd, assigned, rule.
    `human` are the human codes matched to paragraphs (paragraph_id, code, coder), one row a mark; a paragraph
    coded with nothing has one row with a null code.
    """

    codes: Any  # pa.Table, CODES
    thresholds: Any
    human: Any
    scored: Any  # pa.Table: code, measure (precision, recall, f1, alpha, ...), value, low, high, hits, n, of, reason
    method: str
    notes: tuple[str, ...] = ()
    background: Arrays = field(default_factory=dict)  # what further paragraphs are coded by (`toolkit assign`)
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)

    def __post_init__(self) -> None:
        require_columns(self.codes, CODES, "codes")


ASSUMPTION = "valid if the coded paragraphs are a random sample of the corpus"
"""What shares corrected with codes of unknown origin rest on."""


@dataclass(frozen=True)
class Sampling:
    """How the human-coded paragraphs were drawn, as far as shares of the corpus rest on it.

    `weights` maps coded paragraphs to how many paragraphs each stands for; those left out stand for none. `checked`
    is whether a design of the draw shows that they stand for this corpus, `refused` why no share may be corrected with
    them; `said` is the assumption, or how it was checked, in one sentence.
    """

    weights: Mapping[str, float]
    said: str
    refused: str | None = None
    notes: tuple[str, ...] = ()
    checked: bool = False


@dataclass(frozen=True)
class Metric:
    """One number with its interval, its denominator and which way is better; or null and the reason why.

    `n` is the denominator and `of` what it counts. `hits` is the numerator where the value is a ratio of counts (then
    value = hits / n), and None where it is none.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    direction: str | None = None  # "higher", "lower" or null where neither is better
    n: int | None = None
    reason: str | None = None
    of: str | None = None
    hits: int | None = None

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError("an undefined metric needs its reason")

    def plain(self) -> dict[str, Any]:
        """As it stands in metrics.json."""
        if self.value is None:
            return {"value": None, "reason": self.reason}
        row: dict[str, Any] = {"value": self.value, "low": self.low, "high": self.high}
        row |= {"direction": self.direction, "n": self.n}
        row |= {name: value for name, value in (("of", self.of), ("hits", self.hits)) if value is not None}
        return row | ({"reason": self.reason} if self.reason else {})


@dataclass(frozen=True)
class Estimates:
    """Shares with intervals, and how codes and themes meet.

    `matrix`: code, theme, paragraphs, expected, share_of_code, share_of_theme, lift.
    `cooccurrence`: estimate.crossing.COOCCURRENCE; `trends`: estimate.trends.TRENDS, and slope rows where time allows.
    `contrasts`: estimate.contrasts.CONTRASTS. `mostly`: theme and estimate.mostly.MOSTLY.
    """

    prevalence: Any  # pa.Table, PREVALENCE
    matrix: Any
    cooccurrence: Any
    trends: Any
    contrasts: Any
    corrected: Any  # pa.Table: code, by (coders, machine, both), estimate, low, high, weight, hits, n, of, reason
    mostly: Any
    method: str
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)

    def __post_init__(self) -> None:
        require_columns(self.prevalence, PREVALENCE, "prevalence")


@dataclass(frozen=True)
class Wording:
    """Words that set themes, codes and groups apart, and lines that show keywords where they stand.

    `keyness`: estimate.keyness.KEYNESS; `kwic`: estimate.kwic.KWIC.
    """

    keyness: Any
    kwic: Any
    method: str
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)


@dataclass(frozen=True)
class Answers:
    """The claims of a study answered: `table` is claims.answering.CLAIMS, a row for each claim."""

    table: Any
    method: str
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)


@dataclass(frozen=True)
class Checks:
    """What validation found: flat dotted keys to metrics."""

    metrics: Mapping[str, Metric]
    method: str = ""
    notes: tuple[str, ...] = ()
    works: tuple[str, ...] = ()  # keys of the works that it rests on (report.references)
