"""Words without a subject: stop words by language, and elided words before an apostrophe.

For English and Chinese, the package contains lists (`stopwords/`), which distinguish weak words from stop words; the
lists of all other languages are those of the library stopwordsiso. A word is left out if most of its occurrences are in
texts of a language that lists it: "war" is a stop word in German texts but not in English ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import numpy as np

from toolkit.values import Bools, Ints

OF_THE_PACKAGE = frozenset({"en", "zh"})
_NAMES = {"nb": "no", "nn": "no"}
_HIRAGANA = re.compile("[\u3041-\u309fー]+")
_ELIDED = {
    "fr": re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|aujourd(?=.hui))['’](?=\w)", re.IGNORECASE),
    "it": re.compile(
        r"\b(?:[cdlmnstv]|un|gl|de(?:gl|ll)|ne(?:gl|ll)|a(?:gl|ll)|da(?:gl|ll)|su(?:gl|ll)|que(?:st|ll)|be(?:ll)|sant|dov|"
        r"com|anch|c|tutt|senz|mezz)['’](?=\w)",
        re.IGNORECASE,
    ),
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of a language (ISO 639-1) by stopwordsiso, in lower case; empty for an unknown language."""
    import stopwordsiso

    code = _NAMES.get(language, language)
    if code in OF_THE_PACKAGE or not stopwordsiso.has_lang(code):
        return frozenset()
    return frozenset(word.lower() for word in stopwordsiso.stopwords(code))


def without_elisions(text: str, language: str | None) -> str:
    """A French or Italian text without elided articles and the like (l'île, dell'isola)."""
    pattern = _ELIDED.get(language or "")
    return text if pattern is None else pattern.sub(lambda match: " " * len(match.group()), text)


def function_words(keys: Sequence[str], word: Ints, row: Ints, languages: Sequence[str | None]) -> Bools:
    """(keys,) whether at least half of the occurrences of a word are in texts in whose language it is a stop word.

    word, row (t,): key (or a negative number) and text of each occurrence; languages: one per text.
    """
    count = np.bincount(word[word >= 0], minlength=len(keys))
    stopped = np.zeros(len(keys), np.int64)
    of_text = np.array([language or "" for language in languages])
    for language in sorted({*languages} - {None, *OF_THE_PACKAGE}, key=str):
        here = word[(word >= 0) & (of_text[row] == language)]
        listed = np.array([_is_stop(key, str(language)) for key in keys], bool)
        stopped += np.where(listed, np.bincount(here, minlength=len(keys)), 0)
    return (stopped > 0) & (2 * stopped >= count)


def _is_stop(key: str, language: str) -> bool:
    """Whether a word is listed; in Japanese, also whether it is in hiragana only (particles, auxiliaries, endings)."""
    return key in stop_words(language) or (language == "ja" and _HIRAGANA.fullmatch(key) is not None)
