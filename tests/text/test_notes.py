"""Notes on documents: one line for all documents with the same note, with count, examples and the key that decides."""

from __future__ import annotations

from toolkit.text.notes import counted, note


def test_two_thousand_dates_that_are_not_understood_are_one_note_with_three_examples():
    documents = [[note("date not understood", f"'{day}/04/24'", "corpus.day_first")] for day in range(2000)]
    (only,) = counted(documents)
    assert (only.text, only.documents, only.key) == ("date not understood", 2000, "corpus.day_first")
    assert only.examples == ("'0/04/24'", "'1/04/24'", "'2/04/24'")
    assert str(only) == (
        "2,000 documents: date not understood (for example '0/04/24', '1/04/24', '2/04/24'); "
        "decided by corpus.day_first"
    )


def test_a_note_without_example_or_key_is_read_back_as_it_is():
    assert [str(one) for one in counted([["read as UTF-16"], [], ["read as UTF-16"]])] == [
        "2 documents: read as UTF-16"
    ]


def test_a_document_counts_once_however_often_it_has_a_note():
    (only,) = counted([[note("turns have no speaker", "a"), note("turns have no speaker", "b")]])
    assert (only.documents, only.examples) == (1, ("a", "b"))


def test_a_long_example_is_cut():
    assert note("looks like a table", "x" * 100).endswith("x" * 60 + "…")
