"""Off-topic material: what the default leaves out of the themes, with and without foreign texts planted.

    python experiments/benchmarks/off_topic.py --shared PATH --cache FOLDER [--only PART ...] [--seeds N] [--study RUN]

A line a corpus and seed: rows and how many of them are foreign, themes before and after, rows left out, coverage (rows
with a theme), how much of what is left out is foreign (P) and how much of what is foreign is left out (R), and the
adjusted Rand index with the labels over all rows, those without a theme as one group and all foreign texts as one
label. Before and after are the same fit. LEVEL was chosen on clean and planted samples of bbc_news,
20newsgroups_subjects and stackoverflow_titles; 20newsgroups was only checked. `--study`: what a finished run of the
shipped study leaves out against its paragraphs coded with no code.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np
from discovery_run import corpus
from encoders import ENCODERS, vectors_of

from toolkit.discover import Consensus
from toolkit.discover.discovery import canonical_order
from toolkit.discover.outside import left_out
from toolkit.discover.stability import rand_index
from toolkit.values import NOISE, renumbered

ROWS = {"bbc_news": 2500, "20newsgroups_subjects": 4000, "stackoverflow_titles": 4000, "20newsgroups": 3000}
FOREIGN = "foreign"
SHARES = (0.05, 0.1, 0.2)
COMPUTING = ("comp.", "sci.electronics", "sci.crypt", "misc.forsale")
Rows = tuple[list[str], np.ndarray, np.ndarray]
"""Texts, labels, vectors."""


def loaded(args: argparse.Namespace, name: str) -> Rows:
    """A corpus, or the stated number of its rows, with embeddings that are made once."""
    texts, labels, _ = corpus(args.shared / "data" / f"{name}.jsonl.gz")
    rows = np.sort(np.random.default_rng(0).permutation(len(texts))[: ROWS[name]])
    texts = [texts[row] for row in rows]
    return texts, np.array(labels)[rows], vectors_of(args.encoder, texts, args.cache / f"{name}-{ROWS[name]}")


def some(rows: Rows, n: int | None = None, only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Rows:
    """At most n rows, of labels that begin so and not so."""
    texts, labels, vectors = rows
    kept = [at for at, label in enumerate(labels) if (not only or label.startswith(only))
            and not (without and label.startswith(without))]  # fmt: skip
    chosen = np.sort(np.random.default_rng(0).permutation(kept)[:n])
    return [texts[at] for at in chosen], labels[chosen], vectors[chosen]


def planted(rows: Rows, foreign: Rows, share: float) -> Rows:
    """Rows with foreign ones added until these are a share of all."""
    m = round(share / (1 - share) * len(rows[0]))
    added = some(foreign, m)
    labels = np.concatenate([rows[1], np.full(len(added[0]), FOREIGN)])
    return rows[0] + added[0], labels, np.concatenate([rows[2], added[2]])


def corpora(args: argparse.Namespace) -> Iterator[tuple[str, Callable[[], Rows]]]:
    """Clean corpora, then planted ones, each by name; embedded when they are asked for."""

    @cache
    def of(name: str) -> Rows:
        return loaded(args, name)

    for name in ROWS:
        for n in (100, 500, 2000):
            yield f"{name} {n}", partial(lambda name, n: some(of(name), n), name, n)
    yield "bbc tech", lambda: some(of("bbc_news"), only=("tech",))
    yield "bbc sport", lambda: some(of("bbc_news"), only=("sport",))
    for name, (item, foreign) in pairs(of).items():
        for share in SHARES:
            yield f"{name} {share:.0%}", partial(lambda item, foreign, share: planted(item(), foreign(), share), item,
                                                 foreign, share)  # fmt: skip


def pairs(of: Callable[[str], Rows]) -> dict[str, tuple[Callable[[], Rows], Callable[[], Rows]]]:
    """Own texts and foreign ones to be planted among them."""
    bbc, subjects, titles, posts = (partial(of, name) for name in ROWS)
    five = ("linq", "oracle", "haskell", "wordpress", "excel")
    computing = ("comp.graphics", "comp.windows", "comp.sys.mac", "sci.electronics")
    return {
        "tech + sport": (lambda: some(bbc(), only=("tech",)), lambda: some(bbc(), only=("sport",))),
        "tech + posts": (lambda: some(bbc(), only=("tech",)), lambda: some(posts(), without=COMPUTING)),
        "policy + titles": (lambda: some(bbc(), 500, ("business", "politics")), titles),
        "bbc + titles": (lambda: some(bbc(), 500), titles),
        "titles + subjects": (lambda: some(titles(), 500, five), lambda: some(subjects(), without=COMPUTING)),
        "computing posts + bbc": (
            lambda: some(posts(), 400, computing),
            lambda: some(bbc(), only=("sport", "entertainment", "politics")),
        ),
    }


def line(name: str, rows: Rows, seed: int) -> str:
    """One line of the table."""
    order = canonical_order(rows[0], rows[2])
    texts, vectors = [rows[0][at] for at in order], np.ascontiguousarray(rows[2][order])
    gold = np.unique(rows[1][order], return_inverse=True)[1].astype(np.int32)
    foreign = rows[1][order] == FOREIGN
    before = renumbered(Consensus().fit(texts, vectors, seed).labels)
    began = time.process_time()
    outside = left_out(vectors, before, seed)
    seconds = time.process_time() - began
    after = renumbered(outside.labels(before))
    out = after == NOISE
    of_out = f"{foreign[out].mean():.2f}" if foreign.any() and out.any() else "–"
    of_foreign = f"{out[foreign].mean():.2f}" if foreign.any() else "–"
    numbers = [
        len(texts),
        int(foreign.sum()),
        before.max() + 1,
        after.max() + 1,
        int(out.sum()),
        f"{1 - out.mean():.3f}",
    ]
    scores = [f"{rand_index(gold, labels):.3f}" for labels in (before, after)]
    return " | ".join(str(cell) for cell in [name, seed, *numbers, of_out, of_foreign, *scores, f"{seconds:.2f}"])


def study(run: Path) -> str:
    """Of a finished run: what is left out against what every coder gave no code."""
    codes: dict[str, set[str]] = defaultdict(set)
    with (run / "tables" / "human.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes[row["paragraph_id"]].add(row["code"])
    with (run / "tables" / "paragraphs.csv").open(encoding="utf-8", newline="") as file:
        paragraphs = [row for row in csv.DictReader(file) if not row["duplicate_of"]]
    coded = [row for row in paragraphs if row["paragraph_id"] in codes]
    out = [row for row in coded if row["theme"] == "-1"]
    none = [row for row in coded if codes[row["paragraph_id"]] == {""}]
    both = [row for row in out if row in none]
    noise = sum(row["theme"] == "-1" for row in paragraphs)
    return (
        f"{noise} of {len(paragraphs)} paragraphs are in no theme; of {len(coded)} coded ones {len(out)}, of which "
        f"{len(both)} have no code from any coder (precision), of {len(none)} without a code (recall)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds data/*.jsonl.gz")
    parser.add_argument("--cache", type=Path, required=True, help="folder for embeddings")
    parser.add_argument("--only", nargs="+", default=[""], help="corpora whose name begins so")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--encoder", choices=list(ENCODERS), default="minilm")
    parser.add_argument("--study", type=Path, help="a finished run of configs/future_industries.yaml")
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    if args.study:
        print(study(args.study))
        return
    print("corpus | seed | rows | foreign | themes | after | out | coverage | P | R | ARI | after | CPU s")
    for name, make in corpora(args):
        for seed in range(1, args.seeds + 1) if name.startswith(tuple(args.only)) else ():
            print(line(name, make(), seed), flush=True)


if __name__ == "__main__":
    main()
