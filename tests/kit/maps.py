"""Runs for tests of the map: a real run, repeated, whose paragraphs get other themes, names, places and voices."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from kit.press_runs import press_run, repeated

from toolkit.files import yaml12
from toolkit.run_folder.manifest import write_tables
from toolkit.run_folder.reader import RunTables

VOICES = ("wire", "journal", "sceptic")


def map_run(folder: Path, copies: int = 7, themes: int = 30, name: str = "Theme of the kind") -> Path:
    """The run of the press study `copies` times over, with every paragraph's theme drawn anew from so many.

    Every 20th paragraph is in no theme, and five themes make a broader one. A run that finds thirty themes takes
    more than a test's time, and what the map is tested for are many points and many names.
    """
    repeated(press_run(folder), copies)
    tables = RunTables(folder)
    paragraphs, docs = (tables.table(part) for part in ("paragraphs", "documents"))
    rng = np.random.default_rng(3)
    n = paragraphs.num_rows
    theme = rng.integers(0, themes, n)
    theme[::20] = -1
    places = rng.uniform(0, 40, (themes + 1, 2))[theme] + rng.normal(0, 1.1, (n, 2))
    for column, values in (
        ("theme", pa.array(theme, pa.int32())),
        ("x", pa.array(places[:, 0])),
        ("y", pa.array(places[:, 1])),
    ):
        paragraphs = paragraphs.set_column(paragraphs.column_names.index(column), column, values)
    voices = [VOICES[i % len(VOICES)] if i % 7 else None for i in range(docs.num_rows)]
    write_tables(
        folder,
        {
            "paragraphs": paragraphs,
            "documents": docs.append_column("voice", pa.array(voices, pa.string())),
            "themes": _themes(tables.table("themes"), paragraphs, themes, name),
        },
    )
    config = dict(yaml12.read(folder / "config.yaml").value or {})
    config["estimate"] = {**(config.get("estimate") or {}), "group_by": ["voice"]}
    (folder / "config.yaml").write_text(yaml12.dump(config), encoding="utf-8")
    return folder


def _themes(old: Any, paragraphs: Any, themes: int, name: str) -> Any:
    unique = paragraphs.filter(pc.is_null(paragraphs["duplicate_of"]))
    counted = np.bincount(unique["theme"].to_numpy(zero_copy_only=False) + 1, minlength=themes + 1)
    blank = dict.fromkeys(old.column_names) | {"documents": 1, "keywords": [], "paragraphs": 1}
    rows = [
        {**blank, "theme": i, "level": 0, "parent": 1000 + i // 5, "label": f"{name} {i}", "keywords": ["kind"],
         "paragraphs": int(counted[i + 1]), "share": 0.1, "share_low": 0.05, "share_high": 0.2,
         "stability": 0.9, "stability_low": 0.8, "stability_high": 0.95, "fragile": False}
        for i in range(themes)
    ]  # fmt: skip
    rows.append({**blank, "theme": -1, "level": 0, "label": "No theme", "paragraphs": int(counted[0])})
    rows += [{**blank, "theme": 1000 + i, "level": 1, "label": f"Region {i}"} for i in range((themes + 4) // 5)]
    return pa.Table.from_pylist(rows, schema=old.schema)


def data_in(page: str) -> dict[str, Any]:
    """The data of the map in a page's text."""
    tree: dict[str, Any] = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    return tree


def columns_of(tree: dict[str, Any]) -> dict[str, Any]:
    """The packed columns, read as the page reads them."""
    planes = np.frombuffer(zlib.decompress(base64.b64decode(tree["columns"])), np.uint8)
    columns, at = {}, 0
    for name, n in tree["sizes"]:
        four = planes[at : at + 4 * n].reshape(4, n).astype(np.uint32)
        columns[name] = four[0] | four[1] << 8 | four[2] << 16 | four[3] << 24
        at += 4 * n
    assert at == len(planes)
    return columns


def text_of(tree: dict[str, Any]) -> dict[str, Any]:
    """The packed text: documents, and words of paragraphs that are nowhere else in the page."""
    text: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(tree["text"])))
    return text
