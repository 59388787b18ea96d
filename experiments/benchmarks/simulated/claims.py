"""Claims: how often a study is told something false about a corpus in which nothing is so, and how often the truth."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from simulated.coverage import print_coverage
from simulated.shares import inclinations
from toolkit.claims.answering import HOLDS, OPEN, judged
from toolkit.claims.measures import Measure, difference, level, lift, share, slope, summed
from toolkit.claims.settings import Above, Changed, Claim, Larger, Rose, Together
from toolkit.estimate.contrasts import adjusted

KINDS: dict[str, Claim] = {
    "larger": Larger(code="a", group_by="source", group="one"),
    "changed": Changed(code="b"),
    "together": Together(codes=("a", "b")),
    "above": Above(code="c", share=0.2),
    "rose": Rose(code="d"),
}


def study(rng: Any, given: argparse.Namespace, true: bool) -> dict[str, Measure]:
    """The measures of five claims in one corpus; `true`: each claim is so, by `--effect` times its share."""
    length = 1 + rng.poisson(given.paragraphs - 1, given.documents) * (rng.random(given.documents) < given.long)
    home = np.arange(given.documents).repeat(length)
    group, time = np.arange(given.documents) < given.group, rng.uniform(0, 3, given.documents)
    p, more = given.share, given.effect if true else 1.0

    def code(mean: Any) -> Any:
        base = inclinations(rng, p, given.alike, given.documents) * np.broadcast_to(mean, given.documents) / p
        return rng.random(len(home)) < np.clip(base, 0, 1)[home]

    a, b = code(np.where(group, p * more, p)), code(p * (1 + (more - 1) * (time - 1.5) / 3))
    d = code(p * (1 + (more - 1) * (time - 1.5) / 3))
    met = np.where(a & (rng.random(len(home)) < (more - 1) * p), True, code(p)) if true else code(p)
    ones = np.ones(len(home))
    sides = [share(summed([a[side[home]], ones[side[home]]], home[side[home]])) for side in (group, ~group)]
    return {
        "larger": difference(*sides),
        "changed": slope(b, time[home], home),
        "together": lift(summed([a & met, a, met, ones], home)),
        "above": level(share(summed([code(p * more), ones], home)), p),
        "rose": slope(d, time[home], home),
    }


def verdicts_of(result: dict[str, Measure]) -> dict[str, str]:
    """The verdicts on claims that are adjusted together."""
    p = adjusted(np.array([measure.p for measure in result.values()]), "holm")
    return {
        kind: judged(
            KINDS[kind].model_copy(update={"share": measure.null} if kind == "above" else {}), measure, value, 5
        )[0]
        for (kind, measure), value in zip(result.items(), p, strict=True)
    }


def claims(given: argparse.Namespace) -> None:
    rng = np.random.default_rng(given.seed)
    alone, naive, family = dict.fromkeys(KINDS, 0), 0, 0
    right, wrong = dict.fromkeys(KINDS, 0), 0
    for _ in range(given.runs):
        study_set = study(rng, given, true=False)
        family += any(verdict != OPEN for verdict in verdicts_of(study_set).values())
        naive += any(measure.p < 0.05 for measure in study_set.values())
        for kind, measure in study_set.items():
            alone[kind] += verdicts_of({kind: measure})[kind] != OPEN
        verdicts = verdicts_of(study(rng, given, true=True))
        wrong += any(verdict not in (HOLDS, OPEN) for verdict in verdicts.values())
        for kind, verdict in verdicts.items():
            right[kind] += verdict == HOLDS
    print_coverage("five claims, nothing is so: any verdict (ours)", family, given.runs, "given")
    print_coverage("five claims, nothing is so: any p below .05", naive, given.runs, "given")
    for kind, count in alone.items():
        print_coverage(f"one claim alone ({kind}), nothing is so: any verdict", count, given.runs, "given")
    for kind, count in right.items():
        print_coverage(f"five claims, all so by {given.effect:g}: {kind} holds", count, given.runs, "given")
    print_coverage("five claims, all so: the contrary of any", wrong, given.runs, "given")


def add(kinds: Any) -> None:
    """The commands of this module."""
    one = kinds.add_parser("claims")
    one.set_defaults(function=claims)
    one.add_argument("--documents", type=int, default=60)
    one.add_argument("--group", type=int, default=15, help="documents of the group that is compared")
    one.add_argument("--paragraphs", type=int, default=10, help="in a long document, on average")
    one.add_argument("--long", type=float, default=0.5, help="share of documents with more than one paragraph")
    one.add_argument("--share", type=float, default=0.2, help="of each code")
    one.add_argument("--alike", type=float, default=0.2, help="intraclass correlation")
    one.add_argument("--effect", type=float, default=2.5, help="how many times larger a true claim's share is")
    one.add_argument("--runs", type=int, default=500, help="simulated corpora")
    one.add_argument("--seed", type=int, default=1)
