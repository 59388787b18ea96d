"""The language of a document is one that is known, or null: never the nearest known one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from kit.corpora import built, column

from toolkit.corpus.language import CANDIDATES, language_of

DATA = Path(__file__).parents[1] / "data"
PARAGRAPHS = tomllib.loads((DATA / "languages.toml").read_text("utf-8"))
SCOTS = (
    "The ferry tae the island wull gang up bi nine per cent in April, the owner said on Friday. Fowk say it isnae "
    "fair, for the sailins wis cut twice in the winter."
)
PIDGIN = (
    "Di price of di ferry go rise by nine percent for April, di company talk on Friday. People wey dey live for di "
    "island say e no good at all, because dem don cut di trips two times."
)
CODE = (
    "def known(self, names):\n    for name in self.items:\n        if name not in names and name is not None:\n"
    "            return [one for one in names if one]\n    return names or None\n"
)


def test_every_known_language_is_told_from_a_paragraph_and_from_its_beginning() -> None:
    assert sorted(PARAGRAPHS["told"]) == sorted(CANDIDATES)
    for language, text in PARAGRAPHS["told"].items():
        assert (language_of(text), language_of(text[:110])) == (language, language)


@pytest.mark.parametrize("language", sorted(PARAGRAPHS["others"]))
def test_another_language_is_told_as_none_unless_the_config_names_it(language: str) -> None:
    text = PARAGRAPHS["others"][language]
    assert language_of(text) is None
    assert language_of(text, (language,)) == language


@pytest.mark.parametrize("text", [SCOTS, PIDGIN, CODE, "qwer asdf zxcv " * 8])
def test_what_shares_words_with_english_is_not_english(text: str) -> None:
    assert language_of(text) is None


def test_tamil_and_welsh_documents_are_told_as_neither_swedish_nor_english(tmp_path: Path) -> None:
    corpus = built(tmp_path, path=str(DATA / "cases/other-languages/in"))
    assert column(corpus.documents, "language") == [None, None]
    kept = built(tmp_path, path=str(DATA / "cases/other-languages/in"), languages=("cy", "ta"))
    assert column(kept.documents, "language") == ["ta", "cy"]
