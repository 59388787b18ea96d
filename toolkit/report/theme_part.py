"""The themes as a reader meets them: how common, how sure, who writes about them, in whose words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from toolkit.figures import RunTables
from toolkit.figures.fragile import FragileBound
from toolkit.report.decision_part import ThemeDecisions, theme_decisions
from toolkit.report.mostly_part import Mostly, mostly_of
from toolkit.report.places import Quote, Reader
from toolkit.report.seed_part import returning, seed_part
from toolkit.report.spread import Sources, Trend, top_sources, trends
from toolkit.text.format import count, decimal, decimals, interval, name_of, one_line, percent, plural
from toolkit.values import NOISE

NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Share:
    """A share in words and as numbers: estimate with interval, hits and denominator."""

    estimate: float | None
    low: float | None
    high: float | None
    hits: int
    n: int
    why: str = ""  # why there is no interval

    @property
    def full(self) -> str:
        """Its words, with the reason if it has no interval, and what it is out of."""
        return f"{self.words[:-1]}: {self.why}), {self.base}" if self.why else f"{self.words}, {self.base}"

    @property
    def words(self) -> str:
        """18% (12–25%); 18% (no interval) if the run could give none."""
        ends = interval(self.low, self.high, self.n) or ("no interval" if self.estimate is not None else "")
        return percent(self.estimate, self.n) + (f" ({ends})" if ends else "")

    @property
    def base(self) -> str:
        """40 of 220."""
        return f"{count(self.hits)} of {count(self.n)}"


@dataclass(frozen=True)
class ThemePart:
    """One theme of the report."""

    theme: int
    label: str
    keywords: tuple[str, ...]
    share: Share
    documents: int
    documents_total: int
    published: str
    without_reassigned: str
    stability: str
    fragile: bool
    coherence: str
    parent: str
    sources: Sources
    trend: Trend
    quotes: tuple[Quote, ...]
    returns: str = ""  # how reliably it returns with another seed; empty if not measured
    respondents: Share | None = None  # of all rows of a survey; None for other corpora
    mostly: Mostly | None = None  # the code that it mostly carries; None if there is none
    people: ThemeDecisions | None = None  # what people changed in it; None if nothing

    @property
    def anchor(self) -> str:
        """Its anchor in the page."""
        return f"theme-{self.theme}" if self.theme >= 0 else "theme-none"


def theme_parts(tables: RunTables, reader: Reader) -> tuple[ThemePart, ...]:
    """Level 0 in order of size, then -1 if any paragraph belongs to none."""
    noise = [tables.noise] if tables.noise and tables.has_noise else []
    quotes = _quotes(tables, reader)
    by_source, time = top_sources(tables, "theme"), trends(tables, "theme")
    published, kept = _published(tables), _without_reassigned(tables)
    respondents, bound, seeds = _respondents(tables), FragileBound.of(tables), seed_part(tables)
    whole, why, people = _documents_with_paragraphs(tables), _without_interval(tables), theme_decisions(tables)
    made = []
    for row in [*tables.themes, *noise]:
        theme = int(row["theme"])
        hits, n = int(row["paragraphs"]), tables.unique
        made.append(
            ThemePart(
                theme=theme,
                label=tables.labels[theme],
                keywords=tuple(name_of(word, 80) for word in row["keywords"] or ()),
                share=Share(row["share"], row["share_low"], row["share_high"], hits, n, why.get(theme, "")),
                documents=int(row["documents"]),
                documents_total=whole,
                published=published.get(theme, ""),
                without_reassigned=kept.get(theme, ""),
                stability=_stability(row, bound),
                fragile=bool(row.get("fragile")) and row["stability"] is not None,
                coherence=_coherence(tables, theme),
                parent=_parent(tables, theme, bound),
                sources=by_source.get(str(theme), ()),
                trend=time.get(str(theme), Trend()),
                quotes=tuple(quotes.get(theme, ())),
                returns=returning(row, seeds),
                respondents=respondents.get(theme),
                mostly=mostly_of(row, tables),
                people=people.get(theme),
            )
        )
    return tuple(made)


def _without_interval(tables: RunTables) -> dict[int, str]:
    """Why themes have no interval, of those that have none."""
    return {
        int(row["id"]): one_line(row["method"]).removeprefix("none: ")
        for row in tables.shares("theme")
        if row["low"] is None and str(row["method"]).startswith("none: ")
    }


def _respondents(tables: RunTables) -> dict[int, Share]:
    """Shares of the respondents of a survey, those without an answer included.

    Empty for other corpora, and for a survey with documents that are no rows of a table.
    """
    if not tables.counts_respondents:
        return {}
    return {
        int(row["id"]): Share(
            row["estimate"], row["low"], row["high"], round((row["estimate"] or 0) * row["n"]), row["n"]
        )
        for row in tables.shares("theme", unit="document")
    }


def discovery_note(tables: RunTables) -> str:
    """What discovery noted first, which in a run without themes is why it has none; empty without a note."""
    return next((str(row["text"]) for row in tables.rows("notes") if row["stage"] == "discover"), "")


def _documents_with_paragraphs(tables: RunTables) -> int:
    """The number of unique documents with a paragraph; of all documents in a run that counts copies (format 1)."""
    if all(row["documents_main"] is None for row in tables.rows("themes")):
        return len(tables.documents)
    return next((int(row["n"]) for row in tables.shares("theme", unit="document")), 0)


def left_out_note(tables: RunTables) -> str:
    """What discovery noted on the paragraphs that it left out of the themes; empty without such a note."""
    texts = [str(row["text"]) for row in tables.rows("notes") if row["stage"] == "discover"]
    return next((text for text in texts if "left out of the themes" in text.lower()), "")


def _stability(row: dict[str, Any], bound: FragileBound) -> str:
    if row["stability"] is None:
        return NOT_MEASURED if row["theme"] != NOISE else "–"
    return bound.stability(row["stability"], row["stability_low"], row["stability_high"])


def _coherence(tables: RunTables, theme: int) -> str:
    """The coherence of a theme's keywords (NPMI) beside that of random words of the same run."""
    metric = tables.metrics.get(f"coherence.npmi.theme.{theme}", {})
    if metric.get("value") is None:
        return ""
    ends = decimals(metric.get("low"), metric.get("high"))
    chance = tables.metrics.get(f"coherence.npmi.theme.{theme}.baseline", {}).get("value")
    beside = f"; random themes {decimal(chance)}" if chance is not None else ""
    return f"{decimal(metric['value'])} ({ends or 'no interval'}){beside}"


