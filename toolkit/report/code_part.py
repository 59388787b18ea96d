"""The researcher's codes as a reader meets them: found or not, how often, on what evidence, and what they miss."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from toolkit.codebook.badges import F1_OVER_SPLITS
from toolkit.codebook.verdicts import REFUSED
from toolkit.figures import RunTables
from toolkit.report.code_quotes import Bound, carried, code_quotes
from toolkit.report.coders_say import CodersSay, coders_say
from toolkit.report.places import Quote, Reader
from toolkit.report.spread import Sources, Trend, top_sources, trends
from toolkit.report.theme_part import Share
from toolkit.schemas import BY_CODING
from toolkit.text.format import (
    count,
    decimal,
    digits_beside,
    interval,
    one_line,
    percent,
    percent_beside,
    plural,
)
from toolkit.text.ties import leading
from toolkit.values import NOISE, Table

COVERED = 0.25
"""A theme is offered as a candidate when fewer of its paragraphs than this carry any code."""


@dataclass(frozen=True)
class Badge:
    """unchecked, weak, uncertain or checked; why; the F1 behind it, empty if there is none; and of what it is.

    `by_machines` is agreed, weak or uncertain if only machines coded, else empty.
    """

    name: str
    why: str
    score: str
    pooled: str
    by_machines: str = ""


@dataclass(frozen=True)
class CodePart:
    """One code of the report; `evidence` is the nearest miss if nothing was found."""

    index: int
    code: str
    name: str
    definition: str
    parent: str
    share: Share
    sampling: str  # the interval that sampling alone gives, if that of the share contains coding error, too
    hits_alone: int  # unique paragraphs with the code itself, those with only a child of it left out
    documents: str
    threshold: str
    evidence: tuple[Quote, ...]
    carried: str  # of the paragraphs whose sentences were scored, those with a sentence that carries the code by itself
    themes: tuple[tuple[int, str, str], ...]  # theme, label, paragraphs of the code
    checks: str
    badge: Badge | None
    refused: str  # of the coded paragraphs that carry it, those for which the coders refused it
    corrected: str  # the share corrected for the machine's errors, if coders were enough
    sources: Sources
    trend: Trend

    @property
    def anchor(self) -> str:
        """Its anchor in the page."""
        return f"code-{self.index}"

    @property
    def occurs(self) -> bool:
        """Whether any unique paragraph carries the code (or a child of it)."""
        return self.share.hits > 0


@dataclass(frozen=True)
class Candidate:
    """A discovered theme that the codebook hardly covers."""

    theme: int
    label: str
    covered: int
    of: int

    @property
    def words(self) -> str:
        """3 of 40 (8%)."""
        return f"{count(self.covered)} of {count(self.of)} ({percent_beside(self.covered / self.of, COVERED, self.of)})"


def code_parts(tables: RunTables, reader: Reader) -> tuple[CodePart, ...]:
    """Every code of the codebook in its order, those without hits included; empty without a codebook."""
    table = tables.table("codes")
    if not table.num_rows or not tables.codebook:
        return ()
    unique = table.filter(pc.is_in(table["paragraph_id"], value_set=reader.unique_ids))
    shares = {row["id"]: row for row in tables.shares("code")}
    documents = {row["id"]: row for row in tables.shares("code", unit="document")}
    thresholds = {row["code"]: row for row in tables.rows("thresholds")}
    sources, time = top_sources(tables, "code"), trends(tables, "code")
    corrected, say, pooled = _corrected(tables), coders_say(tables), _pooled(tables)
    made = []
    for index, entry in enumerate(tables.codebook):
        code = str(entry["id"])
        scored = unique.filter(pc.equal(unique["code"], code))
        assigned = scored.filter(scored["assigned"])
        row, docs = shares.get(code), documents.get(code)
        made.append(
            CodePart(
                index=index,
                code=one_line(code),
                name=tables.code_names[code],
                definition=one_line(entry.get("definition")),
                parent=tables.code_names.get(str(entry.get("parent")), "") if entry.get("parent") else "",
                share=_share(row, assigned.num_rows, tables.unique),
                sampling=_sampling(row),
                hits_alone=assigned.num_rows,
                documents=_share(docs, 0, 0).base if docs else "–",
                threshold=_threshold(thresholds.get(code), scored),
                evidence=code_quotes(code, scored, assigned, reader, say, _bound(thresholds.get(code), scored)),
                carried=carried(code, assigned, say),
                themes=_themes(assigned, reader, tables),
                checks=_checks(tables, code, ", of one division into folds" * bool(pooled)),
                badge=_badge(tables.badges.get(code), pooled),
                refused=_refused(code, assigned, say),
                corrected=corrected.get(code, ""),
                sources=sources.get(code, ()),
                trend=time.get(code, Trend()),
            )
        )
    return tuple(made)


def _share(row: dict[str, Any] | None, hits: int, n: int) -> Share:
    if row is None:
        return Share(hits / n if n else None, None, None, hits, n)
    size = int(row["n"])
    return Share(row["estimate"], row["low"], row["high"], round((row["estimate"] or 0) * size), size)


def _sampling(row: dict[str, Any] | None) -> str:
    if row is None or row.get("interval_of") != BY_CODING:
        return ""
    return interval(row["sampling_low"], row["sampling_high"], int(row["n"])) or ""


def _bound(row: dict[str, Any] | None, scored: Table) -> Bound:
    """The threshold of a code and the digits that set it apart from what its paragraphs have; None without one."""
    if not row or row.get("threshold") is None:
        return None
    values = [value for name in ("score", "probability") for value in scored[name].to_pylist() if value is not None]
    return float(row["threshold"]), digits_beside(values, row["threshold"])


def _threshold(row: dict[str, Any] | None, scored: Table) -> str:
    bound = _bound(row, scored)
    if not row or bound is None:
        return ""
    rule, least = one_line(row.get("rule")), decimal(*bound)
    if rule.startswith("probability"):
        return f"Assigned at a {rule.replace(',', f' of at least {least},', 1)}"
    return f"Assigned at a score of at least {least}; scores rank paragraphs and are not probabilities"


def _refused(code: str, assigned: Table, say: CodersSay) -> str:
    """How many of the code's coded paragraphs the coders refused it for; empty if none."""
    verdicts = [say.of(paragraph, code) for paragraph in assigned["paragraph_id"].to_pylist()]
    refused, coded = verdicts.count(REFUSED), sum(verdict is not None for verdict in verdicts)
    base = f"the {plural(coded, 'coded paragraph')} to which this run gives it"
    return f"{count(refused)} of {base}; none of them is quoted" if refused else ""


