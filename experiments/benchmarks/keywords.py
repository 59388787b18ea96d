"""Which weighting gives the best keywords: NPMI of the top 10 over the whole corpus, diversity, their product.

    python experiments/benchmarks/keywords.py --shared PATH [--corpus NAME]... [--weighting NAME]...

Themes are the gold labels, and k-means (k = number of labels) on TF-IDF -> SVD-100, so that no embedding model is
needed. Pairs of keywords that never meet in a text count -1; a phrase counts where its words stand in a row. `peer` is
BERTopic's own recipe for words: scikit-learn's CountVectorizer with English stop words and its ClassTfidfTransformer
formula, single words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np

from toolkit.describe import DescribeSettings
from toolkit.describe.describing import plain_keywords
from toolkit.describe.passages import terms_of
from toolkit.describe.weights import Weighting
from toolkit.validate.coherence import mean_npmi, npmi_matrices
from toolkit.validate.measure import words_of
from toolkit.values import Ints, renumbered

CORPORA = ("bbc_news", "20newsgroups", "20newsgroups_subjects", "stackoverflow_titles")


def load(path: Path) -> tuple[list[str], Ints]:
    """Texts and gold labels (as canonical theme numbers) of one labelled set."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    names = sorted({row["label"] for row in rows})
    return [row["text"] for row in rows], renumbered([names.index(row["label"]) for row in rows])


def lsa_themes(texts: Sequence[str], count: int) -> Ints:
    """k-means on TF-IDF -> SVD-100: themes that anyone can make."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    counted = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2).fit_transform(texts)
    vectors = TruncatedSVD(100, random_state=0).fit_transform(counted)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return renumbered(KMeans(count, n_init=3, random_state=0).fit_predict(vectors))


def peer(texts: Sequence[str], assignment: Ints, top: int) -> list[list[str]]:
    """The words of BERTopic's recipe with stop words removed."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(stop_words="english")
    counts = vectorizer.fit_transform(
        [" ".join(np.array(texts, object)[assignment == t]) for t in range(assignment.max() + 1)]
    )
    table = counts.toarray().astype(float)
    weight = table / table.sum(1, keepdims=True) * np.log1p(table.sum() / len(table) / table.sum(0))
    names = vectorizer.get_feature_names_out()
    return [[str(names[i]) for i in np.argsort(-row, kind="stable")[:top]] for row in weight]


def score(keywords: Sequence[Sequence[str]], texts: Sequence[str]) -> tuple[float, float]:
    """Mean NPMI over themes and diversity."""
    words = words_of(keywords, texts)
    by_theme = mean_npmi(npmi_matrices(words.pairs, np.ones(len(texts))))
    return float(np.nanmean(by_theme)), words.diversity or 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds data/*.jsonl.gz")
    parser.add_argument("--corpus", action="append", choices=CORPORA)
    parser.add_argument("--weighting", action="append", choices=[*get_args(Weighting), "peer"])
    parser.add_argument("--phrase-words", type=int, default=DescribeSettings().phrase_words)
    parser.add_argument("--top", type=int, default=10)
    given = parser.parse_args()
    print(f"{'corpus':<22} {'themes':<6} {'weighting':<18} {'npmi':>7} {'divers.':>7} {'product':>7} {'seconds':>7}")
    for corpus in given.corpus or CORPORA:
        texts, gold = load(given.shared / "data" / f"{corpus}.jsonl.gz")
        terms = terms_of(DescribeSettings(phrase_words=given.phrase_words), texts)
        for name, themes in (("gold", gold), ("k-means", lsa_themes(texts, int(gold.max()) + 1))):
            for weighting in given.weighting or [*get_args(Weighting), "peer"]:
                began = time.perf_counter()
                if weighting == "peer":
                    peer_words = peer(texts, themes, given.top)
                else:
                    settings = DescribeSettings(weighting=weighting, keywords=given.top)
                    peer_words = plain_keywords(settings, terms, themes)
                seconds = time.perf_counter() - began
                npmi, variety = score(peer_words, texts)
                line = f"{npmi:7.3f} {variety:7.3f} {npmi * variety:7.3f} {seconds:7.1f}"
                print(f"{corpus:<22} {name:<7} {weighting:<17} {line}", flush=True)


if __name__ == "__main__":
    main()
