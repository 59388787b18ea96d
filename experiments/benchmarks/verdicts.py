"""Does another seed turn the verdict on the themes of a small corpus? Is there power, and is the level held?

    python experiments/benchmarks/verdicts.py seeds --shared PATH --cache FOLDER [--runs RUN ...] [--seeds 20]
    python experiments/benchmarks/verdicts.py power --shared PATH --cache FOLDER [--samples 20] [--rows 100]

`seeds`: samples of labelled corpora and the texts of finished runs, each under many seeds: how often each grade is
given, and the shares of themes that are fragile. `power`: labelled samples, and the same with every dimension
shuffled by itself: in how many there is evidence. Embeddings (packaged MiniLM) are kept in the cache.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from discovery import CORPORA, embedded
from discovery_run import corpus

from toolkit import load_run
from toolkit.discover.clusterer import Fit
from toolkit.discover.consensus import Consensus
from toolkit.discover.discovery import canonical_order
from toolkit.discover.null_model import shuffled
from toolkit.discover.stability import stability
from toolkit.values import renumbered

NEAR = 0.15
"""Shares of fragile themes within this of the median count as the same."""
SIZES = (60, 100, 150)
Sample = tuple[list[str], np.ndarray]


def labelled(args: argparse.Namespace, name: str) -> Sample:
    """The different texts of a labelled corpus in an order drawn once, with their vectors."""
    file, place = args.shared / "data" / f"{name}.jsonl.gz", args.cache / f"{name}.npy"
    embedded(file, place)
    texts, _, rows = corpus(file)
    order = np.random.default_rng(7).permutation(len(texts))
    return [texts[at] for at in order], np.load(place, mmap_mode="r")[rows][order]


def of_run(folder: Path) -> Sample:
    """The unique paragraphs of a finished run with their vectors."""
    run = load_run(folder)
    unique = run.paragraphs["duplicate_of"].isna().to_numpy()
    return run.paragraphs["text"][unique].tolist(), np.asarray(run.embeddings)[unique]


def fitted(sample: Sample, seed: int) -> Fit:
    texts, vectors = sample
    order = canonical_order(texts, vectors)
    return Consensus().fit([texts[at] for at in order], np.ascontiguousarray(vectors[order], np.float32), seed)


def fragile_share(fit: Fit) -> float:
    measured = stability(renumbered(fit.labels), fit.repeats)[:, 0]
    return float((measured < fit.floor).mean()) if len(measured) else 0.0


def seeds(args: argparse.Namespace) -> None:
    samples = {folder.name: of_run(folder) for folder in args.runs}
    for name in args.corpora:
        texts, vectors = labelled(args, name)
        samples |= {f"{name}, {n}": (texts[:n], vectors[:n]) for n in SIZES}
    for name, sample in samples.items():
        fits = [fitted(sample, seed) for seed in range(1, args.seeds + 1)]
        grades = Counter(fit.evidence.grade for fit in fits if fit.evidence)
        shares = np.array([fragile_share(fit) for fit in fits])
        gaps = [fit.evidence.gap for fit in fits if fit.evidence]
        near = int((np.abs(shares - np.median(shares)) <= NEAR + 1e-9).sum())
        print(
            f"{name:32} {dict(grades)}  beyond chance {min(gaps):.3f} to {max(gaps):.3f}  fragile "
            f"{shares.min():.2f} to {shares.max():.2f}, near the median {near} of {len(fits)}",
            flush=True,
        )


def power(args: argparse.Namespace) -> None:
    for name in args.corpora:
        texts, vectors = labelled(args, name)
        for what in ("labelled", "shuffled"):
            grades: Counter[str] = Counter()
            for at in range(args.samples):
                rows = slice(at * args.rows, (at + 1) * args.rows)
                sample = texts[rows], np.array(vectors[rows])
                fit = fitted(sample if what == "labelled" else (sample[0], shuffled(sample[1], at)), 1)
                grades[fit.evidence.grade if fit.evidence else "none"] += 1
            evident = sum(grades.values()) - grades["none"]
            print(f"{name:32} {what}: evidence in {evident} of {args.samples}  {dict(grades)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    for function in (seeds, power):
        part = kinds.add_parser(function.__name__)
        part.add_argument("--shared", type=Path, required=True)
        part.add_argument("--cache", type=Path, required=True)
        part.add_argument("--corpora", nargs="*", default=list(CORPORA))
        part.set_defaults(function=function)
        if function is seeds:
            part.add_argument("--runs", nargs="*", type=Path, default=[])
            part.add_argument("--seeds", type=int, default=20)
        else:
            part.add_argument("--samples", type=int, default=20)
            part.add_argument("--rows", type=int, default=100)
    args = parser.parse_args()
    args.function(args)


if __name__ == "__main__":
    main()
