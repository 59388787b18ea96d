"""How far the results can be trusted: every metric beside its baseline, agreement, how the grain was chosen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from toolkit.codebook.badges import F1_OVER_SPLITS
from toolkit.codebook.kinds import reference_marks
from toolkit.figures import RunTables
from toolkit.report.verdicts import p_words, verdict_of
from toolkit.run_folder.about import Coders
from toolkit.text.format import apart_from_zero, beside, count, decimal, decimals, denominator, one_line
from toolkit.values import Table

BASELINES = (".baseline", ".random")
PARTS = {
    "coherence": "Keywords",
    "diversity": "Keywords",
    "coverage": "Themes",
    "separation": "Themes",
    "stability": "Themes",
    "discover": "Themes",
    "language": "Languages",
    "coding": "Coding against the coders",
    "agreement": "Agreement between coders",
    "share_error": "Shares of unchecked codes, on development codebooks",
    "external": "Against the labels that the corpus brings",
}
NAMES = {
    "coherence.npmi": "Coherence, NPMI",
    "coherence.cv": "Coherence, C_V-like",
    "diversity": "Diversity",
    "coverage": "Share of paragraphs in a theme",
    "separation.silhouette": "Silhouette",
    "separation.density": "Density-based validity",
    "discover.themes": "Number of themes",
    "discover.noise": "Share of paragraphs in no theme",
    "discover.evidence": "Evidence of themes (0 none, 1 weak, 2 clear)",
    "discover.agreement": "Agreement of refits",
    "discover.chance_agreement": "Agreement of refits of shuffled vectors",
    "discover.gap": "Agreement beyond chance",
    "discover.gap_p": "p-value of the agreement beyond chance",
    "discover.chance_stability": "Stability that themes of shuffled vectors stay below",
    "discover.fragile_below": "Stability below which a theme is fragile",
    "discover.seeds": "Other seeds",
    "discover.seed_moves": "Share of paragraphs that change theme with another seed",
    "language.leak": "Difference of themes in their languages",
    "language.leak_p": "p-value of this difference",
    "share_error.mean": "Mean absolute error of shares",
    "share_error.slope": "Slope of given on true share",
    "share_error.within": "Share of broad codes given within a factor of 1.5",
    "external.ari": "Adjusted Rand index",
    "external.ami": "Adjusted mutual information",
    "external.v_measure": "V-measure",
}
OF_THEMES = {PARTS[name] for name in ("coherence", "coverage", "external")}
FEW = re.compile(r"it rests on \d+ documents?")
COUNTS = ("discover.themes", "discover.evidence")
UNDEFINED = "undefined"
BY_PART = re.compile(r"\.theme\.|^coding\.badge\.|^corpus\.|^discover\.plat|^coding\.(observed share|macro f1 with \d)")
"""Metrics of one theme, counts, and tables of their own: shown there, not among the measures."""
BESIDE_PEOPLE = re.compile(r"^coding\..* \(machine\) / (?!.* \(machine\)$)")
"""Metrics of machines that coded beside people, which have a table of their own."""


@dataclass(frozen=True)
class MetricRow:
    """One metric in words: value with interval, what chance gives, which way is better, its denominator."""

    key: str
    name: str
    value: str
    ends: str
    baseline: str
    better: str
    n: str
    note: str


@dataclass(frozen=True)
class MetricGroup:
    """Metrics that belong together."""

    name: str
    rows: tuple[MetricRow, ...]


@dataclass(frozen=True)
class PlainTable:
    """A table of the run folder that is shown as it is."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: tuple[bool, ...] = ()
    note: str = ""


def metric_groups(tables: RunTables) -> tuple[tuple[MetricGroup, ...], tuple[tuple[str, list[str]], ...]]:
    """metrics.json but for single themes and codes, baselines beside what they are of; and what was not measured, why.

    Groups without a value are given by name with their reasons. Without themes no measure of themes is given.
    """
    metrics, coders, codes = tables.metrics, tables.declared.coders, tuple(f".{code}" for code in tables.code_names)
    parts = {name: words.replace("the coders", f"the {coders.noun}") for name, words in PARTS.items()}
    groups: dict[str, list[MetricRow]] = {}
    chance = chance_words(tables)
    for key in sorted(metrics):
        of_code = key.startswith("coding.") and key.endswith(codes)
        if of_code or BY_PART.search(key) or BESIDE_PEOPLE.search(key) or _is_baseline(key, metrics):
            continue
        first = key.partition(".")[0]
        groups.setdefault(parts.get(first, first.capitalize()), []).append(_row(key, metrics, coders, chance))
    order = [*dict.fromkeys(parts.values()), *sorted(set(groups) - set(parts.values()))]
    if not tables.themes:
        order = [name for name in order if name not in OF_THEMES]
    made = [MetricGroup(name, tuple(groups[name])) for name in order if name in groups]
    empty = [group for group in made if all(row.value == UNDEFINED for row in group.rows)]
    why = tuple((group.name, sorted({row.note for row in group.rows if row.note})) for group in empty)
    return tuple(group for group in made if group not in empty), why


