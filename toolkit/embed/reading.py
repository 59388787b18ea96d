"""Prepares a text for a model: white space, tokens, and windows for texts above the limit.

Runs of white space become single blanks, so hard-wrapped and flowing text have the same vector. A text with more tokens
than the limit is cut into the fewest windows that fit, of about equal length and without overlap, each cut after a
sentence end near the ideal position, else between words, else between tokens.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.embed.unread import unknown_shares
from toolkit.errors import ToolkitError
from toolkit.values import Floats, Ints

RULE_VERSION = 1
"""Version of the rules in this file; part of the key of stored vectors."""

SENTENCE_END = re.compile(r"[.!?…]['\"”’)\]]*(?=\s)|[。！？；]['\"”’）」』]*")
BLOCK_TEXTS = 512


@dataclass(frozen=True)
class Window:
    """A span of a text that fits the model, and its number of tokens (without special tokens)."""

    text: str
    tokens: int


def flowing(text: str) -> str:
    """The text with every run of white space as one blank; code points that UTF-8 cannot encode become '?'."""
    joined = " ".join(text.split())
    return joined if joined.isascii() else joined.encode("utf-8", "replace").decode("utf-8")


class Reader:
    """A tokenizer with its limit: counts tokens and cuts windows.

    `limit` is the maximum number of tokens of a window, without special tokens; None if the model has none.
    """

    def __init__(self, tokenizer: Any, limit: int | None) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.tokenizer = tokenizer
        self.limit = limit

    def count(self, texts: Sequence[str]) -> Ints:
        """(n,) number of tokens of each text, without special tokens."""
        counts: list[int] = []
        for start in range(0, len(texts), BLOCK_TEXTS):
            some = [flowing(text) for text in texts[start : start + BLOCK_TEXTS]]
            encoded = self.tokenizer.encode_batch_fast(some, add_special_tokens=False)
            counts += [len(tokens.ids) for tokens in encoded]
        return np.array(counts, dtype=np.int32)

    def unknown(self, texts: Sequence[str]) -> Floats:
        """(n,) the share of each text that is outside the vocabulary; NaN if there is no token for unknown text."""
        return unknown_shares(self.tokenizer, [flowing(text) for text in texts])

    def windows(self, text: str, tokens: int) -> list[Window]:
        """The whole text in windows that fit; one window if the text is short enough."""
        if self.limit is None or tokens <= self.limit:
            return [Window(text, tokens)]
        offsets = [span for span in self.tokenizer.encode(text, add_special_tokens=False).offsets if span[1] > span[0]]
        if len(offsets) < 2:
            return [Window(text, tokens)]
        cuts = window_cuts(text, offsets, self.limit)
        pieces = [text[start:end].strip() for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
        pieces = [piece for piece in pieces if piece]
        counts = self.count(pieces)
        if len(pieces) < 2:
            return [Window(text, tokens)]
        return [part for piece, count in zip(pieces, counts, strict=True) for part in self.windows(piece, int(count))]

    def first(self, text: str, tokens: int) -> list[Window]:
        """The first window alone, as long as the limit allows (`long_text: truncate`)."""
        if self.limit is None or tokens <= self.limit:
            return [Window(text, tokens)]
        offsets = self.tokenizer.encode(text, add_special_tokens=False).offsets
        return [Window(text[: offsets[self.limit - 1][1]], self.limit)]


def folder_reader(folder: Path, most: int | None, prompt: str = "") -> Reader:
    """The tokenizer of a model's folder; at most `most` tokens per call, special ones and those of the prompt included.

    Raises ToolkitError if the folder has no readable tokenizer.json.
    """
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as fault:  # tokenizers raises bare Exceptions
        raise ToolkitError(f"{path}: no readable tokenizer ({fault}); give the folder of a whole model") from fault
    reader = Reader(tokenizer, None)
    if most is not None:
        reader.limit = most - len(tokenizer.encode(prompt).ids)
        if reader.limit < 1:
            raise ToolkitError(f"embed.prompt: leaves no room for text in the {most} tokens that the model reads")
    return reader


def window_cuts(text: str, offsets: Sequence[tuple[int, int]], limit: int) -> list[int]:
    """Positions (code points of `text`) of the cuts between windows, from the span of each token."""
    n = len(offsets)
    sentence_ends = {match.end() for match in SENTENCE_END.finditer(text)}
    cuts: list[int] = []
    start = 0
    while n - start > limit:
        left = math.ceil((n - start) / limit)
        wanted = math.ceil((n - start) / left)
        stop = best_stop(text, offsets, sentence_ends, start, wanted, limit)
        cuts.append(offsets[stop][0])
        start = stop
    return cuts


def best_stop(
    text: str, offsets: Sequence[tuple[int, int]], sentence_ends: set[int], start: int, wanted: int, limit: int
) -> int:
    """The token that begins the next window: after a sentence end near `start + wanted`, else after a blank."""
    least = start + max(1, wanted - limit // 4)
    most = min(start + limit, len(offsets) - 1)
    nearest = sorted(range(least, most + 1), key=lambda at: (abs(at - start - wanted), at))
    for at in nearest:
        if offsets[at - 1][1] in sentence_ends or offsets[at][0] in sentence_ends:
            return at
    for at in nearest:
        if offsets[at][0] > offsets[at - 1][1]:
            return at
    return min(start + wanted, most)
