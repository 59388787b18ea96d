"""Every figure that a page quotes is that of a result file, of the code or of a run; a figure without a mark is told.

That the figures of a run are right is tested where the page's commands run (`test_docs.py`).
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest
from kit.stated import docs_module


@pytest.fixture
def checker() -> ModuleType:
    docs_module("stated")
    return docs_module("quoted")


def faults_of(checker: ModuleType, page: str, name: str = "") -> list[str]:
    figures, faults = checker.quoted(page, name)
    return [*faults, *checker.wrong(page, figures)]


def test_every_figure_of_the_pages_is_that_of_its_source(checker: ModuleType, root: Path) -> None:
    pages = checker.pages(root)
    assert len(pages) > 20
    names = {page: page.relative_to(root).as_posix() for page in pages}
    faults = {name: faults_of(checker, page.read_text(encoding="utf-8"), name) for page, name in names.items()}
    assert {name: lines for name, lines in faults.items() if lines} == {}


def test_every_result_is_quoted_and_its_command_names_a_script_that_exists(checker: ModuleType, root: Path) -> None:
    assert checker.unused(root) == []
    scripts = {id: shlex.split(result.command) for id, result in checker.results().items()}
    named = {id: next((word for word in words if word.endswith(".py")), "") for id, words in scripts.items()}
    assert [id for id, script in named.items() if not script or not (root / script).is_file()] == []


def test_a_figure_that_differs_from_its_source_is_told_and_renewed(checker: ModuleType) -> None:
    page = "Themes are fragile below 0.7<!-- = toolkit.discover.stability.FRAGILE -->, as\nHennig has it.\n"
    assert faults_of(checker, page) == ["line 1: toolkit.discover.stability.FRAGILE: the page has 0.7, not 0.6"]
    figures, _ = checker.quoted(page)
    assert checker.renewed(page, figures) == page.replace("0.7", "0.6")


def test_a_figure_without_a_mark_is_told_with_its_line(checker: ModuleType) -> None:
    page = "# Part 1.5\n\nIt takes 40 seconds and covers 93 % (`0.5` is code), with a 95 % interval.\n\n3 files.\n"
    faults = faults_of(checker, page)
    assert [re.sub(": no mark.*", "", line) for line in faults] == ["line 3: 40", "line 3: 93"]
    assert faults_of(checker, page.replace("interval.", "interval.<!-- = by hand: made up -->")) == []


def test_an_unknown_result_or_constant_is_told(checker: ModuleType) -> None:
    assert "has no no.such" in faults_of(checker, "At 5 %<!-- = no.such -->.\n")[0]
    assert "has no FRAGIL" in faults_of(checker, "At 0.6<!-- = toolkit.discover.stability.FRAGIL -->.\n")[0]


def test_a_share_is_quoted_in_per_cent_or_as_a_fraction_and_settings_by_their_defaults(checker: ModuleType) -> None:
    mark = "<!-- = toolkit.discover.stability.FRAGILE -->"
    assert faults_of(checker, f"60 %{mark} of the rows, 0.6{mark} or .6{mark} of them.\n") == []
    path = "toolkit.corpus.settings.SplitSettings.min_words"
    assert faults_of(checker, f"Fewer than 8<!-- = {path} --> words.\n") == []
    assert faults_of(checker, f"Fewer than 9<!-- = {path} --> words.\n") != []
