"""How coded paragraphs were drawn is read from the design of their sheet, not from the spelling of its id."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from toolkit.codebook import HumanCodes, sampling
from toolkit.codebook.human import HUMAN
from toolkit.files.digest import texts_digest

TEXTS = {f"p{number}": f"Text number {number} of ten." for number in range(10)}
PARAGRAPHS = pa.table({"paragraph_id": list(TEXTS), "text": list(TEXTS.values())})


def design(sheet: str, how: str, drawn: int = 4) -> dict[str, Any]:
    """What `toolkit sample` writes beside a sheet: the first paragraphs, drawn in one stratum."""
    rows = [{"paragraph_id": name, "stratum": "all"} for name in list(TEXTS)[:drawn]]
    return {
        "sheet": sheet, "how": how, "seed": 1, "already_coded": [], "paragraphs": rows,
        "strata": [{"stratum": "all", "paragraphs": len(TEXTS), "drawn": drawn}],
        "frame": {"corpus": len(TEXTS), "sha256": texts_digest(sorted(TEXTS.values()))},
    }  # fmt: skip


def coded(sheet: str, n: int = 4) -> HumanCodes:
    """Codes of the first paragraphs that name a sheet."""
    names = list(TEXTS)[:n]
    marks = pa.table([names, ["a"] * n, ["ann"] * n], schema=HUMAN.empty_table().select(range(3)).schema)
    return HumanCodes(marks, sheets={name: frozenset({sheet}) for name in names})


@pytest.mark.parametrize("sheet", ["r-1a2b", "i-harbour", "sheet 3"])
def test_a_random_sheet_of_any_name_weighs_the_corpus_over_its_coded_paragraphs(sheet: str) -> None:
    sample = sampling(coded(sheet), [design(sheet, "random")], PARAGRAPHS)
    assert sample.weights == dict.fromkeys(list(TEXTS)[:4], 10 / 4)
    assert sample.checked and sample.refused is None and not any("hard cases" in note for note in sample.notes)


@pytest.mark.parametrize("sheet", ["i-1a2b", "r-harbour", "sheet 3"])
def test_an_informative_sheet_of_any_name_corrects_no_share(sheet: str) -> None:
    sample = sampling(coded(sheet), [design(sheet, "informative")], PARAGRAPHS)
    assert not sample.weights and not sample.checked and "hard to tell" in str(sample.refused)
    assert any(note.startswith("4 of 4 coded paragraphs were drawn as hard cases") for note in sample.notes)


@pytest.mark.parametrize("sheet", ["i-1a2b", "r-1a2b"])
def test_a_sheet_whose_design_is_not_there_corrects_no_share(sheet: str) -> None:
    sample = sampling(coded(sheet), [], PARAGRAPHS)
    assert not sample.weights and not sample.checked and f"design of coding sheet {sheet}" in str(sample.refused)


def test_codes_of_no_sheet_are_an_assumption_and_not_checked() -> None:
    sample = sampling(coded(""), [], PARAGRAPHS)
    assert set(sample.weights.values()) == {1.0} and not sample.checked and sample.refused is None
