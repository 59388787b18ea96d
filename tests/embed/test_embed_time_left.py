"""The time that embedding says is left comes true: it goes by the tokens still to be read, not by texts."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from toolkit.embed import MiniLM, encode_texts
from toolkit.embed.pretrained import Pretrained
from toolkit.runtime.progress import Progress
from toolkit.store.vectors import VectorStore
from toolkit.values import ModelRecord

LONG, SHORT = "the council voted on the harbour and the fish market " * 20, "the ferry is late again"


@dataclass
class Counting:
    """A model whose clock is the tokens that it has read; its rows say nothing."""

    reader: Any
    read: int = 0
    threads = False
    folder = Path()

    def rows(self, windows: Sequence[str]) -> Any:
        self.read += int(self.reader.count(windows).sum()) + 2 * len(windows)
        return np.tile(np.array([[1.0, 0.0]], np.float32), (len(windows), 1))

    def rest(self) -> None: ...


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("long_first", [False, True])
def test_the_time_left_comes_true_from_a_tenth_of_the_way_on(tmp_path: Path, long_first: bool, stored: bool) -> None:
    many = [f"{LONG}{at}" for at in range(400)] + [f"{SHORT} {at}" for at in range(4000)]
    texts, stream = many if long_first else many[::-1], io.StringIO()
    model = Counting(MiniLM().fit([]).model.reader)
    encoder = Pretrained(ModelRecord("m", None, "0" * 64, 2, 256, "none"), lambda: model, {})
    store = VectorStore(tmp_path, {"model": "m"})
    if stored:
        store.put(texts[:300], np.ones((300, 2), np.float32), np.ones(300, np.int32))
    moments: list[int] = []
    ticker = Progress(stream).ticker("embed", clock=lambda: float(model.read))

    def tick(done: int, total: int) -> None:
        moments.append(model.read)
        ticker(done, total)

    encode_texts(MiniLM(), encoder, texts, store, tick, workers=1)
    estimates = [float(left) for left in re.findall(r"about (\d+) s left", stream.getvalue())]
    moments = [moment for moment in moments if moment][-len(estimates) :]
    pairs = [(left, model.read - at) for left, at in zip(estimates, moments, strict=True) if model.read / 10 <= at]
    assert len(pairs) > 10
    assert all(abs(left - true) <= 0.2 * true + 200 for left, true in pairs)
