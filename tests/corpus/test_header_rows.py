"""The row that names the columns is looked for, said in a note, and can be set."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept

CASES = Path(__file__).parent.parent / "data" / "cases"
FERRY = "Fares on the island ferry will rise by nine percent in April; commuters call it unfair."
ROOF = "The town will mend the roof of the central library before the first frost comes."


def test_a_report_above_the_header_is_passed_over(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"m.csv": (CASES / "csv-preamble/in/mentions.csv").read_bytes()})
    assert column(corpus.documents, "title") == ["Ferry fares", "Library roof"]
    assert any("row 7 [corpus.header_row]" in note for note in document(corpus, "m.csv#row-000001")["notes"])


def test_a_titled_sheet_and_its_total(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"s.xlsx": (CASES / "excel-title-rows/in/survey.xlsx").read_bytes()})
    assert [text[:5] for text in kept(corpus)] == ["Buses", "The f"]
    notes = document(corpus, "s.xlsx#row-000002")["notes"]
    assert any("row 4 [corpus.header_row]" in note for note in notes)
    assert any("Total: 2 answers [corpus.skip_rows]" in note for note in notes)


@pytest.mark.parametrize("columns", [{}, {"text": "Q2", "id": "ResponseId"}])
def test_the_wording_and_import_rows_of_qualtrics_are_no_documents(tmp_path: Path, columns: dict[str, str]) -> None:
    table = (CASES / "qualtrics-header-rows/in/responses.csv").read_bytes()
    corpus = built(tmp_path, {"r.csv": table}, columns=columns)
    assert column(corpus.documents, "document_id") == ["R_1", "R_2", "R_3"]
    assert len(kept(corpus)) == 2 and column(corpus.ledger, "reason") == ["non_answer"]


PLAIN = FERRY.replace(";", ",")
HEADERS = {
    "search terms": (
        f"Query,ferry AND fares\nExported,2024-05-03\n\ndate,text\n2024-01-02,{FERRY}\n2024-01-03,{ROOF}\n", ".csv",
    ),
    "padded": (
        "Export,,,\nBrand,Harbour,,\n,,,\nDate,Author,Snippet,Tone\n"
        f"2023-05-01,@x,{FERRY},neg\n2023-05-02,@y,{ROOF},pos\n", ".csv",
    ),
    "semicolons": (
        "\ufeffSuche: Hafen\nTreffer: 2\n\nDatum;Titel;Volltext\n"
        f"01.05.2023;Preise;{PLAIN}\n02.05.2023;Dach;{ROOF}\n", ".csv",
    ),
    "two rows of names": (
        "Respondent ID,Start Date,What should change?,Which do you use?,\n,,Open-Ended Response,Bus,Tram\n"
        f"118,2024-05-03,{FERRY},Bus,\n119,2024-05-03,{ROOF},,Tram\n", ".csv",
    ),
    "labels of variables": (
        "RESPID,AGE,Q7\nRespondent number,Age in years,What would you change?\n"
        f"1,33,{FERRY}\n2,44,{ROOF}\n", ".csv",
    ),
    "types and flags": (
        "Text\tTopic\tYear\nstring\tdiscrete\tcontinuous\nmeta\tclass\t\n"
        f"{FERRY}\ta\t2020\n{ROOF}\tb\t2021\n", ".tab",
    ),
    "prefixed types": (f"mS#Text\tcD#Topic\n{FERRY}\ta\n{ROOF}\tb\n", ".tab"),
    "no header": (f"1,2024-01-02,{FERRY}\n2,2024-01-03,{ROOF}\n", ".csv"),
    "wordy question": (
        "Timestamp,In your own words: what should the town change about its buses first and why?\n"
        f"2024/05/03 8:28:09 AM,{FERRY}\n2024/05/03 9:28:09 AM,{ROOF}\n", ".csv",
    ),
    "totals": (
        f"id;answer;part\n1;{PLAIN};N\n2;{ROOF};S\nGesamt;2;\nn = 2;;\nQuelle: Stadt;;\n", ".csv",
    ),
    "stated delimiter": (f"sep=|\nid|text\n1|{FERRY}\n2|{ROOF}\n", ".csv"),
    "names again": (f"id,text\n1,{FERRY}\nid,text\n2,{ROOF}\n", ".csv"),
}  # fmt: skip


@pytest.mark.parametrize("layout", HEADERS)
def test_each_layout_gives_the_two_texts(tmp_path: Path, layout: str) -> None:
    table, extension = HEADERS[layout]
    corpus = built(tmp_path, {f"t{extension}": table})
    assert [text.replace(";", ",") for text in kept(corpus)] == [FERRY.replace(";", ","), ROOF]
    assert corpus.documents.num_rows == 2


def test_a_first_row_of_data_is_noticed(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"t.csv": HEADERS["no header"][0]})
    assert any("no row names the columns" in note for note in document(corpus, "t.csv#row-000001")["notes"])


def test_header_and_rows_to_skip_can_be_set(tmp_path: Path) -> None:
    table = f"about this\nfoo,bar\nid,text\nlabel,label\n1,{FERRY}\n2,{ROOF}\n"
    assert kept(built(tmp_path / "a", {"t.csv": table}, header_row=3, skip_rows=1)) == [FERRY, ROOF]
    assert kept(built(tmp_path / "b", {"t.csv": table}, header_row=3, skip_rows=[4, 6])) == [FERRY]
    given = {"header_row": 0, "columns": {"text": "column 2", "id": "column 1"}}
    corpus = built(tmp_path / "c", {"t.csv": f"1,{FERRY}\n2,{ROOF}\n"}, **given)
    assert column(corpus.documents, "document_id") == ["1", "2"]
    corpus = built(tmp_path / "d", {"t.csv": table}, header_row=40)
    assert column(corpus.ledger, "reason") == ["unreadable: row 40 is blank or does not exist (corpus.header_row)"]


def test_sheets_have_headers_of_their_own_and_hidden_ones_are_not_read(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for cells in (["Report of May"], [], ["ID", "Comment"], [1, FERRY], [], [None, "n = 1"]):
        book.active.append(cells)
    for name, cells in (("South", ["ID", "Comment"]), ("Codes", ["code", "text"])):
        book.create_sheet(name).append(cells)
        book[name].append([1, ROOF])
    book["Codes"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    corpus = built(tmp_path, {"a.xlsx": out.getvalue()})
    assert kept(corpus) == [FERRY, ROOF]
    assert any("hidden sheet" in note and "Codes" in note for note in document(corpus, "a.xlsx#South#1")["notes"])
