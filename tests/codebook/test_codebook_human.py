"""Codes that people gave: reading, matching, agreement, and what is learned from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from toolkit.codebook import Code, Codebook, HumanCodes, load_human_codes
from toolkit.codebook import agreement as ag
from toolkit.codebook.human import HUMAN, reference
from toolkit.errors import ConfigError
from toolkit.files.csv import write_csv

BOOK = Codebook((Code("water", "Water", "d"), Code("roads", "Roads", "d")))
PARAGRAPHS = pa.table(
    {
        "paragraph_id": ["a:1", "a:2", "b:1"],
        "document_id": ["a", "a", "b"],
        "text": ["The well is dry.", "A road, at last!", "The well is dry."],
        "duplicate_of": pa.array([None, None, "a:1"], pa.string()),
    }
)


def write(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_codes_are_matched_by_id_by_text_and_from_a_copy_to_its_original(tmp_path: Path) -> None:

    text = "paragraph_id,text,code,coder\na:1,,water;roads,ann\n,a ROAD - at last,,ann\nb:1,,water,bob\n"
    human = load_human_codes(write(tmp_path, "h.csv", text), BOOK, PARAGRAPHS)
    assert human.by_coder() == {
        "ann": {"a:1": frozenset({"water", "roads"}), "a:2": frozenset()},
        "bob": {"a:1": frozenset({"water"})},
    }


def test_json_lines_say_the_same(tmp_path: Path) -> None:
    text = '{"paragraph_id": "a:1", "code": "water"}\n{"paragraph_id": "a:1", "code": ["roads"]}\n'
    human = load_human_codes(write(tmp_path, "h.jsonl", text), BOOK, PARAGRAPHS)
    assert human.by_coder() == {"coder": {"a:1": frozenset({"water", "roads"})}}


def test_rows_that_match_no_paragraph_are_left_out_and_said(tmp_path: Path) -> None:
    text = "paragraph_id,code,coder\na:1,water,ann\nz:9,roads,ann\n"
    human = load_human_codes(write(tmp_path, "h.csv", text), BOOK, PARAGRAPHS)
    assert human.marks.num_rows == 1
    assert human.unmatched == ("line 3: z:9: no such paragraph in this corpus",)
    assert "1 of 2 rows of the coders' files match no paragraph" in human.notes[0]


def test_an_open_row_is_said_only_while_nobody_has_coded_its_paragraph(tmp_path: Path) -> None:
    sheet = write(tmp_path, "sheet.csv", "paragraph_id,code,coder\na:1,?,\na:2,?,\n")
    answers = write(tmp_path, "answers.csv", "paragraph_id,code,coder\na:1,water,ann\n")
    assert (
        "1 paragraphs of the coding sheets are marked ?"
        in load_human_codes([sheet, answers], BOOK, PARAGRAPHS).notes[0]
    )


def test_a_code_outside_the_codebook_is_a_fault_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "h.csv", "paragraph_id,code,coder\na:1,watr,ann\na:2,rods,ann\n")
    with pytest.raises(ConfigError) as caught:
        load_human_codes(path, BOOK, PARAGRAPHS)
    assert caught.value.faults == (
        f"{path}:2: code: 'watr' is not in the codebook (did you mean 'water'?)",
        f"{path}:3: code: 'rods' is not in the codebook (did you mean 'roads'?)",
    )


@pytest.mark.parametrize(
    ("name", "text"), [("h.csv", "paragraph,code\na,b\n"), ("h.jsonl", "[1]\n"), ("h.jsonl", "x\n")]
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ConfigError):
        load_human_codes(write(tmp_path, name, text), BOOK, PARAGRAPHS)


def test_the_reference_holds_what_half_of_the_coders_gave() -> None:
    rows = [
        ("a:1", "water", "ann"),
        ("a:1", None, "bob"),
        ("a:2", "roads", "ann"),
        ("a:2", "roads", "bob"),
        ("a:2", "water", "cy"),
    ]
    marks = pa.Table.from_pylist([dict(zip(HUMAN.names, row, strict=False)) for row in rows], schema=HUMAN)
    coded_rows, codes = reference(HumanCodes(marks), BOOK, PARAGRAPHS)
    assert coded_rows.tolist() == [0, 1]
    assert codes.tolist() == [[True, False], [False, True]]


def test_alpha_is_that_of_the_krippendorff_package_and_of_its_textbook_example() -> None:
    import krippendorff

    values = np.random.default_rng(3).integers(0, 2, size=(3, 40, 1)).astype(float)
    values[0, :30] = values[1, :30]
    values[2, ::3] = np.nan
    ours = float(ag.alpha(ag.alpha_sums(values).sum(axis=(0, 1))))
    theirs = krippendorff.alpha(values[:, :, 0], level_of_measurement="nominal")
    assert ours == pytest.approx(theirs, abs=1e-12)
    book = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], float)[:, :, None]
    assert float(ag.alpha(ag.alpha_sums(book).sum(axis=(0, 1)))) == pytest.approx(0.095, abs=5e-4)  # Krippendorff 2011


def test_kappa_is_that_of_scikit_learn_and_undefined_without_variation() -> None:
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(1)
    first = rng.integers(0, 2, 60)
    second = np.where(rng.random(60) < 0.7, first, 1 - first)
    sums = ag.kappa_sums(first[:, None].astype(float), second[:, None].astype(float)).sum(axis=(0, 1))
    assert float(ag.kappa(sums)) == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)
    assert np.isnan(ag.kappa(np.array([0.0, 0.0, 0.0, 9.0])))


@pytest.mark.parametrize("name", ["machine", "coders", "people"])
def test_a_coder_cannot_be_called_what_scores_call_another_side(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "h.csv", f"paragraph_id,code,coder\na:1,water,{name}\n")
    with pytest.raises(ConfigError, match=f"h.csv:2: coder: '{name}'"):
        load_human_codes(path, BOOK, PARAGRAPHS)


def test_a_coder_who_codes_one_paragraph_twice_and_not_alike_is_said(tmp_path: Path) -> None:
    text = "paragraph_id,code,coder\na:1,water,ann\na:1,,ann\na:2,roads,ann\na:2,water,ann\na:1,roads,bob\n"
    human = load_human_codes(write(tmp_path, "none.csv", text), BOOK, PARAGRAPHS)
    assert human.by_coder()["ann"] == {"a:1": frozenset({"water"}), "a:2": frozenset({"roads", "water"})}
    assert (
        len(human.notes) == 1 and "1 paragraphs were coded twice" in human.notes[0] and "a:1 by ann" in human.notes[0]
    )
    copies = "paragraph_id,code,coder\na:1,water,ann\nb:1,roads,ann\n"
    human = load_human_codes(write(tmp_path, "copies.csv", copies), BOOK, PARAGRAPHS)
    assert human.by_coder()["ann"] == {"a:1": frozenset({"water", "roads"})}
    assert "they carry every code given" in human.notes[0]


@pytest.mark.parametrize("identifier", ["-1", "'-1", "''=x", "'quoted", "=1+1", "plain"])
def test_ids_that_look_like_formulas_come_back_as_they_were_from_our_tables_and_from_the_users_own(
    tmp_path: Path, identifier: str
) -> None:
    paragraphs = pa.table({"paragraph_id": [identifier], "document_id": ["d"], "text": ["The well is dry."]})
    write_csv(pa.table({"paragraph_id": [identifier], "code": ["water"]}), tmp_path / "ours.csv")
    theirs = write(tmp_path, "theirs.csv", f"paragraph_id,code\n{identifier},water\n")
    for path in (tmp_path / "ours.csv", theirs):
        assert load_human_codes(path, BOOK, paragraphs).by_coder() == {"coder": {identifier: frozenset({"water"})}}, (
            path
        )


def test_an_id_with_an_apostrophe_is_not_taken_for_the_one_without(tmp_path: Path) -> None:
    texts = ["The well is dry.", "A road, at last!"]
    paragraphs = pa.table({"paragraph_id": ["-1", "'-1"], "document_id": ["d", "d"], "text": texts})
    write_csv(pa.table({"paragraph_id": ["-1", "'-1"], "code": ["water", "roads"]}), tmp_path / "ours.csv")
    result = load_human_codes(tmp_path / "ours.csv", BOOK, paragraphs).by_coder()
    assert result == {"coder": {"-1": frozenset({"water"}), "'-1": frozenset({"roads"})}}
