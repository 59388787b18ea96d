"""The comparison in the README is that of its result file, of one version of the code, with what went against us."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from kit.stated import docs_module

HEAD = "corpus,method,version,texts,labels,seeds,ari,low,high,themes,without_theme,code,date\n"
ROWS = (
    "bbc_news,ours,,2126,5,3,0.8312,0.81,0.85,6/6/7,0,abc,2026-11-30\n"
    "bbc_news,TriTopic,2.6.0,2126,5,3,0.5,0.45,0.55,14/14/14,0,,2026-11-30\n"
    "20newsgroups,ours,,10000,20,1,0.38,0.37,0.39,12,0,abc,2026-11-30\n"
    "20newsgroups,TriTopic,2.6.0,10000,20,1,0.40,0.39,0.41,33,0.25,,2026-11-30\n"
)


@pytest.fixture
def comparing() -> ModuleType:
    """`docs/comparison.py`."""
    return docs_module("comparison")


def test_the_readme_s_comparison_is_that_of_the_result_file(root: Path, comparing: ModuleType) -> None:
    page = (root / "README.md").read_text(encoding="utf-8")
    assert comparing.renewed(page, comparing.comparison(comparing.results())) == page


def test_each_cell_has_interval_and_themes_and_the_better_method_is_bold_even_if_it_is_not_ours(
    tmp_path: Path, comparing: ModuleType
) -> None:
    (tmp_path / "results.csv").write_text(HEAD + ROWS, encoding="utf-8")
    table = comparing.comparison(comparing.results(tmp_path / "results.csv"))
    assert "| news stories (2,126; 5) | **0.83** (0.81 to 0.85); 6–7 themes | 0.50 (0.45 to 0.55); 14 themes |" in table
    assert "| 0.38 (0.37 to 0.39); 12 themes | **0.40** (0.39 to 0.41); 33 themes, 25 % in none | not run |" in table
    assert "mean of 1 to 3 seeds" in table and "`abc`" in table


def test_results_of_two_versions_of_the_code_are_refused(tmp_path: Path, comparing: ModuleType) -> None:
    (tmp_path / "results.csv").write_text(HEAD + ROWS.replace("12,0,abc", "12,0,def"), encoding="utf-8")
    with pytest.raises(ValueError, match="results of 2 versions of the code, not of one"):
        comparing.results(tmp_path / "results.csv")
