"""The comparison of two runs as one self-contained page: no script, no request, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from toolkit.compare.compare import Comparison
from toolkit.compare.matching import KINDS, Match, shown_jaccard
from toolkit.errors import StoreError
from toolkit.values import NOISE

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;margin:.5rem 0 2rem;width:100%}
th,td{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
td.n,th.n{text-align:right;white-space:nowrap}
caption{text-align:left;color:#444;padding:.3rem 0}
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#555}caption{color:#bbb}}
"""
MOVED = 20
"""Paragraphs named for each way that paragraphs moved."""


def write_page(found: Comparison, path: Path) -> None:
    """Write the comparison as an HTML page. Raises StoreError where it cannot be written."""
    try:
        path.write_text(compare_page(found), encoding="utf-8", newline="\n")
    except OSError as fault:
        raise StoreError(f"{path}: cannot be written: {fault.strerror or fault}") from None


def compare_page(found: Comparison) -> str:
    """The comparison as an HTML page (UTF-8)."""
    title = f"{found.before.name} and {found.after.name}: two runs compared"
    parts = [
        f"<h1>{escape(title)}</h1>",
        _table("The two runs", ("", "before", "after"), _sides(found)),
        f"<p>{found.shared:,} paragraphs stand in both runs, {found.only_before:,} only before, {found.only_after:,} "
        f"only after. {found.moved:,} of those in both left their theme.</p>",
        "<h2>Themes</h2>",
        f"<p>{', '.join(f'{found.count(kind)} {kind}' for kind in KINDS)}. How they are told apart: "
        f"{escape(found.rule)}.</p>",
        _table(
            "What became of each theme",
            ("", "before", "after", "#paragraphs before", "#after", "#in both", "#Jaccard"),
            (_theme(found, match) for match in found.themes),
        ),
        _table("Paragraphs that moved", ("from", "to", "#paragraphs", "which (after)"), _moves(found)),
    ]
    if found.codes:
        rows = [(code, *(f"{n:,}" for n in counts)) for code, counts in found.codes.items()]
        parts.append(_table("Codes, in paragraphs of both runs", ("code", "#before", "#after", "#both"), rows))
    parts += [
        _table("Settings that differ", ("setting", "before", "after"), _rows(found.config)),
        _table("Metrics", ("metric", "before", "after"), _measured(found)),
    ]
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main>\n" + "\n".join(parts) + "\n</main></body></html>\n"
    )


def _sides(found: Comparison) -> Iterable[Sequence[str]]:
    for name in ("name", "run", "documents", "paragraphs"):
        yield name, str(getattr(found.before, name)), str(getattr(found.after, name))


def _theme(found: Comparison, match: Match) -> Sequence[str]:
    old = ", ".join(f"{theme} {found.before.labels.get(theme, '')}" for theme in match.before)
    new = ", ".join(f"{theme} {found.after.labels.get(theme, '')}" for theme in match.after)
    jaccard = "" if match.jaccard is None else shown_jaccard(match.jaccard)
    counts = (match.before_paragraphs, match.after_paragraphs, match.shared)
    return match.kind, old, new, *(f"{n:,}" for n in counts), jaccard


def _moves(found: Comparison) -> Iterable[Sequence[str]]:
    for move in found.moves:
        names = ", ".join(after for _, after in move.paragraphs[:MOVED])
        more = len(move.paragraphs) - MOVED
        sides = ("no theme" if theme == NOISE else str(theme) for theme in (move.before, move.after))
        yield *sides, f"{len(move.paragraphs):,}", names + (f" and {more:,} more" if more > 0 else "")


def _measured(found: Comparison) -> Iterable[Sequence[str]]:
    for key, sides in found.metrics.items():
        yield key, *("" if value is None else found.metric(key, side) for side, value in enumerate(sides))


def _rows(pairs: Any) -> Iterable[Sequence[str]]:
    for key, (old, new) in pairs.items():
        yield key, _value(old), _value(new)


def _value(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "" if value is None else str(value)


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns whose head begins with # hold numbers."""
    kinds = [' class="n"' if head.startswith("#") else "" for head in heads]
    cells = zip(heads, kinds, strict=True)
    top = "".join(f'<th scope="col"{kind}>{escape(head.lstrip("#"))}</th>' for head, kind in cells)
    body = [
        "<tr>" + "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True)) + "</tr>"
        for row in rows
    ] or [f'<tr><td colspan="{len(heads)}">none</td></tr>']
    inner = f"<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody>"
    return f"<table><caption>{escape(caption)}</caption>{inner}</table>"
