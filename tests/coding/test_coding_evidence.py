"""Evidence for codes in paragraphs: wording, meaning, refusals, levels and the field, against written-out formulas."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import Any

import numpy as np
import pytest
from kit.coding import encode, table

from toolkit.codebook.codebook import Code, Codebook
from toolkit.coding.by_meaning import Facets, background, embed_facets
from toolkit.coding.by_wording import incidence, lookup, phrases, word_vectors
from toolkit.coding.code_terms import Wanted, content, sharing, wanted
from toolkit.coding.evidence import Evidence, gather, most
from toolkit.coding.exclusions import refusal_by_meaning, refusal_by_words
from toolkit.coding.related_words import relatedness
from toolkit.coding.scoring import background_of, score
from toolkit.coding.sentences import passages
from toolkit.coding.tokens import rarity, tokens

BOOK = Codebook(
    (
        Code("ports", "Harbour quays", "Harbours, quays, ferries and freight.", keywords=("container berth",),
             exclude=("Freight of the grain railway through winter tunnels.",)),
        Code("schools", "School lessons", "Teachers, pupils, exams and syllabus.",
             counterexamples=("Pupils visited the harbour museum on Friday afternoon.",)),
        Code("power", "Power grid", "Electricity, turbines, batteries and tariffs.",
             include=("Wind farm; solar panels",)),
        Code("health", "Hospital wards", "Hospitals, nurses, surgeons and patients."),
    )
)  # fmt: skip
TEXTS = (
    "The harbour board deepened the container berth. Freight rose.",
    "A teacher marked exams. Pupils waited for the syllabus.",
    "The wind farm sold electricity. A battery failed.",
    "Nurses in the hospital treated patients.",
    "Rain fell.",
    "Pupils visited the harbour museum on Friday.",
    "The grain railway lost freight in winter tunnels.",
    "Tariffs on turbines rose, and the hospital bought solar panels. The school did not.",
)
WANTED = [wanted(code) for code in BOOK.themes]
SHARED = sharing(BOOK, WANTED)
CUT = passages(table(TEXTS))


@pytest.fixture(scope="module")
def both() -> Evidence:
    return gather(WANTED, SHARED, CUT, encode(TEXTS), encode)


@pytest.fixture(scope="module")
def wording() -> Evidence:
    return gather(WANTED, SHARED, CUT, encode(TEXTS), None)


def test_sentences_keep_their_places_in_the_document() -> None:
    made = passages(table(["One well. Two wells.", "", "第一。"], step=50))
    assert made.sentences == ("One well.", "Two wells.", "", "第一。")
    assert made.owner.tolist() == [0, 0, 1, 2]
    assert made.start.tolist() == [0, 10, 50, 100] and made.end.tolist() == [9, 20, 50, 103]
    assert made.paragraph_stems() == [["on", "well", "two", "well"], [], ["第一"]]


def plain_worth(texts: list[list[str]]) -> tuple[list[str], Any]:
    words = sorted({word for stems in texts for word in content(stems)})
    counts = Counter(word for stems in texts for word in set(stems))
    rare = rarity(words, counts, len(texts))
    worth = np.zeros((len(words), len(WANTED)))
    for row, word in enumerate(words):
        near = [
            max(relatedness([word], [term])[0, 0] * weight * SHARED[term] for term, weight in one.words.items())
            for one in WANTED
        ]
        for code, value in enumerate(near):
            if value:
                worth[row, code] = value * (value / sum(near)) ** 0.5 * rare[word]
    return words, worth


def test_the_worth_of_a_word_is_kinship_by_weight_shared_among_codes_times_rarity(wording: Evidence) -> None:
    stems = CUT.paragraph_stems()
    words, worth = plain_worth(stems)
    table_of = lookup(WANTED, SHARED, stems, None)
    assert list(table_of.place) == words
    assert table_of.worth == pytest.approx(worth, abs=1e-9)
    values = np.array([[word in text for word in words] for text in stems], float)
    assert wording.words == pytest.approx(values @ worth, abs=1e-9)
    by_sentence = np.array([[word in text for word in words] for text in CUT.stems], float) @ worth
    added = phrases(WANTED, CUT.stems, table_of.rare)
    assert wording.sentence_words == pytest.approx(by_sentence + added, abs=1e-9)
    best = [np.max(added[CUT.owner == row], axis=0) for row in range(len(TEXTS))]
    assert wording.phrases == pytest.approx(np.array(best), abs=1e-9)
    assert wording.phrases[0, 0] > 0 and wording.phrases[2, 2] > 0


def test_a_word_that_several_codes_want_is_worth_less_to_each_of_them() -> None:
    stems = CUT.paragraph_stems()
    alone = lookup(WANTED, {}, stems, None)
    word = next(word for word in alone.place if WANTED[0].words.get(word) and alone.worth[alone.place[word], 0] > 0)
    shared = lookup(WANTED, {word: 0.5}, stems, None)
    assert 0 < shared.worth[shared.place[word], 0] < alone.worth[alone.place[word], 0]


def test_a_phrase_is_worth_its_rarity_and_log_eighty_for_each_further_word() -> None:
    one = Wanted({("wind", "farm"): 0.9, ("roof", "of", "the", "barn"): 1.0}, {}, (), (), ())
    rare = {"wind": 3.0, "farm": 2.0, "roof": 4.0, "barn": 1.0, "the": 9.0}
    texts = [["wind", "farm", "wind", "farm"], ["farm", "wind"], ["a", "roof", "of", "the", "barn"], ["windfarm"], []]
    worth = phrases([one, Wanted({}, {}, (), (), ())], texts, rare)
    assert worth[:, 0] == pytest.approx([0.9 * (5 + log(80)), 0, 5 + log(80), 0, 0])
    assert not worth[:, 1].any()
    assert phrases([one], [["wind", "farm"]], {})[0, 0] == pytest.approx(0.9 * log(80))


def test_word_vectors_are_unit_rows_of_log_counts_by_rarity() -> None:
    texts = [["weir", "weir", "road", "the"], [], ["dam"]]
    result = word_vectors(texts, {"weir": 2.0, "road": 3.0}, ("road", "weir")).toarray()
    row = np.array([3 * log(2), 2 * log(3)])
    assert result == pytest.approx(np.array([[*(row / np.linalg.norm(row)), 0], [0, 0, 0], [0, 0, 1]]))
    assert incidence({"a": 0, "b": 1}, [["b", "b", "c"], ["a", "b"]]).toarray().tolist() == [[0, 1], [1, 1]]


def quartile_spread(values: Any) -> Any:
    low, high = np.quantile(values, 0.25, axis=0), np.quantile(values, 0.75, axis=0)
    return np.where(high > low, (high - low) / 1.349, values.std(axis=0))


def plain_level(corpus: Any, neutral: Any) -> tuple[Any, Any]:
    share = len(corpus) / (len(corpus) + 30)
    spread = share * quartile_spread(corpus) + (1 - share) * quartile_spread(neutral)
    level = share * np.median(corpus, axis=0) + (1 - share) * np.median(neutral, axis=0)
    return level, np.maximum(spread, np.median(spread) / 2) + 1e-6


def test_meaning_is_the_nearest_facet_above_the_fixed_background(both: Evidence) -> None:
    vectors, neutral = encode(TEXTS).astype(float), encode(background()).astype(float)
    for code, one in enumerate(WANTED):
        expected = encode(one.facets).astype(float)
        general = neutral @ expected.T
        above = (vectors @ expected.T - general.mean(axis=0)) / general.std(axis=0)
        assert both.meaning[:, code] == pytest.approx(above.max(axis=1), abs=1e-6)
    assert both.kind == "both"


def test_levels_are_medians_and_spreads_with_the_background_counted_as_thirty_paragraphs(
    both: Evidence, wording: Evidence
) -> None:
    facets = both.facets
    assert facets is not None
    for result, expected in zip(
        both.meaning_level, plain_level(both.meaning, facets.nearest(facets.background)), strict=True
    ):
        assert result == pytest.approx(expected, abs=1e-9)
    general = [tokens(sentence) for sentence in background()]
    neutral = lookup(WANTED, SHARED, general, None).words(general)
    for result, expected in zip(wording.words_level, plain_level(wording.words, neutral), strict=True):
        assert result == pytest.approx(expected, abs=1e-9)
    assert (np.quantile(neutral, 0.75, axis=0) == np.quantile(neutral, 0.25, axis=0)).any()  # both kinds of spread


def test_a_code_that_hardly_varies_counts_by_half_the_usual_spread() -> None:
    dull = Code("dull", "Quillwort", "Zzyzx.")
    made = gather([*WANTED, wanted(dull)], SHARED, CUT, encode(TEXTS), None)
    level, spread = made.words_level
    assert level[4] == 0 and spread[4] == pytest.approx(np.median(spread) / 2, abs=2e-6)


def plain_field(corpus: Any, neutral: Any) -> Any:
    members, general = (np.sort(part, axis=1)[:, -3:].mean(axis=1) for part in (corpus, neutral))
    low, middle = np.quantile(general, 0.16), np.quantile(general, 0.5)
    return (members - middle) / max(middle - low, 1e-3)


def test_the_field_is_the_nearness_to_three_codes_in_spreads_of_the_background(both: Evidence) -> None:
    facets = both.facets
    assert facets is not None
    expected = plain_field(facets.cosine(encode(TEXTS)), facets.cosine(facets.background))
    assert both.field == pytest.approx(expected, abs=1e-9)


def test_without_a_model_the_field_is_wording_for_length(wording: Evidence) -> None:
    def nearness(texts: list[list[str]]) -> Any:
        length = np.array([max(len(stems), 5) for stems in texts])
        return lookup(WANTED, SHARED, texts, None).words(texts) / np.sqrt(length)[:, None]

    general = [tokens(sentence) for sentence in background()]
    assert min(len(stems) for stems in CUT.paragraph_stems()) < 5
    assert wording.field == pytest.approx(plain_field(nearness(CUT.paragraph_stems()), nearness(general)), abs=1e-9)
    assert wording.kind == "wording" and not wording.meaning.any() and wording.facets is None


def test_a_background_that_the_codebook_never_meets_is_given_a_least_spread() -> None:
    one = [wanted(Code("dull", "Quillwort", "Zzyzx."))]
    made = gather(one, {}, passages(table(["Quillwort grew.", "It rained."])), encode(["a", "b"]), None)
    assert made.field[0] == pytest.approx(made.words[0, 0] / 5**0.5 / 1e-3) and made.field[1] == 0


def test_paragraphs_of_another_corpus_are_measured_by_the_background_of_the_first(both: Evidence) -> None:
    kept = background_of(both, score(both, encode(TEXTS), bounded=True), np.zeros(len(WANTED)))
    later = gather(WANTED, SHARED, passages(table(TEXTS[:2])), encode(TEXTS[:2]), encode, kept)
    assert later.meaning == pytest.approx(both.meaning[:2]) and later.words == pytest.approx(both.words[:2])
    assert later.meaning_level is kept.meaning_level and later.words_level is kept.words_level
    assert later.word_vectors.toarray() == pytest.approx(both.word_vectors.toarray()[:2])
    assert list(both.holders) == sorted(both.holders) == list(later.holders)
    stems = CUT.paragraph_stems()
    assert all(members == sum(word in text for text in stems) for word, members in both.holders.items())


def test_a_code_is_crowded_by_codes_near_it_and_not_by_those_of_another_field() -> None:
    """log(1 + sum of exp(8 (cosine - .4))) over the other codes."""
    near = [Code("a", "Coal mines", "Coal is mined."), Code("b", "Coal mining", "Coal is mined in mines.")]
    wanted_near, far = [wanted(code) for code in near], wanted(Code("c", "Ballet", "Dancers on stage."))
    cut_two = passages(table(["Coal mines close."]))
    for model in (encode, None):
        alone = gather(wanted_near, {}, cut_two, encode(["Coal mines close."]), model).crowding
        more = gather([*wanted_near, far], {}, cut_two, encode(["Coal mines close."]), model).crowding
        assert alone[0] == alone[1] > 0.5 and more[:2] == pytest.approx(alone, abs=0.1) and more[2] < 0.2
    facets = embed_facets([*wanted_near, far], encode)
    rows = facets.first() - facets.background.mean(axis=0)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    made = gather([*wanted_near, far], {}, cut_two, encode(["Coal mines close."]), encode).crowding
    others = [sum(np.exp(8 * (rows[a] @ rows[b] - 0.4)) for b in range(3) if b != a) for a in range(3)]
    assert made == pytest.approx(np.log1p(others))


def test_the_greatest_value_among_the_sentences_counts() -> None:
    made = passages(table(["One. Two.", "Three."]))
    assert most(np.array([[1.0, -3.0], [0.0, -2.0], [5.0, 5.0]]), made).tolist() == [[1.0, -2.0], [5.0, 5.0]]


def test_facets_tell_the_nearest_of_each_code_in_spreads_of_its_own() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    made = Facets(vectors, np.array([0, 1, 1], np.int32), vectors, np.array([0.5, 0.0, 0.2]), np.array([0.5, 1.0, 0.1]))
    assert made.cosine([[1.0, 0.0]]).tolist() == [[1.0, 0.6]]
    assert made.nearest([[1.0, 0.0]]) == pytest.approx(np.array([[1.0, 4.0]]))


def test_facets_that_every_text_is_equally_near_to_have_a_least_spread() -> None:
    made = embed_facets([Wanted({}, {}, ("a", "b"), (), ())], lambda texts: np.ones((len(texts), 2), np.float32))
    assert made.sd.tolist() == [1e-3, 1e-3] and made.code.tolist() == [0, 0] and made.mean.tolist() == [2, 2]
    assert len(made.background) == len(background()) and all(not line.startswith("#") for line in background())


def test_a_rule_of_exclusion_counts_by_how_much_nearer_it_is_than_what_the_code_covers(both: Evidence) -> None:
    vectors, facets = encode(TEXTS).astype(float), both.facets
    assert facets is not None
    made = refusal_by_meaning(WANTED, facets, vectors, encode)
    rule = encode(WANTED[0].against).astype(float)[0]
    general = encode(background()).astype(float) @ rule
    above = (vectors @ rule - general.mean()) / general.std()
    assert made.against[:, 0] == pytest.approx(np.maximum(above - both.meaning[:, 0], 0), abs=1e-5)
    assert made.against[6, 0] > 0 and not made.against[:, 1:].any()
    counter = vectors @ encode(WANTED[1].refused).astype(float)[0]
    values = np.maximum(facets.cosine(vectors)[:, 1], 0.5)
    assert made.refused[:, 1] == pytest.approx(np.maximum(counter - values, 0), abs=1e-6)
    assert made.refused[5, 1] > 0 and not made.refused[:, [0, 2, 3]].any()
    assert both.refusal.against == pytest.approx(made.against) and both.refusal.refused == pytest.approx(made.refused)


def test_likeness_to_a_counter_example_below_one_half_says_nothing() -> None:
    facets = Facets(np.array([[0.0, 0.0, 1.0]]), np.array([0], np.int32), np.zeros((2, 3)), np.zeros(1), np.ones(1))
    one = [Wanted({}, {}, (), (), ("counter",))]
    vectors = np.array([[0.5, 0.8, 0.0], [0.6, 0.8, 0.0], [0.6, 0.0, 0.55]])
    refusal = refusal_by_meaning(one, facets, vectors, lambda texts: np.array([[1.0, 0.0, 0.0]] * len(texts)))
    assert refusal.refused.ravel() == pytest.approx([0, 0.1, 0.05])


def test_a_rule_that_every_text_is_equally_near_to_has_a_least_spread() -> None:
    facets = Facets(np.array([[0.0, 1.0]]), np.array([0], np.int32), np.zeros((2, 2)), np.zeros(1), np.ones(1))
    refusal = refusal_by_meaning(
        [Wanted({}, {}, (), ("rule",), ())], facets, np.array([[0.5, 0.2]]), lambda _: np.array([[1.0, 0.0]])
    )
    assert refusal.against.tolist() == [[pytest.approx(500 - 0.2)]]


def test_by_words_a_rule_counts_by_the_share_of_its_words_above_what_the_code_covers() -> None:
    rare = {"dam": 1.0, "weir": 2.0, "road": 3.0, "barn": 4.0}
    four, three = "dam weir road barn", "dam weir road"
    one = Wanted({}, {}, (three,), (four,), (four,))
    stems = [["dam", "weir", "road", "barn"], ["dam", "weir"], ["road"], ["road", "barn"], ["dam", "barn"]]
    refusal = refusal_by_words([one], stems, rare)  # the facet is too short to speak of shares
    assert refusal.against.ravel() == pytest.approx([6 * 0.7, 0, 0, 6 * 0.4, 6 * 0.2])
    assert refusal.refused.ravel() == pytest.approx([0.5, 0, 0, 0.2, 0])
    covered = Wanted({}, {}, (four,), ("barn", "the"), ("barn",))  # four content words: the share counts
    refusal = refusal_by_words([covered], stems, rare)
    assert refusal.against.ravel() == pytest.approx([0, 0, 0, 6 * 0.3, 6 * 0.5])
    assert refusal.refused.ravel() == pytest.approx([0, 0, 0, 0.3, 0.5])


def test_words_whose_rarity_is_not_known_count_as_the_rarest() -> None:
    refusal = refusal_by_words([Wanted({}, {}, (), ("dam weir",), ())], [["dam"]], {"weir": 2.0})
    assert refusal.against.tolist() == [[pytest.approx(6 * (0.8 - 0.3))]]


def test_by_words_the_rules_of_this_codebook_are_met(wording: Evidence) -> None:
    assert wording.refusal.against[6, 0] > 0 and not wording.refusal.against[:, 1:].any()
    assert wording.refusal.refused[5, 1] > 0 and not wording.refusal.refused[0].any()
