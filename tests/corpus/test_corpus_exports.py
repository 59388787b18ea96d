# ruff: noqa: E501 - sample lines as they come
"""Files as other programs really write them: nothing of their text or metadata is lost on the way in."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, document, kept

from toolkit.corpus.dates import iso_date

ONE = "The harbour board met on Tuesday, and agreed to dredge the northern channel before the winter storms arrive."
TWO = "Fishermen had asked for the work since spring, when two boats ran aground within sight of the lighthouse."
GERMAN = "Die Größe der Häfen für Übersee wächst nach Angaben der Behörde in diesem Jahr weiter."


@pytest.mark.parametrize("head", ["text", "id,date,text"])
def test_commas_without_quotes_in_the_last_column_stay_in_the_text(tmp_path: Path, head: str) -> None:
    before = "1,2024-01-02," if "," in head else ""
    corpus = built(tmp_path, {"a.csv": f"{head}\n{before}{ONE}\n"})
    assert kept(corpus) == [ONE]
    assert any("read as part of the text" in note for note in column(corpus.documents, "notes")[0])


@pytest.mark.slow
def test_a_table_whose_first_accent_stands_behind_a_megabyte(tmp_path: Path) -> None:
    plain = "".join(f"{number};{'salt ' * 30}of row {number}\n" for number in range(7000))
    raw = f"id;text\n{plain}".encode() + f"last;{GERMAN}\n".encode("cp1252")
    corpus = built(tmp_path, {"a.csv": raw}, duplicates={"enabled": False})
    assert GERMAN in kept(corpus)


def test_bytes_of_a_table_that_cannot_be_decoded_are_noted_where_they_stand(tmp_path: Path) -> None:
    raw = f"id,text\n1,{GERMAN}{GERMAN}\n2,".encode() + b"broken \xff here\n"
    corpus = built(tmp_path, {"a.csv": raw})
    assert [any("contains \ufffd" in note for note in notes) for notes in column(corpus.documents, "notes")] == [
        False,
        True,
    ]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_table_in_utf16_without_a_mark(tmp_path: Path, encoding: str) -> None:
    assert kept(built(tmp_path, {"a.csv": f'id,text\n1,"{ONE}"\n'.encode(encoding)})) == [ONE]


def test_the_separator_line_of_a_spreadsheet(tmp_path: Path) -> None:
    assert kept(built(tmp_path, {"a.csv": f"sep=;\r\nid;text\r\n1;{ONE}\r\n"})) == [ONE]


def test_a_sheet_without_texts_does_not_hide_the_next(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for title, rows in (("About", [["field", "meaning"], ["a", "b"]]), ("Data", [["id", "text"], ["1", ONE]])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    corpus = built(tmp_path, {"a.xlsx": stream.getvalue()})
    assert kept(corpus) == [ONE]
    assert "no column of text" in document(corpus, "a.xlsx#About")["notes"][0]


def test_an_empty_cell_of_a_sidecar_leaves_the_files_own_field(tmp_path: Path) -> None:
    composed = unicodedata.normalize("NFC", "café.txt")
    (tmp_path / "beside.csv").write_text(f"file,headline,published\na.md,,\n{composed},Boats,3 May 2024\n", "utf-8")
    files: dict[str, str | bytes] = {
        "in/a.md": f"---\ntitle: Dredging\ndate: 2024-02-03\n---\n\n{ONE}\n",
        f"in/{unicodedata.normalize('NFD', composed)}": f"Title: Old\nDate: 2020-01-01\n\n{TWO}\n",
    }
    corpus = built(tmp_path, files, path=str(tmp_path / "in"), metadata=str(tmp_path / "beside.csv"))
    rows = {(row["title"], row["date"]) for row in corpus.documents.to_pylist()}
    assert rows == {("Dredging", "2024-02-03"), ("Boats", "2024-05-03")}
    assert not corpus.notes


def test_word_tables_inside_tables_moves_and_text_boxes_are_read_once(tmp_path: Path) -> None:
    import docx
    from docx.oxml import parse_xml

    space = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
    )

    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    def paragraph(inner: str, spaces: str = "") -> Any:
        return f"<w:p {spaces}>{inner}</w:p>"

    paper = docx.Document()
    paper.add_paragraph(ONE)
    cell = paper.add_table(1, 2).cell(0, 1)
    cell.text = "outer words"
    cell.add_table(1, 1).cell(0, 0).text = "inner words"
    box = (
        f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{paragraph(run('Box says so.'))}{paragraph(run('And more.'))}"
    )
    box += "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    for inner in (f'<w:moveFrom w:id="1" w:author="x">{run(TWO)}</w:moveFrom>', run(TWO), box + run("Around it.")):
        paper.element.body.insert(0, parse_xml(paragraph(inner, space)))
    stream = io.BytesIO()
    paper.save(stream)
    text = column(built(tmp_path, {"a.docx": stream.getvalue()}).texts, "text")[0]
    assert text.count(TWO) == 1
    assert text.count("inner words") == text.count("outer words") == 1
    assert text.split("\n")[:3] == ["Box says so.", "And more.", "Around it."]


def test_a_word_document_that_declares_entities_says_so(tmp_path: Path) -> None:
    import zipfile

    stream = io.BytesIO()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {space}><w:body><w:p><w:r><w:t>&x; {ONE}</w:t></w:r></w:p></w:body></w:document>"
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///none">]>{body}')
    corpus = built(tmp_path, {"a.docx": stream.getvalue()})
    assert column(corpus.ledger, "reason") == ["unreadable: declares XML entities, which no Word document does"]


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("Thu, 05 Dec 2024 10:00:00 GMT", "2024-12-05"), ("20241205T101010Z", "2024-12-05"), ("20241205101010", "2024-12-05"),
        ("12/2024", "2024-12"), ("2024/05", "2024-05"), ("10:15 AM ET, Thu December 5, 2024", "2024-12-05"), ("13/2024", None),
    ],
)  # fmt: skip
def test_dates_of_mail_and_of_news_databases(given: str, iso: str | None) -> None:
    assert iso_date(given) == iso


def test_columns_of_one_name_keep_their_own_cells(tmp_path: Path) -> None:
    assert kept(built(tmp_path, {"a.csv": f'text,text,title\n"{ONE}","{TWO}",T\n'})) == [ONE]


def test_rows_of_json_that_name_their_text_differently(tmp_path: Path) -> None:
    lines = f'{{"id": "1", "text": "{ONE}"}}\n{{"id": "2", "body": "{TWO}"}}\n{{"id": "3", "note": "x"}}\n'
    corpus = built(tmp_path, {"a.jsonl": lines})
    assert kept(corpus) == [ONE, TWO]
    assert column(corpus.ledger, "reason") == ["empty"]
