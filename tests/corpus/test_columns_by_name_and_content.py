"""Columns of the tables that tools and databases export: dates, sources and titles under the names that these give."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from kit.corpora import built, column

TEXTS = [
    "The new tram line through the old town is late again, and nobody tells the passengers why.",
    "The small bakery at the harbour is loved because its bread is warm at six in the morning.",
    "Please mend the bridge near the school before winter, because children slip there each day.",
    "Rents in the northern quarter have doubled in three years and the council looks away.",
]


def table(header: list[str], rows: list[list[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (["Page Name", "Post Created", "Message"], ["Elm Council", "2023-02-04 10:00:00 GMT"], ("Elm Council", None)),
        (["subreddit", "created_utc", "body"], ["elm", "1675504800"], ("elm", None)),
        (["Source title", "Source", "Year", "Abstract"], ["Harbours", "Scopus", "2023"], ("Harbours", None)),
        (["Publication", "Published date", "Full text"], ["Elm Post", "February 4, 2023 Saturday"], ("Elm Post", None)),
        (["pubtitle", "pubdate", "Abstract"], ["Elm Post", "Feb 4, 2023"], ("Elm Post", None)),
        (["Medio", "Fecha de publicación", "Titular", "Cuerpo"], ["El Olmo", "4 de febrero de 2023", "Sube"],
         ("El Olmo", "Sube")),
        (["издание", "дата публикации", "название", "текст"], ["Ольмск", "04.02.2023", "Порт"], ("Ольмск", "Порт")),
        (["Źródło", "Data publikacji", "Tytuł", "Treść"], ["Kurier", "13.02.2023", "Port"], ("Kurier", "Port")),
        (["Kaynak", "Tarih", "Başlık", "İçerik"], ["Posta", "13.02.2023", "Liman"], ("Posta", "Liman")),
        (["언론사", "일자", "제목", "본문"], ["느릅일보", "20230204", "항구"], ("느릅일보", "항구")),
        (["Fonte", "Data", "Titolo", "Testo"], ["Il Golfo", "2023-02-04", "Porto"], ("Il Golfo", "Porto")),
        (["紙名", "発行日", "見出し", "本文"], ["楡新聞", "2023/02/04", "港"], ("楡新聞", "港")),
    ],
)  # fmt: skip
def test_names_of_exports_are_known(
    tmp_path: Path, header: list[str], cells: list[str], expected: tuple[str, str | None]
) -> None:
    corpus = built(tmp_path, {"t.csv": table(header, [[*cells, text] for text in TEXTS])})
    assert corpus.paragraphs.num_rows == len(TEXTS)
    assert set(zip(column(corpus.documents, "source"), column(corpus.documents, "title"), strict=True)) == {expected}
    assert {date[:4] for date in column(corpus.documents, "date")} == {"2023"}


def test_the_only_column_of_dates_is_the_date_and_that_is_said(tmp_path: Path) -> None:
    rows = [[f"{day} May 2023", text] for day, text in enumerate(TEXTS, start=1)]
    corpus = built(tmp_path, {"t.csv": table(["Aired on this date", "text"], rows)})
    assert column(corpus.documents, "date") == ["2023-05-01", "2023-05-02", "2023-05-03", "2023-05-04"]
    assert (
        "read from the one of dates: Aired on this date [corpus.columns.date]"
        in column(corpus.documents, "notes")[0][0]
    )


@pytest.mark.parametrize("name", ["Date of birth", "Last updated", "accessed", "Q7"])
def test_other_dates_are_not_taken_for_that_of_publication_but_named(tmp_path: Path, name: str) -> None:
    corpus = built(tmp_path, {"t.csv": table([name, "text"], [["1980-02-13", text] for text in TEXTS])})
    assert column(corpus.documents, "date") == [None] * 4
    assert f"columns of dates are not read: {name} [corpus.columns.date]" in column(corpus.documents, "notes")[0][0]


def test_numbers_are_no_dates(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"t.csv": table(["votes", "text"], [["20230204", text] for text in TEXTS])})
    assert column(corpus.documents, "date") == [None] * 4
    assert not any(column(corpus.documents, "notes"))


def test_limesurvey_names_its_columns_by_code_and_question(tmp_path: Path) -> None:
    header = ["id. Antwort ID", "submitdate. Datum Abgeschickt", "G01Q01. Was fehlt?"]
    corpus = built(tmp_path, {"t.csv": table(header, [[str(at), "2023-02-04", text] for at, text in enumerate(TEXTS)])})
    assert column(corpus.documents, "document_id") == ["0", "1", "2", "3"]
    assert set(column(corpus.documents, "date")) == {"2023-02-04"}


def test_a_table_of_titles_or_of_short_answers_says_how_it_is_read(tmp_path: Path) -> None:
    titles = built(tmp_path / "a", {"t.csv": table(["url", "title"], [["http://x.example", text] for text in TEXTS])})
    assert "corpus.columns.text: title reads the titles" in titles.notes[0]
    answers = [["1", word] for word in ("More buses", "Fewer cars", "Warm stops", "Late trams")]
    short = built(tmp_path / "b", {"t.csv": table(["id", "Q3"], answers)})
    assert "corpus.kind: survey reads short answers, as in 'Q3'" in short.notes[0]


def test_posts_are_no_survey(tmp_path: Path) -> None:
    posts = [[f"http://x.example/{at}", "[deleted]" if at % 3 == 0 else TEXTS[at % 4]] for at in range(24)]
    assert not built(tmp_path / "a", {"t.csv": table(["url", "text"], posts)}).notes
    tweets = [[str(at), f"RT @elm: {TEXTS[at % 4]}"] for at in range(24)]
    assert not built(tmp_path / "b", {"t.csv": table(["id", "text"], tweets)}).notes
    answers = [[str(at), "don't know" if at % 3 == 0 else TEXTS[at % 4]] for at in range(24)]
    assert "looks like a survey" in built(tmp_path / "c", {"t.csv": table(["id", "text"], answers)}).notes[0]


def test_a_sheet_without_texts_is_named_as_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["text"])
    for text in TEXTS:
        book.active.append([text])
    book.create_sheet("Codes").append(["Code", "Value"])
    book["Codes"].append([1, 2])
    book.save(tmp_path / "t.xlsx")
    corpus = built(tmp_path)
    assert corpus.notes[0].startswith("1 sheet of workbooks without texts: t.xlsx#Codes (no column of text")
    assert corpus.paragraphs.num_rows == len(TEXTS)


def test_a_survey_whose_table_is_not_read_counts_no_respondents(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"t.csv": table(["id", "q1"], [["1", "yes"], ["2", "no"]])}, kind="survey")
    assert len(corpus.notes) == 1 and "cannot be read" in corpus.notes[0]


def test_a_line_below_a_table_that_says_whence_it_comes_is_no_document(tmp_path: Path) -> None:
    rows = table(["Date", "Title", "Text"], [["2023-02-04", "Fares", text] for text in TEXTS])
    corpus = built(tmp_path, {"t.csv": f"{rows}\nDownloaded from archive.example on 2023-03-01\n"})
    assert corpus.documents.num_rows == len(TEXTS)
    assert "Downloaded from archive.example" in str(column(corpus.documents, "notes"))


def test_a_column_named_data_that_holds_no_dates_is_no_date(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"t.csv": table(["data", "text"], [["wave two", text] for text in TEXTS])})
    assert column(corpus.documents, "date") == [None] * 4
    assert not any(column(corpus.documents, "notes"))


def test_rows_that_are_no_documents_are_said_even_above_the_first(tmp_path: Path) -> None:
    rows = [["Source: made up", "", ""], ["Downloaded the app in 2023", "", ""], *([text, "3", "en"] for text in TEXTS)]
    corpus = built(tmp_path, {"t.csv": table(["comment", "likes", "lang"], rows)})
    assert corpus.documents.num_rows == len(TEXTS) + 1
    assert "is no document: Source: made up" in str(column(corpus.documents, "notes"))
