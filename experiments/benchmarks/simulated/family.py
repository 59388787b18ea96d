"""A table of many tests without any true difference: how often does any row have a verdict?

`family`: documents of 1 to 15 paragraphs, in three groups of unequal size and over five years, coded with clustered
codes (a beta-distributed inclination of each document, runs within it) that neither groups nor dates nor other codes
have to do with. Counted: corpora in which the table of trends, of contrasts or of co-occurrence calls any row rising,
falling, more or less; and the same for single 95 % intervals that leave out no difference. Then one planted trend,
contrast or pair: how often its row has the right verdict.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import pyarrow as pa

from simulated.coverage import print_coverage
from toolkit.estimate import Coded, EstimateSettings, estimate
from toolkit.estimate.trends import SLOPE
from toolkit.estimate.verdicts import CANNOT, MORE, RISING

TABLES = ("trends", "contrasts", "cooccurrence")


def frame(rng: Any, documents: int) -> tuple[Any, Any, Any]:
    """The tables of documents and paragraphs, and (n,) the document of each paragraph."""
    size = np.minimum(rng.geometric(0.2, documents), 15)
    unit = np.repeat(np.arange(documents), size)
    ids = [f"d{i:04d}" for i in range(documents)]
    years, months = rng.integers(2020, 2025, documents), rng.integers(1, 13, documents)
    listed = pa.table(
        {
            "document_id": ids,
            "duplicate_of": pa.array([None] * documents, pa.string()),
            "source": rng.choice(["a", "b", "c"], documents, p=[0.2, 0.3, 0.5]).tolist(),
            "date": [f"{year}-{month:02d}" for year, month in zip(years, months, strict=True)],
        }
    )
    paragraphs = pa.table(
        {
            "paragraph_id": [f"p{i:05d}" for i in range(len(unit))],
            "document_id": [ids[document] for document in unit],
            "words": pa.array([50] * len(unit), pa.int32()),
            "duplicate_of": pa.array([None] * len(unit), pa.string()),
            "theme": pa.array([-1] * len(unit), pa.int32()),
        }
    )
    return listed, paragraphs, unit


def marks(rng: Any, unit: Any, chance: Any) -> Any:
    """(n,) a code in runs: a paragraph repeats the one before it in its document with chance .5."""
    drawn = rng.random(len(unit)) < chance
    for row in range(1, len(unit)):
        if unit[row] == unit[row - 1] and rng.random() < 0.5:
            drawn[row] = drawn[row - 1]
    return drawn


def inclined(rng: Any, share: Any, alike: float) -> Any:
    """Beta-distributed chances of mean `share` (documents,) and intraclass correlation `alike`."""
    return rng.beta(share * (1 - alike) / alike, (1 - share) * (1 - alike) / alike)


def corpus(rng: Any, given: argparse.Namespace, planted: bool) -> Any:
    """The estimates of a simulated corpus; planted: c00 rises, c01 is more frequent in source a, c02 goes with c03."""
    listed, paragraphs, unit = frame(rng, given.documents)
    shares, codes = np.geomspace(0.3, 0.02, given.codes), {}
    source = np.array(listed["source"].to_pylist())
    year = np.array([float(date[:4]) - 2020 + float(date[5:]) / 12 for date in listed["date"].to_pylist()])
    for code, share in enumerate(shares):
        mean = np.full(given.documents, share)
        if planted and code == 0:
            mean = 0.05 + given.slope * year
        if planted and code == 1:
            mean = np.where(source == "a", 0.5, 0.1)
        codes[f"c{code:02d}"] = marks(rng, unit, inclined(rng, mean, given.alike)[unit])
    if planted:
        codes["c03"] = np.where(rng.random(len(unit)) < 0.5, codes["c02"], codes["c03"])
    settings = EstimateSettings(bootstrap=given.draws, group_by=("source",), period="year")
    return estimate(settings, listed, paragraphs, Coded(codes), int(rng.integers(2**31)))


def naive(name: str, row: dict[str, Any]) -> bool:
    """Whether the row's own 95 % interval leaves out no difference."""
    if name == "cooccurrence":
        return bool(row["lift_low"] is not None and (row["lift_low"] > 1 or row["lift_high"] < 1))
    return bool(row["low"] is not None and (row["low"] > 0 or row["high"] < 0))


def family(given: argparse.Namespace) -> None:
    rng = np.random.default_rng(given.seed)
    ours, single = dict.fromkeys(TABLES, 0), dict.fromkeys(TABLES, 0)
    rows_of = dict.fromkeys(TABLES, 0)
    for _ in range(given.runs):
        simulated = corpus(rng, given, planted=False)
        for name in TABLES:
            rows = [row for row in getattr(simulated, name).to_pylist() if row["verdict"] is not None]
            rows_of[name] = len(rows)
            ours[name] += any(row["verdict"] != CANNOT for row in rows)
            single[name] += any(naive(name, row) for row in rows)
    for name in TABLES:
        print_coverage(f"{name} ({rows_of[name]} rows): any verdict (ours)", ours[name], given.runs, "in")
        print_coverage(f"{name}: any single 95 % interval", single[name], given.runs, "in")


def power(given: argparse.Namespace) -> None:
    """One planted row in each table."""
    rng = np.random.default_rng(given.seed)
    hits = dict.fromkeys(TABLES, 0)
    for _ in range(given.runs):
        simulated = corpus(rng, given, planted=True)
        hits["trends"] += any(
            (row["id"], row["period"], row["verdict"]) == ("c00", SLOPE, RISING) for row in simulated.trends.to_pylist()
        )
        hits["contrasts"] += any(
            (row["id"], row["group"], row["verdict"]) == ("c01", "a", MORE) for row in simulated.contrasts.to_pylist()
        )
        hits["cooccurrence"] += any(
            (row["code_a"], row["code_b"], row["verdict"]) == ("c02", "c03", MORE)
            for row in simulated.cooccurrence.to_pylist()
        )
    for name in TABLES:
        print_coverage(f"{name}: the planted row has its verdict", hits[name], given.runs, "in")


def add(kinds: Any) -> None:
    """The commands of this module."""
    for name, function, runs in (("family", family, 200), ("family_power", power, 100)):
        one = kinds.add_parser(name)
        one.set_defaults(function=function)
        one.add_argument("--documents", type=int, default=80)
        one.add_argument("--codes", type=int, default=10)
        one.add_argument("--alike", type=float, default=0.25, help="intraclass correlation of a code in documents")
        one.add_argument("--slope", type=float, default=0.08, help="planted change of a share per year")
        one.add_argument("--runs", type=int, default=runs, help="simulated corpora")
        one.add_argument("--draws", type=int, default=200, help="bootstrap draws a corpus")
        one.add_argument("--seed", type=int, default=1)
