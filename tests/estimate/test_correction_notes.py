"""What a run says of shares corrected with a coded sample follows from whether the draw was checked."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from toolkit.estimate import Coded, EstimateSettings, estimate
from toolkit.values import ASSUMPTION, Sampling

NAMES = [f"p{number}" for number in range(30)]
DOCUMENTS = pa.table(
    {"document_id": NAMES, "duplicate_of": pa.nulls(30, pa.string()), "date": pa.nulls(30, pa.string())}
)
PARAGRAPHS = pa.table({
    "paragraph_id": NAMES, "document_id": NAMES, "duplicate_of": pa.nulls(30, pa.string()),
    "theme": pa.array([0] * 30, pa.int32()), "words": pa.array([10] * 30, pa.int32()),
})  # fmt: skip
HUMAN = pa.table({"paragraph_id": NAMES, "code": ["c"] * 15 + [None] * 15, "coder": ["ann"] * 30})


def notes(sampling: Sampling | None) -> list[str]:
    codes = Coded({"c": np.arange(30) < 12}, {}, HUMAN, sampling)
    estimates = estimate(EstimateSettings(bootstrap=100, group_by=()), DOCUMENTS, PARAGRAPHS, codes, 1)
    return [note for note in estimates.notes if "correct" in note]


@pytest.mark.parametrize("words", ["drawn by lot", ASSUMPTION])
def test_a_checked_draw_is_reported_and_an_unchecked_one_is_called_an_assumption_in_whatever_words(words: str) -> None:
    weights = dict.fromkeys(NAMES, 1.0)
    assumed = f"Shares corrected with 30 coded paragraphs are {ASSUMPTION}; the data cannot show whether they are."
    assert notes(Sampling(weights, words, checked=True)) == [f"Shares corrected with the coded sample, {words}."]
    assert notes(Sampling(weights, words)) == [assumed] == notes(None)
    refused = Sampling({}, words, refused="it was drawn twice")
    assert notes(refused) == ["No share is corrected with the coded sample: it was drawn twice."]
