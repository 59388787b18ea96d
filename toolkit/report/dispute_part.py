"""Where coders disagree with each other, the machine or machine coders with them: how many, and a few of each."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.codebook.kinds import MARKED
from toolkit.figures import RunTables
from toolkit.report.places import Quote, Reader
from toolkit.schemas import MACHINE
from toolkit.text.format import one_line

SHOWN = 8
KINDS = ("coders", "machine", "machine coder")


@dataclass(frozen=True)
class DisputedCode:
    """A code that some gave to a paragraph and others did not."""

    name: str
    given_by: tuple[str, ...]
    not_given_by: tuple[str, ...]


@dataclass(frozen=True)
class Dispute:
    """A paragraph and the codes in dispute."""

    quote: Quote
    codes: tuple[DisputedCode, ...]


@dataclass(frozen=True)
class Disputes:
    """Disputes between coders (`coders`), of the machine with them, or of machine coders with people: how many, and a
    few of them.
    """

    between: str
    decisions: int
    paragraphs: int
    shown: tuple[Dispute, ...]


def disputes(tables: RunTables, reader: Reader) -> tuple[Disputes, ...]:
    """All kinds of disagreement, those over most codes first; none if nobody coded."""
    made, texts, declared = [], reader.table["text"], tables.declared
    names = {"machine": declared.coders.the_run if declared.coders.kind == MACHINE else "machine"}
    names |= {coder: f"{coder}{MARKED}" for coder in declared.machines.ids}
    for between in KINDS:
        by_paragraph: dict[str, list[DisputedCode]] = {}
        rows = [row for row in tables.rows("disagreements") if row["between"] == between]
        for row in rows:
            name = tables.code_names.get(row["code"], one_line(row["code"]))
            gave, not_gave = (tuple(names.get(who, one_line(who)) for who in row[side])
                              for side in ("given_by", "not_given_by"))  # fmt: skip
            by_paragraph.setdefault(row["paragraph_id"], []).append(DisputedCode(name, gave, not_gave))
        order = sorted(by_paragraph, key=lambda name: (-len(by_paragraph[name]), reader.rows[name]))
        shown = tuple(
            Dispute(reader.quote(name, texts[reader.rows[name]].as_py(), None, None), tuple(by_paragraph[name]))
            for name in order[:SHOWN]
        )
        if rows:
            made.append(Disputes(between, len(rows), len(order), shown))
    return tuple(made)
