"""Separation of themes, by hand on tiny sets and against scikit-learn, and where texts share one vector."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.schemas import THEME_WORDS
from toolkit.validate import ValidateSettings, separation, validate
from toolkit.validate.separation import core_distances, density_validity, silhouettes

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def line(*places: float) -> Any:
    """Distances between points on a line."""
    at = np.array(places)
    return np.abs(at[:, None] - at[None, :])


def unit(*angles: float) -> Any:
    """Unit vectors in the plane at angles in degrees."""
    turned = np.radians(angles)
    return np.column_stack([np.cos(turned), np.sin(turned)]).astype(np.float32)


def test_a_silhouette_compares_the_own_theme_with_the_nearest_other() -> None:
    vectors, theme = unit(0, 60, 90, 180), np.array([0, 0, 1, 2])
    # text 0: to its own theme 1 - cos 60 = 0.5, to theme 1 it is 1 - cos 90 = 1, to theme 2 it is 2
    # text 1: own 0.5; theme 1: 1 - cos 30; theme 2: 1 - cos 120 = 1.5
    near = 1 - np.cos(np.radians(30))
    expected = [(1 - 0.5) / 1, (near - 0.5) / 0.5, 0, 0]  # themes of one text count with 0
    assert silhouettes(vectors, theme) == pytest.approx(expected, abs=1e-6)


def test_silhouettes_measure_angles_whatever_the_lengths_of_vectors() -> None:
    from sklearn.metrics import silhouette_samples

    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(30, 5)).astype(np.float32) * rng.uniform(0.2, 4, (30, 1)).astype(np.float32)
    theme = np.arange(30) % 3
    assert silhouettes(vectors, theme) == pytest.approx(silhouette_samples(vectors, theme, metric="cosine"), abs=1e-6)


def test_a_text_without_any_vector_is_at_distance_one_of_everything() -> None:
    vectors = np.vstack([unit(0, 0, 180, 180), np.zeros((1, 2), np.float32)])
    scores = silhouettes(vectors, np.array([0, 0, 1, 1, 1]))
    assert scores[4] == pytest.approx(0.0)  # 1 from its own theme, 1 from the other
    assert scores[0] == pytest.approx(1.0)


def test_silhouettes_of_more_texts_than_fit_at_once_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import silhouette_samples

    n = separation.BLOCK_TEXTS + 3
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(n, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    theme = rng.integers(-1, 3, n)
    scores, last = silhouettes(vectors, theme), np.flatnonzero(theme >= 0)[-1]
    kept = theme >= 0
    assert np.isnan(scores[~kept]).all() and not np.isnan(scores[kept]).any()
    some = np.concatenate([rng.permutation(np.flatnonzero(kept))[:20], [last]])
    place = {row: at for at, row in enumerate(np.flatnonzero(kept))}
    expected = silhouette_samples(vectors[kept], theme[kept], metric="cosine")
    assert scores[some] == pytest.approx([expected[place[row]] for row in some], abs=1e-5)


def test_one_theme_has_no_silhouette_and_noise_is_no_theme() -> None:
    assert np.isnan(silhouettes(unit(0, 10, 20), np.array([0, 0, -1]))).all()
    assert not np.isnan(silhouettes(unit(0, 10), np.array([0, 1]))).any()


def test_a_core_distance_is_the_power_mean_of_the_paper() -> None:
    # the middle of 0, 1, 3 is 1 and 2 away: ((1/1^2 + 1/2^2) / 2) ^ (-1/2)
    result = core_distances(line(0, 1, 3), 2)
    assert result[1] == pytest.approx(((1 + 1 / 4) / 2) ** -0.5)
    assert result[0] == pytest.approx(((1 + 1 / 9) / 2) ** -0.5)
    assert core_distances(line(0, 1, 3), 3)[2] == pytest.approx(((1 / 27 + 1 / 8) / 2) ** (-1 / 3))


def test_core_distances_hold_in_many_dimensions_and_with_copies() -> None:
    far = core_distances(line(0, 0.001, 1), 800)  # 0.001 ** -800 is beyond what a float holds
    assert far[0] == pytest.approx(0.001 * 2 ** (1 / 800))
    copies = core_distances(line(0, 0, 2), 1)  # a copy counts as nothing: (0 + 1/2) / 2
    assert copies[0] == pytest.approx(4.0) and copies[2] == pytest.approx(2.0)
    assert core_distances(line(5, 5), 3).tolist() == [0, 0]
    assert core_distances(line(5), 3).tolist() == [0]
    assert core_distances(line(0, 3), 1).tolist() == pytest.approx([3, 3])


def test_density_validity_of_two_pairs_is_the_gap_between_them_over_the_larger() -> None:
    # pairs at 0, 1 and 4, 6: core distances 1 and 2. Trees of two texts have no inner node: the first stands for it.
    # inside: 1 and 2; from 0 to 4 it is 4. (4 - 1) / 4 and (4 - 2) / 4, half of the texts each.
    assert density_validity(line(0, 1, 4, 6), np.array([0, 0, 1, 1]), 1) == pytest.approx(0.5 * 3 / 4 + 0.5 * 2 / 4)
    # one more text of no theme is counted below the line
    result = density_validity(line(0, 1, 4, 6, 9), np.array([0, 0, 1, 1, -1]), 1)
    assert result == pytest.approx(2 / 5 * 3 / 4 + 2 / 5 * 2 / 4)


def test_overlapping_themes_have_negative_density_validity() -> None:
    # 0 and 10 in one theme, 4 and 6 in the other: inside 10 and 2; the passage 0 to 4 is 10 by mutual reachability
    assert density_validity(line(0, 10, 4, 6), np.array([0, 0, 1, 1]), 1) == pytest.approx(0.5 * 0 + 0.5 * 8 / 10)
    spread = density_validity(line(0, 3, 6, 9, 4, 5), np.array([0, 0, 0, 0, 1, 1]), 1)
    within = core_distances(line(0, 3, 6, 9), 1)
    passage = max(1.0, within[1], 1.0)  # from 3 to 4, at least the core distances
    sparse = max(3.0, within[1], within[2])  # the inner edge from 3 to 6
    expected, other = (passage - sparse) / max(passage, sparse), (passage - 1.0) / passage
    assert spread == pytest.approx(4 / 6 * expected + 2 / 6 * other)


def test_the_nearest_of_several_themes_decides() -> None:
    three = density_validity(line(0, 1, 4, 6, 7, 8), np.array([0, 0, 1, 1, 2, 2]), 1)
    # theme 1 (4, 6): to theme 0 the passage is 4, to theme 2 (first text 7) it is 3; theme 2: passage 3, inside 1
    assert three == pytest.approx((3 / 4 + (3 - 2) / 3 + (3 - 1) / 3) / 3)


def test_a_theme_of_one_text_counts_with_nothing() -> None:
    assert density_validity(line(0, 1, 4), np.array([0, 0, 1]), 1) == pytest.approx(2 / 3 * (4 - 1) / 4)
    assert density_validity(line(0, 1, 4), np.array([0, 0, -1]), 1) is None


@pytest.mark.parametrize(
    ("places", "theme", "expected"),
    [
        ((0, 0, 0, 2, 2, 2), (0, 0, 0, 1, 1, 1), 1.0),  # two heaps: as dense as can be
        ((0, 0, 3, 4), (0, 0, 1, 1), 0.5 * 1 + 0.5 * (3 - 1) / 3),
        ((1, 1, 1, 1), (0, 0, 1, 1), 0.0),  # all in one place: nothing is between the themes
        ((0, 0, 3), (0, 0, 1), 2 / 3),
    ],
)
def test_a_theme_whose_texts_share_one_vector_is_dense(
    places: tuple[int, ...], theme: tuple[int, ...], expected: float
) -> None:
    assert density_validity(line(*places), np.array(theme), 7) == pytest.approx(expected)


def test_a_corpus_of_repeated_answers_is_checked_without_a_fault() -> None:
    theme = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2], np.int32)
    vectors = np.eye(3, dtype=np.float32)[theme]
    texts = [("late bus", "high fare", "no seat")[number] for number in theme]
    rows = [{"theme": t, "label": "x", "keywords": words.split(), "weights": [1.0, 1.0]} for t, words in
            enumerate(("late bus", "high fare", "no seat"))]  # fmt: skip
    result = validate(
        ValidateSettings(draws=20, baseline_draws=5), texts, theme, vectors,
        pa.Table.from_pylist(rows, schema=THEME_WORDS), None, 1,
    )  # fmt: skip
    assert result["separation.density"].value == pytest.approx(1.0)
    assert result["separation.silhouette"].value == pytest.approx(1.0)
    assert all(metric.value is not None or metric.reason for metric in result.values())
