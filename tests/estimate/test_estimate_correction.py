"""Correction for coding error: unbiased and covering where uncorrected shares are neither."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.estimate import Coded, EstimateSettings, correct_share, estimate


def corrected(paragraphs: pa.Table, codes: Coded, resample: str = "document") -> list[dict[str, Any]]:
    """The table of corrected shares; ten documents a source."""
    names = sorted(set(paragraphs["document_id"].to_pylist()), key=lambda name: int(name[1:]))
    documents = pa.table(
        {
            "document_id": names,
            "duplicate_of": pa.array([None] * len(names), pa.string()),
            "date": pa.array([None] * len(names), pa.string()),
            "source": [f"s{int(name[1:]) // 10}" for name in names],
        }
    )
    whole = paragraphs.append_column("words", pa.array([50] * len(paragraphs), pa.int64()))
    whole = whole.append_column("theme", pa.array([0] * len(paragraphs), pa.int32()))
    settings = EstimateSettings(bootstrap=200, resample=resample)
    rows: list[dict[str, Any]] = estimate(settings, documents, whole, codes, 1).corrected.to_pylist()
    return rows


@pytest.mark.parametrize(("share", "missed", "false"), [(0.3, 0.35, 0.05), (0.15, 0.1, 0.2)])
def test_corrected_shares_cover_under_a_known_confusion_matrix_and_uncorrected_ones_do_not(
    share: float, missed: float, false: float
) -> None:
    rng = np.random.default_rng(7)
    documents, each, runs = 60, 10, 300
    names = [f"d{i // each:02d}" for i in range(documents * each)]
    covered = machine_covered = 0
    estimates, widths, human_widths = [], [], []
    for run in range(runs):
        inclination = rng.beta(share * 4, (1 - share) * 4, documents).repeat(each)
        truth = rng.random(documents * each) < inclination
        machine = np.where(truth, rng.random(len(truth)) > missed, rng.random(len(truth)) < false)
        coded = np.zeros(len(truth), bool)
        coded[rng.permutation(len(truth))[:150]] = True
        result = correct_share(machine, truth & coded, coded, names, 200, run)
        covered += result.corrected[1] <= share <= result.corrected[2]
        machine_covered += result.machine[1] <= share <= result.machine[2]
        estimates.append(result.corrected[0])
        widths.append(result.corrected[2] - result.corrected[1])
        human_widths.append(result.people[2] - result.people[1])
    assert abs(np.mean(estimates) - share) < 0.01
    assert 0.92 <= covered / runs <= 0.985
    assert machine_covered / runs < 0.6
    assert np.mean(widths) < np.mean(human_widths)


def test_too_few_coded_paragraphs_are_not_corrected_and_it_is_said() -> None:
    marks = np.array([True, False] * 10)
    coded = np.arange(20) < 5
    share = correct_share(marks, marks, coded, [f"d{i}" for i in range(20)], 100, 1)
    assert np.isnan(share.corrected[0]) and share.reason == "5 coded paragraphs; 20 are needed"


def test_the_table_shows_people_machine_and_both_side_by_side() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random(200) < 0.4
    machine = np.where(truth, rng.random(200) < 0.6, rng.random(200) < 0.05)
    paragraphs = pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(200)],
            "document_id": [f"d{i // 5}" for i in range(200)],
            "duplicate_of": pa.array([None] * 200, pa.string()),
        }
    )
    marks = [{"paragraph_id": f"p{i}", "code": "c" if truth[i] else None, "coder": "ann"} for i in range(0, 200, 2)]
    result = corrected(paragraphs, Coded({"c": machine}, {}, pa.Table.from_pylist(marks)))
    by = {row["by"]: row for row in result}
    assert by["coders"]["estimate"] == pytest.approx(truth[::2].mean())
    assert by["machine"]["estimate"] == pytest.approx(machine.mean())
    assert by["machine"]["estimate"] < by["both"]["estimate"] and by["both"]["n"] == 100
    assert by["both"]["low"] < by["both"]["estimate"] < by["both"]["high"]


def test_a_child_code_counts_for_its_parent_in_corrected_shares_as_it_does_in_prevalence() -> None:
    child = np.arange(60) % 3 == 0
    paragraphs = pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(60)],
            "document_id": [f"d{i // 3}" for i in range(60)],
            "duplicate_of": pa.array([None] * 60, pa.string()),
        }
    )
    marks = [{"paragraph_id": f"p{i}", "code": "child" if child[i] else None, "coder": "ann"} for i in range(60)]
    assigned = {"parent": np.zeros(60, bool), "child": child}
    codes = Coded(assigned, {"parent": None, "child": "parent"}, pa.Table.from_pylist(marks))
    shares = {(row["code"], row["by"]): row["estimate"] for row in corrected(paragraphs, codes)}
    assert shares["parent", "coders"] == shares["child", "coders"] == pytest.approx(1 / 3)
    assert shares["parent", "machine"] == pytest.approx(1 / 3)


def test_where_sources_are_drawn_corrected_shares_draw_them_too_and_their_intervals_widen() -> None:
    rng = np.random.default_rng(3)
    source = np.arange(400) // 40
    truth = rng.random(400) < np.where(source % 2 == 0, 0.8, 0.1)
    machine = truth ^ (rng.random(400) < 0.1)
    paragraphs = pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(400)],
            "document_id": [f"d{i // 4}" for i in range(400)],
            "duplicate_of": pa.array([None] * 400, pa.string()),
        }
    )
    marks = [{"paragraph_id": f"p{i}", "code": "c" if truth[i] else None, "coder": "ann"} for i in range(0, 400, 3)]
    codes = Coded({"c": machine}, {}, pa.Table.from_pylist(marks))
    alone, drawn = corrected(paragraphs, codes), corrected(paragraphs, codes, "source")
    for one, two in zip(alone, drawn, strict=True):
        assert one["estimate"] == two["estimate"]
        assert two["high"] - two["low"] > 1.5 * (one["high"] - one["low"]), one["by"]
