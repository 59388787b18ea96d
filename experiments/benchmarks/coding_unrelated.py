"""How many paragraphs of an unrelated corpus get any code of a technology codebook, alone and mixed into the study.

    python experiments/benchmarks/coding_unrelated.py --shared ../shared [--texts 250]

Codebooks: of the shipped study, the same without keywords and examples, and the shared one. Unrelated: posts of 20
Newsgroups (among them some on encryption, space and politics, which are not so far away) and BBC sport, 90 words each.
The weights are those that ship; the edge of a codebook's field was chosen on such texts, so the rates are optimistic.
"""

from __future__ import annotations

import argparse
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from coding import ROOT, bare, collection, study

from toolkit.codebook import Codebook, load_codebook
from toolkit.coding import CodebookSettings, code_paragraphs


def coded(book: Codebook, texts: list[str], encode: Any, last: int) -> int:
    """How many of the last paragraphs get any code."""
    table = pa.table(
        {
            "paragraph_id": [f"p{row:05d}" for row in range(len(texts))],
            "document_id": [f"d{row:05d}" for row in range(len(texts))],
            "start": pa.array([0] * len(texts), pa.int64()),
            "text": texts,
        }
    )
    made = code_paragraphs(CodebookSettings(path="codebook.yaml"), book, table, encode(texts), encode, None, 1)
    given = made.codes["assigned"].to_numpy(zero_copy_only=False).reshape(len(texts), -1)
    return int(given[-last:].any(axis=1).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--texts", type=int, default=250, help="of each unrelated corpus")
    given = parser.parse_args()
    from toolkit.embed import MiniLM

    model, known = MiniLM().fit(), dict[str, Any]()

    def encode(texts: Any) -> Any:
        missing = list(dict.fromkeys(text for text in texts if text not in known))
        if missing:
            known.update(zip(missing, model.encode(missing), strict=True))
        return np.array([known[text] for text in texts], np.float32)

    full = load_codebook(ROOT / "experiments" / "future_industries" / "codebook.yaml")
    shared = load_codebook(given.shared / "corpora" / "codebook.yaml")
    posts = [row["text"] for row in collection(given.shared, "20newsgroups", given.texts, words=90)]
    sport = [row["text"] for row in collection(given.shared, "bbc_news", given.texts, "sport", 90)]
    study_set = study()[0]
    for name, book in (("study", full), ("study, bare", bare(full)), ("shared", shared)):
        for how, beside in (("alone", []), ("mixed into the study", study_set)):
            counts = [coded(book, beside + texts, encode, len(texts)) for texts in (posts, sport)]
            n = len(posts) + len(sport)
            share = sum(counts) / n
            reach = 1.96 * sqrt(share * (1 - share) / n)
            message = f"20 Newsgroups {counts[0]} of {len(posts)}, BBC sport {counts[1]} of {len(sport)}"
            print(
                f"{name:12} {how:21} {share:.3f} (up to {share + reach:.3f}) of {n} get a code: {message}", flush=True
            )


if __name__ == "__main__":
    main()
