"""Discovery says how far it is, and never changes what it finds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from toolkit.discover import Consensus, Graph, KMeans, discover
from toolkit.discover.course import Course

SLOW = pytest.param(KMeans(themes=2), marks=pytest.mark.slow)


@pytest.mark.parametrize("method", [Consensus(refits=6, trials=3, seeds=2), Graph(refits=4, seeds=1), SLOW])
def test_a_discovery_ticks_forward_to_its_end_and_finds_the_same(method: Consensus | Graph | KMeans) -> None:
    random = np.random.default_rng(2)
    means = random.normal(size=(2, 16))
    rows = means[np.arange(40) % 2] + 0.3 * random.normal(size=(40, 16))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    texts, ticks = [f"text number {at}" for at in range(40)], []
    discovery = discover(method, texts, vectors, 3, lambda done, total: ticks.append((done, total)))
    assert len(ticks) > 8 and ticks[-1][0] == ticks[-1][1] > 0
    assert all(before[0] <= after[0] <= after[1] for before, after in pairwise(ticks))
    assert discovery.assignment.tolist() == discover(method, texts, vectors, 3).assignment.tolist()


def test_work_that_is_not_needed_leaves_the_total() -> None:
    ticks: list[tuple[int, int]] = []
    course = Course(lambda done, total: ticks.append((done, total)), fit=60, chance=30, map=10)
    course.share("fit")(1, 2)
    course.over("fit")
    course.drop("chance")
    course.whole("map")(5, 20)
    assert ticks == [(30, 100), (60, 100), (60, 70), (65, 80)]
