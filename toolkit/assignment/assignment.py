"""New documents, with the themes and codes of a finished run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.codebook.badges import UNCHECKED
from toolkit.corpus import CorpusFiles
from toolkit.discover import Assigned, Model, load_model
from toolkit.discover import assign as vote
from toolkit.embed import TextEncoder, load_encoder
from toolkit.errors import ConfigError, StoreError
from toolkit.experiment.experiment import Experiment
from toolkit.runs import Run
from toolkit.store.stage import Stages
from toolkit.study.beside import SECOND, Beside, Encode
from toolkit.study.reading import Reading
from toolkit.study.share_error import measured_error
from toolkit.study.unique import FIRST_BROADER, assigned_codes, members_of
from toolkit.values import NOISE, Bools, Coding, Estimates, Ints, Table, Vectors, seed_for


class Assignment:
    """New documents, read and embedded as the run's were; themes, codes and shares by the run that they start from."""

    def __init__(self, parent: Run, experiment: Experiment, files: CorpusFiles, stages: Stages) -> None:
        self.parent, self.experiment, self.progress = parent, experiment, stages.progress
        self.model: Model = load_model(parent.path / "model")
        self.reading = Reading(experiment, files, stages, kept=_model_of(parent, experiment))
        self.beside = Beside(self.reading, kept=_second_of(parent))
        if self.reading.codebook is not None:
            from toolkit.coding import load_background

            self.background = load_background(parent.path / "model", self.reading.codebook)

    @cached_property
    def voted(self) -> Assigned:
        """Themes of the unique paragraphs by the run's stored rule."""
        vectors = self.reading.unique_vectors
        if vectors.shape[1] != self.model.vectors.shape[1]:
            raise ConfigError(
                [f"--vectors: {vectors.shape[1]} dimensions, the run's vectors have {self.model.vectors.shape[1]}"]
            )
        self.progress.line("themes …")
        return without_unread(vote(self.model, vectors), self.reading.read)

    @cached_property
    def known(self) -> list[str | None]:
        """(u,) the run's paragraph with the same words; None for a paragraph that the run has not."""
        from toolkit.corpus.words import word_tokens

        table = self.parent.table("paragraphs").select(["paragraph_id", "text", "duplicate_of"])
        paragraph_of: dict[tuple[str, ...], str] = {}
        for row in table.to_pylist():
            if row["duplicate_of"] is None and row["text"]:
                paragraph_of.setdefault(tuple(word_tokens(row["text"])), row["paragraph_id"])
        paragraph_of.pop((), None)
        return [
            paragraph_of.get(tuple(word_tokens(text))) for text in self.reading.unique_paragraphs["text"].to_pylist()
        ]

    @cached_property
    def themes(self) -> Ints:
        """(u,) theme of each unique paragraph: the run's if the run has it, none if it is far from the run."""
        table = self.parent.table("paragraphs")
        theme_of = dict(zip(table["paragraph_id"].to_pylist(), table["theme"].to_pylist(), strict=True))
        themes = np.where(self.voted.far | ~self.reading.read, NOISE, self.voted.theme).astype(np.int32)
        for row, name in enumerate(self.known):
            if name is not None:
                themes[row] = theme_of[name]
        return themes

    @cached_property
    def themes_of_paragraphs(self) -> Ints:
        """(n,) the theme of every paragraph, copies carrying their canonical one's."""
        return self.themes[self.reading.unique.of]

    @cached_property
    def members(self) -> dict[int, Bools]:
        """Theme -> (n,) which paragraphs it contains; a broader theme contains those of its children."""
        return members_of(self.levels, self.themes_of_paragraphs)

    @property
    def levels(self) -> list[dict[str, Any]]:
        """The run's themes and broader themes."""
        return [row for row in self.parent.table("themes").to_pylist() if row["theme"] != NOISE]

    @property
    def older_codes(self) -> bool:
        """Whether the run was coded by an older version, whose weights are gone."""
        return self.reading.codebook is not None and not self.background

    @cached_property
    def coding(self) -> Coding | None:
        """Codes of the unique paragraphs by the run's background; None without a codebook."""
        from toolkit.coding import code_further

        reading, block = self.reading, self.experiment.codebook
        if reading.codebook is None or block is None:
            return None
        if self.older_codes:
            self.progress.line("no codes: an older version coded the run, with other weights; run the experiment again")
            return None
        _ = self.beside.embeddings
        self.progress.line("codes …")
        ticker = self.progress.ticker("codes")

        def code(paragraphs: Table, vectors: Vectors, encode: Encode | None) -> Coding:
            return code_further(block, reading.codebook, paragraphs, vectors, encode, self.background, ticker)

        made = self.beside.code(code)
        if self.parent.table("codes").num_rows:
            made = replace(made, codes=as_in_the_run(made.codes, self.known, self.parent.table("codes")))
        return made

    @cached_property
    def assigned(self) -> dict[str, Bools]:
        """Code -> (n,) whether each paragraph carries it, copies carrying their canonical one's codes."""
        if self.coding is None:
            return {}
        return assigned_codes(self.coding.codes, self.reading.codebook.ids, self.reading.unique.of)

    @property
    def unchecked(self) -> frozenset[str]:
        """The codes that no person checked in the run, those of a run without badges among them."""
        rows = self.parent.table("thresholds").to_pylist()
        return frozenset(row["code"] for row in rows if row.get("badge") in (None, UNCHECKED))

    @cached_property
    def shares(self) -> Estimates:
        """Shares of themes and codes among the new documents, with intervals."""
        from toolkit.estimate import Coded, Themes, estimate, present

        settings, corpus = self.experiment.estimate, self.reading.corpus.value
        documents, codebook = corpus.documents, self.reading.codebook
        kept, _ = present(settings.group_by, documents, corpus.paragraphs)
        resample = settings.resample if settings.resample in documents.column_names else "document"
        settings = settings.model_copy(update={"group_by": kept, "resample": resample})
        table = corpus.paragraphs.append_column("theme", pa.array(self.themes_of_paragraphs, pa.int32()))
        broader = {str(theme): masks for theme, masks in self.members.items() if theme >= FIRST_BROADER}
        self.progress.line("shares …")
        parents = {code.id: code.parent for code in codebook.themes} if codebook else {}
        seed = seed_for(self.experiment.seed, "estimate")
        codes = Coded(self.assigned, parents, unchecked=self.unchecked, error=measured_error())
        themes = 1 + max((row["theme"] for row in self.levels if row["level"] == 0), default=NOISE)
        return estimate(settings, documents, table, codes, seed, Themes(broader, themes))


