"""report.html and report.md of a folder of assigned documents, beside the run whose themes they were given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toolkit.report.blocks import Block, Blocks, Bullets, Column, Report, Row, Section
from toolkit.report.inlines import PAGE, PAPER, Bar, Detail, Inlines, Key, Only
from toolkit.report.markdown import markdown
from toolkit.report.mostly_part import share_words
from toolkit.report.page import page
from toolkit.report.sections.pieces import blocks, note, paragraph, small, table, words
from toolkit.run_folder.identity import run_id
from toolkit.run_folder.manifest import Manifest
from toolkit.schemas import BY_CODING
from toolkit.text.format import one_line, percent, plural
from toolkit.values import NOISE, Metric, Table
from toolkit.version import __version__

TEXTS = {"notes": "What to know", "methods": "Methods"}
Values = Mapping[str, float]


def write_assignment_report(
    folder: Path, parent: Manifest, tables: Mapping[str, Any], metrics: Mapping[str, Metric]
) -> None:
    """Write both from the folder's own tables; they contain no times, places or machines."""
    tree = assignment_report(parent, tables, metrics)
    for name, text in (("report.html", page(tree)), ("report.md", markdown(tree))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def assignment_report(parent: Manifest, tables: Mapping[str, Any], metrics: Mapping[str, Metric]) -> Report:
    """The content of both, as the blocks of a report."""
    value = {key: metric.value or 0 for key, metric in metrics.items()}
    name = one_line(parent["experiment"]["name"])
    codes = _codes(tables)
    return Report(
        title=f"New documents under the themes of “{name.replace('_', ' ')}”",
        author="",
        version=__version__,
        question="",
        meta=(f"{_counts(value)} · themes and codes of the run ", words(name), f" ({run_id(parent)})"),
        sections=(
            Section("new", "New documents", "The new documents", _new(value)),
            Section("themes", "Themes", "Themes", _themes(tables)),
            *([Section("codes", "Codes", "Codes", codes)] if codes else []),
            *(Section(name, title, title, _texts(tables[name])) for name, title in TEXTS.items()),
        ),
        kicker="New documents",
    )


def _counts(value: Values) -> str:
    documents, paragraphs = int(value["corpus.documents"]), int(value["corpus.paragraphs"])
    once = int(value["corpus.unique_paragraphs"])
    return f"{plural(documents, 'document')}, {plural(paragraphs, 'paragraph')}, {once:,} of them counted once"


def _new(value: Values) -> Blocks:
    unique = int(value["corpus.unique_paragraphs"])
    outside, known, none = (_percent(value[f"assign.{name}"]) for name in ("outside", "in_run", "no_theme"))
    counts: tuple[Inlines, ...] = (
        (f"{outside} of {plural(unique, 'paragraph')} {_be(unique)} far from everything that the run knew: no theme",),
        (f"{known} {_be(unique)} in the run already",),
        (f"{none} {'has' if unique == 1 else 'have'} no theme in all",),
    )
    fitted = "Every paragraph got a theme of the run, or none, by the paragraphs nearest to it; nothing was fitted."
    return blocks(paragraph(fitted), Bullets(counts))


def _be(number: int) -> str:
    return "is" if number == 1 else "are"


def _themes(tables: Mapping[str, Any]) -> Blocks:
    rows = [row for row in tables["themes"].to_pylist() if row["level"] == 0]
    top = _top(high for row in rows for high in (row["share_high"], row["share"], row["share_in_run"]))
    columns = (
        Column("theme"), Column("paragraphs", "number", name="paragraphs"),
        Column("share (95% interval)", "share", name="share"), Column("share in the run", "number", name="in the run"),
    )  # fmt: skip
    return (table("Themes", columns, [_theme(row, top) for row in rows]),)


def _theme(row: Mapping[str, Any], top: float) -> Row:
    number = "none" if row["theme"] == NOISE else str(row["theme"])
    mostly = _mostly(row)
    label = () if row["theme"] == NOISE else (" ", words(one_line(row["label"])))
    carried: Inlines = (Only(PAGE, (Detail(mostly),)), Only(PAPER, ("; ", *mostly))) if mostly else ()
    name: Inlines = (Only(PAGE, (Key(row["theme"]), " ")), number, *label, *carried)
    cells = (f"{row['paragraphs']:,}",), _share(row, "share", "share_", top), (_percent(row["share_in_run"]),)
    return Row((name, *cells), "muted" if row["theme"] == NOISE else "")


def _mostly(row: Mapping[str, Any]) -> Inlines:
    """The code that a theme's new paragraphs mostly carry; nothing if there is none."""
    if row["mostly"] is None:
        return ()
    return ("mostly: ", words(one_line(row["mostly"])), f", {share_words(row)}")


def _codes(tables: Mapping[str, Any]) -> Blocks:
    rows = [
        row
        for row in tables["prevalence"].to_pylist()
        if (row["kind"], row["group_by"], row["unit"], row["counting"]) == ("code", None, "paragraph", "unique")
    ]
    if not rows:
        return ()
    badges = {row["code"]: row["badge"] for row in tables["thresholds"].to_pylist()}
    top = _top(value for row in rows for value in (row["high"], row["estimate"]))
    columns = (
        Column("code"), Column("badge in the run", "short words", name="badge"),
        Column("share of paragraphs (95% interval)", "share", name="share"), Column("of", "number", name="of"),
    )  # fmt: skip
    cells = [
        Row(
            (
                (words(one_line(row["id"])),),
                (badges.get(row["id"]) or "–",),
                _share(row, "estimate", "", top),
                (f"{row['n']:,}",),
            )
        )
        for row in rows
    ]
    by_coding = any(row.get("interval_of") == BY_CODING for row in rows)
    why = "Intervals of unchecked codes contain sampling error and the error of coding (see the methods)."
    return blocks(table("Codes", columns, cells), small(why) if by_coding else None)


def _texts(rows: Table) -> Blocks:
    texts: tuple[Inlines, ...] = tuple((words(row["text"]),) for row in rows.to_pylist())
    item: Block = Bullets(texts) if texts else note("Nothing.")
    return (item,)


def _share(row: Mapping[str, Any], key: str, ends: str, top: float) -> Inlines:
    """A share with its interval, drawn in the page."""
    if row[key] is None:
        return ("not defined",)
    low, high = row[f"{ends}low"], row[f"{ends}high"]
    interval = "" if low is None else f" ({_percent(low)} to {_percent(high)})"
    return (Bar(row[key], low, high, top), _percent(row[key]) + interval)


def _top(values: Any) -> float:
    """The end of the scale of bars."""
    return max((value for value in values if value is not None), default=0.0) or 1.0


def _percent(share: float | None) -> str:
    return "not defined" if share is None else percent(share, 1000)
