"""The coherence of words and the vectors of wording, by formulas written out here."""

from __future__ import annotations

from itertools import combinations
from math import log

import numpy as np
import pytest

from toolkit.discover.wording import Wording

ALL = np.arange(1000, dtype=np.int32)


def coherence(texts, labels, rows=None):
    rows = ALL[: len(texts)] if rows is None else np.asarray(rows, np.int32)
    return Wording.of(texts).among(rows).coherence(np.asarray(labels, np.int32))


def by_hand(texts, labels, top=10, least=3):
    """Mean NPMI of the words that set each theme apart, weighed by its texts, by plain counting."""
    sets = [set(text.split()) for text in texts]
    n = len(sets)
    counts = {word: sum(word in words for words in sets) for word in set().union(*sets)}
    share = {word: count / n for word, count in counts.items() if count >= 2}
    scores, sizes = [], []
    for theme in sorted(set(labels) - {-1}):
        members = [words for words, label in zip(sets, labels, strict=True) if label == theme]
        if len(members) < least:
            continue
        inside = {word: sum(word in words for words in members) / len(members) for word in share}
        apart = {word: p * log(p / share[word]) if p else 0.0 for word, p in inside.items()}
        words = [word for word in sorted(apart, key=lambda w: (-round(apart[w], 9), w))[:top] if apart[word] > 1e-9]
        if len(words) < 2:
            continue
        values = []
        for one, other in combinations(words, 2):
            both = sum(one in words and other in words for words in sets) / n
            if both in (0, 1):
                values.append(both - 1)
            else:
                values.append(log(both / (share[one] * share[other])) / -log(both))
        scores.append(np.mean(values))
        sizes.append(len(members))
    return np.average(scores, weights=sizes) if scores else None


