"""Pieces that several parts of a report are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from toolkit.figures.style import hue_of
from toolkit.report.blocks import (
    Block,
    Blocks,
    Column,
    Fact,
    Facts,
    Figure,
    Files,
    Fold,
    Paragraph,
    Quotation,
    Quotes,
    Row,
    RowGroup,
    Table,
)
from toolkit.report.content import Content
from toolkit.report.inlines import PAGE, PAPER, Code, File, Inline, Inlines, Link, Only, Ranges, Strong, Tag, Words
from toolkit.report.places import Mode, Place, Quote
from toolkit.report.spread import Sources
from toolkit.report.validity_part import PlainTable
from toolkit.text.format import count, one_line, plural, snippet

CARD_WORDS = 32
"""Words of the one quote that a card shows; the whole quote is folded below it."""
FRAGILE = Tag("fragile", "fragile")


def words(text: str) -> Words:
    """Words of the corpus or of the researcher."""
    return Words((text,))


def joined(items: Sequence[Inlines], between: str = ", ", last: str | None = None) -> Inlines:
    """Items one after the other: `a, b and c` with ` and ` as `last`."""
    parts: list[Inline] = []
    for at, item in enumerate(items):
        if at:
            parts.append(last if last is not None and at == len(items) - 1 else between)
        parts.extend(item)
    return tuple(parts)


def files(*names: str) -> Files:
    """The files that contain the numbers or words above."""
    return Files(names)


def fold(summary: str, *items: Block | Blocks | None) -> Fold | None:
    """Blocks under a summary that opens them; None without any."""
    inside = blocks(*items)
    return Fold((summary,), inside, 3) if inside else None


def paragraph(*parts: Inline) -> Paragraph:
    """A paragraph of plain tone."""
    return Paragraph(parts)


def small(*parts: Inline) -> Paragraph:
    """A paragraph in small letters."""
    return Paragraph(parts, "small")


def note(*parts: Inline) -> Paragraph:
    """A paragraph with the reason why there is nothing to show."""
    return Paragraph(parts, "note small")


def fact(name: str, *parts: Inline, long: bool = False) -> Fact | None:
    """A fact; None if its value is empty."""
    return Fact(name, parts, long) if any(parts) else None


def facts(*items: Fact | None) -> Facts:
    """The facts that have a value."""
    return Facts(tuple(item for item in items if item is not None))


def blocks(*items: Block | Blocks | None) -> Blocks:
    """Blocks and runs of blocks as one run; None is left out."""
    run: list[Block] = []
    for item in items:
        if isinstance(item, tuple):
            run.extend(item)
        elif item is not None:
            run.append(item)
    return tuple(run)


def table(
    label: str, columns: Sequence[Column], rows: Iterable[Row], caption: Inlines = (), stacks: bool = False
) -> Table:
    """A table of one group of rows, of which each begins with its name."""
    return Table(label, tuple(columns), (RowGroup("", tuple(rows)),), caption, stacks)


def plain(label: str, shown: PlainTable) -> Table:
    """A table of the run folder as it is."""
    return _plain(label, shown, [[(Ranges(cell),) for cell in cells] for cells in shown.rows])


def numbers(label: str, shown: PlainTable) -> Table:
    """The table behind a figure, in a box of its own height."""
    return replace(_plain(label, shown, [[(cell,) for cell in cells] for cells in shown.rows]), tall=True)


def _plain(label: str, shown: PlainTable, rows: Iterable[Iterable[Inlines]]) -> Table:
    columns = tuple(Column(head, width=1) for head in shown.heads)
    return Table(label, columns, (RowGroup("", tuple(Row(tuple(cells)) for cells in rows)),), row_heads=False)


def origins(sources: Sources) -> Inlines:
    """Outlet A (3 of 9; 12% of its 25 paragraphs), Outlet B (2 of 9; 8% of its 25 paragraphs)."""
    return joined([(words(name), f" ({part}{'; ' * bool(whole)}{whole})") for name, part, whole in sources])


def figure(content: Content, name: str) -> Block:
    """A figure of the run with its caption, or the sentence why there is none."""
    drawing = content.figures[name]
    if drawing.reason:
        return note(f"{drawing.title}: {drawing.reason}")
    picture: Inlines = (" As a figure: ", File(f"figures/{name}.svg"), "; data: ")
    caption: Inlines = (
        Strong((f"{drawing.title}.",)),
        f" {drawing.caption}",
        Only(PAGE, picture),
        Only(PAPER, (" Data: ",)),
        File(f"figures/{name}.csv"),
        " from ",
        Code(drawing.source),
        ".",
    )
    behind = content.tables.get(name)
    fold = Fold(("The numbers in this figure",), (numbers(f"Numbers: {drawing.title}", behind),)) if behind else None
    return Figure(drawing, caption, fold)


def quotes(items: Iterable[Quote], mode: Mode, first: int, theme: int | None = None) -> Block | None:
    """Quotes with their places, the first few in sight; None without any."""
    quotations = tuple(quotation(item, mode) for item in items)
    return Quotes(quotations, first, "" if theme is None else f"q{hue_of(theme)}") if quotations else None


def card_quotes(items: Sequence[Quote], mode: Mode, theme: int | None = None) -> tuple[Block | None, Block | None, str]:
    """The quote that a card shows, those that it folds, and how it calls these.

    The shown one is among the folded ones, too, if it was cut or has a note, since a card shows neither in full.
    """
    if not items:
        return None, None, "Details"
    first = replace(items[0], text=_begun(items[0].text), note="")
    whole = first.note == items[0].note and first.text == one_line(items[0].text)
    rest = items[1:] if whole else items
    again = f" and {plural(len(rest), 'more quote' if whole else 'quote')}" if rest else ""
    return quotes([first], mode, 1, theme), quotes(rest, mode, len(rest), theme), f"Details{again}"


def _begun(text: str) -> str:
    """The first words of a quote, none of them cut; an ellipsis marks that more follows."""
    line, shown = one_line(text), snippet(text, CARD_WORDS)
    if shown == line:
        return line
    begun = shown.removesuffix("…")
    whole = begun if line.startswith(" ", len(begun)) else begun.rpartition(" ")[0] or begun
    return f"{whole.rstrip(' ,;:')}…"


def quotation(quote: Quote, mode: Mode) -> Quotation:
    """A quote with its place, and a sentence instead of its words if the report shows none."""
    place = quote.place
    missing = "" if quote.text else f"Words not shown; characters {place.start}–{place.end} of the document."
    return Quotation(quote.text, missing, _source(quote, mode))


def _source(quote: Quote, mode: Mode) -> Inlines:
    place = quote.place
    where = f", {place.date or 'undated'}, paragraph {place.position} of {place.of}"
    parts: Inlines = (words(place.title), ". ", words(place.source or "No source"), where)
    if quote.text:
        parts += (Only(PAPER, (f", characters {place.start}–{place.end}",)),)
    there = "Its place" if mode == "none" else "In its document"
    parts += (Only(PAGE, (". ", Link((there,), f"#{place.anchor}"))),)
    if place.url:
        parts += (". ", Link(("Source",), place.url))
    return (*parts, f". {quote.note[:1].upper()}{quote.note[1:]}") if quote.note else parts


def titled(place: Place) -> Inlines:
    """A paragraph's document, which leads to it in the page."""
    return (Link((words(place.title),), f"#{place.anchor}"),)


def of(part: int, whole: int) -> str:
    """40 of 220."""
    return f"{count(part)} of {count(whole)}"
