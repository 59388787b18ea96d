"""What a study reads: its corpus, its codebook, and the vectors of its paragraphs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from toolkit.embed import Auto, Choice, Embedder, JoinedStore, LsaEncoder, TextEncoder, language_note
from toolkit.errors import CorpusError
from toolkit.experiment.experiment import Experiment
from toolkit.files.arrow import column
from toolkit.files.digest import file_sha256, texts_digest
from toolkit.schemas import PARAGRAPHS, TURNS
from toolkit.settings import canonical
from toolkit.store.stage import Plain, Stage, Stages
from toolkit.store.stages import Entry
from toolkit.store.vectors import VectorStore
from toolkit.study.unique import Unique
from toolkit.text.reading_form import reading_forms, without_label
from toolkit.values import Bools, Corpus, Embeddings, Table, Tick, Vectors

if TYPE_CHECKING:
    from toolkit.corpus import CorpusFiles

TABLES = ("files/arrow.py", "files/text.py", "files/yaml12.py")
"""How tables are laid out and YAML is read: what readers of a corpus and of a codebook share."""
READERS = (
    "babel", "chardet", "ftfy", "google-re2", "lxml", "markdown-it-py", "openpyxl", "py3langid", "pypdfium2", "rjieba",
    "striprtf",
)  # fmt: skip


class Reading:
    """One experiment's corpus, read and embedded; each stage is made when it is first asked for.

    `kept` is the model of a finished run, for new documents; without it the model is that of the config.
    """

    def __init__(
        self, experiment: Experiment, files: CorpusFiles, stages: Stages, kept: TextEncoder | None = None
    ) -> None:
        self.experiment, self.files, self.stages, self.kept = experiment, files, stages, kept

    @cached_property
    def corpus(self) -> Entry[Corpus]:
        """Documents, paragraphs and the ledger. Raises CorpusError when no paragraph is left."""
        entry = self.stages.run(CORPUS, self)
        for note in entry.value.notes:
            self.stages.progress.line(f"  {note}")
        return entry

    @cached_property
    def codebook(self) -> Any:
        """The codebook; None if the config names none."""
        from toolkit.codebook import load_codebook

        block = self.experiment.codebook
        return load_codebook(Path(block.path)) if block else None

    @cached_property
    def unique(self) -> Unique:
        """Which paragraphs count once."""
        return Unique.among(self.corpus.value.paragraphs)

    @cached_property
    def unique_paragraphs(self) -> Table:
        """The rows of the paragraphs that count once; `read_as` is the form in which models and keywords read them."""
        rows = self.corpus.value.paragraphs.take(column(self.unique.rows.tolist(), pa.int32()))
        return rows.append_column("read_as", column(self.unique_texts, pa.string()))

    @cached_property
    def texts(self) -> list[str]:
        """All paragraphs as models and keywords read them: without links, handles and marks, parted words joined.

        Turns are without the name of the speaker. A text of nothing else is empty. Quotes and evidence are of
        the verbatim texts in `paragraphs`.
        """
        paragraphs = self.corpus.value.paragraphs
        texts: list[str] = paragraphs["text"].to_pylist()
        if self.experiment.corpus.read_as == "verbatim":
            return texts
        if "speaker" in paragraphs.column_names:
            texts = [without_label(*turn) for turn in zip(texts, paragraphs["speaker"].to_pylist(), strict=True)]
        return reading_forms(texts)

    @cached_property
    def unique_texts(self) -> list[str]:
        """The texts that count once, as models and keywords read them."""
        return [self.texts[row] for row in self.unique.rows]

    @cached_property
    def unique_languages(self) -> list[str | None]:
        """The language of each text that counts once; null if it is not known."""
        documents = self.corpus.value.documents
        of_document = dict(zip(documents["document_id"].to_pylist(), documents["language"].to_pylist(), strict=True))
        return [of_document[name] for name in self.unique_paragraphs["document_id"].to_pylist()]

    def labels_of(self, paragraphs: Table) -> list[str | None] | None:
        """The label of each paragraph's document; None if no document has one."""
        documents = self.corpus.value.documents
        by_document = dict(zip(documents["document_id"].to_pylist(), documents["label"].to_pylist(), strict=True))
        labels = [by_document[name] for name in paragraphs["document_id"].to_pylist()]
        return labels if any(label is not None for label in labels) else None

    @cached_property
    def languages(self) -> dict[str, int]:
        """Language -> documents with a paragraph, by name; the empty name for those whose language is not known."""
        documents = self.corpus.value.documents
        pairs = zip(documents["language"].to_pylist(), documents["paragraphs"].to_pylist(), strict=True)
        return dict(sorted(Counter(language or "" for language, paragraphs in pairs if paragraphs).items()))

    @cached_property
    def choice(self) -> Choice | None:
        """The embedder that the corpus's languages choose, and why; None if the config names one."""
        from toolkit.embed import cannot_read, chosen

        settings = self.experiment.embed
        if not isinstance(settings, Auto) or settings.vectors is not None:
            return None
        if _splits(self):
            return self._whole.choice
        return chosen(settings, self.languages, lambda embedder: float(cannot_read(embedder, self.unique_texts).mean()))

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder: that of the config, or that which the corpus's languages choose."""
        settings = self.experiment.embed
        if not isinstance(settings, Auto):
            return settings
        chosen = self.choice.settings if self.choice else settings.minilm  # not asked if vectors are given
        return chosen.model_copy(update={"long_text": settings.long_text})

    @cached_property
    def _whole(self) -> Reading:
        """The same corpus with no paragraph split for its length, from which the embedder is chosen."""
        embed = self.experiment.embed.model_copy(update={"long_text": "mean"})
        return Reading(self.experiment.model_copy(update={"embed": embed}), self.files, self.stages, self.kept)

    @cached_property
    def vector_store(self) -> VectorStore | JoinedStore | None:
        """Vectors kept a text at a time, for the model at hand; None if vectors depend on the corpus (LSA)."""
        from toolkit.embed import vector_store

        if self.stages.store.fresh:
            return None
        store = vector_store(self.embedder, self.stages.store.root)
        if store is not None:
            store.say = self.stages.store.tell
        return store

    @cached_property
    def encoder(self) -> TextEncoder | None:
        """The model, ready for other texts (LSA: fitted to this corpus, once); None if vectors were given."""
        settings = self.embedder
        if self.kept is not None or settings.vectors is not None:
            return self.kept
        return self.stages.run(ENCODER, self).value if ENCODER.wanted(self) else settings.fit([])

    @cached_property
    def embeddings(self) -> Entry[Embeddings]:
        """One unit row a paragraph."""
        made = self.stages.run(EMBED, self)
        unread = int(made.value.unread.sum())
        if unread:
            self.stages.progress.line(
                f"embed: {unread:,} of {len(made.value.unread):,} paragraphs cannot be read by the model and get no "
                "theme; embed.method decides, see docs/guides/other-languages.md"
            )
        return made

    @property
    def titles(self) -> dict[str, str]:
        """Document -> its title, of those that have one."""
        table = self.corpus.value.documents
        pairs = zip(table["document_id"].to_pylist(), table["title"].to_pylist(), strict=True)
        return {document: title for document, title in pairs if title}

    @cached_property
    def unique_vectors(self) -> Vectors:
        """(u, d) the vectors that count once."""
        return np.ascontiguousarray(self.embeddings.value.vectors[self.unique.rows])

    @cached_property
    def unread_ahead(self) -> Bools:
        """(u,) which of the texts that count once the model cannot read, known before anything is embedded."""
        from toolkit.embed import cannot_read

        return cannot_read(self.embedder, self.unique_texts)

    @cached_property
    def read(self) -> Bools:
        """(u,) which of the texts that count once the model can read."""
        return np.asarray(~self.embeddings.value.unread[self.unique.rows])

    @cached_property
    def foreign(self) -> Bools:
        """(u,) which of the texts that count once the model reads in another language than the codebook's."""
        from toolkit.coding import text_of
        from toolkit.corpus.language import looks_english
        from toolkit.embed import read_beside_english

        if self.codebook is None or not self.knows_language or not looks_english(text_of(self.codebook)):
            return np.zeros(len(self.unique.rows), bool)
        return read_beside_english(self.unique_languages, self.embedder.reads)

    @property
    def knows_language(self) -> bool:
        """Whether the model can compare codes with general text: not LSA, which is fitted to this corpus alone."""
        return self.embedder.vectors is None and not self.embedder.of_corpus

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) unit rows for other texts (definitions, sentences, queries) by the corpus's own model."""
        from toolkit.embed import encode_texts

        if self.encoder is None:
            raise CorpusError("embed.vectors were given, so there is no model to embed other texts with")
        workers = self.experiment.parallel.workers
        return encode_texts(self.embedder, self.encoder, texts, self.vector_store, workers=workers)


