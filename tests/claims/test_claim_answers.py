"""Claims answered: what is counted, which verdict with which reason, adjusted together, on whose codes."""

from __future__ import annotations

import math

import pytest
from kit.claims import human, material
from pydantic import TypeAdapter
from scipy.special import expit, logit
from scipy.stats import t

from toolkit.claims import Claim, answer
from toolkit.claims.answering import judged
from toolkit.claims.measures import Measure
from toolkit.claims.settings import Changed
from toolkit.claims.words import reason_in_words, sentence

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")

CLAIM: TypeAdapter[Claim] = TypeAdapter(Claim)


def asked(*claims: dict[str, object], of: object) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = answer([CLAIM.validate_python(claim) for claim in claims], of).table.to_pylist()
    return rows


MARKS = {
    "x": [[1, 1, 0], [1, 0, 1], [1, 1, 1], [0, 1, 1], [1, 1, 0], [1, 1, 0, 1]] + [[0, 0, 0], [0, 1, 0]] * 5,
    "y": [[0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 1, 0, 0]] + [[0, 0, 1], [1, 0, 0]] * 5,
}
SOURCE: list[str | None] = ["a"] * 6 + ["b"] * 4 + ["c"] * 6


def test_a_share_that_is_larger_in_a_group_holds_and_its_contrary_does_not() -> None:
    of = material(MARKS, SOURCE)
    larger, smaller, than = asked(
        {"claim": "larger", "code": "x", "group_by": "source", "group": "a"},
        {"claim": "smaller", "code": "x", "group_by": "source", "group": "a", "than": "rest"},
        {"claim": "larger", "code": "x", "group_by": "source", "group": "b", "than": "c"},
        of=of,
    )
    assert larger["verdict"] == "holds by unchecked codes" and larger["reason"] is None
    assert (larger["first"], larger["n"], larger["documents"]) == (14 / 19, 19, 6)
    assert (larger["second"], larger["n_second"], larger["documents_second"]) == (5 / 30, 30, 10)
    assert larger["estimate"] == pytest.approx(14 / 19 - 5 / 30)
    assert smaller["verdict"] == "does not hold by unchecked codes" and smaller["reason"] == "the share is larger"
    assert than["verdict"] == "cannot be told" and "neither shown nor excluded" in than["reason"]
    assert (than["first"], than["second"]) == (2 / 12, 3 / 18)
    assert larger["numbers"] == (
        f"57.0 points ({100 * larger['low']:.1f} to {100 * larger['high']:.1f}): 73.7% of 19 paragraphs in 6 documents "
        "against 16.7% of 30 paragraphs in 10 documents"
    )


def test_all_claims_of_a_study_are_adjusted_together_by_holm() -> None:
    rows = asked(
        *({"claim": "larger", "code": code, "group_by": "source", "group": "a"} for code in ("x", "y")),
        {"claim": "above", "code": "y", "share": 0.2},
        {"claim": "rose", "code": "x"},
        of=material(MARKS, SOURCE),
    )
    known = sorted(row["p"] for row in rows if row["p"] is not None)
    assert len(known) == 3 and rows[3]["reason"] == "no document has a date" and rows[3]["p_adjusted"] is None
    holm, so_far = {}, 0.0
    for rank, p in enumerate(known):
        so_far = max(so_far, min(1.0, (3 - rank) * p))
        holm[p] = so_far
    assert [row["p_adjusted"] for row in rows[:3]] == pytest.approx([holm[row["p"]] for row in rows[:3]])


def test_a_claim_that_holds_alone_and_not_among_many_says_so() -> None:
    claim = CLAIM.validate_python({"claim": "above", "code": "x", "share": 0.1})
    measure = Measure(0.1, 0.2, 0.11, 0.3, 0.02)
    assert judged(claim, measure, 0.02, 1) == ("holds", "")
    assert judged(claim, measure, 0.06, 3) == ("cannot be told", "unadjusted p is 0.020, adjusted for 3 claims 0.060")
    assert judged(claim, Measure(0.1, 0.05, 0.02, 0.09, 0.01), 0.01, 1) == (
        "does not hold", "the share is below the value"
    )  # fmt: skip
    assert judged(claim, Measure(0.1, 0.2, 0.09, 0.3, 0.04), 0.04, 1)[0] == "cannot be told"


def test_a_claim_is_told_what_its_interval_includes_only_if_it_does() -> None:
    claim = CLAIM.validate_python({"claim": "above", "code": "x", "share": 0.1})
    assert judged(claim, Measure(0.1, 0.2, 0.11, 0.3, 0.06), 0.06, 1)[1] == (
        "the interval excludes 10%, and the test does not (p 0.060, adjusted 0.060)"
    )
    assert judged(claim, Measure(0.1, 0.2, 0.09, 0.3, 0.06), 0.06, 1)[1].startswith("the interval includes 10%")


