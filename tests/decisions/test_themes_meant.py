"""Which theme of another run a log means: the one with most of what it meant, or none and why."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from kit.decisions import Case, outcomes, row

from toolkit.decisions import digest, references
from toolkit.decisions.matching import Matching
from toolkit.decisions.references import CORE, digests
from toolkit.errors import ToolkitError

BEFORE = np.repeat([0, 1, 2], [10, 8, 6])


def on(case, assignment, texts=None):
    """The decisions of a case on other themes of its paragraphs, or of others."""
    other = Case(assignment, texts=texts or case.texts)
    return other.decide(case.log), other


def changed(**moves):
    """The themes before with some rows in another theme, renumbered by size."""
    themes = BEFORE.copy()
    for theme, rows in moves.items():
        themes[list(rows)] = int(theme[1:])
    return themes


def test_a_theme_with_the_same_paragraphs_is_the_same_whatever_its_number():
    case = Case(BEFORE).add("rename", theme=Case(BEFORE).keys[2], to="Grid")
    more = np.concatenate([BEFORE, np.full(12, 3)])
    texts = case.texts + [f"new {at}" for at in range(12)]
    numbers = np.array([1, 2, 3, 0])[more]
    decided, _ = on(case, numbers, texts)
    assert decided.names == {3: "Grid"} and outcomes(decided) == ["applied"] and row(decided, 1)["overlap"] is None


def test_the_overlap_is_the_jaccard_similarity_of_core_paragraphs_that_the_corpus_has():
    """Of ten core paragraphs eight are in the corpus, seven of them in one theme with two of another's core."""
    case = Case(BEFORE).add("rename", theme=Case(BEFORE).keys[0], to="Ports")
    kept = [row for row in range(24) if row not in (0, 1)]
    after = changed(t1=(2,), t0=(10, 11))[kept]
    decided, _ = on(case, after, [case.texts[row] for row in kept])
    assert outcomes(decided) == ["applied with overlap"]
    assert row(decided, 1)["overlap"] == pytest.approx(7 / (8 + 2)) and "(overlap 0.70)" in row(decided, 1)["reason"]


def test_new_paragraphs_do_not_lower_the_overlap():
    case = Case(BEFORE).add("rename", theme=Case(BEFORE).keys[0], to="Ports")
    decided, _ = on(case, np.concatenate([BEFORE, np.zeros(50, int)]), case.texts + [f"new {at}" for at in range(50)])
    assert row(decided, 1)["overlap"] == 1.0 and decided.names == {0: "Ports"}


def test_half_is_not_enough_and_a_theme_that_was_divided_is_in_conflict():
    case = Case(BEFORE).add("rename", theme=Case(BEFORE).keys[0], to="Ports")
    decided, _ = on(case, np.repeat([2, 3, 0, 1], [5, 5, 8, 6]))
    assert outcomes(decided) == ["in conflict"] and decided.names == {}
    assert "are in 2 themes of this run (5, 5) (overlap 0.50" in row(decided, 1)["reason"]


def test_a_theme_that_the_run_has_merged_with_another_is_in_conflict_and_the_other_is_named():
    case = Case(BEFORE)
    case.add("rename", theme=case.keys[1], to="Schools").add("rename", theme=case.keys[0], to="Ports")
    decided, _ = on(case, np.repeat([0, 1], [18, 6]))
    assert outcomes(decided) == ["in conflict", "applied with overlap"]
    assert "“Harbour”" in row(decided, 1)["reason"] and "one theme for them" in row(decided, 1)["reason"]
    assert row(decided, 2)["overlap"] == pytest.approx(10 / 18)


def test_themes_to_be_merged_that_the_run_has_as_one_are_merged_already():
    case = Case(BEFORE)
    case.add("merge", themes=case.keys[:2]).add("rename", theme="m1", to="Both")
    decided, other = on(case, np.repeat([0, 1], [18, 6]))
    assert outcomes(decided) == ["applied with overlap"] * 2 and decided.names == {0: "Both"}
    assert row(decided, 1)["reason"].startswith("They are one theme here already") and row(decided, 1)["overlap"] == 1
    np.testing.assert_array_equal(decided.discovery.assignment, other.discovery.assignment)


