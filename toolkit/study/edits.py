"""The stages of edits by people: decisions applied to themes, and evidence for further ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from toolkit.decisions import Log
from toolkit.decisions.deciding import Decided, decide
from toolkit.files.digest import texts_digest
from toolkit.store.stage import Stage
from toolkit.store.stages import Entry
from toolkit.study.reading import TABLES, Reading
from toolkit.values import Discovery, ThemePairs, Tick


class Edited(Protocol):
    """What the stages are asked of: a study."""

    @property
    def reading(self) -> Reading:
        """What the study reads."""
        ...

    @property
    def log(self) -> Log | None:
        """The decisions of people."""
        ...

    @property
    def machine_discovery(self) -> Entry[Discovery]:
        """The machine's themes."""
        ...

    @property
    def discovery(self) -> Entry[Discovery]:
        """The themes as people left them."""
        ...

    def seed(self, stage: str) -> int:
        """The seed of a stage's random streams."""
        ...


def _decide_inputs(of: Edited) -> Mapping[str, Any]:
    reading = of.reading
    texts = texts_digest(reading.unique_paragraphs["text"].to_pylist())
    inputs = {"themes": of.machine_discovery.digest, "texts": texts, "vectors": reading.embeddings.digest}
    return {**inputs, "log": of.log.sha256 if of.log else None, "seed": of.seed("discover")}


def _decide(of: Edited, tick: Tick) -> Decided:
    if of.log is None:
        raise ValueError("a study without a log of decisions decides nothing")
    texts = of.reading.unique_paragraphs["text"].to_pylist()
    return decide(of.log, of.machine_discovery.value, texts, of.reading.unique_vectors, of.seed("discover"))


def _pairs_inputs(of: Edited) -> Mapping[str, Any]:
    vectors = of.reading.embeddings.digest
    return {"themes": of.discovery.digest, "vectors": vectors, "seed": of.seed("discover")}


def _pairs(of: Edited, tick: Tick) -> ThemePairs:
    from toolkit.discover.pairs import halves, theme_pairs

    discovery, vectors = of.discovery.value, of.reading.unique_vectors
    return ThemePairs(theme_pairs(discovery, vectors), halves(discovery, vectors, of.seed("discover")))


DECIDE: Stage[Edited, Decided] = Stage(
    "decide", Decided, ("decisions", "discover", *TABLES, "text/evidence.py"), ("scipy",),
    lambda of: None, _decide_inputs, _decide, wanted=lambda of: of.log is not None,
    shows=(("decisions", None),),
)  # fmt: skip
PAIRS: Stage[Edited, ThemePairs] = Stage(
    "pairs", ThemePairs, ("discover", "text/evidence.py"), ("scipy",), lambda of: None, _pairs_inputs, _pairs,
    shows=(("theme_pairs", None), ("halves", None)),
)  # fmt: skip
