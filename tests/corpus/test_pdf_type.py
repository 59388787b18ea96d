# ruff: noqa: E501 - sample lines as they come
"""A PDF is read by what a reader sees of it, however its program sizes, turns, scales or splits the type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kit.corpora import built, column, kept, reasons
from kit.pdf import LOOKS, Lines, pages, plain

CASE = Path(__file__).parents[1] / "data" / "cases" / "pdf-type-scaled-by-matrix" / "in"
FARES = [
    "Fares on the island ferry will rise by nine percent in", "April, the operator said on Friday, because fuel and the",
    "repair of two boats have cost more than was planned in", "the budget of the year before.",
]  # fmt: skip
COMMUTERS = [
    "Commuters called the increase unfair, since sailings in", "winter had been cut twice and the last boat now leaves",
    "the island before the shops close for the day.",
]  # fmt: skip
COUNCIL = [
    "The council of the island wants the operator to publish", "its accounts for the last five years, so that those who",
    "pay can see what the boats have cost and who decided",
]  # fmt: skip
ABROAD = ["that two of them were to be repaired in a yard abroad."]
LEFT = [
    "The harbour board met on Tuesday", "and agreed to dredge the northern", "channel before the winter storms", "arrive, its chairman told the paper.",
    "Fishermen had asked for the work", "since spring, when two boats ran", "aground within sight of the light", "house and a third lost its rudder",
]  # fmt: skip
RIGHT = [
    "on the bar. Nobody was hurt in any", "of the three accidents, the coast", "guard said, but insurers had begun", "to ask for higher premiums.",
    "Work begins in November and is to", "end before Christmas, weather", "permitting, with two dredgers that", "work in shifts around the clock.",
]  # fmt: skip


def stacked(*paragraphs: list[str], low: float = 520, size: float = 12) -> Lines:
    """Paragraphs below one another, a blank line between them."""
    lines: Lines = []
    for paragraph in paragraphs:
        lines += [(60, low - 1.5 * size * at, size, text) for at, text in enumerate(paragraph)]
        low -= 1.5 * size * (len(paragraph) + 1)
    return lines


def report() -> list[Lines]:
    """Three pages with a running head, page numbers and headings; one paragraph crosses a page."""
    bodies = [
        [(60, 540, 18, "Ferry fares go up"), *stacked(FARES, COMMUTERS, low=505), (60, 280, 14, "The council's answer"), *stacked(COUNCIL, low=255)],
        [*stacked(ABROAD, FARES, low=540), (60, 380, 14, "What comes next"), *stacked(COMMUTERS, low=355)],
        stacked(COMMUTERS, FARES, low=540),
    ]  # fmt: skip
    return [
        [(60, 575, 8, "The Buoy, annual report"), *body, (200, 20, 8, str(number))]
        for number, body in enumerate(bodies, start=1)
    ]


def columns() -> list[Lines]:
    """A page whose lines are drawn row by row across two columns."""
    rows = enumerate(zip(LEFT, RIGHT, strict=True))
    cells = [cell for n, (a, b) in rows for cell in ((40, 500 - 14 * n, 10, a), (225, 500 - 14 * n, 10, b))]
    return [[(40, 540, 16, "The northern channel is to be dredged"), *cells]]


LAYOUTS = {"letter": [stacked(FARES, COMMUTERS)], "report": report(), "columns": columns()}


def read(folder: Path, data: bytes) -> tuple[list[Any], list[Any]]:
    """(text, heading) of every paragraph, and (text, reason) of every ledger row."""
    corpus = built(folder, {"a.pdf": data})
    pairs = list(zip(kept(corpus), column(corpus.paragraphs, "heading"), strict=True))
    return pairs, sorted((row["text"], row["reason"]) for row in corpus.ledger.to_pylist())


def drawn(tmp_path: Path, stream: str) -> list[str]:
    """The paragraphs of one page of that content stream."""
    return kept(built(tmp_path, {"a.pdf": pages(LOOKS["plain"], [[]], [stream])}))


def as_stream(lines: Lines) -> str:
    return "\n".join(plain(*line) for line in lines)


def test_type_sized_by_the_text_matrix_gives_the_same_paragraphs() -> None:
    from toolkit.corpus import CorpusSettings, build_corpus, corpus_files

    texts = {}
    for name in ("good", "bad"):
        settings = CorpusSettings(path=str(CASE / name))
        texts[name] = kept(build_corpus(settings, corpus_files(settings)))
    assert texts["bad"] == texts["good"] == [" ".join(FARES), " ".join(COMMUTERS)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_pages_that_look_alike_are_read_alike(layout: str, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{name}, {'form' if form else 'page'}.pdf": pages(look, LAYOUTS[layout], form=form)
        for name, look in LOOKS.items()
        for form in (False, True)
    }
    corpus = built(tmp_path, files, clean={"repeated": False})
    by_file: dict[str, list[tuple[str, str | None]]] = {name: [] for name in files}
    for row in corpus.paragraphs.to_pylist():
        by_file[row["document_id"]].append((row["text"], row["heading"]))
    for row in sorted(corpus.ledger.to_pylist(), key=lambda row: str(row["text"])):
        by_file[row["document_id"]].append((row["text"], row["reason"]))
    wanted = by_file["plain, page.pdf"]
    assert wanted
    assert not {name: read for name, read in by_file.items() if read != wanted}


def test_the_plain_report_is_read_as_it_is_meant(tmp_path: Path) -> None:
    paragraphs, ledger = read(tmp_path, pages(LOOKS["plain"], report()))
    assert (" ".join([*COUNCIL, *ABROAD]), "The council's answer") in paragraphs
    assert [reason for _, reason in ledger].count("furniture") == 6


@pytest.mark.parametrize(
    "stamp",
    [
        "BT /F1 20 Tf 0 1 -1 0 30 150 Tm (arXiv:2401.01234v2 [cs.CL] 3 Jan 2024) Tj ET",
        "BT /F1 1 Tf 0 20 -20 0 30 150 Tm (arXiv:2401.01234v2 [cs.CL] 3 Jan 2024) Tj ET",
        "BT /F1 9 Tf 0 -1 1 0 400 500 Tm (Downloaded from thebuoy.example on 3 January 2024 by guest) Tj ET",
        "q .7 .7 -.7 .7 100 200 cm BT /F1 60 Tf 0 0 Td (DRAFT) Tj ET Q",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_stamp_in_the_margin_and_a_watermark_part_no_paragraph(stamp: str, first: bool, tmp_path: Path) -> None:
    body = as_stream(stacked(FARES, COMMUTERS))
    corpus = built(
        tmp_path, {"a.pdf": pages(LOOKS["plain"], [[]], [f"{stamp}\n{body}" if first else f"{body}\n{stamp}"])}
    )
    assert kept(corpus) == [" ".join(FARES), " ".join(COMMUTERS)]
    assert list(reasons(corpus).values()) == ["furniture"]


def test_a_paragraph_set_sideways_on_an_upright_page_is_a_paragraph(tmp_path: Path) -> None:
    side = "\n".join(
        f"BT /F1 12 Tf 0 -1 1 0 {200 - 16 * n} 350 Tm ({text}) Tj ET" for n, text in enumerate(COUNCIL + ABROAD)
    )
    texts = drawn(tmp_path, f"{as_stream(stacked(FARES, COMMUTERS))}\n{side}")
    assert sorted(texts) == sorted([" ".join(FARES), " ".join(COMMUTERS), " ".join(COUNCIL + ABROAD)])


def test_sizes_that_a_converter_rounds_differently_are_one_size(tmp_path: Path) -> None:
    sizes = (11.9, 12.04, 12, 11.95, 12.1)
    lines = [(left, low, sizes[at % 5], text) for at, (left, low, _, text) in enumerate(stacked(FARES, COMMUTERS))]
    assert drawn(tmp_path, as_stream(lines)) == [" ".join(FARES), " ".join(COMMUTERS)]


def test_a_raised_note_mark_parts_no_line(tmp_path: Path) -> None:
    rest = as_stream(stacked(FARES, COMMUTERS)[1:])
    rise = "BT /F1 12 Tf 60 520 Td (Fares on the island) Tj /F1 7 Tf 5 Ts (3) Tj 0 Ts /F1 12 Tf ( ferry will rise by nine percent in) Tj ET"
    marked = " ".join(FARES).replace("island ferry", "island3 ferry")
    assert drawn(tmp_path, f"{rise}\n{rest}") == [marked, " ".join(COMMUTERS)]


def test_a_footnote_does_not_part_the_paragraph_that_runs_past_it(tmp_path: Path) -> None:
    note = [(60, 60, 8, "3 The timetable of the year before had eleven sailings a day,"), (60, 49, 8, "says the council in its report on the matter.")]  # fmt: skip
    corpus = built(
        tmp_path,
        {"a.pdf": pages(LOOKS["text matrix"], [[*stacked(FARES, COUNCIL), *note], stacked(ABROAD, COMMUTERS)])},
    )
    assert kept(corpus) == [" ".join(FARES), " ".join([*COUNCIL, *ABROAD]), " ".join(COMMUTERS)]
    assert reasons(corpus) == {" ".join(line[3] for line in note): "footnote"}


@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_large_initial_begins_its_paragraph(place: int, tmp_path: Path) -> None:
    lines: Lines = [
        (95, 520, 12, "ares on the island ferry will rise by nine percent"), (95, 502, 12, "in April, the operator said on Friday, because fuel"),
        (95, 484, 12, "and the repair of two boats have cost more than"), (60, 466, 12, "was planned in the budget of the year before."),
    ]  # fmt: skip
    lines.insert(place, (60, 484, 50, "F"))
    assert drawn(tmp_path, as_stream([*lines, *stacked(COMMUTERS, low=430)])) == [" ".join(FARES), " ".join(COMMUTERS)]


def test_a_first_line_in_small_capitals_belongs_to_its_paragraph(tmp_path: Path) -> None:
    first = "BT 60 520 Td /F1 12 Tf (F) Tj /F1 9 Tf (ARES ON THE ISLAND FERRY WILL RISE BY NINE PERCENT ) Tj /F1 12 Tf (in) Tj ET"
    texts = drawn(tmp_path, f"{first}\n{as_stream(stacked(FARES, COMMUTERS)[1:])}")
    assert texts == [
        f"FARES ON THE ISLAND FERRY WILL RISE BY NINE PERCENT in {' '.join(FARES[1:])}",
        " ".join(COMMUTERS),
    ]


def test_words_parted_by_soft_hyphens_and_hyphens_of_any_alphabet_are_whole(tmp_path: Path) -> None:
    lines: Lines = [(60, 520, 12, "The council of the island wants the opera\xad"), (60, 502, 12, "tor to publish how the H\xe4u-"), (60, 484, 12, "ser were paid for.")]  # fmt: skip
    assert drawn(tmp_path, as_stream(lines)) == [
        "The council of the island wants the operator to publish how the H\xe4user were paid for."
    ]


def test_vertical_japanese_is_read_from_right_to_left(tmp_path: Path) -> None:
    from kit.corpora import pdf_file

    lines = ["港湾委員会は火曜日に会合を開き、冬の嵐が来る前に北の水路を", "浚渫することに合意したと委員長が本紙に語った。漁民は春から", "工事を求めていた。"]  # fmt: skip
    body = "\n".join(
        f"BT /F1 12 Tf {380 - 20 * n} 560 Td <{line.encode('utf-16-be').hex()}> Tj ET" for n, line in enumerate(lines)
    )
    info = "/CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >>"
    data = pdf_file([
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /HeiseiMin-W3 /Encoding /UniJIS-UCS2-V /DescendantFonts [6 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 420 600] /Contents 5 0 R >>",
        f"<< /Length {len(body)} >>\nstream\n{body}\nendstream",
        f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /HeiseiMin-W3 {info} /FontDescriptor 7 0 R /DW 1000 >>",
        "<< /Type /FontDescriptor /FontName /HeiseiMin-W3 /Flags 4 /FontBBox [0 -200 1000 900] /Ascent 800 /Descent -200 >>",
    ])  # fmt: skip
    assert kept(built(tmp_path, {"a.pdf": data})) == ["".join(lines)]
