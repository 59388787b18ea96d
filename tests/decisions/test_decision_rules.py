"""What each kind of decision does to themes, and when it cannot be applied: small cases by hand."""

from __future__ import annotations

import numpy as np
import pytest
from kit.decisions import PERSON, Case, outcomes, row, sets

from toolkit.decisions import add, digest, undo
from toolkit.decisions.log import line_numbers, write_log

THEMES = np.repeat([0, 1, 2, -1], [9, 7, 5, 3])


def test_a_log_without_decisions_leaves_the_discovery_as_it_is():
    case = Case(THEMES)
    decided = case.decide()
    assert decided.discovery is case.discovery and decided.outcomes.num_rows == 0
    assert decided.keys == dict(enumerate(case.keys))


def test_a_name_goes_to_the_theme_and_changes_nothing_else():
    case = Case(THEMES).add("rename", theme=None or Case(THEMES).keys[1], to="Schools")
    decided = case.decide()
    assert (decided.names, decided.named_by) == ({1: "Schools"}, {1: "Wei"})
    for name in ("assignment", "strength", "stability", "fragile"):
        np.testing.assert_array_equal(getattr(decided.discovery, name), getattr(case.discovery, name))
    assert decided.discovery.levels.equals(case.discovery.levels)
    assert row(decided, 1) == {
        "line": 1, "do": "rename", "theme": "School", "who": "Wei", "when": PERSON["when"], "why": "",
        "outcome": "applied", "overlap": None, "reason": "The theme is named “Schools”.", "paragraphs": None,
        "line_number": line_numbers(case.log)[0], "themes": [1], "name_or_note": "Schools",
    }  # fmt: skip
    assert write_log(case.log).splitlines()[line_numbers(case.log)[0] - 1].startswith("  - {do: rename")


def test_merged_themes_are_one_and_all_their_keys_mean_it():
    case = Case(THEMES)
    a, b, c = case.keys
    case.add("merge", themes=[b, c]).add("rename", theme=c, to="Both").add("note", theme="m1", text="Look again")
    decided = case.decide()
    np.testing.assert_array_equal(decided.discovery.assignment, np.repeat([1, 0, -1], [9, 12, 3]))
    assert (decided.names, decided.notes, decided.keys) == ({0: "Both"}, {0: ("Look again",)}, {0: "m1", 1: a})
    assert row(decided, 1)["paragraphs"] == 5 and row(decided, 1)["themes"] == [0]
    np.testing.assert_array_equal(decided.machine, case.discovery.assignment)


def test_a_merged_theme_keeps_the_first_name_unless_it_gets_one():
    case = Case(THEMES)
    a, b, _ = case.keys
    case.add("rename", theme=b, to="Schools").add("merge", themes=[a, b])
    assert case.decide().names == {0: "Schools"}
    case.add("rename", theme="m2", to="All").decide()
    decided = case.decide()
    assert decided.names == {0: "All"}
    assert row(decided, 1)["reason"].endswith("Decision 3 then replaced the name.")


def test_dropped_paragraphs_are_in_no_theme_and_later_lines_say_which_decision_dropped_it():
    case = Case(THEMES)
    case.add("drop", theme=case.keys[0]).add("rename", theme=case.keys[0], to="Gone")
    decided = case.decide()
    assert (decided.discovery.assignment[:9] == -1).all() and sets(decided.discovery.assignment) == {
        frozenset(range(9, 16)), frozenset(range(16, 21)),
    }  # fmt: skip
    assert outcomes(decided) == ["applied", "in conflict"] and row(decided, 1)["paragraphs"] == 9
    assert row(decided, 2)["reason"].startswith("Decision 1 has dropped “Harbour”")


def test_every_theme_may_be_dropped():
    case = Case(THEMES, refits=[THEMES])
    for key in case.keys:
        case.add("drop", theme=key)
    decided = case.decide()
    assert decided.discovery.themes == 0 and decided.names == {} and decided.discovery.levels.num_rows == 0


def test_listed_paragraphs_leave_and_the_old_key_means_what_has_most_of_the_core():
    case = Case(THEMES)
    few = case.digests(0, 1, 2)
    case.add("split", theme=case.keys[0], paragraphs=few, to="New part").add("rename", theme=case.keys[0], to="Rest")
    decided = case.decide()
    assert {frozenset((0, 1, 2)), frozenset(range(3, 9))} <= sets(decided.discovery.assignment)
    theme = decided.discovery.assignment
    assert decided.names == {int(theme[0]): "New part", int(theme[3]): "Rest"}
    assert row(decided, 1)["paragraphs"] == 3 and sorted(row(decided, 1)["themes"]) == sorted({*theme[:9].tolist()})
    many = Case(THEMES)
    many.add("split", theme=many.keys[0], paragraphs=many.digests(*range(7))).add("rename", theme=many.keys[0], to="X")
    decided = many.decide()
    assert decided.names == {int(decided.discovery.assignment[0]): "X"}


@pytest.mark.parametrize("rows", [range(9), (9, 10)])
def test_a_list_that_would_leave_one_side_empty_is_in_conflict(rows):
    case = Case(THEMES)
    case.add("split", theme=case.keys[0], paragraphs=case.digests(*rows)).add("note", theme="s1a", text="x")
    decided = case.decide()
    assert outcomes(decided) == ["in conflict"] * 2
    np.testing.assert_array_equal(decided.discovery.assignment, case.discovery.assignment)
    assert "decision 1 would have made it" in row(decided, 2)["reason"]


