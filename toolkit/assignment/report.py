"""report.md of a folder of assigned documents: what they hold, beside the run that they were measured by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toolkit.report.markdown import plain
from toolkit.report.mostly_part import share_words
from toolkit.run_folder.identity import run_id
from toolkit.run_folder.manifest import Manifest
from toolkit.schemas import BY_CODING
from toolkit.text.format import percent
from toolkit.values import NOISE, Metric


def write_assignment_report(
    path: Path, parent: Manifest, tables: Mapping[str, Any], metrics: Mapping[str, Metric]
) -> None:
    """Writes the report from the folder's own tables; no times, places or machines stand in it."""
    lines = [*_head(parent, metrics), *_themes(tables), *_codes(tables), *_said(tables)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _head(parent: Manifest, metrics: Mapping[str, Metric]) -> Iterator[str]:
    value = {key: metric.value or 0 for key, metric in metrics.items()}
    name = parent["experiment"]["name"]
    unique = value["corpus.unique_paragraphs"]
    yield f"# New documents under the themes of {plain(name)}"
    yield ""
    yield (
        f"{value['corpus.documents']:,.0f} documents, {value['corpus.paragraphs']:,.0f} paragraphs, {unique:,.0f} "
        f"of them counted once. Themes and codes are those of the run {plain(name)} ({run_id(parent)}); nothing "
        "was fitted."
    )
    yield ""
    yield (
        f"- {_percent(value['assign.outside'])} of {unique:,.0f} are far from everything that the run knew: no theme"
    )
    yield f"- {_percent(value['assign.in_run'])} stand in the run already"
    yield f"- {_percent(value['assign.no_theme'])} have no theme in all"
    yield ""


def _themes(tables: Mapping[str, Any]) -> Iterator[str]:
    yield "## Themes"
    yield ""
    yield "| theme | label | paragraphs | share (95 % interval) | share in the run |"
    yield "|---:|---|---:|---:|---:|"
    for row in tables["themes"].to_pylist():
        if row["level"] == 0:
            name = "none" if row["theme"] == NOISE else str(row["theme"])
            yield (
                f"| {name} | {plain(row['label'])}{_mostly(row)} | {row['paragraphs']:,} | {_share(row, 'share_')} | "
                f"{_percent(row['share_in_run'])} |"
            )
    yield ""


def _mostly(row: Mapping[str, Any]) -> str:
    """The code that a theme's new paragraphs mostly carry, after a semicolon; nothing if there is none."""
    if row["mostly"] is None:
        return ""
    return f"; mostly: {plain(row['mostly'])}, {share_words(row).replace('%', ' %')}"


def _codes(tables: Mapping[str, Any]) -> Iterator[str]:
    rows = [
        row
        for row in tables["prevalence"].to_pylist()
        if (row["kind"], row["group_by"], row["unit"], row["counting"]) == ("code", None, "paragraph", "unique")
    ]
    if not rows:
        return
    badges = {row["code"]: row["badge"] for row in tables["thresholds"].to_pylist()}
    yield "## Codes"
    yield ""
    yield "| code | badge in the run | share of paragraphs (95 % interval) | of |"
    yield "|---|---|---:|---:|"
    for row in rows:
        badge, share = badges.get(row["id"]) or "–", _share(row | {"share": row["estimate"]}, "")
        yield f"| {plain(row['id'])} | {badge} | {share} | {row['n']:,} |"
    yield ""
    if any(row.get("interval_of") == BY_CODING for row in rows):
        yield "Intervals of unchecked codes contain sampling error and the error of coding (see the methods)."
        yield ""


def _said(tables: Mapping[str, Any]) -> Iterator[str]:
    for name, title in (("notes", "What to know"), ("methods", "Methods")):
        yield f"## {title}"
        yield ""
        yield from (f"- {plain(row['text'])}" for row in tables[name].to_pylist())
        yield ""


def _share(row: Mapping[str, Any], prefix: str) -> str:
    if row["share"] is None:
        return "not defined"
    low, high = row[f"{prefix}low"], row[f"{prefix}high"]
    return _percent(row["share"]) + ("" if low is None else f" ({_percent(low)} to {_percent(high)})")


def _percent(share: float | None) -> str:
    return "not defined" if share is None else percent(share, 1000).replace("%", " %")
