"""A rule takes the sentence that it describes, not the block around it, and never a whole document in silence."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest

from toolkit.corpus import CorpusSettings, build_corpus, corpus_card, corpus_files
from toolkit.corpus.cleaning.cue_files import cue_groups
from toolkit.corpus.words import has_han

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


FOREIGN_ENDS = (
    (
        "Satamaneuvosto päätti tiistaina korottaa satamamaksuja. Varustamot siirtävät korotuksen matkustajille.",
        "Kaikki oikeudet pidätetään.",
    ),
    (
        "बंदरगाह परिषद ने मंगलवार को शुल्क बढ़ाने का निर्णय लिया। जहाज कंपनियों ने कहा कि वे यह बढ़ोतरी यात्रियों पर डालेंगी।",
        "सर्वाधिकार सुरक्षित।",
    ),
    (
        "El consejo del puerto decidió el martes subir las tasas. Las navieras trasladarán la subida a los pasajeros.",
        "Todos los derechos reservados. Prohibida su reproducción total o parcial.",
    ),
    (
        "قرر مجلس الميناء يوم الثلاثاء رفع رسوم الرسو بنسبة العشر. وستحمل شركات الشحن الزيادة على الركاب.",
        "جميع الحقوق محفوظة.",
    ),
    (
        "港湾評議会は火曜日、停泊料を一割引き上げることを決めた。海運会社は値上げ分を乗客に転嫁すると述べた。",
        "無断転載を禁じます。",
    ),
    (
        "Совет порта решил во вторник повысить плату за стоянку. Компании переложат повышение на пассажиров.",
        "Перепечатка без согласия редакции запрещена.",
    ),
    (
        "Hamnrådet beslutade i tisdags att höja hamnavgifterna. Rederierna tänker låta passagerarna betala höjningen.",
        "Prenumerera på vårt nyhetsbrev.",
    ),
)
CLOSINGS = (
    "Image: Reuters/Jim Holt",
    "Photo: Ada Pell.",
    "[Image: the pier]",
    "Sign up for our daily newsletter here.",
    "Reporting by Ada Pell; Editing by Tom Bright.",
    "For more information, contact press@bay.example or call +44 20 5550 1234.",
    "Read more: https://bay.example/fares",
)


def paragraphs(folder: Path, text: str) -> list[str]:
    (folder / "brief.txt").write_text(text, "utf-8")
    settings = CorpusSettings(path=str(folder))
    return [str(kept) for kept in build_corpus(settings, corpus_files(settings)).paragraphs["text"].to_pylist()]


@pytest.mark.parametrize("end", ENDS)
def test_a_brief_that_ends_in_a_copyright_line_loses_that_line_alone(tmp_path: Path, end: str) -> None:
    assert paragraphs(tmp_path, f"{BRIEF} {end}") == [BRIEF]


@pytest.mark.parametrize(("brief", "end"), FOREIGN_ENDS)
def test_a_brief_in_any_language_loses_its_notice_alone(tmp_path: Path, brief: str, end: str) -> None:
    glue = "" if brief.endswith("。") else " "
    assert paragraphs(tmp_path, f"{brief}{glue}{end}") == [brief]


@pytest.mark.parametrize("end", CLOSINGS)
def test_a_brief_loses_the_credit_caption_or_contact_that_ends_it_and_nothing_else(tmp_path: Path, end: str) -> None:
    assert paragraphs(tmp_path, f"{BRIEF} {end}") == [BRIEF]


def test_a_notice_inside_a_block_does_not_take_the_block(tmp_path: Path) -> None:
    first, second = ARTICLE.split(". ")[0] + ".", BRIEF.split(". ")[0] + "."
    assert paragraphs(tmp_path, f"{first} © 2023 Hill Press. {second}") == [first, second]


def test_a_short_brief_is_not_lost_to_its_copyright_line(tmp_path: Path) -> None:
    assert paragraphs(tmp_path, "Fares on the island ferry rise in April. © 2023 Hill Press") == [
        "Fares on the island ferry rise in April."
    ]


def test_a_label_takes_its_own_sentence_where_nothing_else_would_be_left(tmp_path: Path) -> None:
    label = "Editor's note: names were changed."
    assert paragraphs(tmp_path, f"{label} {ARTICLE}") == [ARTICLE]
    assert paragraphs(tmp_path, f"{ARTICLE}\n\n{label} The two women asked for it and the court agreed.") == [ARTICLE]


def test_every_cue_of_cleaning_leaves_the_brief_that_it_is_written_behind_or_before(tmp_path: Path) -> None:
    cues = [cue.matches for group in cue_groups() for cue in group.cues if not has_han(cue.matches)]
    texts = [f"{BRIEF} {cue}" for cue in cues] + [f"{cue.rstrip('.')}. {BRIEF}" for cue in cues]
    (tmp_path / "rows.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in texts), "utf-8")
    settings = CorpusSettings(path=str(tmp_path), duplicates={"enabled": False})
    table = build_corpus(settings, corpus_files(settings)).paragraphs
    kept: dict[str, str] = defaultdict(str)
    for name, text in zip(table["document_id"].to_pylist(), table["text"].to_pylist(), strict=True):
        kept[name] += text
    assert len(kept) == len(texts)
    assert [text for text in kept.values() if BRIEF not in text] == []


@pytest.mark.parametrize("end", ["।", "۔"])
def test_a_first_paragraph_of_one_sentence_is_no_title_in_any_script(tmp_path: Path, end: str) -> None:
    texts = [
        f"बंदरगाह परिषद ने मंगलवार को शुल्क बढ़ाने का निर्णय लिया{end}",
        f"मछुआरे सभागार के बाहर जमा हुए और बैठक की मांग की{end}",
    ]
    assert " ".join(paragraphs(tmp_path, "\n\n".join(texts))).split() == " ".join(texts).split()


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
