"""RTF is read as the text that its reader sees, in every code page, and never as its own markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, reasons

from toolkit.corpus.readers.rtf import rtf_text
from toolkit.corpus.source import Unreadable

HEAD = rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fswiss\fcharset204 Arial Cyr;}}"


def escaped(text: str, page: str) -> bytes:
    return b"".join(b"\\'%02x" % byte for byte in text.encode(page))


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("cp1251", "Гавань надо углубить до зимы."),
        ("cp1250", "Přístav se musí vybagrovat."),
        ("cp1253", "Το λιμάνι πρέπει να καθαριστεί."),
        ("cp1256", "يجب تعميق الميناء"),
        ("cp932", "港を浚渫しなければならない。表示"),
        ("gb18030", "港口必须疏浚。"),
        ("cp949", "항구를 준설해야 한다."),
    ],
)
def test_text_in_the_code_page_that_the_file_names(page: str, text: str) -> None:
    number = {"gb18030": "936"}.get(page, page[2:]).encode()
    data = b"{\\rtf1\\ansi\\ansicpg" + number + b" " + escaped(text, page) + b"\\par}"
    assert rtf_text(data).strip() == text


def test_the_font_decides_where_it_names_another_alphabet_than_the_file() -> None:
    data = HEAD + rb"\f0 caf\'e9 \f1 " + escaped("гавань", "cp1251") + rb"\f0  caf\'e9\par}"
    assert rtf_text(data).strip() == "café гавань café"


def test_unicode_escapes_stand_for_the_characters_after_them() -> None:
    data = HEAD + rb"\uc1 na\u239\'efve \u-10179?\u-8704? {\uc2\u1075\'83\'84}\u8364?5\par}"
    assert rtf_text(data).strip() == "naïve 😀 г€5"


def test_what_no_reader_sees_is_no_text() -> None:
    data = HEAD + (
        rb"{\stylesheet{\s0 Normal;}{\s1 heading 1;}}{\info{\title Harbour}{\author Ona Lind}{\*\company X}}"
        rb"{\header Port Gazette}{\*\generator Word;}{\pict\pngblip 89504e470d0a}{\*\shppict{\pict\bin4 }}{x}}"
        rb"{\v secret}The {\field{\*\fldinst HYPERLINK \\l x}{\fldrslt harbour}} must be dredged.\par}"
    )
    assert rtf_text(data).strip() == "The harbour must be dredged."


def test_paragraphs_headings_lists_tables_and_footnotes_are_told_apart(tmp_path: Path) -> None:
    data = HEAD + (
        rb"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}}{\info{\title Report on harbours}{\creatim\yr2021\mo3\dy4}}"
        rb"{\footer Page footer of the office}"
        rb"\pard\s1\b Fees of the port\par\pard\plain "
        rb"The fee rose by nine percent in April{\super\chftn}"
        rb"{\footnote\pard {\super\chftn} Council minutes of 2019, page 4.}"
        rb", because fuel and the repair of two boats cost more than planned.\par "
        rb"\trowd\intbl Year\cell Fee\cell\row\trowd\intbl 2019\cell 40\cell\row\pard "
        rb"The users of the harbour called the increase unfair, since sailings in winter had been cut twice.\par}"
    )
    corpus = built(tmp_path, {"a.rtf": data})
    assert kept(corpus) == [
        "The fee rose by nine percent in April, because fuel and the repair of two boats cost more than planned. "
        "Year Fee 2019 40",
        "The users of the harbour called the increase unfair, since sailings in winter had been cut twice.",
    ]
    left = reasons(corpus)
    assert left["Council minutes of 2019, page 4."] == "footnote"
    assert left["Page footer of the office"] == "furniture"
    assert left["Fees of the port"] == "heading"
    assert document(corpus, "a.rtf")["title"] == "Report on harbours"
    assert column(corpus.paragraphs, "heading")[0] == "Fees of the port"


def test_damaged_rtf_is_named(tmp_path: Path) -> None:
    whole = HEAD + b"The harbour must be dredged before winter comes to the coast.\\par The end of it is lo"
    corpus = built(
        tmp_path,
        {"cut.rtf": whole, "none.rtf": b"plain words", "blank.rtf": HEAD + b"}", "deep.rtf": b"{\\rtf1" + b"{" * 6000},
    )
    assert "the RTF is cut off: its last groups are not closed" in document(corpus, "cut.rtf")["notes"]
    faults = {row["document_id"]: row["reason"] for row in corpus.ledger.to_pylist()}
    assert faults["none.rtf"].startswith("unreadable: no RTF")
    assert faults["blank.rtf"].startswith("unreadable: RTF without text")
    assert "groups inside one another" in faults["deep.rtf"]


def test_words_that_are_no_rtf_are_refused() -> None:
    with pytest.raises(Unreadable):
        rtf_text(b"The harbour")


def test_rtf_with_another_name_is_read_as_rtf_and_said(tmp_path: Path) -> None:
    data = b"{\\rtf1\\ansi The harbour must be dredged before winter.}"
    corpus = built(tmp_path, {"a.rtf": data, "b.txt": b"\xef\xbb\xbf\r\n" + data})
    assert kept(corpus) == ["The harbour must be dredged before winter."] * 2
    assert document(corpus, "b.txt")["notes"] == ["RTF in a text file; its marks are no text"]
    assert document(corpus, "b.txt")["format"] == "rtf"
