"""What 8-bit weights cost: the same texts embedded in fp32 and in int8, and the default discovery on both.

    python experiments/benchmarks/embed_quality.py --shared PATH --store FOLDER [--corpora NAME ...] [--seeds 0 1]

Vectors are stored under --store, so that a second call only clusters. Every token is read (`long_text: mean`). Prints a
Markdown table: cosine with fp32, share of the ten nearest neighbours kept, and ARI and AMI with the labels from either
engine's vectors for each seed, with the adjusted Rand index between the two partitions.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from discovery_run import corpus

from toolkit.discover import Clusterer, discover
from toolkit.discover.stability import rand_index
from toolkit.embed import MiniLM, embed, vector_store
from toolkit.values import Vectors, seed_for

CORPORA = ("bbc_news", "bbc_news_octis", "20newsgroups_subjects", "stackoverflow_titles")
HEAD = (
    "| corpus | texts | cosine mean (min) | 10-nn kept | seed | themes fp32 / int8 | ARI fp32 / int8 | AMI fp32 / int8 "
    "| ARI fp32 with int8 |\n|---|---|---|---|---|---|---|---|---|"
)


def vectors_of(texts: list[str], engine: str, store: Path) -> Vectors:
    """Unit rows of the texts by one engine of the packaged model."""
    settings = MiniLM(engine=engine)  # type: ignore[arg-type]
    return embed(settings, texts, vectors=vector_store(settings, store)).vectors


def kept_neighbours(one: Vectors, other: Vectors, k: int = 10, block: int = 1000) -> float:
    """The mean share of each row's k nearest other rows by cosine that are the same in both."""
    shares = []
    for start in range(0, len(one), block):
        rows = np.arange(start, min(start + block, len(one)))
        near = []
        for vectors in (one, other):
            similar = vectors[rows] @ vectors.T
            similar[np.arange(len(rows)), rows] = -2
            near.append(np.argpartition(-similar, k, axis=1)[:, :k])
        shares += [len(set(a) & set(b)) / k for a, b in zip(*near, strict=True)]
    return float(np.mean(shares))


def rows_of(name: str, shared: Path, store: Path, seeds: list[int]) -> list[str]:
    """The table's rows of one corpus, one a seed."""
    from pydantic import TypeAdapter
    from sklearn.metrics import adjusted_mutual_info_score

    texts, labels, _ = corpus(shared / "data" / f"{name}.jsonl.gz")
    gold = np.unique(labels, return_inverse=True)[1].astype(np.int32)
    sides = [vectors_of(texts, engine, store) for engine in ("onnx", "onnx-int8")]
    cosine = (sides[0].astype(float) * sides[1]).sum(1)
    message = f"| {name} | {len(texts):,} | {cosine.mean():.4f} ({cosine.min():.4f}) | {kept_neighbours(*sides):.3f} "
    consensus = TypeAdapter(Clusterer).validate_python({"method": "consensus"})
    lines = []
    for seed in seeds:
        results = [discover(consensus, texts, side, seed_for(seed, "discover")).assignment for side in sides]
        themes = " / ".join(str(int(one.max()) + 1) for one in results)
        ari = " / ".join(f"{rand_index(gold, one):.3f}" for one in results)
        ami = " / ".join(f"{adjusted_mutual_info_score(gold, one):.3f}" for one in results)
        lines.append(f"{message}| {seed} | {themes} | {ari} | {ami} | {rand_index(*results):.3f} |")
    return lines


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder with data/")
    parser.add_argument("--store", type=Path, required=True, help="folder that vectors are kept in")
    parser.add_argument("--corpora", nargs="+", default=CORPORA)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1])
    given = parser.parse_args()
    print(HEAD, flush=True)
    for name in given.corpora:
        print("\n".join(rows_of(name, given.shared, given.store, given.seeds)), flush=True)


if __name__ == "__main__":
    main()