def _parent(tables: RunTables, theme: int, bound: FragileBound) -> str:
    """The broader theme that contains it, with its share of unique paragraphs and stability; empty if none does."""
    above = tables.parent(theme)
    if above is None:
        return ""
    row = next(row for row in tables.broad if row["theme"] == above)
    ends = interval(row["share_low"], row["share_high"])
    known, fragile = row.get("stability") is not None, ", fragile" if row.get("fragile") else ""
    ranged = (row.get(f"stability{end}") for end in ("", "_low", "_high"))
    sure = f"stability {bound.stability(*ranged)}{fragile}" if known else f"stability {NOT_MEASURED}"
    share = f", {percent(row['share'])} ({ends})" if ends else ""
    mostly = mostly_of(row, tables)
    return f"{tables.labels[above]}{share}, {sure}" + (f"; {mostly.phrase}" if mostly else "")


def _quotes(tables: RunTables, reader: Reader) -> dict[int, list[Quote]]:
    by_theme: dict[int, list[Quote]] = {}
    for row in sorted(tables.rows("exemplars"), key=lambda row: (row["theme"], row["rank"])):
        quote = reader.quote(row["paragraph_id"], row["quote"], row["start"], row["end"])
        by_theme.setdefault(int(row["theme"]), []).append(quote)
    return by_theme


def _without_reassigned(tables: RunTables) -> dict[int, str]:
    """What each share would be had noise stayed noise; empty if none was reassigned."""
    paragraphs = tables.table("paragraphs")
    if "reassigned" not in paragraphs.column_names:
        return {}
    rows = paragraphs.filter(pc.is_null(paragraphs["duplicate_of"])).select(["theme", "reassigned"])
    reassigned = pc.sum(rows["reassigned"]).as_py() or 0
    if not reassigned:
        return {}
    counts = Counter(rows.filter(pc.invert(rows["reassigned"]))["theme"].to_pylist())
    counts[NOISE] += reassigned
    n = rows.num_rows
    themes = [*(int(row["theme"]) for row in tables.themes), NOISE]
    return {theme: f"{percent(counts[theme] / n, n)}, {count(counts[theme])} of {count(n)}" for theme in themes}


def _published(tables: RunTables) -> dict[int, str]:
    paragraphs = tables.table("paragraphs")
    if paragraphs.num_rows == tables.unique:
        return {}
    ends = {str(row["id"]): (row["low"], row["high"]) for row in tables.shares("theme", counting="published")}
    total, words = paragraphs.num_rows, {}
    for row in pc.value_counts(paragraphs["theme"]).to_pylist():
        theme, hits = int(row["values"]), int(row["counts"])
        share = Share(hits / total, *ends.get(str(theme), (None, None)), hits, total)
        words[theme] = f"{share.words}, {count(hits)} of {plural(total, 'paragraph')}"
    return words
