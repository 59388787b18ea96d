"""Shares corrected by a coded sample: the estimate, its weight and its limits by hand and with the same draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from test_estimate_groups import documents, paragraphs

from toolkit.estimate import Coded, EstimateSettings, correct_share, estimate
from toolkit.estimate.intervals import bootstrap_sums, limits
from toolkit.values import Sampling

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
N = 60
NAMES = [f"d{i // 4:02d}" for i in range(N)]
RNG = np.random.default_rng(11)
TRUTH = RNG.random(N) < 0.4
MACHINE = TRUTH ^ (RNG.random(N) < 0.25)
CODED = np.arange(N) % 5 < 2  # 24 of them
EVERY = np.ones(N)


def by_hand(weights: Any) -> tuple[float, float, float, float]:
    """People, machine, corrected and the weight, with `weights` of the coded."""
    values = np.where(CODED, weights, 0.0)
    people, among = np.average(TRUTH, weights=values), np.average(MACHINE, weights=values)
    covariance = np.average((MACHINE - among) * (TRUTH - people), weights=values)
    slope = covariance / np.average((MACHINE - among) ** 2, weights=values)
    return people, MACHINE.mean(), people + slope * (MACHINE.mean() - among), slope


@pytest.mark.parametrize("weights", [None, RNG.uniform(1, 5, N)])
def test_the_corrected_share_adds_what_the_machine_sees_beyond_the_sample(weights: Any) -> None:
    share = correct_share(MACHINE, TRUTH & CODED, CODED, NAMES, 100, 1, weights)
    people, machine, corrected, slope = by_hand(EVERY if weights is None else weights)
    assert share.people[0] == pytest.approx(people) and share.machine[0] == pytest.approx(machine)
    assert share.corrected[0] == pytest.approx(corrected) and share.weight == pytest.approx(slope)
    assert 0 < slope < 1 and share.n == 24 and share.reason is None


def test_its_limits_rest_on_draws_of_documents_and_on_those_with_coded_paragraphs() -> None:
    coded = np.arange(N) < 28  # 7 of 15 documents
    share = correct_share(MACHINE, TRUTH & coded, coded, NAMES, 100, 5)
    owner = np.arange(N) // 4
    weights = bootstrap_sums(np.eye(15), 100, 5, "estimate:correction")

    def summed(values: Any) -> Any:
        return weights @ np.bincount(owner, values.astype(float), 15)

    with np.errstate(invalid="ignore", divide="ignore"):
        people = summed(TRUTH & coded) / summed(coded)
        everywhere = summed(MACHINE) / summed(np.ones(N))
        both = people + share.weight * (everywhere - summed(MACHINE & coded) / summed(coded))
    for drawn, g, item in ((people, 7, share.people), (everywhere, 15, share.machine), (both, 7, share.corrected)):
        error = np.nanstd(drawn, ddof=1) * np.sqrt(g / (g - 1))
        low, high = limits(np.array([item[0]]), np.array([error]), np.array([g]))
        assert item[1:] == (pytest.approx(low[0]), pytest.approx(high[0]))


def test_a_machine_that_contradicts_people_or_never_varies_has_no_weight() -> None:
    opposite = correct_share(~TRUTH, TRUTH & CODED, CODED, NAMES, 100, 1)
    constant = correct_share(np.ones(N, bool), TRUTH & CODED, CODED, NAMES, 100, 1)
    for result in (opposite, constant):
        assert result.weight == 0.0 and result.corrected == result.people
    assert correct_share(TRUTH, TRUTH & CODED, CODED, NAMES, 100, 1).weight == pytest.approx(1.0)


def test_twenty_coded_paragraphs_of_two_documents_are_needed() -> None:
    for count, there in ((20, True), (19, False)):
        coded = np.arange(N) < count
        share = correct_share(MACHINE, TRUTH & coded, coded, NAMES, 100, 1)
        assert (share.reason is None) == there and np.isnan(share.corrected[0]) != there and share.n == count
    alone = correct_share(MACHINE, TRUTH, CODED, ["d"] * N, 100, 1)
    assert alone.reason is not None and np.isnan(alone.people).all() and alone.weight == 0.0
    assert correct_share(MACHINE, TRUTH, CODED, ["d"] * 30 + ["e"] * 30, 100, 1).reason is None


def table(human: list[dict[str, Any]], assigned: Any = None, sampling: Any = None, copy: Any = None) -> Any:
    owned = paragraphs([i // 4 for i in range(N)], [0] * N, copy=copy)
    codes = Coded({"c": MACHINE} if assigned is None else assigned, {}, pa.Table.from_pylist(human), sampling)
    return estimate(EstimateSettings(bootstrap=100), documents(15), owned, codes, 1)


def marks(coders: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a coder and coded paragraph."""
    return [
        {"paragraph_id": f"p{i}", "code": "c" if given[i] else None, "coder": coder}
        for coder, given in coders.items()
        for i in np.flatnonzero(CODED)
    ]


def by(result: Any, who: str) -> dict[str, Any]:
    members = [row for row in result.corrected.to_pylist() if row["by"] == who]
    assert len(members) == 1
    only: dict[str, Any] = members[0]
    return only


