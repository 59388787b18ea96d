# ruff: noqa: E501 - sample lines as they come
"""The file itself dates a document only as people name articles; lines above a text give date, source and author."""

from __future__ import annotations

import io
import random
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, document

from toolkit.corpus.file_dates import date_in_name

CASES = Path(__file__).parents[1] / "data" / "cases"
WORDS = [
    "harbour",
    "board",
    "storm",
    "ferry",
    "library",
    "roof",
    "town",
    "market",
    "winter",
    "boats",
    "school",
    "bakery",
    "road",
    "bridge",
    "council",
    "mayor",
]


def prose(seed: int) -> str:
    chance = random.Random(seed)
    return "\n\n".join(f"The {' '.join(chance.choices(WORDS, k=16))} is what they said that day." for _ in range(2))


@pytest.mark.parametrize(
    ("name", "iso"),
    [
        ("2024-12-06_metals.md", "2024-12-06"), ("wire_2024-12-04_gallium-ban.txt", "2024-12-04"), ("20241206.txt", "2024-12-06"),
        ("metals 2024.12.06.html", "2024-12-06"), ("brief_2025-06_funds.pdf", "2025-06"), ("metals_20241206.txt", "2024-12-06"),
        ("metals-2024-12-06.txt", "2024-12-06"), ("2024-12-06_scandal-in-search-of-results.md", "2024-12-06"),
        ("ProQuestDocuments-2024-03-12.txt", None), ("Factiva-20240312-1014.html", None), ("Nexis_2024-03-12.docx", None),
        ("articles_2024-03-12T10-14-00.txt", None), ("interview_20240312_1014.txt", None), ("scan_2024-03-12.pdf", None),
        ("WhatsApp Chat 2024-03-12.txt", None), ("export 2024-03-12.html", None), ("Search results 2024-03-12.rtf", None),
        ("2024-01-01_2024-03-12.txt", None), ("20241206123.txt", None), ("id20241206.txt", None), ("2024-13-45.txt", None),
        ("report_2024.txt", None), ("202412.txt", None), ("Europresse_2024-03-12.html", None), ("20240312101455.txt", None),
    ],
)  # fmt: skip
def test_names_of_articles_date_them_and_names_of_exports_do_not(name: str, iso: str | None) -> None:
    assert date_in_name(f"folder/{name}") == iso


def test_a_date_from_a_name_is_noted_with_its_key_and_can_be_turned_off(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"2024-12-06_metals.txt": prose(1)}
    row = document(built(tmp_path, files), "2024-12-06_metals.txt")
    assert row["date"] == "2024-12-06"
    assert row["notes"][0].startswith("date taken from the file's name") and "[corpus.file_dates]" in row["notes"][0]
    assert column(built(tmp_path, file_dates="none").documents, "date") == [None]


def test_when_a_file_was_made_dates_it_only_if_asked(tmp_path: Path) -> None:
    import docx

    paper, out = docx.Document(), io.BytesIO()
    paper.core_properties.author = "Ada Pell"
    paper.core_properties.created = datetime(2024, 3, 12)
    paper.add_paragraph(prose(1))
    paper.save(out)
    assert column(built(tmp_path, {"a.docx": out.getvalue()}).documents, "date") == [None]
    row = document(built(tmp_path, file_dates="properties"), "a.docx")
    assert row["date"] == "2024-03-12" and "properties" in row["notes"][0]


@pytest.mark.parametrize("name", ["proquest-txt", "factiva-html"])
def test_an_export_is_never_dated_by_its_download(tmp_path: Path, name: str) -> None:
    shutil.copytree(CASES / name / "in", tmp_path / "in")
    assert not any(str(day).startswith("2024") for day in column(built(tmp_path / "in").documents, "date"))


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        ("By Ada Pell\n\nMay 27, 2024", ("2024-05-27", None, "Ada Pell")),
        ("4. Februar 2023", ("2023-02-04", None, None)),
        ("суббота, 4 февраля 2023", ("2023-02-04", None, None)),
        ("Published 3 May 2024, updated 5 May 2024", ("2024-05-03", None, None)),
        ("Updated 5 May 2024", (None, None, None)),
        ("Source: The Bay Courier", (None, "The Bay Courier", None)),
        ("© 2021 Bay Media", (None, None, None)),
    ],
)
def test_lines_above_a_text_become_metadata(tmp_path: Path, head: str, fields: tuple[Any, ...]) -> None:
    corpus = built(
        tmp_path, {"a.txt": f"Harbour to be dredged\n\n{head}\n\n{prose(3)}\n"}, columns={"keep": ["author"]}
    )
    row = document(corpus, "a.txt")
    assert (row["date"], row["source"], row["author"]) == fields
    assert sum("taken from a line above the text" in note for note in row["notes"]) == sum(map(bool, fields))


