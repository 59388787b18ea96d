"""From vectors to themes: order, noise, refits, notes, corpora too small, and samples of corpora too large."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from toolkit.discover import discover, sample_size
from toolkit.discover.clusterer import Fit, candidate_table
from toolkit.discover.discovery import canonical_order
from toolkit.discover.model import Model, vote
from toolkit.discover.neighbours import nearest
from toolkit.discover.sample_fit import drawn, matched, on_sample
from toolkit.discover.small import neighbour_table, too_small
from toolkit.discover.stability import agreement, draw, stability
from toolkit.errors import ToolkitError
from toolkit.values import seed_for


def blobs(sizes, spread=0.3, d=8, seed=0):
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(d)[groups] + spread / d**0.5 * random.normal(size=(len(groups), d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), groups


@dataclass(frozen=True)
class Nearest:
    """A clusterer of one line: each row's theme is its greatest coordinate, noise where that is below a limit."""

    levels: int = 2
    refits: int = 3
    seeds: Any = 0
    fit_on: Any = "auto"
    reassign_noise: bool = False
    bounds: Any = None
    limit: float = 0.0
    again: bool = True
    notes: tuple[str, ...] = ()
    repeats: Any = ()
    leave_out: str = "auto"
    leaving_out: bool = False
    method: str = "nearest"
    works: tuple[str, ...] = ()
    shuffles: int = 20
    brings_refits: bool = False
    redraws: bool = False

    def fit_work(self, n):
        return float(n)

    def refits_of(self, n):
        return self.refits

    def labels(self, vectors):
        return np.where(vectors.max(1) < self.limit, -1, vectors.argmax(1) * 7).astype(np.int32)

    def fit(self, texts, vectors, seed, tick=None):
        refit = (lambda members, rows, seed: self.labels(members[rows])) if self.again else None
        return Fit(self.labels(vectors), "By axis.", candidate_table([]), {"limit": self.limit}, self.notes,
                   repeats=self.repeats, refit=refit)  # fmt: skip


def named(count):
    return [f"text {at:03d}" for at in range(count)]


def test_rows_are_worked_on_in_the_order_of_their_texts_then_of_their_vectors():
    texts, vectors = ["b", "a", "c", "a", "é", "Z"], np.arange(6, dtype=np.float32)[::-1, None].copy()
    order = canonical_order(texts, vectors)
    assert [texts[at] for at in order] == ["Z", "a", "a", "b", "c", "é"]
    assert sorted(order[1:3].tolist(), key=lambda row: vectors[row].tobytes()) == order[1:3].tolist()
    turned = canonical_order([*texts[::-1]], vectors[::-1])
    assert [vectors[::-1][row, 0] for row in turned] == [vectors[row, 0] for row in order]
    with pytest.raises(ValueError, match="2 texts and 1 vectors"):
        discover(Nearest(), ["a", "b"], vectors[:1], 1)


def test_themes_are_numbered_by_size_and_equal_ones_by_first_appearance_in_the_corpus():
    vectors, groups = blobs((5, 9, 5))
    turn = np.random.default_rng(1).permutation(19)
    texts = [f"{at * 37 % 100:02d}" for at in range(19)]
    discovery = discover(Nearest(), texts, vectors[turn], 1)
    assert set(discovery.assignment[groups[turn] == 1].tolist()) == {0}
    first = next(group for group in groups[turn] if group != 1)
    assert set(discovery.assignment[groups[turn] == first].tolist()) == {1}
    assert discovery.parameters["method"] == "nearest" and discovery.parameters["limit"] == 0.0
    assert discovery.parameters["refits"] == 3 and discovery.parameters["fragile_below"] == 0.6
    assert (
        discovery.method == "By axis." and np.nanmin(discovery.strength) == 1 and (discovery.stability[:, 0] == 1).all()
    )
    assert discovery.fitted.all() and not discovery.reassigned.any() and not discovery.fragile.any()


