"""The language of a document: by its script where that decides, by its commonest words, else by py3langid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from toolkit.corpus.words import word_list, word_set

SAMPLE = 3000
FLOOR = 40
"""Letters below which no language is named (Chinese, Japanese and Korean: a quarter of that)."""
CANDIDATES = word_list("ar bg cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk ur vi zh")
_ENGLISH = word_set(
    "the of and to in a is that for on it with as was be by at this have from or are which not has but "
    "an were had they their been its will would more than who also said can into may other about after "
    "if up one all there when these"
)
_WORD = re.compile(r"[^\W\d_]+")
_HAN, _KANA, _HANGUL = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\uac00-\ud7af]")


def language_of(text: str, extra: Iterable[str] = ()) -> str | None:
    """The ISO 639-1 code of a text's language, out of thirty and `extra`; null below a floor of letters.

    English is told by its commonest words (three and an eighth of all words at least), Chinese, Japanese and Korean
    by their script; everything else is left to py3langid (Lui and Baldwin 2012), restricted to the candidates.
    """
    sample = text[:SAMPLE]
    words = _WORD.findall(sample.lower())
    letters = sum(map(len, words))
    asian = _asian(sample, letters)
    if asian is not None:
        return asian
    if letters < FLOOR:
        return None
    if _english(words):
        return "en"
    return str(_identifier(tuple(sorted({*CANDIDATES, *extra}))).classify(sample)[0])


def is_english(text: str) -> bool:
    """Whether at least three and an eighth of the words are among the commonest English ones."""
    return _english(_WORD.findall(text[:SAMPLE].lower()))


def _english(words: list[str]) -> bool:
    return sum(map(_ENGLISH.__contains__, words)) >= max(3, 0.12 * len(words))


def _asian(sample: str, letters: int) -> str | None:
    """zh, ja or ko if at least a third of the letters are of that script."""
    if sample.isascii():
        return None
    han, kana, hangul = (len(script.findall(sample)) for script in (_HAN, _KANA, _HANGUL))
    if han + kana + hangul < max(FLOOR // 4, letters / 3):
        return None
    if hangul > han + kana:
        return "ko"
    return "ja" if kana > 0.1 * (han + kana) else "zh"


@cache
def _identifier(candidates: tuple[str, ...]) -> Any:
    """py3langid's model, loaded on first need (0.7 s) and restricted to the candidates it knows."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE)
    known = {str(label) for label in model.nb_classes}
    model.set_languages([code for code in candidates if code in known])
    return model
