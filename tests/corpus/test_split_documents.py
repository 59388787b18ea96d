# ruff: noqa: E501 - exports as they come
"""`corpus.split_documents`: files that look like several articles are noted, and a pattern splits them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, kept, reasons
from pydantic import ValidationError

from toolkit.corpus import CorpusSettings

FARES = "Fares on the island ferry will rise by nine percent in April, the operator said. Commuters called it unfair."
ROOF = (
    "The town will mend the roof of the central library before the first frost, the mayor told residents of the hill."
)
LABELLED = f"Title: Ferry fares\nOutlet: Bay\nDate: 4 Feb 2023\n\n{FARES}\n\nTitle: Roof\nOutlet: Hill\nDate: 19 Aug 2021\n\n{ROOF}\n"
RULED = f"Ferry fares\nThe Bay Courier, 4 February 2023\n\n{FARES}\n\n====================\nRoof\nHill Gazette, 19 August 2021\n\n{ROOF}\n"
COUNTED = f"Artikel 1 von 2\n\nFerry fares\n\n{FARES}\n\nArtikel 2 von 2\n\nRoof\n\n{ROOF}\n"
BRACKETS = f"<<< Ferry fares | Bay >>>\n{FARES}\n<<< Roof | Hill >>>\n{ROOF}\n"
CAPTIONED = f"### Bay, 4 February 2023 ###\n{FARES}\n### Hill, 19 August 2021 ###\n{ROOF}\n"
TAGS = f'<doc id="1" date="2023-02-04">\n{FARES}\n</doc>\n<doc id="2" date="2021-08-19">\n{ROOF}\n</doc>\n'
TALK = f"Interview\n\nAnna: {FARES}\n\nBen: {ROOF}\n\nAnna: {FARES}\n\nBen: {ROOF}\n"
STORY = f"A story\n\n{FARES}\n\n* * *\n\n{ROOF}\n\n* * *\n\n{FARES}\n"
REPORT = f"Report\n======\n\n{FARES}\n\nPart two\n----------------\n\n{ROOF}\n\nPart three\n----------\n\n{FARES}\n"
PAGED = f"Copyright 2023 Bay\n\n{FARES}\n\nPage 1 of 2\n\n{ROOF}\n\nPage 2 of 2\n"
LETTER = f"Date: 4 February 2023\nSubject: Ferry fares\n\n{FARES}\n\n{ROOF}\n\nTel: 0123 456\nFax: 0123 457\n"


def notes(corpus: Any) -> str:
    return " ".join(note for given in column(corpus.documents, "notes") for note in given)


@pytest.mark.parametrize("text", [LABELLED, RULED, COUNTED, BRACKETS, CAPTIONED, TAGS])
@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
def test_a_repeated_frame_that_no_archive_has_is_noted_with_the_key(tmp_path: Path, text: str, breaks: str) -> None:
    corpus = built(tmp_path, {"a.txt": text.replace("\n", breaks)})
    assert "looks like 2 articles in one file" in notes(corpus) and "[corpus.split_documents]" in notes(corpus)


@pytest.mark.parametrize("text", [TALK, STORY, REPORT, PAGED, LETTER, FARES])
def test_one_document_is_not_taken_for_several(tmp_path: Path, text: str) -> None:
    corpus = built(tmp_path, {"a.txt": text})
    assert column(corpus.documents, "document_id") == ["a.txt"] and "looks like" not in notes(corpus)


def test_named_groups_of_the_pattern_are_metadata_and_a_match_begins_a_document(tmp_path: Path) -> None:
    pattern = r"^Title: (?P<title>.+)\nOutlet: (?P<source>.+)\nDate: (?P<date>.+)$"
    corpus = built(tmp_path, {"a.txt": f"Downloaded today\n{LABELLED}"}, split_documents=pattern)
    rows = corpus.documents.to_pylist()
    assert [(row["document_id"], row["title"], row["source"], row["date"]) for row in rows] == [
        ("a.txt#0001", "Ferry fares", "Bay", "2023-02-04"), ("a.txt#0002", "Roof", "Hill", "2021-08-19"),
    ]  # fmt: skip
    assert kept(corpus) == [FARES, ROOF]
    frame = reasons(corpus)
    assert frame["Downloaded today"] == frame["Outlet: Bay"] == "metadata" and frame["Ferry fares"] == "heading"


def test_other_groups_become_columns(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": BRACKETS}, split_documents=r"^<<< (?P<title>.+?) \| (?P<desk>.+?) >>>$")
    assert column(corpus.documents, "desk") == ["Bay", "Hill"]


def test_a_pattern_without_groups_separates(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": f"{RULED}\n====================\n"}, split_documents="^={10,}$")
    assert column(corpus.documents, "document_id") == ["a.txt#0001", "a.txt#0002"]
    assert [text[-20:] for text in kept(corpus)] == [FARES[-20:], ROOF[-20:]]


def test_false_leaves_a_file_whole_and_auto_is_the_default(tmp_path: Path) -> None:
    nexis = "\n\n".join(
        f"{n} of 2 DOCUMENTS\n\nThe Bay\n\nMay {n}, 2023\n\nFares\n\nLENGTH: 9 words\n\n{FARES}" for n in (1, 2)
    )
    assert len(column(built(tmp_path, {"a.txt": nexis}, split_documents=False).documents, "document_id")) == 1
    assert len(column(built(tmp_path, split_documents=None).documents, "document_id")) == 2
    assert CorpusSettings(path="x").split_documents == "auto"


def test_a_pattern_that_matches_nothing_is_said_and_a_broken_one_refused(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": FARES}, split_documents="^NOWHERE$")
    assert "matches nothing" in notes(corpus) and kept(corpus) == [FARES]
    with pytest.raises(ValidationError, match="no regular expression"):
        CorpusSettings(path="x", split_documents="(")