def test_refits_are_on_samples_drawn_by_the_seed_and_as_many_as_asked_for():
    vectors, _ = blobs((12, 9), spread=1.5)
    seen, ticks = [], []

    class Watched(Nearest):
        def fit(self, texts, vectors, seed, tick=None):
            def refit(members, rows, seed):
                seen.append((rows, seed))
                return self.labels(members[rows])

            return replace(super().fit(texts, vectors, seed), refit=refit)

    discover(Watched(refits=4), named(21), vectors, 7, lambda at, of: ticks.append((at, of)))
    done = [at / of for at, of in ticks]
    assert done == sorted(done) and done[-1] == 1 and len(done) >= 4 and len(seen) == 4
    for at, (rows, seed) in enumerate(seen):
        assert np.array_equal(rows, draw(21, seed_for(7, f"rows {at}"))) and seed == seed_for(7, f"refit {at}")


def test_refits_that_a_method_brings_are_taken_and_none_is_made():
    vectors, groups = blobs((12, 9))
    rows = np.arange(21, dtype=np.int32)
    loose = np.where(rows < 6, 5, groups).astype(np.int32)
    expected = ((rows, groups.astype(np.int32)), (rows, loose))
    discovery = discover(Nearest(repeats=expected), named(21), vectors, 1)
    assert discovery.stability[:, 0] == pytest.approx([(1 + 1 / 2) / 2, 1]) and discovery.parameters["refits"] == 2
    assert discovery.stability == pytest.approx(stability(groups, expected))
    never = discover(Nearest(again=False), named(21), vectors, 1)
    assert np.isnan(never.stability).all() and np.isnan(never.strength).all() and not never.fragile.any()
    assert "Stability was not measured: the method was fitted once." in never.notes


def test_corpora_of_fewer_than_twelve_texts_get_no_themes_unless_a_number_is_asked_for():
    vectors, _ = blobs((6, 6))
    for n in (1, 5, 11):
        discovery = discover(Nearest(), named(n), vectors[:n], 1)
        assert discovery.themes == 0 and discovery.notes == (too_small(n),)
        asked = discover(Nearest(bounds=(1, 2)), named(n), vectors[:n], 1)
        assert asked.themes > 0 and f"{n} paragraphs are too few to claim themes" in " ".join(asked.notes)
    discovery = discover(Nearest(), named(12), vectors, 1)
    assert discovery.themes == 2 and discovery.notes == ()
    assert discover(Nearest(bounds=(3, 3)), [], vectors[:0], 1).themes == 0
    with pytest.raises(ToolkitError, match="4 themes were asked for and the corpus has 3"):
        discover(Nearest(bounds=(4, 4)), named(3), vectors[:3], 1)
    assert discover(Nearest(bounds=(3, 3)), named(3), vectors[:3], 1).themes == 1
    assert too_small(0).startswith("The corpus has no paragraph,") and "fewer than the 12" in too_small(5)
    assert too_small(1).startswith("The corpus has 1 paragraph,") and "has 5 different" in too_small(5)


def test_five_nearest_neighbours_are_listed_nearest_first_in_the_order_of_the_corpus():
    vectors, _ = blobs((8, 7))
    turn = np.random.default_rng(2).permutation(15)
    rows = discover(Nearest(), [named(15)[at] for at in turn], vectors[turn], 1).neighbours.to_pylist()
    near = nearest(vectors[turn], 5)
    wanted = [(row, other, round(float(value), 6)) for row in range(15)
              for other, value in zip(near.rows[row].tolist(), near.similarity[row], strict=True)]  # fmt: skip
    assert [(row["row"], row["neighbour"]) for row in rows] == [each[:2] for each in wanted]
    assert [row["similarity"] for row in rows] == pytest.approx([each[2] for each in wanted], abs=2e-6)
    few = neighbour_table(nearest(vectors[:3], 15), np.array([2, 0, 1])).to_pylist()
    assert [row["row"] for row in few] == [0, 0, 1, 1, 2, 2]
    assert all(few[at]["similarity"] >= few[at + 1]["similarity"] for at in (0, 2, 4))


NOISY = np.vstack(
    [blobs((9, 6))[0], np.tile(np.full(8, 8**-0.5, np.float32), (3, 1)) + np.eye(8, dtype="f4")[1] * 0.01]
)


def test_noise_is_kept_said_and_not_counted_as_a_theme():
    discovery = discover(Nearest(limit=0.5, refits=9), named(18), NOISY, 1)
    assert discovery.assignment.tolist() == [0] * 9 + [1] * 6 + [-1] * 3
    assert discovery.notes == ("3 of 18 paragraphs (17%) belong to no theme.",)
    assert np.isnan(discovery.strength[15:]).all() and not np.isnan(discovery.strength[:15]).any()