def test_documents_count_once_copies_never_and_a_child_counts_for_its_parent() -> None:
    marks = {"top": [[0, 0], [0, 0], [1, 0], [0, 0], [0, 0]], "child": [[1, 1], [0, 0], [0, 0], [0, 0], [1, 1]]}
    of = material(marks, copies={4: 0}, parents={"top": None, "child": "top"})
    paragraphs, documents, child = asked(
        {"claim": "above", "code": "top", "share": 0.5},
        {"claim": "above", "code": "top", "share": 0.1, "unit": "document"},
        {"claim": "below", "code": "child", "share": 0.5},
        of=of,
    )
    assert (paragraphs["estimate"], paragraphs["n"], paragraphs["documents"]) == (3 / 8, 8, 4)
    assert (documents["estimate"], documents["n"]) == (2 / 4, 4)
    assert (child["estimate"], child["n"]) == (2 / 8, 8)


def test_time_counts_between_since_and_until_and_within_a_group() -> None:
    dates: list[str | None] = [f"{2020 + i // 4}-{1 + 3 * (i % 4):02d}" for i in range(15)] + [None]
    whole, part, group = asked(
        {"claim": "fell", "code": "x"},
        {"claim": "changed", "code": "x", "since": "2021", "until": "2022-04"},
        {"claim": "changed", "code": "x", "group_by": "source", "group": "c"},
        of=material(MARKS, SOURCE, dates),
    )
    assert (whole["documents"], part["documents"], group["documents"]) == (15, 6, 5)
    assert whole["estimate"] < 0 and whole["verdict"] == "holds by unchecked codes"
    assert whole["measure"] == "change of share per year" and whole["numbers"].startswith("−")


def test_codes_together_are_compared_with_what_chance_gives() -> None:
    marks = {
        "x": [[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]] * 5,
        "y": [[1, 0, 0, 0], [0, 1, 0, 1], [1, 0, 0, 0], [0, 0, 1, 0]] * 5,
    }
    row, self = asked({"claim": "together", "codes": ["x", "y"]}, {"claim": "above", "code": "x", "share": 0.9},
                      of=material(marks))  # fmt: skip
    assert (row["first"], row["second"], row["n"]) == (20, 25 * 25 / 80, 80)
    assert row["estimate"] == pytest.approx(20 * 80 / 25**2) and row["verdict"] == "holds by unchecked codes"
    assert row["low"] > 1 and row["chance"] == 1.0 and (row["code"], row["other"]) == ("x", "y")
    assert self["verdict"] == "does not hold by unchecked codes"


def test_whole_sources_are_left_out_and_counted_where_they_are_what_is_independent() -> None:
    source = [f"s{i // 2}" for i in range(16)]
    above, rose = asked(
        {"claim": "above", "code": "x", "share": 0.1},
        {"claim": "rose", "code": "x", "until": "2020-06"},
        of=material(MARKS, source, [f"20{20 + i}" for i in range(16)], resample="source"),
    )
    hits, total = [4, 5, 5, 1, 1, 1, 1, 1], [6, 6, 7, 6, 6, 6, 6, 6]
    without = [(19 - hit) / (49 - n) for hit, n in zip(hits, total, strict=True)]
    error = math.sqrt(7 / 8 * sum((value - sum(without) / 8) ** 2 for value in without))
    reach = t.ppf(0.975, 49**2 / (7 * 36 + 49) - 1) * error / (19 / 49 * 30 / 49)
    assert above["low"] == pytest.approx(expit(logit(19 / 49) - reach)) and above["documents"] == 8
    assert "38.8% of 49 paragraphs in 8 groups of source" in above["numbers"]
    assert rose["reason"] == "1 document with a date until 2020-06, and 4 are needed"


@pytest.mark.parametrize("column", ["community", "document_type"])
def test_a_reason_names_the_column_of_what_is_independent_as_it_is_called(column: str) -> None:
    assert reason_in_words("2 dated documents, and 4 are needed", "paragraph", column) == (
        f"2 dated groups of {column}, and 4 are needed"
    )
    assert reason_in_words("all units with both codes are in one document", "paragraph", column) == (
        f"all paragraphs with both codes are in one group of {column}"
    )


def test_a_claim_about_speakers_of_articles_has_the_reason() -> None:
    claim = {"claim": "larger", "code": "x", "group_by": "speaker", "group": "ann"}
    (row,) = asked(claim, of=material(MARKS, SOURCE))
    assert row["reason"] == "no paragraph has a speaker: no document was read as a transcript"


def test_a_period_is_between_two_dates() -> None:
    claim = Changed(code="x", since="2023", until="2024-06")
    assert sentence(claim, {}) == "The share of paragraphs with “x” changed between 2023 and 2024-06."


