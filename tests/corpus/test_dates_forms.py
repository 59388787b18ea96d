# ruff: noqa: E501 - sample lines as they come
"""One value as people, programs and archives write it: read as precisely as given, converted, or left alone."""

from __future__ import annotations

import pytest

from toolkit.corpus.dates import iso_date

DAY = "2023-02-04"


@pytest.mark.parametrize(
    "given",
    [
        "den 4 februari 2023", "le 4 février 2023", "4 fevrier 2023", "4. Februar 2023", "Samstag, den 4. Februar 2023",
        "4 de fevereiro de 2023", "sábado, 4 de febrero de 2023", "4 февраля 2023 г.", "суббота, 4 февраля 2023 года",
        "4 lutego 2023 r.", "sobota, 4. února 2023", "2023. február 4-én", "4 ŞUBAT 2023 Cumartesi", "4η Φεβρουαρίου 2023",
        "2023. gada 4. februāris", "2023 m. vasario 4 d.", "2023年2月4日(土) 10:02", "２０２３年２月４日", "二〇二三年二月四日",
        "2023년 2월 4일", "2023. 2. 4.", "٤ فبراير ٢٠٢٣", "٤ شباط/فبراير ٢٠٢٣", "4 فبراير 2023م", "۴ فوریهٔ ۲۰۲۳", "४ फरवरी २०२३",
        "ב-4 בפברואר 2023", "Ngày 4 tháng 2 năm 2023", "4 กุมภาพันธ์ 2566", "วันเสาร์ที่ 4 กุมภาพันธ์ พ.ศ. 2566",
        "令和5年2月4日", "民國112年2月4日", "Sat Feb 04 10:02:00 +0000 2023",
        "Sat, 4 Feb 2023 10:02:00 +0000 (UTC)", "Sat Feb 04 2023 10:02:00 GMT+0000 (Coordinated Universal Time)",
        "Feb. 4, 2023, 10:02 a.m. ET", "4th day of February, 2023", "04FEB2023", "04-Feb-23", "Feb 4, '23", "2023-W05-6",
        "2023-035", "2023-02-04 10:02:00.0", "2023-02-04T10:02:00.123456+02:00", "20230204T100200Z", "20230204.0",
        "04.02.2023 10:02 Uhr", "1675500000", "1675500000000", '{"$date": "2023-02-04T10:02:00Z"}',
        '{"$date": {"$numberLong": "1675500000000"}}', "/Date(1675500000000)/", "Publication date: Feb 4, 2023",
        "04 Feb 2023: A.3.", "mar. 4 février 2023",
        "2023-02-04 오전 10:02", "Atualizado em 4 de fevereiro de 2023", "lördag 4 februari 2023 kl. 10:02",
        "4 กุมภาพันธ์ 2566 เวลา 10:02 น.",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_form(given: str) -> None:
    assert iso_date(given) == DAY


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2023. gada", "2023"), ("Jahr 2023", None), ("2023年", "2023"), ("2023年2月", "2023-02"), ("202302", "2023-02"),
        ("202315", None), ("202402", "2024-02"), ("200512", None), ("Q2 2024", "2024"), ("2024-Q2", "2024"), ("Spring 2024", "2024"),
        ("2. Quartal 2024", "2024"), ("3-5 May 2024", "2024-05"), ("29 April – 3 May 2024", "2024"),
        ("3 May 2024 - 5 May 2024", "2024-05"), ("3 May 2024, updated 5 May 2024", "2024-05-03"), ("2023-W06", "2023-02"),
        ("2023-W05", "2023"), ("2024.0", "2024"), ("05.2024", "2024-05"), ("2024_05_01", "2024-05-01"), ("平成31年4月", "2019-04"), ("令和元年5月1日", "2019-05-01"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_read_as_far_as_it_goes(given: str, iso: str | None) -> None:
    assert iso_date(given) == iso


@pytest.mark.parametrize(
    "given",
    [
        "2,024", "chapter 3", "12", "May", "May 12", "Feb 23", "$12.50", "12.50", "2023/24", "2023-2024", "Winter 2023/24",
        "v1.2.24", "yesterday", "2 days ago", "10:02", "44961", "031245", "1984 was a good year", "in May 2024 we decided",
        "31 February 2024", "30.02.2024", "2024-13-01", "0000-00-00", "2023年度", "100 Main Street, May 2024", "2023-366", "1850?", "4 ก.พ. 66", "9999999999",
    ],
)  # fmt: skip
def test_what_is_no_date_stays_null(given: str) -> None:
    assert iso_date(given) is None


@pytest.mark.parametrize(
    "given", ["1401/11/15", "15 بهمن 1401", "14 رجب 1444", 'ט"ו בשבט תשפ"ג', "5783-05-13", "2566-02-04", "平成40年1月1日", "昭和99年1月1日"]
)  # fmt: skip
def test_other_calendars_are_not_read_as_the_common_one(given: str) -> None:
    assert iso_date(given) is None


def test_nothing_is_filled_in_from_the_clock() -> None:
    assert [iso_date(text) for text in ("4 February", "February", "Saturday", "10:02", "04/02")] == [None] * 5


@pytest.mark.parametrize(("given", "iso"), [("04-Feb-68", "2068-02-04"), ("04-Feb-69", "1969-02-04")])
def test_two_digit_years_turn_at_69(given: str, iso: str) -> None:
    assert iso_date(given) == iso
