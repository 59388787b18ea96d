"""What no theme holds is left out: rows near to nothing, and groups without a core; themes are kept."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from toolkit.discover import Consensus, KMeans, assign, discover, load_model, save_model
from toolkit.discover.outside import Bound, chance_bound, cohesion, is_far, left_out, nearness, note
from toolkit.discover.stability import stability
from toolkit.values import NOISE

QUICK = Consensus(refits=6, trials=4, resolution=1.0)
D = 96


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def corpus(sizes=(40, 36, 32), foreign=0, style=0, seed=0):
    """Texts, unit rows and kinds: themes 0.. that share a part, -1 for foreign rows, -2 for a loose group."""
    random = np.random.default_rng(seed)
    axes = np.linalg.qr(random.normal(size=(D, D)))[0]
    kinds = np.concatenate([np.repeat(np.arange(len(sizes)), sizes), np.full(foreign, -1), np.full(style, -2)])
    expected = kinds >= 0
    rows = random.normal(size=(len(kinds), D)) * np.where(expected, 0.5, 1.0)[:, None] / D**0.5
    rows[expected] += 0.5 * axes[-1] + 0.7 * axes[kinds[expected]]
    rows[kinds == -2] += 0.35 * axes[-2]
    return [f"text {at:03d}" for at in range(len(kinds))], unit(rows), kinds


def test_foreign_paragraphs_have_no_theme_and_those_of_themes_keep_theirs():
    texts, vectors, kinds = corpus(foreign=12)
    discovery = discover(QUICK, texts, vectors, 1)
    out = discovery.assignment == NOISE
    assert out[kinds == -1].mean() >= 0.9 and out[kinds >= 0].mean() <= 0.02
    assert discovery.themes == 3 and np.isnan(discovery.strength[out]).all()
    kept = discover(QUICK.model_copy(update={"leave_out": "never"}), texts, vectors, 1)
    assert (kept.assignment != NOISE).mean() > 0.97  # the method itself places nearly every one


def test_a_clean_corpus_is_covered():
    texts, vectors, _ = corpus()
    discovery = discover(QUICK, texts, vectors, 1)
    assert (discovery.assignment != NOISE).mean() >= 0.98
    assert not any("Left out" in line for line in discovery.notes)


def test_the_note_and_the_methods_say_how_many_and_by_which_figures():
    texts, vectors, _ = corpus(foreign=12)
    discovery = discover(QUICK, texts, vectors, 1)
    (line,) = [line for line in discovery.notes if line.startswith("Left out of the themes")]
    out, n = int((discovery.assignment == NOISE).sum()), len(texts)
    assert line.startswith(f"Left out of the themes: {out} of {n} paragraphs ({out / n:.0%}). Of these ")
    assert sum(int(number) for number in re.findall(r"(\d+) (?:are no nearer|were in|remained)", line)) == out
    k, cosine = discovery.parameters["outside_nearest"], discovery.parameters["outside_cosine"]
    assert f"their {k} nearest is at most {cosine:.3f}," in discovery.method
    far = np.sort(vectors @ vectors.T, axis=1)[:, -k - 1 : -1].mean(1) <= cosine
    assert (discovery.assignment[far] == NOISE).all() and far.sum() >= 0.8 * out
    assert {"buja1992", "angiulli2002"} <= set(discovery.works)


def test_paragraphs_near_to_nothing_are_counted_with_the_line_that_was_drawn():
    _, vectors, kinds = corpus(foreign=12)
    labels = np.where(kinds == -1, np.arange(len(kinds)) % 3, kinds).astype(np.int32)
    left = left_out(vectors, labels, 1)
    k = left.bound.nearest
    far = np.sort(vectors @ vectors.T, axis=1)[:, -k - 1 : -1].mean(1) <= left.bound.cosine
    assert np.array_equal(left.rows, far) and 10 <= far.sum() <= 14
    line = f"(mean cosine with their {k} nearest at most {left.bound.cosine:.3f})."
    assert note(left, labels) == (
        f"Left out of the themes: {far.sum()} of 120 paragraphs ({far.mean():.0%}). Of these {far.sum()} are no nearer "
        f"to others than 90% of vectors shuffled by column {line}"
    )


def test_nine_of_ten_rows_are_far_if_there_is_no_structure():
    shares = []
    for seed in range(4):
        _, vectors, _ = corpus(seed=seed)
        random = np.random.default_rng(seed)
        mixed = unit(np.column_stack([random.permutation(column) for column in vectors.T]))
        shares.append(is_far(mixed, mixed, chance_bound(mixed, seed), themselves=True).mean())
    assert 0.86 <= np.mean(shares) <= 0.94


def test_if_most_rows_are_far_nothing_is_left_out_and_that_is_said():
    vectors = unit(np.random.default_rng(0).normal(size=(80, D)))
    labels = (np.arange(80) % 4).astype(np.int32)
    left = left_out(vectors, labels, 1)
    assert left.far.mean() > 0.5 and not left.rows.any()
    assert note(left, labels).startswith(f"Nothing was left out of the themes: {left.far.sum()} of 80 paragraphs")


def test_a_group_whose_members_are_no_more_alike_than_those_of_others_is_no_theme():
    _, vectors, kinds = corpus(style=24)
    labels = np.where(kinds == -2, 3, kinds).astype(np.int32)
    within, between = cohesion(vectors, labels)
    for theme in range(4):
        members, others = np.flatnonzero(labels == theme), np.flatnonzero(labels != theme)
        alike = [vectors[a] @ vectors[b] for a, b in combinations(members, 2)]
        apart = [vectors[a] @ vectors[b] for a, b in combinations(others, 2) if labels[a] != labels[b]]
        assert within[theme] == pytest.approx(np.mean(alike), abs=1e-5)
        assert between[theme] == pytest.approx(np.mean(apart), abs=1e-5)
    left = left_out(vectors, labels, 1)
    assert left.themes == 1 and np.array_equal(left.loose, kinds == -2)
    figures = f"(mean cosine {within[3]:.3f} against {between[3]:.3f})"
    assert "24 were in a group whose members are no more alike than paragraphs" in note(left, labels)
    assert figures in note(left, labels)


def test_nothing_is_left_out_of_a_small_corpus_unless_always_and_that_is_said():
    texts, vectors, kinds = corpus(sizes=(30, 26, 22), foreign=12)
    kept = discover(QUICK, texts, vectors, 1)
    assert "No paragraph was left out of the themes: 90 are too few (under 100)" in kept.method
    assert "outside_cosine" not in kept.parameters and (kept.assignment != NOISE).mean() > 0.97
    always = discover(QUICK.model_copy(update={"leave_out": "always"}), texts, vectors, 1)
    assert (always.assignment[kinds == -1] == NOISE).mean() >= 0.8


def test_of_two_themes_none_is_without_a_core():
    _, vectors, kinds = corpus(sizes=(40, 36))
    assert np.isnan(cohesion(vectors, kinds.astype(np.int32))[1]).all()
    assert not left_out(vectors, kinds.astype(np.int32), 1).loose.any()


@pytest.mark.parametrize(
    ("settings", "themes"),
    [(QUICK, 2), (KMeans(starts=1, refits=0, leave_out="always"), 7)],
    ids=["consensus", "kmeans"],
)
def test_a_number_of_themes_is_kept_exactly(settings, themes):
    texts, vectors, kinds = corpus(foreign=12)
    discovery = discover(settings.model_copy(update={"themes": themes}), texts, vectors, 1)
    assert discovery.themes == themes
    assert themes == 7 or (discovery.assignment[kinds == -1] == NOISE).any()


def test_a_theme_asked_for_keeps_its_paragraphs_if_fewer_than_three_would_be_left():
    _, vectors, kinds = corpus(foreign=6)
    labels = np.where(kinds == -1, 3, kinds).astype(np.int32)
    assert left_out(vectors, labels, 1).rows[kinds == -1].all()
    assert not left_out(vectors, labels, 1, keep_themes=True).rows[kinds == -1].any()


def test_only_the_methods_of_the_graph_leave_out_unless_asked_to():
    texts, vectors, _ = corpus(foreign=12)
    divided = discover(KMeans(themes=3, starts=2, refits=0), texts, vectors, 1)
    assert (divided.assignment != NOISE).all() and "outside_cosine" not in divided.parameters


def test_shuffled_rows_are_left_out_alike():
    texts, vectors, _ = corpus(foreign=12)
    turn = np.random.default_rng(5).permutation(len(texts))
    first, second = (
        discover(QUICK, [texts[at] for at in order], vectors[order], 1) for order in (np.arange(len(texts)), turn)
    )
    assert np.array_equal((first.assignment == NOISE)[turn], second.assignment == NOISE)
    assert first.notes == second.notes and first.method == second.method


def test_those_left_out_get_the_nearest_theme_where_asked_for_and_are_flagged():
    texts, vectors, _ = corpus(foreign=12)
    kept, given = (
        discover(QUICK.model_copy(update={"reassign_noise": wish}), texts, vectors, 1) for wish in (False, True)
    )
    assert (given.assignment != NOISE).all() and np.array_equal(given.reassigned, kept.assignment == NOISE)
    assert "outside_cosine" not in given.parameters


def test_themes_are_held_against_refits_without_the_paragraphs_left_out():
    _, vectors, kinds = corpus(foreign=12)
    labels = np.where(kinds == -1, 0, kinds).astype(np.int32)
    left = left_out(vectors, labels, 1)
    rows = np.arange(len(labels), dtype=np.int32)
    masked = left.refits([(rows, labels)])
    assert np.array_equal(masked[0][1] == NOISE, left.rows)
    assert (stability(left.labels(labels), masked)[:, 0] == 1).all()


def test_new_paragraphs_near_to_nothing_have_no_theme_by_the_line_of_the_run(tmp_path):
    texts, vectors, kinds = corpus(sizes=(50, 46, 42), foreign=24)
    new = np.arange(len(texts)) % 4 == 0
    discovery = discover(QUICK, [text for text, is_new in zip(texts, new, strict=True) if not is_new], vectors[~new], 1)
    save_model(discovery, vectors[~new], tmp_path)
    model = load_model(tmp_path)
    given = assign(model, vectors[new])
    assert (given.theme[kinds[new] == -1] == NOISE).mean() >= 0.8
    assert (given.theme[kinds[new] >= 0] != NOISE).mean() >= 0.97
    assert model.outside == Bound(discovery.parameters["outside_nearest"], discovery.parameters["outside_cosine"])
    assert f"{model.outside.cosine:.3f} have no theme, as in the run." in given.method


def test_beyond_the_sample_paragraphs_near_to_nothing_have_no_theme():
    texts, vectors, kinds = corpus(sizes=(60, 50, 40), foreign=24)
    discovery = discover(QUICK.model_copy(update={"fit_on": 130}), texts, vectors, 1)
    rest = ~discovery.fitted
    assert (discovery.assignment[rest & (kinds == -1)] == NOISE).mean() >= 0.7
    assert (discovery.assignment[rest & (kinds >= 0)] != NOISE).mean() >= 0.97


def test_rows_cleared_by_landmarks_are_those_that_all_rows_clear(monkeypatch):
    _, vectors, _ = corpus(sizes=(150, 90, 60), foreign=30)
    bound = chance_bound(vectors, 1)
    exact = nearness(vectors, vectors, bound.nearest) <= bound.cosine
    assert 20 < exact.sum() < 60
    monkeypatch.setattr("toolkit.discover.outside.MOST_LANDMARKS", 50)
    assert np.array_equal(is_far(vectors, vectors, bound, themselves=True), exact)
    cosines = np.sort(vectors @ vectors.T, axis=1)[:, -bound.nearest - 1 : -1].mean(1)
    assert np.allclose(nearness(vectors, vectors, bound.nearest), cosines, atol=1e-5)
