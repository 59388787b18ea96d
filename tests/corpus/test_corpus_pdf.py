# ruff: noqa: E501 - sample lines as they come
"""PDF files: columns in reading order, page furniture apart, and a file that hangs, crashes or eats memory harms nothing."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

import pytest
from kit.corpora import built, column, document, kept, pdf, pdf_file, reasons

from toolkit.corpus import LimitSettings
from toolkit.corpus.readers.pdf_worker import close_workers, pdf_lines
from toolkit.corpus.source import Unreadable

GOOD = "The harbour board met on Tuesday and agreed to dredge the northern channel before the winter storms arrive.\n"
LEFT = [
    "The harbour board met on Tuesday", "and agreed to dredge the northern", "channel before the winter storms", "arrive, its chairman told the paper.",
    "Fishermen had asked for the work", "since spring, when two boats ran", "aground within sight of the light", "house and a third lost its rudder",
]  # fmt: skip
RIGHT = [
    "on the bar. Nobody was hurt in any", "of the three accidents, the coast", "guard said, but insurers had begun", "to ask for higher premiums.",
    "Work begins in November and is to", "end before Christmas, weather", "permitting, with two dredgers that", "work in shifts around the clock.",
]  # fmt: skip
Lines = list[tuple[int, int, int, str]]


def two_columns(title: str | None = None) -> Lines:
    """A page whose lines are drawn row by row across both columns."""
    page: Lines = [(40, 540, 16, title)] if title else []
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        page += [(40, 500 - 14 * number, 10, left), (225, 500 - 14 * number, 10, right)]
    return page


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    corpus = built(tmp_path, {"a.pdf": pdf([two_columns("The northern channel is to be dredged")])})
    assert " ".join(kept(corpus)) == " ".join([*LEFT, *RIGHT])
    assert any("lost its rudder on the bar" in text for text in kept(corpus))  # one paragraph across the columns
    assert reasons(corpus) == {"The northern channel is to be dredged": "heading"}


def test_a_table_of_short_cells_is_read_row_by_row(tmp_path: Path) -> None:
    page: Lines = [(40, 540 - 14 * n, 10, line) for n, line in enumerate(LEFT)]
    page += [
        cell for n in range(8) for cell in ((40, 400 - 14 * n, 10, f"Port {n}"), (260, 400 - 14 * n, 10, f"{n}00 tons"))
    ]
    whole = " ".join(kept(built(tmp_path, {"a.pdf": pdf([page])})))
    assert "Port 3 300 tons" in whole


def test_running_headers_footers_and_page_numbers_stand_in_the_ledger(tmp_path: Path) -> None:
    pages = [
        [(40, 580, 8, "The Buoy, annual report 2024"), *[(left, low - 20, size, f"{text} {n}") for left, low, size, text in two_columns()], (200, 15, 8, f"{n + 1}")]
        for n in range(4)
    ]  # fmt: skip
    corpus = built(tmp_path, {"a.pdf": pdf(pages)})
    out = [row["text"] for row in corpus.ledger.to_pylist() if row["reason"] == "furniture"]
    assert out == [line for n in range(1, 5) for line in ("The Buoy, annual report 2024", str(n))]
    assert "annual report" not in " ".join(kept(corpus))


@pytest.mark.slow
def test_a_pdf_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    # a form that draws itself several times over, nested so deep that it would take ages
    slow, quick = nested_forms(40), pdf([two_columns()])
    began = time.monotonic()
    corpus = built(tmp_path, {"a.pdf": slow, "b.pdf": quick, "good.txt": GOOD}, limits={"max_pdf_seconds": 3})
    assert time.monotonic() - began < 30
    assert document(corpus, "a.pdf")["notes"] == [
        "unreadable: PDF that took longer than 3 s (corpus.limits.max_pdf_seconds)"
    ]
    assert column(corpus.documents, "paragraphs")[1:] == [document(corpus, "b.pdf")["paragraphs"], 1]
    assert LEFT[0] in " ".join(kept(corpus))


@pytest.mark.slow
def test_a_pdf_that_unpacks_to_gigabytes_costs_no_more_memory_than_its_bound(tmp_path: Path) -> None:
    drawn = zlib.compressobj(9)
    stream = (
        b"".join(drawn.compress(b"BT /F1 9 Tf 40 400 Td (deep) Tj ET\n" * 30_000) for _ in range(400)) + drawn.flush()
    )
    head = f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n"
    bomb = pdf([[(40, 400, 9, "X")]]).split(b"<< /Length")[0] + head.encode() + stream + b"\nendstream\nendobj\n"
    bomb += b"trailer\n<< /Size 6 /Root 1 0 R >>\n%%EOF\n"
    corpus = built(tmp_path, {"a.pdf": bomb, "good.txt": GOOD}, limits={"max_pdf_mb": 300})
    assert document(corpus, "a.pdf")["notes"] == [
        "unreadable: damaged PDF: the PDF library crashed on it, or it needs more than corpus.limits.max_pdf_mb"
    ]
    assert column(corpus.documents, "paragraphs") == [0, 1]


def nested_forms(depth: int) -> bytes:
    """A PDF of forms each of which draws the next one eight times."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Page /Parent 2 0 R /Resources << /XObject << /X 6 0 R >> >> /MediaBox [0 0 420 600] /Contents 5 0 R >>",
        "<< /Length 5 >>\nstream\n/X Do\nendstream",
    ]
    for number in range(depth):
        drawn = "/X Do " * 8 if number < depth - 1 else "BT /F1 9 Tf 40 400 Td (deep) Tj ET"
        inner = f"/XObject << /X {7 + number} 0 R >>" if number < depth - 1 else "/Font << /F1 3 0 R >>"
        objects.append(
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 420 600] /Resources << {inner} >> /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
        )
    return pdf_file(objects)


def test_a_worker_that_dies_is_one_reason_and_the_next_pdf_gets_a_new_one() -> None:
    import os
    import signal

    from toolkit.corpus.readers import pdf_worker

    good = pdf([two_columns()])
    first = pdf_lines(good, LimitSettings())
    (worker,) = pdf_worker._running.values()
    os.kill(worker.pid, signal.SIGSTOP)  # it neither answers nor ends
    with pytest.raises(Unreadable, match=r"took longer than 1 s \(corpus\.limits\.max_pdf_seconds\)"):
        pdf_lines(good, LimitSettings(max_pdf_seconds=1))
    assert pdf_lines(good, LimitSettings()) == first
    (worker,) = pdf_worker._running.values()
    os.kill(worker.pid, signal.SIGSEGV)
    worker.wait()
    assert pdf_lines(good, LimitSettings()) == first
    close_workers()


def test_many_pdfs_share_one_worker(tmp_path: Path) -> None:
    began = time.monotonic()
    files: dict[str, str | bytes] = {f"{n:02d}.pdf": pdf([two_columns(f"Part {n}")]) for n in range(40)}
    corpus = built(tmp_path, files)
    assert corpus.documents.num_rows == 40 and all(column(corpus.documents, "paragraphs"))
    assert time.monotonic() - began < 10
