"""From vectors to themes with their evidence; only this module decides the order of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby
from math import isfinite

import numpy as np
import pyarrow as pa

from toolkit.discover import small
from toolkit.discover.broader import MOST_REFITS_COMPARED, with_stability
from toolkit.discover.clusterer import Fit, candidate_table, centroids, count, different, too_many
from toolkit.discover.consensus_matrix import chance_work
from toolkit.discover.course import DIVISION_WORK, MAP_WORK, Course
from toolkit.discover.divisions import NO_THEMES, SAMPLED, Divisions
from toolkit.discover.hierarchy import hierarchy, renamed, renaming
from toolkit.discover.layout import FEWEST_MAPPED, layout
from toolkit.discover.method import Method
from toolkit.discover.neighbours import Neighbours, nearest
from toolkit.discover.null_model import MOST_ROWS_SHUFFLED, Evidence, NullModel, Observed, evidence, no_surer
from toolkit.discover.outside import FEWEST_PARAGRAPHS, LeftOut, left_out, note, rule, too_few
from toolkit.discover.outside import WORKS as OUTSIDE_WORKS
from toolkit.discover.sample_fit import on_sample, sample_size
from toolkit.discover.seeds import other_seeds, seeds_work
from toolkit.discover.stability import agreement, agreements, draw, fragile, placed, stability, strength
from toolkit.discover.unread import of_read, refuse_unread
from toolkit.runtime.parallel import dismiss
from toolkit.values import NOISE, Bools, Discovery, Ints, Tick, Vectors, no_tick, renumbered, seed_for

LISTED_NEIGHBOURS = 15
"""Number of neighbours of each row that are searched for the list."""
REFITS_PER_SHUFFLE = 4
"""Number of refits of each shuffled corpus, for methods without a faster way."""
MOST_ROWS_LISTED = 5_000
"""Neighbours are listed for at most this many paragraphs; in larger corpora `toolkit search` finds them."""


def discover(
    settings: Method,
    texts: Sequence[str],
    vectors: Vectors,
    seed: int,
    tick: Tick = no_tick,
    read: Bools | None = None,
) -> Discovery:
    """Themes of n different texts from their unit vectors (n, d) float32, with stability, strength, map and hierarchy.

    Rows are processed in an order that depends on their content only, so that shuffled rows get the same themes (only
    the numbers of themes of exactly equal size depend on the given order). Inputs are never written to. Rows that are
    not `read` (n,) are left out and belong to no theme; if `read` is None, all rows are read.

    Raises: ToolkitError if the requested number of themes is impossible.
    """
    from threadpoolctl import threadpool_limits

    if len(texts) != len(vectors):
        raise ValueError(f"{len(texts)} texts and {len(vectors)} vectors")
    if read is not None and not read.all():
        refuse_unread(settings.bounds, int((~read).sum()), len(texts))
        return of_read(texts, vectors, read, lambda some, rows: discover(settings, some, rows, seed, tick))
    order = canonical_order(texts, vectors)
    ordered = np.ascontiguousarray(vectors[order], np.float32)
    ordered.flags.writeable = False
    with threadpool_limits(1):
        discovery = _of_all(settings, [texts[i] for i in order], ordered, seed, tick)
        return _mapped_back(discovery, order)


def canonical_order(texts: Sequence[str], vectors: Vectors) -> Ints:
    """(n,) the rows sorted by text, then by the bytes of their vectors: the order depends on content only."""
    keys = [text.encode("utf-8", "surrogatepass") for text in texts]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    groups = groupby(order, key=keys.__getitem__)
    return np.array([row for _, rows in groups for row in _by_vector(list(rows), vectors)], np.int32)


def _by_vector(rows: list[int], vectors: Vectors) -> list[int]:
    return rows if len(rows) == 1 else sorted(rows, key=lambda row: vectors[row].tobytes())


def _of_all(settings: Method, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick) -> Discovery:
    """The discovery of rows in canonical order; if it is very large, of a sample; other rows are assigned."""
    size = sample_size(settings.fit_on, len(texts))
    if size is None:
        return _in_order(settings, texts, vectors, seed, tick)
    return on_sample(
        texts,
        vectors,
        size,
        seed,
        fit=lambda some, rows: _in_order(settings, some, rows, seed, tick, offer=False),
        labels=lambda some, rows: _fit(settings, some, rows, seed, tick)[0].labels,
    )


def _in_order(
    settings: Method, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick, offer: bool = True
) -> Discovery:
    """The discovery of rows in canonical order, with coarser and finer divisions if `offer` is true."""
    n = len(texts)
    course = _course(settings, n, tick)
    fit, outside = _fit(settings, texts, vectors, seed, course.whole("fit"))
    course.over("fit")
    themes, moved = _reassigned(settings.reassign_noise, vectors, renumbered(fit.labels))
    labels = np.where(moved, NOISE, themes).astype(np.int32)
    refits = _refits(fit, vectors, settings.refits_of(n), seed, course.share("refits"))
    fit = _against_chance(fit, vectors, refits, seed, settings.shuffles, course.share("chance"))
    course.drop("refits")
    course.drop("chance")
    refits = refits if outside is None else outside.refits(refits)
    measured = stability(labels, refits)
    others = other_seeds(
        settings, fit, texts, vectors, seed, _finish(settings, outside, vectors), course.share("seeds")
    )
    course.drop("seeds")
    beside = _beside(fit, themes, _finish(settings, outside, vectors), seed, offer, course.share("beside"))
    course.drop("beside")
    dismiss()  # the map requires memory, but no processes
    sizes = np.bincount(themes[themes != NOISE], minlength=len(measured)).astype(np.int32)
    weak = fragile(measured, fit.floor)
    levels = hierarchy(centroids(vectors, themes), sizes, settings.levels)
    discovery = Discovery(
        assignment=themes,
        strength=strength(themes, refits) if refits else np.full(n, np.nan),
        stability=measured,
        layout=layout(vectors, seed_for(seed, "layout")),
        levels=with_stability(levels, labels, vectors, refits, settings.levels, fit.floor),
        candidates=fit.candidates,
        neighbours=small.neighbour_table(_listed(vectors), np.arange(n)),
        reassigned=moved,
        fragile=weak,
        method=f"{fit.method} {others.method}".rstrip(),
        parameters={
            "method": settings.method,
            **fit.parameters,
            **_line(outside, settings.reassign_noise),
            "refits": len(refits),
            "fragile_below": _finite(fit.floor),
            **_verdict(fit.evidence),
            **others.parameters,
            "divisions_reason": beside.reason,
        },
        notes=(
            *_notes(fit, labels, moved, weak, len(refits)),
            *no_surer(fit.evidence, measured[:, 0]),
            *_equal_apart(vectors, count(themes)),
        ),
        works=(*fit.works, *(("umap2018",) if n >= FEWEST_MAPPED else ()), *(("jaccard2007",) if refits else ())),
        seeds=others.labels,
        refits=placed(refits[:MOST_REFITS_COMPARED], n),
        divisions=beside.table,
        division_labels=beside.labels,
    )
    course.over("map")
    return discovery


def _listed(vectors: Vectors) -> Neighbours:
    """The listed neighbours of n rows; no neighbours in a large corpus."""
    if len(vectors) <= MOST_ROWS_LISTED:
        return nearest(vectors, LISTED_NEIGHBOURS)
    return Neighbours(np.zeros((len(vectors), 0), np.int32), vectors[:, :0])


def _course(settings: Method, n: int, tick: Tick) -> Course:
    """The progress of the discovery of n rows."""
    refits = 0 if settings.brings_refits else settings.refits_of(n)
    chance = settings.shuffles * min(REFITS_PER_SHUFFLE, refits) * min(n, MOST_ROWS_SHUFFLED)
    return Course(
        tick, fit=settings.fit_work(n) + (chance_work(n) if settings.brings_refits else 0), refits=refits * n,
        chance=chance, seeds=seeds_work(settings, n), map=MAP_WORK * n,
        beside=DIVISION_WORK * n * settings.refits_of(n) if settings.brings_refits and settings.bounds is None else 0,
    )  # fmt: skip


def _fit(settings: Method, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick) -> tuple[Fit, LeftOut | None]:
    """The fit with rows outside all themes as -1, and which rows these are; None if none were searched for."""
    small_fit = _small(settings, len(texts))
    if small_fit is not None:
        return small_fit, None
    fit = settings.fit(texts, vectors, seed, tick)
    fit = replace(fit, labels=renumbered(fit.labels), works=(*settings.works, *fit.works))
    if not settings.leaving_out or count(fit.labels) == 0:
        return fit, None
    if len(texts) < FEWEST_PARAGRAPHS and settings.leave_out == "auto":
        return replace(fit, method=fit.method + too_few(len(texts))), None
    outside = left_out(vectors, fit.labels, seed, keep_themes=settings.bounds is not None)
    notes = (note(outside, fit.labels),) if outside.far.any() or outside.rows.any() else ()
    fit = replace(
        fit,
        labels=outside.labels(fit.labels),
        method=fit.method + rule(outside),
        notes=fit.notes + notes,
        works=fit.works + OUTSIDE_WORKS,
    )
    return fit, outside


def _finish(settings: Method, outside: LeftOut | None, vectors: Vectors) -> Callable[[Ints, int], Ints]:
    """A function that treats the labels of a fit with another seed as those of this fit were treated."""

    def finished(labels: Ints, seed: int) -> Ints:
        kept = labels if outside is None else outside.again(vectors, labels, seed)
        return _reassigned(settings.reassign_noise, vectors, renumbered(kept))[0]

    return finished


def _beside(
    fit: Fit, themes: Ints, finish: Callable[[Ints, int], Ints], seed: int, offer: bool, tick: Tick
) -> Divisions:
    """Coarser and finer divisions of the same rows, or the reason why there are none."""
    if not offer or not count(themes):
        return Divisions(reason=NO_THEMES if offer else SAMPLED)
    if isinstance(fit.offering, str):
        return Divisions(reason=fit.offering)
    return fit.offering(count(themes), lambda labels: finish(labels, seed), tick)


def _line(outside: LeftOut | None, reassigned: bool) -> dict[str, float]:
    """The bound between inside and outside for new paragraphs; empty if noise is given a theme."""
    if outside is None or outside.too_many or reassigned:
        return {}
    return {"outside_nearest": outside.bound.nearest, "outside_cosine": outside.bound.cosine}


def _finite(floor: float) -> float | None:
    """The stability below which themes are fragile; None if all themes are."""
    return floor if isfinite(floor) else None


def _small(settings: Method, n: int) -> Fit | None:
    """A fit without themes if the corpus is too small; None if it is not, or if a number of themes is requested."""
    if settings.bounds and settings.bounds[0] > n > 0:
        raise too_many(settings.bounds[0], n)
    if n == 0 or (n < small.FEWEST_PARAGRAPHS and settings.bounds is None):
        sentence = "The corpus is too small for themes; nearest neighbours are listed instead."
        return Fit(np.full(n, NOISE, np.int32), sentence, candidate_table([]), {}, (small.too_small(n),))
    return None


def _refits(fit: Fit, vectors: Vectors, wanted: int, seed: int, tick: Tick = no_tick) -> tuple[tuple[Ints, Ints], ...]:
    """The refits of a fit, or `wanted` new refits if it has none."""
    if fit.repeats or fit.refit is None:
        return fit.repeats
    made = []
    for at in range(wanted):
        rows = draw(len(vectors), seed_for(seed, f"rows {at}"))
        made.append((rows, fit.refit(vectors, rows, seed_for(seed, f"refit {at}"))))
        tick(at + 1, wanted)
    return tuple(made)


def _against_chance(
    fit: Fit, vectors: Vectors, refits: Sequence[tuple[Ints, Ints]], seed: int, shuffles: int, tick: Tick
) -> Fit:
    """The fit with the verdict of the null model; methods that bring refits have made theirs."""
    again = fit.refit
    if again is None or len(refits) < 2 or count(fit.labels) < 2:
        return fit

    def agreeing(mixed: Vectors, seed: int) -> float:
        return agreement(_refits(fit, mixed, min(REFITS_PER_SHUFFLE, len(refits)), seed), len(mixed))

    def clustered(mixed: Vectors, seed: int) -> tuple[Ints, Sequence[tuple[Ints, Ints]]]:
        labels = again(mixed, np.arange(len(mixed), dtype=np.int32), seed_for(seed, "chance"))
        return renumbered(labels), _refits(
            fit, mixed, min(REFITS_PER_SHUFFLE, len(refits)), seed_for(seed, "chance refits")
        )

    by_refit = agreements(refits, len(vectors))
    error = 2 * float(by_refit.std(ddof=1)) / len(refits) ** 0.5
    observed = Observed(agreement(refits, len(vectors)), error, len(refits))
    verdict = evidence(observed, observed.agreement, vectors, NullModel(agreeing, clustered, shuffles), seed, tick)
    return replace(fit, evidence=verdict, notes=fit.notes + verdict.notes, works=fit.works + verdict.works)


def _verdict(evidence: Evidence | None) -> dict[str, float | str | None]:
    """The verdict of the null model as parameters; empty if there is none."""
    if evidence is None:
        return {}
    values = {
        "agreement": evidence.agreement, "chance_agreement": evidence.chance, "gap": evidence.gap,
        "gap_low": evidence.low, "gap_high": evidence.high, "gap_p": evidence.p,
        "chance_stability": evidence.chance_stability,
    }  # fmt: skip
    known = {name: value if isfinite(value) else None for name, value in values.items()}
    counts = {"compared_refits": evidence.refits, "shuffles": evidence.shuffles}
    return {"evidence": evidence.grade, **known, **counts, "evidence_reason": evidence.reason}


def _reassigned(wanted: bool, vectors: Vectors, labels: Ints) -> tuple[Ints, Bools]:
    """Labels (n,), with noise given to the nearest theme mean if `wanted`, and a mask (n,) of the rows that changed."""
    noise = labels == NOISE
    if not wanted or noise.all() or not noise.any():
        return labels, np.zeros(len(labels), bool)
    means = centroids(vectors, labels)
    filled = labels.copy()
    filled[noise] = (vectors[noise] @ means.T).argmax(1)
    return renumbered(filled), noise


def _notes(fit: Fit, labels: Ints, moved: Bools, weak: Bools, refits: int) -> tuple[str, ...]:
    """Notes for the reader: those of the method, then on noise, stability, and on one theme or none."""
    n, noise, themes = len(labels), int((labels == NOISE).sum()), int(labels.max(initial=NOISE)) + 1
    notes = list(fit.notes)
    if themes and n < small.FEWEST_PARAGRAPHS:
        notes.append(f"{n} paragraphs are too few to claim themes; these were asked for by number.")
    if themes == 1:
        notes.append("One theme only was found: the paragraphs were not divided.")
    if themes and noise:
        done = "were given the nearest theme on request and are flagged" if moved.any() else "belong to no theme"
        notes.append(f"{noise} of {n} paragraphs ({noise / n:.0%}) {done}.")
    if not themes and not fit.notes:
        notes.append(f"No theme was found: none of the {n} paragraphs belongs to one.")
    if themes and not refits:
        notes.append("Stability was not measured: the method was fitted once.")
    if weak.any():
        below = f"{fit.floor:.2g}" if isfinite(fit.floor) else "what would set them apart from chance"
        notes.append(
            f"{int(weak.sum())} of {themes} themes are fragile: their mean best-match Jaccard over {refits} refits is "
            f"below {below}."
        )
    return tuple(notes)


def _equal_apart(vectors: Vectors, themes: int) -> tuple[str, ...]:
    """A note if there are more themes than different vectors, so that equal vectors are in different themes."""
    unlike = different(vectors, themes) if themes else 0
    if unlike >= themes:
        return ()
    return (
        f"The paragraphs have {unlike} different vector{'' if unlike == 1 else 's'}, fewer than the {themes} themes: "
        "paragraphs that the model cannot tell apart are in different themes, and which is in which means nothing.",
    )


def _mapped_back(discovery: Discovery, order: Ints) -> Discovery:
    """The discovery with its rows in the order of the corpus, and themes numbered in that order."""
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    before = discovery.assignment[place]
    after = renumbered(before)
    old, new = renaming(before, after, discovery.themes)
    near = discovery.neighbours
    rows, others = (order[near[name].to_numpy()] for name in ("row", "neighbour"))
    similarity = near["similarity"].to_numpy()
    turn = np.lexsort((others, -similarity, rows))
    columns = [rows[turn].astype(np.int32), others[turn].astype(np.int32), similarity[turn]]
    return Discovery(
        assignment=after,
        strength=discovery.strength[place],
        stability=discovery.stability[old],
        layout=discovery.layout[place],
        levels=renamed(discovery.levels, new),
        candidates=discovery.candidates,
        neighbours=pa.table([pa.array(column) for column in columns], schema=small.NEIGHBOURS),
        reassigned=discovery.reassigned[place],
        fragile=discovery.fragile[old],
        method=discovery.method,
        parameters=discovery.parameters,
        notes=discovery.notes,
        fitted=discovery.fitted[place],
        works=discovery.works,
        seeds=discovery.seeds[:, place],
        refits=discovery.refits[:, place],
        divisions=discovery.divisions,
        division_labels=np.array([renumbered(labels[place]) for labels in discovery.division_labels], np.int32),
    )
