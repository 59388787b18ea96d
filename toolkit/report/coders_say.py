"""The coders' verdicts on codes in paragraphs, which decide the quotes of a report and their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.codebook.agreement import Marks
from toolkit.codebook.human import HumanCodes
from toolkit.codebook.verdicts import CONFIRMED, DISPUTED, REFUSED, Verdicts, verdicts
from toolkit.figures import RunTables
from toolkit.text.format import listed, one_line

ORDER: Mapping[str | None, int] = {CONFIRMED: 0, None: 1, DISPUTED: 2}
"""Quotes that coders confirmed come first, then those of uncoded paragraphs; refused ones are not shown."""


@dataclass(frozen=True)
class CodersSay:
    """The verdicts of a run's coders, and in whose words a report gives them."""

    verdicts: Verdicts
    marks: Marks
    coders: str

    def of(self, paragraph: str, code: str) -> str | None:
        """confirmed, refused or disputed; None for an uncoded paragraph."""
        return self.verdicts.get((paragraph, code))

    def refused(self, paragraph: str, code: str) -> bool:
        """Whether no coder of the paragraph gave it the code."""
        return self.of(paragraph, code) == REFUSED

    def note(self, paragraph: str, code: str) -> str:
        """The verdict as the note of a quote; empty for an uncoded paragraph."""
        match self.of(paragraph, code):
            case str() as verdict if verdict == CONFIRMED:
                return f"confirmed by the {self.coders}"
            case str() as verdict if verdict == DISPUTED:
                their_codes = {coder: codes[paragraph] for coder, codes in self.marks.items() if paragraph in codes}
                gave = [one_line(coder) for coder, codes in their_codes.items() if code in codes]
                others = [one_line(coder) for coder, codes in their_codes.items() if code not in codes]
                sides = f": given by {listed(gave)}, not by {listed(others)}" if gave else ""
                return f"disputed by the {self.coders}{sides}"
            case _:
                return ""


def coders_say(tables: RunTables) -> CodersSay:
    """The verdicts of those who coded a run; a code is given with every code below it."""
    table = tables.table("human")
    marks = HumanCodes(table).reference.by_coder() if table.num_rows else {}
    parents = {str(entry["id"]): entry.get("parent") for entry in tables.codebook}
    return CodersSay(verdicts(marks, parents), marks, tables.declared.coders.noun)
