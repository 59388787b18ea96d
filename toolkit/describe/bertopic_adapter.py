"""The only module that gives bertopic's representation models the model object that they require.

bertopic's classes read private methods of a fitted BERTopic. `_Stand` answers those calls with this run's terms,
weights and central paragraphs, so that nothing is fitted, sampled or counted again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.describe.keywords import Candidate
from toolkit.describe.material import Encode
from toolkit.values import Floats, Sparse, Vectors

Themes = list[list[Candidate]]


class _Names:
    """A substitute for a fitted vectorizer: it returns the terms."""

    def __init__(self, names: list[str]) -> None:
        self.names = names

    def get_feature_names_out(self) -> npt.NDArray[np.object_]:
        return np.array(self.names, dtype=object)


class _Stand:
    """A substitute for a fitted BERTopic, for the calls of representation models."""

    def __init__(self, names: list[str], central: Sequence[Sequence[str]], encode: Encode) -> None:
        from bertopic import BERTopic

        self.vectorizer_model = _Names(names)
        self.embedding_model = encode
        self._central = central
        self._encode = encode
        self._top_n_idx_sparse = BERTopic._top_n_idx_sparse
        self._top_n_values_sparse = BERTopic._top_n_values_sparse

    def _extract_embeddings(self, documents: Any, method: str = "document", verbose: bool = False) -> Vectors:
        texts = [documents] if isinstance(documents, str) else list(documents)
        order = sorted(set(texts))
        place = {text: i for i, text in enumerate(order)}
        vectors: Vectors = self._encode(order)
        return vectors[[place[text] for text in texts]]

    def _extract_representative_docs(self, *_: Any) -> tuple[dict[int, list[str]], list[str], list[list[int]], None]:
        texts = [text for central in self._central for text in central]
        ends = np.cumsum([len(central) for central in self._central]).tolist()
        places = [list(range(end - len(central), end)) for end, central in zip(ends, self._central, strict=True)]
        return {i: list(central) for i, central in enumerate(self._central)}, texts, places, None


def keybert(themes: Themes, central: Sequence[Sequence[str]], encode: Encode) -> Themes:
    """Candidates of each theme by cosine with the mean vector of its central paragraphs, nearest first.

    By bertopic's KeyBERTInspired (after Grootendorst's KeyBERT, 2020). Terms with a cosine of at most 0 are removed.
    """
    from bertopic.representation import KeyBERTInspired

    usable = [i for i, ranked in enumerate(themes) if ranked and central[i]]
    if not usable:
        return themes
    ranked_themes = [themes[i] for i in usable]
    names = sorted({candidate.name for ranked in ranked_themes for candidate in ranked})
    most = max(len(ranked) for ranked in ranked_themes)
    model = KeyBERTInspired(top_n_words=most, nr_candidate_words=most)
    stand = _Stand(names, [central[i] for i in usable], encode)
    topics = model.extract_topics(
        stand, None, _matrix(ranked_themes, names), {i: [] for i in range(len(ranked_themes))}
    )
    return _reordered(themes, usable, [topics[i] for i in range(len(ranked_themes))])


def relevant(themes: Themes, diversity: float, most: int, encode: Encode) -> Themes:
    """At most `most` candidates of each theme by bertopic's MaximalMarginalRelevance, in order of weight."""
    from bertopic.representation import MaximalMarginalRelevance

    chosen = []
    for ranked in themes:
        if len(ranked) <= 1:
            chosen.append(ranked)
            continue
        model = MaximalMarginalRelevance(diversity=diversity, top_n_words=min(most, len(ranked)))
        topics = {0: [(candidate.name, candidate.weight) for candidate in ranked]}
        kept = {name for name, _ in model.extract_topics(_Stand([], (), encode), None, None, topics)[0]}
        chosen.append([candidate for candidate in ranked if candidate.name in kept])
    return chosen


def _matrix(themes: Themes, names: list[str]) -> Sparse:
    from scipy.sparse import csr_matrix

    place = {name: i for i, name in enumerate(names)}
    dense: Floats = np.zeros((len(themes), len(names)))
    for row, ranked in enumerate(themes):
        for candidate in ranked:
            dense[row, place[candidate.name]] = candidate.weight
    return csr_matrix(dense)


def _reordered(themes: Themes, usable: list[int], topics: list[list[tuple[str, float]]]) -> Themes:
    result = [list(ranked) for ranked in themes]
    for i, scored in zip(usable, topics, strict=True):
        known = {candidate.name: candidate for candidate in themes[i]}
        ranked = sorted(((-round(float(score), 6), name) for name, score in scored if name in known and score > 0))
        result[i] = [replace(known[name], weight=-score) for score, name in ranked]
    return result
