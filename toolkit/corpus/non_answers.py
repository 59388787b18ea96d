"""Recognises answers without content: "n/a", "don't know", "none", "[deleted]", from `non_answers.toml`."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import lru_cache
from pathlib import Path

REASON = "non_answer"
MOST_CHARACTERS = 60
"""A longer text is an answer."""
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "–": "-", "—": "-", "−": "-"})
_ENDS = " \t\r\n.,;:!?…·*\"'“”„«»。，！？、-_~/\\|"


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    lists = tomllib.loads(Path(__file__).with_name("non_answers.toml").read_text("utf-8"))
    return frozenset(view for answers in lists.values() for answer in answers for view in _views(answer))


def _views(text: str) -> tuple[str, ...]:
    """An answer as it is compared: in lower case, apostrophes and blanks alike; and without marks at its ends."""
    low = " ".join(unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).casefold().split())
    bare = low.strip(_ENDS)
    return (low, bare, bare.replace("'", "")) if bare else (low,)


def is_non_answer(text: str) -> bool:
    """Whether a text has no content: it is a known non-answer, or contains no letter and no digit."""
    if len(text) > MOST_CHARACTERS or not text.strip():
        return False
    if not any(char.isalnum() for char in text):
        return not any(unicodedata.category(char) in ("So", "Sm") for char in text)  # an emoji is an answer
    known = _vocabulary()
    return any(view in known for view in _views(text))
