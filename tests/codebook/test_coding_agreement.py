"""Agreement, scores with intervals by document, and disagreements: known values, scikit-learn and krippendorff."""

from __future__ import annotations

from typing import Any

import krippendorff
import numpy as np
import pyarrow as pa
import pytest
from kit.coding import table
from sklearn.metrics import brier_score_loss, cohen_kappa_score, f1_score, precision_score, recall_score

from toolkit.codebook import Code, Codebook, HumanCodes
from toolkit.codebook import agreement as ag
from toolkit.codebook.disagreement import disagreements
from toolkit.codebook.human import HUMAN
from toolkit.coding.learning import Learned
from toolkit.coding.quality import quality
from toolkit.values import seed_for

BOOK = Codebook((Code("a", "A", "d"), Code("b", "B", "d"), Code("c", "C", "d")))
N = 24
DRAWS = 120
TEXTS = [f"Text {i}." for i in range(N)]
DOCUMENTS = [f"d{i // 4}" for i in range(N)]
PARAGRAPHS = table(TEXTS, DOCUMENTS)


def human(marks: dict[str, dict[int, str]]) -> HumanCodes:
    """coder -> row -> codes as letters ("" for none)."""
    rows = [
        {"paragraph_id": f"p{row:03d}", "code": code, "coder": coder}
        for coder, item in marks.items()
        for row, codes in item.items()
        for code in (list(codes) or [None])
    ]
    return HumanCodes(pa.Table.from_pylist(rows, schema=HUMAN))


def letters(rng: Any, share: float = 0.4) -> dict[int, str]:
    return {row: "".join(code for code in "ab" if rng.random() < share) for row in range(N)}


def matrix(item: dict[int, str]) -> Any:
    return np.array([[code in item[row] for code in "abc"] for row in sorted(item)])


ANN = letters(np.random.default_rng(1))
BOB = {row: (codes if row % 3 else "a") for row, codes in ANN.items()}
PLAIN = np.random.default_rng(2).random((N, 3)) < 0.4


def scored(
    given: HumanCodes, plain: Any = PLAIN, learned: Learned | None = None, **more: Any
) -> dict[Any, dict[str, Any]]:
    settings = {"paragraphs": PARAGRAPHS, "draws": DRAWS, "seed": 7} | more
    rows = quality(BOOK, settings["paragraphs"], given, plain, learned, settings["draws"], settings["seed"]).to_pylist()
    return {(row["code"], row["measure"]): row for row in rows}


def test_marks_become_ones_zeros_and_unknown() -> None:
    marks = {"bob": {"p1": frozenset({"b"})}, "ann": {"p1": frozenset(), "p2": frozenset({"a", "b"})}}
    table = ag.binary(marks, ["p1", "p2"], ["a", "b"])
    assert table[0].tolist() == [[0, 0], [1, 1]] and table[1, 0].tolist() == [0, 1] and np.isnan(table[1, 1]).all()


@pytest.mark.parametrize("coders", [2, 3, 5])
def test_alpha_is_that_of_the_krippendorff_package_with_values_missing(coders: int) -> None:
    rng = np.random.default_rng(coders)
    values = (rng.random((coders, 30, 1)) < 0.4).astype(float)
    values[rng.random(values.shape) < 0.3] = np.nan
    ours = float(ag.alpha(ag.alpha_sums(values).sum(axis=(0, 1))))
    assert ours == pytest.approx(krippendorff.alpha(values[:, :, 0], level_of_measurement="nominal"), abs=1e-12)


def test_units_that_one_coder_coded_alone_say_nothing_of_agreement() -> None:
    values = np.array([[[1.0], [1.0], [0.0]], [[1.0], [np.nan], [1.0]]])
    assert ag.alpha_sums(values)[:, 0].tolist() == [[0, 0, 2], [0, 0, 0], [1, 1, 1]]
    three = np.array([[[1.0]], [[1.0]], [[0.0]]])
    assert ag.alpha_sums(three)[0, 0].tolist() == [1.0, 1.0, 2.0]  # 1 * 2 pairs over two others


def test_alpha_is_defined_where_there_are_twice_as_many_zeros_as_ones() -> None:
    assert ag.alpha([1.0, 8.0, 4.0]) == pytest.approx(1 - 11 * 1 / 32)


def test_alpha_and_kappa_are_undefined_without_variation() -> None:
    assert np.isnan(ag.alpha([0.0, 0.0, 8.0])) and np.isnan(ag.alpha([0.0, 8.0, 0.0]))
    assert np.isnan(ag.kappa([9.0, 0.0, 0.0, 0.0])) and np.isnan(ag.kappa([0.0, 0.0, 0.0, 0.0]))
    assert ag.kappa([0.0, 9.0, 0.0, 0.0]) == 0.0 and ag.kappa([5.0, 0.0, 0.0, 5.0]) == 1.0
    assert ag.kappa([20.0, 5.0, 10.0, 15.0]) == pytest.approx(0.4)  # the textbook example


