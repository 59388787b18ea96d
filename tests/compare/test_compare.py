"""`toolkit compare`: what became of each theme, which paragraphs moved, and that both sides stand beside each other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from kit.commands import command
from kit.studies import paragraph, write_study

import toolkit
from toolkit.compare.compare import Comparison, Move, Side, compare
from toolkit.compare.matching import Match, match_themes
from toolkit.compare.page import compare_page
from toolkit.runtime.progress import QUIET
from toolkit.values import Ints


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Four themes, and three themes of the same study with one article more and one less."""
    home = tmp_path_factory.mktemp("compare")
    study = write_study(home / "study")
    toolkit.run(study, out=home / "four", progress=QUIET)
    corpus = home / "study" / "corpus"
    (corpus / "article_05.txt").unlink()
    (corpus / "new.txt").write_text("\n\n".join(paragraph("schools", 300 + n) for n in range(5)), encoding="utf-8")
    toolkit.run(study, set={"discover.themes": 3}, out=home / "three", progress=QUIET)
    return home / "four", home / "three"


def kinds(
    before: list[int], after: list[int], pairs: int | None = None
) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    """What becomes of themes when the first `pairs` rows of both lists are the same paragraphs."""
    rows = np.arange(len(before) if pairs is None else pairs, dtype=np.int32)
    both: Ints = np.stack([rows, rows], axis=1)
    matches = match_themes(np.array(before, np.int32), np.array(after, np.int32), both)
    return [(match.kind, match.before, match.after) for match in matches]


def test_the_same_partition_is_the_same_themes_whatever_their_numbers() -> None:
    assert kinds([0] * 10 + [1] * 5, [1] * 10 + [0] * 5) == [("same", (0,), (1,)), ("same", (1,), (0,))]


def test_one_moved_paragraph_of_twenty_leaves_a_theme_the_same_and_four_do_not() -> None:
    assert kinds([0] * 20 + [1] * 20, [0] * 19 + [1] * 21)[0] == ("same", (0,), (0,))
    assert kinds([0] * 20 + [1] * 20, [0] * 16 + [1] * 24) == [("shrunk", (0,), (0,)), ("grown", (1,), (1,))]


def test_a_theme_cut_in_two_is_split_and_two_put_together_are_merged() -> None:
    whole, halves = [0] * 12 + [1] * 8, [0] * 6 + [2] * 6 + [1] * 8
    assert ("split", (0,), (0, 2)) in kinds(whole, halves)
    assert ("merged", (0, 2), (0,)) in kinds(halves, whole)


def test_a_theme_that_scatters_is_gone_and_one_from_noise_is_new() -> None:
    before = [0] * 12 + [1] * 30 + [2] * 30 + [3] * 30 + [-1] * 9
    after = [1] * 4 + [2] * 4 + [3] * 4 + [1] * 30 + [2] * 30 + [3] * 30 + [0] * 9
    matches = kinds(before, after)
    assert ("gone", (0,), ()) in matches and ("new", (), (0,)) in matches


def test_a_theme_that_gains_new_articles_is_grown_though_its_old_paragraphs_stayed() -> None:
    assert kinds([0] * 10, [0] * 20, pairs=10) == [("grown", (0,), (0,))]
    assert kinds([0] * 10, [0] * 10 + [1] * 5, pairs=10) == [("same", (0,), (0,)), ("new", (), (1,))]


def test_every_theme_of_both_sides_is_told_once() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        before, after = (rng.integers(-1, 6, 60).tolist() for _ in range(2))
        matches = kinds(before, after)
        for side, given in ((1, before), (2, after)):
            themes = sorted(theme for match in matches for theme in match[side])
            assert themes == list(range(max(given) + 1))


def test_a_run_compared_with_itself_has_nothing_to_tell(runs: tuple[Path, Path]) -> None:
    comparison = compare(runs[0], runs[0])
    assert {match.kind for match in comparison.themes} == {"same"} and all(
        match.jaccard == 1 for match in comparison.themes
    )
    assert comparison.moved == 0 and not comparison.config and comparison.only_before == comparison.only_after == 0


