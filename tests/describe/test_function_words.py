"""Keywords of texts in any language are words of the subject: no articles, particles or endings."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from toolkit.describe.describing import plain_keywords
from toolkit.describe.passages import terms_of
from toolkit.describe.settings import DescribeSettings
from toolkit.describe.words import STOP, pieces_of, read_words

STATED = tomllib.loads((Path(__file__).parents[1] / "data" / "languages.toml").read_text("utf-8"))["told"]
FUNCTION_WORDS = {
    "ar": "في أن إلى", "bg": "на за в", "cs": "na za v", "da": "af og på den", "de": "die der im um den",
    "el": "το για η οι", "es": "el la en por", "fa": "به در که", "fi": "on ja", "fr": "le la pour du les est",
    "he": "כי", "hi": "में ने को", "hu": "a az", "id": "pada ke dan itu", "it": "il la del per", "ja": "は に を と",
    "nl": "de het een om", "no": "og på er den", "pl": "na o w", "pt": "o a para em", "ro": "de la cu", "ru": "на в и",
    "sv": "och på det en", "tr": "ve bir için", "uk": "для у і до", "vi": "là và cho",
}  # fmt: skip


def stopped(texts: list[str], languages: list[str | None]) -> set[str]:
    words = read_words(texts, (), languages)
    return {key for key, kind in zip(words.keys, words.kinds, strict=True) if kind == STOP}


@pytest.mark.parametrize("language", sorted(FUNCTION_WORDS))
def test_function_words_are_no_keywords_and_words_of_the_subject_are(language: str) -> None:
    given = FUNCTION_WORDS[language]
    out = stopped([f"{STATED[language]} {given}."], [language])
    assert {word.lower() for word in given.split()} <= out


def test_a_word_is_left_out_where_its_own_language_lists_it_and_nowhere_else() -> None:
    german, english = "Der Hafen war alt und die Stadt war arm.", "The war ended and men die in war."
    assert "war" in stopped([german], ["de"]) and "war" not in stopped([english], ["en"])
    assert "war" not in stopped([german, english, english, english], ["de", "en", "en", "en"])
    assert "war" in stopped([german, german, german, english], ["de", "de", "de", "en"])
    assert stopped([german], [None]) == stopped([german], ["en"])


def test_what_an_apostrophe_joins_to_a_french_or_italian_word_is_cut_off() -> None:
    french = read_words(["L'île et l’eau d'Orléans qu'on aime aujourd'hui"], (), ["fr"])
    assert {"île", "eau", "orléans"} <= set(french.keys)
    assert {"isola", "acqua"} <= set(read_words(["dell'isola, un'acqua"], (), ["it"]).keys)
    assert "o'brien" in read_words(["O'Brien's d'accord"], (), ["en"]).keys


def test_vowel_signs_and_accents_are_parts_of_words() -> None:
    assert pieces_of("नौका का किराया बढ़ेगा।") == ["नौका", "का", "किराया", "बढ़ेगा", "।"]
    assert pieces_of("நௌகை কলকাতা می‌خواهد cafe\u0301") == ["நௌகை", "কলকাতা", "می‌خواهد", "cafe\u0301"]


def test_keywords_of_german_themes_are_german_nouns() -> None:
    ferry = ["Die Fähre fährt mit dem Wind auf der Insel an, und die Fähre ist für die Insel da."] * 4
    school = ["Die Schule ist mit dem Lehrer auf dem Hof, und der Lehrer ist für die Schule da."] * 4
    settings = DescribeSettings(keywords=3, phrase_words=1)
    terms = terms_of(settings, ferry + school, ["de"] * 8)
    first, second = plain_keywords(settings, terms, np.repeat([0, 1], 4).astype(np.int32))
    assert {"Fähre", "Insel"} <= set(first) and {"Schule", "Lehrer"} <= set(second)
    assert not {"die", "der", "mit", "für", "auf", "dem", "und", "ist", "da", "an"} & {
        word.lower() for word in first + second
    }
