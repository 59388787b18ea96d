"""The last check before a quote is written: it must be a verbatim part of a paragraph of its theme."""

from __future__ import annotations

from toolkit.errors import QuoteError
from toolkit.values import Ints, Table


def check_quotes(rows: Table, paragraphs: Table, assignment: Ints) -> None:
    """Raise QuoteError unless every quote is verbatim and its paragraph belongs to its theme.

    rows: table of EXEMPLARS; paragraphs: the n unique paragraphs (paragraph_id, start, text); assignment (n,) their
    themes. Each row is checked: the paragraph exists, its theme is that of the row, and the characters of its text from
    `start` to `end` (offsets in the document) are the quote.
    """
    place = {paragraph: i for i, paragraph in enumerate(paragraphs["paragraph_id"].to_pylist())}
    starts, texts = paragraphs["start"], paragraphs["text"]
    for row in rows.to_pylist():
        where = f"exemplar {row['rank']} of theme {row['theme']} (paragraph {row['paragraph_id']!r})"
        at = place.get(row["paragraph_id"])
        if at is None:
            raise QuoteError(f"{where}: no such paragraph; the quote {_short(row['quote'])} is not written")
        if int(assignment[at]) != row["theme"]:
            raise QuoteError(
                f"{where}: the quote {_short(row['quote'])} belongs to theme {int(assignment[at])}; it is not written"
            )
        offset = starts[at].as_py()
        text = texts[at].as_py()
        first, last = row["start"] - offset, row["end"] - offset
        if not row["quote"] or first < 0 or last > len(text) or text[first:last] != row["quote"]:
            raise QuoteError(
                f"{where}: the quote {_short(row['quote'])} does not stand at characters {row['start']} to "
                f"{row['end']} of its document, which read {_short(text[max(first, 0) : max(last, 0)])}; not written"
            )


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
