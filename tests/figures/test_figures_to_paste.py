"""Figures that one pastes: one size of letters, nothing slanted or overlapping, headlines true to the tables."""

from __future__ import annotations

import html
import itertools
import json
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from kit.press_runs import press_run

from toolkit.cli import main
from toolkit.commands.report import write_figure
from toolkit.errors import ConfigError
from toolkit.figures import FIGURES, RunTables, draw_figure, headlines, style
from toolkit.figures.figure import Figure
from toolkit.figures.headlines import most_common
from toolkit.figures.theme_map import _name
from toolkit.text.format import percent, width

OURS = [name for name in FIGURES if name not in ("map", "answer")]
SVG_TEXT = "{http://www.w3.org/2000/svg}text"
LONG = "Self-reliance, import substitution and the indigenous development of semiconductors and robots"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press_run(tmp_path_factory.mktemp("paste") / "run")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty themes and thirty codes with long names, some of them Chinese."""
    folder = press_run(tmp_path_factory.mktemp("crowd") / "run")
    names = [f"{LONG} {i}" if i % 3 else f"未来产业与新质生产力的地方实施与区域竞争以及国有企业 {i}" for i in range(30)]
    themes = pq.read_table(folder / "tables" / "themes.parquet").to_pylist()
    first = next(row for row in themes if row["theme"] == 0)
    rows = [first | {"theme": i, "label": names[i], "parent": 1000} for i in range(30)] + [
        row for row in themes if row["level"]
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "tables" / "themes.parquet")
    for table, key in (("prevalence", "id"), ("trends", "id"), ("matrix", "theme"), ("contrasts", "id")):
        given = pq.read_table(folder / "tables" / f"{table}.parquet")
        of_theme = [row for row in given.to_pylist() if str(row[key]) == "0" or row.get("kind") == "code"]
        many = [row | {key: type(row[key])(i)} for row in of_theme if str(row[key]) == "0" for i in range(30)]
        many += [row for row in of_theme if str(row[key]) != "0"]
        pq.write_table(pa.Table.from_pylist(many, schema=given.schema), folder / "tables" / f"{table}.parquet")
    return folder


def texts(figure: Figure) -> list[tuple[float, float, float, float, str]]:
    """Every visible text as a box: left, top, right, bottom, words."""
    sizes = {"head": style.HEAD, "label": style.TEXT}
    made = []
    for element in ET.fromstring(figure.svg).iter("{http://www.w3.org/2000/svg}text"):
        classes = element.attrib["class"].split()
        words = element.text or ""
        (size,) = {sizes[name] for name in classes if name in sizes}
        wide = width(words, size, "bold" in classes or "head" in classes)
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        left = x - wide if "end" in classes else x - wide / 2 if "mid" in classes else x
        made.append((left, y - 0.72 * size, left + wide, y + 0.2 * size, words))
    return made


def widths(figure: Figure) -> tuple[Figure, Figure]:
    assert figure.narrow is not None and (figure.width, figure.narrow.width) == (style.WIDE, style.NARROW)
    return figure, figure.narrow


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("which", ["run", "crowded"])
def test_words_are_7_points_or_more_where_the_figure_is_as_wide_as_meant(
    name: str, which: str, request: pytest.FixtureRequest
) -> None:
    """170 millimetres for the page's width and 85 for the narrow one; one size for each role, nothing turned."""
    drawn = FIGURES[name](RunTables(request.getfixturevalue(which)))
    for figure, millimetres in zip(widths(drawn), (170, 85), strict=True):
        assert figure.size[0] <= figure.width + 24
        assert style.TEXT * millimetres / 25.4 * 72 / figure.size[0] >= 7
        assert "rotate" not in figure.svg and "small" not in re.sub("<style>.*</style>", "", figure.svg)
        assert texts(figure)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("which", ["run", "crowded"])
def test_no_words_lie_over_others_or_beyond_the_edge(name: str, which: str, request: pytest.FixtureRequest) -> None:
    for figure in widths(FIGURES[name](RunTables(request.getfixturevalue(which)))):
        boxes = texts(figure)
        for left, _, right, _, words in boxes:
            assert left >= -12.5 and right <= figure.width + 12.5, words
        for a, b in itertools.combinations(boxes, 2):
            apart = a[2] <= b[0] + 0.5 or b[2] <= a[0] + 0.5 or a[3] <= b[1] + 0.5 or b[3] <= a[1] + 0.5
            assert apart, (a, b)