def test_two_runs_of_a_study_are_matched_through_added_and_removed_articles(runs: tuple[Path, Path]) -> None:
    comparison = compare(*runs)
    assert (comparison.only_before, comparison.only_after) == (4, 5)
    assert comparison.shared == comparison.before.paragraphs - 4 == comparison.after.paragraphs - 5
    assert comparison.config["discover.themes"] == (4, 3)
    assert {theme for match in comparison.themes for theme in match.before} == {0, 1, 2, 3}
    assert {theme for match in comparison.themes for theme in match.after} == {0, 1, 2}
    assert comparison.metrics["discover.themes"] == (4, 3)
    ns = [
        run.metrics["discover.themes"]["n"]
        for run in (toolkit.load_run(comparison.before.path), toolkit.load_run(comparison.after.path))
    ]
    arrow = " → ".join(f"{value} ({n} unique paragraphs)" for value, n in zip((4, 3), ns, strict=True))
    assert f"metric  discover.themes: {arrow}" in list(comparison.lines())
    assert set(comparison.codes) == {"ports", "learning", "fisheries"}


def test_moved_paragraphs_are_those_whose_theme_is_not_its_counterpart(runs: tuple[Path, Path]) -> None:
    comparison = compare(*runs)
    one, two = (toolkit.load_run(path).paragraphs.set_index("paragraph_id")["theme"] for path in runs)
    fitting = {(i, j) for match in comparison.themes for i in match.before for j in match.after} | {(-1, -1)}
    expected = sum((one[name], two[name]) not in fitting for name in one.index if name in two.index)
    assert comparison.moved == expected


def test_renamed_files_are_matched_by_their_text(runs: tuple[Path, Path], tmp_path: Path) -> None:
    study = write_study(tmp_path / "study")
    (tmp_path / "study" / "corpus" / "article_03.txt").rename(tmp_path / "study" / "corpus" / "other name.txt")
    toolkit.run(study, out=tmp_path / "run", progress=QUIET)
    comparison = compare(runs[0], tmp_path / "run")
    assert comparison.only_before == comparison.only_after == 0
    assert {match.kind for match in comparison.themes} == {"same"}


def test_the_page_holds_every_label_escaped_and_loads_nothing(runs: tuple[Path, Path]) -> None:
    comparison = compare(*runs)
    comparison.before.labels[0] = "<script>alert(1)</script>"  # type: ignore[index]
    page = compare_page(comparison)
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert not re.search(r"(?:src|href|url)\W{1,3}(?:https?:|//)", page) and page == compare_page(comparison)
    assert "default-src &#39;none&#39;" in page and "unsafe-inline" not in page
    assert all(label in page for label in comparison.after.labels.values() if label.isalnum())


def test_one_of_a_thing_is_told_in_the_singular_in_lines_page_and_notebook() -> None:
    one = Side("a", "one", "1a", 1, 1, {0: "Theme"})
    comparison = Comparison(
        before=one, after=one, shared=1, only_before=0, only_after=0,
        themes=(Match("same", (0,), (0,), 1.0, 1, 1, 1),), moves=(Move(0, -1, (("a:1", "a:1"),)),),
        codes={"jobs": (1, 1, 1)}, metrics={}, config={},
    )  # fmt: skip
    page = compare_page(comparison)
    visible = re.sub(r"<(style|script)[^>]*>.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    words = "\n".join([*comparison.lines(), visible, comparison._repr_html_()])
    assert (
        "1 paragraph in both" in words and "1 document, 1 paragraph" in words and "1 paragraph is in both runs" in words
    )
    assert re.findall(r"(?<![\d.,])1 (?:documents|paragraphs|themes|codes|metrics|settings|are)\b", words) == []


def test_the_command_prints_text_json_and_a_page(runs: tuple[Path, Path], tmp_path: Path) -> None:
    text = command("compare", *runs, "--html", "page.html", cwd=tmp_path)
    assert text.returncode == 0 and "discover.themes: 4 → 3" in text.stdout and (tmp_path / "page.html").is_file()
    tree = json.loads(command("compare", *runs, "--json", cwd=tmp_path).stdout)
    assert tree["config"]["discover.themes"] == [4, 3] and tree["moved"] == compare(*runs).moved
    missing = command("compare", runs[0], "nowhere", cwd=tmp_path)
    assert missing.returncode == 2 and missing.stdout == ""
