"""The stage of checks: coherence, separation, agreement with labels, languages that leak into themes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pyarrow as pa

from toolkit.experiment.experiment import Experiment
from toolkit.store.stage import Stage
from toolkit.store.stages import Entry
from toolkit.study.reading import Reading
from toolkit.values import NOISE, Checks, Description, Discovery, Ints, Metric, Tick


class Described(Protocol):
    """What the stage is asked of: a study whose themes are described."""

    experiment: Experiment

    @property
    def reading(self) -> Reading:
        """What the study reads."""
        ...

    @property
    def discovery(self) -> Entry[Discovery]:
        """The themes."""
        ...

    @property
    def description(self) -> Entry[Description]:
        """Their words."""
        ...

    def seed(self, stage: str) -> int:
        """The seed of a stage's random streams."""
        ...


def _validate_inputs(study: Described) -> Mapping[str, Any]:
    reading = study.reading
    inputs = {"themes": study.discovery.digest, "words": study.description.digest, "corpus": reading.corpus.digest}
    return {**inputs, "vectors": reading.embeddings.digest, "seed": str(study.seed("validate"))}


def _validate(study: Described, tick: Tick) -> Checks:
    from toolkit.validate import validate, works_of
    from toolkit.validate.language_leak import language_metrics

    reading = study.reading
    read, paragraphs = reading.read, reading.unique_paragraphs.filter(pa.array(reading.read))
    metrics = validate(
        study.experiment.validation, paragraphs["read_as"].to_pylist(), study.discovery.value.assignment[read],
        reading.unique_vectors[read], study.description.value.themes, reading.labels_of(paragraphs),
        study.seed("validate"), documents=paragraphs["document_id"].to_pylist(),
    )  # fmt: skip
    if not read.all():
        metrics = {**metrics, "coverage": _coverage(study.discovery.value.assignment)}
    languages = [language for language, is_read in zip(reading.unique_languages, read, strict=True) if is_read]
    metrics = {**metrics, **language_metrics(
        study.discovery.value.assignment[read], languages, paragraphs["document_id"].to_pylist(),
        study.seed("validate"),
    )}  # fmt: skip
    scope = f"Coherence, separation and agreement are of the {int(read.sum()):,} of {len(read):,} different paragraphs "
    notes = () if read.all() else (f"{scope}that the model can read.",)
    return Checks(metrics, notes=notes, works=works_of(metrics))


def _coverage(assignment: Ints) -> Metric:
    """The share of all unique paragraphs that have a theme, those that the model cannot read in the denominator."""
    n = len(assignment)
    themed, why = int((assignment != NOISE).sum()), "no interval: some texts were not read"
    return Metric(themed / n, None, None, "higher", n, why, "paragraphs", themed)


VALIDATE: Stage[Described, Checks] = Stage(
    "validate", Checks, ("validate",), ("scikit-learn", "scipy"),
    lambda study: study.experiment.validation, _validate_inputs, _validate, shows=(("metrics.json", None),),
)  # fmt: skip
