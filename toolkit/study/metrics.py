"""The metrics of a run, by dotted key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from toolkit.study.decided import changed, decision_metrics
from toolkit.study.evidence import evidence_metrics
from toolkit.study.plateaus import offered
from toolkit.study.results import Results
from toolkit.study.share_error import measured_error, share_error_metrics
from toolkit.values import NOISE, Coding, Discovery, Embeddings, Metric

PARAGRAPHS = "unique paragraphs"
FRAGILE_BELOW = "the bound of Hennig 2007; all themes are fragile if the evidence is weak or none"


def metrics(results: Results) -> dict[str, Metric]:
    """All metrics of the run, by dotted key."""
    corpus, discovery = results.corpus, results.discovery
    n, unique = corpus.paragraphs.num_rows, len(results.unique.rows)
    noise = int((discovery.assignment == NOISE).sum())
    counted = "a count of this corpus, not an estimate: no interval"
    return {
        **corpus_counts(corpus.documents.num_rows, n, unique, counted),
        "corpus.truncated": share_metric(int(results.embeddings.truncated.sum()), n, "paragraphs", counted, "lower"),
        "corpus.unread": unread_metric(results.embeddings),
        "discover.themes": Metric(discovery.themes, n=unique, reason=counted, of="unique paragraphs"),
        **_sample_metrics(discovery),
        **evidence_metrics(discovery),
        **_stability_metrics(discovery),
        **_seed_metrics(discovery),
        **offered(results),
        **decision_metrics(results.decided, changed(discovery.assignment, results.machine), unique),
        **results.checks.metrics,
        **_shares_of_themes(results, noise, unique),
        **_coding_metrics(results.coding),
        **_badge_metrics(results),
        **share_error_metrics(results.estimates.prevalence, measured_error()),
    }


def _shares_of_themes(results: Results, noise: int, unique: int) -> dict[str, Metric]:
    """The shares of paragraphs in no theme and in any, with the interval of the first in `tables/prevalence`."""
    from toolkit.study.tables import shares_of_themes

    _, low, high = shares_of_themes(results.estimates).get(str(NOISE), (None, None, None))
    known = "coverage" in results.checks.metrics and results.checks.metrics["coverage"].value is not None
    why = "no interval: the paragraphs of one document do not show how another would differ" if low is None else None
    within = Metric(1 - noise / unique, *_within(low, high), "higher", unique, why, PARAGRAPHS, unique - noise)
    outside = Metric(noise / unique, low, high, "lower", unique, why, PARAGRAPHS, noise)
    return {"discover.noise": outside, **({"coverage": within} if known else {})}


def _within(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    return (None, None) if low is None or high is None else (1 - high, 1 - low)


def corpus_counts(documents: int, paragraphs: int, unique: int, reason: str) -> dict[str, Metric]:
    """How much there is: counts, each with what it is out of."""
    return {
        "corpus.documents": Metric(documents, n=documents, reason=reason, of="documents"),
        "corpus.paragraphs": Metric(paragraphs, n=paragraphs, reason=reason, of="paragraphs"),
        "corpus.unique_paragraphs": Metric(unique, n=paragraphs, reason=reason, of="paragraphs"),
    }


def share_metric(hits: int, n: int, of: str, reason: str, direction: str | None = None) -> Metric:
    """hits / n, a share of what is there and no estimate."""
    return Metric(hits / n, None, None, direction, n, reason, of, hits)


def unread_metric(embeddings: Embeddings) -> Metric:
    """The share of all paragraphs that the model cannot read; null if that is not known."""
    n = len(embeddings.unread)
    if np.isnan(embeddings.unknown).all() and not embeddings.unread.any():
        without_model = embeddings.model.id == "given"
        why = "vectors were given" if without_model else "the model's vocabulary has no token for what it does not know"
        return Metric(None, reason=f"not known: {why}")
    reason = "a count of these paragraphs, not an estimate: no interval"
    return share_metric(int(embeddings.unread.sum()), n, "paragraphs", reason, "lower")


def _sample_metrics(discovery: Discovery) -> dict[str, Metric]:
    """How well assignment agrees with fitting, if themes were fitted to a sample."""
    chosen, n = discovery.parameters, discovery.parameters.get("fit_compared")
    if n is None:
        return {}
    compared = "paragraphs that the second fit did not see"
    reason = "a fit to half of the sample, on its other half; one draw, no interval"
    if not n:
        n, reason = None, "not measured: half of the sample cannot have as many themes as asked for"
    return {
        "discover.fit_on": Metric(
            chosen["fit_on"],
            n=len(discovery.assignment),
            reason="the size of the sample fitted to",
            of="unique paragraphs",
        ),
        "discover.fit_agreement": Metric(chosen["fit_agreement"], direction="higher", n=n, reason=reason, of=compared),
        "discover.fit_matched": Metric(chosen["fit_matched"], direction="higher", n=n, reason=reason, of=compared),
    }


def _stability_metrics(discovery: Discovery) -> dict[str, Metric]:
    rows = {}
    if not np.isnan(discovery.stability).all():
        below = discovery.parameters.get("fragile_below")
        evidence = discovery.parameters.get("evidence")
        reason = f"all: there is {'no' if evidence == 'none' else evidence} evidence of themes"
        if below is not None:
            reason = FRAGILE_BELOW
        rows["discover.fragile_below"] = Metric(below, n=discovery.parameters.get("refits"), reason=reason, of="refits")
    levels = {row["theme"]: row for row in discovery.levels.to_pylist()}
    measured = {theme: tuple(map(float, values)) for theme, values in enumerate(discovery.stability)}
    measured |= {theme: _ends(row) for theme, row in levels.items() if row["level"] > 0}
    refitted = bool(len(discovery.refits))
    for theme, (mean, low, high) in measured.items():
        refits = levels[theme].get("refits", discovery.parameters.get("refits"))
        rows[f"stability.theme.{theme}"] = (
            Metric(None, reason="not measured: " + ("no refit saw it" if refitted else "this method was fitted once"))
            if np.isnan(mean)
            else Metric(mean, low, high, "higher", refits, of="refits that saw any of it")
        )
    return rows


def _ends(level: Mapping[str, Any]) -> tuple[float, float, float]:
    """A broader theme's stability and its range; NaN if not measured."""
    if level.get("stability") is None:
        return (float("nan"),) * 3
    return float(level["stability"]), float(level["stability_low"]), float(level["stability_high"])


