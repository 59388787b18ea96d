"""Paragraphs in another language than the codebook's are coded by their words' nearest English ones."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit import run
from toolkit.codebook.codebook import load_codebook
from toolkit.coding.gloss import code_glossed, glossary, is_foreign, segments
from toolkit.embed import MiniLM, Use

ROOT = Path(__file__).parents[1]
CODEBOOK = ROOT / "experiments" / "future_industries" / "codebook.yaml"
BILINGUAL = ROOT / "tests" / "data" / "bilingual"


def test_paragraphs_are_glossed_if_the_encoder_reads_their_language_and_english() -> None:
    languages = ["en", "zh", "zh-TW", None, "am"]
    assert is_foreign(languages, Use.languages).tolist() == [False, True, True, False, False]
    assert not is_foreign(languages, MiniLM.languages).any() and not is_foreign(languages, None).any()


def test_a_word_becomes_the_nearest_english_word_and_names_in_latin_letters_stay() -> None:
    encode = Use().fit([]).encode
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


@pytest.mark.slow
def test_chinese_articles_are_coded_by_an_english_codebook(tmp_path: Path) -> None:
    """0 without glosses; .65 with them, on the articles that the rule was chosen on."""
    done = run(
        {"name": "zh", "corpus": {"path": str(BILINGUAL / "zh")}, "codebook": {"path": str(CODEBOOK)},
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
    for code in sorted(set(codes["code"])):
        both = sum(code in one and code in two for one, two in pairs)
        scores.append(2 * both / max(sum((code in one) + (code in two) for one, two in pairs), 1))
    assert len(pairs) == 61 and np.mean(scores) > 0.6
    quotes = codes[codes["assigned"]]["quote"].tolist()
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in quote) for quote in quotes)
