"""A claim whose codes only machines coded rests on unchecked codes, corrected with them or not, and says so."""

from __future__ import annotations

from typing import Any

from kit.claims import human, material
from pydantic import TypeAdapter

from toolkit.claims import Claim, answer

MARKS = {"x": [[i % 3 == 0, i % 2 == 0, i == 4] for i in range(16)]}
ABOVE = {"claim": "above", "code": "x", "share": 0.1}


def asked(of: Any, *claims: dict[str, Any]) -> list[dict[str, Any]]:
    given = [TypeAdapter(Claim).validate_python(claim) for claim in claims or (ABOVE,)]
    rows: list[dict[str, Any]] = answer(given, of).table.to_pylist()
    return rows


def f1(value: float, low: float, high: float, kind: str) -> list[dict[str, Any]]:
    row = {"measure": "f1", "code": "x", "value": value, "low": low, "high": high, "hits": 32, "n": 60}
    return [row | {"coders_kind": kind}]


def test_shares_corrected_with_codes_of_machines_are_still_by_unchecked_codes() -> None:
    coded = human({f"d{i:02d}:{j}": ["x"] if MARKS["x"][i][j] else [] for i in range(16) for j in range(3)})
    (people,) = asked(material(MARKS, human=coded, scored=f1(0.8, 0.7, 0.9, "person")))
    (machines,) = asked(material(MARKS, human=coded, scored=f1(0.8, 0.7, 0.9, "machine"), kind="machine"))
    assert people["verdict"] == "holds" and people["badge"] == "checked"
    assert machines["verdict"] == "holds by unchecked codes" and machines["badge"] == "unchecked"
    assert machines["estimate"] == people["estimate"] and machines["machine"] is not None
    assert "48 coded paragraphs in 16 documents, coded by machines" in machines["basis"]


def test_a_code_that_is_weak_against_machines_is_called_so_in_the_verdict() -> None:
    coded = human({"d00:0": ["x"], "d01:0": ["x"]})
    (row,) = asked(material(MARKS, human=coded, scored=f1(0.3, 0.1, 0.42, "machine"), kind="machine"))
    assert row["verdict"] == "holds by unchecked codes (weak against machines)" and row["badge"] == "unchecked"
    sentence = "by machine codes that no person checked: their F1 is 0.30 (0.10–0.42) against other machines"
    assert row["basis"] == sentence