def without_unread(voted: Assigned, read: Bools) -> Assigned:
    """The vote on m paragraphs; none on those that the model cannot read: these are far from the run.

    `read` (m,) marks those that it can read.
    """
    if read.all():
        return voted
    share, nearest, near = (np.where(read, values, np.nan) for values in (voted.share, voted.nearest, voted.near))
    theme = np.where(read, voted.theme, NOISE).astype(np.int32)
    return replace(voted, theme=theme, share=share, nearest=nearest, near=near, far=voted.far | ~read)


def _model_of(parent: Run, experiment: Experiment) -> TextEncoder | None:
    """The run's model, the same weights; None if vectors are given.

    Raises: StoreError if the weights are not those that the run's manifest names.
    """
    if experiment.embed.vectors is not None:
        return None
    encoder = load_encoder(parent.path / "model", parent.model_place)
    named = parent.manifest["models"][0]["sha256"] if parent.manifest.get("models") else None
    if named != encoder.record.sha256:
        raise StoreError(
            f"{parent.path}: its manifest names weights {str(named)[:12]}…, model/ and this machine "
            f"have {str(encoder.record.sha256)[:12]}…; the run folder was changed"
        )
    return encoder


def _second_of(parent: Run) -> TextEncoder | None:
    """The run's second encoder, the same weights; None if its codes rest on its own encoder alone."""
    place = parent.path / "model" / SECOND
    return load_encoder(place) if place.is_dir() else None


def as_in_the_run(table: Table, known: Sequence[str | None], before: Table) -> Table:
    """Codes of u paragraphs x c codes, with scores and decisions of the run for paragraphs that it has."""
    count = table.num_rows // max(len(known), 1)
    place: dict[str, int] = {}
    for row, name in enumerate(before["paragraph_id"].to_pylist()):
        place.setdefault(name, row)
    new = [row for row, name in enumerate(known) if name is not None and name in place]
    old = np.array([place[str(known[row])] for row in new], int)
    for name in ("score", "probability", "assigned"):
        values, earlier = table[name].to_pylist(), before[name].to_pylist()
        for row, first in zip(new, old, strict=True):
            values[row * count : (row + 1) * count] = earlier[first : first + count]
        at = table.column_names.index(name)
        table = table.set_column(at, name, pa.array(values, table.schema.field(name).type))
    return table
