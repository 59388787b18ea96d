# ruff: noqa: E501 - sample lines as they come
"""Dates that the CLDR writes in every language of the product are read back: an independent writer, 31 languages."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date, format_skeleton

from toolkit.corpus.dates import iso_date
from toolkit.corpus.language import CANDIDATES

LANGUAGES = sorted(CANDIDATES)
DAYS = [date(2023, month, day) for month in range(1, 13) for day in (4, 23)]


def test_the_table_has_every_language() -> None:
    assert len(LANGUAGES) >= 31


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", ["full", "long", "medium"])
def test_every_month_of_a_language_is_read_back(language: str, width: str) -> None:
    written = {day.isoformat(): format_date(day, width, locale=language) for day in DAYS}
    if language == "ar" and width == "medium":  # 04/02/2023: the column decides
        written = {iso: text for iso, text in written.items() if iso.endswith("23")}
    assert {text: iso_date(text) for text in written.values()} == {text: iso for iso, text in written.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_and_year_are_read_as_precise_as_given(language: str) -> None:
    written = {f"2023-{month:02d}": format_skeleton("yMMMM", date(2023, month, 4), locale=language) for month in range(1, 13)}  # fmt: skip
    assert {text: iso_date(text) for text in written.values()} == {text: iso for iso, text in written.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_case_accents_and_dots_do_not_matter(language: str) -> None:
    for day in DAYS:
        text = format_date(day, "long", locale=language)
        assert iso_date(text.upper()) == iso_date(f"  {text}. ") == day.isoformat()


@pytest.mark.parametrize(
    ("region", "months"), [("ar_SY", 12), ("ar_IQ", 12), ("ar_MA", 12), ("ar_DZ", 12), ("ar_TN", 12), ("de_AT", 12)]
)
def test_the_month_names_of_a_region_are_read(region: str, months: int) -> None:
    read = [iso_date(format_date(date(2023, month, 4), "d MMMM y", locale=region)) for month in range(1, months + 1)]
    assert read == [f"2023-{month:02d}-04" for month in range(1, months + 1)]
