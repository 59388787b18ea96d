"""Embedding engines side by side on the packaged MiniLM: speed, memory, start-up and how far vectors agree.

Each measurement is a fresh process; engines take turns, round after round, and medians are printed as a Markdown table.

    python experiments/benchmarks/embed_engines.py --texts PATH.jsonl[.gz] --words 100 --limit 300 --rounds 3

`per CPU second` divides by the processor time of all threads, so it holds on a machine that does other work too; `wall`
is what a reader waits. Without --texts the shipped study's corpus is read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

STUDY = Path(__file__).resolve().parents[1] / "future_industries" / "corpus"
ENGINES = (
    ("sentence-transformers, batch 32", "peer", 2),
    ("torch, one text a call", "torch", 1),
    ("torch, one text a call", "torch", 2),
    ("onnx fp32, equal lengths a call", "onnx", 1),
    ("onnx fp32, equal lengths a call", "onnx", 2),
    ("onnx int8, one text a call", "onnx-int8", 1),
    ("onnx int8, one text a call", "onnx-int8", 2),
)


def texts_of(path: Path | None, words: int, limit: int) -> list[str]:
    """Up to `limit` texts spread over the file, each cut to its first `words` words."""
    if path is None:
        blocks = (file.read_text(encoding="utf-8", errors="replace") for file in sorted(STUDY.glob("*.md")))
        results = [block for text in blocks for block in text.split("\n\n") if len(block.split()) > 20]
    else:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            results = [json.loads(line)["text"] for line in lines]
    cut = list(dict.fromkeys(" ".join(text.split()[:words]) for text in results))
    return cut[:: max(1, len(cut) // limit)][:limit]


def measure(engine: str, workers: int, texts: list[str], out: Path) -> None:
    """One measurement in this process; prints JSON."""
    began = time.perf_counter()
    if engine == "peer":
        from sentence_transformers import SentenceTransformer

        from toolkit.embed.minilm import packaged_folder

        model = SentenceTransformer(str(packaged_folder()), device="cpu")

        def encode(some: list[str]) -> np.ndarray:
            return model.encode(some, batch_size=32, show_progress_bar=False)
    else:
        from toolkit.embed import MiniLM

        encoder = MiniLM(engine=engine, workers=workers, long_text="truncate").fit([])  # type: ignore[arg-type]
        encode = encoder.encode  # type: ignore[assignment]
    encode(texts[:1])
    ready, cpu = time.perf_counter(), time.process_time()
    rows = encode(texts)
    done = {"start": ready - began, "wall": time.perf_counter() - ready, "cpu": time.process_time() - cpu}
    done["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    np.save(out, rows)
    print(json.dumps(done))


def neighbours(rows: np.ndarray, k: int = 10) -> np.ndarray:
    """(n, k) the nearest other rows by cosine."""
    similar = rows @ rows.T
    np.fill_diagonal(similar, -2)
    return np.argsort(-similar, axis=1, kind="stable")[:, :k]


def table(texts: list[str], rounds: int, folder: Path) -> str:
    """All engines in turn, `rounds` times, as Markdown."""
    source = folder / "texts.json"
    source.write_text(json.dumps(texts), encoding="utf-8")
    seen: dict[tuple[str, int], list[dict[str, float]]] = {}
    same: dict[tuple[str, int], bool] = {}
    for turn in range(rounds):
        for _, engine, workers in ENGINES:
            out = folder / f"{engine}-{workers}-{turn}.npy"
            command = [sys.executable, __file__, "--one", engine, str(workers), str(source), str(out)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
            seen.setdefault((engine, workers), []).append(json.loads(done.stdout.splitlines()[-1]))
            first = np.load(folder / f"{engine}-{ENGINES[1][2] if engine != 'peer' else workers}-0.npy")
            same[engine, workers] = same.get((engine, workers), True) and np.array_equal(np.load(out), first)
    reference = np.load(folder / "torch-1-0.npy")
    near = neighbours(reference)
    lines = [
        "| engine | workers | texts/s wall | texts per CPU second | start-up s | peak MB | cosine mean (min) "
        "| 10-nn overlap | same bytes in every run and for 1 or 2 workers |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, engine, workers in ENGINES:
        runs = seen[engine, workers]
        wall, cpu, start, mb = (statistics.median(run[key] for run in runs) for key in ("wall", "cpu", "start", "mb"))
        rows = np.load(folder / f"{engine}-{workers}-0.npy")
        cosine = (rows.astype(float) * reference).sum(axis=1)
        overlap = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(neighbours(rows), near, strict=True)])
        lines.append(
            f"| {name} | {workers} | {len(texts) / wall:.0f} | {len(texts) / cpu:.0f} | {start:.1f} | {mb:.0f} "
            f"| {cosine.mean():.5f} ({cosine.min():.5f}) | {overlap:.3f} | {'yes' if same[engine, workers] else 'no'} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=Path, help="JSON lines with a field `text`")
    parser.add_argument("--words", type=int, default=100)
    parser.add_argument("--limit", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        engine, workers, source, out = given.one
        measure(engine, int(workers), json.loads(Path(source).read_text(encoding="utf-8")), Path(out))
        return
    from toolkit.runtime.provenance import environment_record, versions

    texts = texts_of(given.texts, given.words, given.limit)
    machine = environment_record()
    print(f"{len(texts)} texts, {np.mean([len(text.split()) for text in texts]):.0f} words each on average; ", end="")
    print(
        f"{machine['cpu']}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start; "
        f"medians of {given.rounds}"
    )
    print(versions("onnxruntime", "torch", "sentence-transformers", "tokenizers"), "\n")
    with tempfile.TemporaryDirectory() as folder:
        print(table(texts, given.rounds, Path(folder)))


if __name__ == "__main__":
    main()
