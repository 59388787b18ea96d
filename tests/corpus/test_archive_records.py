# ruff: noqa: E501 - exports as they come
"""Records of reference managers and of archives in Russian, Japanese and Chinese: one document each, with its metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, kept, reasons

from toolkit.values import Corpus

SLEEP = "Ferry noise disturbs sleep in harbour towns, as many residents say, and it does so in winter too."
ROOF = "The town will mend the roof of the central library before the first frost, the mayor told residents."

RIS = f"""TY  - NEWS
TI  - Ferry noise and
sleep
AU  - Lind, Ona
AU  - Okoro, Pim
T2  - The Bay Courier
PY  - 2023
DA  - 2023/02/04/
AB  - {SLEEP}
ER doctors had other worries, and TY means thank you.
UR  - https://example.org/1
ER  -

TY  - JOUR
T1  - Library roofs
JO  - Hill Studies
Y1  - 2021/08//
N2  - {ROOF}
ER  -

TY  - JOUR
TI  - A record without abstract
PY  - 2020///
ER  -
"""
NBIB = f"""
PMID- 100001
OWN - NLM
DP  - 2023 Feb 4
TI  - Ferry noise and
      sleep
AB  - {SLEEP}
      AIDS- and other registers were not used.
FAU - Lind, Ona
AU  - Lind O
FAU - Okoro, Pim
JT  - The Bay Courier

PMID- 100002
DP  - 2021 Aug-Sep
TI  - Library roofs
JT  - Hill Studies
AB  - {ROOF}

PMID- 100003
DP  - 2020 Summer
TI  - A record without abstract
"""
WOS = f"""FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Lind, Ona
   Okoro, Pim
TI Ferry noise and
   sleep
SO The Bay Courier
AB {SLEEP} AN
   analysis followed.
PY 2023
ER

PT J
TI Library roofs
SO Hill Studies
AB {ROOF}
PY 2021
ER

PT J
TI A record without abstract
PY 2020
ER

EF
"""
ENW = f"""%0 Newspaper Article
%T Ferry noise and sleep
%A Lind, Ona
%A Okoro, Pim
%J The Bay Courier
%8 February 4, 2023
%D 2023
%X {SLEEP}
100% of them said so.

%0 Journal Article
%T Library roofs
%J Hill Studies
%D 2021
%X {ROOF}

%0 Book
%T A record without abstract
%D 2020
"""
BIB = f"""@comment{{made up}}
@string{{bay = "The Bay Courier"}}
@article{{lind2023,
  title = {{{{Ferry}} noise and sleep}},
  author = {{Lind, Ona and G\\'{{o}}mez, P\\'{{i}}a}},
  journal = bay,
  date = {{2023-02-04}},
  abstract = {{{SLEEP} It cost 90\\% of them {{\\em much}} sleep, @ home or not.}},
}}

