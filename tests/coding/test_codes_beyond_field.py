"""A code that the bound of the codebook's field alone removes is not called unsupported, and how often it is removed
is said; with fewer than four codes the method does not claim that a codebook of everything leaves nothing uncoded."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from kit.coding import encode, table

from toolkit.codebook import Code, Codebook
from toolkit.coding import CodebookSettings, code_paragraphs, scoring
from toolkit.coding.code_terms import sharing, wanted
from toolkit.coding.evidence import Evidence, gather
from toolkit.coding.sentences import passages

WORDS = {
    "sport": ("striker", "referee", "penalty", "league"),
    "money": ("profit", "shares", "dividend", "bank"),
    "films": ("actor", "cinema", "sequel", "oscar"),
    "phones": ("handset", "network", "mobile", "software"),
}
BOOK = Codebook(tuple(Code(code, code, " ".join(words) + ".", keywords=words) for code, words in WORDS.items()))
TEXTS = [f"The {words[i % 4]} and the {words[(i + 1) % 4]} came {i}." for words in WORDS.values() for i in range(6)]


def gathered() -> Evidence:
    every = [wanted(code) for code in BOOK.themes]
    return gather(every, sharing(BOOK, every), passages(table(TEXTS)), encode(TEXTS), encode)


def coded(book: Codebook = BOOK, **changes: Any) -> Any:
    settings = CodebookSettings(path="codebook.yaml", **changes)
    return code_paragraphs(settings, book, table(TEXTS), encode(TEXTS), encode, None, 1)


def test_codes_that_only_the_field_removes_are_named_with_how_many_paragraphs_they_lose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(scoring.FIELD_BOUND, "both", -1e9)
    open_counts = dict(
        zip(*(coded().thresholds.column(name).to_pylist() for name in ("code", "assigned")), strict=True)
    )
    assert all(open_counts.values())
    monkeypatch.setitem(scoring.FIELD_BOUND, "both", 1e9)
    bounded = coded()
    assert bounded.thresholds.column("assigned").to_pylist() == [0] * 4
    assert not any("does not support" in note for note in bounded.notes)
    (note,) = (note for note in bounded.notes if "Without it" in note)
    assert note.startswith("The bound of the codebook's field decides on 4 of 4 codes.")
    assert all(f"{code} {count} instead of 0" in note for code, count in open_counts.items())


def test_codes_of_which_the_field_leaves_a_small_part_are_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    field = np.sort(gathered().field)
    monkeypatch.setitem(scoring.FIELD_BOUND, "both", float(field[-2]))
    bounded = coded()
    assert 1 <= sum(bounded.thresholds.column("assigned").to_pylist()) <= 2
    (note,) = (note for note in bounded.notes if "Without it" in note)
    assert "4 of 4 codes" in note and "films 6 instead of 2" in note


@pytest.mark.parametrize(("codes", "claims"), [(4, True), (3, False)])
def test_that_hardly_any_paragraph_is_left_is_claimed_only_where_the_best_code_is_favoured(
    codes: int, claims: bool
) -> None:
    method = coded(dataclasses.replace(BOOK, themes=BOOK.themes[:codes]), covers="everything").method
    assert ("hardly any paragraph has no code" in method) == claims
    assert ("so paragraphs may have no code" in method) == (not claims)
