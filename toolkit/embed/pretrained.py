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
from toolkit.embed.reading import Reader, Window, flowing
from toolkit.values import Ints, ModelRecord, Tick, Vectors, no_tick

TASK = 16
"""Windows a worker takes at a time."""
CHUNK = 128
"""Texts between two ticks, at least."""


class Model(Protocol):
    """A loaded model: reads windows that fit and gives unit rows, each from its own window alone."""

    threads: bool
    """Whether several threads may call `rows` at once."""

    @property
    def reader(self) -> Reader:
        """Its tokenizer and limit."""
        ...

    def rows(self, windows: Sequence[str]) -> Vectors:
        """(n, d) float32 unit rows."""
        ...


@dataclass(frozen=True)
class Encoded:
    """Vectors (n, d) float32 unit rows and tokens (n,) of n texts."""

    vectors: Vectors
    tokens: Ints


@dataclass(frozen=True)
class Pretrained:
    """The `values.Encoder` of a pre-trained model; `open_model` runs when a text first has to be read.

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
        """The most tokens read at once, special ones not counted; None where there is no limit."""
        return self.model.reader.limit

    def count_tokens(self, texts: Sequence[str]) -> Ints:
        """(n,) tokens of each text by the model's own tokenizer, special tokens not counted."""
        return self.model.reader.count(texts)

    def encode(self, texts: Sequence[str], tick: Tick = no_tick) -> Vectors:
        """(n, d) float32 unit rows; a row depends on its own text alone."""
        return self.encode_counted(texts, tick=tick).vectors

    def encode_counted(
        self, texts: Sequence[str], tokens: Ints | None = None, workers: int | None = None, tick: Tick = no_tick
    ) -> Encoded:
        """Unit rows and token counts; `tokens` are the counts where they are known already."""
        counts = self.count_tokens(texts) if tokens is None else tokens
        rows = np.empty((len(texts), self.record.dimension), np.float32)
        many = worker_count(workers or self.workers)
        size = max(CHUNK, 4 * TASK * many)
        for start in range(0, len(texts), size):
            stop = min(start + size, len(texts))
            rows[start:stop] = self._chunk(texts[start:stop], counts[start:stop], many)
            tick(stop, len(texts))
        return Encoded(rows, counts)

    def save(self, folder: Path) -> None:
        """Write what `load_encoder` needs to load the same model again: its settings and weights' digest."""
        folder.mkdir(parents=True, exist_ok=True)
        plain = {"kind": "pretrained", "settings": self.settings, "record": vars(self.record)}
        (folder / "encoder.json").write_text(json.dumps(plain, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def _chunk(self, texts: Sequence[str], counts: Ints, workers: int) -> Vectors:
        read = self.model.reader.first if self.long_text == "truncate" else self.model.reader.windows
        windows = [read(flowing(text), int(count)) for text, count in zip(texts, counts, strict=True)]
        flat = [window for some in windows for window in some]
        order = sorted(range(len(flat)), key=lambda at: (-flat[at].tokens, at))  # longest first: even loads
        rows = np.empty((len(flat), self.record.dimension), np.float32)
        rows[order] = rows_by_workers(self.model, [flat[at].text for at in order], workers)
        return joined(rows, windows)


def rows_by_workers(model: Model, windows: Sequence[str], workers: int) -> Vectors:
    """Rows of all windows, by several workers where that pays; each task is the same whoever takes it."""
    if workers == 1 or len(windows) < 2 * TASK or not model.threads:
        return model.rows(windows)
    from joblib import Parallel, delayed

    model.rows([])  # loaded once, before workers meet it
    tasks = [windows[start :: -(-len(windows) // TASK)] for start in range(-(-len(windows) // TASK))]
    done = Parallel(n_jobs=workers, prefer="threads")(delayed(model.rows)(task) for task in tasks)
    rows = np.empty((len(windows), done[0].shape[1]), np.float32)
    for start, part in enumerate(done):
        rows[start :: len(tasks)] = part
    return rows


def joined(rows: Vectors, windows: Sequence[Sequence[Window]]) -> Vectors:
    """One row a text from the rows of its windows, in order: mean weighted by tokens, at unit length."""
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
    """A vector at unit length as float32; one without direction becomes the first axis."""
    wide = np.asarray(vector, np.float64)
    length = float(np.sqrt(np.sum(wide * wide)))
    if not length > 0:
        wide, length = np.eye(1, len(wide))[0], 1.0
    return (wide / length).astype(np.float32)


def worker_count(given: int | None) -> int:
    """Workers to use: as given, else the cores that this process may use."""
    if given:
        return given
    from joblib import cpu_count

    return int(cpu_count())
