"""Assigning instead of fitting: nine tenths of a corpus are fitted, the last tenth is assigned by the run's rule.

    python experiments/benchmarks/assign.py --shared PATH --cache FOLDER [--corpora NAME ...] [--draws 3]

Two questions for each draw. The rule: with the themes of the fit to all texts, do the votes of nine tenths give the
last tenth the themes that it has? The whole: with a fit to nine tenths alone, does the last tenth get the themes of the
fit to all? The second cannot be better than two fits agree on the nine tenths that both saw, which is shown beside it.
Embeddings are those of discovery.py (same cache); fits are kept in the cache. Noise counts as one class; `matched` is
the share in the same theme after themes are paired on the nine tenths.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from discovery import embedded
from discovery_run import corpus

from toolkit.discover import Consensus, Model, assign, discover
from toolkit.discover.sample_fit import matched
from toolkit.discover.stability import rand_index

CORPORA = ("bbc_news", "20newsgroups_subjects", "stackoverflow_titles")
SHARE = 0.9


def fits(name: str, texts: list[str], vectors: np.ndarray, draws: int, place: Path) -> dict[str, np.ndarray]:
    """The fit to all texts and one for each draw of nine tenths."""
    by_name = dict(np.load(place)) if place.exists() else {}
    for draw in range(draws + 1):
        if f"labels{draw}" in by_name:
            continue
        n = len(texts)
        rows = np.sort(np.random.default_rng(draw).permutation(n)[: round(SHARE * n) if draw else n])
        made = discover(Consensus(), [texts[row] for row in rows], vectors[rows], 1)
        by_name |= {f"rows{draw}": rows, f"labels{draw}": made.assignment}
        np.savez(place, **by_name)
    return by_name


def measured(vectors: np.ndarray, result: dict[str, np.ndarray], draw: int) -> list[float]:
    """Agreement of one draw: the rule (rand, matched), the whole (rand, matched), the two fits, far, themes."""
    whole, rows, part = result["labels0"], result[f"rows{draw}"], result[f"labels{draw}"]
    new = np.setdiff1d(np.arange(len(whole)), rows)
    rule = assign(Model(vectors[rows], whole[rows], "consensus"), vectors[new])
    refit = assign(Model(vectors[rows], part, "consensus"), vectors[new])
    return [
        rand_index(whole[new], rule.theme),
        float((whole[new] == rule.theme).mean()),
        rand_index(whole[new], refit.theme),
        matched(whole[rows], part, whole[new], refit.theme),
        rand_index(whole[rows], part),
        float(rule.far.mean()),
        int(whole.max()) + 1,
        int(part.max()) + 1,
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--corpora", nargs="+", default=list(CORPORA))
    parser.add_argument("--draws", type=int, default=3)
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    heads = ("rule ARI", "same", "whole ARI", "matched", "fit-fit ARI", "far", "themes")
    print(f"{'corpus':24}" + "".join(f"{head:>12}" for head in heads))
    for name in args.corpora:
        file = args.shared / "data" / f"{name}.jsonl.gz"
        embedded(file, args.cache / f"{name}.npy")
        texts, _, rows = corpus(file)
        vectors = np.load(args.cache / f"{name}.npy", mmap_mode="r")[rows].astype(np.float32)
        result = fits(name, texts, vectors, args.draws, args.cache / f"{name}-assign.npz")
        values = [measured(vectors, result, draw) for draw in range(1, args.draws + 1)]
        for value in [*values, list(np.mean(values, axis=0))]:
            label = name if value is values[0] else "  mean" if value not in values else ""
            themes = f"{value[6]:.0f}/{value[7]:.0f}"
            print(f"{label:24}" + "".join(f"{one:>12.3f}" for one in value[:6]) + f"{themes:>12}", flush=True)


if __name__ == "__main__":
    main()
