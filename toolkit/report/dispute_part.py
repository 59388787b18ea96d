"""Where coders disagree with each other, and the machine with them: a few paragraphs of each, and how many in all."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.figures import RunTables
from toolkit.figures.words import listed, one_line, plural
from toolkit.report.places import Quote, Reader

SHOWN = 8
HEADS = {"people": "Where coders disagree with each other", "machine": "Where the machine disagrees with the coders"}


@dataclass(frozen=True)
class Dispute:
    """A paragraph and, for each code in dispute, who gave it and who did not."""

    quote: Quote
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Disputes:
    """The disputes of one kind that are shown, and in words how many there are."""

    head: str
    words: str
    shown: tuple[Dispute, ...]


def disputes(tables: RunTables, reader: Reader) -> tuple[Disputes, ...]:
    """Both kinds of disagreement, those over most codes first; none where nobody coded."""
    made, texts = [], reader.table["text"]
    for between, head in HEADS.items():
        by_paragraph: dict[str, list[str]] = {}
        rows = [row for row in tables.rows("disagreements") if row["between"] == between]
        for row in rows:
            name = tables.code_names.get(row["code"], one_line(row["code"]))
            gave, not_gave = (listed([one_line(who) for who in row[side]]) for side in ("given_by", "not_given_by"))
            said = f"{name}: given by {gave or 'nobody'}, not by {not_gave or 'nobody'}"
            by_paragraph.setdefault(row["paragraph_id"], []).append(said)
        order = sorted(by_paragraph, key=lambda own: (-len(by_paragraph[own]), reader.rows[own]))
        shown = tuple(
            Dispute(reader.quote(own, texts[reader.rows[own]].as_py(), None, None), tuple(by_paragraph[own]))
            for own in order[:SHOWN]
        )
        words = f"{plural(len(rows), 'decision')} in {plural(len(order), 'paragraph')}"
        words += f"; {len(shown)} of them shown" if len(shown) < len(order) else ""
        if rows:
            made.append(Disputes(head, words, shown))
    return tuple(made)
