"""Three ways to draw paragraphs: at random, stratified by theme and source, or nearest to the decision thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.text.format import count

Row = Mapping[str, Any]
OTHERS = "all others"


@dataclass(frozen=True)
class Drawn:
    """What was drawn, in the order of showing (an order of chance): paragraph_id, stratum, probability, weight.

    `strata` has a row a stratum: its paragraphs and how many were drawn. Probability and weight are null if the draw
    follows no chance.
    """

    rows: list[dict[str, Any]]
    strata: list[dict[str, Any]]
    notes: tuple[str, ...]


def at_random(rows: Sequence[Row], n: int, stream: np.random.Generator) -> Drawn:
    """A simple random sample without replacement; a smaller n draws the beginning of a larger one's."""
    order = stream.permutation(len(rows))[:n]
    note = f"Drawn at random from {count(len(rows))} unique paragraphs, each as likely as any other."
    return _drawn([(rows[int(i)], "all") for i in order], {"all": len(rows)}, len(rows), n, note)


def by_strata(rows: Sequence[Row], sources: Mapping[str, str | None], n: int, stream: np.random.Generator) -> Drawn:
    """A random sample within each theme of each source, in proportion to size and at least one.

    The smallest strata are drawn from as one if there are more than n / 2.
    """
    strata: dict[str, list[Row]] = {}
    for row in rows:
        source = sources.get(row["document_id"]) or "no source"
        strata.setdefault(f"theme {row['theme']}, {source}", []).append(row)
    strata = _merged(strata, max(n // 2, 1))
    share = _allotted({name: len(members) for name, members in strata.items()}, min(n, len(rows)))
    chosen: list[tuple[Row, str]] = []
    for name in sorted(strata):
        picks = stream.permutation(len(strata[name]))[: share[name]]
        chosen += [(strata[name][int(i)], name) for i in picks]
    shuffled = [chosen[int(i)] for i in stream.permutation(len(chosen))]
    sizes = {name: len(members) for name, members in sorted(strata.items())}
    note = f"Drawn by {len(sizes)} strata of theme and source from {count(len(rows))} unique paragraphs; weighted."
    return _drawn(shuffled, sizes, len(rows), n, note)


def near_thresholds(
    rows: Sequence[Row], codes: Iterable[Row], limits: Iterable[Row], order: Sequence[str], n: int,
    stream: np.random.Generator,
) -> Drawn:  # fmt: skip
    """The paragraphs nearest to the decision thresholds: the codes choose in turn, ties by paragraph_id."""
    level = {row["code"]: (row["threshold"], "probability" in row["rule"]) for row in limits}
    known = {row["paragraph_id"]: row for row in rows}
    distance: dict[str, list[tuple[float, str]]] = {code: [] for code in order}
    for row in codes:
        threshold, learned = level[row["code"]]
        score = row["probability"] if learned else row["score"]
        if row["paragraph_id"] in known and score is not None:
            distance[row["code"]].append((round(abs(score - threshold), 9), row["paragraph_id"]))
    queues = [sorted(pairs) for pairs in distance.values()]
    taken: dict[str, None] = {}
    for turn in range(max(map(len, queues), default=0)):
        for queue in queues:
            if turn < len(queue) and len(taken) < min(n, len(rows)):
                taken.setdefault(queue[turn][1])
    chosen = sorted(taken)
    shuffled = [chosen[int(i)] for i in stream.permutation(len(chosen))]
    made = [
        {"paragraph_id": name, "stratum": "near a threshold", "probability": None, "weight": None} for name in shuffled
    ]
    note = (
        "Drawn because a decision on them is close: good for learning, of no use for shares, and scores on them say "
        "nothing of the corpus."
    )
    return Drawn(made, [], (note, *_short(len(made), n)))


def _merged(strata: Mapping[str, list[Row]], most: int) -> dict[str, list[Row]]:
    by_size = sorted(strata, key=lambda name: (-len(strata[name]), name))
    if len(by_size) <= most:
        return dict(strata)
    kept = {name: strata[name] for name in by_size[: most - 1]}
    return kept | {OTHERS: [row for name in sorted(by_size[most - 1 :]) for row in strata[name]]}


def _allotted(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many to draw of each: one, and the rest in proportion to size by largest remainders, never above the size."""
    spare, left = max(n - len(sizes), 0), sum(sizes.values()) - len(sizes)
    exact = {name: spare * (size - 1) / left if left else 0.0 for name, size in sizes.items()}
    share = {name: 1 + int(part) for name, part in exact.items()}
    by_rest = sorted(sizes, key=lambda name: (int(exact[name]) - exact[name], name))
    for name in by_rest[: max(n - sum(share.values()), 0)]:
        share[name] += 1
    return share


def _drawn(chosen: Sequence[tuple[Row, str]], sizes: Mapping[str, int], pool: int, n: int, note: str) -> Drawn:
    drawn = {name: sum(stratum == name for _, stratum in chosen) for name in sizes}
    rows = [
        {
            "paragraph_id": row["paragraph_id"],
            "stratum": stratum,
            "probability": drawn[stratum] / sizes[stratum],
            "weight": sizes[stratum] / drawn[stratum],
        }
        for row, stratum in chosen
    ]
    strata = [{"stratum": name, "paragraphs": size, "drawn": drawn[name]} for name, size in sizes.items()]
    return Drawn(rows, strata, (note, *_short(min(pool, len(rows)), n)))


def _short(drawn: int, n: int) -> tuple[str, ...]:
    return (f"{drawn:,} of the {n:,} asked for: there are no more.",) if drawn < n else ()