def mixed(n=60, themes=3, seed=0, pool=14):
    """Texts of words that lean to their theme, and the themes."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, themes, n)
    texts = []
    for label in labels:
        members = [f"w{label}x{at:02d}" for at in random.choice(pool, 4, replace=False)]
        other = [f"w{random.integers(themes)}x{at:02d}" for at in random.choice(pool, 2, replace=False)]
        texts.append(" ".join([*members, *other, "the"]))
    return texts, labels


@pytest.mark.parametrize("seed", range(4))
def test_coherence_is_the_mean_npmi_of_the_ten_words_that_set_each_theme_apart_weighed_by_its_texts(seed):
    texts, labels = mixed(seed=seed)
    labels[:5] = -1
    assert coherence(texts, labels) == pytest.approx(by_hand(texts, labels.tolist()))


def test_two_words_that_always_come_together_are_worth_one_and_those_that_never_do_minus_one():
    together = ["river bank"] * 4 + ["wheel road"] * 4
    assert coherence(together, [0] * 4 + [1] * 4) == pytest.approx(1)
    apart = ["river", "bank"] * 3 + ["wheel", "road"] * 3
    assert coherence(apart, [0] * 6 + [1] * 6) == pytest.approx(-1)
    # sizes weigh: four texts at 1, six at -1
    assert coherence(together[:4] + apart[6:], [0] * 4 + [1] * 6) == pytest.approx((4 - 6) / 10)


def test_themes_of_two_texts_are_left_out_and_of_three_are_not():
    texts = ["river bank"] * 6 + ["wheel", "road", "wheel road x1"]
    whole = coherence(texts, [0] * 6 + [1] * 3)
    assert whole == pytest.approx(by_hand(texts, [0] * 6 + [1] * 3)) and whole < 1
    texts = ["river bank"] * 6 + ["wheel", "road", "wheel", "road"]
    assert coherence(texts, [0] * 6 + [1, 1, -1, -1]) == pytest.approx(1)
    assert coherence(["aa bb"] * 2 + ["cc dd"] * 2, [0, 0, 1, 1]) is None


def test_words_of_all_texts_and_a_single_word_say_nothing():
    assert coherence(["the and of"] * 8, [0] * 4 + [1] * 4) is None
    assert coherence(["the river"] * 4 + ["the wheel"] * 4, [0] * 4 + [1] * 4) is None
    assert coherence(["river bank"] * 8, [-1] * 8) is None


def test_words_count_by_the_texts_of_the_sample_alone():
    texts, labels = mixed(seed=5)
    rows = np.arange(0, 60, 2)
    some = [texts[row] for row in rows]
    neighbours = Wording.of(texts).among(rows.astype(np.int32))
    counts = {word: sum(word in text.split() for text in some) for word in " ".join(texts).split()}
    assert neighbours.overall.tolist() == pytest.approx([counts[word] / 30 for word in sorted(counts)])
    twice = [*some, *some]  # so that words of one sampled text are not dropped by the count here
    assert neighbours.coherence(labels[rows].astype(np.int32)) == pytest.approx(
        by_hand(twice, [*labels[rows].tolist()] * 2)
    )


def test_words_of_one_text_and_of_few_among_very_many_are_left_out():
    wording = Wording.of(["river bank one", "river road two", "bank road x"])
    assert wording.incidence.shape == (3, 3) and wording.incidence.toarray().tolist() == [
        [1, 1, 0],
        [0, 1, 1],
        [1, 0, 1],
    ]
    rare = ["common alpha"] * 2 + ["common beta"] * 3
    many = rare + ["common"] * (15_000 - 5)
    assert Wording.of(many).incidence.shape[1] == 2  # beta and common: one in 5,000 is three
    assert Wording.of(many[:14_999]).incidence.shape[1] == 3
    assert Wording.of([]).incidence.shape == (0, 0)


def test_words_are_cut_without_case_and_pairs_of_signs_where_a_script_has_no_spaces():
    members = Wording.of(["River, BANK! a 22", "river-bank snake_case 22", "河流水 snake"])
    # bank, river, 22, snake; single letters are no words
    assert members.incidence.toarray().sum(0).tolist() == [2, 2, 2, 2]
    signs = Wording.of(["河流水", "河流水"])
    assert signs.incidence.shape == (2, 2) and (signs.incidence.toarray() == 1).all()
    assert Wording.of(["かたな", "かたな"]).incidence.shape == (2, 2) and Wording.of(
        ["слово", "слово"]
    ).incidence.shape == (2, 1)


def test_vectors_of_wording_tell_texts_of_the_same_words_from_others():
    texts = [f"{a} {b} the" for a, b in [("river", "bank")] * 4 + [("wheel", "road")] * 3 + [("bread", "oven")] * 3]
    vectors = Wording.of([*texts, "the nothing known"]).vectors()
    assert vectors.dtype == np.float32 and vectors.flags.c_contiguous and vectors.shape == (11, 6)
    group = np.array([0] * 4 + [1] * 3 + [2] * 3)
    cosine = vectors[:10] @ vectors[:10].T
    assert np.allclose(cosine, group[:, None] == group[None], atol=1e-5)
    assert (vectors[10] == 0).all() and np.array_equal(vectors, Wording.of([*texts, "the nothing known"]).vectors())


def test_vectors_of_wording_weigh_words_by_their_rarity():
    # as many dimensions as there can be without loss: cosines are those of tf-idf itself
    texts = ["aa bb cc", "aa bb", "bb cc dd", "aa dd", "dd cc aa ee", "ee bb", "ee aa"]
    vectors = Wording.of(texts).vectors()
    members = np.array([[word in text.split() for word in ("aa", "bb", "cc", "dd", "ee")] for text in texts], float)
    weighed = members * np.log(7 / members.sum(0))
    left, values, _ = np.linalg.svd(weighed / np.linalg.norm(weighed, axis=1, keepdims=True), full_matrices=False)
    best = (left * values)[:, :4]
    best /= np.linalg.norm(best, axis=1, keepdims=True)
    assert vectors.shape == (7, 4) and np.allclose(vectors @ vectors.T, best @ best.T, atol=1e-4)


def test_vectors_of_hardly_any_wording():
    assert Wording.of(["one", "two", "six"]).vectors().tolist() == [[0]] * 3
    assert Wording.of(["aa", "aa"]).vectors().tolist() == [[0]] * 2
    assert Wording.of(["aa bb", "aa", "bb"]).vectors().shape == (3, 1)
    wide = [" ".join(f"word{at:03d}" for at in range(start, start + 40)) for start in range(0, 160, 1)]
    assert Wording.of(wide).vectors().shape == (160, 100)
