"""BERTopic itself, for comparison: the only file of this package that knows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from toolkit.discover.clusterer import ClustererSettings, Fit, candidate_table, count, largest_share, too_many
from toolkit.errors import ToolkitError
from toolkit.values import NOISE, Ints, Tick, Vectors, no_tick, seed_for


class BERTopic(ClustererSettings):
    """The original package with its own defaults on the given vectors; only the random state is fixed."""

    works: ClassVar[tuple[str, ...]] = ("bertopic2022", "hdbscan2013", "umap2018")
    libraries: ClassVar[tuple[str, ...]] = ("bertopic", "hdbscan", "scikit-learn", "umap-learn")
    fit_seconds: ClassVar[float] = 0.005
    fit_start_seconds: ClassVar[float] = 30.0
    shuffles: ClassVar[int] = 1
    may_find_fewer: ClassVar[bool] = True
    method: Literal["bertopic"] = "bertopic"
    min_topic_size: int = Field(10, ge=2, description="BERTopic's min_topic_size.")
    refits: int = Field(0, ge=0, le=1000, description="Refits on 80 % samples that measure stability; 0: not measured.")

    def refuse(self, n: int) -> None:
        """Refuse what all methods refuse, and more topics than paragraphs allow: each has at least `min_topic_size`."""
        super().refuse(n)
        if self.bounds and self.bounds[0] > n // self.min_topic_size:
            raise too_many(self.bounds[0], n, n // self.min_topic_size)

    def fit(self, texts: Sequence[str], vectors: Vectors, seed: int, tick: Tick = no_tick) -> Fit:
        """The topics that `bertopic.BERTopic(...).fit_transform(texts, vectors)` returns (Grootendorst 2022).

        If BERTopic fails on a corpus, every paragraph is noise and a note contains the error.

        Raises: ToolkitError if it returns fewer topics than requested.
        """
        n = len(vectors)
        self.refuse(n)
        labels, failure = self._try(texts, vectors, seed_for(seed, "bertopic"))
        notes = () if failure is None else (failure,)
        if self.bounds and failure is None:
            labels = self._bounded(labels, texts, vectors, seed)

        def refit(others: Vectors, rows: Ints, seed: int) -> Ints:
            return self._try([texts[i] for i in rows], others[rows], seed)[0]

        row = {"parameter": "min_topic_size", "value": float(self.min_topic_size), "themes": count(labels)}
        return Fit(
            labels,
            "Topics were found by BERTopic with its own defaults (UMAP to 5 dimensions, HDBSCAN with at least "
            f"{self.min_topic_size} paragraphs a topic), its random state fixed; paragraphs in no topic have no theme.",
            candidate_table([row | {"largest_share": largest_share(labels), "chosen": True}]),
            {"min_topic_size": self.min_topic_size},
            notes,
            refit=None if failure else refit,
        )

    def _bounded(self, labels: Ints, texts: Sequence[str], vectors: Vectors, seed: int) -> Ints:
        """The labels, reduced by BERTopic's `nr_topics` if there are more topics than requested."""
        low, high = self.bounds or (0, len(texts))
        topics = count(labels)
        if topics > high:
            labels, _ = self._try(texts, vectors, seed_for(seed, "bertopic"), high + int((labels == NOISE).any()))
            topics = count(labels)
        if not low <= topics <= high:
            raise ToolkitError(
                f"discover.themes: BERTopic found {topics} topics, {low if low == high else [low, high]} were asked "
                "for; lower discover.min_topic_size, or use consensus, graph or kmeans, which give any number"
            )
        return labels

    def _try(
        self, texts: Sequence[str], vectors: Vectors, seed: int, topics: int | None = None
    ) -> tuple[Ints, str | None]:
        """The topics, or all noise and a sentence with BERTopic's error."""
        try:
            return self._once(texts, vectors, seed, topics), None
        except (ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, AttributeError) as error:
            fault = " ".join(f"{type(error).__name__}: {error}".split())[:160]
            note = f"BERTopic failed on {len(texts)} paragraphs ({fault}): no themes."
            return np.full(len(texts), NOISE, np.int32), note

    def _once(self, texts: Sequence[str], vectors: Vectors, seed: int, topics: int | None) -> Ints:
        from bertopic import BERTopic as Model
        from umap import UMAP

        reducer: Any = UMAP(
            n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", low_memory=False, random_state=seed, n_jobs=1
        )
        model = Model(min_topic_size=self.min_topic_size, umap_model=reducer, nr_topics=topics)
        labels, _ = model.fit_transform(list(texts), np.array(vectors, copy=True))
        return np.asarray(labels, np.int32)