def _is_baseline(key: str, metrics: dict[str, Any]) -> bool:
    return any(key.endswith(end) and key.removesuffix(end) in metrics for end in BASELINES)


def _row(key: str, metrics: dict[str, Any], coders: Coders, chance: str) -> MetricRow:
    entry = metrics[key]
    base = next((metrics[key + end] for end in BASELINES if key + end in metrics), None)
    baseline = ""
    if base is not None and base.get("value") is not None:
        baseline = _value(base["value"], key)
        if base.get("low") is not None:
            baseline += f" ({decimals(base['low'], base['high'], 3)})"
    better = {"higher": "higher", "lower": "lower"}.get(entry.get("direction") or "", "")
    flat = entry.get("low") is not None and entry["low"] == entry.get("high")
    return MetricRow(
        key=one_line(key),
        name=NAMES.get(key) or _spoken(one_line(key), coders),
        value=_value(entry.get("value"), key),
        ends="" if flat else decimals(entry.get("low"), entry.get("high"), 3),
        baseline=baseline,
        better=better,
        n=denominator(entry.get("n"), entry.get("of"), entry.get("hits")),
        note="; ".join(text for text in (one_line(entry.get("reason")), _of_baseline(base, key, chance)) if text)
        or ("no interval: the same in every resampled corpus" if flat else ""),
    )


def _of_baseline(base: dict[str, Any] | None, key: str, chance: str) -> str:
    """The meaning of a baseline, if it differs from `chance`, that of most of them, which the note below explains."""
    reason = one_line(base.get("reason")).replace("95 %", "95%") if base is not None else ""
    if not reason or reason == chance or base is None or base.get("value") is None:
        return ""
    return reason if key.startswith("coding.") else f"by chance: {reason}"


def _spoken(key: str, coders: Coders) -> str:
    """coding.macro f1 without labels as Macro F1, without learning."""
    if not key.startswith("coding."):
        return key
    words = key.removeprefix("coding.").replace("f1", "F1")
    words = coders.against(words)
    words = words.replace(" over splits", ", divisions into folds pooled")
    words = words.replace(" without labels", f", without learning from the {coders.short}")
    return words[:1].upper() + words[1:]


def chance_words(tables: RunTables) -> str:
    """What the baselines are, in the run's own words; an empty text without any."""
    rows = tables.metrics.items()
    reasons = [
        row.get("reason")
        for key, row in rows
        if key.endswith(BASELINES) and not key.startswith("coding.") and row.get("value") is not None
    ]
    most = Counter(one_line(reason) for reason in reasons if reason).most_common(1)
    return most[0][0].replace("95 %", "95%") if most else ""


def _value(value: float | None, key: str) -> str:
    if value is None:
        return UNDEFINED
    if isinstance(value, int) or key in COUNTS:
        return count(value)
    if key.endswith("_p"):
        return p_words(value)
    words = decimal(value, 3)
    end = float(value > 0.5)
    return beside(value, end, 3) if value != end and words == decimal(end, 3) else words  # 19,999 of 20,000 is not 1


def plain_table(name: str, table: Table, most: int = 40) -> PlainTable | None:
    """A small table in words, with `chosen` rows marked; None if it is empty."""
    if not table.num_rows:
        return None
    heads = [head for head in table.column_names if head != "chosen"]
    rows = table.slice(0, most).to_pylist()
    marked = tuple(bool(row.get("chosen")) for row in rows)
    shown = tuple(tuple(_cell(row[head]) for head in heads) for row in rows)
    return PlainTable(name, tuple(one_line(head).replace("_", " ") for head in heads), shown, marked)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return count(value) if value.is_integer() and abs(value) > 1 else decimal(value, 3)
    if isinstance(value, int):
        return count(value)
    return one_line(value)


MEASURES = ("precision", "recall", "f1", "alpha", "alpha machines", "kappa machine / coders")
BASES = {
    ("recall", "n"): "given by {coders}",
    ("precision", "n"): "given by {run}",
    ("recall", "hits"): "given by both",
}
"""(measure, count) -> the head of the column that shows how often the coders, the machine or both gave a code."""