def test_speakers_are_groups_of_paragraphs() -> None:
    marks = {"x": [[1, 0, 1, 0], [1, 0, 0, 0], [1, 1, 1, 0], [1, 0, 1, 0], [0, 0, 1, 0]]}
    of = material(marks, speaker=["mayor", "guest"] * 10)
    paragraphs, documents = asked(
        {"claim": "larger", "code": "x", "group_by": "speaker", "group": "mayor", "than": "guest"},
        {"claim": "larger", "code": "x", "group_by": "speaker", "group": "mayor", "unit": "document"},
        of=of,
    )
    assert (paragraphs["first"], paragraphs["n"], paragraphs["second"]) == (8 / 10, 10, 1 / 10)
    assert (documents["first"], documents["n"], documents["second"]) == (5 / 5, 5, 1 / 5)


def test_a_document_counts_once_however_many_other_speakers_it_has() -> None:
    marks = {"x": [[1, 1, 1, 0], [1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0]]}
    of = material(marks, speaker=["mayor", "guest", "host", "clerk"] * 5)
    claim = {"claim": "larger", "code": "x", "group_by": "speaker", "group": "mayor", "unit": "document"}
    (row,) = asked(claim, of=of)
    assert (row["first"], row["n"], row["second"], row["n_second"]) == (4 / 5, 5, 3 / 5, 5)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ({"claim": "larger", "code": "x", "group_by": "sauce", "group": "a"}, "no column 'sauce' in documents (did you "
         "mean 'source'?)"),
        ({"claim": "larger", "code": "x", "group_by": "source", "group": "d"}, "no document has source 'd'; there are "
         "a, b, c"),
        ({"claim": "larger", "code": "x", "group_by": "source", "group": "a", "than": "z"}, "no document has source 'z'"
         "; there are a, b, c"),
        ({"claim": "rose", "code": "x"}, "no document has a date"),
        ({"claim": "together", "codes": ["x", "none"]}, "one of the two codes is in no paragraph"),
        ({"claim": "larger", "code": "none", "group_by": "source", "group": "a"}, "no paragraph of either group has "
         "the code"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_has_a_reason_and_no_p(claim: dict[str, object], reason: str) -> None:
    marks = {**MARKS, "none": [[0] * len(of_document) for of_document in MARKS["x"]]}
    (row,) = asked(claim, of=material(marks, SOURCE))
    assert (row["verdict"], row["reason"], row["p"]) == ("cannot be told", reason, None)


def test_a_group_of_three_documents_is_too_small() -> None:
    (row,) = asked({"claim": "larger", "code": "x", "group_by": "source", "group": "a"},
                   of=material(MARKS, ["a"] * 3 + ["b"] * 13))  # fmt: skip
    assert row["reason"] == "3 documents with source 'a', and 4 are needed"


SCORED = [
    {"measure": "f1", "code": "x", "value": 0.8, "low": 0.7, "high": 0.9, "hits": 32, "n": 40},
    {"measure": "f1", "code": "y", "value": 0.31, "low": 0.0, "high": 0.42, "hits": 8, "n": 26},
]


def test_a_verdict_says_how_far_the_codes_were_checked() -> None:
    both, weak, checked = (
        {"claim": "together", "codes": ["x", "y"]},
        {"claim": "above", "code": "y", "share": 0.1},
        {"claim": "above", "code": "x", "share": 0.1},
    )
    coded = human({"d00:0": ["x"], "d01:0": ["x"]})
    rows = asked(both, weak, checked, of=material(MARKS, SOURCE, human=coded, scored=SCORED))
    assert [row["badge"] for row in rows] == ["weak", "weak", "checked"]
    assert rows[0]["basis"] == "by weak machine codes: y has an F1 of 0.31 (0.00–0.42) against the coders"
    assert rows[2]["basis"] == "by machine codes: their F1 is 0.80 (0.70–0.90) against the coders"
    assert [row["verdict"] for row in rows] == ["cannot be told", "holds by weak codes", "holds"]
    (alone,) = asked(checked, of=material(MARKS, SOURCE))
    assert (alone["badge"], alone["basis"]) == ("unchecked", "by machine codes without a check")


def test_shares_are_corrected_with_the_coders_codes_where_there_are_enough() -> None:
    people = {f"d{i:02d}:{j}": (["x"] if j == 0 else []) for i in range(16) for j in range(2)}
    above, documents, group = asked(
        {"claim": "above", "code": "x", "share": 0.1},
        {"claim": "above", "code": "x", "share": 0.1, "unit": "document"},
        {"claim": "larger", "code": "x", "group_by": "source", "group": "a"},
        of=material(MARKS, SOURCE, human=human(people), scored=SCORED),
    )
    assert above["machine"] == 19 / 49 and above["estimate"] != above["machine"]
    assert above["basis"].startswith("by codes corrected with 32 coded paragraphs in 16 documents, valid if")
    for row in (documents, group):  # the group has 12 coded paragraphs, and 20 are needed
        assert row["machine"] is None and row["basis"].startswith("by machine codes")
