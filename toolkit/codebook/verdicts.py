"""The coders' verdict on a code in a paragraph that they coded: confirmed, refused or disputed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from toolkit.codebook.agreement import Marks

CONFIRMED, REFUSED, DISPUTED = "confirmed", "refused", "disputed"
Verdicts = Mapping[tuple[str, str], str]
"""(paragraph_id, code) -> confirmed, refused or disputed, for every code of every coded paragraph."""


def verdicts(marks: Marks, parents: Mapping[str, str | None]) -> Verdicts:
    """The verdicts: confirmed if every coder gave the code or a code below it, refused if none did, else disputed.

    Args:
        marks: coder -> paragraph -> the codes given.
        parents: code -> the code above it, for every code of the codebook.
    """
    codings: dict[str, list[frozenset[str]]] = {}
    for codings_of in marks.values():
        for paragraph, codes in codings_of.items():
            codings.setdefault(paragraph, []).append(frozenset(_with_parents(codes, parents)))
    return {
        (paragraph, code): _verdict(sum(code in codes for codes in sets), len(sets))
        for paragraph, sets in codings.items()
        for code in parents
    }


def _with_parents(codes: Iterable[str], parents: Mapping[str, str | None]) -> set[str]:
    """The codes and all codes above them."""
    reached: set[str] = set()
    for code in codes:
        at: str | None = code
        while at is not None and at not in reached:
            reached.add(at)
            at = parents.get(at)
    return reached


def _verdict(gave: int, coders: int) -> str:
    return REFUSED if gave == 0 else CONFIRMED if gave == coders else DISPUTED