def test_a_split_in_two_gives_the_halves_by_size_and_names_follow_the_content_that_parts_list():
    case = Case(np.zeros(11, int))
    even, odd = case.digests(*range(0, 11, 2)), case.digests(*range(1, 11, 2))
    case.add("split", theme=case.keys[0], into=2)
    theme = case.decide().discovery.assignment
    assert sets(theme) == {frozenset(range(0, 11, 2)), frozenset(range(1, 11, 2))}
    assert case.decide().keys == {0: "s1a", 1: "s1b"}
    turned = Case(np.zeros(11, int)).add("split", theme=case.keys[0], into=2, parts=[odd, even])
    assert turned.decide().keys == {0: "s1b", 1: "s1a"} and outcomes(turned.decide()) == ["applied"]
    mixed = Case(np.zeros(11, int))
    mixed.add("split", theme=case.keys[0], into=2, parts=[[even[0], odd[0]], [even[1], odd[1]]])
    assert outcomes(mixed.decide()) == ["applied with overlap"] and row(mixed.decide(), 1)["overlap"] == 0.5


def test_moved_paragraphs_are_where_a_person_put_them():
    case = Case(THEMES)
    case.add("move", paragraphs=case.digests(0, 10, 21), to=case.keys[2])
    case.add("move", paragraphs=[*case.digests(1), "0" * 12], to="none")
    decided = case.decide()
    theme = decided.discovery.assignment
    assert theme[0] == theme[10] == theme[21] == theme[16] and theme[1] == -1
    assert outcomes(decided) == ["applied", "applied with overlap"]
    assert (row(decided, 1)["paragraphs"], row(decided, 2)["paragraphs"], row(decided, 2)["overlap"]) == (3, 1, 0.5)
    assert "1 of the 2 listed are not in this corpus" in row(decided, 2)["reason"]


def test_a_theme_that_was_emptied_is_no_theme_and_what_was_said_of_it_says_so():
    case = Case(THEMES)
    case.add("note", theme=case.keys[2], text="x").add("move", paragraphs=case.digests(*range(16, 21)), to=case.keys[0])
    case.add("rename", theme=case.keys[2], to="Empty")
    decided = case.decide()
    assert outcomes(decided) == ["applied", "applied", "in conflict"] and decided.discovery.themes == 2
    assert row(decided, 1)["reason"].endswith("No theme is left of it after the decisions that follow.")
    assert row(decided, 1)["themes"] == [] and decided.notes == {}


def test_decisions_apply_in_their_order():
    case = Case(THEMES)
    a, b, _ = case.keys
    case.add("merge", themes=[a, b]).add("split", theme="m1", paragraphs=case.digests(*range(9)))
    assert sets(case.decide().discovery.assignment) == sets(case.discovery.assignment)


def test_a_wrong_merge_that_is_undone_leaves_the_run_as_it_was_before():
    case = Case(THEMES, refits=[THEMES, THEMES])
    case.add("rename", theme=case.keys[0], to="Ports")
    right = case.decide()
    wrong = case.add("merge", themes=case.keys[:2]).add("rename", theme="m2", to="Wrong")
    assert wrong.decide().discovery.themes == 2
    mended = case.decide(undo(case.log, 2))
    assert mended.outcomes.equals(right.outcomes) and mended.names == right.names
    for name in ("assignment", "strength", "stability", "fragile", "refits", "seeds"):
        assert getattr(mended.discovery, name).tobytes() == getattr(right.discovery, name).tobytes()
    assert mended.discovery.method == right.discovery.method and mended.discovery.notes == right.discovery.notes


def test_rows_in_another_order_give_the_same_themes_row_by_row():
    case = Case(np.repeat([0, 1], [12, 8]))
    case.add("split", theme=case.keys[0], into=2).add("merge", themes=["s1b", case.keys[1]])
    order = np.random.default_rng(4).permutation(20)
    turned = Case(case.discovery.assignment[order], texts=[case.texts[at] for at in order])
    turned.vectors = case.vectors[order]
    there, here = turned.decide(case.log), case.decide()
    assert sets(there.discovery.assignment) == {
        frozenset(np.flatnonzero(np.isin(order, list(theme))).tolist()) for theme in sets(here.discovery.assignment)
    }


def test_a_decision_added_to_a_log_leaves_the_log_as_it_was():
    case = Case(THEMES)
    before = case.log
    after = add(before, {"do": "note", "theme": case.keys[0], "text": "x", **PERSON})
    assert (len(before.decisions), len(after.decisions)) == (0, 1) and before.sha256 != after.sha256


def test_equal_texts_are_meant_together():
    texts = [f"text {row // 2}" for row in range(12)]
    case = Case(np.repeat([0, 1], 6), texts=texts)
    case.add("move", paragraphs=[digest("text 0")], to=case.keys[1])
    theme = case.decide().discovery.assignment
    assert theme[0] == theme[1] == theme[11]


def test_a_theme_that_a_line_made_is_named_by_that_line_in_the_outcomes():
    case = Case(THEMES)
    case.add("split", theme=case.keys[0], into=2).add("rename", theme="s1b", to="Smaller half")
    assert row(case.decide(), 2)["theme"] == "part 2 of line 1"
    joined = Case(THEMES)
    joined.add("merge", themes=list(joined.keys[:2]), **{"as": "m"}).add("note", theme="m", text="Both.")
    assert row(joined.decide(), 2)["theme"] == "the theme of line 1"
