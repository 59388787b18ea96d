"""Figures taken from the page by its buttons: an SVG and a PNG that look alone, and the numbers as CSV."""

from __future__ import annotations

import base64
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from kit.press_runs import press_run

from browser.conftest import Browser
from toolkit.figures import FIGURES, RunTables
from toolkit.report import write_report
from toolkit.settings import ReportSettings

pytestmark = pytest.mark.browser

TAKE = """
const [name, kind, done] = arguments;
const make = URL.createObjectURL;
URL.createObjectURL = (blob) => {
  if (kind !== "png" || blob.type === "image/png") {
    const reader = new FileReader();
    reader.onload = () => { URL.createObjectURL = make; done(reader.result.split(",")[1]); };
    reader.readAsDataURL(blob);
  }
  return make.call(URL, blob);
};
document.querySelector(`figure[data-name=${name}] [data-take=${kind}]`).click();
"""


@pytest.fixture(scope="module")
def taken_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = press_run(tmp_path_factory.mktemp("taken") / "run")
    write_report(folder, ReportSettings(formats=("html",)))
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_buttons_give_the_figure_with_fonts_and_light_colours_and_its_numbers(
    browser: Browser, taken_run: Path, scheme: str
) -> None:
    browser.open(taken_run / "report.html", prefers_color_scheme=scheme)
    name = "themes_by_source"
    figure = FIGURES[name](RunTables(taken_run))
    taken = {kind: base64.b64decode(browser.wait(TAKE, name, kind)) for kind in ("svg", "png", "csv")}
    svg = taken["svg"].decode("utf-8")
    ET.fromstring(svg)
    assert "font/woff2" in svg and "var(--" not in svg and "#1b2733" in svg.replace("rgb(27, 39, 51)", "#1b2733")
    assert all(line in svg for line in ("Themes by source", figure.headline))
    assert struct.unpack(">II", taken["png"][16:24]) == tuple(2 * pixels for pixels in figure.size)
    assert taken["csv"] == (taken_run / "figures" / f"{name}.csv").read_bytes()
    assert browser.logged() == [], "the page's policy allows it"


def test_without_javascript_there_are_links_and_no_dead_buttons(plain_browser: Browser, taken_run: Path) -> None:
    plain_browser.open(taken_run / "report.html")
    page = (taken_run / "report.html").read_text(encoding="utf-8")
    assert 'href="figures/themes_by_source.svg"' in page and 'href="figures/themes_by_source.csv"' in page
    assert '<p class="take" hidden>' in page


@pytest.mark.parametrize(("width", "shown"), [(390, 448), (1440, 896)])
def test_a_telephone_gets_the_narrow_figure(browser: Browser, taken_run: Path, width: int, shown: int) -> None:
    browser.open(taken_run / "report.html", width)
    boxes = browser.run(
        "return [...document.querySelectorAll('figure[data-name=themes_by_source] svg.fig')]"
        ".filter(svg => svg.getClientRects().length).map(svg => [svg.viewBox.baseVal.width, svg.clientWidth])"
    )
    assert [box[0] for box in boxes] == [shown] and 300 < boxes[0][1] <= width
    assert browser.run("return document.documentElement.scrollWidth") <= width