def test_a_code_counts_where_half_of_a_paragraphs_coders_gave_it() -> None:
    every, none = np.ones(N, bool), np.zeros(N, bool)
    assert by(table(marks({"x": TRUTH})), "coders")["estimate"] == pytest.approx(TRUTH[CODED].mean())
    assert by(table(marks({"x": TRUTH, "y": none})), "coders")["estimate"] == pytest.approx(TRUTH[CODED].mean())
    assert by(table(marks({"x": TRUTH, "y": none, "z": none})), "coders")["estimate"] == 0.0
    assert by(table(marks({"x": every, "y": TRUTH, "z": none})), "coders")["estimate"] == pytest.approx(
        TRUTH[CODED].mean()
    )


def test_the_table_holds_the_numbers_of_the_corrected_share_and_the_weight_of_both_alone() -> None:
    corrected = table(marks({"x": TRUTH}))
    expected = correct_share(MACHINE, TRUTH & CODED, CODED, [str(i // 4) for i in range(N)], 100, 1)
    for who, numbers in (("coders", expected.people), ("machine", expected.machine), ("both", expected.corrected)):
        share_row = by(corrected, who)
        assert share_row["estimate"] == pytest.approx(numbers[0]) and share_row["reason"] is None
        assert share_row["n"] == (N if who == "machine" else 24)  # the machine reads all, people the coded ones
        assert who == "both" or share_row["estimate"] == pytest.approx(share_row["hits"] / share_row["n"])
        assert share_row["low"] < share_row["estimate"] < share_row["high"]
        assert (share_row["weight"] is not None) == (who == "both")
    assert by(corrected, "both")["weight"] == pytest.approx(expected.weight)


def test_copies_take_no_part() -> None:
    copy = [None] * (N - 4) + ["p0", "p1", "p2", "p3"]
    corrected = table(marks({"x": TRUTH}), copy=copy)
    assert by(corrected, "coders")["n"] == int(CODED[:-4].sum())
    assert by(corrected, "machine")["estimate"] == pytest.approx(MACHINE[:-4].mean())


def test_sampled_paragraphs_stand_for_as_many_as_their_weights_say() -> None:
    weights = {f"p{i}": float(1 + i % 3) for i in np.flatnonzero(CODED)}
    corrected = table(marks({"x": TRUTH}), sampling=Sampling(weights, "drawn by strata", checked=True))
    expected = by_hand(np.array([weights.get(f"p{i}", 0.0) for i in range(N)]))
    assert by(corrected, "coders")["estimate"] == pytest.approx(expected[0])
    assert by(corrected, "both")["estimate"] == pytest.approx(expected[2])
    assert "Shares corrected with the coded sample, drawn by strata." in corrected.notes
    fewer = dict(list(weights.items())[:22])
    assert by(table(marks({"x": TRUTH}), sampling=Sampling(fewer, "x")), "coders")["n"] == 22


def test_a_design_whose_randomness_nobody_checked_is_said_to_be_an_assumption() -> None:
    weights = {f"p{i}": 1.0 for i in np.flatnonzero(CODED)}
    assumed = "valid if the coded paragraphs are a random sample of the corpus"
    corrected = table(marks({"x": TRUTH}), sampling=Sampling(weights, "".join(list(assumed))))
    assert corrected.notes == (
        f"Shares corrected with 24 coded paragraphs are {assumed}; the data cannot show whether they are.",
    )


def test_a_refused_sample_corrects_nothing_and_says_why() -> None:
    corrected = table(marks({"x": TRUTH}), sampling=Sampling({}, "", "the sheet is not random", ("note",)))
    assert all(row["estimate"] is None and row["reason"] == "the sheet is not random" for row in
               corrected.corrected.to_pylist())  # fmt: skip
    assert by(corrected, "both")["n"] == 24 and by(corrected, "both")["weight"] is None
    assert "No share is corrected with the coded sample: the sheet is not random." in corrected.notes
    assert "note" in corrected.notes


def test_without_a_design_the_assumption_is_said_and_without_people_there_is_nothing() -> None:
    assert any("24 coded paragraphs are valid if" in note for note in table(marks({"x": TRUTH, "y": TRUTH})).notes)
    owned = paragraphs([i // 4 for i in range(N)], [0] * N)
    alone = estimate(EstimateSettings(bootstrap=100), documents(15), owned, Coded({"c": MACHINE}), 1)
    assert alone.corrected.num_rows == 0 and alone.notes == ()


def test_people_who_coded_one_document_alone_have_a_share_without_limits_and_it_is_said_why() -> None:
    owned = paragraphs([0] * 30 + [1] * 10 + [2] * 10, [0] * 50)
    human = [{"paragraph_id": f"p{i}", "code": "c" if i % 3 else None, "coder": "x"} for i in range(30)]
    codes = Coded({"c": np.arange(50) % 4 > 0}, {}, pa.Table.from_pylist(human))
    rows = {row["by"]: row for row in estimate(
        EstimateSettings(bootstrap=100), documents(3), owned, codes, 1).corrected.to_pylist()}  # fmt: skip
    for who in ("coders", "both"):
        assert rows[who]["estimate"] is not None and rows[who]["low"] is None
        assert rows[who]["reason"] == "no interval: all coded paragraphs are in one unit of the bootstrap"
    assert rows["both"]["weight"] is not None and rows["machine"]["low"] is not None
    assert rows["machine"]["reason"] is None
