"""Names of months that Croatian shares with Polish and Czech but gives to another month are never read in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit.corpora import built, column, document

CROATIAN = (
    "Lučko vijeće odlučilo je u utorak povisiti pristojbe za pristajanje trajekata. Brodari će povećanje prebaciti "
    "na putnike na proljeće iduće godine."
)
POLISH = (
    "Rada portu postanowiła we wtorek podnieść opłaty postojowe o jedną dziesiątą. Armatorzy przerzucą podwyżkę na "
    "pasażerów, żądając wyższych cen."
)
ENGLISH = "The harbour council voted on Tuesday to raise the fees. Shipping firms said they would pass it on."


def _dates(folder: Path, text: str, *dates: str, **settings: object) -> tuple[list[str | None], set[str]]:
    rows = [{"text": f"{text} {number}", "date": date} for number, date in enumerate(dates)]
    corpus = built(folder, {"t.jsonl": "\n".join(map(json.dumps, rows))}, duplicates={"enabled": False}, **settings)
    notes = {note for notes in column(corpus.documents, "notes") for note in notes or () if "month" in note}
    return column(corpus.documents, "date"), notes


@pytest.mark.parametrize(
    ("text", "dates", "read"),
    [
        (ENGLISH, ("4. listopada 2024", "5. studenoga 2024"), ["2024-10-04", "2024-11-05"]),
        (ENGLISH, ("17. srp 2023", "1. sij 2022", "3. lip 2021"), ["2023-07-17", "2022-01-01", "2021-06-03"]),
        (ENGLISH, ("4 listopada 2024", "5 października 2024"), ["2024-11-04", "2024-10-05"]),
        (ENGLISH, ("17. srp 2023", "1. ledna 2022"), ["2023-08-17", "2022-01-01"]),
        (CROATIAN, ("4. listopada 2024",), ["2024-10-04"]),
        (POLISH, ("4 listopada 2024",), ["2024-11-04"]),
    ],
)
def test_the_column_or_the_texts_tell_which_month_is_meant(
    tmp_path: Path, text: str, dates: tuple[str, ...], read: list[str]
) -> None:
    assert _dates(tmp_path, text, *dates)[0] == read


def test_a_month_that_nothing_decides_is_not_read_and_told(tmp_path: Path) -> None:
    dates, notes = _dates(tmp_path / "untold", ENGLISH, "4. listopada 2024")
    assert dates == [None]
    assert any("Croatian" in note and "corpus.languages" in note for note in notes)
    assert _dates(tmp_path / "set", CROATIAN, "4. listopada 2024", languages=["hr"])[0] == ["2024-10-04"]


def test_a_month_read_as_croatian_is_told(tmp_path: Path) -> None:
    assert any("2024-10-04" in note for note in _dates(tmp_path, CROATIAN, "4. listopada 2024")[1])


def test_a_date_line_is_read_by_the_language_of_its_article(tmp_path: Path) -> None:
    files = {
        "hr.txt": f"Naknade u luci\n4. listopada 2024.\n\n{CROATIAN}",
        "pl.txt": f"Opłaty w porcie\n4 listopada 2024\n\n{POLISH}",
        "en.txt": f"Fees at the quay\n4. listopada 2024\n\n{ENGLISH}",
    }
    corpus = built(tmp_path, files)
    assert {name: document(corpus, name)["date"] for name in files} == {
        "hr.txt": "2024-10-04", "pl.txt": "2024-11-04", "en.txt": None,
    }  # fmt: skip
    assert any("Croatian" in note for note in document(corpus, "en.txt")["notes"])
