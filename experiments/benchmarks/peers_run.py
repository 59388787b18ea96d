"""One peer's whole job in a fresh process: read a file, encode, cluster; labels as JSON. Started by peers.py.

It runs under the interpreter of the peer's own environment and imports nothing of the toolkit.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def main() -> None:
    """Encode and fit with the peer's defaults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", choices=["bertopic", "tritopic"], required=True)
    parser.add_argument("--texts", type=Path, required=True, help="JSON lines with a field `text`")
    parser.add_argument("--model", required=True, help="folder of the sentence-transformers model")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    with args.texts.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    from sentence_transformers import SentenceTransformer

    vectors = SentenceTransformer(args.model, device="cpu").encode(texts, show_progress_bar=False)
    if args.method == "bertopic":
        from bertopic import BERTopic

        labels, _ = BERTopic().fit_transform(texts, vectors)
    else:
        from tritopic import TriTopic

        labels = TriTopic(verbose=False).fit_transform(texts, embeddings=vectors)
    args.out.write_text(json.dumps([int(label) for label in labels]))


if __name__ == "__main__":
    main()
