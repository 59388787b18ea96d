"""The stages of one study, in order: each a few lines that hand values from one package to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from toolkit.codebook import HumanCodes, codes_sha256
from toolkit.embed import LsaEncoder, TextEncoder, language_note
from toolkit.errors import CorpusError
from toolkit.experiment.experiment import Experiment
from toolkit.files.arrow import column
from toolkit.files.digest import file_sha256
from toolkit.settings import canonical, digest_of
from toolkit.store.stage import Stage, Stages
from toolkit.store.stages import Entry
from toolkit.store.vectors import VectorStore
from toolkit.values import (
    Bools,
    Checks,
    Coding,
    Corpus,
    Description,
    Discovery,
    Embeddings,
    Estimates,
    Ints,
    Sampling,
    Tick,
    Vectors,
    Wording,
    seed_for,
    texts_digest,
)

READING = ("files/arrow.py", "files/text.py", "files/yaml12.py")
"""How tables are laid out and YAML is read: what readers of a corpus and of a codebook share."""
READERS = ("ftfy", "lxml", "openpyxl", "py3langid", "pypdfium2", "rjieba")
CORPUS = Stage("corpus", Corpus, ("corpus", *READING), READERS)
ENCODER = Stage("encoder", LsaEncoder, ("embed", "store/vectors.py"), ("rjieba", "scipy"))
EMBED = Stage("embed", Embeddings, ("embed", "store/vectors.py"), ())
DISCOVER = Stage("discover", Discovery, ("discover",), ("scipy",))
DESCRIBE = Stage("describe", Description, ("describe",), ("rjieba", "scipy"))
CODE = Stage("code", Coding, ("codebook", "coding", "files/cells.py", *READING), ("scikit-learn", "scipy"))
VALIDATE = Stage("validate", Checks, ("validate",), ("scikit-learn", "scipy"))
ESTIMATE = Stage("estimate", Estimates, ("estimate",), ("scipy",))
WORDING = Stage("wording", Wording, ("describe", "estimate"), ("rjieba", "scipy"))


FIRST_BROADER = 1000
"""Broader themes have ids from here up."""


@dataclass(frozen=True)
class Unique:
    """The paragraphs that count once: `rows` (u,) are theirs; `of` (n,) is the place of each one's canonical one."""

    rows: Ints
    of: Ints

    @classmethod
    def among(cls, paragraphs: Any) -> Unique:
        """Canonical paragraphs by `duplicate_of` (null for a canonical one)."""
        ids, copies = paragraphs["paragraph_id"].to_pylist(), paragraphs["duplicate_of"].to_pylist()
        canonical_ids = [copy or own for own, copy in zip(ids, copies, strict=True)]
        rows = np.array([row for row, copy in enumerate(copies) if copy is None], dtype=np.int32)
        place = {ids[row]: index for index, row in enumerate(rows)}
        return cls(rows, np.array([place[name] for name in canonical_ids], dtype=np.int32))


