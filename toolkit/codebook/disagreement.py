"""The paragraphs and codes on which coders disagree with each other, or the machine or another machine with them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from toolkit.codebook.agreement import Marks
from toolkit.schemas import PERSON
from toolkit.values import Table

DISAGREEMENTS = pa.schema(
    [
        (
            "between",
            pa.string(),
        ),  # coders: with each other; machine: this run's coding with them; machine coder: one with people
        ("paragraph_id", pa.string()),
        ("document_id", pa.string()),
        ("code", pa.string()),
        ("given_by", pa.list_(pa.string())),
        ("not_given_by", pa.list_(pa.string())),
        ("text", pa.large_string()),
        ("coders_kind", pa.string()),  # of the coders: person or machine
    ]
)
CODERS, MACHINE, MACHINE_CODER = "coders", "machine", "machine coder"


def disagreements(
    marks: Marks,
    machine: Mapping[str, frozenset[str]],
    codes: tuple[str, ...],
    paragraphs: Table,
    kind: str = PERSON,
    machines: Marks | None = None,
) -> Table:
    """The table DISAGREEMENTS, coders first, then by paragraph and code in the codebook's order.

    Args:
        marks: coder -> paragraph -> the codes given, by the coders of the reference, whose kind is `kind`.
        machine: paragraph -> the codes that the machine gave. The coders' codes are those that at least half of a
            paragraph's coders gave.
        paragraphs: pa.Table with paragraph_id, document_id and text.
        machines: as `marks`, of machines that coded beside people; each is compared separately with the people's codes.
    """
    texts = {row["paragraph_id"]: row for row in paragraphs.select(["paragraph_id", "document_id", "text"]).to_pylist()}
    coded: dict[str, dict[str, frozenset[str]]] = {}
    for coder, codings_of in sorted(marks.items()):
        for paragraph, codes_given in codings_of.items():
            coded.setdefault(paragraph, {})[coder] = codes_given
    order = [paragraph for paragraph in texts if paragraph in coded]
    rows = []
    beside = [(MACHINE_CODER, name, codings_of) for name, codings_of in sorted((machines or {}).items())]
    for between, name, codings in ((CODERS, CODERS, machine), (MACHINE, MACHINE, machine), *beside):
        for paragraph in order:
            for code in codes:
                sides = _sides(name, code, coded[paragraph], codings.get(paragraph))
                if sides is not None:
                    rows.append({"between": between, "code": code, "given_by": sides[0], "not_given_by": sides[1],
                                 **texts[paragraph], "coders_kind": kind})  # fmt: skip
    return pa.Table.from_pylist(rows, schema=DISAGREEMENTS)


def _sides(
    name: str, code: str, codes_by: Mapping[str, frozenset[str]], machine: frozenset[str] | None
) -> tuple[list[str], list[str]] | None:
    """Who gave the code and who did not, `name` (coders: the coders alone) with the coders; None if all agree."""
    for_it = [coder for coder, codes in codes_by.items() if code in codes]
    against = [coder for coder in codes_by if coder not in for_it]
    if name == CODERS:
        return (for_it, against) if for_it and against else None
    if machine is None or (2 * len(for_it) >= len(codes_by)) == (code in machine):
        return None
    return ([*for_it, name], against) if code in machine else (for_it, [*against, name])
