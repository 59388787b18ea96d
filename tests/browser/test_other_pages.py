"""The pages of `compare` and `assign` in a real browser: the report's look, accessible, silent, narrow and dark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from browser.conftest import Browser
from toolkit.assignment.report import write_assignment_report
from toolkit.compare.compare import Comparison, Move, Side
from toolkit.compare.matching import Match
from toolkit.compare.page import write_page
from toolkit.values import Metric

pytestmark = pytest.mark.browser
HOSTILE = "<img src=x onerror='window.pwned=1'>" + "w" * 300


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("pages")
    labels = {n: f"Theme of {'long words ' * n}{n}" for n in range(12)} | {0: HOSTILE}
    before, after = (Side(name, "harbour_study", name, 12, 90, labels) for name in ("may", "june"))
    comparison = Comparison(
        before, after, 80, 10, 10,
        tuple(Match("grown", (n,), (n, 11 - n), 0.61, 8, 9, 10) for n in range(12)),
        tuple(Move(n, -1, tuple((f"a.txt:{i}", f"a.txt:{i}") for i in range(30))) for n in range(12)),
        {"jobs": (1, 20, 1)}, {f"metric.{n}": (float(n), float(n * (n % 2))) for n in range(40)},
        {"discover.themes": (4, [2, 9]), "question": (HOSTILE, None)},
    )  # fmt: skip
    write_page(comparison, home / "new" / "compare.html")
    write_assignment_report(home, _parent(), _tables(), _metrics())
    return home / "new" / "compare.html", home / "report.html"


def _parent() -> dict[str, object]:
    return {"experiment": {"name": "harbour_study", "sha256": "1" * 64}, "corpus": {"sha256": "2" * 64}}


def _metrics() -> dict[str, Metric]:
    names = ("corpus.documents", "corpus.paragraphs", "corpus.unique_paragraphs")
    shares = ("assign.outside", "assign.in_run", "assign.no_theme")
    return {name: Metric(1.0) for name in names} | {name: Metric(0.25) for name in shares}


def _tables() -> dict[str, pa.Table]:
    of_theme = {"level": 0, "paragraphs": 9, "share": 0.3, "share_low": 0.1, "share_high": 0.5, "share_in_run": 0.2}
    of_theme |= {"mostly": None}
    themes = [of_theme | {"theme": theme, "label": HOSTILE} for theme in (0, 1, -1)]
    code = {"kind": "code", "id": HOSTILE, "group_by": None, "unit": "paragraph", "counting": "unique", "n": 30}
    code |= {"estimate": 0.2, "low": 0.1, "high": 0.4, "interval_of": None}
    sentences = pa.table({"text": [f"Said of {HOSTILE}."]})
    return {
        "themes": pa.Table.from_pylist(themes), "prevalence": pa.Table.from_pylist([code]),
        "thresholds": pa.table({"code": [HOSTILE], "badge": ["unchecked"]}), "notes": sentences, "methods": sentences,
    }  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
@pytest.mark.parametrize("which", [0, 1])
def test_the_page_is_accessible_silent_and_no_wider_than_its_window(
    browser: Browser, pages: tuple[Path, Path], which: int, scheme: str, width: int
) -> None:
    browser.open(pages[which], width, prefers_color_scheme=scheme)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.violations() == []
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.run("return window.pwned === undefined && document.querySelectorAll('img').length === 0")
    assert browser.logged() == [] and browser.requested() == [pages[which].absolute().as_uri()]
    paper = browser.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert (float(np.mean(paper[:3])) < 60) == (scheme == "dark")
