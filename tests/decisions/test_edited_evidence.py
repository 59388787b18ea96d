"""Figures of themes that people edited are measured again; those of the others stay as they were."""

from __future__ import annotations

import numpy as np
import pytest
from kit.decisions import Case, row

from toolkit.discover.seeds import moved_with, moves, returns

THEMES = np.repeat([0, 1, 2, -1], [8, 6, 4, 2])


def refits(many=6, seed=5):
    """Groups of refits: the themes under other numbers, every fifth row elsewhere, every sixth unseen."""
    random = np.random.default_rng(seed)
    rows = []
    for at in range(many):
        labels = np.array([1, 2, 0, -1])[THEMES]
        labels[random.permutation(20)[:4]] = random.integers(-1, 3, size=4)
        labels[at::6] = -2
        rows.append(labels)
    return np.array(rows)


def jaccard(one, other):
    return len(one & other) / len(one | other)


def groups_of(labels):
    return [set(np.flatnonzero(labels == group)) for group in range(labels.max() + 1)]


def test_the_stability_of_a_union_is_against_the_union_of_the_groups_that_match_what_it_was_joined_from():
    given = refits()
    case = Case(THEMES, refits=given)
    case.add("merge", themes=case.keys[1:])
    discovery = case.decide().discovery
    theme = int(discovery.assignment[8])
    best = []
    for labels in given:
        seen = {*np.flatnonzero((labels != -2) & ~((THEMES == -1) & (labels == -1)))}
        parts = [seen & set(range(8, 14)), seen & set(range(14, 18))]
        matched = [max(groups_of(labels), key=lambda group, part=part: jaccard(part, group & seen)) for part in parts]
        best.append(jaccard(parts[0] | parts[1], seen & (matched[0] | matched[1])))
    assert 0.4 < np.mean(best) < 1
    assert discovery.stability[theme] == pytest.approx([np.mean(best), *np.quantile(best, (0.025, 0.975))])


def test_the_stability_of_a_part_is_against_the_group_most_like_it():
    given = refits()
    case = Case(THEMES, refits=given)
    case.add("split", theme=case.keys[0], paragraphs=case.digests(0, 1, 2))
    discovery = case.decide().discovery
    for part in ({0, 1, 2}, {3, 4, 5, 6, 7}):
        best = []
        for labels in given:
            seen = {*np.flatnonzero((labels != -2) & ~((THEMES == -1) & (labels == -1)))}
            best.append(max(jaccard(part & seen, group & seen) for group in groups_of(labels)))
        assert discovery.stability[int(discovery.assignment[min(part)]), 0] == pytest.approx(np.mean(best))


def test_a_moved_paragraph_has_the_strength_that_refits_give_it_in_its_new_theme():
    given = np.array([[*np.array([0, 1, 2, -1])[THEMES]]] * 4)
    given[0, 0] = 1
    given[1, 0] = -2
    case = Case(THEMES, refits=given)
    case.add("move", paragraphs=case.digests(0, 18), to=case.keys[1])
    discovery = case.decide().discovery
    assert discovery.assignment[0] == discovery.assignment[8] == discovery.assignment[18]
    assert discovery.strength[0] == pytest.approx(1 / 3) and discovery.strength[8] == 1.0
    assert np.isnan(discovery.strength[18])  # this run and its refits left it out: nothing was measured


def test_themes_that_nobody_edited_keep_what_was_said_of_them():
    case = Case(THEMES, refits=refits(), stability=[[0.1, 0, 0.2], [0.7, 0.6, 0.8], [0.9, 0.8, 1]],
                fragile=[True, False, False])  # fmt: skip
    case.add("split", theme=case.keys[1], into=2)
    discovery = case.decide().discovery
    for first, before in ((0, 0), (14, 2)):
        theme = int(discovery.assignment[first])
        np.testing.assert_array_equal(discovery.stability[theme], case.discovery.stability[before])
        assert discovery.fragile[theme] == case.discovery.fragile[before]
        np.testing.assert_array_equal(discovery.strength[discovery.assignment == theme], 0.5)


def test_an_edited_theme_is_fragile_below_the_bound_of_the_run():
    case = Case(THEMES, refits=refits(), parameters={"fragile_below": 0.99})
    case.add("merge", themes=case.keys[1:])
    discovery = case.decide().discovery
    theme = int(discovery.assignment[8])
    assert discovery.stability[theme, 0] < 0.99 and discovery.fragile[theme]
    assert not Case(THEMES, refits=refits()).decide(case.log).discovery.fragile[theme]


