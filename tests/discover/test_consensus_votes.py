"""The consensus rests on how often refits put texts together; groups too small are no theme."""

from __future__ import annotations

import numpy as np
import pytest

from toolkit.discover import Consensus, Graph
from toolkit.discover.consensus_matrix import agreed, voted, votes
from toolkit.discover.neighbours import Edges
from toolkit.discover.resample import views
from toolkit.discover.wording import Wording
from toolkit.values import NOISE


def complete(n, weight=1.0):
    source, target = (side.astype(np.int32) for side in np.triu_indices(n, 1))
    return Edges(n, source, target, np.full(len(source), weight))


def refit(labels, rows=None):
    rows = np.arange(len(labels)) if rows is None else rows
    return np.asarray(rows, np.int32), np.asarray(labels, np.int32)


def test_a_vote_is_the_share_of_refits_that_saw_both_texts_and_put_them_together():
    edges = Edges(5, np.array([0, 0, 1, 2, 3]), np.array([1, 2, 2, 3, 4]), np.ones(5))
    refits = [
        refit([0, 0, 0, 1, 1]),
        refit([0, 0, 1, 1], rows=[0, 1, 2, 3]),
        refit([2, 1, 1], rows=[0, 1, 2]),
        refit([-1, -1, 0, 0], rows=[0, 1, 2, 3]),  # noise is put with nothing
    ]
    assert votes(edges, refits) == pytest.approx([2 / 3, 1 / 3, 2 / 3, 2 / 3, 1.0])
    assert votes(edges, []).tolist() == [0] * 5


def test_texts_that_refits_keep_apart_are_apart_in_the_consensus_however_many_ties_join_them():
    apart = [refit([0, 0, 0, 1, 1, 1])] * 9 + [refit([0] * 6)]
    labels = agreed(complete(6), apart, 1.0, 1)
    assert [len(set(labels[:3])), len(set(labels[3:])), len(set(labels))] == [1, 1, 2]


def test_votes_weigh_the_ties_and_ties_with_no_vote_are_cut():
    never = [refit([0, 0, 1, 1])] * 4
    assert len(set(agreed(complete(4), never, 0.01, 1))) == 2  # at so low a resolution one tie would join them
    rarely = [refit([0, 0, 1, 1])] * 4 + [refit([0, 0, 0, 0])]
    assert len(set(agreed(complete(4), rarely, 0.01, 1))) == 1
    # at resolution 1 modularity parts them as soon as the ties across weigh less
    assert len(set(agreed(complete(4), rarely, 1.0, 1))) == 2
    assert len(set(agreed(complete(4), [refit([0, 0, 0, 0])], 1.0, 1))) == 1


def test_the_most_typical_of_the_partitions_is_taken():
    from sklearn.metrics import adjusted_rand_score

    random = np.random.default_rng(0)
    n = 60
    refits = [refit(random.integers(0, 4, n)) for _ in range(8)]
    edges = complete(n)
    taken = agreed(edges, refits, 1.0, 3)
    weight = votes(edges, refits)
    from toolkit.discover.leiden import Graph as Leiden
    from toolkit.values import seed_for

    kept = weight > 0
    graph = Leiden(Edges(n, edges.source[kept], edges.target[kept], weight[kept]))
    tries = [graph.partition(1.0, seed_for(3, f"consensus {at}"), -1) for at in range(12)]
    typical = [round(np.mean([adjusted_rand_score(one, other) for other in tries]), 9) for one in tries]
    assert len(set(typical)) > 1
    assert np.array_equal(taken, tries[typical.index(max(typical))])


