"""The language of a document: by its script if that decides, by its commonest words, else by py3langid."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from functools import cache
from typing import Any

from toolkit.corpus.words import word_list, word_set
from toolkit.errors import CorpusError

SAMPLE_CHARACTERS = 3000
LEAST_LETTERS = 40
"""Letters below which no language is named (Chinese, Japanese and Korean: a quarter of that)."""
CANDIDATES = word_list("ar bg cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv th tr uk ur vi zh")
_ENGLISH = word_set(
    "the of and to in a is that for on it with as was be by at this have from or are which not has but "
    "an were had they their been its will would more than who also said can into may other about after "
    "if up one all there when these"
)
_NOT_ENGLISH = word_set(
    "tae fae frae isnae wasnae didnae cannae dinnae dinna wisnae wis hae aboot oot doon fowk whit wi ower nae yin "
    "ither maist wull dey wey wetin una dem dia na don abi sabi"
)
"""Words of Scots and of Nigerian Pidgin, which share the commonest words of English."""
PLAIN_ENGLISH_SHARE = 0.25
"""Minimum share of the commonest English words for a text to count as English without the model."""
MODEL_CHARACTERS = 1000
"""Characters that the model looks at."""
MOST_CODE_MARKS_PER_LETTER = 0.06
"""Brackets and operators for each letter above which a text is no language but code."""
LEAST_PROBABILITY = 0.2
"""Minimum probability of the reported language, among all languages of the model."""
PROBABILITY_RATIO = 4.0
"""Another language this many times as probable as the likeliest candidate makes the language unknown."""
_VARIETIES = {"nn": "no", "nb": "no", "arz": "ar", "ary": "ar", "hbo": "he", "wuu": "zh", "yue": "zh"}
_CODE = re.compile(r"[{}();=<>_\[\]\\|]|:\n|\n[ \t]{4,}\S")
_WORD = re.compile(r"[^\W\d_]+")
_HAN, _KANA, _HANGUL = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[\u3040-\u30ff]"), re.compile(r"[\uac00-\ud7af]")


def language_of(text: str, extra: Iterable[str] = ()) -> str | None:
    """The ISO 639-1 code of a text's language if it is one of `CANDIDATES` or `extra`; null if not or if too short.

    English is recognised by its commonest words, Chinese, Japanese and Korean by their script; everything else by
    py3langid (Lui and Baldwin 2012) with all its languages: a text in another language, in code, or in none is null.
    """
    sample = text[:SAMPLE_CHARACTERS]
    words = _WORD.findall(sample.lower())
    letters = sum(map(len, words))
    asian = _asian(sample, letters)
    if asian is not None:
        return asian
    if letters < LEAST_LETTERS or len(_CODE.findall(sample)) > MOST_CODE_MARKS_PER_LETTER * letters:
        return None
    common = sum(map(_ENGLISH.__contains__, words))
    if common >= 3 and sum(map(_NOT_ENGLISH.__contains__, words)) >= max(2, 0.03 * len(words)):
        return None
    if common >= max(3, PLAIN_ENGLISH_SHARE * len(words)):
        return "en"
    return _ranked(sample[:MODEL_CHARACTERS], {*CANDIDATES, *extra})


def _ranked(sample: str, candidates: set[str]) -> str | None:
    """The likeliest candidate if no other language is clearly likelier, else null."""
    first, probability = _identifier().classify(sample)
    likeliest = _VARIETIES.get(str(first), str(first))
    if probability >= 0.5 and likeliest in candidates:  # no other can be likelier: the ranking need not be made
        return likeliest
    shares: dict[str, float] = {}
    for label, share in _identifier().rank(sample):
        code = _VARIETIES.get(str(label), str(label))
        shares[code] = shares.get(code, 0.0) + float(share)
    best = max(candidates & set(shares), key=lambda code: (shares[code], code))
    rest = max(share for code, share in shares.items() if code not in candidates)
    return best if shares[best] >= LEAST_PROBABILITY and shares[best] * PROBABILITY_RATIO >= rest else None


def looks_english(text: str) -> bool:
    """Whether at least two words and an eighth of all words are among the commonest English ones, not all of them
    short."""
    words = _WORD.findall(text[:SAMPLE_CHARACTERS].lower())
    common = [word for word in words if word in _ENGLISH]
    return len(common) >= max(2, 0.12 * len(words)) and any(len(word) > 2 for word in common)


def _asian(sample: str, letters: int) -> str | None:
    """zh, ja or ko if at least a third of the letters are of that script."""
    if sample.isascii():
        return None
    han, kana, hangul = (len(script.findall(sample)) for script in (_HAN, _KANA, _HANGUL))
    if han + kana + hangul < max(LEAST_LETTERS // 4, letters / 3):
        return None
    if hangul > han + kana:
        return "ko"
    return "ja" if kana > 0.1 * (han + kana) else "zh"


@cache
def _identifier() -> Any:
    """py3langid's model with all its languages, loaded on first need (0.7 s)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as fault:  # it is unpacked into a temporary file
        raise CorpusError(
            f"the folder for temporary files ({tempfile.gettempdir()}) cannot be written: {fault.strerror}; free some "
            "space, or name another folder by TMPDIR"
        ) from None
