"""Paragraphs in another language than the codebook's are coded by their words' nearest English ones."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit import run
from toolkit.codebook.codebook import load_codebook
from toolkit.coding.code import code_paragraphs
from toolkit.coding.gloss import code_glossed, glossary, segments
from toolkit.coding.settings import CodebookSettings
from toolkit.embed import MiniLM, Use, read_beside_english

ROOT = Path(__file__).parents[2]
CODEBOOK = ROOT / "experiments" / "future_industries" / "codebook.yaml"
BILINGUAL = ROOT / "tests" / "data" / "bilingual"


@cache
def encoder() -> Any:
    return Use().fit([])


@cache
def vector(text: str) -> Any:
    return encoder().encode([text])[0]


def encode(texts: Sequence[str]) -> Any:
    """Unit rows of the texts; each is embedded once for all tests of this file."""
    return np.array([vector(text) for text in texts], np.float32)


def test_paragraphs_are_glossed_if_the_encoder_reads_their_language_and_english() -> None:
    languages = ["en", "zh", "zh-TW", None, "am"]
    assert read_beside_english(languages, Use.languages).tolist() == [False, True, True, False, False]
    assert not read_beside_english(languages, MiniLM.languages).any() and not read_beside_english(languages, None).any()


def test_a_word_becomes_the_nearest_english_word_and_names_in_latin_letters_stay() -> None:
    sentence = "国有企业采用了 SASAC 的 6G 技术。"
    assert "企业" in segments(sentence) or "国有企业" in segments(sentence)
    gloss = glossary([sentence], load_codebook(CODEBOOK), encode)(sentence)
    assert "sasac" in gloss.split() and "6g" in gloss.split() and "technology" in gloss.split()
    assert gloss.isascii()


def test_texts_in_the_codebooks_language_are_coded_as_they_are() -> None:
    table, vectors = pa.table({"text": ["One.", "Two."]}), np.eye(2, dtype=np.float32)
    seen: list[Any] = []

    def code(paragraphs: Any, rows: Any) -> Any:
        seen.append((paragraphs, rows))
        return "made"

    none = np.zeros(2, bool)
    assert code_glossed(table, vectors, none, load_codebook(CODEBOOK), Use().fit([]).encode, code) == "made"
    assert seen[0][0] is table and seen[0][1] is vectors


def test_a_paragraph_gets_the_code_of_the_same_paragraph_in_english() -> None:
    book = load_codebook(CODEBOOK)

    def codes(language: str) -> set[tuple[int, str]]:
        text = (BILINGUAL / language / "rail_group_scorecard.md").read_text(encoding="utf-8")
        texts = text.strip().split("\n\n")[1:]
        ids = [str(row) for row in range(len(texts))]
        table = pa.table({"paragraph_id": ids, "document_id": ids, "start": [0] * len(texts), "text": texts})
        made = code_glossed(
            table, encode(texts), np.full(len(texts), language != "en"), book, encode,
            lambda paragraphs, vectors: code_paragraphs(
                CodebookSettings(path="x"), book, paragraphs, vectors, encode, None, 1
            ),
        )  # fmt: skip
        rows = made.codes.to_pylist()
        assert all(row["quote"] in texts[int(row["paragraph_id"])] for row in rows)
        return {(int(row["paragraph_id"]), row["code"]) for row in rows if row["assigned"]}

    english, chinese = codes("en"), codes("zh")
    assert len(english) >= 4 and len(english & chinese) >= 0.5 * len(english)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "paragraphs", "least"), [("zh", 61, 0.6), ("de", 29, 0.45)])
def test_articles_in_other_languages_are_coded_by_an_english_codebook(
    language: str, paragraphs: int, least: float, tmp_path: Path
) -> None:
    """Chinese: 0 without glosses, .69 with them, on the articles that the rule was chosen on. German: .52."""
    done = run(
        {"name": language, "corpus": {"path": str(BILINGUAL / language)}, "codebook": {"path": str(CODEBOOK)},
         "store": str(tmp_path / "store"), "discover": {"method": "kmeans", "themes": 3, "seeds": 0}},
        out=tmp_path / "run",
    )  # fmt: skip
    with (BILINGUAL / "codes.csv").open(encoding="utf-8") as file:
        gold = {
            (row["stem"], int(row["paragraph"])): set(row["codes"].split(";")) - {""} for row in csv.DictReader(file)
        }
    codes = done.codes
    given = codes[codes["assigned"]].groupby("paragraph_id")["code"].apply(set).to_dict()
    places = done.paragraphs.groupby("document_id").cumcount() + 1
    pairs = [
        (given.get(name, set()), gold[Path(document).stem, place])
        for name, document, place in zip(
            done.paragraphs["paragraph_id"], done.paragraphs["document_id"], places, strict=True
        )
    ]
    scores = []
    for code in sorted(set().union(*(two for _, two in pairs))):
        both = sum(code in one and code in two for one, two in pairs)
        scores.append(2 * both / max(sum((code in one) + (code in two) for one, two in pairs), 1))
    assert len(pairs) == paragraphs and np.mean(scores) > least
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sorted((BILINGUAL / language).glob("*.md")))
    assert all(quote in texts for quote in codes[codes["assigned"]]["quote"])
