"""Themes of new paragraphs: who votes, with what weight, and which paragraphs are far from the run."""

from __future__ import annotations

import json

import numpy as np
import pytest

from toolkit.discover import Model, assign, load_model, save_model
from toolkit.discover.hierarchy import hierarchy
from toolkit.discover.model import vote
from toolkit.errors import StoreError
from toolkit.values import NOISE, Discovery


def units(n, d=5, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(n, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def turned(degrees):
    """Unit vectors in the plane at these angles."""
    angle = np.deg2rad(np.asarray(degrees, float))
    return np.column_stack([np.cos(angle), np.sin(angle)]).astype(np.float32)


def by_hand(model, queries):
    """Themes and shares by the rule, paragraph by paragraph."""
    mean = model.vectors.mean(0, dtype=float)
    centre = lambda rows: (rows - mean) / np.linalg.norm(rows - mean, axis=1, keepdims=True)  # noqa: E731
    kept, new = centre(model.vectors.astype(float)), centre(queries.astype(float))
    among = np.sort(kept @ kept.T, axis=1)[:, ::-1]  # each row's own similarity comes first
    reach = among[:, 30] if len(kept) > 30 else among[:, -1]
    themes, shares = [], []
    for row in new:
        similarity = kept @ row
        nearest = np.argsort(-similarity, kind="stable")[:30]
        votes = {}
        for voter in nearest:
            weight = max(similarity[voter], 1e-6) * (1.0 if similarity[voter] >= reach[voter] else 0.5)
            theme = int(model.themes[voter])
            votes[theme] = votes.get(theme, 0.0) + weight
        best = min(votes, key=lambda theme: (-round(votes[theme], 6), theme == NOISE, theme))
        themes.append(best)
        shares.append(votes[best] / sum(votes.values()))
    return np.array(themes), np.array(shares)


@pytest.mark.parametrize("seed", range(3))
def test_the_thirty_nearest_vote_by_cosine_and_half_where_nearness_is_not_mutual(seed):
    random = np.random.default_rng(seed)
    model = Model(units(120, seed=seed), random.integers(-1, 4, 120).astype(np.int32), "kmeans")
    queries = units(60, seed=seed + 50)
    given = assign(model, queries)
    themes, shares = by_hand(model, queries)
    assert np.array_equal(given.theme, themes) and np.array_equal(vote(model, queries), themes)
    assert given.share == pytest.approx(shares, abs=1e-4)
    assert len(set(themes.tolist())) >= 4 and (seed or NOISE in themes)


def test_a_neighbour_to_whom_the_new_paragraph_is_no_neighbour_has_half_a_vote():
    # 31 paragraphs of theme 0 lie close together a little aside: each has thirty nearer ones than the new paragraph
    crowd, loose = 40 + np.linspace(0, 1, 31), -5 - 2.0 * np.arange(12)
    vectors = turned(np.concatenate([crowd, loose]))
    vectors = np.vstack([vectors, -vectors])  # so that the mean is nothing
    model = Model(vectors, np.repeat([0, 1, 2], [31, 12, 43]).astype(np.int32), "kmeans")
    given, (themes, shares) = assign(model, turned([0.0])), by_hand(model, turned([0.0]))
    whole = np.cos(np.deg2rad(loose)).sum()
    halves = np.cos(np.deg2rad(np.sort(crowd)[:18])).sum() / 2
    assert halves < whole < 2 * halves  # eighteen whole votes would have won
    assert given.theme.tolist() == themes.tolist() == [1]
    assert given.share[0] == pytest.approx(whole / (whole + halves), abs=1e-5) == shares[0]


def test_a_paragraph_that_agrees_in_nothing_hardly_counts_and_equal_votes_go_to_the_lower_theme():
    vectors = turned([0, 90, 180, 270])
    model = Model(vectors, np.array([NOISE, 1, 2, 0], np.int32), "kmeans")
    assert assign(model, turned([45])).theme.tolist() == [1]  # a tie with noise
    assert assign(model, turned([315])).theme.tolist() == [0]
    assert assign(model, turned([135])).theme.tolist() == [1]  # before theme 2
    alike = assign(model, turned([0.0]))
    assert alike.theme.tolist() == [NOISE] and alike.share[0] == pytest.approx(1, abs=1e-4)


def test_near_is_the_mean_cosine_with_the_five_nearest_and_nearest_that_of_the_first():
    model, queries = Model(units(50), np.zeros(50, np.int32), "kmeans"), units(9, seed=4)
    given = assign(model, queries)
    ranked = np.sort(queries @ model.vectors.T, axis=1)[:, ::-1]
    assert given.near == pytest.approx(ranked[:, :5].mean(1), abs=1e-5)
    assert given.nearest == pytest.approx(ranked[:, 0], abs=1e-5)


def test_reach_is_what_all_but_one_in_a_hundred_of_the_runs_own_paragraphs_have():
    vectors = units(300)
    means = np.sort(vectors @ vectors.T, axis=1)[:, ::-1][:, 1:6].mean(1)
    model = Model(vectors, np.zeros(300, np.int32), "kmeans")
    assert model.reach == pytest.approx(np.quantile(means, 0.01), abs=1e-5)
    queries = units(400, seed=8)
    near = np.sort(queries @ vectors.T, axis=1)[:, ::-1][:, :5].mean(1)
    clear = np.abs(near - np.quantile(means, 0.01)) > 1e-5
    given = assign(model, queries)
    assert np.array_equal(given.far[clear], (near < np.quantile(means, 0.01))[clear]) and given.far.any()


def test_reach_is_told_by_two_thousand_rows_spread_over_the_run():
    vectors = units(2300, d=3)
    vectors[1:200:2] = vectors[0]
    rows = np.unique(np.linspace(0, 2299, 2000).astype(int))
    values = np.array([np.sort(vectors @ vectors[row])[::-1][1:6].mean() for row in rows])
    assert Model(vectors, np.zeros(2300, np.int32), "").reach == pytest.approx(np.quantile(values, 0.01), abs=2e-6)


def test_a_run_of_hardly_any_paragraphs():
    assert np.isnan(Model(units(1), np.zeros(1, np.int32), "").reach)
    assert np.isnan(Model(np.zeros((0, 3), np.float32), np.zeros(0, np.int32), "").reach)
    two = Model(turned([0, 60]), np.zeros(2, np.int32), "")
    assert two.reach == pytest.approx(0.5, abs=1e-6) and two.voters == 2
    assert Model(units(40), np.zeros(40, np.int32), "").voters == 30
    given = assign(Model(np.zeros((0, 3), np.float32), np.zeros(0, np.int32), ""), units(2, 3))
    assert given.theme.tolist() == [NOISE] * 2 and given.far.all() and np.isnan(given.share).all()
    with pytest.raises(ValueError, match="2 vectors and 3 themes"):
        Model(units(2), np.zeros(3, np.int32), "")


def test_a_model_cannot_be_changed_and_does_not_freeze_what_it_was_given():
    vectors = units(4)
    model = Model(vectors, np.zeros(4, np.int32), "")
    with pytest.raises(ValueError, match="read-only"):
        model.vectors[0, 0] = 1
    with pytest.raises(AttributeError):
        model.method = "other"
    assert vectors.flags.writeable


def saved(folder):
    """A discovery of 40 paragraphs, ten of them not fitted to, its vectors, and the folder of its model."""
    themes = np.repeat([0, 1, NOISE], [20, 15, 5]).astype(np.int32)
    fitted, vectors = np.arange(40) % 4 > 0, units(40)
    none = np.full(40, np.nan)
    discovery = Discovery(
        assignment=themes,
        strength=none,
        stability=np.full((2, 3), np.nan),
        layout=np.zeros((40, 2)),
        levels=hierarchy(vectors[:2], np.array([20, 15], np.int32), 1),
        candidates=None,
        neighbours=None,
        reassigned=np.zeros(40, bool),
        fragile=np.zeros(2, bool),
        method="",
        parameters={"method": "kmeans"},
        fitted=fitted,
    )
    save_model(discovery, vectors, folder / "deep" / "model")
    return discovery, vectors, folder / "deep" / "model"


def test_a_model_kept_is_the_one_read(tmp_path):
    result, vectors, place = saved(tmp_path)
    save_model(result, vectors, place)  # once more into the same folder
    model = load_model(place)
    members = np.arange(40) % 4 > 0  # those that themes were fitted to
    assert np.array_equal(model.vectors, vectors[members]) and np.array_equal(model.themes, result.assignment[members])
    text = (place / "discover.json").read_text()
    about = json.loads(text)
    assert model.method == about["method"] == "kmeans" and about["voters"] == 30 and text.endswith("}\n")
    assert list(about) == sorted(about) and text.startswith('{\n "')
    assert "30 nearest" in about["rule"] and "reducer" not in about["rule"]
    assert "its reducer is not kept" in assign(Model(vectors, result.assignment, "density"), vectors[:1]).method


def test_a_model_of_another_format_or_not_readable_is_refused(tmp_path):
    *_, place = saved(tmp_path)
    about = json.loads((place / "discover.json").read_text())
    for other in (1, 3, None):
        (place / "discover.json").write_text(json.dumps(about | {"format": other}))
        with pytest.raises(StoreError, match=f"format {other} of the themes, 2 is read"):
            load_model(place)
    for broken in ("[]", "{"):
        (place / "discover.json").write_text(broken)
        with pytest.raises(StoreError, match="no themes to assign from"):
            load_model(place)
