"""`toolkit export --to docx`: the report with real headings, tables, figures and quotes, inert, with fixed bytes."""

from __future__ import annotations

import json
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from kit.press_runs import press_run

from toolkit.errors import StoreError
from toolkit.export.export import export
from toolkit.report import docx as writer
from toolkit.report.content import build
from toolkit.report.docx import WITHOUT, write_docx
from toolkit.report.forms import short
from toolkit.report.sections import report
from toolkit.run_folder.manifest import MANIFEST, seal
from toolkit.run_folder.reader import RunTables
from toolkit.settings import ReportSettings
from toolkit.text.format import one_line


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press_run(tmp_path_factory.mktemp("word") / "run", hostile=True)


@pytest.fixture(scope="module")
def place(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(run, ["docx"], tmp_path_factory.mktemp("made") / "run.docx")[0]


@pytest.fixture(scope="module")
def made(place: Path) -> Any:
    return docx.Document(str(place))


def whole(document: Any) -> str:
    """All words of a document, tables included."""
    return "\n".join(map(words, document.element.body.iter(qn("w:p"))))


def words(element: Any) -> str:
    """The words of a part of a document, those of fields and links included."""
    return "".join(element.itertext(qn("w:t")))


def test_headings_are_those_of_the_report_in_its_order(run: Path, made: Any) -> None:
    tree = short(report(build(RunTables(run), ReportSettings())))
    headings = [paragraph.text for paragraph in made.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == [one_line(section.heading) for section in tree.sections if "pdf" in section.media]
    assert made.paragraphs[0].style.name == "Title" and made.paragraphs[0].text == one_line(tree.title)
    levels = [int(p.style.name[-1]) for p in made.paragraphs if p.style.name.startswith("Heading")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert {node.get(qn("w:val")) for node in made.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_quotes_are_verbatim_with_their_source_below(run: Path, made: Any) -> None:
    tables = RunTables(run)
    known = {one_line(text) for text in tables.table("exemplars")["quote"].to_pylist()}
    known |= {one_line(text) for text in tables.table("codes")["quote"].to_pylist() if text}
    known |= {one_line(text) for text in tables.table("paragraphs")["text"].to_pylist()}
    styles = [paragraph.style.name for paragraph in made.paragraphs]
    quotes = [at for at, name in enumerate(styles) if name == "Quote"]
    assert len(quotes) > 2 and all(styles[at + 1] == "Source" for at in quotes)
    shown = [made.paragraphs[at].text.removesuffix("…") for at in quotes]
    assert [text for text in shown if not any(quote.startswith(text) for quote in known)] == []


def test_each_figure_is_a_picture_with_an_alt_text_and_each_table_repeats_its_head(made: Any) -> None:
    captions = [words(p._p) for p in made.paragraphs if p.style.name == "Caption"]
    figures = [text for text in captions if text.startswith("Figure")]
    assert [int(re.findall(r"\d+", text)[0]) for text in figures] == list(range(1, len(figures) + 1))
    assert len(made.inline_shapes) == len(figures) > 1
    assert all(shape._inline.docPr.get("descr") for shape in made.inline_shapes)
    assert len([text for text in captions if text.startswith("Table")]) == len(made.tables) > 0
    for table in made.tables:
        head, *rest = table._tbl.tr_lst
        assert head.trPr.find(qn("w:tblHeader")) is not None and rest
        assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rest)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_numbers_stand_beside_their_intervals(run: Path, made: Any) -> None:
    row = next(row for row in RunTables(run).themes if row["theme"] == 0)
    shown = f"{100 * row['share']:.0f}% ({100 * row['share_low']:.0f}–{100 * row['share_high']:.0f}%)"
    assert shown in whole(made)


def test_nothing_of_a_corpus_becomes_a_field_or_a_link_that_runs(place: Path, made: Any) -> None:
    fields = {node.get(qn("w:instr")).split()[0] for node in made.element.body.iter(qn("w:fldSimple"))}
    assert fields == {"SEQ"} and not list(made.element.body.iter(qn("w:instrText")))
    outside = [link.target_ref for link in made.part.rels.values() if link.is_external]
    assert outside and all(target.startswith(("https://", "http://")) for target in outside)
    assert "window.pwned" in whole(made)  # as words
    with zipfile.ZipFile(place) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "embeddings" in name]
        body = archive.read("word/document.xml").decode()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u0007\u001b]", body)


def test_the_same_run_gives_the_same_bytes_with_fixed_times(run: Path, place: Path, made: Any, tmp_path: Path) -> None:
    (again,) = export(run, ["docx"], tmp_path / "again.docx")
    assert again.read_bytes() == place.read_bytes()
    with zipfile.ZipFile(place) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert made.core_properties.created.year == made.core_properties.modified.year == 1980
    assert made.core_properties.title == "Future industries"


def test_without_typst_a_line_says_that_figures_are_left_out(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "can_render", lambda: False)
    write_docx(report(build(RunTables(run), ReportSettings())), tmp_path / "bare.docx")
    bare = docx.Document(str(tmp_path / "bare.docx"))
    assert not bare.inline_shapes and WITHOUT in [paragraph.text for paragraph in bare.paragraphs]


def test_texts_are_cut_and_no_more_is_shown_than_the_report_of_the_run_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "can_render", lambda: False)
    plain = press_run(tmp_path / "plain")
    texts = [one_line(text) for text in RunTables(plain).table("paragraphs")["text"].to_pylist()]
    runs = {" ".join(text.split()[:8]) for text in texts}
    for folder, given in (
        (plain, "none"),
        (press_run(tmp_path / "kept", text="none"), "full"),
    ):
        (place,) = export(folder, ["docx"], tmp_path / f"{folder.name}.docx", given)  # type: ignore[arg-type]
        shown = whole(docx.Document(str(place)))
        assert not [run for run in runs if run in shown] and "Words not shown" in shown


def test_documents_assigned_to_a_run_have_no_report_to_export(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    tree = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    tree.pop("seal")
    seal(folder, {**tree, "kind": "assign", "parent": {"name": "parent", "sha256": "0" * 64}})
    with pytest.raises(StoreError, match="it has no report to export as docx"):
        export(folder, ["docx"], tmp_path / "run.docx")