def scored_table(tables: RunTables) -> PlainTable | None:
    """Scores against the coders: a row a code (all codes together first), a column a measure, and how often
    they, the machine and both gave it to a paragraph that they coded.
    """
    by_code: dict[str | None, dict[str, dict[str, Any]]] = {}
    for row in tables.rows("scored"):
        by_code.setdefault(row["code"] or None, {})[str(row["measure"])] = row
    known = {measure for rows in by_code.values() for measure in rows}
    measures = [name for name in MEASURES if name in known]
    order = [code for code in (None, *tables.code_names) if code in by_code]
    if not order or not measures:
        return None
    rows = []
    for code in order:
        cells = [_score(by_code[code].get(measure)) for measure in measures]
        bases = [count(by_code[code].get(measure, {}).get(column)) for measure, column in BASES]
        rows.append((tables.code_names[code] if code else "All codes", *cells, *bases))
    who = tables.declared.coders
    coders = who.short
    heads = tuple("F1" if measure == "f1" else who.against(one_line(measure)) for measure in measures)
    shown = [by_code[code].get(measure) for code in order for measure in measures]
    note = sentences((*_bases(by_code.get(None, {}), who), *reasons(row for row in shown if row)))
    counted = (head.format(coders=coders, run=who.this_run) for head in BASES.values())
    return PlainTable("scored", (*heads, *counted), tuple(rows), note=note)


def reasons(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Why scores have no interval or no value, each reason once."""
    return sorted({FEW.sub("it rests on too few documents", one_line(row["reason"])) for row in rows if row["reason"]})


def sentences(texts: Iterable[str]) -> str:
    """Texts as sentences, one after the other."""
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in texts)


def _bases(pooled: dict[str, dict[str, Any]], who: Coders) -> tuple[str, ...]:
    """When coders count as having given a code, and how the scores of codes that were learned came about."""
    rule = f"the {who.short} count as having given a code to a paragraph if at least half of those who coded it did"
    if F1_OVER_SPLITS not in pooled:
        return (rule,)
    return (
        rule,
        f"for these scores, {who.the_run} decided without having seen any paragraph of the same document, and its "
        "threshold was learned without that document, too; codes.csv has the threshold learned from all coded "
        "paragraphs, so that its counts differ. These scores are of one division of the documents into folds; badges "
        f"depend on those of {pooled[F1_OVER_SPLITS]['of'].partition('mean of ')[2] or 'several divisions'} pooled",
    )


def _score(row: dict[str, Any] | None) -> str:
    if row is None or row["value"] is None:
        return "undefined" if row else "–"
    ends = decimals(row.get("low"), row.get("high")).replace(" to ", "–")
    return f"{decimal(row['value'])} ({ends or 'no interval'})"


@dataclass(frozen=True)
class Contrast:
    """A difference between a group and the rest that has a verdict: more or less."""

    kind: str
    name: str
    group: str
    versus: str
    words: str
    base: str
    adjusted: str


def clear_contrasts(tables: RunTables, most: int = 12) -> tuple[Contrast, ...]:
    """Contrasts between groups (paragraphs) that have a verdict, largest first."""
    rows = [row for row in tables.rows("contrasts") if row.get("unit") == "paragraph" and verdict_of(row)]
    rows.sort(key=lambda row: (-abs(row["difference"]), row["kind"], row["id"], row["group"]))
    made = []
    for row in rows[:most]:
        theme = row["kind"] == "theme"
        name = tables.labels.get(int(row["id"]), row["id"]) if theme else tables.code_names.get(row["id"], row["id"])
        points = f"{beside(100 * row['difference'], 0.0, 0)} points"
        ends = f" ({apart_from_zero(100 * row['low'], 100 * row['high'], 0)})" if row.get("low") is not None else ""
        base = f"{count(row['n'])} against {count(row['n_versus'])}"
        adjusted = p_words(row["p_adjusted"])
        versus, group = one_line(row["versus"]), one_line(row["group"])
        made.append(Contrast(row["kind"], name, group, versus, points + ends, base, adjusted))
    return tuple(made)


@dataclass(frozen=True)
class HumanCoding:
    """How many unique paragraphs were coded, and the F1 of the machine against the coders, if defined."""

    paragraphs: int
    f1: str


def human_coding(tables: RunTables) -> HumanCoding | None:
    """How much was coded, and how well the machine agrees, all codes together; None if nobody coded."""
    table = tables.table("human")
    if not table.num_rows:
        return None
    paragraphs = len(set(reference_marks(table)["paragraph_id"].to_pylist()))
    rows = {row["measure"]: row for row in tables.rows("scored") if not row["code"]}
    f1 = rows.get(F1_OVER_SPLITS) or rows.get("f1")  # that of the codes' badges
    return HumanCoding(paragraphs, _score(f1) if f1 and f1["value"] is not None else "")


@dataclass(frozen=True)
class Grain:
    """How many themes the chosen candidate has, and the run, which keeps the consensus of its refits."""

    chosen: int
    kept: int


def grain(tables: RunTables) -> Grain | None:
    """What a choice among resolutions led to; None in a run that made no such choice."""
    chosen = next((row for row in tables.rows("candidates") if row["chosen"]), None)
    if chosen is None or chosen.get("parameter") != "resolution" or chosen.get("agreement") is None:
        return None
    return Grain(chosen["themes"], len(tables.themes))
