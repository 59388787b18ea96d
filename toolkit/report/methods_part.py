"""Methods in the words of this run: what its stages did, and with what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.figures.words import count, one_line, plural
from toolkit.report.corpus_part import CorpusPart
from toolkit.report.references import Work, works_for
from toolkit.report.theme_part import ThemePart, why_none

STAGES = {
    "corpus": "Corpus",
    "embed": "Embedding",
    "discover": "Discovery of themes",
    "describe": "Description of themes",
    "code": "Coding",
    "validate": "Validation",
    "estimate": "Estimation",
    "wording": "Words and keyword lines",
}


@dataclass(frozen=True)
class MethodsPart:
    """Methods by stage, what the stages noted, versions, works."""

    methods: tuple[tuple[str, str], ...]
    noted: tuple[str, ...]
    models: tuple[str, ...]
    versions: str
    works: tuple[Work, ...]


def methods_part(tables: RunTables, corpus: CorpusPart, themes: tuple[ThemePart, ...]) -> MethodsPart:
    """Everything that the methods section of a paper would say, from the run's own records."""
    themed = any(theme.theme >= 0 for theme in themes)
    methods = tuple(one for one in _by_stage(tables, corpus) if themed or one[0] != STAGES["describe"])
    told = set() if themed else {why_none(tables)[1]}  # the abstract says it
    notes = [(row["stage"], _sentence(row["text"])) for row in tables.rows("notes") if row["text"] not in told]
    manifest = tables.manifest
    packages = manifest.get("environment", {}).get("packages", {})
    versions = ", ".join(f"{one_line(name)} {one_line(packages[name])}" for name in sorted(packages, key=str.lower))
    return MethodsPart(
        methods=methods,
        noted=tuple(_stated(stage, text) for stage, text in notes),
        models=tuple(_model(model) for model in manifest.get("models", [])),
        versions=versions,
        works=works_of(row["work"] for row in tables.rows("works") if themed or row["stage"] not in OF_THEMES),
    )


def _by_stage(tables: RunTables, corpus: CorpusPart) -> tuple[tuple[str, str], ...]:
    """What each stage said of itself; reading and embedding, which may say nothing, from what they left behind."""
    found: dict[str, list[str]] = {"corpus": [], "embed": []}
    for row in tables.rows("methods"):
        found.setdefault(row["stage"], []).append(_sentence(row["text"]))
    found["corpus"] = found["corpus"] or [_reading(corpus)]
    found["embed"] = found["embed"] or [_embedding(model) for model in tables.manifest.get("models", [])]
    found = {stage: texts for stage, texts in found.items() if texts}
    return tuple((STAGES.get(stage, one_line(stage)), " ".join(texts)) for stage, texts in found.items())


def _sentence(text: str) -> str:
    """A sentence of a stage, per cent signs set as in the rest of the report."""
    return re.sub(r"(?<=\d) %", "%", one_line(text))


def _reading(corpus: CorpusPart) -> str:
    passages = sum(row.passages for row in corpus.dropped)
    rules = plural(len(corpus.dropped), "named rule")
    copies = corpus.paragraphs - corpus.unique
    return (
        f"{plural(corpus.documents, 'document')} read and split into paragraphs; {plural(passages, 'passage')} left "
        f"out by {rules}, each listed with its place and reason; {corpus.kept_share} kept, in "
        f"{plural(corpus.paragraphs, 'paragraph')}, of which {count(copies)} repeat another and are counted once."
    )


def _embedding(model: dict[str, Any]) -> str:
    return f"Paragraphs were turned into vectors by {one_line(model.get('id'))}."


def _stated(stage: str, text: str) -> str:
    return f"{STAGES.get(stage, one_line(stage))}: {text}"


def _model(model: dict[str, Any]) -> str:
    parts = [one_line(model.get("id"))]
    for name, words in (("revision", "revision"), ("engine", "engine"), ("dimension", "dimensions")):
        if model.get(name):
            parts.append(f"{words} {one_line(model[name])}")
    if model.get("max_tokens"):
        parts.append(f"reads {count(model['max_tokens'])} tokens at a time")
    if model.get("sha256"):
        parts.append(f"weights sha256 {one_line(model['sha256'])}")
    return ", ".join(parts)


def seed_words(tables: RunTables) -> str:
    """The seed, in words."""
    seed = tables.manifest.get("seed", tables.config.get("seed"))
    return "not recorded" if seed is None else str(seed)
