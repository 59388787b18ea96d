"""Words that set groups apart, where no group differs: how often is one called more frequent?

`keyness`: documents of 1 to 20 paragraphs with bursty words (a gamma-distributed inclination of each document to each
word: negative binomial counts), labels in three kinds that nothing ties to the words: groups of documents, groups of
documents in which long documents are in one group, themes of paragraphs in runs. For each total count of a word: how
often p < .05; for the whole table: how often any word is called certain. Beside it G2 against chi-squared, and the
bootstrap of documents with Student's t. Then words planted in one group: how often they are found.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from simulated.coverage import print_coverage
from toolkit.estimate.exchange import against_greatest, drawn, exchange_of, p_of
from toolkit.estimate.intervals import bootstrap_sums
from toolkit.estimate.keyness import FEWEST_OCCURRENCES, KeynessTest, g2, log_ratio, weigh
from toolkit.estimate.rates import ratio_limits
from toolkit.values import Floats

COUNTS = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 9), (10, 29), (30, 10**9))
LABELS = ("documents", "long documents", "paragraphs")


@dataclass
class Tally:
    """Tests and rejections by total count, and tables with any rejection, of one rule."""

    tests: Any = field(default_factory=lambda: np.zeros(len(COUNTS), int))
    rejected: Any = field(default_factory=lambda: np.zeros(len(COUNTS), int))
    tables: int = 0

    def add(self, total: Floats, p: Floats, family: Floats) -> None:
        """Count one corpus: total counts (terms,), p and adjusted p (terms, sides), NaN where not tested."""
        for row, (low, high) in enumerate(COUNTS):
            chosen = (total >= low) & (total <= high)
            self.tests[row] += p[chosen].size
            self.rejected[row] += int((p[chosen] < 0.05).sum())
        self.tables += bool((family < 0.05).any())


def lengths(rng: Any, documents: int) -> Any:
    """(documents,) paragraphs of each: many short ones, some of up to 20."""
    return np.minimum(rng.geometric(0.25, documents), 20)


def labels(rng: Any, kind: str, unit: Any, size: Any, sides: int) -> Any:
    """(n, sides) which paragraphs have which label."""
    documents = len(size)
    if kind == "documents":
        values = rng.integers(0, sides, documents)[unit]
    elif kind == "long documents":
        values = np.argsort(np.argsort(-size + rng.random(documents), kind="stable"))[:, None] * sides // documents
        values = values.ravel()[unit]
    else:  # runs: a document has few themes, and each paragraph keeps that of the one before with chance .7
        favoured = rng.dirichlet(np.full(sides, 0.4), documents)
        values = np.array([rng.choice(sides, p=favoured[document]) for document in unit])
        for row in range(1, len(unit)):
            if unit[row] == unit[row - 1] and rng.random() < 0.7:
                values[row] = values[row - 1]
    return values[:, None] == np.arange(sides)


def corpus(rng: Any, given: argparse.Namespace, size: Any) -> tuple[Any, Any]:
    """Counts (n, words) of bursty words, and (n,) the document of each paragraph."""
    unit = np.repeat(np.arange(len(size)), size)
    rates = 0.5 / np.arange(1, given.words + 1) ** 0.9
    inclined = rng.gamma(given.burst, 1 / given.burst, (len(size), given.words))
    return rng.poisson(rates * inclined[unit]), unit


def ours(texts: Any, unit: Any, inside: Any, draws: int, run: int) -> tuple[Floats, Floats]:
    """p and adjusted p (words, sides) by exchange of documents; 1 where a word is not tested."""
    from scipy.sparse import csr_matrix

    exchange = exchange_of(unit)
    weighed = weigh(csr_matrix(texts.astype(float)), exchange.unit, exchange.units)
    test = KeynessTest(weighed, inside.astype(float))
    seen = test.strengths(test.inside).ravel()
    made = np.array(drawn(exchange, lambda rows: test.strengths(test.inside[rows]).ravel(), draws, run, "simulation"))
    p, family = np.ones((2, texts.shape[1], inside.shape[1]))
    shape = (len(weighed.terms), inside.shape[1])
    p[weighed.terms] = p_of(seen, made).reshape(shape)
    family[weighed.terms] = against_greatest(seen, made.max(axis=1)).reshape(shape)
    return p, family


def by_g2(texts: Any, inside: Any) -> Floats:
    """One-sided p (words, sides) of G2 as chi-squared with one degree of freedom: words as independent draws."""
    from scipy.stats import chi2

    made = []
    for side in inside.T:
        count, versus = texts[side].sum(axis=0).astype(float), texts[~side].sum(axis=0).astype(float)
        words, others = float(count.sum()), float(versus.sum())
        half = chi2.sf(g2(count, versus, words, others), 1) / 2
        made.append(np.where((count / words > versus / others) & (count + versus > 0), half, 1.0))
    return np.column_stack(made)


def by_bootstrap(texts: Any, unit: Any, inside: Any, draws: int, run: int) -> Floats:
    """p (words, sides) of the log ratio over its bootstrap standard error, Student's t: the rule up to format 1."""
    from scipy.stats import t

    made = []
    for side in inside.T:
        parts = [texts * side[:, None], texts * ~side[:, None]]
        columns = np.column_stack([np.column_stack([part, part.sum(axis=1)]) for part in parts]).astype(float)
        summed = np.zeros((int(unit.max()) + 1, columns.shape[1]))
        np.add.at(summed, unit, columns)
        sums, half = bootstrap_sums(summed, draws, run, "simulation"), columns.shape[1] // 2
        with np.errstate(all="ignore"):
            ratios = log_ratio(sums[:, : half - 1], sums[:, half:-1], sums[:, half - 1 : half], sums[:, -1:])
            count, versus = parts[0].sum(axis=0), parts[1].sum(axis=0)
            ratio = log_ratio(count, versus, count.sum(), versus.sum())
            both = len(np.unique(unit[side]))
            p = 2 * t.sf(np.abs(ratio) / (ratios.std(axis=0, ddof=1) * np.sqrt(both / (both - 1))), both - 1)
        listed = (
            (ratio > 0)
            & (count >= FEWEST_OCCURRENCES)
            & (np.array([len(np.unique(unit[side & (c > 0)])) for c in texts.T]) > 1)
        )
        made.append(np.where(listed, p, 1.0))
    return np.column_stack(made)


