"""Lines at the edges of several documents of one source are no body text, whatever numbers they hold."""

from __future__ import annotations

from pathlib import Path

from toolkit.corpus import CorpusSettings, build_corpus, corpus_files

CASES = Path(__file__).parents[1] / "data" / "cases"


def test_last_lines_that_differ_in_digits_alone_are_repeated() -> None:
    settings = CorpusSettings(path=str(CASES / "id-line-at-end" / "in"))
    corpus = build_corpus(settings, corpus_files(settings))
    left = [row for row in corpus.ledger.to_pylist() if row["text"].startswith("Document BAYCO")]
    assert [row["reason"] for row in left] == ["repeated"] * 6
    assert corpus.documents["title"].to_pylist() == [f"Ferry fares rise again, part {n}" for n in range(1, 7)]
    assert not any("BAYCO" in text for text in corpus.paragraphs["text"].to_pylist())


def test_sentences_with_other_numbers_are_no_repeated_lines(tmp_path: Path) -> None:
    for number in range(1, 7):
        text = (
            f"Report of the harbour master, week {number}\n\n"
            "The pumps ran for two days because the north wind pushed water over the wall, and the yard stood open.\n\n"
            f"In week {number} the harbour counted {number * 3} boats, and {number} of them had damage.\n"
        )
        (tmp_path / f"w{number}.txt").write_text(text, "utf-8")
    settings = CorpusSettings(path=str(tmp_path))
    corpus = build_corpus(settings, corpus_files(settings))
    texts = corpus.paragraphs["text"].to_pylist()
    assert sum(text.startswith("In week") for text in texts) == 6
