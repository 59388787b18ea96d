"""Measures a run: coherence, separation and agreement, each with its baseline.

Start with `checks.py`; `measure.py` takes all measures at once, under any weights of the texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from toolkit.validate.settings import ValidateSettings

if TYPE_CHECKING:
    from toolkit.values import Ints, Metric, Table, Vectors

__all__ = ["ValidateSettings", "validate", "works_of"]

WORKS = {
    "coherence.npmi": ("npmi2009", "lau2014"),
    "coherence.cv": ("coherence2015",),
    "separation.silhouette": ("silhouette1987",),
    "separation.density": ("dbcv2014",),
    "external.ari": ("ari1985",),
    "external.ami": ("ami2010",),
    "external.v_measure": ("rosenberg2007",),
}
"""Keys of works to cite for each measure (report.references)."""


def works_of(metrics: Mapping[str, Metric]) -> tuple[str, ...]:
    """Keys of works to cite for the metrics that have a value."""
    return tuple(
        work for key, works in WORKS.items() if key in metrics and metrics[key].value is not None for work in works
    )


def validate(
    settings: ValidateSettings,
    texts: Sequence[str],
    assignment: Ints,
    vectors: Vectors,
    themes: Table,
    labels: Sequence[str | None] | None,
    seed: int,
    documents: Sequence[str] | None = None,
) -> dict[str, Metric]:
    """Metrics of n texts, their themes and the keywords of the themes, by dotted key.

    texts (n,); assignment (n,) themes, -1 for none; vectors (n, d) unit rows; themes: table of THEME_WORDS; labels (n,)
    of the corpus, None if a text has none. Keys: coherence.npmi and coherence.cv (means over themes),
    coherence.npmi.theme.T, diversity, coverage, separation.silhouette (cosine), separation.silhouette.theme.T,
    separation.density (DBCV), external.ari, .ami and .v_measure; and KEY.baseline, the same measure on random
    assignments with the same sizes, whose top words are the run's keywords, distributed at random.

    Intervals are 95 % from a bootstrap over `documents` (n,) if given, otherwise over texts. An undefined value is null
    with its reason: no texts, no themes, a single theme, no labels.
    """
    import numpy as np

    from toolkit.validate.checks import Checked, all_checks, keywords_by_theme

    theme = np.asarray(assignment)
    count = int(theme.max(initial=-1)) + 1
    units = np.unique(np.array(documents), return_inverse=True)[1] if documents else np.arange(len(texts))
    words = keywords_by_theme(themes, count, settings.top)
    unit = "documents" if documents else "texts"
    return all_checks(settings, Checked(texts, theme, vectors, words, labels, units.astype(np.int64), unit), seed)
