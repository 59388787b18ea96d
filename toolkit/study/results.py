"""The results of a study: the values of its stages, from which tables, metrics and manifest are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.codebook import Codebook, HumanCodes
from toolkit.decisions.deciding import Decided
from toolkit.study.beside import BESIDE
from toolkit.study.checks import VALIDATE
from toolkit.study.decided import renamed
from toolkit.study.edits import DECIDE, PAIRS
from toolkit.study.reading import CORPUS, EMBED, ENCODER
from toolkit.study.study import (
    CLAIMS,
    CODE,
    DESCRIBE,
    DISCOVER,
    ESTIMATE,
    STAGES,
    Study,
)
from toolkit.study.unique import Unique
from toolkit.study.wording import WORDING
from toolkit.values import (
    Answers,
    Bools,
    Checks,
    Coding,
    Corpus,
    Description,
    Discovery,
    Embeddings,
    Estimates,
    Ints,
    Table,
    ThemePairs,
    Wording,
)


@dataclass(frozen=True)
class Results:
    """The values of all stages; nothing here can run a stage.

    `themes` (n,) is the theme of every paragraph, copies included; `members` maps a theme, broader ones too, to (n,)
    which paragraphs it contains. `beside` are the second encoder's vectors (u, d), None if codes rest on the run's own
    encoder alone. `coding`, `codebook`, `human` and `answers` (to claims) are None if the config names none.
    `discovery` and `description` are the themes and their labels as people left them; `machine` (u,) is the theme that
    the machine gave each unique paragraph; `decided` is what people decided, None without a log.
    """

    corpus: Corpus
    unique: Unique
    unique_paragraphs: Table
    embeddings: Embeddings
    discovery: Discovery
    machine: Ints
    decided: Decided | None
    pairs: ThemePairs
    description: Description
    beside: Embeddings | None
    coding: Coding | None
    checks: Checks
    estimates: Estimates
    wording: Wording
    answers: Answers | None
    codebook: Codebook | None
    human: HumanCodes | None
    themes: Ints
    members: Mapping[int, Bools]

    def by_stage(self) -> list[tuple[str, Any]]:
        """(stage, value) of every stage with a method, notes or works, in order."""
        values: dict[str, Any] = {
            CORPUS.name: self.corpus, EMBED.name: self.embeddings, DISCOVER.name: self.discovery,
            DECIDE.name: None, PAIRS.name: self.pairs,  # the discovery's method describes the decisions
            DESCRIBE.name: self.description, BESIDE.name: self.beside, CODE.name: self.coding,
            VALIDATE.name: self.checks, ESTIMATE.name: self.estimates, WORDING.name: self.wording,
            CLAIMS.name: self.answers,
        }  # fmt: skip
        stages = [
            (stage.name, values[stage.name]) for stage in STAGES if stage is not ENCODER
        ]  # a stage left out fails
        return [(name, value) for name, value in stages if value is not None]


def results_of(study: Study) -> Results:
    """The values of a study; its stages run now, as far as they have not."""
    reading = study.reading
    return Results(
        corpus=reading.corpus.value,
        unique=reading.unique,
        unique_paragraphs=reading.unique_paragraphs,
        embeddings=reading.embeddings.value,
        discovery=study.discovery.value,
        machine=study.machine_discovery.value.assignment,
        decided=study.decided.value if study.decided else None,
        pairs=study.pairs.value,
        description=renamed(study.description.value, study.decided.value if study.decided else None),
        beside=study.beside.embeddings.value if study.beside.embeddings else None,
        coding=study.coding.value if study.coding else None,
        checks=study.checks.value,
        estimates=study.estimates.value,
        wording=study.wording.value,
        answers=study.answers.value if study.answers else None,
        codebook=reading.codebook,
        human=study.human,
        themes=study.themes_of_paragraphs,
        members=study.members,
    )
