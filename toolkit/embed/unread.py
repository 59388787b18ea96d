"""Finds texts that a model cannot read: the share of each text that is outside the model's vocabulary.

Every unknown piece becomes the same token, so texts made of unknown pieces share a single vector without meaning.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from toolkit.values import Bools, Floats

UNREAD_SHARE = 0.5
"""Default bound of the share of unknown letters and digits: more than half of the text.

With the packaged MiniLM (CLDR's names of territories, and sentences of prose) the share is 0 to 0.06 in languages of
Latin, Greek, Cyrillic, Hebrew, Arabic and Korean letters, 0.1 to 0.25 in Hindi, Bengali, Urdu and Japanese, 0.35 to
0.65 in Armenian, Georgian, Tamil and Tibetan, about 0.7 in Chinese, and 0.85 to 1 in Amharic, Burmese, Gujarati,
Kannada, Khmer, Lao, Malayalam, Odia, Punjabi, Sinhala, Telugu and Thai. English with emoji is at 0, with some names in
another script below 0.35.
"""
MOST_WORD_CHARACTERS = 100
"""Number of characters from which a word-piece vocabulary may treat a word as unknown as a whole."""
COUNTED = frozenset("LMN")
"""General categories that count: letters, their marks, and numbers; emoji and punctuation only if a text has no other
characters."""
BLOCK_TEXTS = 512
BLANK = "\u2581"
"""How SentencePiece writes a blank."""


def unknown_token(tokenizer: Any) -> int | None:
    """The id of the token for unknown text; None if there is none (the model then reads every byte)."""
    token = getattr(tokenizer.model, "unk_token", None)
    if token is not None:
        number: int | None = tokenizer.token_to_id(token)
        return number
    plain = json.loads(tokenizer.to_str())["model"]
    return int(plain["unk_id"]) if plain.get("unk_id") is not None else None


def unknown_shares(tokenizer: Any, texts: Sequence[str]) -> Floats:
    """(n,) the share of each text's letters and digits in pieces outside the vocabulary; 1 for a text without any
    token; NaN if the vocabulary has no token for unknown text.

    A word that is unknown only because of its length counts as one character. Texts whose characters are all known are
    not tokenised.
    """
    unknown = unknown_token(tokenizer)
    if unknown is None:
        return np.full(len(texts), np.nan)
    foreign = foreign_characters(tokenizer, texts, unknown)
    shares = np.zeros(len(texts))
    doubtful = [at for at, text in enumerate(texts) if not foreign.isdisjoint(text) or _has_long_word(text)]
    for start in range(0, len(doubtful), BLOCK_TEXTS):
        rows = doubtful[start : start + BLOCK_TEXTS]
        encoded = tokenizer.encode_batch([texts[row] for row in rows], add_special_tokens=False)
        for row, tokens in zip(rows, encoded, strict=True):
            shares[row] = _share(texts[row], tokens, unknown, foreign)
    return shares


def unread(shares: Floats, above: float) -> Bools:
    """(n,) true for texts with a larger unknown share than `above`; false if the share is unknown."""
    return np.asarray(shares > above)


def foreign_characters(tokenizer: Any, texts: Iterable[str], unknown: int) -> frozenset[str]:
    """The characters of the texts that yield an unknown token, or no token, alone or inside a word."""
    every = sorted(set().union(*map(set, texts)))
    tried = [trial for character in every for trial in (character, character + character, f"a{character}a")]
    encoded = tokenizer.encode_batch(tried, add_special_tokens=False)
    fails = [not character.ids or unknown in character.ids for character in encoded]
    return frozenset(
        character for at, character in enumerate(every) if any(fails[3 * at : 3 * at + 3]) and not character.isspace()
    )


def _has_long_word(text: str) -> bool:
    return len(text) > MOST_WORD_CHARACTERS and max(map(len, text.split()), default=0) > MOST_WORD_CHARACTERS


def _share(text: str, encoded: Any, unknown: int, foreign: frozenset[str]) -> float:
    """The unknown share of a tokenised text."""
    if not encoded.ids:
        return 1.0
    spans = [span for span, token in zip(encoded.offsets, encoded.ids, strict=True) if token == unknown]
    pieces = [text[start:end] for start, end in spans]
    long = [piece for piece in pieces if foreign.isdisjoint(piece)]
    lost = "".join(piece for piece in pieces if not foreign.isdisjoint(piece))
    whole = Counter(text) - Counter("".join(long))
    for kinds in (COUNTED, frozenset("LMNPSC")):
        total = len(long) + _counted(whole, kinds)
        if total:
            return (len(long) + _counted(Counter(lost), kinds)) / total
    return 1.0


def piece_shares(tokenizer: Any, texts: Sequence[str], unknown: int) -> Floats:
    """(n,) the same share by a SentencePiece vocabulary, in which each unknown character is a token of its own.

    Characters are those of the NFKC form, on which such a vocabulary is defined.
    """
    shares = np.zeros(len(texts))
    for row, text in enumerate(texts):
        ids = tokenizer.encode(text, add_bos=False, add_eos=False)
        if ids == [unknown]:
            shares[row] = 1.0
        elif unknown in ids:
            pieces = tokenizer.encode(text, out_type=str, add_bos=False, add_eos=False)
            kept = [piece for piece, number in zip(pieces, ids, strict=True) if number != unknown]
            known = Counter("".join(kept).replace(BLANK, ""))
            shares[row] = _lost_share(known, Counter(unicodedata.normalize("NFKC", text)) - known)
    return shares


def _lost_share(known: Counter[str], lost: Counter[str]) -> float:
    """The share of lost characters among the letters and digits, or among all characters if there are none."""
    for kinds in (COUNTED, frozenset("LMNPSC")):
        lacking, total = _counted(lost, kinds), _counted(lost, kinds) + _counted(known, kinds)
        if total:
            return lacking / total
    return 1.0


def _counted(characters: Counter[str], kinds: frozenset[str]) -> int:
    """The number of characters in these general categories."""
    return sum(times for character, times in characters.items() if unicodedata.category(character)[0] in kinds)