class Study:
    """One experiment's stages over one corpus. Each property is a stage; later ones ask for earlier ones."""

    def __init__(self, experiment: Experiment, files: Any, stages: Stages) -> None:
        self.experiment, self.files, self.stages = experiment, files, stages

    @cached_property
    def corpus(self) -> Entry[Corpus]:
        """Documents, paragraphs and the ledger. Raises CorpusError when no paragraph is left."""
        from toolkit.corpus import build_corpus

        settings, embedder = self.experiment.corpus, self.experiment.embed
        split = embedder.long_text == "split" and embedder.vectors is None
        inputs = {"files": self.files.digest, "split_by": embedder.identity() if split else None}

        def make(tick: Tick) -> Corpus:
            if not split:
                return build_corpus(settings, self.files, tick)
            encoder = embedder.fit([])
            return build_corpus(settings, self.files, tick, max_tokens=encoder.limit, count_tokens=encoder.count_tokens)

        plain = {key: value for key, value in canonical(settings).items() if key not in ("path", "metadata")}
        entry = self.stages.run(CORPUS, plain, inputs, make)
        if entry.value.paragraphs.num_rows == 0:
            reasons = pc.value_counts(entry.value.ledger["reason"]).to_pylist()
            said = ", ".join(f"{row['counts']} {row['values']}" for row in reasons) or "no text"
            many = entry.value.documents.num_rows
            of = "1 document" if many == 1 else f"{many} documents"
            raise CorpusError(f"{self.files.root}: no paragraph left of {of} ({said}); see toolkit check")
        return entry

    @cached_property
    def human(self) -> HumanCodes | None:
        """Human codes matched to paragraphs; None where the config names none."""
        from toolkit.codebook import load_human_codes

        block = self.experiment.codebook
        if block is None or block.codes is None:
            return None
        return load_human_codes(block.codes, self.codebook, self.corpus.value.paragraphs)

    @cached_property
    def sampling(self) -> Sampling | None:
        """How the human-coded paragraphs were drawn, by the designs beside their files; None without human codes."""
        from toolkit.codebook import designs_beside, sampling

        block, human = self.experiment.codebook, self.human
        if block is None or block.codes is None or human is None:
            return None
        return sampling(human, designs_beside(block.codes), self.unique_paragraphs)

    @cached_property
    def unique(self) -> Unique:
        """Which paragraphs count once."""
        return Unique.among(self.corpus.value.paragraphs)

    @cached_property
    def unique_paragraphs(self) -> Any:
        """The rows of the paragraphs that count once."""
        return self.corpus.value.paragraphs.take(column(self.unique.rows.tolist(), pa.int32()))

    @cached_property
    def texts(self) -> list[str]:
        """All paragraphs' texts."""
        texts: list[str] = self.corpus.value.paragraphs["text"].to_pylist()
        return texts

    @cached_property
    def unique_texts(self) -> list[str]:
        """The texts that count once."""
        return [self.texts[row] for row in self.unique.rows]

    @cached_property
    def vector_store(self) -> VectorStore | None:
        """Vectors kept a text at a time, for the model at hand; None where vectors depend on the corpus (LSA)."""
        from toolkit.embed import vector_store

        if self.stages.store.fresh:
            return None
        store = vector_store(self.experiment.embed, self.stages.store.root)
        if store is not None:
            store.say = self.stages.progress.line
        return store

    @cached_property
    def embeddings(self) -> Entry[Embeddings]:
        """One unit row a paragraph."""
        from toolkit.embed import embed, given_vectors

        settings = self.experiment.embed
        if settings.vectors is not None:
            given = Path(settings.vectors)
            inputs: dict[str, Any] = {"vectors": file_sha256(given), "paragraphs": len(self.texts)}
            return self.stages.run(EMBED, None, inputs, lambda tick: given_vectors(given, len(self.texts)))
        inputs = {"texts": texts_digest(self.texts), "model": settings.identity(), "languages": self._languages()}

        def make(tick: Tick) -> Embeddings:
            made = embed(
                settings, self.texts, vectors=self.vector_store, encoder=self.encoder,
                workers=self.experiment.parallel.workers, tick=tick,
            )  # fmt: skip
            advice = language_note(self._languages(), settings.english_only)
            return replace(made, notes=(*made.notes, advice)) if advice else made

        return self.stages.run(EMBED, settings, inputs, make)

    def _languages(self) -> dict[str, int]:
        counts = pc.value_counts(self.corpus.value.documents["language"]).to_pylist()
        return {str(row["values"] or ""): row["counts"] for row in sorted(counts, key=lambda row: str(row["values"]))}

    @cached_property
    def unique_vectors(self) -> Vectors:
        """(u, d) the vectors that count once."""
        return np.ascontiguousarray(self.embeddings.value.vectors[self.unique.rows])

    @cached_property
    def encoder(self) -> TextEncoder | None:
        """The model, ready for other texts (LSA: fitted to this corpus, once); None where vectors were given."""
        settings = self.experiment.embed
        if settings.vectors is not None:
            return None
        if not settings.of_corpus:
            return settings.fit([])
        texts = sorted(self.unique_texts)
        inputs = {"texts": texts_digest(texts)}
        return self.stages.run(ENCODER, settings, inputs, lambda tick: settings.fit(texts)).value

    @property
    def knows_language(self) -> bool:
        """Whether a model can hold codes against general text: not LSA, which this corpus alone made."""
        return self.experiment.embed.vectors is None and not self.experiment.embed.of_corpus

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) unit rows for other texts (definitions, sentences, queries) by the corpus's own model."""
        from toolkit.embed import encode_texts

        if self.encoder is None:
            raise CorpusError("embed.vectors were given, so there is no model to embed other texts with")
        workers = self.experiment.parallel.workers
        return encode_texts(self.experiment.embed, self.encoder, texts, self.vector_store, workers=workers)

    @cached_property
    def discovery(self) -> Entry[Discovery]:
        """Themes of the unique paragraphs."""
        from toolkit.discover import discover

        settings, seed = self.experiment.discover, seed_for(self.experiment.seed, "discover")
        inputs = {"texts": texts_digest(self.unique_texts), "vectors": self.embeddings.digest, "seed": seed}
        return self.stages.run(
            DISCOVER,
            settings,
            inputs,
            lambda tick: discover(settings, self.unique_texts, self.unique_vectors, seed, tick),
        )

    @cached_property
    def description(self) -> Entry[Description]:
        """Words, labels and quotes for the themes; every quote checked against its source."""
        from toolkit.describe import check_quotes, describe

        settings, seed = self.experiment.describe, seed_for(self.experiment.seed, "describe")
        found = self.discovery.value
        inputs = {"corpus": self.corpus.digest, "vectors": self.embeddings.digest, "themes": self.discovery.digest}
        inputs["seed"] = str(seed)
        encode = self.encode if self.experiment.embed.vectors is None else None

        def make(tick: Tick) -> Description:
            return describe(
                settings, self.unique_paragraphs, found.assignment, self.unique_vectors, found.strength, found.levels,
                seed, encode,
            )  # fmt: skip

        entry = self.stages.run(DESCRIBE, settings, inputs, make)
        check_quotes(entry.value.exemplars, self.unique_paragraphs, found.assignment)
        return entry

    @cached_property
    def codebook(self) -> Any:
        """The codebook; None where the config names none."""
        from toolkit.codebook import load_codebook

        block = self.experiment.codebook
        return load_codebook(Path(block.path)) if block else None

    @cached_property
    def coding(self) -> Entry[Coding] | None:
        """Codes of the unique paragraphs; None without a codebook."""
        from toolkit.coding import code_paragraphs

        block, codebook = self.experiment.codebook, self.codebook
        if block is None:
            return None
        seed = seed_for(self.experiment.seed, "code")
        human = self.human
        inputs = {
            "corpus": self.corpus.digest, "vectors": self.embeddings.digest, "codebook": codebook.sha256, "seed": seed,
            "human": codes_sha256(block.codes) if block.codes else None,
        }  # fmt: skip
        plain = {key: value for key, value in canonical(block).items() if key not in ("path", "codes")}
        encode = self.encode if self.knows_language else None

        def make(tick: Tick) -> Coding:
            given = human if human is not None and human.marks.num_rows else None
            made = code_paragraphs(
                block, codebook, self.unique_paragraphs, self.unique_vectors, encode, given, seed, tick
            )
            unmatched = human.notes if human is not None and given is None else ()
            return replace(made, notes=(*made.notes, *unmatched)) if unmatched else made

        return self.stages.run(CODE, plain, inputs, make)

    @cached_property
    def checks(self) -> Entry[Checks]:
        """Coherence, separation and agreement with labels, each against its baseline."""
        from toolkit.validate import validate, works_of

        settings, seed = self.experiment.validation, seed_for(self.experiment.seed, "validate")
        inputs = {"themes": self.discovery.digest, "words": self.description.digest, "vectors": self.embeddings.digest}
        inputs |= {"corpus": self.corpus.digest, "seed": str(seed)}

        def make(tick: Tick) -> Checks:
            metrics = validate(
                settings, self.unique_texts, self.discovery.value.assignment, self.unique_vectors,
                self.description.value.themes, self._labels(), seed,
                documents=self.unique_paragraphs["document_id"].to_pylist(),
            )  # fmt: skip
            return Checks(metrics, works=works_of(metrics))

        return self.stages.run(VALIDATE, settings, inputs, make)

    def _labels(self) -> list[str | None] | None:
        documents = self.corpus.value.documents
        by_document = dict(zip(documents["document_id"].to_pylist(), documents["label"].to_pylist(), strict=True))
        labels = [by_document[name] for name in self.unique_paragraphs["document_id"].to_pylist()]
        return labels if any(label is not None for label in labels) else None

    @cached_property
    def themes_of_paragraphs(self) -> Ints:
        """(n,) the theme of every paragraph, copies carrying their canonical one's."""
        return self.discovery.value.assignment[self.unique.of]

    @cached_property
    def assigned(self) -> dict[str, Any]:
        """Code -> (n,) whether each paragraph carries it, copies carrying their canonical one's codes."""
        if self.coding is None:
            return {}
        codes = self.coding.value.codes
        u, names = len(self.unique.rows), [code.id for code in self.codebook.themes]
        flags = codes["assigned"].to_numpy(zero_copy_only=False).reshape(u, len(names))
        return {name: flags[self.unique.of, column] for column, name in enumerate(names)}

    @property
    def levels(self) -> list[dict[str, Any]]:
        """The themes and broader themes (rows of LEVELS)."""
        rows: list[dict[str, Any]] = self.discovery.value.levels.to_pylist()
        return rows

    @cached_property
    def members(self) -> dict[int, Bools]:
        """Theme -> (n,) which paragraphs it holds; a broader theme holds those of its children."""
        theme, levels = self.themes_of_paragraphs, self.levels
        members: dict[int, Bools] = {}
        for row in sorted(levels, key=lambda row: (row["level"], row["theme"])):
            held = members.setdefault(row["theme"], theme == row["theme"])
            if row["parent"] is not None:
                members[row["parent"]] = members.get(row["parent"], np.zeros(len(theme), bool)) | held
        return members

    def _parents(self) -> dict[str, str | None]:
        return {code.id: code.parent for code in self.codebook.themes} if self.codebook else {}

    @cached_property
    def estimates(self) -> Entry[Estimates]:
        """Shares of themes and codes with intervals."""
        from toolkit.estimate import Coded, estimate

        settings, seed = self.experiment.estimate, seed_for(self.experiment.seed, "estimate")
        inputs = {"corpus": self.corpus.digest, "themes": self.discovery.digest, "seed": seed}
        inputs |= {"codes": self.coding.digest if self.coding else None, "parents": self._parents()}
        inputs |= {"sampling": asdict(self.sampling) if self.sampling else None}
        paragraphs = self.corpus.value.paragraphs
        table = paragraphs.append_column("theme", pa.array(self.themes_of_paragraphs, pa.int32()))

        def make(tick: Tick) -> Estimates:
            broader = {str(theme): held for theme, held in self.members.items() if theme >= FIRST_BROADER}
            documents = self.corpus.value.documents
            human = self.coding.value.human if self.coding else None
            codes = Coded(self.assigned, self._parents(), human, self.sampling)
            return estimate(settings, documents, table, codes, seed, broader)

        return self.stages.run(ESTIMATE, settings, inputs, make)

    @cached_property
    def wording(self) -> Entry[Wording]:
        """Words that set themes, codes and groups apart, and keywords in context; every line checked."""
        from toolkit.describe.describing import terms_of
        from toolkit.estimate.wording import check_wording, keyword_lists, wording

        estimating, describing = self.experiment.estimate, self.experiment.describe
        seed, rows = seed_for(self.experiment.seed, "estimate"), self.unique_paragraphs
        theme, documents = self.discovery.value.assignment, self.corpus.value.documents
        inputs = {"corpus": self.corpus.digest, "themes": self.discovery.digest, "words": self.description.digest}
        inputs |= {"codes": self.coding.digest if self.coding else "", "seed": str(seed)}
        sought = keyword_lists(self.description.value.themes, self.codebook.themes if self.codebook else ())
        inputs["keywords"] = digest_of([[*name, *words] for name, words in sought.items()])
        assigned = {code: marks[self.unique.rows] for code, marks in self.assigned.items()}
        plain = {"estimate": canonical(estimating), "describe": canonical(describing)}

        def make(tick: Tick) -> Wording:
            terms = terms_of(describing, self.unique_texts)
            return wording(estimating, documents, rows, terms, theme, assigned, sought, seed)

        entry = self.stages.run(WORDING, plain, inputs, make)
        check_wording(entry.value, rows, theme, assigned)
        return entry
