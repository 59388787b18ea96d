"""The title and the author of a PDF are those that people gave it, not what a program writes by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.corpora import built, document, pdf_file

from toolkit.corpus import CorpusSettings
from toolkit.corpus.readers.pdf import read_pdf

BODY = (
    "The harbour council voted on Tuesday to raise the berth fees of all",
    "ferries by a tenth. Shipping firms said that they would pass the rise",
    "on to passengers in the spring of next year, as they did before.",
)


def _pdf(title: str, author: str) -> bytes:
    lines = [f"BT /F1 11 Tf 60 {500 - 14 * at} Td ({line}) Tj ET" for at, line in enumerate(BODY)]
    drawn = "\n".join(["BT /F1 20 Tf 60 540 Td (Fees at the quay) Tj ET", *lines])
    shown = [text.replace("(", r"\(").replace(")", r"\)") for text in (title, author)]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 500 600] "
        "/Contents 5 0 R >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        f"<< /Title ({shown[0]}) /Author ({shown[1]}) >>",
    ]
    return pdf_file(objects, " /Info 6 0 R")


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("untitled", "Fees at the quay"),
        ("(anonymous)", "Fees at the quay"),
        ("report_final.docx", "Fees at the quay"),
        ("Microsoft Word - AB12-v3.doc", "Fees at the quay"),
        ("Microsoft Word - Berth fees of 2024.docx", "Berth fees of 2024"),
        ("Layout 1", "Fees at the quay"),
        ("Untitled lives of the ferrymen", "Untitled lives of the ferrymen"),
        ("The Document", "The Document"),
    ],
)
def test_a_title_that_a_program_wrote_gives_way_to_the_heading(tmp_path: Path, given: str, title: str) -> None:
    assert document(built(tmp_path, {"a.pdf": _pdf(given, "Ada Pell")}), "a.pdf")["title"] == title


@pytest.mark.parametrize(("given", "author"), [("anonymous", None), ("Windows User", None), ("Ada Pell", "Ada Pell")])
def test_an_author_that_a_program_wrote_is_nobody(given: str, author: str | None) -> None:
    assert read_pdf(_pdf("untitled", given), CorpusSettings(path="a.pdf")).meta.get("author") == author