@article{{roof, title = "Library roofs", year = 2021, month = aug, journal = "Hill Studies", abstract = "{ROOF}"}}
@book{{none, title={{A record without abstract}}, year={{2020}}}}
"""
XML = f"""<?xml version="1.0" encoding="UTF-8"?><xml><records><record><ref-type name="Newspaper Article">23</ref-type>
<contributors><authors><author><style>Lind, Ona</style></author><author>Okoro, Pim</author></authors></contributors>
<titles><title><style>Ferry noise and sleep</style></title><secondary-title>The Bay Courier</secondary-title></titles>
<dates><year>2023</year><pub-dates><date>February 4</date></pub-dates></dates><abstract><style>{SLEEP}</style></abstract></record>
<record><titles><title>Library roofs</title><secondary-title>Hill Studies</secondary-title></titles><dates><year>2021</year></dates>
<abstract>{ROOF}</abstract></record><record><titles><title>A record without abstract</title></titles><dates><year>2020</year></dates>
</record></records></xml>"""
TAB = f"""PT\tAU\tBA\tBE\tTI\tSO\tLA\tAB\tPY\tUT
J\tLind, Ona; Okoro, Pim\t\t\tFerry noise and sleep\tThe Bay Courier\tEnglish\t{SLEEP}\t2023\tWOS:1
J\tOkoro, Pim\t\t\tLibrary roofs\tHill Studies\tEnglish\t{ROOF}\t2021\tWOS:2
J\t\t\t\tA record without abstract\t\t\t\t2020\tWOS:3
"""


def columns(corpus: Corpus, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in corpus.documents.to_pylist()]


@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.ris", RIS), ("a.txt", RIS), ("a.nbib", NBIB), ("a.txt", NBIB), ("savedrecs.txt", WOS), ("a.ciw", WOS),
     ("a.enw", ENW), ("a.bib", BIB), ("a.xml", XML), ("savedrecs.txt", TAB)],
)  # fmt: skip
def test_each_record_is_a_document_whose_text_is_the_abstract(
    tmp_path: Path, name: str, text: str, breaks: str
) -> None:
    corpus = built(tmp_path, {name: text.replace("\n", breaks)})
    assert columns(corpus, "document_id", "title", "source", "paragraphs") == [
        (f"{name}#0001", "Ferry noise and sleep", "The Bay Courier", column(corpus.documents, "paragraphs")[0]),
        (f"{name}#0002", "Library roofs", "Hill Studies", 1),
        (f"{name}#0003", "A record without abstract", None, 0),
    ]
    assert kept(corpus)[0].startswith(SLEEP) and kept(corpus)[-1] == ROOF
    dates = column(corpus.documents, "date")
    assert dates[0] in ("2023-02-04", "2023") and dates[1][:4] == "2021" and dates[2] == "2020"
    assert reasons(corpus)["A record without abstract"] == "heading"
    assert any("without abstract" in note for note in column(corpus.documents, "notes")[2])


def test_values_that_look_like_tags_stay_in_the_abstract(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.ris": RIS, "b.nbib": NBIB, "c.ciw": WOS, "d.enw": ENW})
    text = " ".join(kept(corpus))
    for piece in ("ER doctors had", "AIDS- and other", "AN analysis followed", "100% of them"):
        assert piece in text
    authors = columns(corpus, "document_id", "author")
    assert [author for name, author in authors if name.endswith("0001")] == ["Lind, Ona; Okoro, Pim"] * 4


def test_latex_is_read_as_the_letters_it_stands_for(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.bib": BIB})
    assert columns(corpus, "author", "date")[:2] == [("Lind, Ona and Gómez, Pía", "2023-02-04"), (None, "2021-08")]
    assert "90% of them much sleep, @ home" in kept(corpus)[0]


def test_a_file_of_references_without_any_says_so(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.ris": "Only a line of text.", "b.bib": "nothing", "c.xml": "<a><b>text</b></a>"})
    notes = [" ".join(notes) for notes in column(corpus.documents, "notes")]
    assert ["no record" in notes[0], "no entry of BibTeX" in notes[1], "no export of EndNote" in notes[2]] == [True] * 3


INTEGRUM = """Документ 1 из 2

Источник: Вестник гавани
Дата выпуска: 04.02.2023
Номер выпуска: 24
Заглавие: Проезд на пароме подорожает весной
Автор: Она Линд

Проезд на пароме подорожает в апреле на девять процентов, сообщил в пятницу перевозчик жителям.

Источник: сообщение перевозчика.

Пассажиры назвали повышение несправедливым, потому что зимой рейсы дважды сокращали без причины.

Документ 2 из 2

Источник: Холмская газета
Дата выпуска: 19.08.2021
Заглавие: Крышу библиотеки починят до зимы

