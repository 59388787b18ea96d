"""report.pdf: the same report on paper, tagged, with bookmarks; made by typst, which is an extra."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from kit.press_runs import press_run

from toolkit.errors import MissingExtraError
from toolkit.report import write_report
from toolkit.report.blocks import Column, Report, Row, RowGroup, Section, Table
from toolkit.report.pdf import pdf
from toolkit.settings import ReportSettings


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("typst", reason="typst is not installed (extra: pdf)")
    folder = press_run(tmp_path_factory.mktemp("pdf") / "run", hostile=True)
    write_report(folder, ReportSettings(formats=("md", "pdf"), author="A. Person", full=True))
    return folder


def words(path: Path) -> tuple[str, list[str]]:
    """The text of a PDF and its bookmarks."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split()), [mark.get_title() for mark in document.get_toc()]


def test_the_pdf_is_tagged_bookmarked_and_numbered(run: Path) -> None:
    text, marks = words(run / "report.pdf")
    assert b"/MarkInfo" in (run / "report.pdf").read_bytes() and b"/StructTreeRoot" in (run / "report.pdf").read_bytes()
    for heading in (
        "What was found",
        "Themes found",
        "The codebook",
        "Methods",
        "Limitations",
        "Fisheries (unchecked) (not found)",
    ):
        assert heading in marks
    assert re.search(r"1 / \d+", text)


def test_the_pdf_says_the_numbers_that_markdown_says(run: Path) -> None:
    text, _ = words(run / "report.pdf")
    shares = set(re.findall(r"\d+% \(\d+–\d+%\)|\b\d+ of \d+\b", (run / "report.md").read_text(encoding="utf-8")))
    assert len(shares) > 30
    assert {share for share in shares if share.replace(" ", "") not in text.replace(" ", "")} == set()


def test_hostile_words_are_printed_and_not_read_as_markup(run: Path) -> None:
    text, _ = words(run / "report.pdf")
    assert "window.pwned" in text and "{{ 7*7 }}" in text


def test_the_same_folder_gives_the_same_pdf(run: Path, tmp_path: Path) -> None:
    before = (run / "report.pdf").read_bytes()
    write_report(run, ReportSettings(formats=("pdf",), author="A. Person", full=True))
    assert (run / "report.pdf").read_bytes() == before


def test_chinese_words_are_shown_or_their_absence_is_stated(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="typst is not installed (extra: pdf)")
    folder = press_run(tmp_path / "run")
    write_report(folder, ReportSettings(formats=("pdf",), title="未来产业"))
    text, _ = words(folder / "report.pdf")
    assert "未来产业" in text or "are missing here" in text


def test_without_typst_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingExtraError, match=r"thematic-toolkit\[pdf\]"):
        write_report(press_run(tmp_path / "run"), ReportSettings(formats=("pdf",)))


def test_scores_of_eight_columns_leave_the_names_of_codes_whole(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="typst is not installed (extra: pdf)")
    cells = ["0.57 (0.50–0.66)"] * 3 + ["1.00 (no interval)", "0.54 (−0.46–0.61)", "136", "123"]
    heads = ["precision", "recall", "F1", "alpha", "kappa machine / coders", "given by coders", "given by machine"]
    columns = (Column("Code", width=4), *(Column(head, "number") for head in heads))
    row = Row((("Private firms innovate",), *((cell,) for cell in cells)))
    scores = Section("scores", "Scores", "Scores", (Table("Scores", columns, (RowGroup("", (row,)),)),))
    (tmp_path / "scores.pdf").write_bytes(pdf(Report("T", "", "0", "", (), (scores,))))
    assert "Private firms innovate" in words(tmp_path / "scores.pdf")[0]


def test_the_short_form_is_a_few_pages_and_says_how_to_get_the_rest(run: Path, tmp_path: Path) -> None:
    import pypdfium2

    whole = len(pypdfium2.PdfDocument(run / "report.pdf"))
    folder = press_run(tmp_path / "run")
    write_report(folder, ReportSettings(formats=("pdf",)))
    assert len(pypdfium2.PdfDocument(folder / "report.pdf")) <= min(8, whole / 2)
    text, marks = words(folder / "report.pdf")
    assert "toolkit report RUN --full" in text and "What this short form leaves out" in marks
    assert "Appendix" not in marks and "Appendix" in words(run / "report.pdf")[1]
