"""Paragraphs without a theme: those near to no others, and those whose theme has no core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.discover.clusterer import theme_sums
from toolkit.discover.resample import neighbours_for
from toolkit.discover.stability import Repeat
from toolkit.files.tuned import tuned
from toolkit.values import NOISE, Bools, Floats, Ints, Vectors, seed_for

TUNED = tuned("toolkit.discover")

CHANCE_SHARE = TUNED.number("chance_share")
"""A paragraph keeps its theme if its nearness is above that of this share of shuffled rows."""
FEWEST_SHUFFLED_ROWS = 500
"""Smallest number of shuffled rows whose nearness is measured; the standard error of the share is then .01."""
MOST_LANDMARKS = 2_000
"""Number of rows that suffice to decide on most rows of a large corpus."""
BLOCK_SIMILARITIES = 1 << 22
"""Number of similarities in memory at once; fixed, so that blocks do not depend on the machine."""
FEWEST_PARAGRAPHS = TUNED.whole("fewest_paragraphs")
"""In smaller corpora nothing is left out, because off-topic paragraphs cannot be distinguished from thin ones on the
subject."""
FEWEST_PER_THEME = 3
"""Smallest number of remaining paragraphs of a theme; with fewer, the theme is dissolved."""
LARGEST_SHARE_LEFT_OUT = 0.5
"""If more than this share would be left out, nothing is: then the corpus as a whole has no structure."""
DIGITS = 6
WORKS = ("buja1992", "angiulli2002")


@dataclass(frozen=True)
class Bound:
    """The bound between inside and outside.

    Rows whose mean cosine with their `nearest` nearest rows is at most `cosine` have no theme.
    """

    nearest: int
    cosine: float


@dataclass(frozen=True)
class LeftOut:
    """Which rows of a fit have no theme, and why.

    apart (n,): near to no others, for any labels. far (n,): those of them that had a theme. loose (n,): members of a
    theme without a core, including far ones. rest (n,): the last one or two rows of a theme whose other rows are left
    out. `themes` is the number of themes without a core; `within` and `between` are the mean cosines of the largest of
    them and of pairs of other themes. `too_many`: the far rows were more than half, and nothing is left out. `groups`:
    whole themes were judged, too.
    """

    bound: Bound
    apart: Bools
    far: Bools
    loose: Bools
    rest: Bools
    themes: int
    within: float
    between: float
    too_many: bool = False
    groups: bool = True

    @property
    def rows(self) -> Bools:
        """(n,) mask of the rows left out."""
        return np.zeros(len(self.far), bool) if self.too_many else self.far | self.loose | self.rest

    def labels(self, labels: Ints) -> Ints:
        """Labels (n,) with -1 for the rows left out."""
        return np.where(self.rows, NOISE, labels).astype(np.int32)

    def again(self, vectors: Vectors, labels: Ints, seed: int) -> Ints:
        """Labels (n,) of the same rows with another seed, with -1 for those without a theme.

        Up to 500 rows the bound is measured with that seed; above, the bound of this seed is kept, because a seed
        hardly changes it.
        """
        keep = not self.groups
        if len(labels) <= FEWEST_SHUFFLED_ROWS:
            return left_out(vectors, labels, seed, keep).labels(labels)
        return judged(vectors, labels, self.bound, self.apart, keep).labels(labels)

    def refits(self, refits: Sequence[Repeat]) -> tuple[Repeat, ...]:
        """The refits with -1 for the rows left out, so that a theme is compared over its paragraphs only."""
        out = self.rows
        return tuple((rows, np.where(out[rows], NOISE, labels).astype(np.int32)) for rows, labels in refits)


def left_out(vectors: Vectors, labels: Ints, seed: int, keep_themes: bool = False) -> LeftOut:
    """Which of n unit rows (n, d) with labels (n,) have no theme.

    A row is far if the mean cosine with its k nearest rows (a third of the graph's neighbours, 5 to 15; Angiulli &
    Pizzuti 2002) is at most that of 90 % of rows with shuffled columns. These have the mean and the spread of the
    corpus and neighbours by chance only (Buja & Eyuboglu 1992). A theme has no core if the mean cosine of its members
    is at most that of pairs from different other themes (of at least two). `keep_themes`: the number of themes does not
    change, because it was requested.
    """
    bound = chance_bound(vectors, seed)
    return judged(vectors, labels, bound, is_far(vectors, vectors, bound, themselves=True), keep_themes)


def judged(vectors: Vectors, labels: Ints, bound: Bound, apart: Bools, keep_themes: bool) -> LeftOut:
    """`left_out` for rows already known to be near to no others: `apart` (n,)."""
    far, nothing = apart & (labels != NOISE), np.zeros(len(labels), bool)
    if far.sum() > LARGEST_SHARE_LEFT_OUT * len(labels):
        return LeftOut(bound, apart, far, nothing, nothing, 0, np.nan, np.nan, too_many=True, groups=not keep_themes)
    if keep_themes:
        far &= ~_needed(labels, far)
        return LeftOut(bound, apart, far, nothing, nothing, 0, np.nan, np.nan, groups=False)
    within, between = cohesion(vectors, labels)
    without = np.flatnonzero(within <= between)
    loose = np.isin(labels, without)
    first = int(without[0]) if len(without) else -1
    rest = _needed(np.where(loose, NOISE, labels), far) & ~far
    numbers = (float(within[first]), float(between[first])) if len(without) else (np.nan, np.nan)
    return LeftOut(bound, apart, far, loose, rest, len(without), *numbers)


def _needed(labels: Ints, far: Bools) -> Bools:
    """(n,) mask of all members of themes with fewer than three remaining members."""
    kept = np.bincount(labels[(labels != NOISE) & ~far], minlength=int(labels.max(initial=NOISE)) + 1)
    return (
        np.asarray((labels != NOISE) & (kept[labels] < FEWEST_PER_THEME)) if len(kept) else np.zeros(len(labels), bool)
    )


def chance_bound(vectors: Vectors, seed: int) -> Bound:
    """The bound: the nearness that 90 % of rows of column-shuffled vectors do not exceed, n rows at a time."""
    n = len(vectors)
    k = max(1, min(neighbours_for(n) // 3, n - 1))
    random = np.random.default_rng(seed_for(seed, "outside"))
    columns = np.ascontiguousarray(vectors.T)
    values = []
    for _ in range(-(-FEWEST_SHUFFLED_ROWS // max(n, 1))):
        mixed = np.ascontiguousarray(random.permuted(columns, axis=1).T)
        mixed /= np.maximum(np.linalg.norm(mixed, axis=1, keepdims=True), 1e-12)
        values.append(nearness(mixed[:FEWEST_SHUFFLED_ROWS], mixed, k))
    return Bound(k, float(np.quantile(np.concatenate(values), CHANCE_SHARE)))


def is_far(queries: Vectors, vectors: Vectors, bound: Bound, themselves: bool = False) -> Bools:
    """(m,) whether the mean cosine of each query with its nearest of the vectors (n, d) is at most the bound.

    `themselves`: the queries are the vectors, and each excludes itself. If enough landmarks are nearer than the bound,
    no other row is compared, because the nearest of all rows are at least as near.
    """
    m, n = len(queries), len(vectors)
    searched = np.ones(m, bool)
    if n > MOST_LANDMARKS:
        landmarks = vectors[np.linspace(0, n - 1, MOST_LANDMARKS).astype(int)].T
        step = BLOCK_SIMILARITIES // MOST_LANDMARKS
        for start in range(0, m, step):
            near = queries[start : start + step] @ landmarks > bound.cosine
            searched[start : start + step] = np.count_nonzero(near, axis=1) <= bound.nearest
    far = np.zeros(m, bool)
    far[searched] = nearness(queries[searched], vectors, bound.nearest, themselves) <= bound.cosine
    return far


def nearness(queries: Vectors, vectors: Vectors, k: int, themselves: bool = True) -> Floats:
    """(m,) the mean cosine of each query with its k nearest of the vectors, to six decimals.

    `themselves`: the queries are among the vectors, and each excludes itself.
    """
    m, skipped = len(queries), int(themselves)
    k = min(k, len(vectors) - skipped)
    result = np.full(m, 1.0 if k < 1 else np.nan)
    step = max(16, BLOCK_SIMILARITIES // max(len(vectors), 1))
    for start in range(0, m if k > 0 else 0, step):
        block = queries[start : start + step] @ vectors.T
        largest = np.sort(np.partition(block, block.shape[1] - k - skipped, axis=1)[:, -k - skipped :], axis=1)
        result[start : start + step] = largest[:, :k].mean(1, dtype=float)
    return np.asarray(np.round(result, DIGITS))


def cohesion(vectors: Vectors, labels: Ints) -> tuple[Floats, Floats]:
    """(k,), (k,): for each theme, the mean cosine of two of its members, and of two members of different other themes.

    NaN for a theme of one, and if there are fewer than two other themes.
    """
    sums = theme_sums(vectors, labels)
    size = np.bincount(labels[labels != NOISE], minlength=len(sums)).astype(float)
    squares = (sums**2).sum(1)
    pairs = size * (size - 1)
    within = np.divide(squares - size, pairs, out=np.full(len(sums), np.nan), where=pairs > 0)
    others, left = sums.sum(0) - sums, size.sum() - size
    crossing = left**2 - ((size**2).sum() - size**2)
    products = (others**2).sum(1) - (squares.sum() - squares)
    between = np.divide(products, crossing, out=np.full(len(sums), np.nan), where=crossing > 0.5)
    return np.round(within, DIGITS), np.round(between, DIGITS)


def rule(left: LeftOut) -> str:
    """The rule as a sentence, for the report's methods."""
    if left.too_many:
        return ""
    near, groups = f"{left.bound.nearest} nearest is at most {left.bound.cosine:.3f}", ""
    if left.groups:
        groups = ", nor are groups whose members are no more alike than members of different other groups"
    return (
        f" Paragraphs whose mean cosine with their {near}, which {CHANCE_SHARE:.0%} of rows of vectors shuffled by "
        f"column do not exceed, are in no theme{groups}."
    )


