"""Figures: drawn from tables alone, with every number in the table beside, harmless and readable anywhere."""

from __future__ import annotations

import html
import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kit.maps import map_run
from kit.press import HOSTILE
from kit.press_runs import altered, press_run, repeated

from toolkit.errors import ConfigError, StoreError
from toolkit.figures import FIGURES, RunTables, style, svg
from toolkit.figures.labels import place
from toolkit.figures.theme_map import points_of
from toolkit.text import format as words


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    return RunTables(press_run(tmp_path_factory.mktemp("figures") / "run"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    return RunTables(press_run(tmp_path_factory.mktemp("figures") / "run", hostile=True))


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_a_file_of_its_own_with_title_description_and_fonts(tables: RunTables, name: str) -> None:
    figure = FIGURES[name](tables)
    root = ET.fromstring(figure.svg)
    assert figure.name == name
    assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
    assert root.attrib["role"] == "img" and figure.alt in html.unescape(figure.svg)
    assert "src:url(data:font/woff2" in figure.svg and "http" not in figure.svg.replace(
        "http://www.w3.org/2000/svg", ""
    )
    assert figure.table.num_rows > 0 and not figure.reason
    assert figure._repr_svg_() == figure.svg and "<figcaption>" in figure._repr_html_()


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_tables_give_the_same_bytes(tables: RunTables, name: str) -> None:
    again = RunTables(tables.folder)
    assert FIGURES[name](again).svg == FIGURES[name](tables).svg


@pytest.mark.parametrize("name", FIGURES)
def test_text_of_the_corpus_never_becomes_markup(hostile: RunTables, name: str) -> None:
    figure = FIGURES[name](hostile)
    for drawn in (figure.svg, figure.inline(), figure._repr_html_()):
        assert "<script" not in drawn and "<b>" not in drawn and "\u202e" not in drawn
    ET.fromstring(figure.svg)


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_drawn_outside_the_frame(hostile: RunTables, name: str) -> None:
    drawn = FIGURES[name](hostile)
    for figure in (drawn, drawn.narrow or drawn):
        root = ET.fromstring(figure.svg)
        left, top, wide, high = map(float, root.attrib["viewBox"].split())
        for element in root.iter():
            for key, low, room in (("x", left, wide), ("cx", left, wide), ("y", top, high), ("cy", top, high)):
                if key in element.attrib and "transform" not in element.attrib:
                    assert low <= float(element.attrib[key]) <= low + room, ET.tostring(element)


@pytest.mark.parametrize("name", FIGURES)
def test_a_run_without_themes_or_codes_says_why_there_is_no_figure(tmp_path: Path, name: str) -> None:
    folder = press_run(tmp_path / "run", documents=1, per_document=2, codebook=False)
    for absent in ("trends", "prevalence"):
        (folder / "tables" / f"{absent}.parquet").unlink()
    figure = FIGURES[name](RunTables(folder))
    ET.fromstring(figure.svg)
    if name != "map":
        assert figure.reason and figure.reason in figure.svg


def test_every_share_in_the_picture_stands_in_its_table(tables: RunTables) -> None:
    figure = FIGURES["prevalence"](tables)
    for row in figure.table.to_pylist():
        assert words.percent(row["estimate"], row["n"]) in figure.svg
        assert 0 <= row["low"] <= row["estimate"] <= row["high"] <= 1 and row["n"] > 0


def test_a_fragile_theme_is_drawn_hollow_and_named(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    altered(folder, "themes", lambda rows: [row | {"fragile": row["theme"] == 3} for row in rows])
    figure = FIGURES["stability"](RunTables(folder))
    drawn = figure.body.replace(svg.circle(238, 10, 4.5, "hollow"), "")  # without the key
    assert drawn.count('class="hollow"') == sum(row["fragile"] for row in figure.table.to_pylist()) == 1
    assert "Fragile: " in figure.alt


@pytest.mark.slow
def test_a_map_of_many_is_a_stated_sample_that_keeps_shares_and_wanted_paragraphs(tmp_path: Path) -> None:
    tables = RunTables(repeated(press_run(tmp_path / "run", codebook=False), 120))
    wanted = frozenset(tables.table("paragraphs")["paragraph_id"].to_pylist()[1:4])
    points = points_of(tables, always=wanted)
    assert len(points.index) == len(set(points.index.tolist())) == 5000 < points.total
    shown = set(tables.table("paragraphs")["paragraph_id"].take(pa.array(points.index)).to_pylist())
    assert wanted <= shown
    for row in tables.themes:
        assert abs((points.themes == row["theme"]).mean() - row["share"]) < 0.01
    assert f"5,000 of the {points.total:,} unique paragraphs" in FIGURES["map"](tables).caption


def test_labels_do_not_overlap_and_stay_in_the_frame() -> None:
    rng = np.random.default_rng(3)
    anchors = rng.uniform(0, 500, (24, 2))
    boxes = place([(110.0, 18.0)] * 24, anchors, rng.uniform(0, 500, (800, 2)), (720, 520))
    placed = [box for box in boxes if box.placed]
    assert len(placed) >= 20
    for a, b in itertools.combinations(placed, 2):
        assert abs(a.x - b.x) * 2 >= a.width + b.width or abs(a.y - b.y) * 2 >= a.height + b.height
    assert all(a.width / 2 <= a.x <= 720 - a.width / 2 and a.height / 2 <= a.y <= 520 - a.height / 2 for a in placed)


def linear(colour: str) -> np.ndarray:
    given = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (a, b))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("colours", "text"), [(style.LIGHT, 4.5), (style.DARK, 4.5)])
def test_colours_have_the_contrast_that_reading_needs(colours: dict[str, str], text: float) -> None:
    for name in ("ink", "soft"):
        assert contrast(colours[name], colours["paper"]) >= text
    for name in ["mark", "none", *[f"t{i}" for i in range(style.HUES)]]:
        assert contrast(colours[name], colours["paper"]) >= 3


def test_theme_colours_stay_apart_for_colour_blind_readers() -> None:
    """Machado et al. (2009), severity 1; an OKLab distance of 0.02 is about one just noticeable difference."""
    kinds = [
        np.eye(3),
        np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
        np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]),
        np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]),
    ]
    first = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    second = np.array(
        [
            [0.2104542553, 0.793617785, -0.0040720468],
            [1.9779984951, -2.428592205, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.808675766],
        ]
    )
    for colours in (style.LIGHT, style.DARK):
        seen = [
            [second @ np.cbrt(first @ np.clip(k @ linear(colours[f"t{i}"]), 0, 1)) for k in kinds]
            for i in range(style.HUES)
        ]
        gaps = [
            min(np.linalg.norm(x - y) for x, y in zip(a, b, strict=True)) for a, b in itertools.combinations(seen, 2)
        ]
        assert min(gaps) > 0.046
        assert min(np.linalg.norm(a[0] - b[0]) for a, b in itertools.combinations(seen, 2)) > 0.09
    hues = [
        [np.arctan2(*(second @ np.cbrt(first @ linear(colours[f"t{i}"])))[:0:-1]) for i in range(style.HUES)]
        for colours in (style.LIGHT, style.DARK)
    ]
    assert np.degrees(np.abs(np.angle(np.exp(1j * (np.array(hues[0]) - hues[1]))))).max() < 3, "one hue in both modes"


