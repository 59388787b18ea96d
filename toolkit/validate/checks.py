"""Values, intervals and baselines combined into metrics, each with its denominator or the reason for its absence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from toolkit.validate.measure import (
    Measured,
    labelled,
    random_coherence,
    random_separation,
    random_words,
    shared_texts,
    words_of,
)
from toolkit.validate.separation import density_validity, silhouettes
from toolkit.validate.settings import ValidateSettings
from toolkit.values import NOISE, Ints, Metric, Table, Vectors, seed_for

RANDOM_SAMPLE_TEXTS = 10_000
"""Largest number of texts in a random assignment for separation."""
FEWEST_DOCUMENTS = 5
"""Smallest number of documents that are resampled."""
OVERALL = ("coherence.npmi", "coherence.cv", "diversity", "coverage", "separation.silhouette", "separation.density")
EXTERNAL = ("external.ari", "external.ami", "external.v_measure")
LIMITS = {"coverage": (0.0, 1.0), "external.v_measure": (0.0, 1.0)}
FIXED_WORDS = "no interval: a property of the chosen words, nothing is sampled"
COUNTED_WORDS = (
    "no interval: a draw of documents that misses a rare pair of words drops it to -1, so draws lie below the value"
)
FIXED_DENSITY = "no interval: resampling makes copies, which density takes for clusters"


@dataclass(frozen=True)
class Checked:
    """The input of the checks: n texts with their themes and vectors, top words of themes 0..k-1, labels or None.

    `documents` (n,) numbers the units that are resampled for intervals: documents if known, otherwise texts.
    """

    texts: Sequence[str]
    assignment: Ints
    vectors: Vectors
    keywords: Sequence[Sequence[str]]
    labels: Sequence[str | None] | None
    documents: npt.NDArray[np.int64]
    unit: str

    @property
    def themes(self) -> int:
        """The number of themes, without -1."""
        return int(np.max(self.assignment, initial=NOISE)) + 1


def all_checks(settings: ValidateSettings, checked: Checked, seed: int) -> dict[str, Metric]:
    """Every metric by its dotted key, in order of the keys."""
    measured = Measured(
        words_of(checked.keywords, checked.texts) if any(checked.keywords) else None,
        silhouettes(checked.vectors, checked.assignment),
        checked.assignment,
        labelled(checked.labels, checked.assignment)
        if checked.labels is not None and _usable(checked.labels)
        else None,
    )
    values = measured.under(np.ones(len(checked.texts)))
    if measured.words is not None and measured.words.diversity is not None:
        values["diversity"] = measured.words.diversity
    density, sampled = _density(settings, checked, checked.assignment, seed)
    if density is not None:
        values["separation.density"] = density
    draws = _resampled(settings, checked, measured, seed)
    randoms = _at_random(settings, checked, measured, seed)
    metrics: dict[str, Metric] = {}
    for key in sorted({*values, *OVERALL, *EXTERNAL, *_theme_keys(checked)}):
        base = _base(key, checked, measured, sampled, values)
        metrics[key] = _metric(key, values.get(key), draws.get(key, []), base, checked)
        if key in OVERALL or key in EXTERNAL or key in randoms:
            metrics[f"{key}.baseline"] = _baseline(key, randoms.get(key, []), metrics[key])
    return dict(sorted(metrics.items()))


def _usable(labels: Sequence[str | None] | None) -> bool:
    return labels is not None and sum(label is not None for label in labels) > 1


def _theme_keys(checked: Checked) -> list[str]:
    return [f"{name}.theme.{i}" for name in ("coherence.npmi", "separation.silhouette") for i in range(checked.themes)]


def _resampled(settings: ValidateSettings, checked: Checked, measured: Measured, seed: int) -> dict[str, list[float]]:
    """Measures on `settings.draws` bootstrap samples of documents, or of texts if documents are unknown.

    Coherence has no interval, because resampling biases counts of rare pairs (on 402 paragraphs every draw was below
    the value).
    """
    units = int(checked.documents.max(initial=-1)) + 1
    if units < 2:
        return {}
    stream = np.random.default_rng(seed_for(seed, "bootstrap"))
    draws: dict[str, list[float]] = {}
    wordless = replace(measured, words=None)
    for _ in range(settings.draws):
        times = np.bincount(stream.integers(0, units, units), minlength=units).astype(float)
        for key, value in wordless.under(times[checked.documents]).items():
            draws.setdefault(key, []).append(value)
    return draws


def _at_random(settings: ValidateSettings, checked: Checked, measured: Measured, seed: int) -> dict[str, list[float]]:
    """Every measure on `settings.baseline_draws` random assignments of the same sizes."""
    draws: dict[str, list[float]] = {}
    if checked.themes == 0 or len(set(checked.assignment.tolist())) < 2:
        return draws
    stream = np.random.default_rng(seed_for(seed, "baseline"))
    joint = shared_texts(measured.words.where) if measured.words else np.zeros((0, 0))
    for draw in range(settings.baseline_draws):
        order = stream.permutation(len(checked.assignment))
        dealt = checked.assignment[order]
        values: dict[str, float] = {}
        if measured.words:
            themes = random_words(measured.words, dealt, np.diagonal(joint), settings.top)
            values |= random_coherence(measured.words, themes, joint)
        rows = order[:RANDOM_SAMPLE_TEXTS]  # random texts with random themes
        values |= random_separation(checked.vectors[rows], dealt[rows])
        if measured.labels is not None:
            mixed = stream.permutation(len(measured.labels.rows))
            dealt_labels = type(measured.labels)(
                measured.labels.rows, measured.labels.labels, measured.labels.themes[mixed], measured.labels.expected
            )
            values |= dealt_labels.scores(np.ones(len(checked.texts)))
        density, _ = _density(settings, checked, dealt, seed) if draw < 5 else (None, 0)
        if density is not None:
            values["separation.density"] = density
        for key, value in values.items():
            draws.setdefault(key, []).append(value)
    return draws


def _density(settings: ValidateSettings, checked: Checked, assignment: Ints, seed: int) -> tuple[float | None, int]:
    """Density-based validity on at most `settings.density_sample` texts, and the number of these texts."""
    rows = np.arange(len(assignment))
    if len(rows) > settings.density_sample:
        stream = np.random.default_rng(seed_for(seed, "density"))
        rows = np.sort(stream.choice(len(rows), settings.density_sample, replace=False))
    part = checked.vectors[rows].astype(np.float64)
    squares = (part * part).sum(axis=1)
    distances = np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * part @ part.T, 0.0))
    distances = np.where(distances < 1e-6, 0.0, distances)
    np.fill_diagonal(distances, 0.0)
    return density_validity(distances, np.asarray(assignment)[rows], checked.vectors.shape[1]), len(rows)


@dataclass(frozen=True)
class _Base:
    """The denominator of a metric: its number, the unit counted, and the numerator if the metric is a ratio."""

    n: int
    of: str
    hits: int | None = None


def _base(key: str, checked: Checked, measured: Measured, sampled: int, values: Mapping[str, float]) -> _Base:
    words, has_theme = measured.words, checked.assignment != NOISE
    if key.startswith("external") and measured.labels is not None:
        return _Base(len(measured.labels.rows), "paragraphs with a label")
    if key == "separation.density":
        return _Base(sampled, "paragraphs")
    if key == "diversity":
        every = [word for theme in words.themes for word in theme] if words else []
        return _Base(len(every), "keywords", len(set(every)))
    if key.startswith("separation"):
        of = has_theme if ".theme." not in key else checked.assignment == _theme(key)
        return _Base(int(of.sum()), "paragraphs with a theme" if of is has_theme else "paragraphs of the theme")
    if key.startswith("coherence") and ".theme." in key:
        size = len(words.themes[_theme(key)]) if words else 0
        return _Base(size * (size - 1) // 2, f"pairs of keywords, counted in {len(checked.texts):,} paragraphs")
    if key.startswith("coherence"):
        scored = sum(name.startswith("coherence.npmi.theme.") for name in values)
        return _Base(scored, f"themes, counted in {len(checked.texts):,} paragraphs")
    return _Base(len(checked.texts), "paragraphs", int(has_theme.sum()))


def _theme(key: str) -> int:
    return int(key.rsplit(".", 1)[1])


def _metric(key: str, value: float | None, draws: Sequence[float], base: _Base, checked: Checked) -> Metric:
    if value is None:
        return Metric(None, reason=_why_not(key, checked))
    low, high, reason = None, None, _no_interval(key, value, draws, base, checked)
    if reason is None:
        low, high = _around(value, draws, *LIMITS.get(key, (-1.0, 1.0)))
        if low == high:
            low, high, reason = None, None, f"no interval: the same in all draws of {checked.unit}"
    return Metric(value, low, high, "higher", base.n, reason, base.of, base.hits)


def _no_interval(key: str, value: float, draws: Sequence[float], base: _Base, checked: Checked) -> str | None:
    """Why a measure has no interval; None if draws can give one."""
    if key == "diversity":
        return FIXED_WORDS
    if key.startswith("coherence"):
        return COUNTED_WORDS
    if key == "separation.density":
        n = len(checked.texts)
        return FIXED_DENSITY + (f"; on {base.n:,} of {n:,} texts" if base.n < n else "")
    rows = checked.assignment == _theme(key) if ".theme." in key else np.ones(len(checked.texts), bool)
    units = len(np.unique(checked.documents[rows]))
    if len(draws) < 20 or units < FEWEST_DOCUMENTS:
        few = f"{units} {checked.unit if units != 1 else checked.unit.removesuffix('s')}"
        return f"no interval: it rests on {few}, and resampling needs {FEWEST_DOCUMENTS}"
    low, high = np.percentile(np.array(draws), [2.5, 97.5])
    return None if low <= value <= high else f"no interval: draws of {checked.unit} leave out the value that they vary"


def _around(value: float, draws: Sequence[float], least: float, most: float) -> tuple[float, float]:
    """The middle 95 % of the bootstrap draws, moved so that their median equals the value."""
    low, middle, high = np.percentile(np.array(draws), [2.5, 50.0, 97.5])
    return float(np.clip(value + low - middle, least, most)), float(np.clip(value + high - middle, least, most))


def _baseline(key: str, draws: Sequence[float], real: Metric) -> Metric:
    if not draws:
        same = "coverage is the same in every assignment of the same sizes"
        return Metric(None, reason=same if key == "coverage" else real.reason if real.value is None else _no_random())
    low, high = np.percentile(np.array(draws), [2.5, 97.5])
    reason = f"mean and middle 95 % of {len(draws)} random assignments of the same sizes"
    return Metric(float(np.mean(draws)), float(low), float(high), None, len(draws), reason, "random assignments")


def _no_random() -> str:
    return "every random assignment of the same sizes is the same: one theme holds all texts"


def _why_not(key: str, checked: Checked) -> str:
    if not len(checked.texts):
        return "there are no texts"
    if key.startswith("external"):
        return "the corpus has no labels" if not _usable(checked.labels) else "too few texts have a label"
    if checked.themes == 0:
        return "there are no themes"
    if key.startswith("separation"):
        return "separation needs at least two themes"
    if ".theme." in key:
        return "the theme has fewer than two keywords"
    return "no theme has two keywords"


def keywords_by_theme(themes: Table, count: int, top: int) -> list[list[str]]:
    """The top words of themes 0 to count - 1 from a table of THEME_WORDS; broader themes and -1 are left out."""
    rows: Mapping[int, list[str]] = {row["theme"]: row["keywords"] for row in themes.to_pylist()}
    return [list(rows.get(theme) or [])[:top] for theme in range(count)]
