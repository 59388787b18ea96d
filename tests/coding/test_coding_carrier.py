"""The sentence quoted as evidence: chosen by wording and meaning, and scored by how well it carries the code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from kit.coding import cut, evidence

from toolkit.coding.by_meaning import Facets
from toolkit.coding.code_terms import Wanted
from toolkit.coding.evidence_sentence import Carriers, carriers, surety, weights

FACETS = Facets(np.eye(3)[:2], np.array([0, 1], np.int32), np.zeros((1, 3)), np.zeros(2), np.full(2, 0.1))
WANTED = [Wanted({}, {}, ("covers",), (), ())] * 2


class Recorder:
    """Puts every sentence with an even number into the direction of code 0, the others into that of code 1."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Any:
        self.texts += texts
        return np.array([np.eye(3)[int(text.split()[1].strip(".:")) % 2] for text in texts], np.float32)


def chosen(
    sizes: Sequence[int],
    sentence_words: Any,
    assigned: Any = None,
    sure: Any = None,
    odds: Any = None,
    model: bool = True,
    passages: Any = None,
) -> tuple[Carriers, list[str]]:
    words = np.asarray(sentence_words, float)
    shape = (len(sizes), words.shape[1])
    given = np.zeros(shape, bool) if assigned is None else np.asarray(assigned, bool)
    made = evidence(np.zeros(shape), sentence_words=words, facets=FACETS if model else None)
    encoder = Recorder()
    scores = np.zeros(shape) if odds is None else np.asarray(odds, float)
    order = scores if sure is None else np.asarray(sure, float)
    quoted = carriers(made, passages or cut(sizes), WANTED, scores, order, given, encoder if model else None)
    return quoted, encoder.texts


def test_where_no_code_is_given_the_sentence_with_the_most_wording_is_quoted_and_has_no_score() -> None:
    quoted, texts = chosen([3, 2], [[1, 9], [5, 2], [3, 4], [-4, 0], [-2, -1]])
    assert quoted.rows.tolist() == [[1, 0], [4, 3]]
    assert np.isnan(quoted.score).all() and (quoted.embedded, texts) == (0, [])


def test_of_equally_strong_sentences_the_first_is_quoted() -> None:
    assert chosen([3], [[2.0, 0.0], [2.0 + 1e-12, 0.0], [1.0, 1e-6]])[0].rows.tolist() == [[0, 2]]
    assert chosen([3], np.ones((3, 2)), np.ones((1, 2)), model=False)[0].rows.tolist() == [[0, 0]]


def test_the_score_is_the_logistic_of_the_weighted_measures_of_the_sentence() -> None:
    """Sentence 0 has 4 nats of code 0 and its direction, too: 10 spreads above the background and above code 1."""
    quoted, _ = chosen([1], [[4.0, 1.0]], [[True, True]], odds=[[3.0, 1.0]])
    by = weights()["both"]
    expected = by["intercept"] + 2 * by["words"] + by["length"] + 10 * by["meaning"]
    other = by["intercept"] + by["words"] + by["length"] - 10 * by["below_best"] - 2 * by["paragraph_lead"]
    assert quoted.score[0] == pytest.approx([1 / (1 + np.exp(-expected)), 1 / (1 + np.exp(-other))])
    alone, _ = chosen([1], [[4.0, 1.0]], [[True, True]], model=False)
    by = weights()["wording"]
    assert alone.score[0, 0] == pytest.approx(1 / (1 + np.exp(-by["intercept"] - 2 * by["words"] - by["length"])))


def test_meaning_decides_between_sentences_of_equal_wording_and_wording_between_the_others() -> None:
    assert chosen([2], np.ones((2, 2)), [[True, True]])[0].rows.tolist() == [[0, 1]]
    assert chosen([2], np.ones((2, 2)), [[True, True]], model=False)[0].rows.tolist() == [[0, 0]]
    assert chosen([2], [[1, 16], [1, 1]], [[True, True]])[0].rows.tolist() == [[0, 0]]


def test_a_sentence_that_ends_with_a_colon_is_quoted_only_if_there_is_no_other() -> None:
    address = cut([2])
    address = replace(address, read=("Sentence 0:", "Sentence 2."))
    assert chosen([2], [[1.2, 0], [1, 0]], [[True, False]])[0].rows[0, 0] == 0
    assert chosen([2], [[1.2, 0], [1, 0]], [[True, False]], passages=address)[0].rows[0, 0] == 1


def test_a_sentence_near_what_the_code_leaves_out_carries_it_less() -> None:
    """Sentence 0 lies on the rule that code 1 leaves out."""
    made = evidence(np.zeros((1, 2)), sentence_words=np.ones((1, 2)), facets=FACETS)
    leaving = [WANTED[0], Wanted({}, {}, ("covers",), ("Rule 0.",), ())]
    zero, given = np.zeros((1, 2)), np.ones((1, 2), bool)
    plain, less = (carriers(made, cut([1]), item, zero, zero, given, Recorder()).score for item in (WANTED, leaving))
    assert less[0, 1] < plain[0, 1] and less[0, 0] == plain[0, 0]


def test_only_the_fifteen_surest_paragraphs_of_a_code_are_embedded_and_no_refused_one() -> None:
    n = 20
    sure = np.column_stack([np.arange(n, dtype=float), np.zeros(n)])
    sure[19, 0] = -np.inf
    quoted, texts = chosen([2] * n, np.ones((2 * n, 2)), [[True, False]] * n, sure)
    assert quoted.embedded == 30 and sorted(texts) == sorted(f"Sentence {row}." for row in range(8, 38))
    assert np.flatnonzero(~np.isnan(quoted.score[:, 0])).tolist() == list(range(4, 19))


def test_of_a_long_paragraph_twelve_sentences_with_the_most_wording_are_embedded() -> None:
    words = np.column_stack([np.arange(40.0), np.zeros(40)])
    quoted, texts = chosen([40], words, [[True, False]])
    assert quoted.embedded == 12 and sorted(texts) == sorted(f"Sentence {row}." for row in range(28, 40))
    assert quoted.rows[0, 0] in range(28, 40)


def test_a_code_whose_words_the_corpus_lacks_is_quoted_by_meaning_and_its_quotes_are_not_scored() -> None:
    quoted, _ = chosen([2], [[1, 0], [1, 0]], [[True, True]])
    assert quoted.rows.tolist() == [[0, 1]]
    assert not np.isnan(quoted.score[0, 0]) and np.isnan(quoted.score[0, 1])


def test_confirmed_paragraphs_are_surest_and_refused_ones_never_are() -> None:
    odds = np.array([[5.0, -1.0], [-3.0, 2.0], [1.0, 0.0], [0.0, 4.0]])
    coded = np.array([0, 1], np.int32), np.array([[False, True], [True, False]])
    sure = surety(odds, None, coded)
    assert np.argsort(-sure[:, 0]).tolist() == [1, 2, 3, 0] and np.argsort(-sure[:, 1]).tolist() == [0, 3, 2, 1]
    assert sure[0, 0] == sure[1, 1] == -np.inf
    assert surety(odds, 1 / (1 + np.exp(odds)), None)[:, 0].argmax() == 1  # probabilities come before log-odds


def test_an_empty_corpus_has_no_quotes() -> None:
    quoted, _ = chosen([], np.zeros((0, 2)))
    assert quoted.rows.shape == quoted.score.shape == (0, 2)
