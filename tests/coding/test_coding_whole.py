"""Coding as a whole, with a small embedding: what is decided and said, and further paragraphs by its background."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from kit.coding import encode, table

from toolkit.codebook import Code, Codebook, HumanCodes
from toolkit.codebook.human import HUMAN
from toolkit.coding import CodebookSettings, code_further, code_paragraphs, load_background, save_background
from toolkit.coding.background import Background
from toolkit.coding.check_quotes import check_evidence
from toolkit.errors import QuoteError, StoreError
from toolkit.values import Coding

BOOK = Codebook(
    (
        Code("ports", "Harbour quays", "Harbours, quays, ferries and freight.", keywords=("container berth",)),
        Code("schools", "School lessons", "Teachers, pupils, exams and syllabus."),
        Code("power", "Power grid", "Electricity, turbines, batteries and tariffs.", parent="ports"),
        Code("health", "Hospital wards", "Hospitals, nurses, surgeons and patients."),
        Code("mining", "Sea mining", "Nodules of manganese.", parent="health"),
    )
)
TEXT_OF = {
    "ports": "The harbour board deepened the container berth and the quay, and ferries brought freight.",
    "schools": "A teacher marked exams of the syllabus in school lessons. Pupils waited.",
    "power": "Turbines of the power grid sold electricity, and batteries paid tariffs.",
    "health": "Nurses and surgeons of the hospital treated patients in wards.",
}
NOTHING = "Rain fell on Tuesday and the ducks were pleased."
SETTINGS = CodebookSettings(path="codebook.yaml")


def texts(n: int, silent: int = 0) -> list[str]:
    codes = list(TEXT_OF)
    notes = [f"{TEXT_OF[codes[i % 4]]} Item {i}." for i in range(n - silent)]
    return notes + [f"{NOTHING} Day {i}." for i in range(silent)]


def coded(
    item: list[str], human: HumanCodes | None = None, model: Any = encode, documents: Any = None, **settings: Any
) -> Coding:
    made = SETTINGS.model_copy(update=settings)
    return code_paragraphs(made, BOOK, table(item, documents), encode(item), model, human, 1)


def given(coding: Coding) -> list[set[str]]:
    by_name: dict[str, set[str]] = {}
    for row in coding.codes.to_pylist():
        by_name.setdefault(row["paragraph_id"], set())
        if row["assigned"]:
            by_name[row["paragraph_id"]].add(row["code"])
    return list(by_name.values())


def best(coding: Coding) -> list[str]:
    """The code with the highest score of each paragraph."""
    scores = coding.codes.column("score").to_numpy().reshape(-1, len(BOOK.ids))
    return [BOOK.ids[at] for at in scores.argmax(axis=1)]


def people(n: int) -> HumanCodes:
    rows = [{"paragraph_id": f"p{i:03d}", "code": list(TEXT_OF)[i % 4], "coder": "ann"} for i in range(n)]
    return HumanCodes(pa.Table.from_pylist(rows, schema=HUMAN), notes=("A note of the reading.",))


@pytest.fixture(scope="module")
def plain() -> Coding:
    return coded(texts(24))


@pytest.fixture(scope="module")
def taught() -> Coding:
    return coded(texts(32), people(28), documents=[f"d{i % 7}" for i in range(32)], bootstrap=100)


@pytest.mark.parametrize("evidence", ["both", "wording"])
def test_paragraphs_that_speak_of_a_code_score_best_on_it(evidence: str) -> None:
    coding = coded([*texts(24), NOTHING], evidence=evidence)
    assert best(coding)[:24] == list(TEXT_OF) * 6
    codes_given = given(coding)
    assert 16 <= sum(map(len, codes_given)) <= 32 and codes_given[24] == set()


def test_each_row_says_paragraph_code_score_and_a_quote_at_its_place(plain: Coding) -> None:
    rows = plain.codes.to_pylist()
    assert [row["code"] for row in rows[:5]] == list(BOOK.ids) and len(rows) == 24 * 5
    assert [row["paragraph_id"] for row in rows[:6]] == ["p000"] * 5 + ["p001"]
    check_evidence(plain.codes, table(texts(24)))
    for row in rows:
        assert row["assigned"] == (row["score"] >= 0.5) and row["probability"] is None
        if row["assigned"]:
            assert not row["quote"].startswith("Item")


def test_a_code_is_given_from_the_threshold_of_the_settings_on(plain: Coding) -> None:
    scores = plain.codes.column("score").to_numpy()
    bound = float(np.sort(scores)[-7])
    coding = coded(texts(24), threshold=bound)
    assert (coding.codes.column("assigned").to_numpy() == (scores >= bound)).all()
    assert coding.codes.column("assigned").to_numpy().sum() == 7
    assert coding.thresholds.column("threshold").to_pylist() == [bound] * 5
    assert f"if its score is at least {bound:g}" in coding.method


def test_thresholds_say_level_spread_and_how_many_paragraphs_got_the_code(plain: Coding) -> None:
    rows = {row["code"]: row for row in plain.thresholds.to_pylist()}
    known = Background.of(plain.background)
    for column, code in enumerate(BOOK.ids):
        assert rows[code]["assigned"] == sum(code in codes for codes in given(plain))
        assert rows[code]["background_mean"] == pytest.approx(known.meaning_level[0][column])
        assert rows[code]["background_sd"] == pytest.approx(known.meaning_level[1][column])
        assert rows[code]["rule"] == "score; no labels" and rows[code]["threshold"] == 0.5
    wording = coded(texts(24), evidence="wording")
    known = Background.of(wording.background)
    result = wording.thresholds.column("background_mean").to_pylist()
    assert result == pytest.approx(known.words_level[0].tolist())


def test_below_twenty_paragraphs_the_fixed_background_stands_in_and_that_is_said() -> None:
    assert any("With 19 paragraphs" in note for note in coded(texts(19)).notes)
    assert not any("fixed background is used" in note for note in coded(texts(20)).notes)


def test_codes_without_support_are_named_and_a_parent_of_a_given_code_is_not(plain: Coding) -> None:
    assert "The corpus does not support 1 of 5 codes: mining." in plain.notes
    only = coded([f"{TEXT_OF['power']} Item {i}." for i in range(4)])
    assert any("does not support 3 of 5 codes: schools, health, mining." in note for note in only.notes)


@pytest.mark.parametrize(("silent", "is_noted"), [(4, False), (5, True)])
def test_that_most_paragraphs_lie_outside_the_field_is_said(silent: int, is_noted: bool) -> None:
    coding = coded(texts(8, silent), evidence="wording")
    assert all(not codes for codes in given(coding)[8 - silent :])
    assert (
        any(f"{silent} of 8 paragraphs are outside the codebook's field" in note for note in coding.notes) == is_noted
    )
    everything = coded(texts(8, silent), evidence="wording", covers="everything")
    assert not any("outside" in note for note in everything.notes)


def test_the_method_says_how_far_the_field_reaches_and_what_the_codebook_covers(plain: Coding) -> None:
    assert "nearness in meaning" in plain.method and "less than 2 spreads" in plain.method
    assert "no code" in plain.method and "evidence, not probabilities" in plain.method
    wide = coded(texts(8), covers="everything")
    assert "said to cover everything" in wide.method and "spreads of the general" not in wide.method
    assert "nearness in meaning" not in coded(texts(8), evidence="wording").method


def test_given_vectors_let_wording_alone_decide_and_say_so() -> None:
    alone = coded(texts(8), model=None)
    assert any("wording alone decides" in note for note in alone.notes)
    assert not any("wording alone decides" in note for note in coded(texts(8), model=None, evidence="wording").notes)
    assert not any("wording alone decides" in note for note in coded(texts(8)).notes)
    assert (
        alone.codes.column("score").to_pylist() == coded(texts(8), evidence="wording").codes.column("score").to_pylist()
    )


def test_how_many_sentences_were_embedded_for_the_quotes_is_said() -> None:
    coding = coded(texts(24))
    assert any("in wording and in meaning (" in note and "sentences were embedded" in note for note in coding.notes)
    assert not any("sentences were embedded" in note for note in coded(texts(24), evidence="wording").notes)


def test_what_people_coded_teaches_probabilities_and_the_threshold(taught: Coding) -> None:
    probability = taught.codes.column("probability").to_numpy()
    threshold = taught.thresholds.column("threshold")[0].as_py()
    assert (taught.codes.column("assigned").to_numpy() == (probability >= threshold)).all()
    assert set(taught.thresholds.column("rule").to_pylist()) == {"probability, learned from the coded sample"}
    assert "learned from 28 coded" in taught.method and "evidence, not probabilities" not in taught.method
    assert taught.human.num_rows == 28 and "A note of the reading." in taught.notes
    for row, codes in enumerate(given(taught)):
        assert list(TEXT_OF)[row % 4] in codes
    measures = taught.scored.column("measure").to_pylist()
    assert "macro f1 without labels" in measures and "brier score" in measures


def test_labels_are_only_scored_where_nothing_is_to_be_learned() -> None:
    coding = coded(texts(32), people(28), learn=False, bootstrap=100)
    assert coding.codes.column("probability").null_count == 160 and not any(
        "taught" in name for name in coding.background
    )
    assert "macro f1" in coding.scored.column("measure").to_pylist()
    assert coding.thresholds.column("rule").to_pylist() == ["score; no labels"] * 5


def test_without_human_codes_there_is_nothing_to_score(plain: Coding) -> None:
    assert plain.human.num_rows == plain.scored.num_rows == 0 and plain.human.schema == HUMAN


def test_a_field_that_coders_contradict_bounds_nothing_and_the_method_no_longer_says_so() -> None:
    n, silent = 40, 12
    paragraph_texts = texts(n, silent)
    rows = [{"paragraph_id": f"p{i:03d}", "code": list(TEXT_OF)[i % 4], "coder": "ann"} for i in range(n)]
    human = HumanCodes(pa.Table.from_pylist(rows, schema=HUMAN))
    coding = coded(paragraph_texts, human, documents=[f"d{i % 8}" for i in range(n)], bootstrap=100, evidence="wording")
    assert any("so it bounds nothing" in note for note in coding.notes)
    assert "spreads of the general background" not in coding.method
    within = coded(
        paragraph_texts, people(28), documents=[f"d{i % 8}" for i in range(n)], bootstrap=100, evidence="wording"
    )
    assert not any("bounds nothing" in note for note in within.notes)
    assert all(not codes for codes in given(within)[28:])
    assert within.codes.column("probability").to_numpy()[28 * 5 :].max() <= 0.09 + 1e-12
    wide = coded(
        paragraph_texts, people(28), documents=[f"d{i % 8}" for i in range(n)], bootstrap=100, covers="everything"
    )
    assert not any("bounds nothing" in note for note in wide.notes)


def further(coding: Coding, item: list[str], model: Any = encode, **settings: Any) -> Coding:
    made = SETTINGS.model_copy(update=settings)
    return code_further(made, BOOK, table(item), encode(item), model, coding.background)


def test_further_paragraphs_are_coded_as_the_first_corpus_would_have_coded_them(plain: Coding) -> None:
    new = [f"{text} And more." for text in TEXT_OF.values()] + [NOTHING]
    coding = further(plain, new)
    assert best(coding)[:4] == list(TEXT_OF) and given(coding)[4] == set()
    assert [codes for codes in given(coding)[:4] if codes and len(codes) > 1] == []
    check_evidence(coding.codes, table(new))
    scores = coding.codes.column("score").to_numpy()
    assert (coding.codes.column("assigned").to_numpy() == (scores >= 0.5)).all()
    again = further(plain, texts(24)).codes.column("score").to_numpy()
    assert again == pytest.approx(plain.codes.column("score").to_numpy(), abs=0.2)  # each now counts for itself, too
    assert coding.codes.column("probability").null_count == 25
    rows = coding.thresholds.to_pylist()
    assert [row["assigned"] for row in rows] == [sum(code in codes for codes in given(coding)) for code in BOOK.ids]
    assert {row["rule"] for row in rows} == {"score; background of the run"} and rows[0]["threshold"] == 0.5
    assert rows[1]["background_mean"] == plain.thresholds.to_pylist()[1]["background_mean"]
    missing = [code for code in BOOK.ids if not any(code in codes for codes in given(coding))]
    assert (
        coding.notes == (f"No paragraph got {len(missing)} of 5 codes: {', '.join(missing)}.",)
        and "the run's 24 unique ones" in coding.method
    )
    assert "learned" not in coding.method and coding.scored.num_rows == coding.human.num_rows == 0


def test_the_threshold_also_bounds_further_paragraphs(plain: Coding) -> None:
    new = list(TEXT_OF.values())
    scores = further(plain, new).codes.column("score").to_numpy()
    bound = float(np.sort(scores)[-2])
    coding = further(plain, new, threshold=bound)
    assert coding.codes.column("assigned").to_numpy().sum() == 2


def test_further_paragraphs_of_a_taught_run_get_its_probabilities_and_threshold(taught: Coding) -> None:
    new = [f"{text} And more." for text in TEXT_OF.values()] + [NOTHING]
    coding = further(taught, new)
    threshold = taught.thresholds.column("threshold")[0].as_py()
    probability = coding.codes.column("probability").to_numpy()
    assert (coding.codes.column("assigned").to_numpy() == (probability >= threshold)).all()
    assert given(coding)[:4] == [{code} for code in TEXT_OF]
    assert {row["rule"] for row in coding.thresholds.to_pylist()} == {"probability, learned in the run"}
    assert coding.thresholds.column("threshold").to_pylist() == [threshold] * 5
    assert f"the threshold ({threshold:.2f})" in coding.method and "the run's 28 coded" in coding.method


def test_a_taught_run_bounds_further_paragraphs_by_its_field_unless_its_coders_contradicted_it() -> None:
    documents = [f"d{i % 7}" for i in range(32)]
    coding = coded(texts(32, 4), people(28), documents=documents, evidence="wording", bootstrap=100)
    coef = coding.background["taught_coef"].copy()
    coef[-2] += 4  # the intercept: everything is likelier
    for changes, settings, bounded in (
        ({}, {}, True),
        ({"taught_bounded": np.array([False])}, {}, False),
        ({}, {"covers": "everything"}, False),
    ):
        raised = replace(coding, background=coding.background | {"taught_coef": coef} | changes)
        result = further(raised, [TEXT_OF["ports"], NOTHING], evidence="wording", **settings)
        rain = result.codes.column("probability").to_numpy()[5:]
        assert (rain.max() <= 0.09 + 1e-12) == bounded


@pytest.mark.parametrize(("silent", "is_noted"), [(2, False), (3, True)])
def test_that_most_further_paragraphs_lie_outside_is_said(silent: int, is_noted: bool) -> None:
    coding = coded(texts(24), evidence="wording")
    result = further(coding, texts(4, silent), None)
    assert (
        any(f"{silent} of 4 paragraphs are outside the codebook's field." in note for note in result.notes) == is_noted
    )
    wide = further(coding, texts(4, silent), None, covers="everything")
    assert not any("outside" in note for note in wide.notes)


def test_wording_alone_is_measured_by_the_levels_of_wording() -> None:
    coding = coded(texts(24), evidence="wording")
    result = further(coding, texts(4), encode, evidence="wording")
    assert (
        result.thresholds.column("background_mean").to_pylist()
        == coding.thresholds.column("background_mean").to_pylist()
    )
    assert best(result) == list(TEXT_OF)


def test_a_background_is_kept_and_refused_for_another_codebook(taught: Coding, tmp_path: Path) -> None:
    save_background(taught, BOOK, tmp_path)
    back = load_background(tmp_path, BOOK)
    assert set(back) == set(taught.background)
    assert all(np.array_equal(back[name], array) for name, array in taught.background.items())
    with pytest.raises(StoreError, match="another format or codebook"):
        load_background(tmp_path, Codebook(BOOK.themes[:2]))
    about = tmp_path / "code.json"
    written = about.read_text("utf-8")
    about.write_text(written.replace('"format": 2', '"format": 3'), "utf-8")
    with pytest.raises(StoreError, match="another format or codebook"):
        load_background(tmp_path, BOOK)
    about.write_text(written.replace('"format": 2', '"format": 1'), "utf-8")
    assert load_background(tmp_path, BOOK) == {}  # other weights: codes cannot be given by them now
    with pytest.raises(StoreError, match="run the experiment again"):
        load_background(tmp_path / "nowhere", BOOK)


def test_progress_is_told_in_three_steps() -> None:
    notes: list[tuple[int, int]] = []
    paragraph_texts = texts(4)
    code_paragraphs(
        SETTINGS,
        BOOK,
        table(paragraph_texts),
        encode(paragraph_texts),
        encode,
        None,
        1,
        lambda *step: notes.append(step),
    )
    assert notes == [(0, 3), (1, 3), (2, 3), (3, 3)]
    notes.clear()
    code_further(
        SETTINGS,
        BOOK,
        table(paragraph_texts),
        encode(paragraph_texts),
        encode,
        coded(paragraph_texts).background,
        lambda *step: notes.append(step),
    )
    assert notes == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_changed_or_moved_evidence_is_refused_and_a_long_quote_is_shown_short(plain: Coding) -> None:
    paragraphs = table(texts(24))
    rows = plain.codes.to_pylist()

    def refused(row: int, message: str, **changes: Any) -> str:
        changed = [*rows[:row], rows[row] | changes, *rows[row + 1 :]]
        with pytest.raises(QuoteError, match=message) as caught:
            check_evidence(pa.Table.from_pylist(changed, plain.codes.schema), paragraphs)
        return str(caught.value)

    start, end = rows[7]["start"], rows[7]["end"]
    assert "'x'" in refused(7, "does not stand there", quote="x")
    refused(7, "does not stand there", start=start + 1)
    refused(7, "does not stand there", end=end - 1)
    refused(7, "does not stand there", quote="")
    refused(7, "does not stand there", quote="", end=start)
    refused(7, "no such paragraph", paragraph_id="p999")
    refused(7, "does not stand there", start=start - 1100, end=end - 1100)
    whole = f"{TEXT_OF['ports']} Item 0."
    refused(2, "does not stand there", start=-1, end=0, quote=whole[-1:])  # before the text, not from its end
    assert f"{'y' * 60!r}" in refused(7, "does not stand there", quote="y" * 60)
    assert f"{'y' * 57 + '...'!r}" in refused(7, "does not stand there", quote="y" * 61)
    without = [rows[0] | {"quote": None}, *rows[1:]]
    check_evidence(pa.Table.from_pylist(without, plain.codes.schema), paragraphs)
