"""Codes have an interval with coding error if no person checked them; the figures of that error can be read."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from toolkit.coding.code import THRESHOLDS
from toolkit.coding.quality import SCORED
from toolkit.estimate.coding_error import CodingError
from toolkit.schemas import CODES
from toolkit.study.share_error import measured_error, share_error_metrics, unchecked_codes
from toolkit.values import Coding

F1 = {"measure": "f1", "value": 0.3, "low": 0.2, "high": 0.4, "hits": 30, "n": 100}


def coding(*scored: dict[str, Any]) -> Coding:
    thresholds = pa.Table.from_pylist([{"code": code} for code in ("a", "b", "c")], THRESHOLDS)
    table = pa.Table.from_pylist(list(scored), SCORED)
    return Coding(CODES.empty_table(), thresholds, None, table, "")


def test_without_codes_by_people_every_code_is_unchecked() -> None:
    assert unchecked_codes(coding()) == {"a", "b", "c"}
    machine = [{"code": code, "coders_kind": "machine", **F1} for code in ("a", "b", "c")]
    assert unchecked_codes(coding(*machine)) == {"a", "b", "c"}
    assert unchecked_codes(None) == frozenset()


def test_a_code_that_people_checked_is_not_even_if_it_is_weak() -> None:
    undefined = {"code": "b", "measure": "f1", "reason": "nobody gave it", "n": 0, "hits": 0, "coders_kind": "person"}
    assert unchecked_codes(coding({"code": "a", "coders_kind": "person", **F1}, undefined)) == {"b", "c"}


def test_the_figures_that_come_with_the_toolkit_can_widen_a_share() -> None:
    error = measured_error()
    low, high = error.limits(0.1)
    assert low < 0.1 < high and error.codes >= 100 and 0 < error.mean_absolute_error < 0.2


def test_metrics_name_the_codebooks_and_are_left_out_if_no_interval_contains_the_error() -> None:
    error = CodingError(40, 4, 0.03, 0.6, 0.7, 0.1, 0.7, -1.0, 1.4, "development codebooks", 12)
    kinds = [["sampling", None], ["sampling", "sampling and coding error"]]
    none, some = (share_error_metrics(pa.table({"interval_of": kind}), error) for kind in kinds)
    assert none == {}
    by_name = {name: (row.value, row.n, row.of) for name, row in some.items()}
    assert by_name == {
        "share_error.mean": (0.03, 40, "codes of 4 development codebooks"),
        "share_error.slope": (0.6, 40, "codes of 4 development codebooks"),
        "share_error.within": (0.7, 12, "codes with a true share above 10%, of 4 development codebooks"),
    }