def test_noise_gets_the_nearest_theme_where_asked_for_and_counts_for_no_stability():
    discovery = discover(Nearest(limit=0.5, reassign_noise=True), named(18), NOISY, 1)
    assert (
        discovery.assignment.tolist() == [0] * 9 + [1] * 9
        and discovery.reassigned.tolist() == [False] * 15 + [True] * 3
    )
    assert "3 of 18 paragraphs (17%) were given the nearest theme on request and are flagged." in discovery.notes
    assert (discovery.stability[:, 0] == 1).all()  # of the rows that the method itself put there
    nothing = discover(Nearest(limit=2.0, reassign_noise=True), named(18), NOISY, 1)
    assert nothing.themes == 0 and not nothing.reassigned.any()
    assert nothing.notes == ("No theme was found: none of the 18 paragraphs belongs to one.",)
    assert discover(Nearest(limit=2.0, notes=("It failed.",)), named(18), NOISY, 1).notes == ("It failed.",)


def test_one_theme_only_is_said():
    discovery = discover(Nearest(), named(14), blobs((14,))[0], 1)
    assert discovery.themes == 1 and discovery.notes == ("One theme only was found: the paragraphs were not divided.",)


class Restless(Nearest):
    """A method that divides what is planted and, in refits, hardly finds it again."""

    def fit(self, texts, vectors, seed, tick=None):
        def refit(members, rows, seed):
            random = np.random.default_rng(seed)
            return np.where(random.random(len(rows)) < self.limit, random.integers(0, 2, len(rows)),
                            members[rows].argmax(1)).astype(np.int32)  # fmt: skip

        return Fit(vectors.argmax(1).astype(np.int32), "", candidate_table([]), {}, refit=refit)


def test_themes_that_do_not_return_are_fragile_and_how_many_is_said():
    vectors, _ = blobs((40, 25))
    for restless, wanted in ((0.0, 0), (1.0, 2)):
        discovery = discover(Restless(limit=restless, refits=8), named(65), vectors, 1)
        assert discovery.fragile.sum() == wanted
        notes = [note for note in discovery.notes if note.startswith("2 of 2 themes are fragile")]
        assert len(notes) == bool(wanted)
    assert "over 8 refits is below what would set them apart from chance" in notes[0]
    assert discovery.parameters["fragile_below"] is None and any("No evidence" in note for note in discovery.notes)
    single = discover(Restless(limit=1.0, refits=1), named(65), vectors, 1)
    assert single.parameters["fragile_below"] == 0.6  # one refit cannot be held against chance


def test_neighbours_of_very_large_corpora_are_not_listed(monkeypatch):
    from toolkit.discover import discovery

    vectors, _ = blobs((8, 7))
    for most, listed in ((15, 75), (14, 0)):
        monkeypatch.setattr(discovery, "MOST_ROWS_LISTED", most)
        assert discover(Nearest(), named(15), vectors, 1).neighbours.num_rows == listed


def test_how_many_paragraphs_are_fitted_to():
    assert sample_size("all", 10**9) is None and sample_size("auto", 50_000) is None
    assert sample_size("auto", 50_001) == 50_000 and sample_size(100, 101) == 100 and sample_size(100, 100) is None


def test_the_sample_is_drawn_by_the_hashes_of_texts():
    texts = named(40)
    rows, half = drawn(texts, 11)
    ranked = sorted(range(40), key=lambda row: hashlib.sha256(texts[row].encode()).hexdigest())
    assert rows.tolist() == sorted(ranked[:11]) and half.tolist() == sorted(ranked[:5])
    assert drawn(["same"] * 6, 3)[0].tolist() == [0, 1, 2]


