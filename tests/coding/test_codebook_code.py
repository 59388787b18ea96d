"""Coding: quotes that stand in their source, none for unrelated texts, small corpora, labels that help."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.codebook import Codebook, HumanCodes, load_codebook
from toolkit.codebook.human import HUMAN
from toolkit.coding import CodebookSettings, code_paragraphs
from toolkit.coding.learning import _bounded
from toolkit.coding.related_words import relatedness
from toolkit.coding.stems import stem
from toolkit.coding.tokens import tokens
from toolkit.values import Coding, Vectors

SETTINGS = CodebookSettings(path="codebook.yaml")
TEXTS = (
    "The provinces pooled money and engineers under one chief designer. It was a whole-of-nation effort.",
    "Banks agreed to fund the chip maker. Investors worry who will bear the losses if the venture fund fails.",
    "Washington added twelve firms to its entity list. Beijing answered with export controls on rare earths.",
    "The Politburo held a study session. Party secretaries were told to learn about quantum science.",
    "It rained on Tuesday, and the ducks were pleased.",
    "State-owned enterprises were ordered to buy domestic tools. The asset regulator will score them on it.",
    "A start-up of nine people beat the big laboratories. Its founder had left university without a degree.",
    "Universities cannot find enough physicists. Basic research gets too little money, professors say.",
    "Rules on labelling machine-made pictures apply from today. A committee writes the safety standards.",
)


@cache
def encoder() -> Any:
    from toolkit.embed import MiniLM

    return MiniLM().fit()


def encode(texts: Sequence[str]) -> Vectors:
    return np.asarray(encoder().encode(list(texts)), np.float32)


def once(texts: Sequence[str]) -> Vectors:
    return np.array([_one(text) for text in texts], np.float32)


@cache
def _one(text: str) -> Any:
    return encode([text])[0]


@pytest.fixture(scope="module")
def book(root: Path) -> Codebook:
    return load_codebook(root / "experiments" / "future_industries" / "codebook.yaml")


def table(texts: Sequence[str], start: int = 0, per_document: int = 1) -> pa.Table:
    return pa.table(
        {
            "paragraph_id": [f"p{i:03d}" for i in range(len(texts))],
            "document_id": [f"d{i // per_document:03d}" for i in range(len(texts))],
            "start": pa.array([start * i for i in range(len(texts))], pa.int64()),
            "text": list(texts),
        }
    )


def given(coding: Coding) -> dict[str, set[str]]:
    by_name: dict[str, set[str]] = {}
    for row in coding.codes.to_pylist():
        by_name.setdefault(row["paragraph_id"], set())
        if row["assigned"]:
            by_name[row["paragraph_id"]].add(row["code"])
    return by_name


@pytest.fixture(scope="module")
def coding(book: Codebook) -> Coding:
    return code_paragraphs(SETTINGS, book, table(TEXTS, 1000), encode(TEXTS), encode, None, 1)


def test_plain_cases_get_their_codes_and_small_talk_gets_none(coding: Coding) -> None:
    codes_given = given(coding)
    for paragraph, code in {
        "p000": "whole_of_nation",
        "p001": "finance_risk",
        "p002": "us_rivalry",
        "p003": "party_leadership",
        "p005": "soe_control",
        "p006": "enterprise_innovation",
        "p007": "talent_science",
        "p008": "governance_standards",
    }.items():
        assert code in codes_given[paragraph], (paragraph, codes_given[paragraph])
    assert codes_given["p004"] == set()


def test_every_paragraph_meets_every_code_and_the_quote_stands_in_its_document(coding: Coding, book: Codebook) -> None:
    rows = coding.codes.to_pylist()
    assert len(rows) == len(TEXTS) * len(book.themes)
    for row in rows:
        place = int(row["paragraph_id"][1:])
        begins = 1000 * place
        assert TEXTS[place][row["start"] - begins : row["end"] - begins] == row["quote"] != ""
        assert 0.0 < row["score"] < 1.0 and row["probability"] is None
        assert row["assigned"] == (row["score"] >= 0.5)


def test_the_quote_is_the_sentence_that_speaks_of_the_code(coding: Coding) -> None:
    quote = {(row["paragraph_id"], row["code"]): row["quote"] for row in coding.codes.to_pylist()}
    assert quote["p001", "finance_risk"] == "Investors worry who will bear the losses if the venture fund fails."
    assert quote["p003", "future_industries"] == "Party secretaries were told to learn about quantum science."
    assert quote["p002", "us_rivalry"] == "Beijing answered with export controls on rare earths."


def test_a_code_that_the_corpus_does_not_support_is_said(book: Codebook) -> None:
    coding = code_paragraphs(SETTINGS, book, table(TEXTS[4:5]), encode(TEXTS[4:5]), encode, None, 1)
    assert {row["code"]: row["assigned"] for row in coding.thresholds.to_pylist()} == dict.fromkeys(book.ids, 0)
    assert any(f"does not support {len(book.ids)} of {len(book.ids)} codes" in note for note in coding.notes)


def test_one_paragraph_five_and_odd_ones_work_and_say_their_limits(book: Codebook) -> None:
    for texts in (TEXTS[:1], TEXTS[:5], ("?!", "第一。第二。", "x" * 500, "word")):
        coding = code_paragraphs(SETTINGS, book, table(texts), encode(texts), encode, None, 1)
        assert coding.codes.num_rows == len(texts) * len(book.themes)
        assert np.isfinite(coding.codes.column("score").to_numpy()).all()
        assert any("fixed background is used" in note for note in coding.notes)


def test_without_the_model_wording_alone_decides_and_it_is_said(book: Codebook) -> None:
    coding = code_paragraphs(SETTINGS, book, table(TEXTS), encode(TEXTS), None, None, 1)
    assert "us_rivalry" in given(coding)["p002"]
    assert any("wording alone decides" in note for note in coding.notes)


def test_scores_do_not_depend_on_the_order_of_paragraphs(book: Codebook, coding: Coding) -> None:
    turned = code_paragraphs(SETTINGS, book, table(TEXTS[::-1]), encode(TEXTS[::-1]), encode, None, 1)
    forward = coding.codes.column("score").to_numpy().reshape(len(TEXTS), -1)
    backward = turned.codes.column("score").to_numpy().reshape(len(TEXTS), -1)[::-1]
    assert np.allclose(forward, backward, atol=1e-9)


def test_keywords_and_rules_are_used_and_not_just_printed(book: Codebook) -> None:
    texts = (*TEXTS, "The heliostats of the quillwort scheme will be delivered in May.")
    plain = code_paragraphs(SETTINGS, book, table(texts), encode(texts), encode, None, 1)
    codes = tuple(
        replace(code, keywords=(*code.keywords, "quillwort scheme")) if code.id == "future_industries" else code
        for code in book.themes
    )
    with_keyword = code_paragraphs(SETTINGS, Codebook(codes), table(texts), encode(texts), encode, None, 1)
    row = (len(texts) - 1) * len(book.themes) + book.ids.index("future_industries")
    assert with_keyword.codes.column("score")[row].as_py() > plain.codes.column("score")[row].as_py()


def test_words_are_inflected_and_have_kin() -> None:
    assert stem("mobilisation") == stem("mobilizing") == stem("mobilize")
    assert stem("industries") == stem("industry") == stem("industrial")
    assert tokens("whole-of-nation") == tokens("Whole of nation")
    related, stranger = relatedness([stem("physicians"), stem("goats")], [stem("doctor")])[:, 0]
    assert related > 0.2 > stranger == 0.0


@pytest.mark.shared
@pytest.mark.parametrize(
    ("included", "mixed"),
    [
        (True, True),
        pytest.param(True, False, marks=pytest.mark.slow),
        pytest.param(False, False, marks=pytest.mark.slow),
    ],
)
def test_at_most_one_unrelated_text_in_twenty_gets_any_code(
    book: Codebook, shared: Path, included: bool, mixed: bool
) -> None:
    book = book if included else load_codebook(shared / "corpora" / "codebook.yaml")
    sports, posts = [], []
    for name, kept in (("bbc_news", sports), ("20newsgroups", posts)):
        with gzip.open(shared / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        kept += [" ".join(row["text"].split()[:80]) for row in rows if name != "bbc_news" or row["label"] == "sport"]
    texts = [*sports[::10][:50], *posts[::363][:50]]
    every = [*TEXTS, *texts] if mixed else texts
    codes_given = given(code_paragraphs(SETTINGS, book, table(every), once(every), encode, None, 1))
    coded = sum(bool(codes) for codes in list(codes_given.values())[-len(texts) :])
    assert coded <= 0.05 * len(texts)


def marks(book: Codebook, n: int) -> HumanCodes:
    """Two coders who agree: the code of each repeated text, one paragraph in nine with none."""
    codes = ["whole_of_nation", "finance_risk", "us_rivalry", "party_leadership", None, "soe_control"]
    codes += ["enterprise_innovation", "talent_science", "governance_standards"]
    rows = [
        {"paragraph_id": f"p{i:03d}", "code": codes[i % 9], "coder": coder}
        for i in range(n)
        for coder in ("ann", "bob")
    ]
    return HumanCodes(pa.Table.from_pylist(rows, schema=HUMAN))


def test_human_codes_give_probabilities_and_scores_from_documents_not_learned_from(book: Codebook) -> None:
    texts = [f"{TEXTS[i % 9]} Item {i}." for i in range(45)]
    rows = table(texts, 1000, per_document=3)
    coding = code_paragraphs(SETTINGS, book, rows, encode(texts), encode, marks(book, 45), 1)
    probability = coding.codes.column("probability").to_numpy()
    assert ((probability >= 0) & (probability <= 1)).all()
    assigned = coding.codes.column("assigned").to_numpy()
    threshold = coding.thresholds.column("threshold")[0].as_py()
    assert (assigned == (probability >= threshold)).all()
    scored = {(row["code"], row["measure"]): row for row in coding.scored.to_pylist()}
    macro = scored[None, "macro f1"]
    assert macro["value"] == 1.0 and macro["low"] is None and "the same in all" in macro["reason"]
    assert scored[None, "alpha"]["value"] == 1.0
    assert scored[None, "kappa ann / bob"]["value"] == 1.0
    never = scored["critique_limits", "recall"]
    assert never["value"] is None and never["reason"] == "no coded paragraph has it"
    assert (None, "macro f1 with 20 labels") in scored
    assert (None, "macro f1 without labels") in scored


def test_too_few_human_codes_teach_nothing_and_it_is_said(book: Codebook) -> None:
    coding = code_paragraphs(SETTINGS, book, table(TEXTS), encode(TEXTS), encode, marks(book, 9), 1)
    assert coding.codes.column("probability").null_count == coding.codes.num_rows
    assert any("Nothing was learned from the coded sample: 9 coded paragraphs" in note for note in coding.notes)
    assert any(row["measure"] == "macro f1" and row["value"] > 0.6 for row in coding.scored.to_pylist())


def test_a_codebook_that_covers_everything_leaves_hardly_a_paragraph_without_its_best_code(root: Path) -> None:
    book = load_codebook(root / "experiments" / "benchmarks" / "coding" / "sections.yaml")
    texts = (
        "The goalkeeper saved two penalties and the crowd sang until the final whistle.",
        "Shares fell after the bank said that its profits would halve this year.",
        "Ministers lost the vote in the Commons by a margin of nine, and the opposition asked for an election.",
        "The singer cancelled her tour a week after the album went to number one.",
        "A flaw in the browser lets strangers read the messages that people keep on their phones.",
        "She has been nominated for best actress, and the film opens on Friday.",
    )
    sections = ("sport", "business", "politics", "entertainment", "tech", "entertainment")
    vectors, by_name = encode(texts), {}
    for covers in ("field", "everything"):
        settings = SETTINGS.model_copy(update={"covers": covers})
        by_name[covers] = given(code_paragraphs(settings, book, table(texts), vectors, encode, None, 1))
    for row, section in enumerate(sections):
        assert section in by_name["everything"][f"p{row:03d}"], texts[row]
        assert by_name["field"][f"p{row:03d}"] <= by_name["everything"][f"p{row:03d}"]
    assert sum(map(len, by_name["field"].values())) < sum(map(len, by_name["everything"].values()))


def test_a_field_that_the_coders_contradict_bounds_nothing_and_that_is_said() -> None:
    marks_of = np.array([[True], [False], [True], [True]])
    rows = np.arange(4, dtype=np.int32)
    within, bounded, notes = _bounded(np.array([True, True, True, False]), rows, marks_of)
    assert within.all() and not bounded and "1 of 3 codes to paragraphs outside" in notes[0]
    within, bounded, notes = _bounded(np.array([True, False, True, True]), rows, marks_of)
    assert within.tolist() == [True, False, True, True] and bounded and not notes
