"""A claim that holds a share of an unchecked code against a value allows for coding error; no other claim does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from kit.claims import human, material
from pydantic import TypeAdapter

from toolkit.claims import Claim, answer
from toolkit.claims.measures import share
from toolkit.estimate.coding_error import CodedShare, CodingError, log_odds, share_of
from toolkit.schemas import BY_CODING, BY_SAMPLING

ERROR = CodingError(40, 4, 0.03, 0.6, 0.7, 0.1, 0.7, -1.0, 1.4, "development codebooks")
MARKS = {"x": [[i % 3 == 0, i % 2 == 0, i == 4] for i in range(16)]}
"""15 of 48 paragraphs, in 11 of 16 documents."""


def asked(of: Any, **claim: Any) -> dict[str, Any]:
    given = TypeAdapter(Claim).validate_python({"claim": "above", "code": "x", "share": 0.12, **claim})
    rows: list[dict[str, Any]] = answer([given], of).table.to_pylist()
    return rows[0]


def test_a_share_against_a_value_has_the_interval_and_p_of_both_errors() -> None:
    plain, row = asked(material(MARKS)), asked(material(MARKS, error=ERROR))
    centre = log_odds(15 / 48)
    assert plain["estimate"] == row["estimate"] == pytest.approx(15 / 48)
    down = math.hypot(centre - log_odds(plain["low"]), 1.0)
    assert row["low"] == pytest.approx(share_of(centre - down))
    assert plain["interval_of"] == BY_SAMPLING and plain["verdict"] == "holds by unchecked codes"
    assert row["interval_of"] == BY_CODING and row["verdict"] == "cannot be told" and row["p"] > 0.05 > plain["p"]
    assert row["low"] < 0.12 < plain["low"]


def test_p_is_the_level_at_which_the_interval_of_both_errors_reaches_the_value() -> None:
    row = asked(material(MARKS, error=ERROR), share=0.2)
    reached = asked(material(MARKS, error=ERROR), share=row["low"] + 1e-9)
    assert reached["p"] == pytest.approx(0.05, abs=1e-4)
    estimate, level = share(np.array([[sum(hits), 3] for hits in MARKS["x"]], float)), 1 - row["p"]
    assert CodedShare(ERROR, 15 / 48).widened(*estimate.at(level), level)[0] == pytest.approx(0.2)


def test_a_share_of_documents_takes_the_error_of_its_paragraphs() -> None:
    plain, row = (asked(material(MARKS, error=error), unit="document", share=0.5) for error in (None, ERROR))
    of = CodedShare(ERROR, 11 / 16, 15 / 48, 3.0)
    assert (row["low"], row["high"]) == pytest.approx(of.widened(plain["low"], plain["high"]))


def test_differences_and_shares_that_people_corrected_contain_no_coding_error() -> None:
    source = ["a", "b"] * 8
    more = {"claim": "larger", "group_by": "source", "group": "a"}
    given = TypeAdapter(Claim).validate_python({"code": "x", **more})
    rows = [answer([given], material(MARKS, source, error=error)).table.to_pylist()[0] for error in (None, ERROR)]
    assert rows[0] == rows[1] and rows[1]["interval_of"] == BY_SAMPLING
    coded = human({f"d{i:02d}:{j}": ["x"] if MARKS["x"][i][j] else [] for i in range(16) for j in range(3)})
    scored = [{"measure": "f1", "code": "x", "value": 0.8, "low": 0.7, "high": 0.9, "hits": 32, "n": 60}]
    checked = [asked(material(MARKS, human=coded, scored=scored, error=error)) for error in (None, ERROR)]
    assert checked[0] == checked[1] and checked[1]["interval_of"] == BY_SAMPLING
    of = material(MARKS, human=coded, scored=scored, error=ERROR)
    whole = asked(of, unit="document")  # not corrected, and checked
    assert (whole["badge"], whole["interval_of"]) == ("checked", BY_SAMPLING)
