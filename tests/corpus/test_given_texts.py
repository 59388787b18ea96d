"""Texts from Python: a list or a DataFrame is written as it is, and what is no text is one fault that says where."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from toolkit.corpus.given_texts import is_texts, write_texts
from toolkit.errors import ConfigError


def rows(texts: Any, folder: Path, column: str = "text") -> list[dict[str, Any]]:
    place = folder / "texts.jsonl"
    write_texts(texts, place, column)
    return [json.loads(line) for line in place.read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, iter])
def test_strings_in_any_list_are_written_one_a_line_as_they_are(kind: Any, tmp_path: Path) -> None:
    texts = ['One, "two".\n\nThree.', "", "港口 café \u2028 end"]
    assert is_texts(kind(texts))
    assert rows(kind(texts), tmp_path) == [{"text": text} for text in texts]


def test_a_data_frame_keeps_its_columns_leaves_empty_cells_out_and_writes_dates_as_dates(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "text": ["a", "b"],
            "source": ["Echo", None],
            "date": pd.to_datetime(["2026-05-01", "2026-05-02"]),
            "hour": [datetime.datetime(2026, 5, 1, 13, 30), pd.NaT],
            "n": [1, 2],
            "share": [0.5, np.nan],
            7: pd.array([3, None], dtype="Int64"),
        },
        index=[9, 4],
    )
    dates = {"date": "2026-05-01", "hour": "2026-05-01T13:30:00"}
    assert rows(frame, tmp_path) == [
        {"text": "a", "source": "Echo", "n": 1, "share": 0.5, "7": 3} | dates,
        {"text": "b", "date": "2026-05-02", "n": 2},
    ]


def test_a_path_a_config_and_a_set_are_no_texts() -> None:
    assert not any(map(is_texts, ("study.yaml", Path("study.yaml"), {"name": "x"}, {"a", "b"}, None, 3)))


@pytest.mark.parametrize(
    ("texts", "column", "words"),
    [
        ([], "text", "there are none"),
        (pd.DataFrame({"text": []}), "text", "there are none"),
        (["a", None, "c"], "text", "1 row of 3 has no text (counted from 0: 1)"),
        (["a", 3], "text", "expected strings, got int in 1 row of 2 (counted from 0: 1)"),
        ([Path("a.txt")], "text", "expected strings"),
        (pd.DataFrame({"text": ["a", np.nan, None]}), "text", "2 rows of 3 in column 'text' have no text"),
        (pd.DataFrame({"texts": ["a"]}), "text", "no column 'text' (did you mean 'texts'?)"),
        (pd.DataFrame({"body": ["a"]}), "text", "set={'corpus.columns.text': NAME}"),
        (pd.DataFrame({"text": ["a"]}), "body", "no column 'body'"),
        (pd.DataFrame([["a", "b"]], columns=["text", "text"]), "text", "two columns named 'text'"),
    ],
)
def test_what_is_no_text_is_one_fault_and_writes_nothing(texts: Any, column: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as fault:
        write_texts(texts, tmp_path / "texts.jsonl", column)
    assert len(fault.value.faults) == 1 and words in fault.value.faults[0] and list(tmp_path.iterdir()) == []
