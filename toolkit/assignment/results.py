"""What an assignment gives: values alone, of which its tables, metrics and report are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.assignment.assignment import Assignment
from toolkit.discover import Assigned
from toolkit.run_folder.manifest import ExperimentRecord
from toolkit.study.unique import Unique
from toolkit.values import Bools, Coding, Corpus, Embeddings, Estimates, Ints, Table


@dataclass(frozen=True)
class AssignmentResults:
    """Of n new paragraphs, u of them unique; `themes` (u,), `themes_of_paragraphs` (n,).

    `beside` are the vectors (u, d) of the run's second encoder, None if it has none. `older_codes`: the run was coded
    by weights of an older version, so no codes can be given. `known` (u,) names the run's
    paragraph with the same words, or None. `reach` and `fitted` are of the run: the nearness that all but 1 % of its
    own paragraphs have (NaN if it has too few), and how many themes were fitted to.
    """

    run: ExperimentRecord
    run_themes: Table
    run_thresholds: Table
    corpus: Corpus
    unique: Unique
    embeddings: Embeddings
    beside: Embeddings | None
    voted: Assigned
    known: Sequence[str | None]
    themes: Ints
    themes_of_paragraphs: Ints
    members: Mapping[int, Bools]
    coding: Coding | None
    older_codes: bool
    shares: Estimates
    vectors_given: bool
    group_by: tuple[str, ...]
    reach: float
    fitted: int


def results_of(assignment: Assignment) -> AssignmentResults:
    """The values of an assignment, made now as far as they are not yet."""
    reading, experiment = assignment.reading, assignment.experiment
    return AssignmentResults(
        run=assignment.parent.manifest["experiment"],
        run_themes=assignment.parent.table("themes"),
        run_thresholds=assignment.parent.table("thresholds"),
        corpus=reading.corpus.value,
        unique=reading.unique,
        embeddings=reading.embeddings.value,
        beside=assignment.beside.embeddings.value if assignment.beside.embeddings else None,
        voted=assignment.voted,
        known=assignment.known,
        themes=assignment.themes,
        themes_of_paragraphs=assignment.themes_of_paragraphs,
        members=assignment.members,
        coding=assignment.coding,
        older_codes=assignment.older_codes,
        shares=assignment.shares,
        vectors_given=experiment.embed.vectors is not None,
        group_by=tuple(experiment.estimate.group_by),
        reach=assignment.model.reach,
        fitted=len(assignment.model.vectors),
    )