def test_a_headline_names_the_most_common_only_if_its_interval_is_apart_from_all_others() -> None:
    rows = [
        {"name": "A", "estimate": 0.5, "low": 0.4, "high": 0.6, "n": 90},
        {"name": "B", "estimate": 0.2, "low": 0.1, "high": 0.39, "n": 90},
        {"name": "C", "estimate": 0.1, "low": 0.05, "high": 0.2, "n": 90},
    ]
    assert most_common(rows, "theme") == "“A” is the most common theme, with 50%"
    assert most_common([rows[0], rows[1] | {"high": 0.41}, rows[2] | {"high": 0.09}], "theme") == (
        "“A” and “B” are the most common themes"
    )
    assert most_common([rows[0], rows[1] | {"high": 0.41}], "theme") == ""
    assert most_common([rows[0], rows[1] | {"low": None, "high": None}], "theme") == ""


def with_contrasts(folder: Path, verdict: str) -> RunTables:
    place = folder / "tables" / "contrasts.parquet"
    rows = pq.read_table(place).to_pylist()
    unclear = [row | {"verdict": "cannot be said", "tested": len(rows)} for row in rows]
    at = next(i for i, row in enumerate(rows) if row["kind"] == "code")
    unclear[at] |= {"verdict": verdict, "difference": 0.25, "low": 0.1, "high": 0.4, "p": 0.0001, "p_adjusted": 0.004}
    pq.write_table(pa.Table.from_pylist(unclear), place)
    (folder / "tables" / "claims.parquet").unlink()
    return RunTables(folder)


@pytest.mark.parametrize("verdict", ["more", "cannot be said"])
def test_a_headline_on_groups_says_what_the_adjusted_tests_say(tmp_path: Path, verdict: str) -> None:
    tables = with_contrasts(press_run(tmp_path / "run"), verdict)
    row = next(row for row in tables.rows("contrasts") if row["kind"] == "code")
    grouped, one = FIGURES["codes_by_group"](tables), FIGURES["contrast"](tables)
    if verdict == "more":
        sentence = f"More of “{tables.code_names[row['id']]}” in {row['group']} than in all others, by 25 points"
        assert grouped.headline == one.headline == sentence
        chosen = {line["group"]: line["role"] for line in one.table.to_pylist()}
        assert chosen[row["group"]] == "chosen" and list(chosen.values()).count("chosen") == 1
    else:
        assert grouped.headline == "No code clearly differs between groups of source"
        assert "does not clearly differ" in one.headline
    assert FIGURES["themes_by_source"](tables).headline == "No theme clearly differs between groups of source"


def test_codes_by_group_and_over_time_show_the_numbers_of_the_run(run: Path) -> None:
    tables = RunTables(run)
    for row in FIGURES["codes_by_group"](tables).table.to_pylist():
        rows = [
            one for one in tables.shares("code", "source") if (one["id"], one["group"]) == (row["code"], row["group"])
        ]
        assert [(one["estimate"], one["low"], one["high"], one["n"]) for one in rows] == [
            (row["estimate"], row["low"], row["high"], row["n"])
        ]
    shown = {
        (row["code"], row["period"]): row["estimate"] for row in FIGURES["codes_over_time"](tables).table.to_pylist()
    }
    kept = [row for row in tables.rows("trends") if (row["kind"], row["unit"]) == ("code", "paragraph")]
    kept = [row for row in kept if row["period"].isdigit()]
    assert shown == {(row["id"], row["period"]): row["estimate"] for row in kept} and shown


def test_a_document_is_drawn_paragraph_by_paragraph(run: Path) -> None:
    tables = RunTables(run)
    figure = draw_figure(run, "document:doc00003.txt")
    rows = [row for row in tables.rows("paragraphs") if row["document_id"] == "doc00003.txt"]
    assert figure.table["theme"].to_pylist() == [row["theme"] for row in rows]
    carried = {row["paragraph_id"] for row in tables.rows("codes") if row["assigned"]}
    assert [bool(codes) for codes in figure.table["codes"].to_pylist()] == [
        row["paragraph_id"] in carried for row in rows
    ]
    marks = len(re.findall("<rect", figure.body))
    assert marks == len(rows) + sum(len(codes.split("; ")) for codes in figure.table["codes"].to_pylist() if codes)
    with pytest.raises(ConfigError, match=r"did you mean 'doc00003\.txt'"):
        draw_figure(run, "document:doc0003.txt")


def test_the_caption_says_whether_panels_share_a_scale(run: Path, tmp_path: Path) -> None:
    shares = [row["estimate"] for row in RunTables(run).rows("trends") if row["kind"] == "theme"]
    assert max(shares) > 0 and re.search(
        "one scale for all|each panel has its own scale", FIGURES["over_time"](RunTables(run)).caption
    )
    folder = press_run(tmp_path / "run")
    place = folder / "tables" / "trends.parquet"
    rows = [row | {"estimate": 0.9 if row["id"] == "0" else 0.01} for row in pq.read_table(place).to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows), place)
    assert "each panel has its own scale" in FIGURES["over_time"](RunTables(folder)).caption


