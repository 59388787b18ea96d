"""What a codebook says is used: every kind of rule moves the scores the way its author means it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from toolkit.codebook import Code, Codebook
from toolkit.coding import CodebookSettings, code_paragraphs
from toolkit.coding.check_quotes import check_evidence
from toolkit.coding.related_words import relatedness
from toolkit.coding.stems import stem
from toolkit.coding.tokens import tokens
from toolkit.errors import QuoteError
from toolkit.values import Coding, Vectors

BOOK = Codebook(
    (
        Code("finance", "Finance of technology", "Raising, placing or losing money for technology."),
        Code("rules", "Rules and standards", "Rules, standards or oversight for technology are made or debated."),
        Code("talent", "Skilled people", "Engineers and scientists, their training and their movement."),
        Code("local", "Local implementation", "Cities and provinces interpret or compete over national policy."),
        Code("trade", "Trade conflict", "Export controls, tariffs and sanctions between states."),
    )
)
TEXTS = (
    "The guidance fund wrote off four of its ten stakes in chip makers, and nobody was summoned to explain.",
    "Investors placed two billion in a battery maker, with the state bank bearing half of the risk.",
    "The standards committee published draft rules on who is liable when a household robot breaks a vase.",
    "The university cannot find enough doctoral students in optics, and those it trains leave for abroad.",
    "Three neighbouring cities each opened a drone park and outbid each other with cheap land.",
    "Two weeks after the new licence rule the ministry stopped exports of tungsten to American buyers.",
    "The city of Anfeng doubled its rebate for makers of machine tools and paid it out in March.",
    "It rained on the day of the village fair, and the ducks were pleased.",
)
REBATE = 6
"""The paragraph that the rules below are about: a rebate, which is money for technology and a local measure."""


@cache
def encoder() -> Any:
    from toolkit.embed import MiniLM

    return MiniLM().fit()


def encode(texts: Sequence[str]) -> Vectors:
    return np.asarray(encoder().encode(list(texts)), np.float32)


def coded(book: Codebook, evidence: str = "both") -> Coding:
    n = len(TEXTS)
    table = pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(n)],
            "document_id": [f"d{i}" for i in range(n)],
            "start": pa.array([1000 * i for i in range(n)], pa.int64()),
            "text": TEXTS,
        }
    )
    settings = CodebookSettings.model_validate({"path": "codebook.yaml", "evidence": evidence})
    return code_paragraphs(settings, book, table, encode(TEXTS), encode, None, 1)


def scores(book: Codebook, evidence: str = "both") -> Any:
    return coded(book, evidence).codes.column("score").to_numpy().reshape(len(TEXTS), -1)


def changed(identifier: str, **fields: Any) -> Codebook:
    return Codebook(tuple(replace(code, **fields) if code.id == identifier else code for code in BOOK.themes))


@pytest.fixture(scope="module", params=["both", "wording"])
def evidence(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_paragraph_near_a_counter_example_loses_the_code(evidence: str) -> None:
    near = "The town of Anfeng doubled the rebate for its machine-tool makers and paid it in spring."
    plain = scores(changed("finance", keywords=("rebate",)), evidence)
    refused = scores(changed("finance", keywords=("rebate",), counterexamples=(near,)), evidence)
    assert refused[REBATE, 0] < 0.5 * plain[REBATE, 0]
    assert refused[REBATE, 0] < 0.5
    kept = refused[0, 0] / plain[0, 0]  # how many paragraphs get the code changes, too, but a paragraph unlike it keeps
    assert kept > 0.6 > refused[REBATE, 0] / plain[REBATE, 0]  # most of its score


def test_a_paragraph_that_meets_a_rule_of_exclusion_scores_lower(evidence: str) -> None:
    rule = "Rebates of a city for makers of machine tools; money in passing (local)."
    plain, ruled = scores(BOOK, evidence), scores(changed("finance", exclude=(rule,)), evidence)
    assert ruled[REBATE, 0] < plain[REBATE, 0]
    assert np.allclose(ruled[1, 0], plain[1, 0], atol=0.1)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("include", "Rebates for makers of machine tools."),
        ("keywords", "rebate"),
        ("examples", "The county paid a double rebate to two makers of machine tools."),
    ],
)
def test_what_a_code_includes_raises_the_score(field: str, text: str, evidence: str) -> None:
    plain, more = scores(BOOK, evidence), scores(changed("finance", **{field: (text,)}), evidence)
    assert more[REBATE, 0] > plain[REBATE, 0]


def test_without_labels_no_probability_is_claimed() -> None:
    assert coded(BOOK).codes.column("probability").null_count == len(TEXTS) * len(BOOK.themes)


def test_the_best_code_of_a_paragraph_stays_the_best(evidence: str) -> None:
    score_rows = scores(BOOK, evidence)
    assert [int(row.argmax()) for row in score_rows[:6]] == [0, 0, 1, 2, 3, 4]
    assert ((score_rows > 0) & (score_rows < 1)).all()


def test_words_of_one_matter_are_kin_and_short_forms_are_read() -> None:
    assert relatedness([stem("tariffs")], [stem("duty")])[0, 0] >= 0.5
    assert relatedness([stem("tariffs")], [stem("nurse")])[0, 0] < 0.3
    assert tokens("US firms and SOEs") == tokens("America firms and state-owned enterprises")
    assert tokens("tell us") == ["tell", "us"]


@pytest.mark.parametrize("change", ["character", "paragraph", "offset", "unknown"])
def test_changed_or_moved_evidence_is_not_written(change: str) -> None:
    made = coded(BOOK).codes
    n = len(TEXTS)
    paragraphs = pa.table(
        {
            "paragraph_id": [f"p{i}" for i in range(n)],
            "start": pa.array([1000 * i for i in range(n)], pa.int64()),
            "text": TEXTS,
        }
    )
    check_evidence(made, paragraphs)
    rows = made.to_pylist()
    row = rows[7]
    if change == "character":
        row["quote"] = row["quote"].replace("e", "a", 1)
    elif change == "paragraph":
        row["paragraph_id"] = "p3"
    elif change == "offset":
        row["start"], row["end"] = row["start"] + 1, row["end"] + 1
    else:
        row["paragraph_id"] = "p99"
    with pytest.raises(QuoteError, match="not written"):
        check_evidence(pa.Table.from_pylist(rows, made.schema), paragraphs)
