"""The bibliography is whole: every field of every work, a key of its own year, and every citation in prose resolves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from toolkit.report.references import PLACES, WORKS, Work, bibliography

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = r"[A-Z][\w'-]+"
CITED = re.compile(rf"({NAME})(?: et al\.|(?:, {NAME})* and {NAME})?,? \(?((?:19|20)\d\d)[a-z]?\)?")
ENTRY = re.compile(r"^- ([\w'-]+), .*?\((\d{4})\)\. .*$", re.MULTILINE)
"""A line of a list of works; the names of proceedings in it are no citations."""
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
PROSE = [
    *sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md",
    *sorted((ROOT / "toolkit" / "report" / "sections").glob("*.py")), ROOT / "toolkit" / "commands" / "listing.py",
]  # fmt: skip
DOI = re.compile(r"10\.\d{4,9}/\S+")


@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.key)
def test_every_field_of_a_work_is_there(work: Work) -> None:
    assert all(text == " ".join(text.split()) and text for text in (work.author, work.title, work.where))
    assert re.search(r"\d{4}", work.key) and re.search(r"\d{4}", work.key)[0] == str(work.year)  # type: ignore[index]
    assert work.kind in {*PLACES, "book"} and not work.title.endswith(".") and not work.where.endswith(".")
    assert re.fullmatch(r"[^,]+, (?:[A-Z][\w-]*\.(?: |-)?)+.*", work.author) or "," not in work.author
    assert work.doi == "" or DOI.fullmatch(work.doi)


def test_no_work_has_another_s_title_or_doi() -> None:
    for values in ([work.title.lower() for work in WORKS], [work.doi.lower() for work in WORKS if work.doi]):
        assert sorted({*values}) == sorted(values)


def test_the_bib_file_has_an_entry_with_balanced_braces_for_each_work() -> None:
    entries = bibliography(WORKS).split("\n\n")
    assert len(entries) == len(WORKS)
    for entry, work in zip(entries, WORKS, strict=True):
        assert entry.startswith(f"@{work.kind}{{{work.key},\n") and entry.count("{") == entry.count("}")
        named = dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, re.MULTILINE))
        assert {"author", "year", "title", PLACES.get(work.kind, "publisher")} <= {*named} and all(named.values())


def test_every_work_that_prose_cites_by_name_and_year_is_in_the_list_or_below_the_prose() -> None:
    known = {(work.author.split(",")[0].casefold(), str(work.year)) for work in WORKS}
    lost = []
    for page in PROSE:
        text = re.sub(r"\n *(?=[^\s#|-])", " ", page.read_text(encoding="utf-8"))
        below = {(name.casefold(), year) for name, year in ENTRY.findall(text)}
        lost += [
            f"{page.relative_to(ROOT)}: {match[0]}"
            for match in CITED.finditer(ENTRY.sub("", text))
            if match[1] not in MONTHS and (match[1].casefold(), match[2]) not in known | below
        ]
    assert lost == []
