"""The stage of words: those that set themes, codes and groups apart, and keywords in context."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from toolkit.estimate import EstimateSettings
from toolkit.settings import canonical, digest_of
from toolkit.store.stage import Plain, Stage
from toolkit.store.stages import Entry
from toolkit.study.checks import Described
from toolkit.values import Bools, Coding, Tick, Wording


class Coded(Described, Protocol):
    """What the stage is asked of: a study whose themes are described, coded if it has a codebook."""

    @property
    def coding(self) -> Entry[Coding] | None:
        """Its codes."""
        ...

    @property
    def assigned(self) -> dict[str, Bools]:
        """Code -> (n,) whether each paragraph carries it."""
        ...

    @property
    def grouped(self) -> tuple[EstimateSettings, tuple[str, ...]]:
        """The settings of estimates, and notes on columns that the corpus lacks."""
        ...


def _sought(study: Coded) -> Any:
    """The words whose lines are listed: keywords of themes and of codes."""
    from toolkit.estimate.wording import keyword_lists

    codebook = study.reading.codebook
    return keyword_lists(study.description.value.themes, codebook.themes if codebook else ())


def _assigned_once(study: Coded) -> dict[str, Bools]:
    """Code -> (u,) whether each unique paragraph carries it."""
    return {code: marks[study.reading.unique.rows] for code, marks in study.assigned.items()}


def _wording_settings(study: Coded) -> Plain:
    experiment = study.experiment
    return {"estimate": canonical(experiment.estimate), "describe": canonical(experiment.describe)}


def _wording_inputs(study: Coded) -> Mapping[str, Any]:
    return {
        "corpus": study.reading.corpus.digest,
        "themes": study.discovery.digest,
        "words": study.description.digest,
        "codes": study.coding.digest if study.coding else "",
        "seed": str(study.seed("estimate")),
        "keywords": digest_of([[*name, *words] for name, words in _sought(study).items()]),
    }


def _wording(study: Coded, tick: Tick) -> Wording:
    from toolkit.describe.passages import terms_of
    from toolkit.estimate.wording import wording

    reading, experiment = study.reading, study.experiment
    return wording(
        study.grouped[0], reading.corpus.value.documents, reading.unique_paragraphs,
        terms_of(experiment.describe, reading.unique_texts, reading.unique_languages), study.discovery.value.assignment,
        _assigned_once(study), _sought(study), study.seed("estimate"),
    )  # fmt: skip


def _check_wording(study: Coded, made: Wording) -> None:
    from toolkit.estimate.wording import check_wording

    check_wording(made, study.reading.unique_paragraphs, study.discovery.value.assignment, _assigned_once(study))


WORDING: Stage[Coded, Wording] = Stage(
    "wording", Wording, ("describe", "estimate"), ("rjieba", "scipy", "stopwordsiso"),
    _wording_settings, _wording_inputs, _wording, check=_check_wording,
    shows=(("keyness", None), ("kwic", None)),
)  # fmt: skip
