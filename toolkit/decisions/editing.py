"""The evidence of themes that people edited: their stability in refits and with other seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from toolkit.decisions.applying import Applied, apply
from toolkit.decisions.log import Log
from toolkit.discover.broader import with_stability
from toolkit.discover.clusterer import centroids
from toolkit.discover.discovery import canonical_order
from toolkit.discover.hierarchy import hierarchy
from toolkit.discover.seeds import moved_with
from toolkit.discover.stability import FRAGILE, UNSEEN, Repeat, fragile, jaccards
from toolkit.values import NOISE, Bools, Discovery, Floats, Ints, Vectors, renumbered


@dataclass(frozen=True)
class Returns:
    """How reliably edited themes return: stability (k, 3) as in Discovery, strength (n,); NaN if not measured."""

    stability: Floats
    strength: Floats


def edited(
    before: Discovery,
    applied: Applied,
    log: Log,
    digests: Sequence[str],
    texts: Sequence[str],
    vectors: Vectors,
    seed: int,
) -> Discovery:
    """The discovery with the groups of `applied` for its themes.

    A theme that still has the same paragraphs keeps its figures; those of all others are measured again.
    """
    after = renumbered(applied.groups)
    same = unchanged(before.assignment, after)
    kept = before.reassigned & ~applied.placed & (after != NOISE)
    again = returns(after, applied.parts, before)
    old = np.maximum(same, 0)
    whole = (same != NOISE)[:, None]
    stability = np.where(whole, before.stability[old] if before.themes else np.nan, again.stability)
    rows = (after != NOISE) & (same[np.maximum(after, 0)] != NOISE) if len(same) else np.zeros(len(after), bool)
    floor = before.parameters.get("fragile_below", FRAGILE)
    floor = float("inf") if floor is None else float(floor)
    changed = replace(
        before,
        assignment=after,
        strength=np.where(rows, before.strength, again.strength),
        stability=stability,
        levels=_levels(before, np.where(kept, NOISE, after).astype(np.int32), after, texts, vectors, floor),
        reassigned=kept,
        fragile=fragile(stability, floor),
        seeds=_with_other_seeds(before, log, digests, vectors, seed),
        moved=np.zeros((0, 0), bool),
    )
    return replace(changed, moved=moved_with(changed)) if len(changed.seeds) else changed


def unchanged(before: Ints, after: Ints) -> Ints:
    """(k,) the theme of `before` (n,) with the same paragraphs as each theme of `after` (n,), -1 if there is none."""
    k, c = int(after.max(initial=NOISE)) + 1, int(before.max(initial=NOISE)) + 1
    both = (after != NOISE) & (before != NOISE)
    shared = np.bincount(after[both] * np.int64(c) + before[both], minlength=k * c).reshape(k, c)
    sizes, olds = (np.bincount(x[x != NOISE], minlength=m) for x, m in ((after, k), (before, c)))
    equal = (shared == sizes[:, None]) & (shared == olds[None])
    return np.where(equal.any(1), equal.argmax(1) if c else NOISE, NOISE).astype(np.int32)


def returns(after: Ints, parts: Ints, before: Discovery) -> Returns:
    """How reliably refits reproduce the themes `after` (n,), which were joined from `parts` (n,).

    In each refit every part has the group that is most like it (Jaccard similarity over the paragraphs that the refit
    saw; Hennig 2007, section 3), and a theme is compared with the union of the groups of its parts. Stability is the
    mean over the refits that saw any of it, with the range of 95 % of them; strength is the share of refits that
    put a paragraph into that union. Paragraphs that the run and the refit both left out do not count.
    """
    k = int(after.max(initial=NOISE)) + 1
    inside = (after != NOISE) & ~before.reassigned
    part = np.full(len(after), NOISE, np.int32)
    part[inside] = np.unique(parts[inside], return_inverse=True)[1]
    best = np.full((len(before.refits), k), np.nan)
    seen, agreed = np.zeros(len(after)), np.zeros(len(after))
    for at, labels in enumerate(before.refits):
        rows = np.flatnonzero((labels != UNSEEN) & ~((before.assignment == NOISE) & (labels == NOISE)))
        match = _matched(after[rows], part[rows], labels[rows], inside[rows], k)
        best[at] = match.jaccard
        seen[rows] += 1
        agreed[rows] += match.agrees
    defined = (after != NOISE) & (seen > 0)
    return Returns(_summary(best), np.where(defined, agreed / np.maximum(seen, 1), np.nan))


@dataclass(frozen=True)
class _Matched:
    """Of one refit: jaccard (k,) of each theme with the groups of its parts, NaN if unseen; agrees (m,) by row."""

    jaccard: Floats
    agrees: Bools


def _matched(after: Ints, part: Ints, labels: Ints, inside: Bools, k: int) -> _Matched:
    table = jaccards(part, labels)
    groups = np.bincount(labels[labels != NOISE], minlength=table.shape[1])
    of_theme = np.zeros((max(k, 1), max(table.shape[1], 1)), bool)
    if table.size:
        theme, piece = np.unique(np.stack([after[inside], part[inside]]), axis=1)
        best = table[piece]
        of_theme[theme[best.max(1) > 0], best.argmax(1)[best.max(1) > 0]] = True
    hit = (labels != NOISE) & of_theme[np.maximum(after, 0), np.maximum(labels, 0)] & (after != NOISE)
    size = np.bincount(after[inside], minlength=k).astype(float)
    shared = np.bincount(after[hit & inside], minlength=k)
    union = of_theme[:k, : len(groups)] @ groups if len(groups) else np.zeros(k)
    jaccard = np.where(size > 0, shared / np.maximum(size + union - shared, 1), np.nan)
    return _Matched(jaccard, np.asarray(hit))


def _summary(best: Floats) -> Floats:
    """(k, 3) mean and the range of 95 % of the values (refits, k) that are not NaN."""
    result = np.full((best.shape[1], 3), np.nan)
    for theme, values in enumerate(best.T):
        known = values[~np.isnan(values)]
        if len(known):
            result[theme] = known.mean(), *np.quantile(known, (0.025, 0.975))
    return result


def _levels(
    before: Discovery, labels: Ints, after: Ints, texts: Sequence[str], vectors: Vectors, floor: float
) -> pa.Table:
    """The hierarchy above edited themes, made and measured as discovery does; as many levels as it had, at most."""
    depth = 1 + max(before.levels["level"].to_pylist(), default=0)
    order = canonical_order(texts, vectors)
    rows, themes = np.ascontiguousarray(vectors[order], np.float32), after[order]
    sizes = np.bincount(after[after != NOISE], minlength=int(after.max(initial=NOISE)) + 1).astype(np.int32)
    levels = hierarchy(centroids(rows, themes), sizes, depth)
    refits = [_repeat(refit) for refit in before.refits[:, order]]
    return with_stability(levels, labels[order], rows, refits, depth, floor)


def _repeat(groups: Ints) -> Repeat:
    rows = np.flatnonzero(groups != UNSEEN).astype(np.int32)
    return rows, groups[rows]


def _with_other_seeds(before: Discovery, log: Log, digests: Sequence[str], vectors: Vectors, seed: int) -> Ints:
    """(S, n) the groups of other seeds after the same decisions: what the log makes of the themes found with them."""
    rows = np.flatnonzero(before.fitted)
    names = [digests[row] for row in rows.tolist()]
    result = np.array(before.seeds)
    for labels in result:
        labels[rows] = renumbered(apply(log, names, renumbered(labels[rows]), vectors[rows], seed).groups)
    return result