def _seed_metrics(discovery: Discovery) -> dict[str, Metric]:
    """What another seed changes: the mean share of paragraphs that change theme, with the range over seeds."""
    from toolkit.discover.seeds import moved_by_seed

    by_seed, n = moved_by_seed(discovery), int(discovery.fitted.sum())
    reason = discovery.parameters.get("seeds_reason") or "not measured"
    if not len(by_seed):
        return {"discover.seeds": Metric(None, reason=reason), "discover.seed_moves": Metric(None, reason=reason)}
    made = "the whole fit repeated" if discovery.parameters.get("seeds_whole") else "refits drawn again"
    ends = f"from {by_seed.min():.1%} to {by_seed.max():.1%}, a range and no interval"
    reason = f"mean over {len(by_seed)} other seeds, {made}; {ends}"
    if len(by_seed) == 1:
        reason = f"one other seed, {made}; one trial gives no range"
    return {
        "discover.seeds": Metric(len(by_seed), n=n, reason=f"the number of other seeds, {made}", of=PARAGRAPHS),
        "discover.seed_moves": Metric(float(by_seed.mean()), direction="lower", n=n, reason=reason, of=PARAGRAPHS),
    }


def _coding_metrics(coding: Coding | None) -> dict[str, Metric]:
    from toolkit.coding.quality import key_of, metric_of

    rows = coding.scored.to_pylist() if coding is not None else []
    return {f"coding.{key_of(row)}": metric_of(row) for row in rows}


def _badge_metrics(results: Results) -> dict[str, Metric]:
    """How many codes have each badge; none without a codebook."""
    from toolkit.codebook.badges import BADGES
    from toolkit.study.tables import thresholds

    badges = thresholds(results)["badge"].to_pylist()
    reason = "a count of this codebook, not an estimate: no interval"
    return {
        f"coding.badge.{badge}": Metric(badges.count(badge), n=len(badges), reason=reason, of="codes")
        for badge in BADGES
        if badges
    }