Город починит крышу центральной библиотеки до первых морозов, сказал жителям мэр в четверг.
"""
KIKUZO = """島の渡船、春に値上げ
2023年02月04日　朝刊　社会　031　00512文字　写図有
　島の渡船の運賃が四月に九パーセント上がると、運航会社が金曜日に明らかにした。
　通勤客は、冬に二度も減便があったのに不公平だと話している。

図書館の屋根を修理
2021年08月19日　夕刊　地域　020　00120文字
　町は初霜の前に中央図書館の屋根を修理すると、町長が住民に伝えた。
"""
YOMIDASU = """2023.02.04　東京朝刊　社会面　31頁　写有　（全512字）
島の渡船、春に値上げ
　島の渡船の運賃が四月に九パーセント上がると、運航会社が金曜日に明らかにした。

2021.08.19　東京夕刊　地域面　20頁　（全120字）
図書館の屋根を修理
　町は初霜の前に中央図書館の屋根を修理すると、町長が住民に伝えた。
"""
CNKI = """SrcDatabase-来源库: 报纸
Title-题名: 渡轮票价春季再涨
Author-作者: 林安
Organ-单位:
Source-文献来源: 海湾日报
Summary-摘要: 渡轮公司周五表示，四月起岛上渡轮票价将上涨百分之九，通勤者认为这并不公平。
PubTime-发表时间: 2023-02-04

SrcDatabase-来源库: 期刊
Title-题名: 图书馆屋顶冬前修缮
Source-文献来源: 山城报
Summary-摘要: 市长告诉居民，市里将在第一次霜冻之前修缮中央图书馆的屋顶，去年秋天雨水毁坏了部分藏书。
PubTime-发表时间: 2021-08-19
"""
WISENEWS = """渡輪票價春季再漲
明報 | 2023-02-04
報章 | A03 | 港聞 | By 林安
渡輪公司周五表示，四月起島上渡輪票價將上漲百分之九，通勤者認為這並不公平。
文章編號: 202302040030001

圖書館屋頂冬前修葺
大公報 | 2021-08-19
報章 | B01 | 要聞
市長告訴居民，市裏將在第一次霜凍之前修葺中央圖書館的屋頂。
文章編號: 202108190030002
"""


@pytest.mark.parametrize(
    ("text", "titles", "sources", "last"),
    [
        (INTEGRUM, ("Проезд на пароме подорожает весной", "Крышу библиотеки починят до зимы"),
         ("Вестник гавани", "Холмская газета"), "Город починит"),
        (KIKUZO, ("島の渡船、春に値上げ", "図書館の屋根を修理"), (None, None), "町は初霜"),
        (YOMIDASU, ("島の渡船、春に値上げ", "図書館の屋根を修理"), (None, None), "町は初霜"),
        (CNKI, ("渡轮票价春季再涨", "图书馆屋顶冬前修缮"), ("海湾日报", "山城报"), "市长告诉"),
        (WISENEWS, ("渡輪票價春季再漲", "圖書館屋頂冬前修葺"), ("明報", "大公報"), "市長告訴"),
    ],
)  # fmt: skip
def test_archives_in_russian_japanese_and_chinese(
    tmp_path: Path, text: str, titles: tuple[str, ...], sources: tuple[str | None, ...], last: str
) -> None:
    corpus = built(tmp_path, {"export-2024-03-12.txt": text})
    assert columns(corpus, "title", "source", "date") == [
        (titles[0], sources[0], "2023-02-04"), (titles[1], sources[1], "2021-08-19"),
    ]  # fmt: skip
    assert kept(corpus)[-1].startswith(last)
    assert not any(line in " ".join(kept(corpus)) for line in ("朝刊", "Дата выпуска", "PubTime", "文章編號", "報章"))


def test_a_text_that_quotes_its_source_stays_whole(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"i.txt": INTEGRUM})
    first = [row["text"] for row in corpus.paragraphs.to_pylist() if row["document_id"] == "i.txt#0001"]
    assert "сообщение перевозчика" in " ".join(first) and first[-1].startswith("Пассажиры назвали")
