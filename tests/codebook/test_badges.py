"""Badges of codes: by intervals, so that luck does not turn them; and what coders say of a code in a paragraph."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from kit.coding import table
from scipy.stats import beta

from toolkit.codebook import Code, Codebook, HumanCodes
from toolkit.codebook.badges import badges
from toolkit.codebook.human import HUMAN
from toolkit.codebook.verdicts import verdicts
from toolkit.coding.quality import quality

DOCUMENTS, EACH, CODES = 60, 3, 60


def scores(f1: tuple[Any, ...], kappa: tuple[Any, ...] = (0.6, 0.5, 0.7), n: int = 25) -> list[dict[str, Any]]:
    both = (("f1", f1, n), ("kappa machine / coders", kappa, 150))
    return [
        {"code": "a", "measure": name, "value": item[0], "low": item[1], "high": item[2], "n": of, "reason": "why"}
        for name, item, of in both
    ]


def badge(*args: Any, documents: int = 20, **more: Any) -> tuple[str, str]:
    row = badges(scores(*args, **more), ["a"], documents).to_pylist()[0]
    return row["badge"], row["why"]


def test_an_unchecked_code_that_asks_for_a_stance_says_how_such_codes_fare() -> None:
    rows = badges([], ["doubts", "wind"], 0, {"doubts"}).to_pylist()
    assert [row["badge"] for row in rows] == ["unchecked"] * 2
    assert rows[1]["why"] == "no codes by coders"
    assert rows[0]["why"].startswith("no codes by coders; the code asks for a stance")
    assert "a mean F1 of 0.49 on development codebooks, others 0.65" in rows[0]["why"]
    checked = badges(scores((0.8, 0.5, 0.9)), ["a"], 20, {"a"}).to_pylist()[0]
    assert "stance" not in checked["why"]


@pytest.mark.parametrize(
    ("f1", "kappa", "expected"),
    [
        ((0.8, 0.5, 0.9), (0.7, 0.4, 0.8), "checked"),
        ((0.8, 0.499, 0.9), (0.7, 0.4, 0.8), "checked"),  # printed as 0.50
        ((0.8, 0.494, 0.9), (0.7, 0.4, 0.8), "uncertain"),
        ((0.8, 0.6, 0.9), (0.7, 0.39, 0.8), "uncertain"),
        ((0.3, 0.1, 0.49), (0.3, 0.1, 0.5), "weak"),
        ((0.5, 0.4, 0.6), (0.2, 0.1, 0.39), "weak"),
        ((0.5, 0.4, 0.6), (0.2, 0.1, 0.4), "uncertain"),
        ((0.5, None, None), (0.4, None, None), "uncertain"),
        ((None, None, None), (None, None, None), "unchecked"),
    ],
)
def test_a_badge_follows_the_intervals_as_they_are_printed(f1: Any, kappa: Any, expected: str) -> None:
    assert badge(f1, kappa)[0] == expected


def test_few_paragraphs_and_one_document_are_uncertain_and_without_codes_nothing_is_checked() -> None:
    perfect, none = (1.0, None, None), (0.0, None, None)
    assert badge(perfect, n=9) == ("uncertain", "machine or coders gave it to 9 coded paragraphs, fewer than 10")
    assert badge(perfect, n=1)[1] == "machine or coders gave it to 1 coded paragraph, fewer than 10"
    assert badge(perfect, documents=1)[0] == "uncertain"
    assert badges([], ["a"], 0).to_pylist()[0]["badge"] == "unchecked"
    exact = [beta.ppf(0.025, 10, 1), beta.ppf(0.975, 1, 10)]  # Clopper and Pearson: all and none of ten
    low, high = (round(2 * share / (1 + share), 2) for share in exact)
    assert badge(perfect, (1.0, None, None), n=10) == ("checked", f"F1 is at least {low:.2f}")
    assert badge(none, n=10) == ("weak", f"F1 is at most {high:.2f}, below 0.50")


def simulated(agree: float, seed: int) -> Counter[str]:
    """Badges of sixty codes of which `agree` is the share of agreement among paragraphs that either side marks."""
    rng = np.random.default_rng(seed)
    either = rng.random((DOCUMENTS * EACH, CODES)) < 0.15
    same = rng.random(either.shape) < np.repeat(rng.beta(6 * agree, 6 * (1 - agree), (DOCUMENTS, CODES)), EACH, 0)
    coin = rng.random(either.shape) < 0.5
    people, machine = either & (same | coin), either & (same | ~coin)
    book = Codebook(tuple(Code(f"c{at}", f"C{at}", "d") for at in range(CODES)))
    paragraphs = table(
        [f"Text {row}." for row in range(len(either))], [f"d{row // EACH}" for row in range(len(either))]
    )
    marks = [
        {"paragraph_id": f"p{row:03d}", "code": code, "coder": "x"}
        for row in range(len(either))
        for code in [book.ids[at] for at in np.flatnonzero(people[row])] or [None]
    ]
    human = HumanCodes(pa.Table.from_pylist(marks, schema=HUMAN))
    rows = quality(book, paragraphs, human, machine, None, 150, seed).to_pylist()
    return Counter(badges(rows, book.ids, DOCUMENTS)["badge"].to_pylist())


def test_luck_decides_no_badge() -> None:
    at_the_bound = simulated(1 / 3, 1)  # F1 = 0.5: neither verdict is true
    assert at_the_bound["weak"] <= 5 and at_the_bound["checked"] <= 5
    poor, good = simulated(0.1, 2), simulated(0.8, 3)  # F1 of 0.18 and 0.89
    assert poor["checked"] == 0 and poor["weak"] >= 48
    assert good["weak"] == 0 and good["checked"] >= 48


def test_coders_confirm_refuse_or_dispute_and_a_child_speaks_for_its_parent() -> None:
    marks = {
        "x": {"p": frozenset({"child"}), "q": frozenset()},
        "y": {"p": frozenset({"parent"}), "r": frozenset({"other"})},
    }
    verdict_of = verdicts(marks, {"parent": None, "child": "parent", "other": None})
    assert (
        verdict_of["p", "parent"] == "confirmed"
        and verdict_of["p", "child"] == "disputed"
        and verdict_of["p", "other"] == "refused"
    )
    assert {verdict_of["q", code] for code in ("parent", "child", "other")} == {"refused"}
    assert verdict_of["r", "other"] == "confirmed" and ("s", "other") not in verdict_of