def test_colour_and_shape_together_are_unique_for_48_themes() -> None:
    assert style.HUES == 12
    assert len({(style.theme_class(theme), style.shape_of(theme)) for theme in range(48)}) == 48
    assert len({style.theme_class(theme) for theme in range(12)}) == 12


@pytest.mark.parametrize("text", [*HOSTILE, "\ud800lone", "\ufffe", "a\x00b"])
def test_what_is_shown_is_legal_xml_without_hidden_characters(text: str) -> None:
    shown = words.visible(text)
    ET.fromstring(f"<t>{html.escape(shown)}</t>")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x1b]", shown)


@pytest.mark.parametrize(
    ("share", "n", "shown"),
    [
        (0, 60, "0%"),
        (0.001, 60, "<1%"),
        (0.184, 60, "18%"),
        (0.184, 5000, "18.4%"),
        (0.9999, 60, ">99%"),
        (1, 9, "100%"),
    ],
)
def test_a_percentage_never_says_more_or_less_than_it_knows(share: float, n: int, shown: str) -> None:
    assert words.percent(share, n) == shown


def test_a_snippet_holds_30_words_at_most_chinese_included() -> None:
    assert len(words.snippet("word " * 100).rstrip("…").split()) == 30
    assert words.snippet("short one") == "short one"
    assert len(words.snippet("未来产业" * 100)) <= 61


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no tables/"):
        RunTables(tmp_path)


def test_a_figure_with_chinese_words_says_what_shows_them(tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    themes = pq.read_table(folder / "tables" / "themes.parquet")
    labels = pa.array(["未来产业与新质生产力" for _ in range(themes.num_rows)])
    named = themes.set_column(themes.schema.get_field_index("label"), "label", labels)
    pq.write_table(named, folder / "tables" / "themes.parquet")
    figure = FIGURES["stability"](RunTables(folder))
    assert "未来产业" in figure.svg and "a font of the reader's own system" in figure.caption
    assert "reader's own system" not in FIGURES["cooccurrence"](RunTables(folder)).caption


def test_a_figure_of_a_run_is_saved_with_its_numbers_and_given_as_a_dataframe(
    tables: RunTables, tmp_path: Path
) -> None:
    from toolkit.runs import Run

    figure = Run(tables.folder).figure("prevalence")
    assert figure.save(tmp_path / "shares.svg").read_text(encoding="utf-8") == figure.svg
    assert len(figure.data) == figure.table.num_rows == len((tmp_path / "shares.csv").read_text().splitlines()) - 1
    with pytest.raises(ConfigError, match=r"\.svg"):
        figure.save(tmp_path / "shares.jpg")
    with pytest.raises(ConfigError, match="prevalence"):
        Run(tables.folder).figure("prevalance")


@pytest.mark.parametrize("themes", [12, 60])
def test_a_crowded_map_says_which_themes_it_does_not_name(tmp_path: Path, themes: int) -> None:
    folder = map_run(tmp_path / "run", copies=25, themes=themes, name="harbour, quay, theme")
    figure = FIGURES["map"](RunTables(folder))
    shown = figure.svg.count('class="name halo bold"')
    assert shown <= 40 * 2 and ("Not named" in figure.caption) == (themes > 40)
    assert set(figure.data["label"]) - {"No theme"} == {f"harbour, quay, theme {i}" for i in range(themes)}, (
        "the table names all"
    )
