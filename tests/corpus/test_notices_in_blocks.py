"""A rule takes the sentence that it describes, not the block around it, and never a whole document in silence."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from toolkit.corpus import CorpusSettings, build_corpus, corpus_card, corpus_files

CASES = Path(__file__).parents[1] / "data" / "cases"
BRIEF = (
    "Fares on the island ferry will rise by nine percent in April, the operator said on Friday. "
    "Commuters called the increase unfair because winter sailings had been cut twice."
)
ARTICLE = (
    "The council met on Tuesday and voted by nine to four for the new ferry, after two hours of debate about its cost. "
    "Members asked for a report by spring."
)
ENDS = (
    "Copyright 2023 Bay Media Ltd. All rights reserved.",
    "© 2021 Hill Press",
    "(c) 2022 Bay Wire Service. All Rights Reserved.",
    "Copyright (c) 2020, The Hill Gazette, All Rights Reserved",
    "©2023 Bay Media. No part of this article may be reproduced without permission.",
    "© Copyright 2020 Hill Press. Reproduced with permission of the copyright owner. Further reproduction prohibited "
    "without permission.",
    "© Hafenblatt GmbH. Alle Rechte vorbehalten.",
)
TELLING = (
    "Our reporter visited the harbour on Tuesday and found forty people waiting for a boat that never came.",
    "Watch: the harbour master keeps one, and so does every captain who has lost a boat in fog.",
    "Join us, the fishermen shouted to the clerks, and the clerks put down their pens and followed.",
    "Support our work, the miners wrote on the wall, and the whole town brought bread.",
    "Subscribe to our newsletter, the flyer of the union said, but nobody had an address to give.",
    "This article of the constitution was first published in the gazette of 1849 and has not been changed since.",
    "Copyright law was changed in 2021 so that museums may show works whose owners cannot be found.",
)


def paragraphs(folder: Path, text: str) -> list[str]:
    (folder / "brief.txt").write_text(text, "utf-8")
    settings = CorpusSettings(path=str(folder))
    return [str(kept) for kept in build_corpus(settings, corpus_files(settings)).paragraphs["text"].to_pylist()]


@pytest.mark.parametrize("end", ENDS)
def test_a_brief_that_ends_in_a_copyright_line_loses_that_line_alone(tmp_path: Path, end: str) -> None:
    assert paragraphs(tmp_path, f"{BRIEF} {end}") == [BRIEF]


def test_a_brief_that_begins_with_a_copyright_line_loses_that_line_alone(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, f"{ENDS[0]} {BRIEF}") == [BRIEF]


@pytest.mark.parametrize("sentence", TELLING)
def test_a_sentence_that_tells_something_stays_whatever_words_it_holds(tmp_path: Path, sentence: str) -> None:
    kept = paragraphs(tmp_path, f"{ARTICLE}\n\n{sentence}\n\n{BRIEF}")
    assert sentence in " ".join(kept)
    assert paragraphs(tmp_path, f"{ARTICLE} {sentence} {BRIEF}") == [f"{ARTICLE} {sentence} {BRIEF}"]


def test_no_row_of_a_table_is_lost_to_a_rule() -> None:
    folder = CASES / "copyright-at-end-of-block" / "in"
    settings = CorpusSettings(path=str(folder))
    corpus = build_corpus(settings, corpus_files(settings))
    with (folder / "briefs.csv").open(encoding="utf-8", newline="") as stream:
        given = {row["id"]: row["text"] for row in csv.DictReader(stream)}
    kept = dict(zip(corpus.paragraphs["document_id"].to_pylist(), corpus.paragraphs["text"].to_pylist(), strict=True))
    left = dict(zip(corpus.ledger["document_id"].to_pylist(), corpus.ledger["reason"].to_pylist(), strict=True))
    assert left == {"1": "copyright", "2": "copyright", "3": "copyright"}
    for name, text in given.items():
        assert kept[name] == (text.split(" Copyright")[0].split(" ©")[0].split(" (c)")[0] if name in left else text)


def test_a_document_that_is_a_notice_and_nothing_else_is_named_with_the_rule(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ENDS[0], "utf-8")
    (tmp_path / "b.txt").write_text(BRIEF, "utf-8")
    settings = CorpusSettings(path=str(tmp_path))
    corpus = build_corpus(settings, corpus_files(settings))
    assert corpus.paragraphs["document_id"].to_pylist() == ["b.txt"]
    (line,) = [line for line in corpus_card(corpus).lines() if "cleaning removed all" in line]
    assert "a.txt" in line and "corpus.clean.copyright" in line
