"""What `toolkit check` says: the corpus card, what would run, and what it would take. Nothing is embedded or fitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.discover import sample_size
from toolkit.experiment import Loaded, load
from toolkit.pipeline import default_out, open_study
from toolkit.progress import QUIET
from toolkit.study import Study

# Measured on 2 cores without a GPU (experiments/LOG.md); a laptop of today is within a factor of two.
TEXTS_PER_SECOND = {"minilm": 45.0, "sentence_transformers": 40.0, "static": 5000.0, "lsa": 4000.0}
START_SECONDS = {"minilm": 2.0, "sentence_transformers": 10.0, "static": 2.0, "lsa": 2.0}
FIT_SECONDS = {
    "consensus": 0.010,
    "graph": 0.002,
    "density": 0.004,
    "kmeans": 0.002,
    "agglomerative": 0.003,
    "bertopic": 0.005,
}
FIT_START = {"density": 20.0, "bertopic": 30.0}
BASE_MEGABYTES, MEGABYTES_PER_THOUSAND = 350.0, 9.0


def check_lines(config: Path, corpus: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Iterator[str]:
    """Lines for the terminal. Raises ConfigError or CorpusError on faults, all of a file's at once."""
    from toolkit.corpus import corpus_card

    loaded = load(config, corpus, overrides)
    study = open_study(loaded, QUIET)
    card = corpus_card(study.corpus.value)
    study.preflight()
    yield f"config    {config}: no fault"
    if study.codebook:
        codes = ", ".join(code.id for code in study.codebook.themes)
        yield f"codebook  {len(study.codebook.themes)} codes: {codes}"
    else:
        yield "codebook  none: themes are discovered, nothing is coded"
    yield ""
    yield from card.lines()
    yield ""
    yield from _plan(loaded, study)


def _plan(loaded: Loaded, study: Study) -> Iterator[str]:
    experiment = loaded.experiment
    n, unique = len(study.texts), len(study.unique.rows)
    model = "given vectors" if experiment.embed.vectors else experiment.embed.method
    yield f"would run on {n:,} paragraphs, {unique:,} of them counted once"
    yield f"  embed     {model}"
    yield f"  discover  {experiment.discover.method}, themes: {_themes(experiment.discover)}"
    size = sample_size(experiment.discover.fit_on, unique)
    if size is not None:
        yield f"            fitted to a sample of {size:,} of {unique:,}, the rest assigned, the agreement measured"
    yield f"  code      {len(study.codebook.themes) if study.codebook else 'no'} codes"
    yield f"  report    {', '.join(experiment.report.formats)}; text: {experiment.report.text}"
    yield f"  seed      {experiment.seed}"
    yield f"  into      {default_out(loaded)}"
    seconds, megabytes = estimate_cost(study)
    yield f"estimate  {_duration(seconds)} from a cold store on 2 cores, up to {megabytes:,.0f} MB of memory"


def estimate_cost(study: Study) -> tuple[float, float]:
    """(seconds, megabytes) of a run from a cold store, from rates measured on 2 cores; good to a factor of two."""
    experiment, n = study.experiment, len(study.texts)
    embed, fit = experiment.embed.method, experiment.discover.method
    seconds = 6.0 + n * 0.004
    if experiment.embed.vectors is None:
        seconds += START_SECONDS[embed] + n / TEXTS_PER_SECOND[embed]
    size = sample_size(experiment.discover.fit_on, n)
    fitted = n if size is None else 1.5 * size + 0.1 * (n - size)  # a half-size fit measures the agreement
    seconds += FIT_START.get(fit, 1.0) + fitted * FIT_SECONDS[fit]
    if study.codebook:
        seconds += n * 0.02
    return seconds, BASE_MEGABYTES + MEGABYTES_PER_THOUSAND * n / 1000


def _themes(discover: Any) -> str:
    return " to ".join(map(str, discover.themes)) if isinstance(discover.themes, tuple) else str(discover.themes)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"
