"""What the tests of coding share: paragraphs, evidence made by hand, and a small embedding that needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_matrix

from toolkit.coding.evidence import Evidence
from toolkit.coding.exclusions import Refusal
from toolkit.coding.sentences import Passages

DIMENSIONS = 24


def encode(texts: Sequence[str]) -> Any:
    """(n, 24) float32 unit rows: the mean of one fixed random direction a word, plus a direction that all share."""
    rows = np.zeros((len(texts), DIMENSIONS))
    for row, text in zip(rows, texts, strict=True):
        for word in text.lower().replace(".", " ").replace(",", " ").split():
            row += np.random.default_rng(crc32(word.encode())).normal(size=DIMENSIONS)
        row[0] += 3
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def table(texts: Sequence[str], documents: Sequence[str] | None = None, step: int = 1000) -> Any:
    n = len(texts)
    return pa.table(
        {
            "paragraph_id": [f"p{i:03d}" for i in range(n)],
            "document_id": list(documents) if documents else [f"d{i:03d}" for i in range(n)],
            "start": pa.array([step * i for i in range(n)], pa.int64()),
            "text": list(texts),
        }
    )


def evidence(
    words: Any,
    field: Any = None,
    meaning: Any = None,
    phrases: Any = None,
    word_vectors: Any = None,
    sentence_words: Any = None,
    facets: Any = None,
    kind: str = "both",
    **changes: Any,
) -> Evidence:
    """Evidence of given arrays; what is not given is zero, levels are 0 with spread 1, and all lies in the field."""
    words = np.asarray(words, float)
    n, c = words.shape
    zero, level = np.zeros((n, c)), (np.zeros(c), np.ones(c))
    rows = csr_matrix(np.zeros((n, 1))) if word_vectors is None else word_vectors
    by_sentence = words if sentence_words is None else np.asarray(sentence_words, float)
    given: dict[str, Any] = {
        "meaning": zero if meaning is None else np.asarray(meaning, float),
        "words": words,
        "phrases": zero if phrases is None else np.asarray(phrases, float),
        "meaning_level": level,
        "words_level": level,
        "field": np.full(n, 9.0) if field is None else np.asarray(field, float),
        "kind": kind,
        "word_vectors": rows,
        "holders": {f"w{i}": i + 1 for i in range(rows.shape[1])},
        "sentence_words": by_sentence,
        "sentence_phrases": np.zeros_like(by_sentence),
        "facets": facets,
        "refusal": Refusal(zero, zero),
    }
    return Evidence(**(given | changes))


def cut(sizes: Sequence[int]) -> Passages:
    """Paragraphs of `sizes` sentences each, the sentences numbered through the whole."""
    owner = [row for row, size in enumerate(sizes) for _ in range(size)]
    s = len(owner)
    sentences = tuple(f"Sentence {row}." for row in range(s))
    places = np.arange(s, dtype=np.int64)
    return Passages(
        tuple(f"Paragraph {row}." for row in range(len(sizes))),
        np.array(owner, np.int32), 100 * places, 100 * places + 50, sentences, sentences,
        tuple(("s",) for _ in sentences),
    )  # fmt: skip
