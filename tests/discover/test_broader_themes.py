"""Broader themes: what is joined, how many there are, how they are numbered, and what renaming keeps."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import cut_tree, linkage

from toolkit.discover.hierarchy import hierarchy, renamed, renaming


def means_of(groups, spread=0.2, seed=0, shared=1.0):
    """Unit means of themes in groups about axes of their own, all with something in common, and their groups."""
    random = np.random.default_rng(seed)
    names = np.repeat(np.arange(len(groups)), groups)
    means = np.eye(16)[names + 1] + shared * np.eye(16)[0] + spread / 4 * random.normal(size=(len(names), 16))
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32), names


def parents(table, level=0):
    rows = sorted((row["theme"], row["parent"]) for row in table.to_pylist() if row["level"] == level)
    return [parent for _, parent in rows]


def partition(names):
    """A labelling by first appearance, so that equal partitions are equal lists."""
    order = {}
    return [order.setdefault(name, len(order)) for name in names]


def test_themes_about_one_axis_have_one_broader_theme_and_these_are_numbered_from_1000_by_size():
    means, names = means_of((3, 3, 3))
    sizes = np.array([5, 5, 5, 12, 10, 8, 7, 7, 7], np.int32)
    table = hierarchy(means, sizes, 2)
    assert parents(table) == [1002] * 3 + [1000] * 3 + [1001] * 3
    assert parents(table, 1) == [None] * 3
    assert [(row["theme"], row["level"]) for row in table.to_pylist()][9:] == [(1000, 1), (1001, 1), (1002, 1)]
    alike = hierarchy(means, np.full(9, 5, np.int32), 2)  # ties go to the one with the lowest theme
    assert parents(alike) == [1000 + name for name in names]


def test_three_themes_get_no_level_above_them_and_four_do():
    for many, levels in ((0, 0), (1, 0), (3, 0), (4, 1)):
        means, _ = means_of((1,) * many) if many else (np.zeros((0, 4), np.float32), None)
        table = hierarchy(means, np.full(many, 4, np.int32), 3)
        assert max(table["level"].to_pylist(), default=0) == levels
        assert table.num_rows == many + 2 * levels


def test_as_many_levels_as_asked_for():
    means, _ = means_of((2,) * 8)
    sizes = np.full(16, 4, np.int32)
    for levels in (1, 2, 3):
        assert set(hierarchy(means, sizes, levels)["level"].to_pylist()) == set(range(levels))
    table = hierarchy(means, sizes, 3)
    first, second = parents(table), parents(table, 1)
    assert len(set(first)) == 8 and set(first) == set(range(1000, 1008))
    assert {*second} == set(range(1008, 1008 + len(set(second)))) and 2 <= len(set(second)) <= 4
    assert parents(table, 2) == [None] * len(set(second))


@pytest.mark.parametrize(
    ("groups", "wanted"), [((2,) * 4, 4), ((4,) * 4, 4), ((3,) * 5, 5), ((2,) * 2, 2), ((3,) * 2, 2)]
)
def test_a_level_is_cut_where_the_next_join_would_be_the_largest_step(groups, wanted):
    means, names = means_of(groups)
    above = parents(hierarchy(means, np.full(len(names), 6, np.int32), 2))
    assert partition(above) == names.tolist() and len(set(above)) == wanted


def test_a_level_has_between_a_quarter_and_half_of_the_themes_below():
    for groups in ((12, 4), (1,) * 12, (3,) * 2 + (6,), (1,) * 5, (1,) * 6, (1,) * 7):
        means, names = means_of(groups, spread=0.5)
        k = len(names)
        many = len(set(parents(hierarchy(means, np.full(k, 6, np.int32), 2))))
        assert max(2, k // 4) <= many <= max(2, k // 2)


def centred(means, sizes):
    apart = means - np.average(means, axis=0, weights=sizes)
    return apart / np.linalg.norm(apart, axis=1, keepdims=True)


@pytest.mark.parametrize("seed", range(6))
def test_the_cut_is_that_of_average_linkage_by_cosine_of_means_less_the_mean_of_all(seed):
    random = np.random.default_rng(seed)
    means, names = means_of((2, 3, 1, 4, 2), spread=2.5, seed=seed)
    sizes = random.integers(5, 12, len(names)).astype(np.int32)
    apart = centred(means.astype(float), sizes)
    tree = linkage(apart, "average", metric="cosine")
    cuts = {many: cut_tree(tree, many).ravel() for many in range(3, 7)}
    even = {many: cut for many, cut in cuts.items() if np.bincount(cut, sizes).max() <= 2 / 3 * sizes.sum()}
    height = tree[:, 2]
    best = max(even or cuts, key=lambda many: (round(height[12 - many] - height[12 - many - 1], 6), -many))
    assert partition(parents(hierarchy(means, sizes, 2))) == partition(cuts[best])


def test_no_broader_theme_holds_over_two_thirds_of_the_texts_where_another_cut_avoids_it():
    # two far groups; within the larger one a smaller step
    means, _ = means_of((3, 3, 2), spread=0.1)
    means[:6] += 2.0 * np.eye(16, dtype=np.float32)[15]
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    for small, many in ((5, 2), (6, 2), (4, 3)):
        sizes = np.array([2, 2, 2, 2, 2, 2, small - 2, small - 2 + (small == 5)], np.int32)
        share = 12 / sizes.sum()
        assert len(set(parents(hierarchy(means, sizes, 2)))) == (3 if share > 2 / 3 else 2), (small, many, share)


def test_broader_themes_of_the_second_level_weigh_themes_by_their_texts():
    random = np.random.default_rng(3)
    means = random.normal(size=(16, 6))
    means = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    sizes = random.integers(1, 60, 16).astype(np.int32)
    table = hierarchy(means, sizes, 3)
    first = np.array(parents(table))
    names = sorted(set(first))
    apart = centred(means.astype(float), sizes)
    second = np.array([(apart[first == name] * sizes[first == name][:, None]).sum(0) for name in names])
    values = np.array([sizes[first == name].sum() for name in names])
    assert (np.diff(values) <= 0).all()
    tree, k = linkage(second, "average", metric="cosine"), len(names)
    cuts = {many: cut_tree(tree, many).ravel() for many in range(max(2, k // 4), max(2, k // 2) + 1)}
    even = {many: cut for many, cut in cuts.items() if np.bincount(cut, values).max() <= 2 / 3 * values.sum()}
    best = max(even or cuts, key=lambda many: (round(tree[k - many, 2] - tree[k - many - 1, 2], 6), -many))
    assert partition(parents(table, 1)) == partition(cuts[best])


def test_what_the_whole_corpus_shares_joins_no_themes():
    means, names = means_of((2, 2, 2, 2), spread=0.1, shared=30.0)
    assert partition(parents(hierarchy(means, np.full(8, 5, np.int32), 2))) == names.tolist()


def test_equal_means_and_themes_of_no_text_do_no_harm():
    same = np.tile(np.eye(4, dtype=np.float32)[0], (6, 1))
    assert None not in parents(hierarchy(same, np.full(6, 3, np.int32), 2))
    assert None not in parents(hierarchy(means_of((2, 2))[0], np.zeros(4, np.int32), 2))


def test_renaming_says_the_old_number_of_each_new_theme_and_back():
    before, after = np.array([2, 2, 0, -1, 1], np.int32), np.array([0, 0, 2, -1, 1], np.int32)
    old, new = renaming(before, after, 3)
    assert old.tolist() == [2, 1, 0] and new.tolist() == [2, 1, 0]
    cycle, back = renaming(np.array([0, 1, 2, -1]), np.array([1, 2, 0, -1]), 3)
    assert cycle.tolist() == [2, 0, 1] and back.tolist() == [1, 2, 0]


def test_renamed_levels_keep_every_theme_its_parent_and_broader_ids():
    means, _ = means_of((2, 2))
    table = hierarchy(means, np.array([4, 4, 9, 9], np.int32), 2)
    turned = renamed(table, np.array([3, 1, 0, 2], np.int32))
    before = dict(enumerate(parents(table)))
    assert parents(turned) == [before[2], before[1], before[3], before[0]]
    assert [row["theme"] for row in turned.to_pylist()] == [0, 1, 2, 3, 1000, 1001]
    assert turned.schema == table.schema
