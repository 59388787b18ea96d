"""Shares by speaker: groups of paragraphs, whose intervals still come from draws of whole documents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.errors import ConfigError
from toolkit.estimate import Coded, EstimateSettings, estimate

INTERVIEWS = 12


def tables(speakers: tuple[str, ...] = ("I", "P")) -> tuple[Any, Any]:
    """Interviews in which I asks (theme 0) and P answers (theme 1, every third answer theme 0)."""
    ids = [f"d{number:02d}" for number in range(INTERVIEWS)]
    documents = pa.table(
        {
            "document_id": ids,
            "duplicate_of": pa.nulls(INTERVIEWS, pa.string()),
            "date": pa.nulls(INTERVIEWS, pa.string()),
        }
    )
    rows = [
        {"document_id": name, "speaker": who, "theme": 0 if who != "P" or (turn + at) % 3 == 0 else 1}
        for at, name in enumerate(ids)
        for turn in range(4)
        for who in speakers
    ]
    paragraphs = pa.table({
        "paragraph_id": [f"{row['document_id']}:{n}" for n, row in enumerate(rows)],
        "document_id": [row["document_id"] for row in rows], "speaker": [row["speaker"] for row in rows],
        "duplicate_of": pa.nulls(len(rows), pa.string()), "words": pa.array([10] * len(rows), pa.int32()),
        "theme": pa.array([row["theme"] for row in rows], pa.int32()),
    })  # fmt: skip
    return documents, paragraphs


def shares(result: Any, unit: str = "paragraph") -> dict[str, dict[str, Any]]:
    """The row of theme 1, counted once, of each speaker."""
    return {
        row["group"]: row
        for row in result.prevalence.to_pylist()
        if (row["group_by"], row["kind"], row["id"], row["unit"], row["counting"])
        == ("speaker", "theme", "1", unit, "unique")
    }


def test_each_speaker_has_the_share_of_the_speakers_own_paragraphs() -> None:
    documents, paragraphs = tables()
    estimates = estimate(
        EstimateSettings(bootstrap=200, group_by=("speaker",)), documents, paragraphs, Coded({}, {}), 1
    )
    rows = shares(estimates)
    spoken = zip(paragraphs["speaker"].to_pylist(), paragraphs["theme"].to_pylist(), strict=True)
    answers = np.array([theme for who, theme in spoken if who == "P"])
    assert rows["I"]["estimate"] == 0 and rows["I"]["n"] == rows["P"]["n"] == 4 * INTERVIEWS
    assert rows["P"]["estimate"] == pytest.approx(answers.mean())
    assert rows["P"]["low"] < rows["P"]["estimate"] < rows["P"]["high"]
    assert "documents" in rows["P"]["method"]
    assert shares(estimates, "document")["P"]["n"] == INTERVIEWS
    differences = [row for row in estimates.contrasts.to_pylist() if (row["id"], row["unit"]) == ("1", "paragraph")]
    assert [row["group"] for row in differences] == ["I"]
    assert differences[0]["difference"] == pytest.approx(-answers.mean())


def test_more_than_two_speakers_are_each_held_against_all_others() -> None:
    documents, paragraphs = tables(("I", "J", "P"))
    estimates = estimate(
        EstimateSettings(bootstrap=200, group_by=("speaker",)), documents, paragraphs, Coded({}, {}), 1
    )
    rows = {
        row["group"]: row for row in estimates.contrasts.to_pylist() if (row["id"], row["unit"]) == ("1", "paragraph")
    }
    assert rows["P"]["versus"] == "all others" and rows["P"]["n_versus"] == 8 * INTERVIEWS
    assert rows["P"]["difference"] == pytest.approx(shares(estimates)["P"]["estimate"])


def test_a_corpus_without_speakers_says_so() -> None:
    documents, paragraphs = tables()
    with pytest.raises(ConfigError, match=r"no 'speaker': no document was read as a transcript .*corpus\.speakers"):
        estimate(
            EstimateSettings(group_by=("speaker",)), documents, paragraphs.drop_columns(["speaker"]), Coded({}, {}), 1
        )
