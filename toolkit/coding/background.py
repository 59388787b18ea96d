"""The background of a coded corpus, saved so that new paragraphs can be coded by the same standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from toolkit.values import Arrays, Floats, Ints

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Pull:
    """The weighted mean position of each code's example paragraphs in one space of d dimensions (scoring.likeness).

    `mean` (d,) of all rows; `total` (c,) sum of the weights of each code's examples; `sums` (c, d) weighted sums of
    their rows.
    """

    mean: Floats
    total: Floats
    sums: Floats

    def widened(self, columns: int) -> Pull:
        """The same value with columns of zeros added up to `columns`, for words that the corpus does not contain."""
        more = columns - len(self.mean)
        return (
            self
            if more == 0
            else Pull(np.pad(self.mean, (0, more)), self.total, np.pad(self.sums, ((0, 0), (0, more))))
        )


@dataclass(frozen=True)
class Near:
    """The paragraphs of a large corpus among which new paragraphs have their neighbours (spreading.py).

    `mean` (d,) of all rows; `rows` (k, d) float16 unit rows less that mean; `wide` (k, c) their spread log-odds;
    `sorted_wide`, `sorted_odds` (q, c): quantiles of the spread and of the direct log-odds of the corpus.
    """

    mean: Floats
    rows: npt.NDArray[np.float16]
    wide: Floats
    sorted_wide: Floats
    sorted_odds: Floats


@dataclass(frozen=True)
class Background:
    """The background of a coded corpus.

    `texts`: its unique paragraphs. `words` (v,): its stems and the codes'; `holder_counts` (v,): paragraphs with each.
    `meaning_level`, `words_level`: (c,) level and (c,) spread of each code. `pulls`: in meaning, and in words (v wide).
    `offset` (c,): added to a code's log-odds; a paragraph gets the code if the sum is at least 0. `near`: None in
    small corpora.
    """

    texts: int
    words: tuple[str, ...]
    holder_counts: Ints
    meaning_level: tuple[Floats, Floats]
    words_level: tuple[Floats, Floats]
    pulls: tuple[Pull, Pull]
    offset: Floats
    near: Near | None = None

    @property
    def holders(self) -> tuple[Mapping[str, int], int]:
        """stem -> number of paragraphs that contain it, and the number of all paragraphs."""
        return dict(zip(self.words, self.holder_counts.tolist(), strict=True)), self.texts

    def arrays(self) -> Arrays:
        """All attributes as arrays by name; words as UTF-8 bytes, one per line."""
        levels = np.array([*self.meaning_level, *self.words_level])
        arrays = {
            "texts": np.array([self.texts]),
            "words": _bytes(self.words),
            "held": self.holder_counts,
            "levels": levels,
        }
        for name, pull in zip(("meaning", "wording"), self.pulls, strict=True):
            arrays |= {f"{name}_mean": pull.mean, f"{name}_total": pull.total, f"{name}_sums": pull.sums}
        arrays["offset"] = self.offset
        if self.near is not None:
            arrays |= {f"near_{name}": value for name, value in vars(self.near).items()}
        return arrays

    @classmethod
    def of(cls, arrays: Arrays) -> Background:
        """The background from the arrays of `arrays`. Raises KeyError or ValueError for other arrays."""
        levels = arrays["levels"]
        pulls = [
            Pull(*(np.asarray(arrays[f"{name}_{part}"], float) for part in ("mean", "total", "sums")))
            for name in ("meaning", "wording")
        ]
        return cls(
            int(arrays["texts"][0]),
            _words(arrays["words"]),
            arrays["held"],
            (levels[0], levels[1]),
            (levels[2], levels[3]),
            (pulls[0], pulls[1]),
            np.asarray(arrays["offset"], float),
            Near(*(arrays[f"near_{part_of_near.name}"] for part_of_near in fields(Near)))
            if "near_rows" in arrays
            else None,
        )


def _bytes(words: tuple[str, ...]) -> Bytes:
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), np.uint8)


def _words(array: Bytes) -> tuple[str, ...]:
    text = np.asarray(array, np.uint8).tobytes().decode("utf-8", "surrogatepass")
    return tuple(text.split("\n")) if text else ()
