"""What coding costs beyond embedding: processor time and memory for many paragraphs and the speeches' 21 topics.

    python experiments/benchmarks/coding_scale.py --shared ../shared [--paragraphs 100000]

Paragraphs are drawn sentence by sentence from 20 Newsgroups; vectors are random, since only their number matters here.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
from coding_sets import ROOT, SETS, whole

from toolkit.codebook import load_codebook
from toolkit.coding import CodebookSettings, code_paragraphs
from toolkit.text.sentences import sentence_spans

DIMENSION = 896


def encode(texts: Any) -> Any:
    """(n, 896) unit rows, the same for the same text."""
    rows = np.stack([np.random.default_rng(crc32(text.encode())).normal(size=DIMENSION) for text in texts])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--paragraphs", type=int, default=100_000)
    given = parser.parse_args()
    texts = [row["text"] for row in whole(given.shared, "20newsgroups")]
    sentences = [" ".join(text[a:b].split()) for text in texts[:6000] for a, b in sentence_spans(text)]
    rng = np.random.default_rng(1)
    n = given.paragraphs
    paragraphs = pa.table(
        {
            "paragraph_id": [f"p{row:06d}" for row in range(n)],
            "document_id": [f"d{row // 8:06d}" for row in range(n)],
            "start": pa.array([0] * n, pa.int64()),
            "text": [" ".join(sentences[row] for row in rng.integers(0, len(sentences), 5)) for _ in range(n)],
        }
    )
    vectors = rng.normal(size=(n, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    before = time.process_time()
    block, book = CodebookSettings(path="codebook.yaml"), load_codebook(SETS / "topics.yaml")
    made = code_paragraphs(block, book, paragraphs, vectors, encode, None, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    seconds = time.process_time() - before
    print(f"{n:,} paragraphs x {len(book.ids)} codes: {seconds:.0f} s of processor time, peak {peak:.2f} GiB")
    print(f"{made.codes['assigned'].to_numpy(zero_copy_only=False).sum():,} codes given. {made.method}")


if __name__ == "__main__":
    main()
