"""The second encoder, which reads paragraphs and codebook for codes alone, beside the run's own encoder.

The cosine of two joined rows is the mean of the encoders' cosines, so coding reads joined vectors as it reads any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from toolkit.embed import (
    JoinedEncoder,
    JoinedStore,
    MiniLM,
    SentenceTransformer,
    Static,
    TextEncoder,
    Use,
    encode_texts,
    joined_rows,
    use_reads,
    vector_store,
)
from toolkit.files.digest import texts_digest
from toolkit.store.stage import Plain, Stage
from toolkit.store.stages import Entry
from toolkit.store.vectors import VectorStore
from toolkit.study.reading import Reading
from toolkit.values import Bools, Coding, Embeddings, Table, Tick, Vectors

Encode = Callable[[Sequence[str]], Vectors]
EQUAL = (1.0, 1.0)
"""The weight of the run's encoder and that of the second one."""
SECOND = "beside"
"""The folder in a run's `model/` with the second encoder."""


class Beside:
    """What codes are scored by: the vectors of a reading, joined to those of a second encoder if there is one.

    `kept` is the second encoder of a finished run, for new documents; None if that run has none. A reading that is not
    of a finished run gets its second encoder by the config and the corpus's languages.
    """

    def __init__(self, reading: Reading, kept: TextEncoder | None = None) -> None:
        self.reading, self.kept = reading, kept

    @cached_property
    def settings(self) -> Use | None:
        """The second encoder; None if codes rest on the run's own encoder alone."""
        finished = self.reading.kept is not None
        if not (self.kept is not None if finished else _due(self.reading)):
            return None
        embedder = self.reading.embedder
        return Use(unread_above=embedder.unread_above, workers=embedder.workers)

    @cached_property
    def encoder(self) -> TextEncoder | None:
        """The second encoder, ready for texts; None if there is none."""
        return self.kept or self.settings.fit([]) if self.settings else None

    @cached_property
    def store(self) -> VectorStore | JoinedStore | None:
        """Vectors of the second encoder kept a text at a time, the same as those of `embed.method: use`."""
        stages = self.reading.stages
        if self.settings is None or stages.store.fresh:
            return None
        store = vector_store(self.settings, stages.store.root)
        if store is not None:
            store.say = stages.store.tell
        return store

    @cached_property
    def embeddings(self) -> Entry[Embeddings] | None:
        """One unit row of the second encoder for each text that counts once; None if there is no second encoder."""
        return self.reading.stages.run(BESIDE, self) if BESIDE.wanted(self) else None

    @cached_property
    def vectors(self) -> Vectors:
        """(u, d) unit rows of the texts that count once, for codes: both encoders' columns, or those of the run's."""
        first = self.reading.unique_vectors
        if self.embeddings is None:
            return first
        second = self.embeddings.value
        return joined_rows([first, second.vectors], [~self.reading.read, second.unread], EQUAL)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) unit rows of other texts (definitions, sentences), in the columns of `vectors`."""
        reading = self.reading
        first, second = reading.encoder, self.encoder
        if self.settings is None or first is None or second is None:
            return reading.encode(texts)
        both: Any = (first, second)
        joined = JoinedEncoder(both, (reading.embedder.method, self.settings.method), EQUAL,
                               reading.embedder.unread_above, {})  # fmt: skip
        stores: Any = (reading.vector_store, self.store)
        kept = None if None in stores else JoinedStore(stores)
        return encode_texts(reading.embedder, joined, texts, kept, workers=reading.experiment.parallel.workers)

    def code(self, code: Callable[[Table, Vectors, Encode | None], Coding]) -> Coding:
        """The coding of the texts that count once, made by `code` of those that the run's encoder can read.

        `code` takes paragraphs, their vectors and what encodes other texts, which is None if wording alone decides.
        """
        from toolkit.coding import code_glossed, code_read

        reading = self.reading
        encode = self.encode if reading.knows_language else None

        def some(paragraphs: Table, vectors: Vectors) -> Coding:
            foreign = reading.foreign[reading.read]
            return code_glossed(paragraphs, vectors, foreign, reading.codebook, encode,
                                lambda rows, theirs: code(rows, theirs, encode))  # fmt: skip

        return code_read(reading.unique_paragraphs, self.vectors, reading.read, some)


def _due(reading: Reading) -> bool:
    """Whether the config and the corpus ask for a second encoder."""
    block, embedder = reading.experiment.codebook, reading.embedder
    if block is None or block.beside == "none" or block.evidence != "both" or embedder.vectors is not None:
        return False
    if not isinstance(embedder, MiniLM | SentenceTransformer | Static) or (
        embedder.reads is not None and "en" not in embedder.reads
    ):
        return False
    return use_reads(reading.languages)


def _settings(beside: Beside) -> Plain:
    return beside.settings


def _inputs(beside: Beside) -> Mapping[str, Any]:
    model = beside.settings.identity() if beside.settings else None
    read = texts_digest([str(int(row)) for row in beside.reading.read])
    return {"texts": texts_digest(beside.reading.unique_texts), "model": model, "read": read}


def _embed(beside: Beside, tick: Tick) -> Embeddings:
    from toolkit.embed import embed

    settings, reading = beside.settings, beside.reading
    if settings is None:
        raise ValueError("a study without a second encoder embeds nothing for it")
    made = embed(
        settings, reading.unique_texts, vectors=beside.store, encoder=beside.encoder,
        workers=reading.experiment.parallel.workers, tick=tick,
    )  # fmt: skip
    method = (
        f"For codes alone, paragraphs and codebook were also read by a second encoder, {made.model.id}: nearness in "
        "meaning to a code is the mean of the cosines by both encoders."
    )
    return replace(made, method=method, notes=_unread_note(made.unread & reading.read))


def _unread_note(unread: Bools) -> tuple[str, ...]:
    """A sentence on texts that the run's encoder reads and the second one cannot read."""
    count, n = int(np.sum(unread)), len(unread)
    if not count:
        return ()
    return (
        f"{count:,} of {n:,} different paragraphs ({count / n:.1%}) cannot be read by the second encoder; their codes "
        "depend on the run's own encoder.",
    )


BESIDE: Stage[Beside, Embeddings] = Stage(
    "beside", Embeddings, ("embed", "store/vectors.py"), (), _settings, _inputs, _embed,
    wanted=lambda beside: beside.settings is not None, shows=(("model/beside*", None),),
)  # fmt: skip
