"""A figure: a picture that shows itself, the table behind it, and words for those who cannot see it."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.errors import ConfigError, StoreError
from toolkit.figures.style import rules, sans
from toolkit.text.format import one_line

if TYPE_CHECKING:
    import pandas as pd

EASTERN = "Chinese, Japanese and Korean characters are shown by a font of the reader's own system."
MARGIN = 12
"""Paper around a figure that is a file of its own."""


@dataclass(frozen=True)
class Figure:
    """One figure. `body` is SVG without its frame; `reason` says why there is nothing to see, where that is so.

    `svg` is a file that stands alone (fonts and colours inside); `inline` is the same picture for a page that brings
    both. `table` holds every number that the picture shows.
    """

    name: str
    title: str
    caption: str
    alt: str
    body: str
    width: int
    height: int
    table: Any  # pa.Table
    source: str = ""  # the tables of the run folder that it was drawn from
    reason: str = ""
    headline: str = ""  # the finding in words, by rules from the numbers; "" if none

    def __post_init__(self) -> None:
        if any(unicodedata.east_asian_width(character) == "W" for character in set(self.body)):
            object.__setattr__(self, "caption", f"{self.caption} {EASTERN}")

    @property
    def svg(self) -> str:
        """The picture as a file of its own: light colours, fonts embedded."""
        style = f"<style>{sans()}{rules()}</style>"
        paper = f'<rect x="{-MARGIN}" y="{-MARGIN}" width="100%" height="100%" fill="#ffffff"/>'
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{self._frame(style + paper, margin=MARGIN)}\n'

    def inline(self, extra: str = "") -> str:
        """The picture for a page whose style sheet holds the rules of figures."""
        return self._frame("", extra)

    def _frame(self, style: str, extra: str = "", margin: int = 0) -> str:
        ids = f"fig-{self.name}"
        words = (
            f'<title id="{ids}-title">{escape(one_line(self.title))}</title>'
            f'<desc id="{ids}-desc">{escape(one_line(self.alt))}</desc>'
        )
        wide, high = self.width + 2 * margin, self.height + 2 * margin
        size = f'viewBox="{-margin} {-margin} {wide} {high}" width="{wide}" height="{high}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="fig" {size} role="img" '
            f'aria-labelledby="{ids}-title {ids}-desc"{extra}>{words}{style}{self.body}</svg>'
        )

    @property
    def data(self) -> pd.DataFrame:
        """Every number that the picture shows, as a DataFrame."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def save(self, path: Path | str) -> Path:
        """Write the picture (.svg) and, beside it, the numbers that it shows (.csv); the picture's path.

        Raises ConfigError for another ending, StoreError where it cannot be written.
        """
        from toolkit.files.csv import write_csv

        out = Path(path)
        if out.suffix.lower() != ".svg":
            raise ConfigError([f"{out}: figures are written as .svg, got {out.suffix or 'no ending'!r}"])
        try:
            out.write_text(self.svg, encoding="utf-8", newline="\n")
            write_csv(self.table, out.with_suffix(".csv"))
        except OSError as fault:
            raise StoreError(f"{out}: cannot be written: {fault.strerror or fault}") from None
        return out

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """The picture as an image, so that its fonts and rules stay out of the page around it."""
        picture = b64encode(self.svg.encode("utf-8")).decode("ascii")
        image = f'<img alt="{escape(one_line(self.alt))}" src="data:image/svg+xml;base64,{picture}">'
        caption = f"<figcaption>{escape(one_line(self.caption))}</figcaption>"
        return f'<figure style="max-width:{self.width}px">{image}{caption}</figure>'


def nothing(name: str, title: str, reason: str, table: Any, source: str = "") -> Figure:
    """A figure of something that the run does not hold: the reason in words, and an empty table."""
    from toolkit.figures.svg import lines

    body = lines(16, 30, reason, 488, "soft")
    return Figure(name, title, reason, reason, body, 520, 60, table, source, reason)