def test_a_theme_that_is_gone_is_not_taken_for_merged():
    """All of the second theme left the corpus: the first alone is no union of both."""
    case = Case(BEFORE)
    case.add("merge", themes=case.keys[:2]).add("rename", theme=case.keys[0], to="Both")
    kept = [row for row in range(24) if not 10 <= row < 18]
    decided, _ = on(case, BEFORE[kept] // 2, [case.texts[row] for row in kept])
    assert outcomes(decided) == ["in conflict"] * 2 and decided.names == {}
    assert row(decided, 1)["reason"] == f"None of the 8 core paragraphs of “School” ({case.keys[1]}) is in this corpus."
    assert "as decision 1 would have made it" in row(decided, 2)["reason"]


def test_two_paragraphs_are_too_few_to_tell_a_theme():
    case = Case(BEFORE).add("drop", theme=Case(BEFORE).keys[0])
    kept = [0, 1, *range(10, 24)]
    decided, _ = on(case, np.array([2] * 2 + [0] * 8 + [1] * 6), [case.texts[row] for row in kept])
    assert outcomes(decided) == ["in conflict"] and row(decided, 1)["paragraphs"] == 0
    assert "Only 2 of the 10 core paragraphs" in row(decided, 1)["reason"]


def test_paragraphs_in_no_theme_count_against_the_overlap():
    case = Case(BEFORE).add("drop", theme=Case(BEFORE).keys[0])
    after = np.where(np.isin(np.arange(24), range(6)), -1, BEFORE)
    decided, _ = on(case, np.array([2, 0, 1, -1])[after])
    assert outcomes(decided) == ["in conflict"] and "(4), and 6 in none" in row(decided, 1)["reason"]


def test_a_split_without_its_parts_is_applied_to_another_run_but_its_parts_are_not_known_there():
    case = Case(np.repeat([0, 1], [11, 6]))
    case.add("split", theme=case.keys[0], into=2).add("rename", theme="s1b", to="Odd")
    texts = [*case.texts, "new 1", "new 2"]
    decided, _ = on(case, np.array([*case.discovery.assignment, 0, 0]), texts)
    assert outcomes(decided) == ["applied with overlap", "in conflict"] and decided.names == {}
    assert "does not say what its parts contain" in row(decided, 2)["reason"]


def test_a_name_that_became_ambiguous_is_given_once():
    """The merge that made one theme of two is in conflict, so that both would have the same name."""
    case = Case(BEFORE)
    a, b, c = case.keys
    case.add("rename", theme=a, to="Ports").add("merge", themes=[a, b]).add("rename", theme=c, to="Grid")
    kept = [row for row in range(24) if not 10 <= row < 18]
    decided, _ = on(case, BEFORE[kept] // 2, [case.texts[row] for row in kept])
    assert outcomes(decided) == ["applied", "in conflict", "applied"]
    assert decided.names == {0: "Ports", 1: "Grid"}


def test_references_of_a_second_run_are_compared_with_those_of_their_own_run():
    """Two runs name other forty paragraphs of the same themes; those of one run do not count against the other."""
    themes = np.repeat([0, 1], [130, 90])
    case, turned = Case(themes), Case(themes, strength=np.random.default_rng(1).random(220))
    more = references(turned.texts, themes, turned.discovery.strength, turned.vectors, run="second")
    assert [set(theme.core) for theme in more.values()] != [set(theme.core) for theme in case.log.themes.values()]
    later, names = np.where(np.arange(220) < 60, 2, themes), digests(case.texts)
    more = {f"{key}-2": theme for key, theme in more.items()}
    alone, both = Matching(case.log.themes, names, later), Matching({**case.log.themes, **more}, names, later)
    assert [both.of(key) for key in case.keys] == [alone.of(key) for key in case.keys]
    assert alone.of(case.keys[0]).overlap < 1


def test_after_a_split_the_key_means_the_part_with_most_of_the_core_though_it_is_the_smaller():
    case = Case(BEFORE)
    case.add("split", theme=case.keys[0], paragraphs=case.digests(*range(8))).add("rename", theme=case.keys[0], to="X")
    grown = np.concatenate([BEFORE, np.zeros(30, int)])
    decided, _ = on(case, grown, case.texts + [f"new {at}" for at in range(30)])
    theme = decided.discovery.assignment
    assert decided.names == {int(theme[0]): "X"} and theme[0] != theme[9] and (theme == theme[0]).sum() == 8


def test_a_reference_samples_a_large_theme_from_its_strongest_to_its_weakest_paragraph():
    texts = [f"text {at}" for at in range(401)]
    strength = np.linspace(1, 0, 401)
    (theme,) = references(texts, np.zeros(401, int), strength, np.ones((401, 1), np.float32)).values()
    assert len(theme.core) == len(set(theme.core)) == CORE and theme.paragraphs == 401
    assert (theme.core[0], theme.core[-1]) == (digest("text 0"), digest("text 400"))
    places = [texts.index(next(text for text in texts if digest(text) == name)) for name in theme.core]
    assert np.diff(places).min() >= 10 and np.diff(places).max() <= 11


def test_a_reference_is_the_same_in_any_order_of_the_paragraphs():
    case = Case(np.repeat([0, 1], [60, 8]))
    order = np.random.default_rng(2).permutation(68)
    again = references(
        [case.texts[at] for at in order], case.discovery.assignment[order], np.full(68, np.nan), case.vectors[order]
    )
    here = references(case.texts, case.discovery.assignment, np.full(68, np.nan), case.vectors)
    assert again == here


def test_two_texts_with_one_digest_are_a_fault_in_words(monkeypatch):
    monkeypatch.setattr(sys.modules["toolkit.decisions.references"], "DIGITS", 1)
    with pytest.raises(ToolkitError, match=r"have the digest .*distinguish them: 'text \d+' and 'text \d+'"):
        digests([f"text {at}" for at in range(20)])
