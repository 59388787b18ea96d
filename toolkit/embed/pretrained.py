"""An encoder around a pre-trained model: windows for long texts, workers, and loading no sooner than needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from toolkit.embed.embedder import LongText
from toolkit.embed.identity import weights_sha256
from toolkit.embed.reading import Reader, Window, flowing
from toolkit.errors import ToolkitError
from toolkit.runtime.parallel import each, on_cluster
from toolkit.values import Floats, Ints, ModelRecord, Tick, Vectors, no_tick

TASK_TOKENS = 2048
"""Approximate number of tokens per task of a worker."""


class Model(Protocol):
    """A loaded model: returns a unit row for each window that fits, which depends only on that window."""

    threads: bool
    """Whether several threads may call `rows` at once."""
    folder: Path
    """The folder of its files."""

    @property
    def reader(self) -> Reader:
        """Its tokenizer and limit."""
        ...

    def rows(self, windows: Sequence[str]) -> Vectors:
        """(n, d) float32 unit rows."""
        ...

    def rest(self) -> None:
        """Release memory that is quick to load again."""
        ...


@dataclass(frozen=True)
class Encoded:
    """Vectors (n, d) float32 unit rows and tokens (n,) of n texts."""

    vectors: Vectors
    tokens: Ints


@dataclass(frozen=True)
class Pretrained:
    """The `embedder.Encoder` of a pre-trained model; `open_model` runs when a text first has to be read.

    A text in several windows gets the mean of their unit rows weighted by their tokens, at unit length again.
    """

    record: ModelRecord
    open_model: Callable[[], Model]
    settings: dict[str, Any]
    long_text: LongText = "mean"
    workers: int | None = None

    @cached_property
    def model(self) -> Model:
        """The model; its weights are loaded when it first reads a text."""
        return self.open_model()

    @property
    def limit(self) -> int | None:
        """The maximum number of tokens per call, without special tokens; None if there is no limit."""
        return self.model.reader.limit

    def count_tokens(self, texts: Sequence[str]) -> Ints:
        """(n,) number of tokens of each text by the model's tokenizer, without special tokens."""
        return self.model.reader.count(texts)

    def unknown(self, texts: Sequence[str]) -> Floats:
        """(n,) the share of each text that is outside the model's vocabulary; NaN if the model cannot tell."""
        return self.model.reader.unknown(texts)

    def encode(self, texts: Sequence[str], tick: Tick = no_tick) -> Vectors:
        """(n, d) float32 unit rows; a row depends only on its text."""
        return self.encode_counted(texts, tick=tick).vectors

    def encode_counted(
        self, texts: Sequence[str], tokens: Ints | None = None, workers: int | None = None, tick: Tick = no_tick
    ) -> Encoded:
        """Unit rows and token counts; `tokens` are the counts if they are known already."""
        counts = self.count_tokens(texts) if tokens is None else tokens
        read = self.model.reader.first if self.long_text == "truncate" else self.model.reader.windows
        windows = [read(flowing(text), int(count)) for text, count in zip(texts, counts, strict=True)]
        flat = [window for some in windows for window in some]
        order = sorted(range(len(flat)), key=lambda at: (-flat[at].tokens, at))  # longest first: even loads
        rows = np.empty((len(flat), self.record.dimension), np.float32)
        rows[order] = self._rows([flat[at] for at in order], workers or self.workers, len(texts), tick)
        return Encoded(joined(rows, windows), counts)

    def rest(self) -> None:
        """Release the model's memory if reloading is fast; it is reloaded when a text has to be read."""
        self.model.rest()

    def save(self, folder: Path) -> None:
        """Write the settings and the digest of the weights, from which `load_encoder` restores the same model."""
        folder.mkdir(parents=True, exist_ok=True)
        plain = {"kind": "pretrained", "settings": self.settings, "record": vars(self.record)}
        (folder / "encoder.json").write_text(json.dumps(plain, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def _rows(self, windows: Sequence[Window], workers: int | None, texts: int, tick: Tick) -> Vectors:
        """Rows of windows, by several workers if that is faster; ticks count texts in proportion to tokens."""
        tasks = portions([window.tokens for window in windows])
        rows = np.empty((len(windows), self.record.dimension), np.float32)
        total, read = max(1, sum(window.tokens for window in windows)), 0
        pieces = [([window.text for window in windows[start:stop]],) for start, stop in tasks]
        if on_cluster() and self.model.threads and len(pieces) > 1:
            parts = each(rows_elsewhere, pieces, shared=(self.model, self.record.sha256), kind="threads")
        else:
            self.model.rows([])  # loaded once, before workers meet it
            parts = each(rows_here, pieces, shared=self.model, kind="threads", workers=self._threads(workers))
        for (start, stop), part in zip(tasks, parts, strict=True):
            rows[start:stop] = part
            read += sum(window.tokens for window in windows[start:stop])
            tick(texts * read // total, texts)
        return rows

    def _threads(self, workers: int | None) -> int | None:
        return workers if self.model.threads else 1


def portions(tokens: Sequence[int], most: int = TASK_TOKENS) -> list[tuple[int, int]]:
    """(start, stop) of runs of windows with about `most` tokens in total, and at least one window each."""
    spans, start, size = [], 0, 0
    for at, count in enumerate(tokens):
        if at > start and size + count > most:
            spans.append((start, at))
            start, size = at, 0
        size += count
    return [*spans, (start, len(tokens))] if len(tokens) else []


def rows_here(model: Model, windows: Sequence[str]) -> Vectors:
    """Rows by a model of this process."""
    return model.rows(windows)


def rows_elsewhere(model_and_digest: tuple[Model, str | None], windows: Sequence[str]) -> Vectors:
    """Rows by the same model on another machine. Raises ToolkitError if its weights are not the run's."""
    model, wanted = model_and_digest
    folder: Path = model.folder
    here = weights_sha256(folder) if folder.is_dir() else "none"
    if here != wanted:
        raise ToolkitError(
            f"{folder}: a worker of the Dask cluster has weights {here[:12]} there, the run {str(wanted)[:12]}; "
            "the model must lie in the same folder on all machines"
        )
    return model.rows(windows)


def joined(rows: Vectors, windows: Sequence[Sequence[Window]]) -> Vectors:
    """One row per text from the rows of its windows, in order: mean weighted by tokens, at unit length."""
    texts = np.empty((len(windows), rows.shape[1]), np.float32)
    at = 0
    for number, some in enumerate(windows):
        part = rows[at : at + len(some)]
        at += len(some)
        if len(some) == 1:
            texts[number] = part[0]
            continue
        weights = np.array([max(window.tokens, 1) for window in some], np.float64)
        texts[number] = unit((part * weights[:, None]).sum(axis=0, dtype=np.float64))
    return texts


def unit(vector: Any) -> Vectors:
    """A vector at unit length as float32; a zero vector becomes the first axis."""
    wide = np.asarray(vector, np.float64)
    length = float(np.sqrt(np.sum(wide * wide)))
    if not length > 0:
        wide, length = np.eye(1, len(wide))[0], 1.0
    return (wide / length).astype(np.float32)
