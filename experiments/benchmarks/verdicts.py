"""Does another seed turn the verdict on the themes of a small corpus? Is there power, and is the level held?

    python experiments/benchmarks/verdicts.py seeds --shared PATH --cache FOLDER [--runs RUN ...] [--seeds 20]
    python experiments/benchmarks/verdicts.py power --shared PATH --cache FOLDER [--samples 20] [--rows 100]

`seeds`: samples of labelled corpora and the texts of finished runs, each under many seeds: how often each grade is
given, and the shares of themes that are fragile. `power`: labelled samples, and the same with every dimension
shuffled by itself: in how many there is evidence. Embeddings (MiniLM's, or those of `--encoder`) are kept in the cache.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
from discovery import CORPORA
from discovery_run import corpus
from encoders import ENCODERS, vectors_of

from toolkit import load_run
from toolkit.discover.consensus import Consensus
from toolkit.discover.discovery import discover
from toolkit.discover.null_model import shuffled
from toolkit.values import Discovery

NEAR = 0.15
"""Shares of fragile themes within this of the median count as the same."""
SIZES = (60, 100, 150)
MOST = 2_000
"""Texts of a corpus that are embedded."""
Sample = tuple[list[str], np.ndarray]


def labelled(args: argparse.Namespace, name: str) -> Sample:
    """Different texts of a labelled corpus, drawn once, with their vectors: `MOST` of them."""
    texts, _, _ = corpus(args.shared / "data" / f"{name}.jsonl.gz")
    chosen = [texts[at] for at in np.random.default_rng(7).permutation(len(texts))[:MOST]]
    return chosen, vectors_of(args.encoder, chosen, args.cache / f"{name}-{MOST}")


def of_run(folder: Path) -> Sample:
    """The unique paragraphs of a finished run with their vectors."""
    run = load_run(folder)
    unique = run.paragraphs["duplicate_of"].isna().to_numpy()
    return run.paragraphs["text"][unique].tolist(), np.asarray(run.embeddings)[unique]


def fitted(sample: Sample, seed: int) -> Discovery:
    return discover(Consensus(seeds=0), *sample, seed)


def grade(discovery: Discovery) -> str:
    return str(discovery.parameters.get("evidence", "none"))


def fragile_share(discovery: Discovery) -> float:
    """The share of fragile themes; where a run has no theme there is none that could be sound."""
    return float(discovery.fragile.mean()) if discovery.themes else 1.0


def seeds(args: argparse.Namespace) -> None:
    samples = {folder.name: of_run(folder) for folder in args.runs}
    for name in args.corpora:
        texts, vectors = labelled(args, name)
        samples |= {f"{name}, {n}": (texts[:n], vectors[:n]) for n in SIZES}
    for name, sample in samples.items():
        fits = [fitted(sample, seed) for seed in range(1, args.seeds + 1)]
        grades = Counter(grade(result) for result in fits)
        shares = np.array([fragile_share(result) for result in fits])
        gaps = [result.parameters["gap"] for result in fits if result.parameters.get("gap") is not None] or [np.nan]
        least = [result.parameters["gap_p"] for result in fits if result.parameters.get("gap_p") is not None] or [
            np.nan
        ]
        numbers = [result.themes for result in fits]
        near = int((np.abs(shares - np.median(shares)) <= NEAR + 1e-9).sum())
        print(
            f"{name:32} {dict(grades)}  beyond chance {min(gaps):.3f} to {max(gaps):.3f}  fragile "
            f"{shares.min():.2f} to {shares.max():.2f}, near the median {near} of {len(fits)}  themes "
            f"{min(numbers)} to {max(numbers)}  p at most {max(least):.2g}",
            flush=True,
        )


def power(args: argparse.Namespace) -> None:
    for name in args.corpora:
        texts, vectors = labelled(args, name)
        for what in ("labelled", "shuffled"):
            grades: Counter[str] = Counter()
            gaps: list[float] = []
            for at in range(args.samples):
                rows = slice(at * args.rows, (at + 1) * args.rows)
                sample = texts[rows], np.array(vectors[rows])
                discovery = fitted(sample if what == "labelled" else (sample[0], shuffled(sample[1], at)), 1)
                grades[grade(discovery)] += 1
                gaps.append(discovery.parameters.get("gap") or np.nan)
            evident = sum(grades.values()) - grades["none"]
            beyond = f"beyond chance {np.nanmin(gaps):.3f} to {np.nanmax(gaps):.3f}"
            print(f"{name:32} {what}: evidence in {evident} of {args.samples}  {dict(grades)}  {beyond}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    for function in (seeds, power):
        part = kinds.add_parser(function.__name__)
        part.add_argument("--shared", type=Path, required=True)
        part.add_argument("--cache", type=Path, required=True)
        part.add_argument("--encoder", choices=list(ENCODERS), default="minilm")
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
