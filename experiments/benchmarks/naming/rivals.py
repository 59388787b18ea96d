"""Names of the same themes by other programs."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from naming.partitions import Partition


def bertopic(part: Partition, stop_words: str | None = None) -> dict[int, str]:
    """BERTopic's default label without its number: the four words of greatest c-TF-IDF, themes given as they are.

    By its own way for given themes (manual topic modelling): nothing is reduced or clustered.
    """
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction
    from sklearn.feature_extraction.text import CountVectorizer

    parts: dict[str, Any] = {
        "embedding_model": BaseEmbedder(),
        "umap_model": BaseDimensionalityReduction(),
        "hdbscan_model": BaseCluster(),
        "vectorizer_model": CountVectorizer(stop_words=stop_words),
    }
    model = BERTopic(**parts)
    topics, _ = model.fit_transform(list(part.texts), embeddings=part.vectors, y=part.theme)
    return {
        theme: ", ".join(model.topic_labels_[topic].split("_", 1)[1].split("_"))
        for theme, topic in numbered(part.theme, np.array(topics)).items()
        if theme in part.labels
    }


def numbered(theme: np.ndarray, topics: np.ndarray) -> dict[int, int]:
    """The number that BERTopic gives each theme, since it renumbers them. ValueError if it changed a theme."""
    made = {}
    for number in np.unique(theme):
        counts = Counter(topics[theme == number].tolist())
        if len(counts) > 1:
            raise ValueError(f"theme {number} is in several of BERTopic's topics: {dict(counts)}")
        made[int(number)] = int(next(iter(counts)))
    return made


def tritopic(part: Partition, python: Path) -> dict[int, str]:
    """TriTopic's label: its three best keywords, joined as its labeller without a language model joins them."""
    script = Path(__file__).with_name("tritopic_names.py")
    given = json.dumps({"texts": list(part.texts), "theme": part.theme.tolist()})
    done = subprocess.run([str(python), str(script)], input=given, capture_output=True, text=True, check=True)
    named = json.loads(done.stdout.splitlines()[-1])
    return {int(theme): name for theme, name in named.items() if int(theme) in part.labels}