def blobs(sizes, spread=0.3, d=12, seed=0):
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(d)[groups] + spread / d**0.5 * random.normal(size=(len(groups), d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), groups


def test_shuffled_vectors_are_clustered_by_twenty_refits_of_four_fifths_as_the_corpus_was():
    vectors, groups = blobs((20, 20, 20))
    labels, refits = voted(None, 1.0)(vectors, 1)
    assert len(refits) == 20 and {len(rows) for rows, _ in refits} == {48}
    assert len(set(zip(groups.tolist(), labels.tolist(), strict=True))) == 3
    few, _ = voted(3, 4.0)(vectors, 1)
    assert len(set(few.tolist())) > 3  # fewer neighbours and a finer resolution give smaller groups
    assert not np.array_equal(refits[0][0], voted(None, 1.0)(vectors, 2)[1][0][0])


def texts_of(groups):
    words = [f"{name}{letter}" for name in ("river", "wheel", "bread", "cloud", "glass") for letter in "xyz"]
    return [" ".join(words[group * 3 : group * 3 + 3]) + f" number{at}" for at, group in enumerate(groups)]


def test_groups_of_fewer_than_three_texts_are_no_theme_unless_a_number_is_asked_for():
    vectors, groups = blobs((6,) * 8, spread=3.0)
    settings = Consensus(refits=6, trials=3, neighbours=4, resolution=6.0)
    fit = settings.fit(texts_of(groups % 5), vectors, 1)
    ties = views(Wording.of(texts_of(groups % 5)), vectors, 4, 0.0).ties()
    whole = agreed(ties, fit.repeats, 6.0, 1)
    size = np.bincount(whole)[whole]
    assert {2, 3} <= set(size.tolist())
    assert np.array_equal(fit.labels, np.where(size < 3, NOISE, whole))
    (note,) = [note for note in fit.notes if "stand alone or in pairs" in note]
    assert note.startswith(f"{(size < 3).sum()} of 48 ")
    asked = settings.model_copy(update={"themes": int(whole.max()) + 1}).fit(texts_of(groups % 5), vectors, 1)
    assert np.array_equal(asked.labels, whole) and not any("in pairs" in note for note in asked.notes)


def test_a_resolution_given_is_used_and_said_and_no_other_is_tried():
    vectors, groups = blobs((20, 20, 20))
    for settings in (Consensus(refits=6, trials=2, resolution=0.7), Graph(refits=3, resolution=0.7)):
        fit = settings.fit(texts_of(groups), vectors, 1)
        assert fit.parameters == {"resolution": 0.7, "neighbours": 12} and fit.candidates.num_rows == 1
        assert "resolution 0.7" in fit.method and "was chosen" not in fit.method
        assert len(fit.repeats) == settings.refits and len(set(fit.labels.tolist())) == 3
        assert "12 nearest neighbours" in fit.method and not any("finest resolution" in note for note in fit.notes)


def test_refits_are_completed_to_the_number_asked_for_and_none_is_made_twice():
    vectors, groups = blobs((20, 20, 20))
    ticks = []
    fit = Consensus(refits=9, trials=3).fit(texts_of(groups), vectors, 1, lambda at, of: ticks.append((at, of)))
    done = [at / of for at, of in ticks]
    assert len(fit.repeats) == 9 and done == sorted(done) and done[0] > 0 and done[-1] <= 1 and len(done) >= 9
    assert len({rows.tobytes() for rows, _ in fit.repeats}) == 9
    assert fit.candidates.num_rows == 12 and "was chosen by how surely" in fit.method


@pytest.mark.parametrize("settings", [Consensus(themes=7, refits=4, trials=2), Graph(themes=7, refits=2)])
def test_a_number_of_themes_is_reached_by_a_finer_resolution_and_by_joining_the_nearest(settings):
    vectors, groups = blobs((12, 12, 12), spread=0.8)
    fit = settings.fit(texts_of(groups), vectors, 1)
    assert len(set(fit.labels.tolist())) == 7 and fit.labels.min() >= 0
    tried = max(fit.candidates["value"].to_pylist())
    finer = fit.parameters["resolution"]
    if finer > tried:
        steps = np.log(finer / tried) / np.log(1.25)
        assert steps == pytest.approx(round(steps), abs=1e-6)
    many = settings.model_copy(update={"themes": (20, 36)}).fit(texts_of(groups), vectors, 1)
    assert len(set(many.labels.tolist())) >= 20 and many.parameters["resolution"] > tried
    assert len(many.repeats) == settings.refits
    assert not any("finest resolution" in note for note in many.notes)


def test_more_themes_than_texts_are_refused_before_any_work():
    from toolkit.errors import ToolkitError

    vectors, groups = blobs((5, 5))
    with pytest.raises(ToolkitError, match="11 themes were asked for"):
        Consensus(themes=11).fit(texts_of(groups), vectors, 1)
    with pytest.raises(ToolkitError, match="11 themes were asked for"):
        Graph(themes=11).fit(texts_of(groups), vectors, 1)


def test_themes_joined_to_the_number_asked_for_are_said_to_be():
    vectors, groups = blobs((40, 40, 40, 40), spread=0.3)
    joined = Consensus(themes=2, refits=4, trials=2, neighbours=5).fit(texts_of(groups), vectors, 1)
    assert any("were joined from 4 to 2 themes, as asked for: the evidence" in note for note in joined.notes)
    asked = Consensus(themes=4, refits=4, trials=2, neighbours=5).fit(texts_of(groups), vectors, 1)
    assert not any("were joined" in note for note in asked.notes)