def _corpus_settings(reading: Reading) -> Plain:
    plain = canonical(reading.experiment.corpus)
    return {key: value for key, value in plain.items() if key not in ("path", "metadata")}


def _splits(reading: Reading) -> bool:
    """Whether paragraphs longer than the model reads become several."""
    embedder = reading.experiment.embed
    return embedder.long_text == "split" and embedder.vectors is None


def _corpus_inputs(reading: Reading) -> Mapping[str, Any]:
    split = reading.embedder.identity() if _splits(reading) else None
    return {"files": reading.files.digest, "split_by": split}


def _read(reading: Reading, tick: Tick) -> Corpus:
    from toolkit.corpus import build_corpus

    settings = reading.experiment.corpus
    if not _splits(reading):
        return build_corpus(settings, reading.files, tick)
    encoder = reading.embedder.fit([])
    return build_corpus(settings, reading.files, tick, max_tokens=encoder.limit, count_tokens=encoder.count_tokens)


def _require_paragraphs(reading: Reading, corpus: Corpus) -> None:
    if corpus.paragraphs.num_rows == 0:
        from toolkit.corpus.unread import lines_of_empty

        many = corpus.documents.num_rows
        of = "1 document" if many == 1 else f"{many:,} documents"
        notes = [note for note in corpus.notes if "of other kinds" in note]
        lines = [*lines_of_empty(corpus), *notes]
        between = ": " if len(lines) == 1 else "\n"
        raise CorpusError(f"{reading.files.root}: no paragraph left of {of}{between}" + "\n".join(lines))