def too_few(n: int) -> str:
    """Why nothing was left out of a small corpus, for the report's methods."""
    return (
        f" No paragraph was left out of the themes: {n} are too few (under {FEWEST_PARAGRAPHS}) to tell off-topic ones "
        "from those on the subject that are unlike the rest."
    )


def note(left: LeftOut, labels: Ints) -> str:
    """A note with the number of paragraphs left out, out of how many, and the figures behind it."""
    n, bound = len(labels), left.bound
    chance = f"(mean cosine with their {bound.nearest} nearest at most {bound.cosine:.3f})"
    if left.too_many:
        return (
            f"Nothing was left out of the themes: {int(left.far.sum())} of {n} paragraphs are no nearer to others than "
            f"vectors shuffled by column are {chance}, more than half, so that no line can be drawn."
        )
    parts = []
    if (far := int((left.far & ~left.loose).sum())) or not left.rows.any():
        parts.append(f"{far} are no nearer to others than {CHANCE_SHARE:.0%} of vectors shuffled by column {chance}")
    if left.themes:
        groups = "a group whose members are" if left.themes == 1 else f"{left.themes} groups whose members are"
        parts.append(
            f"{int(left.loose.sum())} were in {groups} no more alike than paragraphs of different other groups (mean "
            f"cosine {left.within:.3f} against {left.between:.3f})"
        )
    if rest := int(left.rest.sum()):
        parts.append(f"{rest} remained in groups of fewer than {FEWEST_PER_THEME}")
    share = f"{int(left.rows.sum())} of {n} paragraphs ({left.rows.mean():.0%})"
    return f"Left out of the themes: {share}. Of these {'; '.join(parts)}."
