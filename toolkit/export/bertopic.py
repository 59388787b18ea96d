"""Writes the themes of a run as a model folder for `BERTopic.load`: JSON and safetensors, no pickle.

It is BERTopic's own format (serialization="safetensors") without its c-TF-IDF matrix. Words and weights are the run's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from toolkit.errors import ConfigError
from toolkit.files.csv import write_csv
from toolkit.files.json import write_json
from toolkit.runs import Run
from toolkit.values import NOISE, Ints, Vectors

CONFIG = {
    "calculate_probabilities": False,
    "language": None,
    "low_memory": False,
    "min_topic_size": 10,
    "n_gram_range": [1, 1],
    "nr_topics": None,
    "seed_topic_list": None,
    "top_n_words": 10,
    "verbose": False,
    "zeroshot_min_similarity": 0.7,
    "zeroshot_topic_list": None,
}


def write_bertopic(run: Run, folder: Path) -> None:
    """Write the model folder (new): a topic a theme of level 0, -1 where paragraphs have none, its words and centre.

    `paragraphs.csv` names the unique paragraph of each entry of `topics_`. The embedding model is named if it is a
    hub id; otherwise give `BERTopic.load` an embedding model, or vectors to `transform`.

    Raises:
        ConfigError: the run found no theme.
    """
    from safetensors.numpy import save_file

    table = run.table("paragraphs")
    rows = np.flatnonzero([copy is None for copy in table["duplicate_of"].to_pylist()])
    themes = np.array(table["theme"].to_pylist(), np.int32)[rows]
    if not (themes >= 0).any():
        raise ConfigError([f"{run.path}: no theme was found, so there is no topic model to export"])
    numbers = sorted(set(themes.tolist()))
    rows_of = {row["theme"]: row for row in run.table("themes").to_pylist() if row["theme"] in numbers}
    folder.mkdir()
    centres = _centres(np.asarray(run.embeddings)[rows], themes, numbers)
    save_file({"topic_embeddings": centres}, folder / "topic_embeddings.safetensors")
    names = {number: "_".join([str(number), *(rows_of[number]["keywords"] or [])[:4]]) for number in numbers}
    topics = {
        "topic_representations": {str(number): _words(rows_of[number]) for number in numbers},
        "topics": themes.tolist(),
        "topic_sizes": {str(number): int((themes == number).sum()) for number in numbers},
        "topic_mapper": [[number, number] for number in numbers],
        "topic_labels": {str(number): names[number] for number in numbers},
        "custom_labels": [rows_of[number]["label"] or names[number] for number in numbers],
        "_outliers": int(NOISE in numbers),
        "topic_aspects": {},
    }
    write_json(topics, folder / "topics.json")
    model = next((record["id"] for record in run.manifest.get("models") or ()), None)
    named = {"embedding_model": model} if model and "/" in model and not Path(model).exists() else {}
    write_json({**CONFIG, **named}, folder / "config.json")
    write_csv(table.take(rows).select(["paragraph_id", "document_id", "position", "theme"]), folder / "paragraphs.csv")


def _centres(vectors: Vectors, themes: Ints, numbers: list[int]) -> Any:
    """(topics, d) float32 mean vectors of the themes, in order of number."""
    return np.stack([vectors[themes == number].mean(axis=0, dtype=np.float64) for number in numbers]).astype(np.float32)


def _words(row: dict[str, Any]) -> list[list[Any]]:
    """Words with weights, best first; BERTopic requires at least one."""
    words = row["keywords"] or []
    weights = row.get("weights") or [1.0 / rank for rank in range(1, len(words) + 1)]
    return [[word, float(weight)] for word, weight in zip(words, weights, strict=True)] or [["", 0.0]]
