"""Intervals of themes count what another seed changes: shares over seeds recomputed by hand, codes left as they are."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import expit, logit
from scipy.stats import t

from toolkit.estimate import Coded, EstimateSettings, Reseeded, Themes, estimate
from toolkit.estimate.intervals import Ratios, limits, widened

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

HOME = np.repeat(np.arange(6), 4)
THEME = np.array([0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 0, -1, 2, 2, 0, 1], np.int32)
ONE = np.array([1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, -1, 2, 2, 1, 0], np.int32)
OTHER = np.array([0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, -1, -1, -1, 0, 1], np.int32)
SEEDS, MATCH = np.array([ONE, OTHER]), np.array([[1, 0, 2], [0, 1, -1]], np.int32)
LIKENESS = np.array([[0.9, 0.8, 0.7], [0.9, 0.8, 0.0]])
MADE = EstimateSettings(bootstrap=300, group_by=("source",))


def tables():
    ids = [f"d{row}" for row in range(6)]
    documents = pa.table({"document_id": ids, "duplicate_of": pa.array([None] * 6, pa.string()),
                          "source": ["a", "a", "a", "b", "b", "b"]})  # fmt: skip
    paragraphs = pa.table({"paragraph_id": [f"p{row}" for row in range(24)], "document_id": [ids[row] for row in HOME],
                           "words": [10] * 24, "duplicate_of": pa.array([None] * 24, pa.string()),
                           "theme": THEME})  # fmt: skip
    return documents, paragraphs


def rows(other=None):
    codes = Coded({"c": THEME == 1})
    made = estimate(MADE, *tables(), codes, 5, Themes({"1000": np.isin(THEME, (0, 2))}, other=other))
    keys = ("kind", "id", "group", "unit", "counting")
    return {tuple(row[key] for key in keys): row for row in made.prevalence.to_pylist()}, made


@pytest.fixture(scope="module")
def both():
    known = np.ones(24, bool)
    return rows()[0], rows(Reseeded(SEEDS, MATCH, known, LIKENESS))[0]


def main_themes(labels):
    """The theme of most paragraphs of each document, all as long; ties to the lower number, -1 only if alone."""
    counted = [Counter(labels[(row == HOME) & (labels >= 0)].tolist()) for row in range(6)]
    return np.array([min(one, key=lambda name: (-one[name], name)) if one else -1 for one in counted])


def deviation(theme, group, unit):
    """Of the share of one theme over this seed and the others, by hand; a seed without the theme says nothing."""
    shares = []
    for labels, name in [(THEME, theme), *((one, match[theme]) for one, match in zip(SEEDS, MATCH, strict=True))]:
        chosen = np.ones(6, bool) if group is None else np.arange(6) < 3 if group == "a" else np.arange(6) >= 3
        here = {"paragraph": labels[chosen[HOME]] == name, "document_main": main_themes(labels)[chosen] == name,
                "document": np.array([(labels[row == HOME] == name).any() for row in range(6)])[chosen]}  # fmt: skip
        if name >= 0:
            shares.append(float(here[unit].mean()))
    return float(np.std(shares, ddof=1)) if len(shares) > 1 else 0.0


@pytest.mark.parametrize("group", [None, "a", "b"])
@pytest.mark.parametrize("unit", ["paragraph", "document", "document_main"])
@pytest.mark.parametrize("theme", [0, 1])
def test_the_variance_over_seeds_is_added_to_that_of_documents(both, theme, unit, group):
    plain, wide = (one["theme", str(theme), group, unit, "unique"] for one in both)
    spread, p = deviation(theme, group, unit), plain["estimate"]
    assert wide["estimate"] == p and wide["n"] == plain["n"]
    if spread == 0 or not 0 < p < 1 or plain["method"].startswith("exact"):
        assert wide["low"] <= plain["low"] and wide["high"] >= plain["high"]
        return
    clusters = 6 if group is None else 3
    error = (logit(plain["high"]) - logit(p)) * p * (1 - p) / t.ppf(0.975, clusters - 1)
    total = error**2 + spread**2
    freedom = total**2 / (error**4 / (clusters - 1) + spread**4 / 2)
    reach = t.ppf(0.975, freedom) * total**0.5 / (p * (1 - p))
    assert wide["high"] == pytest.approx(max(expit(logit(p) + reach), plain["high"]))
    assert wide["low"] == pytest.approx(min(expit(logit(p) - reach), plain["low"]))
    assert wide["method"] == f"{plain['method']}; widened by 2 other seeds"


@pytest.mark.parametrize("group", [None, "a", "b"])
@pytest.mark.parametrize("unit", ["paragraph", "document", "document_main"])
def test_a_theme_that_returns_with_half_of_the_seeds_has_no_interval_and_the_reason_instead(both, unit, group):
    plain, wide = (one["theme", "2", group, unit, "unique"] for one in both)
    assert (wide["estimate"], wide["hits"], wide["n"]) == (plain["estimate"], plain["hits"], plain["n"])
    if plain["n"] and plain["low"] is not None:
        assert (wide["low"], wide["high"]) == (None, None)
        assert wide["method"] == "none: the theme returns with only 1 of 2 other seeds"


def test_a_seed_with_which_a_theme_is_dissolved_says_nothing_of_its_share():
    merged = np.where(THEME >= 0, 0, -1).astype(np.int32)  # all themes in one group
    seeds, match = np.array([*SEEDS, merged]), np.array([*MATCH, [0, 0, 0]], np.int32)
    likeness = np.array([*LIKENESS, [0.5, 0.51, 0.1]])
    two, three = (
        rows(Reseeded(*one, np.ones(24, bool), alike))[0]
        for one, alike in (((SEEDS, MATCH), LIKENESS), ((seeds, match), likeness))
    )
    key = ("theme", "0", None, "paragraph", "unique")
    assert (three[key]["low"], three[key]["high"]) == (two[key]["low"], two[key]["high"])
    assert three[key]["method"].endswith("; widened by the 2 of 3 other seeds with which the theme returns")
    key = ("theme", "1", None, "paragraph", "unique")
    assert three[key]["high"] > two[key]["high"] and three[key]["method"].endswith("; widened by 3 other seeds")


def test_some_interval_of_each_unit_is_truly_wider(both):
    for unit in ("paragraph", "document", "document_main"):
        keys = [("theme", str(theme), None, unit, "unique") for theme in range(2)]
        plain, wide = ([one[key]["high"] - one[key]["low"] for key in keys] for one in both)
        assert max(np.array(wide) / plain) > 1.01


def test_codes_are_not_touched_and_broader_themes_are_the_groups_of_their_members(both):
    plain, wide = both
    assert all(wide[key] == row for key, row in plain.items() if key[0] == "code")
    broad = wide["theme", "1000", None, "paragraph", "unique"]
    shares = [np.isin(THEME, (0, 2)).mean(), np.isin(ONE, (1, 2)).mean(), (OTHER == 0).mean()]
    before = plain["theme", "1000", None, "paragraph", "unique"]
    result = Ratios(np.array([before["estimate"]]), np.array([_error(before, 6)]), np.array([6], np.int32))
    low, high = widened(result, np.array([np.std(shares, ddof=1)]), 2)
    assert (broad["low"], broad["high"]) == (pytest.approx(low[0]), pytest.approx(high[0]))
    assert broad["method"].endswith("widened by 2 other seeds") and broad["high"] > before["high"]


def _error(row, clusters):
    p = row["estimate"]
    return (logit(row["high"]) - logit(p)) * p * (1 - p) / t.ppf(0.975, clusters - 1)


def test_paragraphs_that_no_fit_saw_and_a_run_without_other_seeds_widen_nothing(both):
    plain, _ = both
    none, made = rows(
        Reseeded(np.zeros((0, 24), np.int32), np.zeros((0, 3), np.int32), np.ones(24, bool), np.zeros((0, 3)))
    )
    assert none == plain and "other" not in made.method.split("Contrasts")[0]
    unseen = rows(Reseeded(SEEDS, MATCH, np.zeros(24, bool), LIKENESS))[0]
    key = ("theme", "0", None, "paragraph", "unique")
    assert (unseen[key]["low"], unseen[key]["high"]) == (plain[key]["low"], plain[key]["high"])


def test_a_share_of_nothing_that_another_seed_would_raise_has_a_higher_limit_and_none_is_narrower():
    shares = Ratios(
        np.array([0.0, 0.4, 0.4, 0.5]), np.array([0.0, 0.1, 0.1, np.nan]), np.array([40, 40, 40, 1], np.int32)
    )
    low, high = limits(shares.estimate, shares.error, shares.clusters)
    wide_low, wide_high = widened(shares, np.array([0.2, 0.0, np.nan, 0.3]), 3)
    assert wide_low[0] == 0 and wide_high[0] == pytest.approx(0.2 * t.ppf(0.975, 3)) and wide_high[0] > high[0]
    assert wide_low[1:3].tolist() == low[1:3].tolist() and wide_high[1:3].tolist() == high[1:3].tolist()
    assert np.isnan(wide_low[3]) and np.isnan(wide_high[3])
