"""The report as values: the same words and numbers for every form of it (page, Markdown, Word, PDF)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.figures import FIGURES, Figure, RunTables
from toolkit.figures.fragile import FragileBound
from toolkit.figures.intervals import nice_top
from toolkit.files import yaml12
from toolkit.report.claim_part import ClaimPart, claim_parts
from toolkit.report.code_part import Candidate, CodePart, candidates, code_parts
from toolkit.report.corpus_part import CorpusPart, corpus_part
from toolkit.report.decision_part import DecisionPart, decision_part
from toolkit.report.dispute_part import Disputes, disputes
from toolkit.report.documents_part import DocumentsPart, citations, documents_part
from toolkit.report.evidence_part import evidence_of
from toolkit.report.explorer import Explorer, explorer
from toolkit.report.findings_part import FindingsPart, findings_part
from toolkit.report.human_part import human_tables
from toolkit.report.language_part import LanguagePart, language_part
from toolkit.report.machine_part import machine_coders
from toolkit.report.methods_part import MethodsPart, methods_part, seed_words
from toolkit.report.pairs_part import Pair, pairs_together
from toolkit.report.places import Mode, Quote, Reader
from toolkit.report.plateau_part import PlateauPart, plateau_part
from toolkit.report.references import bibliography
from toolkit.report.seed_part import SeedPart, seed_part
from toolkit.report.share_error_part import ShareErrorPart, share_error_part
from toolkit.report.theme_part import ThemePart, discovery_note, left_out_note, theme_parts
from toolkit.report.validity_part import (
    Contrast,
    Grain,
    HumanCoding,
    MetricGroup,
    PlainTable,
    chance_words,
    clear_contrasts,
    grain,
    human_coding,
    metric_groups,
    plain_table,
    scored_table,
)
from toolkit.report.verdicts import rule
from toolkit.report.words_part import WordsPart, words_part
from toolkit.run_folder.about import Declared
from toolkit.settings import ReportSettings
from toolkit.text.format import decimal, one_line, visible

PAIRS = 5
FEWEST_MAPPED = 12
"""Without themes, a map of fewer paragraphs than this shows nothing."""
MOST_NUMBERS = 240
"""Rows of a figure's table that a page still shows."""
TESTED = {"contrasts": "comparisons", "trends": "slopes", "cooccurrence": "pairs of codes"}
"""Tables of tests, and what a test is called."""
EXTRA = (("intrusion", "Intrusion tests"),)
"""Further tables that a run may have, shown as they are."""


@dataclass(frozen=True)
class Content:
    """All values of a report."""

    title: str
    author: str
    question: str
    claims: tuple[ClaimPart, ...]
    findings: FindingsPart  # what the report opens with
    mode: Mode
    version: str
    name: str
    experiment: str
    corpus_sha256: str
    seed: str
    declared: Declared
    discovery_note: str  # why a run without themes has none
    left_out_note: str  # which paragraphs were left out of the themes, and by which rule
    evidence: str  # the verdict on the themes as a whole; empty if none was made
    fragile_bound: str  # below which stability a theme is fragile, or why there is no bound
    languages: LanguagePart | None  # whether themes follow the language of their paragraphs; None if they do not
    seeds: SeedPart | None  # what another seed changes; None in a run of an older toolkit, and without themes
    decisions: DecisionPart | None  # what people changed in the themes; None without a log
    corpus: CorpusPart
    themes: tuple[ThemePart, ...]
    pairs: tuple[tuple[str, Quote, Quote], ...]
    codes: tuple[CodePart, ...]
    share_error: ShareErrorPart | None  # of unchecked codes; None if every code was checked
    candidates: tuple[Candidate, ...]
    contrasts: tuple[Contrast, ...]
    has_contrasts: bool
    rules: dict[str, str]  # table of tests -> how its tests were adjusted
    together: tuple[Pair, ...]
    words: WordsPart
    metrics: tuple[MetricGroup, ...]
    unmeasured: tuple[tuple[str, list[str]], ...]  # groups of metrics without a value, and why
    chance: str
    grain: Grain | None
    plateaus: PlateauPart  # coarser and finer divisions, or why none is offered
    human: HumanCoding | None
    scored: PlainTable | None
    machine_coders: PlainTable | None  # machines that coded beside people
    disputes: tuple[Disputes, ...]
    tables: dict[str, PlainTable]
    extra: tuple[tuple[str, PlainTable], ...]
    methods: MethodsPart
    figures: dict[str, Figure]
    explorer: Explorer
    documents: DocumentsPart
    config: str

    @property
    def real_themes(self) -> tuple[ThemePart, ...]:
        """The themes without -1."""
        return tuple(theme for theme in self.themes if theme.theme >= 0)

    @property
    def span(self) -> tuple[str, str] | None:
        """The first and the last period that a theme or code has a share in; None if none has shares over time."""
        trends = [theme.trend for theme in self.real_themes] + [code.trend for code in self.codes]
        periods = sorted(point[0] for trend in trends for point in trend.points)
        return (periods[0], periods[-1]) if periods else None

    @property
    def varies(self) -> bool:
        """Whether the run has results by source, over time or on words."""
        return bool(self.real_themes or self.contrasts or self.has_contrasts or self.words.apart or self.words.lines)

    @property
    def mapped(self) -> bool:
        """Whether there is enough to see for a map."""
        return bool(self.real_themes) or self.corpus.unique >= FEWEST_MAPPED

    @property
    def top(self) -> float:
        """Where the one scale of all bars ends."""
        shares = [*(theme.share for theme in self.themes), *(code.share for code in self.codes)]
        return nice_top([share.high or share.estimate or 0.0 for share in shares])

    @staticmethod
    def highest(parts: Iterable[ThemePart | CodePart]) -> float:
        """The largest share of any period of these themes or codes; 0 if none has a trend."""
        return max((share for part in parts for _, share, _ in part.trend.points), default=0.0)

    @property
    def bibliography(self) -> str:
        """The works as a .bib file."""
        return bibliography(self.methods.works)

    @property
    def noise(self) -> ThemePart | None:
        """The row of -1, if any paragraph belongs to none."""
        return next((theme for theme in self.themes if theme.theme < 0), None)