def test_kappa_counts_only_what_both_coded() -> None:
    first, second = np.array([[1.0], [0.0], [np.nan], [1.0], [0.0]]), np.array([[1.0], [1.0], [1.0], [np.nan], [0.0]])
    sums = ag.kappa_sums(first, second)
    assert sums[:, 0].tolist() == [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert ag.kappa_sums(second, first)[1, 0].tolist() == [0, 1, 0, 0]


def test_sums_are_added_up_by_document() -> None:
    sums = ag.by_document(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), ["b", "a", "b"])
    assert sums.tolist() == [[3, 4], [6, 8]]


def test_precision_recall_and_f1_are_those_of_scikit_learn() -> None:
    made = scored(human({"ann": ANN}))
    marks = matrix(ANN)
    for column, code in enumerate("ab"):
        true, given = marks[:, column], PLAIN[:, column]
        assert made[code, "precision"]["value"] == pytest.approx(precision_score(true, given))
        assert made[code, "recall"]["value"] == pytest.approx(recall_score(true, given))
        assert made[code, "f1"]["value"] == pytest.approx(f1_score(true, given))
        assert made[code, "precision"]["n"] == given.sum() and made[code, "recall"]["n"] == true.sum()
        assert made[code, "f1"]["n"] == true.sum() + given.sum()
        for name in ("precision", "recall", "f1"):
            assert made[code, name]["hits"] / made[code, name]["n"] == pytest.approx(made[code, name]["value"])
    assert made[None, "f1"]["value"] == pytest.approx(f1_score(marks, PLAIN, average="micro"))
    assert made[None, "precision"]["value"] == pytest.approx(precision_score(marks, PLAIN, average="micro"))
    counts = {"precision": PLAIN.sum(), "recall": marks.sum(), "f1": PLAIN.sum() + marks.sum()}
    for name, n in counts.items():  # codes given, not the paragraphs that have any
        row = made[None, name]
        assert row["n"] == n and row["hits"] == (marks & PLAIN).sum() * (2 if name == "f1" else 1)
        assert row["value"] == pytest.approx(row["hits"] / n)
    expected = f1_score(marks[:, :2], PLAIN[:, :2], average="macro")
    macro = made[None, "macro f1"]
    assert macro["value"] == pytest.approx(expected)
    assert (macro["n"], macro["of"], macro["hits"]) == (2, "codes that coders gave", None)


def test_a_score_that_is_not_defined_says_why() -> None:
    made = scored(human({"ann": ANN}), PLAIN & [True, False, False])
    assert made["b", "precision"]["value"] is None and made["b", "precision"]["reason"] == "never assigned"
    assert made["c", "recall"]["value"] is None and made["c", "recall"]["reason"] == "no coded paragraph has it"
    assert made["c", "f1"]["reason"] == "given neither by the machine nor by the coders"
    assert made[None, "alpha"]["value"] is None and "fewer than two coders" in made[None, "alpha"]["reason"]
    nobody = scored(human({"ann": dict.fromkeys(range(N), "")}))
    assert nobody[None, "macro f1"]["value"] is None
    assert nobody[None, "macro f1"]["reason"] == "no coded paragraph has any code"


def plain_f1(true: Any, given: Any) -> float:
    """Of all decisions together; NaN where nobody gave anything."""
    both = (true & given).sum()
    either = true.sum() + given.sum()
    return float(2 * both / either) if either else float("nan")


def drawn(statistic: Any, draws: int = DRAWS, seed: int = 7) -> list[float]:
    """A statistic of the rows of documents drawn with replacement, as often as the intervals draw them."""
    names = sorted(set(DOCUMENTS))
    picks = np.random.default_rng(seed_for(seed, "quality")).integers(0, len(names), size=(draws, len(names)))
    return [statistic([row for at in pick for row in range(N) if DOCUMENTS[row] == names[at]]) for pick in picks]


def test_intervals_are_the_middle_95_percent_over_documents_drawn_with_replacement() -> None:
    made, marks = scored(human({"ann": ANN})), matrix(ANN)
    for name, of in (
        ((None, "f1"), lambda rows: plain_f1(marks[rows], PLAIN[rows])),
        (("a", "precision"), lambda rows: marks[rows, 0][PLAIN[rows, 0]].mean()),
        ((None, "macro f1"), lambda rows: np.mean([plain_f1(marks[rows, at], PLAIN[rows, at]) for at in (0, 1)])),
    ):
        values = np.array(drawn(of))
        low, high = np.quantile(values[np.isfinite(values)], [0.025, 0.975])
        assert (made[name]["low"], made[name]["high"]) == pytest.approx((low, high)), name
        assert made[name]["reason"] is None


