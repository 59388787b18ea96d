"""The metrics of a run, by dotted key."""

from __future__ import annotations

import numpy as np

from toolkit.study.results import Results
from toolkit.study.verdict import verdict_metrics
from toolkit.values import NOISE, Coding, Discovery, Embeddings, Metric

FRAGILE_BELOW = "the bound of Hennig 2007; all themes are fragile where the evidence is weak or none"


def metrics(results: Results) -> dict[str, Metric]:
    """All metrics of the run, by dotted key."""
    corpus, found = results.corpus, results.discovery
    n, unique = corpus.paragraphs.num_rows, len(results.unique.rows)
    noise = int((found.assignment == NOISE).sum())
    counted = "a count of this corpus, not an estimate: no interval"
    return {
        "corpus.documents": Metric(corpus.documents.num_rows, n=corpus.documents.num_rows, reason=counted),
        "corpus.paragraphs": Metric(n, n=n, reason=counted),
        "corpus.unique_paragraphs": Metric(unique, n=n, reason=counted),
        "corpus.truncated": Metric(float(results.embeddings.truncated.mean()), direction="lower", n=n, reason=counted),
        "corpus.unread": unread_metric(results.embeddings),
        "discover.themes": Metric(found.themes, n=unique, reason=counted),
        "discover.noise": Metric(noise / unique, direction="lower", n=unique, reason=counted),
        **_sample_metrics(found),
        **verdict_metrics(found),
        **_stability_metrics(found),
        **results.checks.metrics,
        **_coding_metrics(results.coding),
    }


def unread_metric(embeddings: Embeddings) -> Metric:
    """The share of all paragraphs that the model cannot read; null if it cannot tell."""
    n = len(embeddings.unread)
    if np.isnan(embeddings.unknown).all() and not embeddings.unread.any():
        given = embeddings.model.id == "given"
        why = "vectors were given" if given else "the model's vocabulary has no token for what it does not know"
        return Metric(None, reason=f"not known: {why}")
    said = "a count of these paragraphs, not an estimate: no interval"
    return Metric(float(embeddings.unread.mean()), direction="lower", n=n, reason=said)


def _sample_metrics(found: Discovery) -> dict[str, Metric]:
    """How far assigning stands in for fitting, where themes were fitted to a sample."""
    chosen, n = found.parameters, found.parameters.get("fit_compared")
    if n is None:
        return {}
    said = "a fit to half of the sample, on its other half; one draw, no interval"
    if not n:
        n, said = None, "not measured: half of the sample cannot have as many themes as asked for"
    return {
        "discover.fit_on": Metric(chosen["fit_on"], n=len(found.assignment), reason="the size of the sample fitted to"),
        "discover.fit_agreement": Metric(chosen["fit_agreement"], direction="higher", n=n, reason=said),
        "discover.fit_matched": Metric(chosen["fit_matched"], direction="higher", n=n, reason=said),
    }


def _stability_metrics(found: Discovery) -> dict[str, Metric]:
    rows = {}
    if not np.isnan(found.stability).all():
        below = found.parameters.get("fragile_below")
        said = f"all: there is {found.parameters.get('evidence')} evidence of themes"
        if below is not None:
            said = FRAGILE_BELOW
        rows["discover.fragile_below"] = Metric(below, n=found.parameters.get("refits"), reason=said)
    for theme, (mean, low, high) in enumerate(found.stability):
        refits = found.parameters.get("refits")
        rows[f"stability.theme.{theme}"] = (
            Metric(None, reason="not measured: this method was fitted once")
            if np.isnan(mean)
            else Metric(float(mean), float(low), float(high), "higher", refits)
        )
    return rows


def _coding_metrics(coding: Coding | None) -> dict[str, Metric]:
    if coding is None:
        return {}
    rows = {}
    for row in coding.scored.to_pylist():
        key = f"coding.{row['measure']}" + (f".{row['code']}" if row["code"] else "")
        reason = row.get("reason")
        value, low, high = row["value"], row.get("low"), row.get("high")
        if value is None:
            rows[key] = Metric(None, reason=reason or "undefined")
        else:
            better = "lower" if row["measure"].startswith("brier") else "higher"
            rows[key] = Metric(value, low, high, better, row.get("n"), reason)
    return rows
