"""Finds a column of dates with an unknown name by its content."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice

from toolkit.corpus.columns import Profile
from toolkit.corpus.date_parts import NOTHING
from toolkit.corpus.dates import parsed
from toolkit.corpus.readers.cells import cell_of, cell_text
from toolkit.corpus.source import Row
from toolkit.text.notes import note

KEY = "corpus.columns.date"
SAMPLE_CELLS = 20
"""Number of filled cells of a column that are examined."""
_LEAST_DATE_SHARE = 0.9
_NAMED = (
    "publi", "taken", "sent", "gesendet", "time", "veröffentlich", "опублик", "yayın", "date",
    "datum", "dato", "fecha", "data", "дата", "posted", "created", "erschein", "aired", "broadcast",
    "tarih", "päivä", "日", "时间", "時間", "날짜", "تاريخ", "तारीख",
)  # fmt: skip
_OTHER = (
    "birth", "born", "geb", "naiss", "nacim", "nasc", "nascita", "рожд", "生年", "出生", "death", "died", "updat",
    "modif", "index", "retriev", "access", "download", "crawl", "scrap", "collect", "added", "import", "export", "load",
    "aktualis", "abruf", "mise à jour", "actualiz", "обнов", "更新", "deadline", "expir", "end", "bis", "fin", "joined",
    "member",
)  # fmt: skip
"""Parts of names of columns whose dates are not those of publication."""


def date_column(profiles: Sequence[Profile], rows: Sequence[Row], taken: Collection[str]) -> tuple[str, str]:
    """The column of dates of a table that has none with a known name, or empty; with a note in either case."""
    hits = [p.name for p in profiles if p.name not in taken and p.name and _holds_dates(p.name, rows)]
    likely = [name for name in hits if _has(name, _NAMED) and not _has(name, _OTHER)]
    if len(likely) == 1:
        return likely[0], note("no column has a known name for the date; read from the one of dates", likely[0], KEY)
    if hits:
        return "", note("no column has a known name for the date; columns of dates are not read", ", ".join(hits), KEY)
    return "", ""


def _has(name: str, parts: Sequence[str]) -> bool:
    return any(part in name.casefold() for part in parts)


def _holds_dates(name: str, rows: Sequence[Row]) -> bool:
    """Whether nearly all cells of a column are dates, in more than bare numbers."""
    texts = (cell_text(cell_of(row.cells, name)).strip() for row in rows)
    filled = list(islice((text for text in texts if text), SAMPLE_CELLS))
    if not filled or not any(char.isdigit() for char in filled[0]) or len(filled[0]) > 60:
        return False
    return sum(_is_date(text) for text in filled) >= _LEAST_DATE_SHARE * len(filled)


def _is_date(text: str) -> bool:
    return len(text) >= 6 and not text.replace(".", "").isdigit() and len(text) <= 60 and parsed(text) != NOTHING
