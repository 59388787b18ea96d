"""Faults that would stop a run late, found before its long work."""

from __future__ import annotations

from toolkit.discover import refuse_unread, sample_size
from toolkit.errors import ConfigError
from toolkit.estimate.grouping import PERIODS, is_of_paragraphs, no_column
from toolkit.study.study import Study


def preflight(study: Study) -> None:
    """Ask a study for what would stop it after embedding: groups, number of themes, human codes, model, vectors.

    Raises ConfigError or another ToolkitError, as the stage itself would.
    """
    experiment, reading = study.experiment, study.reading
    columns, paragraphs = reading.corpus.value.documents.column_names, reading.corpus.value.paragraphs
    faults = [
        f"{no_column(name, columns)}; documents have "
        + ", ".join(columns)
        + (f"; shares by {name} are those of estimate.period: {name}" if name in PERIODS else "")
        for name in experiment.estimate.group_by
        if name not in columns and not is_of_paragraphs(name, paragraphs)
    ]
    if faults:
        raise ConfigError(faults)
    unique = len(reading.unique.rows)
    experiment.discover.refuse(sample_size(experiment.discover.fit_on, unique) or unique)
    _ = study.human
    if experiment.embed.vectors is None:
        experiment.embed.identity()
        if experiment.discover.bounds:
            refuse_unread(experiment.discover.bounds, int(reading.unread_ahead.sum()), unique)
    else:
        from toolkit.embed import given_vectors

        given_vectors(experiment.embed.vectors, len(reading.texts))
