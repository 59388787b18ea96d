"""Writes a run as one formatted workbook (.xlsx): a first sheet that explains it, then its tables.

Nothing in it runs: texts stay texts whatever sign they begin with. The same run gives the same bytes.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from toolkit.export.sheets import Sheet, SheetColumn, description, sheets
from toolkit.files.packed import fix_times
from toolkit.run_folder.identity import run_id
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import count, one_line, plural, visible

MOST_ROWS = 1_048_576
"""Rows of a sheet in Excel, its head included."""
MOST_CHARACTERS = 32_767
"""Characters of a cell in Excel, which counts them in UTF-16."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", "'")
FORMATS = {"whole": "#,##0", "id": "0", "real": "0.000", "share": "0.0%", "p": "0.0000"}
WIDTHS = {"whole": 11.0, "id": 9.0, "real": 11.0, "share": 11.0, "p": 11.0, "flag": 9.0}
NARROWEST, WIDEST, LONG, LIST = 10.0, 34.0, 70.0, 40.0
LETTERS = "Calibri"
LINE, MOST_LINES = 15.0, 12
"""Height of a line in points, and lines of a cell that a row shows; it can be drawn taller."""
PAPER = 170.0
"""Width of all columns, in characters, up to which a sheet is printed on the width of one page."""
LOOKED_AT = 200
"""Rows by which the width of a column of text is chosen."""
HEAD, INK = "FF17586A", "FF1B2733"
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
RIGHTS = {
    "full": "The sheets contain the full text of the corpus: share this file only if its texts may be shared.",
    "snippet": "Of each paragraph and quote at most 30 words are shown.",
    "none": "No text of the corpus is shown: texts, quotes and titles were taken out. Keywords of themes stay.",
}


def write_workbook(tables: RunTables, place: Path, rights: str, most_rows: int = MOST_ROWS) -> None:
    """Write the workbook to `place` (new). `rights` is how much text the tables still have: full, snippet or none.

    Raises OSError if `place` exists or cannot be written.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    made = list(sheets(tables))
    title = title_of(tables)
    _first_sheet(book, tables, made, rights, most_rows)
    for sheet in made:
        if sheet.rows:
            _sheet(book, sheet, most_rows)
    author = one_line((tables.config.get("report") or {}).get("author"))
    with tempfile.TemporaryFile() as stream:
        book.save(stream)
        stream.seek(0)
        fix_times(stream, place, title, author, one_line(tables.config.get("question")))


def title_of(tables: RunTables) -> str:
    """The title of the report, or the study's name."""
    title = (tables.config.get("report") or {}).get("title")
    return one_line(title or tables.config.get("title") or tables.config.get("name") or "run")


def cell_text(text: str) -> str:
    """A text as a cell can contain it: without characters that XML forbids or that have no shape, cut with a mark."""
    kept = visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    length = len(kept.encode("utf-16-le")) // 2
    if length > MOST_CHARACTERS:
        mark = f" … [cut: {count(len(kept))} characters, more than a cell takes]"
        room = MOST_CHARACTERS - len(mark)
        kept = kept.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore") + mark
    return kept


class _Cells:
    """Cells of one look, used again for each row: openpyxl writes a row before the next is made."""

    def __init__(self, sheet: Any, number_format: str = "General", wrap: bool = False, bold: bool = False) -> None:
        self.plain, self.quoted = (self._cell(sheet, number_format, wrap, bold) for _ in range(2))
        self.quoted.quotePrefix = True  # text even after somebody edits the cell

    @staticmethod
    def _cell(sheet: Any, number_format: str, wrap: bool, bold: bool) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font

        cell = WriteOnlyCell(sheet)
        cell.number_format = number_format
        cell.alignment = Alignment(vertical="top", wrap_text=wrap)
        cell.font = Font(name=LETTERS, size=11, bold=bold, color=INK)
        return cell

    def of(self, value: Any) -> Any:
        """The cell with a value: a number, a truth value or a text that stays text; None if there is none."""
        if value is None or value != value:
            return None
        if isinstance(value, (list, tuple)):
            value = "; ".join(map(str, value))
        if not isinstance(value, str):
            self.plain.value = value
            return self.plain
        text = cell_text(value)
        cell = self.quoted if text.startswith(FORMULA_SIGNS) else self.plain
        cell.value = _ESCAPED.sub("_x005F_", text)  # Excel reads _x0041_ as A
        cell.data_type = "s"
        return cell if text else None


