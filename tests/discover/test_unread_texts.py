"""Texts that the model cannot read are never clustered, and texts that it cannot tell apart are one theme."""

from __future__ import annotations

import numpy as np
import pytest

from toolkit.discover import Agglomerative, Consensus, Graph, KMeans, discover
from toolkit.errors import ToolkitError
from toolkit.values import NOISE, Vectors


def groups(count: int, each: int, seed: int = 0) -> Vectors:
    """Unit vectors around `count` centres, the groups one after the other."""
    random = np.random.default_rng(seed)
    rows = np.repeat(np.eye(count, 8), each, axis=0) + random.normal(0, 0.05, (count * each, 8))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_unread_texts_change_nothing_of_the_others() -> None:
    vectors, texts = groups(3, 10), [f"text {n:02}" for n in range(30)]
    alone = discover(KMeans(themes=3, refits=3), texts, vectors, 1)
    read = np.ones(36, bool)
    read[[0, 5, 10, 20, 30, 35]] = False
    wide, names = np.tile(np.float32([1, 0, 0, 0, 0, 0, 0, 0]), (36, 1)), [f"unread {n:02}" for n in range(36)]
    wide[read] = vectors
    for row, text in zip(np.flatnonzero(read), texts, strict=True):
        names[row] = text
    discovery = discover(KMeans(themes=3, refits=3), names, wide, 1, read=read)
    assert (discovery.assignment[~read] == NOISE).all() and np.isnan(discovery.layout[~read]).all()
    assert np.array_equal(discovery.assignment[read], alone.assignment)
    assert np.array_equal(discovery.stability, alone.stability) and np.array_equal(discovery.layout[read], alone.layout)
    assert not discovery.fitted[~read].any() and discovery.fitted[read].all()
    near = {*discovery.neighbours["row"].to_pylist(), *discovery.neighbours["neighbour"].to_pylist()}
    assert near == set(np.flatnonzero(read).tolist())
    assert any("30 of 36" in note for note in discovery.notes)


def test_of_unread_texts_alone_no_theme_is_made() -> None:
    discovery = discover(Consensus(), [f"t{n}" for n in range(20)], groups(2, 10), 1, read=np.zeros(20, bool))
    assert (
        discovery.themes == 0
        and discovery.notes[0].startswith("No theme was looked for")
        and "embed.method" in discovery.notes[0]
    )


def test_more_themes_than_readable_texts_are_refused_with_the_reason() -> None:
    read = np.arange(20) < 4
    with pytest.raises(ToolkitError, match=r"5 themes were asked for, and the model can read 4 of 20"):
        discover(KMeans(themes=5), [f"t{n}" for n in range(20)], groups(2, 10), 1, read=read)


@pytest.mark.parametrize(
    "method",
    [Consensus(refits=4, trials=2, seeds=0), Graph(refits=2, seeds=0), KMeans(refits=2), Agglomerative(refits=2)],
)
def test_equal_texts_are_one_theme(method: Consensus | Graph | KMeans | Agglomerative) -> None:
    discovery = discover(method, ["the same answer"] * 20, np.repeat(groups(1, 1), 20, axis=0), 1)
    assert discovery.assignment.tolist() == [0] * 20
    assert any("not divided" in note for note in discovery.notes)


def test_equal_texts_in_different_themes_are_said_to_be_so() -> None:
    vectors = np.repeat(groups(2, 1), 10, axis=0)
    discovery = discover(KMeans(themes=4, refits=2), [f"t{n}" for n in range(20)], vectors, 1)
    assert discovery.themes == 4 and any(
        "2 different vectors, fewer than the 4 themes" in note for note in discovery.notes
    )
