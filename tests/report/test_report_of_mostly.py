"""A report says beside each theme which code it mostly carries: one phrase in page, Markdown and PDF."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from kit.press_runs import altered, press_run

from toolkit.estimate.mostly import MOSTLY
from toolkit.figures import RunTables
from toolkit.report import write_report
from toolkit.report.content import build
from toolkit.report.markdown import markdown
from toolkit.report.sections import report
from toolkit.run_folder.manifest import write_tables
from toolkit.settings import ReportSettings

NAME = "Chips, <b>bold</b> ones"
WHY = "no interval: its paragraphs are in fewer than 4 documents"
COLUMNS = {
    0: ("chips", 37, 37 / 50, 0.6, 0.83, "sampling", None),
    1: ("future", 10, 0.4, None, None, None, WHY),
    2: (None, None, None, None, None, None, "no code is carried by at least a third of its paragraphs"),
    1000: ("chips", 40, 0.5, 0.3, 0.71, "sampling", None),
}
PARAGRAPHS = {0: 50, 1: 25, 1000: 80}
PHRASES = (f"mostly: {NAME}, 74% of 50 (60–83%)", "mostly: Future industries, 40% of 25 (no interval")
WITH_WHY = f"mostly: Future industries, 40% of 25 ({WHY})"
BROAD = f"mostly: {NAME}, 50% of 80 (30–71%)"


def with_codes(folder: Path) -> Path:
    """The run in `folder` with the columns of MOSTLY; two themes and a broader one have a code."""

    def mostly(row: dict[str, Any]) -> dict[str, Any]:
        given = dict(zip(MOSTLY.names, COLUMNS.get(row["theme"], (None,) * 7), strict=True))
        return {**row, **given, "paragraphs": PARAGRAPHS.get(row["theme"], row["paragraphs"])}

    altered(folder, "themes", lambda rows: [mostly(row) for row in rows])
    codebook = folder / "codebook.yaml"
    text = codebook.read_text(encoding="utf-8").replace("Semiconductor self-reliance", NAME)
    codebook.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = with_codes(press_run(tmp_path_factory.mktemp("mostly") / "run"))
    write_report(folder, ReportSettings(formats=("html", "md"), full=True))
    return folder


def test_the_page_says_it_in_the_table_and_with_the_theme_and_nothing_of_others(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "<b>bold</b>" not in page
    themes = page.split('<section id="themes"')[1].split("</section>")[0]
    text = unescape(re.sub(r"<[^>]+>", "", themes))
    assert [text.count(one) for one in (*PHRASES, WITH_WHY)] == [2, 2, 1]
    assert text.count("mostly: ") == 5 + text.count(BROAD)  # and the caption
    assert text.count(BROAD) == sum(row["parent"] == 1000 for row in RunTables(run).themes) > 0
    assert themes.count('href="#code-0"') >= 2


def test_markdown_says_the_same(run: Path) -> None:
    text = re.sub(r"\\(.)", r"\1", unescape((run / "report.md").read_text(encoding="utf-8")))
    assert [text.count(one) for one in (*PHRASES, WITH_WHY)] == [2, 2, 1] and BROAD in text
    table = next(line for line in text.splitlines() if line.startswith("|") and PHRASES[1] in line)
    assert f"; {PHRASES[1]}) |" in table


def test_the_pdf_says_the_same(run: Path) -> None:
    pytest.importorskip("typst", reason="typst is not installed (extra: pdf)")
    import pypdfium2

    write_report(run, ReportSettings(formats=("pdf",), full=True))
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(run / "report.pdf")]
    text = re.sub(r"[\s\u200b\x02\ufffe-]", "", " ".join(pages))  # words may be hyphenated
    assert [text.count(re.sub(r"[\s-]", "", one)) for one in (*PHRASES, WITH_WHY)] == [2, 2, 1]


def test_the_badge_is_with_the_theme_and_in_the_table_only_if_it_is_weak(run: Path, tmp_path: Path) -> None:
    for badge, beside in (("checked", False), ("weak", True)):
        folder = with_codes(press_run(tmp_path / badge))
        columns = {"badge": badge, "why": "as given", "f1": None, "against_machines": None}
        altered(folder, "thresholds", lambda rows, columns=columns: [{**row, **columns} for row in rows])
        text = re.sub(r"\\(.)", r"\1", unescape(markdown(report(build(RunTables(folder), ReportSettings())))))
        themes = text.split("## Themes found")[1].split("\n## ")[0]
        cards, table_of_themes = themes.split("\n### All 4 themes in one table", 1)
        assert f"{PHRASES[0]} ({badge})" in cards
        assert (f"{PHRASES[0]} ({badge})" in table_of_themes) is beside


def test_the_map_s_data_has_the_phrase_of_each_theme(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    data = json.loads(page.split('id="data">')[1].split("</script>")[0])
    assert data["mostly"] == {"0": PHRASES[0], "1": f"{PHRASES[1]})"}


def test_a_run_of_an_older_toolkit_says_nothing(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    write_tables(folder, {"themes": RunTables(folder).table("themes").drop_columns(MOSTLY.names)})
    text = markdown(report(build(RunTables(folder), ReportSettings())))
    assert "mostly: " not in text and "## Themes found" in text
