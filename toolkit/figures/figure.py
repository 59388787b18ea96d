"""A figure: a picture that shows itself, the table behind it, and words for those who cannot see it."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import ConfigError, StoreError, nearest
from toolkit.figures import svg
from toolkit.figures.raster import Kind, rendered
from toolkit.figures.style import HEAD, NARROW, TEXT, WIDE, rules, sans
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import one_line, wrap
from toolkit.values import Table

if TYPE_CHECKING:
    import pandas as pd

EASTERN = "Chinese, Japanese and Korean characters are shown by a font of the reader's own system."
ENDINGS = (".svg", ".png", ".pdf")
"""What a figure is written as."""
MARGIN = 12
"""Paper around a figure that is a file of its own."""


@dataclass(frozen=True)
class Figure:
    """One figure. `body` is SVG without its frame; `reason` is why there is nothing to see, empty otherwise.

    `svg` is a complete file (fonts and colours inside); `inline` is the same picture for a page that brings both.
    `table` contains every number that the picture shows. A file has the headline and the title above the picture, a
    page has them as text of its own. `narrow` is the same figure for a column of 85 mm and for a telephone; the figure
    itself is for the whole width of a page (170 mm).
    """

    name: str
    title: str
    caption: str
    alt: str
    body: str
    width: int
    height: int
    table: Table
    source: str = ""  # the tables of the run folder that it was drawn from
    reason: str = ""
    headline: str = ""  # the finding in words, by rules from the numbers; "" if none
    narrow: Figure | None = None  # None: drawn at one width only
    measure: str = ""  # what its numbers are, for a file, which has no caption

    def __post_init__(self) -> None:
        eastern = any(unicodedata.east_asian_width(character) == "W" for character in set(self.body))
        if eastern and not self.caption.endswith(EASTERN):  # a figure made from another one has it already
            object.__setattr__(self, "caption", f"{self.caption} {EASTERN}")

    @property
    def svg(self) -> str:
        """The picture as a file of its own: headline above, light colours, fonts embedded."""
        over, high = self._over()
        style = f"<style>{sans()}{rules()}.over{{display:inline}}</style>"
        paper = f'<rect x="{-MARGIN}" y="{-MARGIN - high}" width="100%" height="100%" fill="#ffffff"/>'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{self._frame(style + paper + over, self._box(high))}\n'

    def inline(self, extra: str = "") -> str:
        """The picture for a page whose style sheet contains the rules of figures.

        The words above it are hidden; `data-box` is the view box of a file, in which they are shown.
        """
        over, high = self._over()
        return self._frame(over, (0, 0, self.width, self.height), f'{extra} data-box="{_spelled(self._box(high))}"')

    def _box(self, above: int) -> tuple[int, int, int, int]:
        return -MARGIN, -MARGIN - above, self.width + 2 * MARGIN, self.height + above + 2 * MARGIN

    def _over(self) -> tuple[str, int]:
        """Headline, title and measure as SVG, and their height."""
        if self.reason:
            return "", 0
        rows = [(line, "head", HEAD) for line in wrap(self.headline, self.width, HEAD, 4, bold=True) if line]
        words = f"{self.title}: {self.measure}" if self.measure else self.title
        kind, size = ("label soft", TEXT) if rows else ("head", HEAD)
        rows += [(line, kind, size) for line in wrap(words, self.width, size, 3, bold=kind == "head")]
        high = round(sum(1.3 * size for _, _, size in rows)) + 12
        made, y = [], float(-high)
        for line, kind, size in rows:
            y += 1.3 * size
            made.append(svg.text(0, y - 4, line, kind))
        return svg.element("g", "".join(made), class_="over"), high

    def _frame(self, content: str, box: tuple[int, int, int, int], extra: str = "") -> str:
        ids = f"fig-{self.name}" + "-narrow" * (self.width == NARROW)
        words = (
            f'<title id="{ids}-title">{escape(one_line(self.title))}</title>'
            f'<desc id="{ids}-desc">{escape(one_line(self.alt))}</desc>'
        )
        size = f'viewBox="{_spelled(box)}" width="{box[2]}" height="{box[3]}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="fig" {size} role="img" '
            f'aria-labelledby="{ids}-title {ids}-desc"{extra}>{words}{content}{self.body}</svg>'
        )

    @property
    def data(self) -> pd.DataFrame:
        """Every number that the picture shows, as a DataFrame."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    @property
    def size(self) -> tuple[int, int]:
        """Pixels of the file, across and down."""
        box = self._box(self._over()[1])
        return box[2], box[3]

    def save(self, path: Path | str) -> Path:
        """Write the picture (.svg, .png, .pdf) and, beside it, the numbers that it shows (.csv); the picture's path.

        Raises ConfigError for another ending, StoreError if it cannot be written, MissingExtraError for .png and .pdf
        without typst.
        """
        from toolkit.files.csv import write_csv

        out = Path(path)
        kind = out.suffix.lower()
        if kind not in ENDINGS:
            close = nearest(kind, ENDINGS) or f", such as {out.with_suffix('.svg').name}"
            raise ConfigError([f"{out}: figures are written as .svg, .png or .pdf, got {kind or 'no ending'!r}{close}"])
        content = self.svg.encode("utf-8") if kind == ".svg" else self.rendered("png" if kind == ".png" else "pdf")
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(content)
            write_csv(self.table, out.with_suffix(".csv"))
        except OSError as fault:
            raise StoreError(f"{out}: cannot be written: {fault.strerror or fault}") from None
        return out

    def rendered(self, kind: Kind) -> bytes:
        """The picture as PNG (two pixels for each of its own) or PDF. Raises MissingExtraError without typst."""
        return rendered(self.svg, self.size, self.alt, kind)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """The picture as an image, so that its fonts and rules stay out of the page around it."""
        picture = b64encode(self.svg.encode("utf-8")).decode("ascii")
        image = f'<img alt="{escape(one_line(self.alt))}" src="data:image/svg+xml;base64,{picture}">'
        caption = f"<figcaption>{escape(one_line(self.caption))}</figcaption>"
        return f'<figure style="max-width:{self.width}px">{image}{caption}</figure>'


def _spelled(box: tuple[int, int, int, int]) -> str:
    return " ".join(map(str, box))


def at_both_widths(draw: Callable[[RunTables, int], Figure]) -> Callable[[RunTables], Figure]:
    """What draws a figure for the whole width of a page, with the one for a column in it."""

    def made(tables: RunTables) -> Figure:
        return replace(draw(tables, WIDE), narrow=draw(tables, NARROW))

    made.__doc__ = draw.__doc__
    return made


def nothing(name: str, title: str, reason: str, table: Table, source: str = "") -> Figure:
    """A figure of something that the run lacks: the reason in words, and an empty table."""
    body = svg.lines(16, 30, reason, 488, "soft")
    return Figure(name, title, reason, reason, body, 520, 60, table, source, reason)
