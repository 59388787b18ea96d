"""The tables of a paper: themes, codes, claims, codes together, shares by group, with denominators in words."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from toolkit.run_folder.reader import RunTables
from toolkit.schemas import BY_CODING, BY_SAMPLING, BY_SEEDS
from toolkit.text.format import count, decimal, decimals, interval, listed, name_of, percent, plural

KEYWORDS = 6
MOST_GROUPS, GROUPS_A_TABLE = 20, 4
MOST_PAIRS = 25
NO_INTERVAL = "A number without an interval has none: too few documents, or another seed dissolves the theme."


@dataclass(frozen=True)
class TexColumn:
    """A column; one of words has a width, as a share of the line."""

    head: str
    holds: Literal["words", "number"] = "number"
    width: float = 0.0


@dataclass(frozen=True)
class TexTable:
    """A table as plain texts; `name` is that of its file and label, `panels` are rows under a name (or none)."""

    name: str
    caption: str
    columns: tuple[TexColumn, ...]
    panels: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


def tex_tables(tables: RunTables) -> Iterator[TexTable]:
    """The tables that the run has rows for, in the order of a paper."""
    for make in (_themes, _codes, _claims, _together):
        made = make(tables)
        if made is not None:
            yield made
    yield from _by_group(tables)


def _share(share: float | None, low: float | None, high: float | None, n: int | None) -> str:
    """12% (5–23%), as the report writes it."""
    ends = interval(low, high, n)
    return percent(share, n) + (f" ({ends})" if ends else "")


def _measure(value: float | None, low: float | None, high: float | None) -> str:
    ends = decimals(low, high)
    return decimal(value) + (f" ({ends})" if ends else "")


def _contained(rows: Sequence[dict[str, Any]]) -> str:
    """What the intervals of shares contain, in words."""
    kinds = {row.get("interval_of") for row in rows}
    what = [kind for kind in (BY_SAMPLING, BY_SEEDS, BY_CODING) if kind in kinds]
    return f"95% intervals in brackets, of {listed(what)}" if what else "without intervals"


def _of(tables: RunTables) -> str:
    documents = sum(1 for row in tables.documents.values() if not row.get("duplicate_of"))
    return f"{plural(tables.unique, 'unique paragraph')} in {plural(documents, 'unique document')}"


def _themes(tables: RunTables) -> TexTable | None:
    if not tables.themes:
        return None
    n = tables.unique
    rows = []
    for row in [*tables.themes, *([tables.noise] if tables.has_noise and tables.noise else [])]:
        theme = int(row["theme"])
        rows.append(
            (
                str(theme) if theme >= 0 else "",
                tables.labels[theme] + (" (fragile)" if row.get("fragile") and theme >= 0 else ""),
                ", ".join((row["keywords"] or [])[:KEYWORDS]),
                count(row["paragraphs"]),
                _share(row["share"], row["share_low"], row["share_high"], n),
                count(row["documents"]),
                _measure(row["stability"], row["stability_low"], row["stability_high"]) if theme >= 0 else "",
            )
        )
    caption = (
        f"Themes. Share: of {_of(tables)}, {_contained(tables.shares('theme'))}. Documents: unique documents with at "
        "least one such paragraph. Stability: mean best-match Jaccard similarity when the corpus is resampled, 0 to 1, "
        f"with its 95% range over refits. {NO_INTERVAL}"
    )
    columns = (
        TexColumn("No."), TexColumn("Theme", "words", 0.19), TexColumn("Keywords", "words", 0.19),
        TexColumn("Paragraphs"), TexColumn("Share"), TexColumn("Documents"), TexColumn("Stability"),
    )  # fmt: skip
    return TexTable("themes", caption, columns, (("", tuple(rows)),))


def _codes(tables: RunTables) -> TexTable | None:
    shares = {row["id"]: row for row in tables.shares("code")}
    documents = {row["id"]: row for row in tables.shares("code", unit="document")}
    if not shares:
        return None
    checked = {row["code"]: row for row in tables.rows("thresholds")}
    rows = []
    for code, name in tables.code_names.items():
        row, among, score = shares.get(code, {}), documents.get(code, {}), checked.get(code, {})
        rows.append(
            (
                name,
                count(row.get("hits")),
                _share(row.get("estimate"), row.get("low"), row.get("high"), row.get("n")),
                _share(among.get("estimate"), among.get("low"), among.get("high"), among.get("n")),
                score.get("badge") or "",
                _measure(score.get("f1"), score.get("f1_low"), score.get("f1_high")),
            )
        )
    n = max((row["n"] for row in documents.values()), default=0)
    kinds = sorted({row["coders_kind"] for row in checked.values() if row.get("coders_kind")})
    against = f" against codes by {listed([{'person': 'people', 'machine': 'machines'}.get(k, k) for k in kinds])}"
    caption = (
        f"Codes of the codebook. Share: of {plural(tables.unique, 'unique paragraph')}; documents: share of "
        f"{plural(n, 'unique document')} with at least one such paragraph; {_contained(list(shares.values()))}. "
        "Check: whether people's codes bear the coding out; unchecked is a machine's reading. "
        f"F1{against if kinds else ''}, by cross-validation, with its 95% interval. {NO_INTERVAL}"
    )
    columns = (
        TexColumn("Code", "words", 0.28), TexColumn("Paragraphs"), TexColumn("Share"), TexColumn("Documents"),
        TexColumn("Check"), TexColumn("F1"),
    )  # fmt: skip
    return TexTable("codes", caption, columns, (("", tuple(rows)),))


def _claims(tables: RunTables) -> TexTable | None:
    rows = tables.rows("claims")
    if not rows:
        return None
    made = tuple(
        (
            str(row["claim"]),
            row["text"] or "",
            row["verdict"] or "",
            row["numbers"] or row["reason"] or "",
            _p(row["p_adjusted"]),
        )
        for row in rows
    )
    kinds = sorted({row["interval_of"] for row in rows if row.get("interval_of")})
    ends = f"95% intervals in brackets are of {listed(kinds)}" if kinds else "there are no intervals"
    caption = f"Claims of the study. Each number states its denominators; {ends}. p is adjusted for all claims tested."
    columns = (
        TexColumn("No."), TexColumn("Claim", "words", 0.27), TexColumn("Answer", "words", 0.16),
        TexColumn("Numbers", "words", 0.36), TexColumn("p"),
    )  # fmt: skip
    return TexTable("claims", caption, columns, (("", made),))


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return "< 0.001" if value < 0.001 else decimal(value, 3)


def _together(tables: RunTables) -> TexTable | None:
    rows = tables.rows("cooccurrence")
    if not rows:
        return None
    unsaid = "cannot be said"
    order = sorted(
        rows, key=lambda row: (row["verdict"] in (None, unsaid), -row["paragraphs"], row["code_a"], row["code_b"])
    )
    shown = order[:MOST_PAIRS]
    made = tuple(
        (
            "; ".join(tables.code_names.get(row[key], row[key]) for key in ("code_a", "code_b")),
            count(row["paragraphs"]),
            decimal(row["expected"], 1),
            _measure(row["lift"], row["lift_low"], row["lift_high"]),
            _p(row["p_adjusted"]),
            row["verdict"] or "–",
        )
        for row in shown
    )
    which = "All" if len(shown) == len(rows) else f"The first {len(shown)} of"
    tested = max(row["tested"] or 0 for row in rows)
    caption = (
        f"Codes together. {which} {plural(len(rows), 'pair')}, those with a verdict first, then by paragraphs. "
        f"Together: of {plural(tables.unique, 'unique paragraph')} those with both codes; expected: were the two "
        f"independent; ratio: together / expected, with its 95% interval. p is adjusted for {plural(tested, 'pair')}."
    )
    columns = (
        TexColumn("Codes", "words", 0.33), TexColumn("Together"), TexColumn("Expected"), TexColumn("Ratio"),
        TexColumn("p"), TexColumn("Verdict", "words", 0.12),
    )  # fmt: skip
    return TexTable("cooccurrence", caption, columns, (("", made),))


def _by_group(tables: RunTables) -> Iterator[TexTable]:
    """Shares by each column of `estimate.group_by` and by period, a few groups a table."""
    table = tables.table("prevalence")
    if not table.num_rows:
        return
    columns = dict.fromkeys(name for name in table["group_by"].to_pylist() if name is not None)
    used: dict[str, int] = {}
    for column in columns:
        slug = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_") or "group"
        used[slug] = used.get(slug, 0) + 1
        name = f"prevalence_{slug}" + (f"_{used[slug]}" if used[slug] > 1 else "")
        yield from _of_column(tables, column, name)


def _of_column(tables: RunTables, column: str, name: str) -> Iterator[TexTable]:
    cells = {kind: tables.shares(kind, column) for kind in ("theme", "code")}
    sizes: dict[str, int] = {}
    for row in (*cells["theme"], *cells["code"]):
        sizes[row["group"]] = row["n"]
    largest = sorted(sizes, key=lambda group: (-sizes[group], group))[:MOST_GROUPS]
    groups = [group for group in sizes if group in largest]
    each = math.ceil(len(groups) / math.ceil(len(groups) / GROUPS_A_TABLE)) if groups else 1
    parts = [groups[at : at + each] for at in range(0, len(groups), each)]
    rest = f" The {MOST_GROUPS} largest of {count(len(sizes))} groups." if len(sizes) > len(groups) else ""
    for at, part in enumerate(parts, 1):
        panels = tuple(
            (head, tuple(_group_rows(tables, kind, cells[kind], part)))
            for kind, head in (("theme", "Themes"), ("code", "Codes"))
            if cells[kind]
        )
        of = f" (part {at} of {len(parts)})" if len(parts) > 1 else ""
        caption = (
            f"Shares by {column}{of}: of the unique paragraphs of each group, whose number is n; "
            f"{_contained([*cells['theme'], *cells['code']])}.{rest} {NO_INTERVAL}"
        )
        heads = tuple(TexColumn(f"{name_of(group)} (n = {count(sizes[group])})", "words", 0.16) for group in part)
        suffix = f"_part_{at}" if len(parts) > 1 else ""
        yield TexTable(f"{name}{suffix}", caption, (TexColumn("", "words", 0.24), *heads), panels)


def _group_rows(
    tables: RunTables, kind: str, cells: Sequence[dict[str, Any]], groups: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    by = {(row["id"], row["group"]): row for row in cells}
    names = {str(theme): label for theme, label in tables.labels.items()} if kind == "theme" else tables.code_names
    for name in dict.fromkeys(row["id"] for row in cells):
        row = [by.get((name, group), {}) for group in groups]
        yield (
            names.get(name, name),
            *(_share(at.get("estimate"), at.get("low"), at.get("high"), at.get("n")) for at in row),
        )
