"""Faults that would stop a run late, found before its long work."""

from __future__ import annotations

from toolkit.claims import missing_in
from toolkit.discover import refuse_unread, sample_size
from toolkit.errors import ConfigError
from toolkit.estimate.grouping import PERIODS, is_of_paragraphs, no_column
from toolkit.study.study import Study


def preflight(study: Study, other_corpus: bool = False) -> None:
    """Ask a study for what would stop it after embedding: groups, number of themes, human codes, model, vectors.

    `other_corpus`: it is not the corpus that the config was written for, so columns and groups may lack.

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
    lacking = [missing_in(claim, reading.corpus.value.documents, paragraphs) for claim in experiment.claims]
    faults += [f"claims.{number}: {what}" for number, what in enumerate(lacking) if what]
    if faults and not other_corpus:
        raise ConfigError(faults)
    unique = len(reading.unique.rows)
    experiment.discover.refuse(sample_size(experiment.discover.fit_on, unique) or unique)
    _ = study.human
    if experiment.embed.vectors is None:
        reading.embedder.identity()
        if study.beside.settings:
            study.beside.settings.identity()
        if experiment.discover.bounds:
            refuse_unread(experiment.discover.bounds, int(reading.unread_ahead.sum()), unique)
    else:
        from toolkit.embed import given_vectors

        given_vectors(experiment.embed.vectors, len(reading.texts))
