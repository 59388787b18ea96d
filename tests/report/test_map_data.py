"""The data of the map: columns that come back as they went in, periods that fit the dates, names for the whole map."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest
from kit.maps import VOICES, columns_of, map_run, text_of
from kit.press_runs import press_run, repeated

from toolkit.report.explorer import explorer
from toolkit.report.map_data import broader_names, packed, periods
from toolkit.report.places import Reader
from toolkit.run_folder.reader import RunTables


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> RunTables:
    return RunTables(map_run(tmp_path_factory.mktemp("map") / "run"))


def tree_of(tables: RunTables, mode: Any = "full") -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(explorer(tables, Reader(tables, mode), {3}, ()).data)
    return tree


def test_packed_columns_come_back_as_they_were() -> None:
    values = [0, 1, 255, 256, 65_535, 65_536, 2**32 - 1]
    sizes, columns = packed([("a", values), ("b", [7])])
    assert sizes == [["a", 7], ["b", 1]]
    read = columns_of({"sizes": sizes, "columns": columns})
    assert read["a"].tolist() == values and read["b"].tolist() == [7]
    assert packed([("a", values), ("b", [7])])[1] == columns, "the same numbers make the same bytes"


def test_every_unique_paragraph_is_on_the_map_with_its_theme_document_and_codes(tables: RunTables) -> None:
    tree = tree_of(tables)
    columns, text = columns_of(tree), text_of(tree)
    table = tables.table("paragraphs")
    unique = [row for row, one in enumerate(table["duplicate_of"].to_pylist()) if one is None]
    assert np.cumsum(columns["row"]).tolist() == unique
    assert [tree["themes"][i][0] for i in columns["theme"]] == [table["theme"][row].as_py() for row in unique]
    assert [text["documents"][i][0] for i in columns["document"]] == [
        tables.documents[table["document_id"][row].as_py()]["title"] for row in unique
    ]
    names = list(tables.code_names)
    ends = np.cumsum(columns["codes"])
    rated = {(row["paragraph_id"], row["code"]): row for row in tables.rows("codes")}
    for row, end, n in zip(unique, ends, columns["codes"], strict=True):
        name = table["paragraph_id"][row].as_py()
        carried = [names[code] for code in columns["code"][end - n : end]]
        assert set(carried) == {code for code in names if rated[name, code]["assigned"]}
        likely = [rated[name, code]["probability"] for code in carried]
        assert likely == sorted(likely, reverse=True), "the most probable first"


def test_groups_are_those_of_the_config_and_the_source(tables: RunTables) -> None:
    tree = tree_of(tables)
    columns = columns_of(tree)
    ways = {title: (key, names) for key, title, names, _, _ in tree["ways"]}
    assert list(ways) == ["Source", "Voice", "Date"]
    key, names = ways["Voice"]
    assert set(names) == set(VOICES)
    table = tables.table("paragraphs").filter(pc.is_null(tables.table("paragraphs")["duplicate_of"]))
    voices = [tables.documents[name]["voice"] for name in table["document_id"].to_pylist()]
    assert [names[i - 1] if i else None for i in columns[key]] == voices


def test_words_of_the_corpus_are_in_the_data_only_if_they_may_be(tmp_path: Path) -> None:
    tables = RunTables(repeated(press_run(tmp_path / "run", words=120), 4))
    full, snippet, none = (text_of(tree_of(tables, mode)) for mode in ("full", "snippet", "none"))
    assert len(full["words"]) > 100 and max(len(words.split()) for words in full["words"]) > 130
    assert snippet["words"] and max(len(words.split()) for words in snippet["words"]) <= 30
    assert none["words"] == none["worded"] == []
    assert {title for title, *_ in none["documents"]} <= set(tables.documents), "ids, not titles"


def test_beyond_five_thousand_the_still_map_is_a_sample_and_the_live_one_is_whole(tmp_path: Path) -> None:
    tables = RunTables(map_run(tmp_path / "run", copies=140))
    seen = explorer(tables, Reader(tables, "full"), {3}, ())
    tree = json.loads(seen.data)
    assert seen.total == dict(tree["sizes"])["x"] == tables.unique > seen.shown
    assert seen.figure.body.count("<circle") + seen.figure.body.count("<path") < 5_100
    assert len(tree["columns"]) < 25 * seen.total, "a few bytes a paragraph"


@pytest.mark.parametrize(
    ("dates", "names", "values"),
    [
        (["2024-01-30", "2024-03", ""], ("2024-01", "2024-02", "2024-03"), [1, 3, 0]),
        (
            ["2024-02-01", "2026-04-01"],
            tuple(f"{y} Q{q}" for y in (2024, 2025, 2026) for q in (1, 2, 3, 4))[:10],
            [1, 10],
        ),
        (["2024-02-01", "2026"], ("2024", "2025", "2026"), [1, 3]),
        (["2000-02-01", "2011-01-01"], tuple(map(str, range(2000, 2012))), [1, 12]),
        (["1999", "2020"], tuple(f"{y}–{y + 1}" for y in range(1998, 2021, 2)), [1, 12]),
        (["", "no date"], (), [0, 0]),
    ],
)
def test_periods_are_the_finest_that_every_date_tells_and_twelve_at_most(
    dates: list[str], names: tuple[str, ...], values: list[int]
) -> None:
    assert periods(dates) == (names, values)


def test_broader_names_hold_every_theme_once_and_few_themes_need_none(tables: RunTables, tmp_path: Path) -> None:
    broad = broader_names(tables)
    assert [label for label, _ in broad] == [f"Region {i}" for i in range(6)]
    assert sorted(theme for _, themes in broad for theme in themes) == list(range(30))
    assert broader_names(RunTables(press_run(tmp_path / "run"))) == []


def test_the_headline_of_the_map_counts_and_calls_no_theme_the_largest(tables: RunTables) -> None:
    sizes = sorted(theme["paragraphs"] for theme in tables.themes)
    words = explorer(tables, Reader(tables, "full"), {3}, ()).figure.headline
    assert words == f"{sum(sizes)} of {tables.unique} paragraphs are in 30 themes of {sizes[0]} to {sizes[-1]}"