def _fit_inputs(reading: Reading) -> Mapping[str, Any]:
    return {"texts": texts_digest(sorted(reading.unique_texts))}


def _fit(reading: Reading, tick: Tick) -> LsaEncoder:
    made = reading.embedder.fit(sorted(reading.unique_texts))
    if not isinstance(made, LsaEncoder):
        raise TypeError(f"{type(made).__name__} is not fitted to a corpus")
    return made


def _embed_settings(reading: Reading) -> Plain:
    settings = reading.embedder
    return settings if settings.vectors is None else None


def _embed_inputs(reading: Reading) -> Mapping[str, Any]:
    settings = reading.embedder
    if settings.vectors is not None:
        return {"vectors": file_sha256(Path(settings.vectors)), "paragraphs": len(reading.texts)}
    inputs = {"texts": texts_digest(reading.texts), "model": settings.identity()}
    if reading.kept is not None:
        return {**inputs, "fitted": reading.kept.record.sha256}
    choice = reading.choice.reason if reading.choice else None
    return {**inputs, "languages": reading.languages, "choice": choice}


def _embed(reading: Reading, tick: Tick) -> Embeddings:
    from toolkit.embed import embed, given_vectors

    settings = reading.embedder
    if settings.vectors is not None:
        return given_vectors(Path(settings.vectors), len(reading.texts))
    made = embed(
        settings, reading.texts, vectors=reading.vector_store, encoder=reading.encoder,
        workers=reading.experiment.parallel.workers, tick=tick,
    )  # fmt: skip
    made = replace(made, method=_sentence(made, reading.choice))
    if reading.kept is not None:
        return made
    advice = language_note(reading.languages, settings.method, settings.reads)
    if reading.choice and reading.choice.by_words:
        advice = reading.choice.reason
    return replace(made, notes=(*made.notes, advice)) if advice else made


def _sentence(made: Embeddings, choice: Choice | None) -> str:
    """Which model, and why if the config left it open."""
    names = [view.model.id for view in made.views] or [made.model.id]
    return f"Paragraphs were turned into vectors by {' and '.join(names)}." + (f" {choice.reason}" if choice else "")


CORPUS: Stage[Reading, Corpus] = Stage(
    "corpus", Corpus, ("corpus", "text/notes.py", *TABLES), READERS, _corpus_settings, _corpus_inputs, _read,
    check=_require_paragraphs,
    shows=(("documents", ("document_id", "sha256", "words", "paragraphs", "duplicate_of", "title", "date")),
           ("paragraphs", (*PARAGRAPHS.names, *TURNS.names)), ("ledger", None), ("sources/*", None)),
)  # fmt: skip
ENCODER: Stage[Reading, LsaEncoder] = Stage(
    "encoder", LsaEncoder, ("embed", "store/vectors.py"), ("rjieba", "scipy"),
    settings=lambda reading: reading.embedder, inputs=_fit_inputs, make=_fit,
    wanted=lambda reading: reading.embedder.of_corpus,
)  # fmt: skip
EMBED: Stage[Reading, Embeddings] = Stage(
    "embed", Embeddings, ("embed", "store/vectors.py"), (), _embed_settings, _embed_inputs, _embed,
    shows=(("embeddings.npy", None), ("paragraphs", ("tokens", "truncated", "unread")), ("model/encoder*", None),
           ("model/idf.npy", None), ("model/axes.npy", None)),
)  # fmt: skip
