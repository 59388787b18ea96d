"""Shares of codes that nobody checked have an interval that contains the coding error, not sampling error alone."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.estimate import Coded, CodingError, EstimateSettings, estimate
from toolkit.estimate.coding_error import CodedShare
from toolkit.schemas import BY_CODING, BY_SAMPLING

ERROR = CodingError(40, 4, 0.03, 0.6, 0.7, 0.1, 0.7, -1.0, 1.4, "development codebooks")
PER = 10
DOCUMENTS = 20


def documents() -> Any:
    rows = [
        {"document_id": f"d{row:02d}", "duplicate_of": None, "date": f"{2000 + row % 4}-05-01", "source": "ab"[row % 2]}
        for row in range(DOCUMENTS)
    ]
    schema = pa.schema([(name, pa.string()) for name in ("document_id", "duplicate_of", "date", "source")])
    return pa.Table.from_pylist(rows, schema)


def paragraphs() -> Any:
    n = DOCUMENTS * PER
    return pa.table(
        {
            "paragraph_id": [f"p{row:03d}" for row in range(n)],
            "document_id": [f"d{row // PER:02d}" for row in range(n)],
            "words": [20] * n,
            "duplicate_of": pa.array([None] * n, pa.string()),
            "theme": pa.array([0] * n, pa.int32()),
        }
    )


def odds(share: float) -> float:
    return math.log((share + 0.005) / (1.005 - share))


def back(value: float) -> float:
    return 1.01 / (1 + math.exp(-value)) - 0.005


MARKS = np.array([row % PER < (row // PER) % 4 for row in range(DOCUMENTS * PER)])
"""0, 1, 2 or 3 of the ten paragraphs of a document: 15 % of all."""


@cache
def estimated(unchecked: Any = ("c",), error: CodingError | None = ERROR, **coded: Any) -> Any:
    codes = Coded({"c": MARKS, "none": MARKS & False}, unchecked=unchecked, error=error, **coded)
    settings = EstimateSettings(bootstrap=100, group_by=("source",))
    return estimate(settings, documents(), paragraphs(), codes, 1)


def rows_of(table: Any, **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in table.to_pylist() if all(row[name] == value for name, value in wanted.items())]


def share(made: Any, code: str = "c", unit: str = "paragraph", **more: Any) -> dict[str, Any]:
    wanted = {"group_by": None, "counting": "unique", **more}
    return rows_of(made.prevalence, kind="code", id=code, unit=unit, **wanted)[0]


def test_the_interval_joins_both_errors_on_the_scale_of_log_odds() -> None:
    row = share(estimated())
    assert row["estimate"] == pytest.approx(0.15)
    assert row["interval_of"] == BY_CODING
    low, high = row["sampling_low"], row["sampling_high"]
    assert 0 < low < 0.15 < high < 1
    down = math.sqrt((odds(0.15) - odds(low)) ** 2 + 1.0**2)
    up = math.sqrt((odds(high) - odds(0.15)) ** 2 + 1.4**2)
    assert row["low"] == pytest.approx(max(back(odds(0.15) - down), 0))
    assert row["high"] == pytest.approx(back(odds(0.15) + up))


def test_the_interval_of_a_broad_code_ends_before_everything() -> None:
    low, high = CodedShare(ERROR, 0.4).widened(0.2, 0.65)
    assert 0.1 < low < 0.2 and 0.75 < high < 0.95


def test_checked_codes_and_themes_keep_the_interval_of_sampling() -> None:
    made, plain = estimated(), estimated(unchecked=())
    assert share(plain)["interval_of"] == BY_SAMPLING
    assert (share(plain)["low"], share(plain)["high"]) == (share(made)["sampling_low"], share(made)["sampling_high"])
    for table in (made.prevalence, plain.prevalence):
        for row in rows_of(table, kind="theme") + rows_of(table, id="none"):
            assert (row["low"], row["high"]) == (row["sampling_low"], row["sampling_high"])
    assert estimated(unchecked=("c",), error=None).prevalence == plain.prevalence


def test_a_code_that_was_not_found_may_still_be_there() -> None:
    """Of 0 paragraphs given, up to 1.5 % may carry it before any sampling error."""
    row = share(estimated(unchecked=("c", "none")), "none")
    assert (row["estimate"], row["low"]) == (0, 0)
    beyond = math.hypot(1.4, odds(row["sampling_high"]) - odds(0))
    assert row["high"] == pytest.approx(back(odds(0) + beyond))
    assert CodedShare(ERROR, 0.0).widened(0.0, 0.0) == pytest.approx((0.0, back(odds(0) + 1.4)))
    assert back(odds(0) + 1.4) == pytest.approx(0.015, abs=0.001)


def test_every_group_and_unit_of_the_code_is_widened_and_contains_its_sampling_interval() -> None:
    rows = rows_of(estimated().prevalence, kind="code", id="c")
    assert {(row["group_by"], row["unit"], row["counting"]) for row in rows} >= {
        ("source", "paragraph", "unique"), ("source", "document", "published"), (None, "document", "unique"),
    }  # fmt: skip
    for row in rows:
        assert row["interval_of"] == BY_CODING
        assert 0 <= row["low"] <= row["sampling_low"] <= row["estimate"] <= row["sampling_high"] <= row["high"] <= 1
        assert row["low"] < row["sampling_low"] or row["low"] == 0


def test_shares_of_documents_take_the_error_of_their_paragraphs() -> None:
    """15 of 20 documents have one of 15 % of the paragraphs: as if 8.5 of their 10 paragraphs varied independently."""
    error = CodedShare(ERROR, 0.75, 0.15, 10.0)
    k = math.log(0.25) / math.log(0.85)
    low, high = (back(odds(0.15) + more) for more in (-1.0, 1.4))
    assert error.coding_limits() == pytest.approx((1 - (1 - low) ** k, 1 - (1 - high) ** k))
    crowded = CodedShare(ERROR, 0.9, 0.15, 5.0)  # more documents than 5 independent paragraphs could reach
    assert crowded.coding_limits() == pytest.approx((1 - (1 - low) ** 5, max(1 - (1 - high) ** 5, 0.9)))
    row = share(estimated(), unit="document")
    assert row["estimate"] == pytest.approx(0.75)
    assert (row["low"], row["high"]) == pytest.approx(error.widened(row["sampling_low"], row["sampling_high"]))
    assert CodedShare(ERROR, 0.0, 0.0, 10.0).coding_limits()[1] == pytest.approx(1 - (1 - back(odds(0) + 1.4)) ** 10)
    assert CodedShare(ERROR, 1.0, 0.15, 10.0).coding_limits() == pytest.approx((1 - (1 - low) ** 10, 1.0))


def test_contrasts_and_trends_keep_sampling_error_and_a_note_says_so() -> None:
    made, plain = estimated(), estimated(unchecked=())
    assert made.contrasts == plain.contrasts
    assert made.trends == plain.trends
    assert any("intervals of sampling error alone" in note for note in made.notes)
    assert "40 codes of 4 development codebooks" in made.method
    assert "3.0 percentage points" in made.method
    assert not any("coding error" in note for note in plain.notes)


def test_a_share_corrected_by_people_is_left_and_one_corrected_towards_machines_is_not() -> None:
    marks = [{"paragraph_id": f"p{row:03d}", "code": "c" if MARKS[row] else None, "coder": "ann"} for row in range(100)]
    human = pa.Table.from_pylist(marks)
    assert share(estimated.__wrapped__(human=human))["interval_of"] == BY_SAMPLING
    assert share(estimated.__wrapped__(human=human, kind="machine"))["interval_of"] == BY_CODING


def test_the_joined_interval_covers_true_shares_and_sampling_alone_does_not() -> None:
    rng = np.random.default_rng(7)
    sd = 0.7
    error = replace(ERROR, log_odds_low=-1.96 * sd, log_odds_high=1.96 * sd)
    inside = plain = 0
    for _ in range(3000):
        given = rng.uniform(0.05, 0.3)
        true, spread = back(odds(given) + rng.normal(0, sd)), 0.3
        seen = max(back(odds(given) + rng.normal(0, spread)), 0.0)
        low, high = (max(back(odds(seen) + sign * 1.96 * spread), 0.0) for sign in (-1, 1))
        ends = CodedShare(error, seen).widened(low, high)
        inside += ends[0] <= true <= ends[1]
        plain += low <= true <= high
    assert 0.94 <= inside / 3000 <= 0.965
    assert plain / 3000 < 0.7


def test_another_level_scales_the_coding_error_as_a_normal_one() -> None:
    low, high = CodedShare(ERROR, 0.15).widened(0.15, 0.15, 0.6827)
    assert low == pytest.approx(back(odds(0.15) - 1.0 / 1.96), rel=1e-3)
    assert high == pytest.approx(back(odds(0.15) + 1.4 / 1.96), rel=1e-3)


def test_figures_that_leave_the_given_share_out_are_refused() -> None:
    with pytest.raises(ValueError, match="do not contain 0"):
        replace(ERROR, log_odds_low=0.1)