def test_a_fit_to_a_sample_gives_the_others_their_themes_by_vote_and_says_how_it_agrees_with_half():
    vectors, _groups = blobs((70, 60, 50), spread=1.6)
    texts = named(180)
    settings = Nearest(fit_on=100)
    discovery = discover(settings, texts, vectors, 3)
    rows, half = drawn(texts, 100)
    assert np.flatnonzero(discovery.fitted).tolist() == rows.tolist() and discovery.parameters["fit_on"] == 100
    labels = vectors.argmax(1)
    others = np.setdiff1d(np.arange(180), rows)
    part = discover(Nearest(), [texts[row] for row in rows], vectors[rows], 3)
    wanted = np.empty(180, np.int32)
    wanted[rows], wanted[others] = part.assignment, vote(Model(vectors[rows], part.assignment, ""), vectors[others])
    assert adjusted_rand_score(discovery.assignment, wanted) == 1 == adjusted_rand_score(part.assignment, labels[rows])
    assert np.isnan(discovery.strength[others]).all() and discovery.strength[rows] == pytest.approx(
        part.strength, nan_ok=True
    )
    # the fit to half, voting on the other half
    rest = np.setdiff1d(rows, half)
    _, small = np.unique(labels[half], return_inverse=True)
    voted = vote(Model(vectors[half], small.astype(np.int32), ""), vectors[rest])
    assert discovery.parameters["fit_agreement"] == pytest.approx(adjusted_rand_score(labels[rest], voted))
    same = np.unique(labels[half])[voted] == labels[rest]
    assert (
        discovery.parameters["fit_matched"] == pytest.approx(same.mean()) and discovery.parameters["fit_compared"] == 50
    )
    assert discovery.neighbours.num_rows == 0 and "saw 100 of 180" in discovery.method
    assert (
        f"{same.mean():.0%} in the same theme" in discovery.notes[-1] and "the other 80 assigned" in discovery.notes[-1]
    )
    sizes = np.bincount(discovery.assignment[discovery.assignment >= 0])
    assert (np.diff(sizes) <= 0).all() and len(discovery.stability) == discovery.themes == len(discovery.fragile)


def test_stability_follows_its_theme_where_assigning_changes_which_is_the_largest():
    vectors, _groups = blobs((60, 90), spread=0.2)
    texts = named(150)
    rows, _ = drawn(texts, 100)
    order = np.concatenate([rows, np.setdiff1d(np.arange(150), rows)])
    mixed = vectors[np.argsort(order)]  # the sample has 60 of the first group and 40 of the second
    loose = np.concatenate([np.zeros(60), np.arange(40) % 2 + 1])[np.argsort(order[:100])].astype(np.int32)
    repeats = ((np.arange(100, dtype=np.int32), loose),)
    discovery = discover(Nearest(fit_on=100, repeats=repeats), texts, mixed, 1)
    assert np.bincount(discovery.assignment).tolist() == [90, 60]
    assert discovery.stability[:, 0] == pytest.approx([0.5, 1.0]) and discovery.fragile.tolist() == [True, False]
    assert [row["theme"] for row in discovery.levels.to_pylist()] == [0, 1]


def test_half_a_sample_that_cannot_have_the_themes_asked_for_is_said_and_no_agreement_claimed():
    vectors, _ = blobs((20, 15))

    def refused(texts, rows):
        raise ToolkitError("too few")

    discovery = on_sample(named(35), vectors, 20, 1, lambda texts, rows: discover(Nearest(), texts, rows, 1), refused)
    assert discovery.parameters["fit_agreement"] is None and discovery.parameters["fit_matched"] is None
    assert discovery.parameters["fit_compared"] == 0 and "was not measured" in discovery.notes[-1]


def test_themes_of_two_fits_are_paired_on_the_rows_of_both():
    one, other = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 1, 1, 0, 0, 0])
    values, voted = np.array([0, 1, 1, 2, -1, -1, 0]), np.array([1, 0, 1, 0, -1, 0, 1])
    # 0 is paired with 1, 1 with 0, 2 with nothing; noise only with noise
    assert matched(one, other, values, voted) == pytest.approx(4 / 7)
    assert matched(one, other, values[:0], voted[:0]) == 1


def test_refits_are_held_against_those_of_shuffled_vectors_made_the_same_way():
    vectors, _ = blobs((40, 25), spread=2.0)
    discovery = discover(Restless(limit=0.5, refits=6), named(65), vectors, 1)
    refits = []
    for at in range(6):
        rows = draw(65, seed_for(1, f"rows {at}"))
        random = np.random.default_rng(seed_for(1, f"refit {at}"))
        labels = np.where(random.random(len(rows)) < 0.5, random.integers(0, 2, len(rows)), vectors[rows].argmax(1))
        refits.append((rows, labels.astype(np.int32)))
    assert any(f"refits agree to {agreement(refits, 65):.2f}" in note.lower() for note in discovery.notes)
