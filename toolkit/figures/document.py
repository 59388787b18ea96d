"""The themes and codes along one document: each paragraph at its place, as wide as its number of words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from toolkit.errors import ConfigError, nearest
from toolkit.figures import svg
from toolkit.figures.code_labels import badge_note, code_label
from toolkit.figures.figure import Figure, at_both_widths, nothing
from toolkit.figures.headlines import quoted
from toolkit.figures.style import TEXT, theme_class
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, name_of, plural, width, wrap
from toolkit.values import NOISE, Table

ROW, TALL = 26, 40
MOST_CODES = 15
COLUMNS = ("paragraph", "words", "theme", "label", "codes", "duplicate")
NAME, SOURCE = "document", "tables/paragraphs.parquet"


@dataclass(frozen=True)
class Strip:
    """One row: a name, the colour of its marks, and the paragraphs that it marks."""

    name: str
    colour: str
    marked: tuple[bool, ...]


def document(tables: RunTables) -> Figure:
    """The document of the run with most words."""
    table, sizes = tables.table("paragraphs"), Counter[str]()
    for name, words in zip(table["document_id"].to_pylist(), table["words"].to_pylist(), strict=True):
        sizes[name] += int(words)
    if not sizes:
        return nothing(NAME, "Along one document", "The run has no paragraphs.", _table([], tables, {}), SOURCE)
    return document_of(tables, min(sizes, key=lambda name: (-sizes[name], name)))


def document_of(tables: RunTables, document_id: str) -> Figure:
    """A document of the run. Raises ConfigError for an id that the run has not."""
    if document_id not in tables.documents:
        raise ConfigError(
            [f"document {document_id}: no such document in this run{nearest(document_id, tables.documents)}"]
        )
    return at_both_widths(lambda tables, room: _draw(tables, document_id, room))(tables)


def _draw(tables: RunTables, document_id: str, room: int) -> Figure:
    paragraphs = tables.table("paragraphs")
    rows = paragraphs.filter(pc.equal(paragraphs["document_id"], document_id)).to_pylist()
    rows.sort(key=lambda row: row["position"])
    codes = _codes(tables, [row["paragraph_id"] for row in rows])
    title = f"Themes and codes along {name_of(document_id, 120)}"
    table = _table(rows, tables, codes)
    if not rows:
        return nothing(NAME, title, "No paragraph of this document was kept.", table, SOURCE)
    strips, left_out = _strips(rows, tables, codes)
    if not strips:
        return nothing(NAME, title, "The run gave this document neither themes nor codes.", table, SOURCE)
    body, height = _strip_rows(strips, rows, room)
    caption = "Each mark is a paragraph, as wide as its number of words; its theme above, its codes below."
    if any(row["duplicate_of"] is not None for row in rows):
        caption += " Paragraphs whose text stands elsewhere, too, have the theme and codes of that text."
    caption += badge_note(tables, [code for carried in codes.values() for code in carried])
    if left_out:
        caption += f" The {MOST_CODES} most frequent of {count(MOST_CODES + left_out)} codes."
    alt = f"{caption} {plural(len(rows), 'paragraph')}, {plural(len(strips), 'row')}."
    headline = _headline(rows, tables)
    return Figure(NAME, title, caption, alt, body, room, height, table, SOURCE, headline=headline)


def _codes(tables: RunTables, paragraph_ids: list[str]) -> dict[str, list[str]]:
    """paragraph_id -> the codes that it carries, in the codebook's order."""
    table = tables.table("codes")
    if not table.num_rows:
        return {}
    mine = pc.and_(pc.is_in(table["paragraph_id"], value_set=pa.array(paragraph_ids, pa.string())), table["assigned"])
    made: dict[str, list[str]] = {}
    for row in table.filter(mine).to_pylist():
        made.setdefault(row["paragraph_id"], []).append(str(row["code"]))
    order = {code: i for i, code in enumerate(tables.code_names)}
    return {
        name: sorted(carried, key=lambda code: (order.get(code, len(order)), code)) for name, carried in made.items()
    }


def _table(rows: list[dict[str, Any]], tables: RunTables, codes: dict[str, list[str]]) -> Table:
    made = [
        {
            "paragraph": int(row["position"]),
            "words": int(row["words"]),
            "theme": int(row["theme"]),
            "label": tables.labels.get(int(row["theme"]), ""),
            "codes": "; ".join(codes.get(row["paragraph_id"], [])),
            "duplicate": row["duplicate_of"] is not None,
        }
        for row in rows
    ]
    return pa.table({name: [row[name] for row in made] for name in COLUMNS})


def _strips(rows: list[dict[str, Any]], tables: RunTables, codes: dict[str, list[str]]) -> tuple[list[Strip], int]:
    """Themes in the order in which they come up, -1 last, then codes by frequency; and how many codes are left out."""
    themes = list(dict.fromkeys(int(row["theme"]) for row in rows)) if tables.themes else []
    themes.sort(key=lambda theme: theme == NOISE)
    made = [
        Strip(tables.labels.get(theme, str(theme)), theme_class(theme), tuple(row["theme"] == theme for row in rows))
        for theme in themes
    ]
    frequency = Counter(code for row in rows for code in codes.get(row["paragraph_id"], []))
    order = sorted(frequency, key=lambda code: (-frequency[code], code))
    for code in order[:MOST_CODES]:
        marked = tuple(code in codes.get(row["paragraph_id"], []) for row in rows)
        made.append(Strip(code_label(tables, code), "", marked))
    return made, max(0, len(order) - MOST_CODES)


def _headline(rows: list[dict[str, Any]], tables: RunTables) -> str:
    """The theme of most of the document's paragraphs; empty without themes, and if two have as many."""
    sizes = Counter(int(row["theme"]) for row in rows if row["theme"] >= 0).most_common(2)
    if not tables.themes or not sizes or (len(sizes) > 1 and sizes[0][1] == sizes[1][1]):
        return ""
    theme, most = sizes[0]
    return f"{quoted(tables.labels[theme])} is the theme of {count(most)} of {plural(len(rows), 'paragraph')}"


def _strip_rows(strips: list[Strip], rows: list[dict[str, Any]], room: int) -> tuple[str, int]:
    names = max(width(strip.name, TEXT) for strip in strips) + 14
    left = min(names, (0.34 if room > 600 else 0.42) * room)
    total = sum(max(1, int(row["words"])) for row in rows)
    edges, at = [], left
    for row in rows:
        wide = (room - left) * max(1, int(row["words"])) / total
        edges.append((at, wide))
        at += wide
    made, y = [], 0.0
    coded = False
    for strip in strips:
        if not strip.colour and not coded:
            coded, y = True, y + (10 if y else 0)
        high = TALL if len(wrap(strip.name, left - 14, TEXT, 2)) > 1 else ROW
        made.append(svg.beside(0, y + high / 2, strip.name, left - 14))
        made.append(svg.line(left, y + high / 2, room, y + high / 2, "grid"))
        marks = [
            svg.rect(x, y + high / 2 - 8, max(1.0, wide - min(1.0, wide / 4)), 16, strip.colour or "mark")
            for (x, wide), marked in zip(edges, strip.marked, strict=True)
            if marked
        ]
        made += marks
        y += high
    made.append(svg.text(left, y + 18, "paragraph 1", "label soft"))
    made.append(svg.text(room, y + 18, count(len(rows)), "label soft end"))
    return "".join(made), round(y + 24)
