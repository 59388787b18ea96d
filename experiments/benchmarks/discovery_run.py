"""One method on one corpus in a fresh process: labels, keywords and seconds as JSON. Started by discovery.py.

It runs under the interpreter of the method's own environment and so imports nothing of the toolkit unless asked to.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np


def corpus(file: Path) -> tuple[list[str], list[str], np.ndarray]:
    """Texts and labels, each text once (the first), and the rows they come from."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    first = {row["text"]: at for at, row in reversed(list(enumerate(rows)))}
    kept = sorted(first.values())
    return [rows[at]["text"] for at in kept], [rows[at]["label"] for at in kept], np.array(kept)


def ours(texts: list[str], vectors: np.ndarray, seed: int, given: dict) -> tuple[np.ndarray, list[list[str]]]:
    """A clusterer of the toolkit; `given` are its settings."""
    from pydantic import TypeAdapter

    from toolkit.discover import Clusterer, discover

    discovery = discover(TypeAdapter(Clusterer).validate_python(given), texts, vectors.astype(np.float32), seed)
    print(json.dumps({"parameters": dict(discovery.parameters)}), flush=True)
    return discovery.assignment, []


def bertopic(texts: list[str], vectors: np.ndarray, seed: int, given: dict) -> tuple[np.ndarray, list[list[str]]]:
    """BERTopic with its defaults but for the random state; `given` are keyword arguments."""
    from bertopic import BERTopic
    from umap import UMAP

    reducer = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed)
    model = BERTopic(umap_model=reducer, **given)
    labels, _ = model.fit_transform(texts, vectors)
    words = [[word for word, _ in model.get_topic(topic)] for topic in sorted(set(labels)) if topic != -1]
    return np.array(labels), words


def tritopic(texts: list[str], vectors: np.ndarray, seed: int, given: dict) -> tuple[np.ndarray, list[list[str]]]:
    """TriTopic with its defaults; `given` are keyword arguments of its class."""
    from tritopic import TriTopic

    model = TriTopic(random_state=seed, verbose=False, **given)
    labels = np.array(model.fit_transform(texts, embeddings=vectors))
    words = [list(topic.keywords)[:10] for topic in model.topics_ if topic.topic_id != -1]
    return labels, words


METHODS = {"ours": ours, "bertopic": bertopic, "tritopic": tritopic}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--given", default="{}", help="settings as JSON")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="share of the texts, drawn by the seed")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    texts, _, rows = corpus(args.corpus)
    vectors = np.load(args.vectors, mmap_mode="r")[rows]
    chosen = np.arange(len(texts))
    if args.share < 1:
        chosen = np.sort(np.random.default_rng(args.seed).permutation(len(texts))[: round(args.share * len(texts))])
    began, used = time.perf_counter(), time.process_time()
    labels, words = METHODS[args.method]([texts[i] for i in chosen], vectors[chosen], args.seed, json.loads(args.given))
    result = {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rows": chosen.tolist(),
        "labels": [int(label) for label in labels],
        "words": words,
        "version": "" if args.method == "ours" else version(args.method),
        "date": date.today().isoformat(),
    }
    args.out.write_text(json.dumps(result))


if __name__ == "__main__":
    main()