def test_in_draws_where_a_code_is_used_by_nobody_it_does_not_count_for_macro_f1() -> None:
    marks = {row: "a" if row % 2 else "" for row in range(N)} | {0: "b", 1: "ab"}  # b in one document alone
    made = scored(human({"ann": marks}))
    true = matrix(marks)

    def macro(rows: list[int]) -> float:
        used = [at for at in range(2) if true[rows, at].any()]
        scores = [plain_f1(true[rows, at], PLAIN[rows, at]) for at in used]
        return float(np.mean(scores)) if scores else float("nan")

    low, high = np.quantile(drawn(macro), [0.025, 0.975])
    assert (made[None, "macro f1"]["low"], made[None, "macro f1"]["high"]) == pytest.approx((low, high))


def test_fewer_than_five_documents_give_no_interval_and_say_how_many_there_are() -> None:
    for count in (1, 4, 5):
        made = scored(human({"ann": ANN}), paragraphs=table(TEXTS, [f"d{i % count}" for i in range(N)]))
        row = made[None, "f1"]
        assert (row["low"] is not None) == (row["high"] is not None) == (count == 5)
        assert count == 5 or f"it rests on {count} document" in row["reason"]


def test_a_code_in_few_documents_has_a_score_and_no_interval_from_0_to_1() -> None:
    marks = {row: "a" if row in (0, 5) else "" for row in range(N)}
    given = np.zeros((N, 3), bool)
    given[[0, 1], 0] = True
    made = scored(human({"ann": marks}), given)
    row = made["a", "precision"]
    assert (row["value"], row["hits"], row["n"], row["low"], row["high"]) == (0.5, 1, 2, None, None)
    assert "rests on 1 document" in row["reason"]
    kappa = made["a", "kappa machine / coders"]
    assert kappa["low"] is None and kappa["n"] == N
    assert "rests on 1 document," in kappa["reason"], "the machine gave it in one alone, the coder in two"


def test_agreement_among_coders_and_with_the_machine_is_that_of_other_packages() -> None:
    made = scored(human({"bob": BOB, "ann": ANN}))
    ann, bob = matrix(ANN), matrix(BOB)
    people = ann | bob  # of two coders one is half
    for column, code in enumerate("ab"):
        expected = cohen_kappa_score(ann[:, column], bob[:, column])
        assert made[code, "kappa ann / bob"]["value"] == pytest.approx(expected)
        assert made[code, "kappa machine / coders"]["value"] == pytest.approx(
            cohen_kappa_score(people[:, column], PLAIN[:, column])
        )
        assert made[code, "kappa machine / bob"]["value"] == pytest.approx(
            cohen_kappa_score(bob[:, column], PLAIN[:, column])
        )
        assert made[code, "kappa machine / ann"]["value"] == pytest.approx(
            cohen_kappa_score(ann[:, column], PLAIN[:, column])
        )
        pair = np.stack([ann[:, column], bob[:, column]]).astype(float)
        assert made[code, "alpha"]["value"] == pytest.approx(krippendorff.alpha(pair, level_of_measurement="nominal"))
        pair = np.stack([people[:, column], PLAIN[:, column]]).astype(float)
        assert made[code, "alpha machine / coders"]["value"] == pytest.approx(
            krippendorff.alpha(pair, level_of_measurement="nominal")
        )
        assert made[code, "alpha"]["n"] == made[code, "kappa ann / bob"]["n"] == N
    pooled = np.stack([ann.ravel(), bob.ravel()]).astype(float)
    assert made[None, "alpha"]["value"] == pytest.approx(krippendorff.alpha(pooled, level_of_measurement="nominal"))
    assert made[None, "alpha"]["n"] == made[None, "kappa ann / bob"]["n"] == 3 * N
    assert (None, "kappa machine / ann") not in scored(human({"ann": ANN}))


def test_three_coders_are_compared_two_by_two() -> None:
    names = {name for _, name in scored(human({"cy": BOB, "bob": BOB, "ann": ANN})) if "kappa" in name}
    pairs = {"kappa ann / bob", "kappa ann / cy", "kappa bob / cy", "kappa machine / coders"}
    assert names == pairs | {f"kappa machine / {name}" for name in ("ann", "bob", "cy")}