def test_the_command_writes_svg_png_and_pdf_and_names_the_nearest_of_what_is_wrong(run: Path, tmp_path: Path) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    pytest.importorskip("typst")
    figure = FIGURES["prevalence"](RunTables(run))
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    (run / "manifest.json").write_text(json.dumps(manifest | {"files": {"config.yaml": "0"}}), encoding="utf-8")

    def command(*given: str) -> str:
        return CliRunner().invoke(main, ["report", str(run), *given]).output

    command("--figure", "prevalence", "--out", str(tmp_path / "p.svg"))
    command("--figure", "prevalence", "--out", str(tmp_path / "p.png"))
    command("--figure", "prevalence", "--width", "85", "--out", str(tmp_path / "n.pdf"))
    assert (tmp_path / "p.svg").read_text(encoding="utf-8") == figure.svg
    assert struct.unpack(">II", (tmp_path / "p.png").read_bytes()[16:24]) == pytest.approx(
        [2 * pixels for pixels in figure.size], abs=1
    )
    page = pdfium.PdfDocument(tmp_path / "n.pdf")[0]
    assert page.get_size()[0] == pytest.approx(85 / 25.4 * 72, rel=0.03)
    words = page.get_textpage().get_text_range()
    assert all(percent(row["estimate"], row["n"]) in words for row in figure.table.to_pylist()), "text, not boxes"
    assert b"SourceSans3" in (tmp_path / "n.pdf").read_bytes()
    assert (tmp_path / "p.csv").read_bytes() == (tmp_path / "n.csv").read_bytes()
    assert "did you mean '.png'" in command("--figure", "prevalence", "--out", str(tmp_path / "p.pgn"))
    assert "did you mean 'prevalence'" in command("--figure", "prevalance", "--out", str(tmp_path / "p.png"))


def test_a_file_has_its_headline_above_and_a_page_has_it_hidden(run: Path) -> None:
    figure = FIGURES["prevalence"](RunTables(run))
    assert figure.headline and figure.headline in html.unescape("".join(ET.fromstring(figure.svg).itertext()))
    top = ET.fromstring(figure.inline())
    assert top.attrib["viewBox"] == f"0 0 {figure.width} {figure.height}"
    assert ET.fromstring(figure.svg).attrib["viewBox"] == top.attrib["data-box"]


def test_a_claim_that_holds_is_not_denied_by_the_headline_of_all_groups(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    with_contrasts(folder, "cannot be said")
    claim = {"kind": "larger", "group_by": "source", "verdict": "holds by unchecked codes"}
    pq.write_table(pa.Table.from_pylist([claim]), folder / "tables" / "claims.parquet")
    headline = headlines.by_group(RunTables(folder), "code", "source")
    assert headline == "Apart from the claim that holds, no code clearly differs between groups of source"
    assert headlines.by_group(RunTables(folder), "theme", "source").startswith("No theme"), "claims are about codes"
    pq.write_table(pa.Table.from_pylist([claim | {"verdict": "cannot be told"}]), folder / "tables" / "claims.parquet")
    assert headlines.by_group(RunTables(folder), "code", "source").startswith("No code")


@pytest.mark.parametrize("name", [name for name in FIGURES if name not in ("answer", "contrast", "document")])
def test_a_file_says_what_its_numbers_are_though_it_has_no_caption(run: Path, name: str) -> None:
    figure = draw_figure(run, name)
    assert figure.reason or figure.measure, name
    for one in (figure, figure.narrow or figure):
        words = " ".join(element.text or "" for element in ET.fromstring(one.svg).iter(SVG_TEXT))
        assert figure.reason or figure.measure in words, "below the headline"


def test_every_figure_is_to_be_had_for_a_column(run: Path, tmp_path: Path) -> None:
    for name in FIGURES:
        figure = draw_figure(run, name)
        assert figure.reason or (figure.narrow or figure).width <= style.NARROW, name
        write_figure(run, name, tmp_path / f"{name}.svg", 85)


def test_a_map_shortens_no_name_that_has_room_on_three_lines() -> None:
    label = "Future industries, intelligent computing centres"
    assert " ".join(_name(label, 3)) == label
    assert _name(label, 2) == ["Future industries"], "among many names"


def test_long_names_of_groups_are_wrapped_so_that_they_differ(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    place = folder / "tables" / "prevalence.parquet"
    given = pq.read_table(place)
    long = "Ministry of Industry and Information Technology, "
    rows = [row | {"group": long + row["group"] if row["group"] else None} for row in given.to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, schema=given.schema), place)
    for figure in widths(draw_figure(folder, "codes_by_group")):
        assert "…" not in " ".join(words for *_, words in texts(figure))
        names = sorted(box[1::2] for box in texts(figure) if box[0] == 0 and box[1] > 0)
        assert all(above[1] <= below[0] + 0.5 for above, below in itertools.pairwise(names)), "none over another"