def build(tables: RunTables, settings: ReportSettings) -> Content:
    """The content of a run's report, by the settings of the report (title, author, how much text)."""
    reader = Reader(tables, settings.text)
    corpus, themes = corpus_part(tables, reader), theme_parts(tables, reader)
    codes, missed = code_parts(tables, reader), candidates(tables, reader)
    pairs = _pairs(tables, reader) if not tables.themes else ()
    disputed, words = disputes(tables, reader), words_part(tables, reader)
    others = {
        "pair of neighbours": ("near", [quote.place for _, *both in pairs for quote in both]),
        "dispute of coders": ("validity", [dispute.quote.place for kind in disputed for dispute in kind.shown]),
        "keyword in context": ("variation", [line.place for line in words.lines]),
    }
    cited = citations(themes if tables.themes else (), codes, others)  # without themes none has a card
    documents = documents_part(tables, reader, cited)
    metrics, unmeasured = metric_groups(tables)
    figures = {name: make(tables) for name, make in FIGURES.items()}
    return Content(
        **_identity(tables, settings),
        claims=claim_parts(tables),
        findings=findings_part(tables, themes, codes),
        declared=tables.declared,
        discovery_note=discovery_note(tables),
        left_out_note=one_line(left_out_note(tables)),
        evidence=evidence_of(tables),
        fragile_bound=_fragile_bound(tables),
        languages=language_part(tables),
        seeds=seed_part(tables),
        decisions=decision_part(tables),
        corpus=corpus,
        themes=themes,
        pairs=pairs,
        codes=codes,
        share_error=share_error_part(tables),
        candidates=missed,
        contrasts=clear_contrasts(tables),
        has_contrasts=bool(tables.table("contrasts").num_rows),
        rules={name: rule(tables.rows(name), noun, tables.config) for name, noun in TESTED.items()},
        together=pairs_together(tables),
        words=words,
        metrics=metrics,
        unmeasured=unmeasured,
        chance=chance_words(tables),
        grain=grain(tables),
        plateaus=plateau_part(tables),
        human=human_coding(tables),
        scored=scored_table(tables),
        machine_coders=machine_coders(tables),
        disputes=disputed,
        tables=_plain_tables(tables, figures),
        extra=(*human_tables(tables), *_extra(tables)),
        methods=methods_part(tables),
        figures=figures,
        explorer=explorer(tables, reader, cited, documents.rows),
        documents=documents,
        config=visible(yaml12.dump(tables.config)),
    )


def _identity(tables: RunTables, settings: ReportSettings) -> dict[str, Any]:
    """The fields of Content that identify the run, and those that the settings of the report decide."""
    manifest, config = tables.manifest, tables.config
    return {
        "title": one_line(settings.title or config.get("title") or _spoken(str(config.get("name") or "report"))),
        "author": one_line(settings.author),
        "question": one_line(config.get("question")),
        "mode": settings.text,
        "version": one_line(manifest.get("toolkit", {}).get("version")),
        "name": one_line(config.get("name")),
        "experiment": one_line(manifest.get("experiment", {}).get("sha256")),
        "corpus_sha256": one_line(manifest.get("corpus", {}).get("sha256")),
        "seed": seed_words(tables),
    }


def _plain_tables(tables: RunTables, figures: Mapping[str, Figure]) -> dict[str, PlainTable]:
    """The tables that the report shows as they are: the candidates, and the numbers of each figure."""
    shown = {"candidates": plain_table("candidates", tables.table("candidates"))}
    shown |= {name: _numbers(figure) for name, figure in figures.items()}
    return {name: table for name, table in shown.items() if table is not None}


def _extra(tables: RunTables) -> Iterator[tuple[str, PlainTable]]:
    """Heading and table of each of `EXTRA` that the run has."""
    for name, heading in EXTRA:
        table = plain_table(name, tables.table(name))
        if table is not None:
            yield heading, table


def _numbers(figure: Figure) -> PlainTable | None:
    """The table behind a figure, if it is small enough for the page."""
    fits = figure.name != "map" and figure.table.num_rows <= MOST_NUMBERS
    return plain_table(figure.name, figure.table, MOST_NUMBERS) if fits else None


def _spoken(name: str) -> str:
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _pairs(tables: RunTables, reader: Reader) -> tuple[tuple[str, Quote, Quote], ...]:
    """The nearest pairs of paragraphs, if a corpus is too small for themes."""
    rows = tables.rows("neighbours")
    best: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (min(row["paragraph_id"], row["neighbour_id"]), max(row["paragraph_id"], row["neighbour_id"]))
        best[key] = max(best.get(key, -1.0), float(row["similarity"]))
    top = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:PAIRS]
    made = []
    for (first, second), similarity in top:
        quotes = [
            reader.quote(name, reader.table["text"][reader.rows[name]].as_py(), None, None) for name in (first, second)
        ]
        made.append((decimal(similarity), quotes[0], quotes[1]))
    return tuple(made)


def _fragile_bound(tables: RunTables) -> str:
    """The stability below which themes are fragile, or why there is no bound; empty in a run of an older toolkit."""
    bound = tables.metrics.get("discover.fragile_below")
    if bound is None:
        return ""
    return f"below {FragileBound.of(tables).words}" if bound["value"] is not None else one_line(bound["reason"])