def test_held_out_decisions_are_scored_and_those_without_labels_beside_them() -> None:
    marks = matrix(ANN)
    probability = np.where(marks, 0.95, 0.05)
    probability[0, 0], probability[1, 0], probability[2, 0] = 1.0, 0.0, 0.9
    rows = np.arange(N, dtype=np.int32)
    taught = Learned(rows, marks, held_out=probability, held_out_assigned=marks.copy(), curve=((20, 0.7, 0.6, 0.8),),
                     fold=np.array([int(name[1:]) % 3 for name in DOCUMENTS], np.int32))  # fmt: skip
    made = scored(human({"ann": ANN}), learned=taught)
    assert made[None, "macro f1"]["value"] == 1.0
    assert made[None, "macro f1 without labels"]["value"] == pytest.approx(
        f1_score(marks[:, :2], PLAIN[:, :2], average="macro")
    )
    curve = made[None, "macro f1 with 20 labels"]
    assert (curve["value"], curve["low"], curve["high"], curve["n"]) == (0.7, 0.6, 0.8, 3)
    flat, truth = probability.ravel(), marks.ravel()
    assert made[None, "brier score"]["value"] == pytest.approx(brier_score_loss(truth, flat))
    assert made[None, "brier score"]["n"] == 3 * N
    of_fold = [int(name[1:]) % 3 for name in DOCUMENTS]
    rates = np.array([[np.mean([marks[i, c] for i in range(N) if of_fold[i] != one]) for c in range(3)]
                      for one in of_fold])  # fmt: skip
    always = made[None, "brier score baseline"]
    assert always["value"] == pytest.approx(brier_score_loss(truth, rates.ravel())) and always["n"] == 3 * N
    skill = made[None, "brier skill score"]
    assert skill["value"] == pytest.approx(1 - made[None, "brier score"]["value"] / always["value"])
    squares = [((one - marks) ** 2).sum(axis=1) for one in (probability, rates)]
    ends = np.quantile(drawn(lambda rows: 1 - squares[0][rows].sum() / squares[1][rows].sum()), [0.025, 0.975])
    assert (skill["low"], skill["high"]) == pytest.approx(tuple(ends))
    for tenth in range(10):
        low, high = tenth / 10, (tenth + 1) / 10
        chosen = (flat >= low) & ((flat < high) | (tenth == 9))
        row = made[None, f"observed share at probability {low:.1f}-{high:.1f}"]
        assert (row["n"], row["hits"]) == (chosen.sum(), truth[chosen].sum())
        assert row["value"] == (pytest.approx(truth[chosen].mean()) if chosen.any() else None)
        assert chosen.any() or row["reason"] == "no probability in this tenth"
    top = drawn(lambda rows: marks[rows][probability[rows] >= 0.9].mean())
    row = made[None, "observed share at probability 0.9-1.0"]
    assert np.ptp(top) > 0
    assert (row["low"], row["high"]) == pytest.approx(tuple(np.quantile(top, [0.025, 0.975])))


def test_disagreements_name_who_gave_a_code_and_who_did_not() -> None:
    paragraphs = table(["One.", "Two.", "Three."])
    marks = {
        "bob": {"p000": frozenset({"a"}), "p001": frozenset({"b"})},
        "ann": {"p000": frozenset({"a", "b"}), "p001": frozenset({"b"})},
        "cy": {"p001": frozenset()},
    }
    machine = {"p000": frozenset({"a"}), "p001": frozenset({"a"}), "p002": frozenset({"a"})}
    rows = disagreements(marks, machine, ("b", "a"), paragraphs).to_pylist()
    plain = [(row["between"], row["paragraph_id"], row["code"], row["given_by"], row["not_given_by"]) for row in rows]
    assert plain == [
        ("coders", "p000", "b", ["ann"], ["bob"]),
        ("coders", "p001", "b", ["ann", "bob"], ["cy"]),
        ("machine", "p000", "b", ["ann"], ["bob", "machine"]),  # one of two is half: the coders' word
        ("machine", "p001", "b", ["ann", "bob"], ["cy", "machine"]),
        ("machine", "p001", "a", ["machine"], ["ann", "bob", "cy"]),
    ]
    assert rows[0]["text"] == "One." and rows[0]["document_id"] == "d000"
    without = disagreements(marks, {}, ("b", "a"), paragraphs).to_pylist()
    assert [row["between"] for row in without] == ["coders", "coders"]


def test_one_of_three_coders_is_not_the_peoples_word() -> None:
    marks = {name: {"p000": frozenset({"a"} if name == "ann" else ())} for name in ("ann", "bob", "cy")}
    rows = disagreements(marks, {"p000": frozenset({"a"})}, ("a",), table(["One."])).to_pylist()
    assert [(row["between"], row["given_by"]) for row in rows] == [
        ("coders", ["ann"]),
        ("machine", ["ann", "machine"]),
    ]