@pytest.mark.parametrize(
    ("lines", "body", "source", "author"),
    [
        (
            "4. Oktober 2024\nQuelle: Hafenblatt\nVon Anna Kell",
            "Der Hafenrat hat am Dienstag beschlossen, die Gebühren um ein Zehntel zu erhöhen, sagte er.",
            "Hafenblatt",
            None,
        ),
        (
            "04.10.2024, 10:15\nИсточник: Вестник порта",
            "Совет порта решил во вторник повысить плату за стоянку на десятую часть, сказал мэр.",
            "Вестник порта",
            None,
        ),
        (
            "2024年10月04日 10:15 来源：港口日报 作者：王明",
            "林德莫尔港务委员会周二决定将停泊费提高十分之一。航运公司表示将把涨价转嫁给乘客。",
            "港口日报",
            "王明",
        ),
    ],
)
def test_labelled_lines_of_other_languages_become_metadata(
    tmp_path: Path, lines: str, body: str, source: str, author: str | None
) -> None:
    made = document(built(tmp_path, {"a.txt": f"{body[:12]}\n\n{lines}\n\n{body}\n\n{body}"}), "a.txt")
    assert (made["date"], made["source"]) == ("2024-10-04", source)
    assert author is None or any(author in note for note in made["notes"])


def test_a_date_line_below_the_text_dates_a_document_that_has_no_other(tmp_path: Path) -> None:
    body = "The harbour council voted on Tuesday to raise the berth fees of all ferries by a tenth, as was told."
    files = {
        "a.txt": f"Fees at the quay\n\n{body}\n\nPublished 4 October 2024",
        "b.txt": f"Fees at the quay\n\n{body}\n\nLast updated 4 October 2024",
        "c.txt": f"Fees at the quay\n2 October 2024\n\n{body}\n\nPublished 4 October 2024",
    }
    corpus = built(tmp_path, files)
    assert [document(corpus, name)["date"] for name in files] == ["2024-10-04", None, "2024-10-02"]
    assert any("below the text" in note for note in document(corpus, "a.txt")["notes"])


def test_a_dateline_gives_date_and_agency(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.txt": f"Harbour to be dredged\n\nPORT ELM, Feb 4, 2023 (Bay Wire) - {prose(5)}\n"})
    row = document(corpus, "a.txt")
    assert (row["date"], row["source"]) == ("2023-02-04", "Bay Wire")


def test_metadata_wins_over_a_date_line_and_a_wide_gap_is_noted(tmp_path: Path) -> None:
    text = f"Title: Harbour\nDate: 2020-01-01\n\nBy Ada Pell\n\nMay 27, 2024\n\n{prose(7)}\n"
    row = document(built(tmp_path, {"a.txt": text}), "a.txt")
    assert row["date"] == "2020-01-01"
    assert any(
        "differs from the metadata by more than a year: 2024-05-27 but 2020-01-01" in note for note in row["notes"]
    )


def test_an_ambiguous_date_line_is_read_only_as_the_config_says(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.txt": f"Harbour to be dredged\n\n03/04/2024\n\n{prose(9)}\n"}
    row = document(built(tmp_path, files), "a.txt")
    assert row["date"] is None and "[corpus.day_first]" in row["notes"][0]
    assert column(built(tmp_path, day_first=True).documents, "date") == ["2024-04-03"]


def test_a_day_of_birth_is_no_day_of_publication(tmp_path: Path) -> None:
    text = (
        "Ona Lind, baker, dies at 84\n\nBorn: 12 May 1935, Elmstead\nDied: 4 June 2019, Port Elm\n\n"
        "Ona Lind baked bread for the town for fifty years. She is survived by two sons.\n"
    )
    assert document(built(tmp_path, {"a.txt": text}), "a.txt")["date"] is None


def test_the_number_of_an_issue_is_no_day(tmp_path: Path) -> None:
    text = "{}\n\nThe crane is safe, said the board of the harbour. It bought it in April, and paints it in June.\n"
    for line, day in {"Issue 12, May 2023": "2023-05", "No. 7, 12 May 2023": "2023-05-12"}.items():
        corpus = built(tmp_path, {"a.txt": "THE HARBOUR LETTER\n" + text.format(line)})
        assert document(corpus, "a.txt")["date"] == day
