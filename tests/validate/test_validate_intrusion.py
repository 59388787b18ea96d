"""Intrusion tests: intruders really come from elsewhere, seed words stay out, and answers are scored as given."""

from __future__ import annotations

import numpy as np
import pytest
from test_validate import POOLS, planted

from toolkit.validate.intrusion import KINDS, Themes, intrusion_items, score_intrusion


def four_themes():
    texts, themes, vectors = planted()
    extra = ["lithium cobalt nickel quarry tailings smelter"] * 5
    pools = [*POOLS, ("lithium", "cobalt", "nickel", "quarry", "tailings", "smelter")]
    rows = np.zeros((5, 12), np.float32)
    rows[:, 9] = 1
    return Themes([*texts, *extra], np.array([*themes, *[3] * 5]), np.vstack([vectors, rows]), pools)


def items_of(per_theme=2, **given):
    return intrusion_items(four_themes(), per_theme, 7, **given)


def test_every_theme_gets_items_of_each_kind_and_the_intruder_is_not_its_own():
    themes = four_themes()
    rows = items_of().to_pylist()
    texts_of = {t: {themes.texts[i] for i in themes.members(t)} for t in range(4)}
    assert {(row["kind"], row["theme"]) for row in rows} == {(kind, t) for kind in KINDS for t in range(4)}
    for row in rows:
        odd = row["options"][row["intruder"]]
        rest = [option for i, option in enumerate(row["options"]) if i != row["intruder"]]
        if row["kind"] == "word":
            assert odd not in themes.keywords[row["theme"]] and set(rest) <= set(themes.keywords[row["theme"]])
        elif row["kind"] == "document":
            assert odd not in texts_of[row["theme"]] and set(rest) <= texts_of[row["theme"]]
        else:
            expected = ", ".join(themes.keywords[row["theme"]][:5])
            assert row["shown"] in texts_of[row["theme"]] and expected in rest and odd not in rest


def test_excluded_words_are_never_shown():
    rows = intrusion_items(four_themes(), 3, 1, excluded=["Hydrogen", "quarry"]).to_pylist()
    shown = " ".join(option for row in rows if row["kind"] in ("word", "topic") for option in row["options"])
    assert "hydrogen" not in shown and "quarry" not in shown and "electrolyser" in shown


def test_the_same_seed_makes_the_same_sheet_and_places_give_nothing_away():
    assert items_of() == items_of() != intrusion_items(four_themes(), 2, 8)
    places = [row["intruder"] for row in items_of(per_theme=20).to_pylist() if row["kind"] == "word"]
    assert max(np.bincount(places, minlength=6)) < 2.5 * len(places) / 6


def test_who_knows_scores_one_and_who_passes_or_guesses_scores_what_they_found():
    items = items_of(per_theme=5)
    right = [{"item": row["item"], "chosen": row["intruder"]} for row in items.to_pylist()]
    result = score_intrusion(items, right, 100, 0)
    assert all(result[f"intrusion.{kind}"].value == 1.0 for kind in KINDS)
    assert result["intrusion.word.baseline"].value == pytest.approx(1 / 6)
    half = [answer | ({"chosen": None} if i % 2 else {}) for i, answer in enumerate(right)]
    again = score_intrusion(items, half, 200, 0)["intrusion.word"]
    assert again.low < again.value < again.high and again.n == 20


def test_unanswered_kinds_are_null_and_unknown_items_are_said():
    items = items_of()
    first = next(row for row in items.to_pylist() if row["kind"] == "word")
    result = score_intrusion(items, [{"item": first["item"], "chosen": 0}, {"item": "i9999", "chosen": 0}], 50, 0)
    assert result["intrusion.document"].value is None and "no document" in result["intrusion.document"].reason
    assert "1 answers to unknown items" in result["intrusion.word"].reason


def test_too_few_themes_give_no_items_instead_of_a_crash():
    texts, themes, vectors = planted(30)
    alone = Themes(texts, np.zeros_like(themes), vectors, [POOLS[0]])
    assert intrusion_items(alone, 2, 0).num_rows == 0
    assert intrusion_items(Themes([], np.zeros(0, np.int32), vectors[:0], []), 2, 0).num_rows == 0
