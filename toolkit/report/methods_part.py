"""Methods and limitations in the words of this run: what its stages did, with what, and what that leaves open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.figures.words import count, listed, one_line, percent, plural
from toolkit.report.code_part import CodePart
from toolkit.report.corpus_part import CorpusPart
from toolkit.report.references import Work, works_of
from toolkit.report.spread import NO_SOURCE
from toolkit.report.theme_part import NOT_MEASURED, ThemePart, why_none

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
OF_THEMES = ("discover", "describe", "validate")
"""Stages whose works say nothing of a run without themes."""
SMALL = 100
FEW_DOCUMENTS = 5


@dataclass(frozen=True)
class MethodsPart:
    """Methods by stage, limitations one a line, what the stages noted, versions, works."""

    methods: tuple[tuple[str, str], ...]
    limitations: tuple[str, ...]
    noted: tuple[str, ...]
    models: tuple[str, ...]
    versions: str
    works: tuple[Work, ...]


def methods_part(
    tables: RunTables, corpus: CorpusPart, themes: tuple[ThemePart, ...], codes: tuple[CodePart, ...]
) -> MethodsPart:
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
        limitations=_limitations(tables, corpus, themes, codes),
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


def _named(labels: list[str], most: int = 8) -> str:
    """Labels in quotation marks, the first few by name."""
    shown = [f"“{label}”" for label in labels[:most]]
    return listed([*shown, f"{count(len(labels) - most)} more"] if len(labels) > most else shown)


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


def _limitations(
    tables: RunTables, corpus: CorpusPart, themes: tuple[ThemePart, ...], codes: tuple[CodePart, ...]
) -> tuple[str, ...]:
    """What the numbers of this run themselves warn of."""
    own = [theme for theme in themes if theme.theme >= 0]
    said = [*_of_the_corpus(corpus, tables)]
    fragile = [theme.label for theme in own if theme.fragile]
    if fragile:
        said.append(
            f"{count(len(fragile))} of {plural(len(own), 'theme')} did not return surely enough when the corpus was "
            f"resampled and should not carry a conclusion alone: {_named(fragile)}."
        )
    if own and all(theme.stability == NOT_MEASURED for theme in own):
        said.append(
            "Stability was not measured: nothing here says whether the themes would come back in another sample."
        )
    noise = next((theme for theme in themes if theme.theme < 0), None)
    if noise is not None and own:
        said.append(
            f"{noise.share.base} unique paragraphs ({percent(noise.share.estimate, noise.share.n)}) fit no theme."
        )
    if codes and not tables.table("human").num_rows:
        said.append(
            "No codes by coders were given: shares of codes are a machine's reading, uncorrected for its errors, and "
            "their intervals hold the chance of sampling documents only."
        )
    missing = [code.name for code in codes if not code.found]
    if missing:
        said.append(
            f"{count(len(missing))} of {plural(len(codes), 'code')} {'was' if len(missing) == 1 else 'were'} found "
            f"in no paragraph ({_named(missing)}); "
            "that the method finds nothing is no proof that nothing is there."
        )
    if not codes:
        said.append(
            "No codebook was given: the themes are what the corpus offers, not what the question asks for. With "
            "codebook.path in the config, themes of your own are looked for in every paragraph."
        )
    return tuple(said)


def _of_the_corpus(corpus: CorpusPart, tables: RunTables) -> list[str]:
    said = []
    if corpus.unique < SMALL:
        said.append(
            f"The corpus is small ({plural(corpus.unique, 'unique paragraph')}): intervals are wide for that reason."
        )
    named = [row for row in corpus.sources if row.name != NO_SOURCE]
    if len(named) > 1 and named[0].paragraphs > 0.5 * corpus.unique:
        base = f"{count(named[0].paragraphs)} of {count(corpus.unique)}"
        said.append(f"One source, {named[0].name}, holds {base} unique paragraphs; shares lean towards it.")
    nameless = next((row.paragraphs for row in corpus.sources if row.name == NO_SOURCE), 0)
    if len(named) == 1:
        every = "All documents" if len(corpus.sources) == 1 else "All documents that name a source"
        said.append(f"{every} come from one source, {named[0].name}; nothing can be said of others.")
    if named and nameless > 0.05 * corpus.unique:
        base = f"{count(nameless)} of {count(corpus.unique)} ({percent(nameless / corpus.unique, corpus.unique)})"
        said.append(f"{base} unique paragraphs have no source and stand in no comparison of sources.")
    if corpus.holding == 1:
        said.append(
            "All paragraphs come from one document: shares have no interval, since nothing tells how another document "
            "would differ."
        )
    if 1 < corpus.holding < FEW_DOCUMENTS:
        said.append(
            f"Only {count(corpus.holding)} documents hold all paragraphs: intervals, which ask how other documents "
            "would differ, can say next to nothing."
        )
    if corpus.undated:
        said.append(
            f"{count(corpus.undated)} of {plural(corpus.documents, 'document')} have no date and stand in no period."
        )
    if corpus.truncated:
        said.append(f"{count(corpus.truncated)} of {count(corpus.paragraphs)} paragraphs were not read to their end.")
    return said


def seed_words(tables: RunTables) -> str:
    """The seed, in words."""
    seed = tables.manifest.get("seed", tables.config.get("seed"))
    return "not recorded" if seed is None else str(seed)