def _sheet(book: Any, sheet: Sheet, most_rows: int) -> None:
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(sheet.name)
    page.freeze_panes = "B2"
    shown = min(sheet.rows, most_rows - 1)
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{shown + 1}"
    widths = [_width(column) for column in sheet.columns]
    for at, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(at)].width = width
    _printed(page, sum(widths))
    page.append([_head(page, column.name) for column in sheet.columns])
    looks = [
        _Cells(page, FORMATS.get(column.kind, "General"), column.kind in ("long", "list")) for column in sheet.columns
    ]
    wrapped = [(at, width) for at, width in enumerate(widths) if sheet.columns[at].kind in ("long", "list")]
    whole = shown if shown == sheet.rows else shown - 1
    for row in range(whole):
        cells = [look.of(column.values[row]) for look, column in zip(looks, sheet.columns, strict=True)]
        _append(page, cells, [(cells[at].value, width) for at, width in wrapped if cells[at] is not None], row + 2)
    if whole < sheet.rows:
        rest = plural(sheet.rows - whole, "further row")
        more = f"… {rest} of tables/{sheet.table}.csv in the run folder: a sheet takes no more"
        page.append([_Cells(page, bold=True).of(more)])


def _append(page: Any, cells: Sequence[Any], wrapped: Sequence[tuple[str, float]], row: int) -> None:
    """Write a row as tall as the wrapped texts in it need, each with the width of its column."""
    lines = max((_lines(text, width) for text, width in wrapped), default=1)
    if lines > 1:
        page.row_dimensions[row].height = LINE * min(lines, MOST_LINES)
    page.append(cells)
    page.row_dimensions.pop(row, None)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; characters of East Asian scripts are two wide."""
    return sum(
        max(1, math.ceil((len(line) + sum(sign > "\u2e7f" for sign in line)) / (1.1 * width)))
        for line in text.split("\n")
    )


def _printed(page: Any, width: float) -> None:
    """On paper: landscape, the head on each page, all columns on one page if they are legible there."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    if width <= PAPER:
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _head(page: Any, name: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = WriteOnlyCell(page, _ESCAPED.sub("_x005F_", cell_text(name)))
    cell.data_type = "s"
    cell.font, cell.fill = Font(name=LETTERS, size=11, bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor=HEAD)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _width(column: SheetColumn) -> float:
    if column.kind in WIDTHS:
        return max(WIDTHS[column.kind], len(column.name) * 0.75 + 4)
    if column.kind in ("long", "list"):
        longest = max((len(str(value or "")) for value in column.values[:LOOKED_AT]), default=0)
        return max(NARROWEST, min(LONG if column.kind == "long" else LIST, longest + 2.0))
    longest = max((len(str(value or "")) for value in column.values[:LOOKED_AT]), default=0)
    return max(NARROWEST, len(column.name) + 4.0, min(WIDEST, longest + 2.0))


def _first_sheet(book: Any, tables: RunTables, made: Sequence[Sheet], rights: str, most_rows: int) -> None:
    """What the run is, how its numbers count, which sheets follow and what each of their columns means."""
    page = book.create_sheet("About")
    widths = (26.0, 34.0, 90.0, 12.0)
    for letter, width in zip("ABCD", widths, strict=True):
        page.column_dimensions[letter].width = width
    _printed(page, sum(widths))
    page.print_title_rows = None
    for row, cells in enumerate(_about_rows(page, tables, made, rights, most_rows), 1):
        long = [(cells[2].value, widths[2])] if len(cells) > 2 and cells[2] is not None else []
        _append(page, cells, long, row)


def _about_rows(
    page: Any, tables: RunTables, made: Sequence[Sheet], rights: str, most_rows: int
) -> Iterator[Sequence[Any]]:
    """The rows of the first sheet."""
    bold, text, number, plain = _Cells(page, bold=True), _Cells(page, wrap=True), _Cells(page, "#,##0"), _Cells(page)
    yield [_title(page, title_of(tables))]
    yield from ([bold.of(name), None, text.of(value)] for name, value in _facts(tables, rights))
    yield []
    yield [_title(page, "How the numbers count", 13)]
    yield from ([None, None, text.of(sentence)] for sentence in description()["counting"])
    yield []
    yield [_title(page, "Sheets", 13)]
    yield [_head(page, name) for name in ("sheet", "from", "a row is", "rows")]
    for sheet in made:
        yield [bold.of(sheet.name), plain.of(_origin(sheet)), text.of(_about(sheet, most_rows)), number.of(sheet.rows)]
    yield []
    yield [_title(page, "Columns", 13)]
    yield [_head(page, name) for name in ("sheet", "column", "what it means")]
    for sheet in made:
        for column in sheet.columns if sheet.rows else ():
            yield [plain.of(sheet.name), bold.of(column.name), text.of(column.means)]


def _title(page: Any, text: str, size: int = 18) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(page, cell_text(text))
    cell.data_type, cell.font = "s", Font(name=LETTERS, bold=True, size=size, color=HEAD)
    return cell


def _origin(sheet: Sheet) -> str:
    files = {"measures": "metrics.json", "sentences": "tables/methods, notes", "evidence": "tables/codes"}
    files["codes_summary"] = "codebook.yaml, tables/thresholds"
    return files.get(sheet.table, f"tables/{sheet.table}")


def _about(sheet: Sheet, most_rows: int) -> str:
    about = sheet.about
    if sheet.without and sheet.rows:
        about += f"; left out here: {', '.join(sheet.without)}"
    if not sheet.rows:
        return f"{about}; this run has none, so the sheet is left out"
    return (
        f"{about}; cut at {count(most_rows)} rows, the rest is in the run folder" if sheet.rows >= most_rows else about
    )


def _facts(tables: RunTables, rights: str) -> Iterator[tuple[str, str]]:
    """What the run is, as names and values; what is not known is left out."""
    declared, manifest = tables.declared.corpus, cast(Mapping[str, Any], tables.manifest)
    made, corpus = manifest.get("toolkit") or {}, manifest.get("corpus") or {}
    counted = f"{plural(len(tables.documents), 'document')}, {plural(tables.unique, 'unique paragraph')}"
    commit = f", commit {made['commit']}" if made.get("commit") else ""
    facts = {
        "Question": one_line(tables.config.get("question")),
        "Corpus": declared.description,
        "Made up": "Yes: nothing may be concluded from it about the world" if declared.made_up else "",
        "Where it comes from": declared.provenance,
        "Period": declared.period,
        "Selection": declared.selection,
        "Coders": "; ".join(
            coder.words for coder in (*tables.declared.coders.coders, *tables.declared.machines.coders)
        ),
        "Analysed": counted,
        "Run": run_id(tables.manifest),
        "Experiment (sha256)": str((manifest.get("experiment") or {}).get("sha256") or ""),
        "Corpus (sha256)": str(corpus.get("sha256") or ""),
        "Seed": str(manifest.get("seed", "")),
        "Made with": f"thematic-toolkit {made.get('version', 'unknown')}{commit}",
        "Texts": RIGHTS[rights],
        "More": "report.html of the run folder is the report; all tables as CSV: toolkit export --to csv",
    }
    yield from ((name, value) for name, value in facts.items() if value)
