"""Vowel signs and accents that are characters of their own belong to the word that they are written in."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, column

from toolkit.corpus.words import count_words, word_tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("बंदरगाह परिषद ने मंगलवार को शुल्क बढ़ाने का निर्णय लिया।", 10),
        ("বন্দর পরিষদ মঙ্গলবার ফি বাড়ানোর", 5),
        ("துறைமுக சபை கட்டணத்தை", 3),
        ("كِتَابٌ جَدِيدٌ", 2),
        ("cafe\u0301 noir, don't, 3.5", 4),
    ],
)
def test_a_word_is_counted_once_whatever_marks_it_has(text: str, words: int) -> None:
    assert count_words(text) == len(word_tokens(text)) == words


def test_the_words_of_a_hindi_paragraph_are_those_between_its_blanks(tmp_path: Path) -> None:
    text = "बंदरगाह परिषद ने मंगलवार को शुल्क बढ़ाने का निर्णय लिया। जहाज कंपनियों ने कहा कि वे यह बढ़ोतरी यात्रियों पर डालेंगी।"
    assert column(built(tmp_path, {"a.txt": text}).paragraphs, "words") == [len(text.split())]
