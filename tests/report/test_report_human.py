"""What human codes gave, in the report: every code's shares side by side, reliability and learning curve in words."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from kit.press_runs import press_run

from toolkit.coding.quality import SCORED
from toolkit.estimate.correction import CORRECTED
from toolkit.estimate.keyness import KEYNESS
from toolkit.figures import RunTables
from toolkit.files.value import write_table
from toolkit.report.code_part import code_parts
from toolkit.report.human_part import CORRECTED as SHARES
from toolkit.report.human_part import LEARNING, RELIABILITY, human_tables
from toolkit.report.places import Reader
from toolkit.report.validity_part import HumanCoding, human_coding, scored_table
from toolkit.report.words_part import words_part
from toolkit.schemas import CODES, PREVALENCE


def folder(tmp_path: Path, codes: int) -> Path:
    """A real run whose codebook and whose tables of scores and shares are those of so many codes."""
    place = press_run(tmp_path / "run")
    names = [f"c{number:02}" for number in range(codes)]
    (place / "codebook.yaml").write_text(
        "themes:\n" + "".join(f"  - {{id: {code}, name: Code {code}, definition: d}}\n" for code in names)
    )
    shares = [
        {"code": code, "by": by, "estimate": at, "low": at - 0.1, "high": at + 0.1, "n": 40,
         "weight": 0.5 if by == "both" else None}
        for code in names
        for by, at in (("coders", 0.3), ("machine", 0.2), ("both", 0.28))
    ]  # fmt: skip
    scored = [
        {"measure": "macro f1", "value": 0.7, "low": 0.6, "high": 0.8, "n": 40},
        {"measure": "macro f1 without labels", "value": 0.5, "low": 0.4, "high": 0.6, "n": 40},
        {"measure": "macro f1 with 20 labels", "value": 0.6, "low": 0.58, "high": 0.62, "n": 40,
         "reason": "mean and range of random draws"},
        {"measure": "observed share at probability 0.1-0.2", "value": 0.12, "low": 0.05, "high": 0.2, "n": 90},
        {"measure": "observed share at probability 0.2-0.3", "value": None, "n": 0, "reason": "none"},
    ]  # fmt: skip
    write_table(pa.Table.from_pylist(shares, schema=CORRECTED), place / "tables" / "corrected.parquet")
    write_table(pa.Table.from_pylist(scored, schema=SCORED), place / "tables" / "scored.parquet")
    write_table(CODES.empty_table(), place / "tables" / "codes.parquet")
    return place


@pytest.mark.parametrize("codes", [2, 30])
def test_every_code_stands_in_the_table_of_corrected_shares_with_its_three_shares(tmp_path: Path, codes: int) -> None:
    shares = dict(human_tables(RunTables(folder(tmp_path, codes))))[SHARES]
    assert len(shares.rows) == codes
    assert shares.rows[1] == ("Code c01", "20% (10–30%)", "30% (20–40%)", "28% (18–38%)", "0.50", "40")


def test_reliability_and_learning_curve_are_said_in_words(tmp_path: Path) -> None:
    tables = dict(human_tables(RunTables(folder(tmp_path, 2))))
    assert tables[RELIABILITY].rows == (("0.1–0.2", "12% (5–20%)", "90"), ("0.2–0.3", "undefined", "0"))
    assert [row[:2] for row in tables[LEARNING].rows] == [("none", "0.50"), ("20", "0.60"), ("all", "0.70")]


def test_a_word_that_stands_nowhere_else_is_not_said_to_be_so_many_times_more(tmp_path: Path) -> None:
    place = folder(tmp_path, 2)
    row = {"kind": "code", "id": "c00", "term": "quantum", "count": 14, "p_adjusted": 0.001}
    places = {"documents": 7, "documents_versus": 2, "verdict": "more", "tested": 400}
    rows = [
        {**row, **places, "count_versus": 0, "log_ratio": 8.6, "low": 3.5, "high": 17.0},
        {**row, **places, "count_versus": 2, "log_ratio": 1.0, "low": 0.5, "high": 2.0},
        {
            **row,
            **places,
            "term": "chance",
            "count_versus": 0,
            "log_ratio": 5.0,
            "low": 1.5,
            "verdict": "cannot be said",
        },
    ]
    write_table(pa.Table.from_pylist(rows, schema=KEYNESS), place / "tables" / "keyness.parquet")
    tables = RunTables(place)
    part = words_part(tables, Reader(tables, "none"))
    (code,) = part.apart
    assert code.name == "Code c00"
    assert code.words == (
        "quantum (only here, found 14 times in 7 documents; at least 11 times as often)",
        "quantum (2.0 times, 1.4 to 4.0; in 7 documents, 2 elsewhere)",
    )
    assert part.rule.startswith("All 400 tests of words were adjusted together")


def test_a_share_that_stands_twice_has_one_interval(tmp_path: Path) -> None:
    place = folder(tmp_path, 2)
    share = {"kind": "code", "id": "c01", "unit": "paragraph", "counting": "unique", "estimate": 0.2, "n": 100}
    rows = pa.Table.from_pylist([share | {"low": 0.11, "high": 0.33, "method": ""}], schema=PREVALENCE)
    write_table(rows, place / "tables" / "prevalence.parquet")
    assert dict(human_tables(RunTables(place)))[SHARES].rows[1][1] == "20% (11–33%)"


def test_a_corrected_share_stands_beside_the_share_of_the_machine(tmp_path: Path) -> None:
    place = press_run(tmp_path / "run")
    row = {"code": "soe", "estimate": 0.28, "low": 0.18, "high": 0.38, "n": 40, "weight": 0.5}
    rows = [row | {"by": "both"}, row | {"by": "coders", "estimate": 0.3}, row | {"code": "chips", "by": "both"}]
    rows[2] |= {"estimate": None, "low": None, "high": None}
    write_table(pa.Table.from_pylist(rows, schema=CORRECTED), place / "tables" / "corrected.parquet")
    tables = RunTables(place)
    corrected = {code.code: code.corrected for code in code_parts(tables, Reader(tables, "none"))}
    assert corrected.pop("soe") == "28% (18–38%)" and set(corrected.values()) == {""}


def test_how_well_the_coding_agrees_with_the_coders_is_known_with_how_much_they_coded(tmp_path: Path) -> None:
    place = folder(tmp_path, 2)
    human = [{"paragraph_id": f"a#{n % 9}", "code": "c01", "coder": "AB"[n % 2]} for n in range(18)]
    f1 = {"measure": "f1", "value": 0.58, "low": 0.51, "high": 0.65, "n": 40}
    write_table(pa.Table.from_pylist([f1], schema=SCORED), place / "tables" / "scored.parquet")
    write_table(pa.Table.from_pylist(human), place / "tables" / "human.parquet")
    assert human_coding(RunTables(place)) == HumanCoding(paragraphs=9, f1="0.58 (0.51–0.65)")


def test_why_a_score_has_no_interval_stands_under_the_scores(tmp_path: Path) -> None:
    place = folder(tmp_path, 2)
    alpha = {"code": "c01", "measure": "alpha", "value": 1.0, "n": 40, "reason": "no interval: the same in all draws"}
    write_table(pa.Table.from_pylist([alpha], schema=SCORED), place / "tables" / "scored.parquet")
    table = scored_table(RunTables(place))
    assert table and table.rows[0][1] == "1.00 (no interval)" and "the same in all draws" in table.note
