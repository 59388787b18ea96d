"""Promises of discovery: the same themes at every run and order, honest on tiny corpora, numbers honoured."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from toolkit.discover import (
    Agglomerative,
    BERTopic,
    Clusterer,
    Consensus,
    Density,
    Graph,
    KMeans,
    NoReduction,
    assign,
    discover,
    granularity,
    load_model,
    save_model,
)
from toolkit.discover.hierarchy import hierarchy
from toolkit.discover.inverted_file import nearest_of_many
from toolkit.discover.neighbours import nearest
from toolkit.discover.null_model import chance_stability
from toolkit.discover.stability import agreement, rand_index, stability, strength
from toolkit.discover.trials import Trials
from toolkit.discover.wording import Wording
from toolkit.errors import StoreError, ToolkitError

LADDER = (0, 1, 2, 3, 5, 8, 11, 12, 20, 40, 60)
QUICK = (
    Consensus(refits=12, trials=4, seeds=1),
    Graph(refits=4, seeds=1),
    KMeans(starts=2, refits=3, seeds=1),
    Agglomerative(refits=3, seeds=1),
)

SLOW = pytest.mark.slow
"""Of what `tests/contract/test_components.py` asks of each method in the fast lane, too."""


def planted(sizes, spread=0.6, dimension=24, seed=0):
    """Texts, unit vectors and groups: rows scattered about orthogonal centres."""
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(dimension)[groups] + random.normal(size=(len(groups), dimension)) * spread / dimension**0.5
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"text {i} of group {g}" for i, g in enumerate(groups)]
    turn = random.permutation(len(groups))
    return [texts[i] for i in turn], vectors[turn].astype(np.float32), groups[turn]


def scattered(n, dimension=24, seed=0):
    """Texts and unit vectors with no groups at all."""
    vectors = np.random.default_rng(seed).normal(size=(n, dimension))
    return [f"noise {i}" for i in range(n)], (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("f4")


@pytest.mark.parametrize("settings", QUICK, ids=lambda s: s.method)
def test_planted_themes_are_found_and_come_back(settings):
    texts, vectors, groups = planted((60, 45, 30, 25))
    discovery = discover(settings.model_copy(update={"themes": 4}), texts, vectors, 1)
    assert rand_index(discovery.assignment, groups) > 0.98
    assert (discovery.stability[:, 0] > 0.95).all() and not discovery.fragile.any()
    assert np.nanmin(discovery.strength) >= 0 and np.nanmean(discovery.strength) > 0.95


def test_the_default_finds_how_many_themes_were_planted():
    texts, vectors, groups = planted((60, 45, 30, 25))
    discovery = discover(Consensus(), texts, vectors, 1)
    assert discovery.themes == 4
    assert rand_index(discovery.assignment, groups) > 0.98
    assert discovery.candidates["chosen"].to_pylist().count(True) == 1


def test_themes_read_into_noise_are_called_fragile():
    texts, vectors = scattered(200)
    discovery = discover(Consensus(refits=20, seeds=0), texts, vectors, 1)
    assert discovery.themes == 0 or discovery.fragile.mean() > 0.5
    assert any("fragile" in note for note in discovery.notes) or discovery.themes == 0


@pytest.mark.parametrize("settings", QUICK, ids=lambda s: s.method)
def test_the_same_seed_gives_the_same_values_and_the_input_stays_as_it_was(settings):
    texts, vectors, _ = planted((30, 20, 15), spread=1.2)
    before = vectors.tobytes()
    one, two = (discover(settings, texts, vectors, 7) for _ in range(2))
    for name in ("assignment", "strength", "stability", "layout", "reassigned", "fragile"):
        assert np.array_equal(getattr(one, name), getattr(two, name), equal_nan=name in ("strength", "stability"))
    assert one.levels.equals(two.levels) and one.neighbours.equals(two.neighbours)
    assert (one.method, one.notes, one.parameters) == (two.method, two.notes, two.parameters)
    assert vectors.tobytes() == before and vectors.flags.writeable


@pytest.mark.parametrize("settings", QUICK, ids=lambda s: s.method)
def test_shuffled_rows_get_the_same_theme_each(settings):
    texts, vectors, _ = planted((33, 21, 16), spread=1.2)
    turn = np.random.default_rng(5).permutation(len(texts))
    one = discover(settings, texts, vectors, 7)
    two = discover(settings, [texts[i] for i in turn], vectors[turn], 7)
    assert rand_index(one.assignment[turn], two.assignment) == 1
    if len(set(np.bincount(one.assignment))) == one.themes:
        assert np.array_equal(one.assignment[turn], two.assignment)
        assert np.allclose(one.stability, two.stability, equal_nan=True)
    assert np.array_equal(one.strength[turn], two.strength, equal_nan=True)
    assert np.array_equal(one.layout[turn], two.layout)
    names = [(texts[r["row"]], texts[r["neighbour"]]) for r in one.neighbours.to_pylist()]
    again = [(texts[turn[r["row"]]], texts[turn[r["neighbour"]]]) for r in two.neighbours.to_pylist()]
    assert sorted(names) == sorted(again)


def test_read_only_vectors_will_do():
    texts, vectors, _ = planted((20, 20))
    vectors.flags.writeable = False
    assert discover(Consensus(refits=4, trials=2, seeds=0), texts, vectors, 1).themes == 2


@pytest.mark.parametrize("n", LADDER)
@pytest.mark.parametrize("settings", QUICK, ids=lambda s: s.method)
def test_the_ladder_of_small_corpora(settings, n):
    texts, vectors = scattered(n)
    discovery = discover(settings, texts, vectors, 1)
    assert len(discovery.assignment) == len(discovery.strength) == len(discovery.layout) == n
    assert np.isfinite(discovery.layout).all()
    if n < 12:
        assert discovery.themes == 0 and any("fewer than the 12" in note for note in discovery.notes)
        assert discovery.neighbours.num_rows == n * min(5, max(n - 1, 0))
    else:
        assert (
            discovery.themes >= 2 and discovery.fragile.any() and any("are fragile" in note for note in discovery.notes)
        )


@pytest.mark.parametrize("settings", QUICK, ids=lambda s: s.method)
@pytest.mark.parametrize("kinds", [1, 3])
def test_identical_vectors_do_no_harm(settings, kinds):
    texts = [f"word{i}" for i in range(30)]
    vectors = np.eye(8, dtype=np.float32)[np.arange(30) % kinds]
    discovery = discover(settings, texts, vectors, 1)
    assert len(discovery.assignment) == 30 and np.isfinite(discovery.layout).all()


@pytest.mark.parametrize("settings", QUICK, ids=lambda s: s.method)
@pytest.mark.parametrize("themes", [1, pytest.param(2, marks=SLOW), 12, pytest.param(40, marks=SLOW)])
def test_a_number_of_themes_is_honoured_exactly(settings, themes):
    texts, vectors, _ = planted((40, 30, 20), spread=2.0)
    assert discover(settings.model_copy(update={"themes": themes}), texts, vectors, 1).themes == themes


@pytest.mark.parametrize("settings", QUICK, ids=lambda s: s.method)
@pytest.mark.parametrize("bounds", [pytest.param((2, 3), marks=SLOW), (6, 8), pytest.param((15, 40), marks=SLOW)])
def test_a_range_of_themes_is_honoured(settings, bounds):
    texts, vectors, _ = planted((40, 30, 20), spread=2.0)
    discovery = discover(settings.model_copy(update={"themes": bounds}), texts, vectors, 1)
    assert bounds[0] <= discovery.themes <= bounds[1]


def test_a_number_is_honoured_on_tiny_and_identical_corpora():
    for texts, vectors in (scattered(6), ([f"w{i}" for i in range(14)], np.tile(np.eye(4, dtype="f4")[0], (14, 1)))):
        for settings in QUICK:
            assert discover(settings.model_copy(update={"themes": 3}), texts, vectors, 1).themes == 3


def test_more_themes_than_paragraphs_is_a_plain_fault():
    texts, vectors = scattered(5)
    with pytest.raises(ToolkitError, match="12 themes were asked for and the corpus has 5 different paragraphs"):
        discover(Consensus(themes=12), texts, vectors, 1)


def test_settings_are_read_from_a_config():
    read = TypeAdapter(Clusterer).validate_python
    assert read({"method": "consensus", "themes": [8, 12]}).bounds == (8, 12)
    assert read({"method": "density", "reducer": {"method": "pca", "components": 8}}).reducer.components == 8
    for wrong in ({"themes": 0}, {"themes": [9, 3]}, {"themes": "many"}, {"themes": True}, {"seed": 1}):
        with pytest.raises(ValidationError):
            read({"method": "consensus"} | wrong)


def test_broader_themes_have_own_ids_and_every_theme_a_parent():
    texts, vectors, _ = planted((12,) * 16, spread=0.4)
    levels = discover(KMeans(themes=16, starts=2, refits=0), texts, vectors, 1).levels.to_pylist()
    ids = {row["theme"]: row for row in levels}
    assert len(ids) == len(levels) and {row["level"] for row in levels} == {0, 1, 2}
    for row in levels:
        assert (row["theme"] >= 1000) == (row["level"] > 0)
        assert row["parent"] is None if row["level"] == 2 else ids[row["parent"]]["level"] == row["level"] + 1
    flat = discover(KMeans(themes=16, starts=2, refits=0, levels=1), texts, vectors, 1).levels.to_pylist()
    assert [row["parent"] for row in flat] == [None] * 16


def test_stability_and_strength_by_hand():
    themes = np.array([0, 0, 0, 0, 1, 1], np.int32)
    refits = [
        (np.array([0, 1, 2, 4, 5], np.int32), np.array([0, 0, 1, 2, 2], np.int32)),
        (np.array([0, 1, 2, 3], np.int32), np.array([0, 0, 0, 0], np.int32)),
    ]
    measured = stability(themes, refits)
    assert measured[0, 0] == pytest.approx((2 / 3 + 1) / 2)
    assert measured[1, 0] == 1  # the second refit saw nothing of it
    assert strength(themes, refits).tolist() == [1, 1, 0.5, 1, 1, 1]


def test_agreement_is_the_adjusted_rand_index():
    from sklearn.metrics import adjusted_rand_score

    random = np.random.default_rng(0)
    for k in (1, 2, 7, 50):
        a, b = random.integers(-1, k, 60).astype(np.int32), random.integers(-1, 5, 60).astype(np.int32)
        assert rand_index(a, b) == pytest.approx(adjusted_rand_score(a, b))


def test_a_cliff_is_said():
    rows = np.arange(40, dtype=np.int32)
    results = [
        granularity.Candidate(value, ((rows, (rows % k).astype(np.int32)),) * 3, 40)
        for value, k in ((0.5, 3), (1.0, 4))
    ]
    (note,) = granularity.cliff(results, 1)
    assert note.startswith("Cliff: at resolution 0.5 instead of 1 there would be 3 themes instead of 4")
    assert granularity.cliff([results[1], results[1]], 1) == ()


def test_the_granularity_that_comes_back_best_is_chosen_and_the_rule_can_be_read_off():
    texts, vectors, _ = planted((60, 40), spread=0.6)
    assert discover(Consensus(refits=12, seeds=0), texts, vectors, 1).themes == 2  # one theme may hold over half
    discovery = discover(Consensus(refits=12, seeds=0), *planted((50, 40, 35, 30))[:2], 1)
    rows = discovery.candidates.to_pylist()
    (chosen,) = (row for row in rows if row["chosen"])
    rated = [row for row in rows if row["themes"] > 1 and row["largest_share"] <= granularity.LARGEST_SHARE]
    best = max(rated, key=lambda row: row["score"])
    notes = [note for note in discovery.notes if f"cannot tell resolution {chosen['value']:g} " in note]
    assert chosen == best or (chosen["value"] < best["value"] and f"{best['value']:g} (" in notes[0])
    assert chosen["agreement"] > 0.95 and chosen["themes"] == 4


def test_broader_themes_join_what_is_alike_rather_than_all_but_an_outlier():
    random, axes = np.random.default_rng(5), np.eye(32)
    means = np.array([4 * axes[0] + axes[1 + at // 2] + 0.15 * random.normal(size=32) for at in range(8)] + [axes[20]])
    means = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    rows = hierarchy(means, np.full(9, 20, np.int32), 2).to_pylist()
    parent = [row["parent"] for row in rows if row["level"] == 0]
    assert max(parent.count(above) for above in parent) <= 6
    assert all(parent[at] == parent[at + 1] for at in (0, 2, 4, 6))


@pytest.mark.parametrize(
    "settings",
    [
        Consensus(refits=20, seeds=0),
        Graph(seeds=0),
        Consensus(themes=5, refits=10),
        pytest.param(KMeans(themes=5, refits=10), marks=SLOW),
        pytest.param(Agglomerative(themes=5, refits=10), marks=SLOW),
    ],
)
def test_where_there_is_nothing_to_find_no_theme_is_shown_as_sound(settings):
    texts, vectors = scattered(150, dimension=96)
    discovery = discover(settings, texts, vectors, 1)
    assert discovery.fragile.all() and any("No evidence of themes" in note for note in discovery.notes)
    discovery = discover(settings, *planted((50, 40, 35, 30, 30))[:2], 1)
    assert not discovery.fragile.any() and not any("No evidence" in note for note in discovery.notes)


def test_a_division_that_cannot_but_return_says_nothing_of_chance():
    vectors, whole = scattered(90)[1], np.zeros(90, np.int32)
    rows = np.arange(90, dtype=np.int32)
    assert chance_stability(vectors, lambda mixed, _: (whole, [(rows, whole)] * 3), 1) == 0
    assert chance_stability(vectors, lambda mixed, _: (rows, [(rows, rows)] * 3), 1) == 0
    assert agreement([(rows, whole)] * 3, 90) == 0
    discovery = discover(KMeans(themes=1, refits=4), *planted((50, 40))[:2], 1)
    assert not discovery.fragile.any() and not any("No evidence" in note for note in discovery.notes)
    assert "evidence" not in discovery.parameters


def test_refits_go_on_while_the_choice_is_open_and_stop_where_it_is_clear():
    rows, values = np.arange(300, dtype=np.int32), (1.0, 2.0, 3.0)

    def refits(chances):
        """Three themes at every resolution, each row in its own with the chance of that resolution, else anywhere."""

        def one(number, chance):
            random = np.random.default_rng(number + round(1e6 * chance))
            moved = np.where(random.random(300) < chance, rows % 3, random.integers(0, 3, 300))
            return rows, moved.astype(np.int32)

        return lambda some, numbers: [[one(n, chances[values.index(value)]) for value in some] for n in numbers]

    for chances, wanted in (((0.95, 0.6, 0.601), 6), ((0.8, 0.801, 0.802), 40)):
        candidates, rivals = granularity.race(values, Trials(300, 3), None, 6, 40, refits(chances))
        assert len(candidates[rivals[0]].repeats) == max(len(one.repeats) for one in candidates) == wanted
        assert rivals == [0] if wanted == 6 else len(rivals) > 1 and rivals == sorted(rivals)  # the coarsest is taken


def test_wording_joins_in_where_asked_and_tells_groups_apart_that_vectors_cannot():
    random, groups = np.random.default_rng(3), np.repeat(np.arange(3), 60)
    pools = [[f"{root}{letter}" for letter in "abcdefghijklmnop"] for root in ("river", "wheel", "bread")]
    texts = [" ".join(random.choice(pools[group], 6, replace=False)) for group in groups]
    vectors = scattered(180)[1]
    plain, joined = (
        discover(Consensus(seeds=0, themes=3, refits=8, lexical=weight), texts, vectors, 1) for weight in (0.0, 0.5)
    )
    assert rand_index(joined.assignment, groups) > 0.9 and rand_index(plain.assignment, groups) < 0.1
    assert "wording" in joined.method and "wording" not in plain.method


def test_words_that_stand_together_are_told_from_words_that_do_not_in_any_script():
    rows = np.arange(40, dtype=np.int32)
    groups = (rows % 2).astype(np.int32)
    for pairs in (("river bank water boat", "engine wheel road tyre"), ("河流水船岸", "引擎輪路車胎")):
        texts = [f"{pairs[at % 2]} the and {at}" for at in rows]
        together, mixed = (Wording.of(texts).among(rows).coherence(labels) for labels in (groups, rows // 20))
        assert together is not None and together > 0.9 and (mixed is None or mixed < together)
    assert Wording.of([f"word{at}" for at in rows]).among(rows).coherence(groups) is None


def test_new_paragraphs_are_assigned_with_nothing_refitted(tmp_path):
    texts, vectors, groups = planted((60, 45, 30))
    fit, new = np.arange(len(texts)) < 120, np.arange(len(texts)) >= 120
    discovery = discover(
        Consensus(refits=8, trials=4), [t for t, f in zip(texts, fit, strict=True) if f], vectors[fit], 1
    )
    save_model(discovery, vectors[fit], tmp_path / "model")
    given = assign(load_model(tmp_path / "model"), vectors[new])
    assert rand_index(given.theme, groups[new]) > 0.95
    assert (given.share > 0.5).all() and given.nearest.max() <= 1.001
    assert sorted(p.suffix for p in (tmp_path / "model").iterdir()) == [".json", ".npy", ".npy"]
    with pytest.raises(StoreError, match="run the experiment again"):
        load_model(tmp_path)


def test_noise_is_kept_and_given_a_theme_only_on_request():
    texts, vectors, _ = planted((60, 50, 40), dimension=16, spread=0.3)
    texts, vectors = texts + scattered(20)[0], np.vstack([vectors, scattered(20, 16)[1]])
    settings = Density(reducer=NoReduction(), min_cluster_size=20, refits=2)
    kept, given = (
        discover(settings.model_copy(update={"reassign_noise": wish}), texts, vectors, 1) for wish in (False, True)
    )
    noise = kept.assignment == -1
    assert kept.themes == 3 and noise.sum() > 10 and not kept.reassigned.any()
    assert np.isnan(kept.strength[noise]).all() and any("belong to no theme" in note for note in kept.notes)
    assert np.array_equal(given.reassigned, noise) and (given.assignment >= 0).all()
    assert any("flagged" in note for note in given.notes)
    sizes = np.bincount(given.assignment)
    assert (np.diff(sizes) <= 0).all() and len(given.stability) == 3


@pytest.mark.slow
def test_density_and_bertopic_are_the_real_packages():
    texts, vectors, groups = planted((60, 50, 40), dimension=16)
    texts = [f"{('alpha', 'beta', 'gamma')[g]} word{i % 7} text number{i}" for i, g in enumerate(groups)]
    before = vectors.tobytes()
    dense = discover(Density(min_cluster_size=20, refits=1), texts, vectors, 1)
    assert rand_index(dense.assignment, groups) > 0.9 and dense.method.startswith("Vectors were reduced (umap)")
    topics = discover(BERTopic(), texts, vectors, 1)
    assert topics.themes >= 2 and np.isnan(topics.strength).all() and np.isnan(topics.stability).all()
    assert not topics.fragile.any() and any("fitted once" in note for note in topics.notes)
    again = discover(BERTopic(), texts, vectors, 1)
    assert np.array_equal(topics.assignment, again.assignment)
    assert vectors.tobytes() == before
    few = discover(BERTopic(), ["the a of " + "and " * i for i in range(14)], vectors[:14], 1)
    assert few.themes == 0 and any("none of the 14 paragraphs" in note for note in few.notes)


def test_cells_find_most_true_neighbours_and_the_same_at_every_run():
    _, vectors, _ = planted((150,) * 20, spread=1.0)
    true = nearest(vectors, 15)
    results, again = (nearest_of_many(vectors, 15, exact=100, cell_size=150) for _ in range(2))
    hits = [len(set(a) & set(b)) for a, b in zip(true.rows, results.rows, strict=True)]
    assert np.mean(hits) / 15 > 0.85
    assert np.array_equal(results.rows, again.rows) and np.array_equal(results.similarity, again.similarity)
    assert (results.rows != np.arange(len(vectors))[:, None]).all()
