"""The records of a run on its methods: sentences of its stages, models, versions, and the works that they cite."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.report.references import Work, works_of
from toolkit.report.theme_part import discovery_note
from toolkit.text.format import one_line

OF_THEMES = ("discover", "describe", "validate")
"""Stages whose works are not cited in a run without themes."""
NAMED = ("id", "revision", "engine", "dimension", "sha256", "purpose")


@dataclass(frozen=True)
class Model:
    """A model that turned paragraphs into vectors; fields that the run does not record are empty.

    `purpose` is coding if it was used for codes alone, else empty.
    """

    id: str
    revision: str
    engine: str
    dimension: str
    max_tokens: int
    sha256: str
    purpose: str = ""


@dataclass(frozen=True)
class MethodsPart:
    """Stage -> its sentences on its methods; (stage, sentence) of each note; models, versions, works."""

    stages: Mapping[str, tuple[str, ...]]
    notes: tuple[tuple[str, str], ...]
    models: tuple[Model, ...]
    versions: str
    works: tuple[Work, ...]


def methods_part(tables: RunTables) -> MethodsPart:
    """The run's own records; without themes, without sentences and works on themes."""
    themed = bool(tables.themes)
    stages: dict[str, tuple[str, ...]] = {}
    for row in tables.rows("methods"):
        if themed or row["stage"] != "describe":
            stages[row["stage"]] = (*stages.get(row["stage"], ()), _sentence(row["text"]))
    in_abstract = set() if themed else {discovery_note(tables)}  # the first screen shows it
    notes = [(row["stage"], _sentence(row["text"])) for row in tables.rows("notes") if row["text"] not in in_abstract]
    models = tuple(_model(model) for model in tables.manifest.get("models", []))
    packages = tables.manifest.get("environment", {}).get("packages", {})
    versions = ", ".join(f"{one_line(name)} {one_line(packages[name])}" for name in sorted(packages, key=str.lower))
    works = works_of(row["work"] for row in tables.rows("works") if themed or row["stage"] not in OF_THEMES)
    return MethodsPart(stages, tuple(notes), models, versions, works)


def _sentence(text: str) -> str:
    """A sentence of a stage, per cent signs set as in the rest of the report."""
    return re.sub(r"(?<=\d) %", "%", one_line(text))


def _model(model: Mapping[str, Any]) -> Model:
    known = {name: one_line(model.get(name) or "") for name in NAMED}
    return Model(max_tokens=model.get("max_tokens") or 0, **known)


def seed_words(tables: RunTables) -> str:
    """The seed, in words."""
    seed = tables.manifest.get("seed", tables.config.get("seed"))
    return "not recorded" if seed is None else str(seed)