def _badge(row: dict[str, Any] | None, pooled: str) -> Badge | None:
    """The badge of a code, `pooled` saying of what its F1 is; None in a run of an older toolkit."""
    if row is None:
        return None
    score = ""
    if row["f1"] is not None:
        ends = f"{decimal(row['f1_low'])}–{decimal(row['f1_high'])}" if row["f1_low"] is not None else "no interval"
        score = f"F1 {decimal(row['f1'])} ({ends})"
    return Badge(
        row["badge"], one_line(row["why"]).replace("95 %", "95%"), score, pooled, row.get("against_machines") or ""
    )


def _pooled(tables: RunTables) -> str:
    """Of what the F1 of badges is, if the coding was learned: pooled over 20 divisions into folds; else empty."""
    rows = [row for row in tables.rows("scored") if row["measure"] == F1_OVER_SPLITS and row["of"]]
    number = str(rows[0]["of"]).partition(", mean of ")[2] if rows else ""
    return f"pooled over {number or 'several divisions'} into folds" if rows else ""


def _themes(assigned: Table, reader: Reader, tables: RunTables) -> tuple[tuple[int, str, str], ...]:
    if not tables.themes:
        return ()
    counts = Counter(reader.themes[reader.rows[name]] for name in assigned["paragraph_id"].to_pylist())
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    top = [pair for group in leading(ranked, lambda pair: pair[1], room=len(ranked))[0] for pair in group]
    total = assigned.num_rows
    return tuple((theme, tables.labels.get(theme, str(theme)), f"{count(n)} of {count(total)}") for theme, n in top)


def _checks(tables: RunTables, code: str, where: str) -> str:
    """Precision, recall and F1 compared with the coders, if any coded; `where` names the basis of the scores."""
    rows = {row["measure"]: row for row in tables.rows("scored") if row.get("code") == code}
    scores = []
    for measure in ("precision", "recall", "f1"):
        row = rows.get(measure)
        if row is None:
            continue
        if row["value"] is None:
            return f"undefined ({one_line(row.get('reason'))})"
        ends = f" ({decimal(row['low'])}–{decimal(row['high'])})" if row.get("low") is not None else " (no interval)"
        scores.append(f"{'F1' if measure == 'f1' else measure} {decimal(row['value'])}{ends}")
    coders, machine = (plural(int(rows.get(measure, {}).get("n") or 0), "time") for measure in ("recall", "precision"))
    both = rows.get("recall", {}).get("hits")
    shared = "" if both is None else f", by both {plural(int(both), 'time')}"
    counts = f"given by them {coders}, by {tables.declared.coders.the_run} {machine}{shared}"
    return f"{', '.join(scores)}{where}; {counts}" if scores else ""


def _corrected(tables: RunTables) -> dict[str, str]:
    """Code -> its share corrected with what the coders gave, with its interval; none if nothing was corrected."""
    rows = [row for row in tables.rows("corrected") if row["by"] == "both" and row["estimate"] is not None]
    return {row["code"]: f"{percent(row['estimate'])} ({interval(row['low'], row['high'])})" for row in rows}


def candidates(tables: RunTables, reader: Reader) -> tuple[Candidate, ...]:
    """Themes of which less than a quarter of the unique paragraphs carry any code, largest first."""
    table = tables.table("codes")
    if not table.num_rows:
        return ()
    coded = set(table.filter(table["assigned"])["paragraph_id"].to_pylist())
    sizes: Counter[int] = Counter()
    covered: Counter[int] = Counter()
    for name in reader.unique_ids.to_pylist():
        theme = reader.themes[reader.rows[name]]
        sizes[theme] += 1
        covered[theme] += name in coded
    return tuple(
        Candidate(theme, tables.labels[theme], covered[theme], sizes[theme])
        for theme in sorted(sizes)
        if theme != NOISE and covered[theme] < COVERED * sizes[theme]
    )


def coded_paragraphs(tables: RunTables) -> dict[str, list[int]]:
    """paragraph_id -> the places of its codes in the codebook."""
    table = tables.table("codes")
    order = {str(entry["id"]): index for index, entry in enumerate(tables.codebook)}
    places: dict[str, list[int]] = {}
    if table.num_rows:
        kept = table.filter(pc.and_(table["assigned"], pc.is_in(table["code"], value_set=pa.array(list(order)))))
        for name, code in zip(kept["paragraph_id"].to_pylist(), kept["code"].to_pylist(), strict=True):
            places.setdefault(name, []).append(order[code])
    return places