def test_without_refits_the_stability_of_an_edited_theme_is_undefined_and_the_method_says_why():
    case = Case(THEMES)
    case.add("merge", themes=case.keys[1:])
    discovery = case.decide().discovery
    theme = int(discovery.assignment[8])
    assert np.isnan(discovery.stability[theme]).all() and not discovery.fragile[theme]
    assert np.isnan(discovery.strength[discovery.assignment == theme]).all()
    assert "The stability of edited themes is not measured: the method was fitted once." in discovery.method


def test_with_another_seed_the_same_decisions_are_applied_to_its_themes():
    """The other seed has the second and third theme as one, and one row of the first elsewhere."""
    other = np.array([[*np.array([1, 0, 0, -1])[THEMES]]])
    other[0, 3] = -1
    case = Case(THEMES, seeds=other, refits=refits())
    case.add("merge", themes=case.keys[1:]).add("move", paragraphs=case.digests(18), to=case.keys[0])
    discovery = case.decide().discovery
    assert discovery.moved.shape == (1, 20) and np.flatnonzero(discovery.moved[0]).tolist() == [3]
    np.testing.assert_array_equal(discovery.moved, moved_with(discovery))
    np.testing.assert_array_equal(np.flatnonzero(moves(discovery)), [3])
    theme = int(discovery.assignment[8])
    assert returns(discovery)[theme, 0] == 1.0 and returns(discovery)[int(discovery.assignment[0]), 0] == pytest.approx(
        8 / 9
    )


def test_a_decision_that_another_seed_cannot_follow_shows_as_moved_paragraphs():
    """The other seed divides the theme that was dropped here: there it stays."""
    other = np.array([np.repeat([0, 1, 2, 3, -1], [4, 4, 6, 4, 2])])
    case = Case(THEMES, seeds=other)
    case.add("drop", theme=case.keys[0])
    assert np.flatnonzero(case.decide().discovery.moved[0]).tolist() == list(range(8))


def test_broader_themes_are_made_of_the_edited_ones():
    themes = np.repeat(np.arange(6), 6)
    case = Case(themes, refits=[themes, themes])
    assert case.discovery.levels["level"].to_pylist().count(1) > 1
    case.add("drop", theme=case.keys[5])
    levels = case.decide().discovery.levels
    assert [row["theme"] for row in levels.to_pylist() if row["level"] == 0] == [0, 1, 2, 3, 4]
    assert {row["refits"] for row in levels.to_pylist()} == {2}
    case.add("merge", themes=case.keys[:3])
    assert case.decide().discovery.levels["level"].to_pylist() == [0, 0, 0]  # three themes have no level above them


def test_notes_method_and_parameters_say_what_people_did():
    case = Case(THEMES, refits=refits())
    case.add("merge", themes=case.keys[1:]).add("drop", theme="m1").add("note", theme="m1", text="x")
    discovery = case.decide().discovery
    assert discovery.method.startswith(
        "Found. Of 3 decisions of people about themes (by Wei; 2026-11-30), 2 were applied; "
    )
    assert discovery.notes[0] == "Before the decisions of people: Found a note."
    assert discovery.notes[1].startswith("Decision 3 (note, by Wei) was not applied: Decision 2 has dropped m1")
    assert discovery.notes[2].startswith(
        "After the decisions of people there is 1 theme (3 before them); 12 of 20 paragraphs (60%) are in no theme"
    )
    assert {name: value for name, value in discovery.parameters.items() if name != "fragile_below"} == {
        "decisions": 3, "decisions_applied": 2, "decisions_overlapping": 0, "decisions_in_conflict": 1,
        "machine_themes": 3,
    }  # fmt: skip


def test_a_split_into_parts_rests_on_k_means():
    case = Case(THEMES).add("split", theme=Case(THEMES).keys[0], into=2)
    assert "skmeans2001" in case.decide().discovery.works
    listed = Case(THEMES)
    listed.add("split", theme=listed.keys[0], paragraphs=listed.digests(0, 1))
    assert "skmeans2001" not in listed.decide().discovery.works and row(listed.decide(), 1)["outcome"] == "applied"


def test_paragraphs_that_the_run_reassigned_stay_flagged_unless_a_person_placed_them():
    flagged = np.arange(20) < 3
    case = Case(np.repeat([0, 1], [12, 8]), reassigned=flagged, refits=[np.repeat([0, 1], [12, 8])])
    case.add("move", paragraphs=case.digests(0), to=case.keys[1]).add("move", paragraphs=case.digests(1), to="none")
    assert np.flatnonzero(case.decide().discovery.reassigned).tolist() == [2]
