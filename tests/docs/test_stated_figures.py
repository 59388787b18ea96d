"""A figure that a page states about the shipped study is checked and renewed by its sentence; none goes unchecked.

That the figures are those of a run is asked where the study is run: `test_shipped_study.py`.
"""

from __future__ import annotations

import pytest
from kit.stated import stated_module

STATED = stated_module()
TEMPLATE = "The study has {paragraphs} paragraphs in {themes} themes, macro-F1 {macro f1}."
SENTENCE = "The study has\n161 paragraphs in 9 themes, macro-F1 0.52. A third (`k=3`) is rain."
PAGE = f"# A\n\n## Result\n\n{SENTENCE}\n\n## Next\n\n7 days.\n"
FIGURES = {"paragraphs": "1,159", "themes": "9", "macro f1": "0.61"}


def test_every_sentence_of_the_plan_is_in_its_page_and_no_numeral_of_the_results_is_unchecked() -> None:
    assert list(STATED.faults(None)) == []


def test_a_figure_that_is_not_the_run_s_is_told_with_its_line_and_renewed_in_place() -> None:
    passages = STATED.page_passages(PAGE, [TEMPLATE])
    faults = list(STATED.wrong(PAGE, passages, FIGURES))
    assert faults == [
        "line 6: paragraphs: the page says '161', the run gives '1,159'",
        "line 6: macro f1: the page says '0.52', the run gives '0.61'",
    ]
    page = STATED.renewed(PAGE, passages, FIGURES)
    assert page == PAGE.replace("161", "1,159").replace("0.52", "0.61")
    again = STATED.page_passages(page, [TEMPLATE])
    assert list(STATED.wrong(page, again, FIGURES)) == [] and STATED.renewed(page, again, FIGURES) == page


def test_a_numeral_that_no_sentence_covers_is_told_and_code_is_none() -> None:
    passages = STATED.page_passages(PAGE, [TEMPLATE])
    assert list(STATED.unstated(PAGE, "Result", passages, [])) == []
    more = PAGE.replace("A third", "About 33 %")
    (line,) = STATED.unstated(more, "Result", STATED.page_passages(more, [TEMPLATE]), [])
    assert line.startswith("line 6: 33: ") and list(STATED.unstated(more, "Result", passages, ["33"])) == []
    assert list(STATED.unstated(PAGE, "Gone", passages, [])) == ["there is no heading 'Gone'"]


def test_a_sentence_that_a_page_lost_or_says_twice_is_a_fault() -> None:
    with pytest.raises(ValueError, match="0 sentences, not one"):
        STATED.passages(PAGE.replace("in 9 themes", "grouped into 9 themes"), TEMPLATE)
    with pytest.raises(ValueError, match="2 sentences, not one"):
        STATED.passages(PAGE + PAGE, TEMPLATE)
    with pytest.raises(ValueError, match="begins or ends with a figure"):
        STATED.passages(PAGE, "{paragraphs} paragraphs in")


def test_a_sentence_of_a_notebook_is_found_across_the_lines_of_its_json() -> None:
    cell = '"source": [\n    "The study has\\n",\n    "161 paragraphs in 9\\n",\n    "themes, macro-F1 0.52."\n   ]'
    assert [one.text for one in STATED.passages(cell, TEMPLATE)] == ["161", "9", "0.52"]
