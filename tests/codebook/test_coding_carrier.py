"""The sentence quoted as evidence: the strongest, the first of equals, by meaning only where wording is not clear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from coding_kit import cut, evidence

from toolkit.coding.by_meaning import Facets
from toolkit.coding.evidence_sentence import carriers

FACETS = Facets(np.eye(3)[:2], np.array([0, 1], np.int32), np.zeros((1, 3)), np.zeros(2), np.full(2, 0.1))


class Recorder:
    """Puts every sentence with an even number into the direction of code 0, the others into that of code 1."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Any:
        self.texts += texts
        return np.array([np.eye(3)[int(text.split()[1].strip(".")) % 2] for text in texts], np.float32)


def chosen(
    sizes: Sequence[int], sentence_words: Any, assigned: Any = None, odds: Any = None, model: bool = True
) -> tuple[list[list[int]], int, list[str]]:
    words = np.asarray(sentence_words, float)
    shape = (len(sizes), words.shape[1])
    given = np.zeros(shape, bool) if assigned is None else np.asarray(assigned, bool)
    made = evidence(np.zeros(shape), sentence_words=words, facets=FACETS if model else None)
    encoder = Recorder()
    scores = np.zeros(shape) if odds is None else np.asarray(odds, float)
    rows, embedded = carriers(made, cut(sizes), scores, given, encoder)
    return rows.tolist(), embedded, encoder.texts


def test_the_sentence_quoted_is_the_one_that_speaks_most_for_the_code() -> None:
    rows, _, _ = chosen([3, 2], [[1, 9], [5, 2], [3, 4], [-4, 0], [-2, -1]])
    assert rows == [[1, 0], [4, 3]]


def test_of_equally_strong_sentences_the_first_is_quoted() -> None:
    rows, _, _ = chosen([3], [[2.0, 0.0], [2.0 + 1e-12, 0.0], [1.0, 1e-6]])
    assert rows == [[0, 2]]


def test_without_a_model_wording_alone_chooses_the_quote() -> None:
    made = evidence(np.zeros((1, 2)), sentence_words=[[1.0, 0.0], [0.5, 0.0]], facets=FACETS)
    rows, embedded = carriers(made, cut([2]), np.ones((1, 2)), np.ones((1, 2), bool), None)
    assert rows.tolist() == [[0, 0]] and embedded == 0
    assert chosen([2], [[1.0, 0.0], [0.5, 0.0]], [[True, True]], model=False)[1:] == (0, [])


def test_meaning_decides_only_where_no_sentence_leads_by_two_nats() -> None:
    """Meaning adds 10 to sentence 1 for code 1: a lead of 2 settles the matter before that."""
    assert chosen([2], [[0, 2.0], [0, 0.0]], [[False, True]]) == ([[0, 0]], 0, [])
    assert chosen([2], [[0, 1.9], [0, 0.0]], [[False, True]]) == ([[0, 1]], 2, ["Sentence 0.", "Sentence 1."])
    assert chosen([3], [[0, 1.9], [0, 0.0], [0, 5.0]], [[False, True]]) == ([[0, 2]], 0, [])  # the best two count


def test_sentences_are_embedded_only_for_codes_that_are_given_and_paragraphs_with_a_choice() -> None:
    assert chosen([2], np.zeros((2, 2)), [[False, False]])[1] == 0
    assert chosen([1, 2], np.zeros((3, 2)), [[True, True], [True, True]])[1:] == (2, ["Sentence 1.", "Sentence 2."])


def test_meaning_is_added_to_wording() -> None:
    """Sentence 0 has 10 of meaning for code 0; sentence 1 has 10 for code 1 and 1.5 of wording for code 0."""
    rows, _, _ = chosen([2], [[0, 0], [1.5, 0]], [[True, False]])
    assert rows == [[0, 1]]


def test_at_most_forty_sentences_are_embedded_in_a_small_corpus_the_surest_first() -> None:
    n = 21
    odds = np.column_stack([np.arange(n), np.zeros(n)])
    _, embedded, texts = chosen([2] * n, np.zeros((2 * n, 2)), [[True, False]] * n, odds)
    assert embedded == 40 and "Sentence 0." not in texts and "Sentence 41." in texts
    assert chosen([2] * 20, np.zeros((40, 2)), [[True, False]] * 20)[1] == 40


def test_in_a_large_corpus_one_sentence_for_two_paragraphs_may_be_embedded() -> None:
    n = 101
    assert chosen([2] * n, np.zeros((2 * n, 2)), [[True, False]] * n)[1] == 50
    assert chosen([2] * 104, np.zeros((208, 2)), [[True, False]] * 104)[1] == 52


def test_the_first_paragraph_that_does_not_fit_ends_the_embedding() -> None:
    """Surest first: 38 sentences, then three that are too many, then two that would fit but are less sure."""
    sizes = [38, 3, 2]
    odds = [[3.0, 0.0], [2.0, 0.0], [1.0, 0.0]]
    assert chosen(sizes, np.zeros((43, 2)), [[True, False]] * 3, odds)[1] == 38


def test_a_paragraph_with_two_unclear_codes_is_embedded_once() -> None:
    assert chosen([30, 4], np.zeros((34, 2)), np.ones((2, 2)))[1] == 34


def test_a_paragraph_that_is_clear_does_not_end_the_embedding_of_others() -> None:
    words = [[9.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    assert chosen([2, 2], words, [[True, False]] * 2, [[2.0, 0.0], [1.0, 0.0]])[1] == 2