def keyness(given: argparse.Namespace) -> None:
    for kind in LABELS:
        rules = {
            "exchange of documents (ours)": Tally(),
            "bootstrap of documents, t": Tally(),
            "G2, chi-squared": Tally(),
        }
        rng, width = np.random.default_rng(given.seed), [0, 0]
        for run in range(given.runs):
            size = lengths(rng, given.documents)
            texts, unit = corpus(rng, given, size)
            inside = labels(rng, kind, unit, size, given.sides)
            inside = inside[:, inside.any(axis=0)]
            total = texts.sum(axis=0)
            p, family = ours(texts, unit, inside, given.draws, run)
            tests = p.size
            rules["exchange of documents (ours)"].add(total, p, family)
            rules["G2, chi-squared"].add(total, naive := by_g2(texts, inside), naive * tests)
            if run < given.runs // 4:
                rules["bootstrap of documents, t"].add(
                    total, old := by_bootstrap(texts, unit, inside, 200, run), old * tests
                )
            covered, intervals = covers(texts, unit, inside)
            width = [width[0] + covered, width[1] + intervals]
        print(f"\nLabels of {kind}, {given.documents} documents, {given.sides} sides, {given.words} words")
        for name, tally in rules.items():
            runs = given.runs // 4 if name.startswith("bootstrap") else given.runs
            shares = [
                f"{c[0]}{'' if c[0] == c[1] else '+'}: {r / t:.3f}"
                for c, r, t in zip(COUNTS, tally.rejected, tally.tests, strict=True)
                if t
            ]
            print(f"  {name:30} p < .05 by count: {', '.join(shares)}")
            print_coverage(f"  {name}", tally.tables, runs, "any word certain in")
        print_coverage("  95 % limits of the log ratio", *width, "cover 0 in")


def covers(texts: Any, unit: Any, inside: Any) -> tuple[int, int]:
    """Of words of at least five occurrences: how many limits of the log ratio hold the truth, 0; and how many words."""
    from scipy.sparse import csr_matrix

    kept = texts.sum(axis=0) >= 5
    low, high = ratio_limits(
        csr_matrix(texts[:, kept].astype(float)), texts.sum(axis=1).astype(float), unit, inside[:, 0]
    )
    return int(((low <= 0) & (high >= 0)).sum()), int(kept.sum())


def power(given: argparse.Namespace) -> None:
    """Words planted on one side."""
    for kind, times in product(("documents", "paragraphs"), (4, 8, 16)):
        for place in (3, 20):  # of the words by frequency
            by_name = {"exchange of documents (ours)": 0, "G2, chi-squared": 0}
            rng, counts = np.random.default_rng(given.seed), 0
            for run in range(given.runs):
                size = lengths(rng, given.documents)
                texts, unit = corpus(rng, given, size)
                inside = labels(rng, kind, unit, size, given.sides)
                more = rng.gamma(given.burst, 1 / given.burst, len(size))[unit]
                texts[:, place] += rng.poisson((times - 1) * 0.5 / (place + 1) ** 0.9 * more * inside[:, 0])
                by_name["exchange of documents (ours)"] += bool(
                    ours(texts, unit, inside, given.draws, run)[1][place, 0] < 0.05
                )
                by_name["G2, chi-squared"] += bool(
                    by_g2(texts, inside)[place, 0] * inside.shape[1] * given.words < 0.05
                )
                counts += texts[:, place].sum()
            for name, number in by_name.items():
                print_coverage(
                    f"{times} times as often, {counts / given.runs:.0f} in all, {name}", number, given.runs, "found in"
                )


def add(kinds: Any) -> None:
    """The commands of this module."""
    for name, function, runs in (("keyness", keyness, 400), ("keyness_power", power, 100)):
        one = kinds.add_parser(name)
        one.set_defaults(function=function)
        one.add_argument("--documents", type=int, default=60)
        one.add_argument("--words", type=int, default=200)
        one.add_argument("--sides", type=int, default=5)
        one.add_argument("--burst", type=float, default=0.5, help="shape of a document's inclination; small is bursty")
        one.add_argument("--runs", type=int, default=runs, help="simulated corpora of each kind")
        one.add_argument("--draws", type=int, default=199, help="exchanges a corpus")
        one.add_argument("--seed", type=int, default=1)
