# ruff: noqa: E501 - exports as they come
"""Variants of exports: headings in capitals, sections above titles, days without years, heads of three lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, kept

FERRY = "Fares on the island ferry will rise by nine percent in April, the operator said on Friday evening."
ROOF = "The town will mend the roof of the central library before the first frost, the mayor told residents."
FISH = "漁業者は騒音でニシンが逃げるおそれがあるとして、産卵期にあたる五月には工事を休むよう求めている。"
PORT = "Порт начнут углублять весной, сообщил в понедельник директор на заседании городского совета."


def rows(folder: Path, text: str, name: str = "export.txt") -> list[dict[str, Any]]:
    return list(built(folder, {name: text}).documents.to_pylist())


def test_headings_in_capitals_part_the_full_text_from_the_details(tmp_path: Path) -> None:
    parts = [
        f"Document {at} of 2\n\n{title}\n\nProQuest document link\n\nABSTRACT (ENGLISH)\n\nIn short.\n\nFULL TEXT\n\n"
        f"{text}\n\nDETAILS\n\nPublication title: Bay Post; Elmstadt\n\nPublication date: Feb {at}, 2023\n\n"
        f"ProQuest document ID: 277123456{at}\n\n"
        for at, title, text in ((1, "Fares rise", FERRY), (2, "A roof", ROOF))
    ]
    corpus = built(tmp_path, {"pq.txt": "".join(parts)})
    assert kept(corpus) == [FERRY, ROOF]
    assert column(corpus.documents, "title") == ["Fares rise", "A roof"]
    assert column(corpus.documents, "source") == ["Bay Post"] * 2
    assert column(corpus.documents, "date") == ["2023-02-01", "2023-02-02"]


@pytest.mark.parametrize(
    ("above", "title", "author", "section"),
    [
        (["Local", "Fares on the ferry rise"], "Fares on the ferry rise", None, "Local"),
        (["U.S. News", "Bay Operator Raises Ferry Fares"], "Bay Operator Raises Ferry Fares", None, "U.S. News"),
        (["Local", "Fares rise again", "Ona Lee"], "Fares rise again", "Ona Lee", "Local"),
        (["Fares on the ferry rise in April", "By Bea Tal"], "Fares on the ferry rise in April", "Bea Tal", None),
        (["Fares on the ferry to the three islands of the bay will rise", "in April, operator says"],
         "Fares on the ferry to the three islands of the bay will rise in April, operator says", None, None),
    ],
)  # fmt: skip
def test_section_title_and_author_above_the_number_of_words(
    tmp_path: Path, above: list[str], title: str, author: str | None, section: str | None
) -> None:
    lines = [*above, "57 words", "4 February 2023", "Bay Post", "BAYP", "7", "English", "(c) 2023 Bay Media", "", FERRY,
             "", "Document BAYP000020230204ej240000a", ""]  # fmt: skip
    second = [line.replace("0a", "0b") for line in lines]
    row = rows(tmp_path, "\n".join([*lines, *second]))[0]
    assert (row["title"], row.get("author"), row.get("section")) == (title, author, section)


def test_a_day_without_its_year_takes_the_year_of_the_record(tmp_path: Path) -> None:
    enw = f"%0 Newspaper Article\n%T Fares\n%D 2023\n%8 February 4\n%X {FERRY}\n"
    assert rows(tmp_path / "a", enw, "r.enw")[0]["date"] == "2023-02-04"
    wos = f"FN Clarivate Analytics Web of Science\nPT J\nTI Fares\nAB {FERRY}\nPD FEB 4\nPY 2023\nER\n\n"
    wos += f"PT J\nTI Roof\nAB {ROOF}\nPD WIN\nPY 2021\nER\n\nEF\n"
    assert [row["date"] for row in rows(tmp_path / "b", wos)] == ["2023-02-04", "2021"]


def test_japanese_articles_below_a_line_of_their_date(tmp_path: Path) -> None:
    text = "".join(
        f"2023.02.0{at}\n港の浚渫{at}\n東京朝刊　社会　31頁　写有　（全234字）\n　{FISH}\n　{FISH}\n\n"
        for at in (1, 2, 3)
    )
    made = rows(tmp_path, text)
    assert [row["title"] for row in made] == ["港の浚渫1", "港の浚渫2", "港の浚渫3"]
    assert [row["date"] for row in made] == ["2023-02-01", "2023-02-02", "2023-02-03"]
    assert {row["edition"] for row in made} == {"東京朝刊"}


def test_a_second_row_of_bars_is_not_the_title(tmp_path: Path) -> None:
    text = "".join(
        f"榆城日报 | 2023-02-0{at}\n报章 | A0{at} | 港闻 | By 林\n\n港口工程{at}\n\n"
        "港务局将于明年春天疏浚内港，局长周一对议会说。\n\n"
        for at in (1, 2, 3)
    )
    made = rows(tmp_path, text)
    assert [(row["title"], row["source"], row["section"]) for row in made] == [
        (f"港口工程{at}", "榆城日报", "港闻") for at in (1, 2, 3)
    ]


def test_numbers_above_labelled_articles_belong_to_these(tmp_path: Path) -> None:
    text = "".join(
        f"{at}.\nИсточник: Ольмск\nДата: 0{at}.02.2023\nНазвание: Порт\nТекст: {PORT}\n\n" for at in (1, 2, 3)
    )
    assert kept(built(tmp_path / "a", {"i.txt": text})) == [PORT] * 3
    text = "".join(
        f"Документ {at} из 2\n\nВечерний Ольмск\nДата выпуска: 0{at}.02.2023\nЗаглавие: Порт\n\n{PORT}\n\n"
        for at in (1, 2)
    )
    assert [row["source"] for row in rows(tmp_path / "b", text)] == ["Вечерний Ольмск"] * 2


@pytest.mark.parametrize(
    "frame",
    [
        "{rule}\nPost {at}\n2023-02-0{at}\n{rule}\n\n{text}\n\n",
        "{at}/3\nBay Post, 0{at}.02.2023, S. 4\n\nFares {at}\n\n{text}\n\n",
        "Title: Story {at}\nPaper: Bay Post\nPublished: {at} May 2023\n\n{text}\n\n",
    ],
)
def test_frames_that_nobody_reads_are_noticed_and_are_no_speakers(tmp_path: Path, frame: str) -> None:
    text = "".join(frame.format(at=at, text=f"{FERRY} {ROOF}", rule="=" * 60) for at in (1, 2, 3))
    notes = rows(tmp_path, text)[0]["notes"]
    assert any(note.startswith("looks like 3 articles in one file") for note in notes)
    assert not any(note.startswith("read as a transcript") for note in notes)


def test_pages_and_scenes_are_not_noticed_as_articles(tmp_path: Path) -> None:
    scenes = f"A walk\n\n{FERRY} {ROOF}\n\n* * *\n\n{ROOF} {FERRY}\n\n* * *\n\n{FERRY}\n"
    pages = f"{FERRY}\n\n1/3\n\n{ROOF}\n\n2/3\n\n{FERRY} {ROOF}\n\n3/3\n"
    corpus = built(tmp_path, {"scenes.txt": scenes, "pages.txt": pages})
    assert not [note for notes in column(corpus.documents, "notes") for note in notes or () if "looks like" in note]


def test_the_first_word_body_begins_the_text(tmp_path: Path) -> None:
    text = (
        f"Fares rise\n\nBay Post\n\nFebruary 2023\n\nCopyright 2023 Bay Media All Rights Reserved\n\nBody\n\n{FERRY}\n\n"
        f"Body: so the report calls it.\n\n{ROOF}\n\nLoad-Date: February 5, 2023\n\nEnd of Document\n"
    )
    corpus = built(tmp_path, {"n.txt": text})
    assert " ".join(kept(corpus)) == f"{FERRY} Body: so the report calls it. {ROOF}"
    row = corpus.documents.to_pylist()[0]
    assert (row["title"], row["source"], row["date"]) == ("Fares rise", "Bay Post", "2023-02")


def test_codes_with_a_single_blank_are_fields(tmp_path: Path) -> None:
    text = "".join(
        f"HD Fares on the ferry rise\nBY Ona Lind\nWC 57 words\nPD {at} February 2023\nSN Bay Post\nSC BAYP\nLA English\n\n"
        f"LP \n{FERRY}\n\nTD \n{ROOF}\n\nNS gtransp : Transport\nPUB Bay Media\nAN Document BAYP000020230204ej240000{at}\n\n"
        for at in (1, 2)
    )
    corpus = built(tmp_path, {"f.txt": text})
    assert kept(corpus) == [FERRY, ROOF] * 2
    assert {(row["title"], row["author"], row["source"]) for row in corpus.documents.to_pylist()} == {
        ("Fares on the ferry rise", "Ona Lind", "Bay Post")
    }


def test_a_chinese_title_is_no_section_and_its_author_no_title(tmp_path: Path) -> None:
    text = "".join(
        f"港口疏浚\n林\n320 字\n2023 年 2 月 {at} 日\n榆城日报\nYCRB\n简体中文\n(c) 2023 榆城日报\n\n港务局将于明年春天疏浚内港。\n\n"
        f"文件 YCRB000020230204ej240000{at}\n\n"
        for at in (1, 2)
    )
    assert [(row["title"], row["author"]) for row in rows(tmp_path, text)] == [("港口疏浚", "林")] * 2


def test_europresse_as_text(tmp_path: Path) -> None:
    text = "".join(
        f"La Baie, no. 471{at}\nRégion, samedi {at} février 2023, p. 7\n\nLe prix du bac\n\nOdile Lind\n\n{FERRY}\n\n{ROOF}\n\n"
        f"© 2023 La Baie. Tous droits réservés.\nnews·2023020{at}·BAI·471{at}\n\n"
        for at in (4, 5)
    )
    corpus = built(tmp_path, {"eu.txt": text})
    assert kept(corpus) == [FERRY, ROOF] * 2
    first = corpus.documents.to_pylist()[0]
    expected = {
        "title": "Le prix du bac",
        "source": "La Baie",
        "date": "2023-02-04",
        "author": "Odile Lind",
        "pages": "7",
    }
    assert {key: first[key] for key in expected} == expected
    assert first["section"] == "Région"


def test_unknown_labels_above_the_word_body_are_no_text(tmp_path: Path) -> None:
    text = "".join(
        f"              {at} of 2 DOCUMENTS\n\n          Bay Radio\n\n      February {at}, 2023 Saturday\n\nTYPE: Live Report\n\n"
        f"LENGTH: 57 words\n\nHEADLINE: Fares\n\nGUESTS: Ona Lind\n\nBODY:\n\n{FERRY}\n\n{ROOF}\n\nLOAD-DATE: February 5, 2023\n\n"
        for at in (1, 2)
    )
    assert kept(built(tmp_path, {"n.txt": text})) == [FERRY, ROOF] * 2


def test_line_ends_of_old_macs(tmp_path: Path) -> None:
    text = "".join(
        f"Fares rise\n\nBay Post\n\nFebruary {at}, 2023 Saturday\n\nCopyright 2023 Bay Media\n\nLength: 57 words\n\nBody\n\n"
        f"{FERRY}\n\nLoad-Date: February 5, 2023\n\nEnd of Document\n\n"
        for at in (1, 2)
    )
    corpus = built(tmp_path, {"n.txt": text.replace("\n", "\r")})
    assert kept(corpus) == [FERRY] * 2
    assert column(corpus.documents, "date") == ["2023-02-01", "2023-02-02"]


def test_articles_keep_their_own_date_and_source_beside_path_and_sidecar(tmp_path: Path) -> None:
    text = "".join(
        f"Fares rise\n\nBay Post\n\nFebruary {at}, 2023 Saturday\n\nCopyright 2023 Bay Media\n\nLength: 57 words\n\nBody\n\n"
        f"{FERRY}\n\nLoad-Date: February 5, 2023\n\nEnd of Document\n\n"
        for at in (1, 2)
    )
    corpus = built(tmp_path / "a", {"green/2019-01-01.txt": text}, path_pattern="{party}/{date}.txt")
    assert column(corpus.documents, "date") == ["2023-02-01", "2023-02-02"]
    assert column(corpus.documents, "party") == ["green"] * 2
    assert "the date of the article is kept" in str(column(corpus.documents, "notes"))
    (tmp_path / "meta.csv").write_text(
        "file,date,source,url\nn.txt,2019-01-01,Press,http://x.example\n", encoding="utf-8"
    )
    corpus = built(tmp_path / "b", {"n.txt": text}, metadata=str(tmp_path / "meta.csv"))
    assert column(corpus.documents, "date") == ["2023-02-01", "2023-02-02"]
    assert column(corpus.documents, "source") == ["Bay Post"] * 2
    assert column(corpus.documents, "url") == ["http://x.example"] * 2
