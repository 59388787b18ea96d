"""The first screen of a report at 1366 x 768: title, question, headline, findings and chart, without scrolling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from kit.press import SOURCES
from kit.press_runs import altered, press_run

from browser.conftest import Browser
from toolkit.files.yaml12 import dump, read
from toolkit.report import write_report
from toolkit.settings import ReportSettings

pytestmark = pytest.mark.browser
QUESTION = (
    "How do party journals, wires, trade press, think tanks, local governments and sceptics frame the push into future "
    "industries, and which of these frames travel together?"
)
CORPUS = {
    "description": "Fiction: articles, notices, briefs and short items of an invented press, written for this project "
    "to demonstrate the tool",
    "made_up": True,
}
OPEN = {"verdict": "cannot be told", "reason": "unadjusted p is 0.045, adjusted for 4 claims 0.089"}
UNCHECKED = "holds by unchecked codes"
SCREEN = "return [...document.querySelectorAll(arguments[0])].map(e => e.getBoundingClientRect().bottom)"


def claim(kind: str, text: str, **more: Any) -> dict[str, Any]:
    numbers = {"estimate": 0.256, "low": 0.13, "high": 0.396, "first": 0.33, "second": 0.077, "n": 39, "n_second": 363}
    if kind == "together":
        numbers |= {"estimate": 3.5, "low": 2.1, "high": 6.0, "first": 12.0, "second": 3.4}
    return {"kind": kind, "code": "chips", "unit": "paragraph", "chance": 0.0, "text": text, **numbers, **more}


CLAIMS = [
    claim("larger", "Sceptics doubt state direction more often than the other voices do.", group_by="source",
          group=SOURCES[0], than="rest", verdict=f"{UNCHECKED} (weak against machines)"),
    claim("larger", "Party journals write more of direction by the Party than the other voices do.", group_by="source",
          group=SOURCES[1], than="rest", **OPEN),
    claim("together", "Self-reliance and rivalry with the United States travel together.", other="future",
          verdict=UNCHECKED),
    claim("together", "Finance and doubts about state direction travel together.", other="soe", **OPEN),
    claim("rose", "Rivalry with the United States rose between 2024 and 2026.", **OPEN),
]  # fmt: skip


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with as much to say as the shipped study: five claims, a long question, a declared corpus."""
    folder = press_run(tmp_path_factory.mktemp("studied") / "run")
    altered(folder, "claims", lambda rows: [
        {**dict.fromkeys(rows[0]), "badge": "unchecked", "interval_of": "sampling", **row, "claim": at}
        for at, row in enumerate(CLAIMS, 1)])  # fmt: skip
    config = dict(read(folder / "config.yaml").value)
    coders = [{"id": name, "kind": "machine"} for name in "AB"]
    about = {"corpus": CORPUS, "coders": coders}
    (folder / "config.yaml").write_text(dump({**config, "question": QUESTION, "about": about}), encoding="utf-8")
    write_report(folder, ReportSettings(formats=("html",)))
    return folder / "report.html"


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1440, 900)])
def test_the_first_screen_has_question_findings_and_chart(
    browser: Browser, studied: Path, width: int, height: int
) -> None:
    browser.open(studied, width, height)
    for place, number in {
        "h1": 1, ".question": 1, "header .about": 1, ".headline": 1, ".findings li": 5, ".findings .tag": 5,
        ".findings li a": 12, ".limit": 1, ".chart svg": 1, ".chart figcaption": 1,
    }.items():  # fmt: skip
        bottoms = browser.run(SCREEN, place)
        assert len(bottoms) == number and 0 < max(bottoms) <= height, place
    assert browser.run("return document.documentElement.scrollWidth") == width
    chart, findings = (browser.run(f"return document.querySelector('{place}').getBoundingClientRect().toJSON()")
                       for place in (".chart", ".findings"))  # fmt: skip
    assert chart["left"] >= findings["right"], "the chart is beside the findings"


@pytest.mark.parametrize("width", [390, 768, 1366])
def test_words_of_the_chart_are_at_least_twelve_pixels_high(browser: Browser, studied: Path, width: int) -> None:
    browser.open(studied, width, 800)
    sizes = browser.run(
        "const svg = document.querySelector('.chart svg'); const scale = svg.getBoundingClientRect().width /"
        " svg.viewBox.baseVal.width; return [...svg.querySelectorAll('text')].filter(t => t.checkVisibility())"
        ".map(t => scale * parseFloat(getComputedStyle(t).fontSize))"
    )
    assert len(sizes) > 8 and min(sizes) >= 12
    assert browser.run("return document.documentElement.scrollWidth") == width


def test_the_first_screen_needs_no_javascript_and_is_the_same_in_the_dark(
    plain_browser: Browser, browser: Browser, studied: Path
) -> None:
    plain_browser.open(studied, 1366, 768)
    words = plain_browser.driver.find_element("css selector", ".headline").text
    assert words == "2 of 5 claims hold, both by codes that no person checked, one of them weak; 3 cannot be told."
    browser.open(studied, 1366, 768, prefers_color_scheme="dark")
    assert max(browser.run(SCREEN, ".chart figcaption")) <= 768
    assert [one for one in browser.violations() if "findings" in one or "headline" in one or "toc" in one] == []


def test_the_contents_stay_in_sight_and_cover_no_heading(browser: Browser, studied: Path) -> None:
    browser.open(studied, 1366, 768, prefers_reduced_motion="reduce")
    browser.driver.find_element("css selector", "nav.toc a[href='#corpus']").click()
    browser.wait("const done = arguments[arguments.length - 1]; setTimeout(done, 300)")
    bar = browser.run("return document.querySelector('nav.toc').getBoundingClientRect().toJSON()")
    top = browser.run("return document.querySelector('#corpus h2').getBoundingClientRect().top")
    assert bar["top"] == 0 and bar["height"] < 50 and top >= bar["bottom"]


def test_print_keeps_chart_and_headline_together_and_shares_whole(browser: Browser, studied: Path) -> None:
    browser.open(studied, 690, 1000)
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        for place in (".chart", ".findings li"):
            assert browser.run(f"return getComputedStyle(document.querySelector('{place}')).breakInside") == "avoid"
        assert browser.run("return [...document.querySelectorAll('.take')].some(e => e.checkVisibility())") is False
        lines = browser.run(
            "return [...document.querySelectorAll('.brief b')].filter(e => e.checkVisibility()).map(e => {"
            "const range = document.createRange(); range.selectNodeContents(e);"
            " return new Set([...range.getClientRects()].map(r => Math.round(r.top / 9))).size})"
        )
        assert lines and max(lines) == 1, "a share and its interval are not broken inside words"
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
