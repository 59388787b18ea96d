"""The report page in a real browser: safe, silent, accessible, usable by mouse, by keyboard and without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from kit.press_runs import press_run

from browser.conftest import Browser
from toolkit.report import write_report
from toolkit.run_folder.reader import RunTables
from toolkit.settings import ReportSettings

pytestmark = pytest.mark.browser


def report(folder: Path, **settings: object) -> Path:
    write_report(folder, ReportSettings(formats=("html",), **settings))  # type: ignore[arg-type]
    return folder / "report.html"


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(press_run(tmp_path_factory.mktemp("plain") / "run"))


@pytest.fixture(scope="session")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(press_run(tmp_path_factory.mktemp("attack") / "run", hostile=True, long_word=100_000))


def test_opening_the_page_asks_the_network_for_nothing(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.requested() == [page.absolute().as_uri()]
    assert browser.logged() == []


@pytest.mark.parametrize("width", [390, pytest.param(768, marks=pytest.mark.slow), 1440])
def test_hostile_text_neither_runs_nor_leaves_its_box(browser: Browser, attacked: Path, width: int) -> None:
    browser.open(attacked, width)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert browser.run("return window.pwned === undefined")
    assert browser.run("return document.documentElement.scrollWidth") <= width
    assert browser.logged() == [], "the page's own code met its own policy"
    assert browser.requested() == [attacked.absolute().as_uri()]
    assert browser.run(
        "const own = /^(#|https?:|(tables|figures)\\/\\w+\\.(csv|svg)$|metrics\\.json$|references\\.bib$)/;"
        "return [...document.querySelectorAll('a[href]')].every(a => own.test(a.getAttribute('href')))"
    )


def test_hovering_pinning_and_searching_hostile_text_runs_nothing(browser: Browser, attacked: Path) -> None:
    browser.open_map(attacked)
    assert browser.run("return document.querySelectorAll('#stage .points > *').length") > 50
    browser.run(
        "const s = document.getElementById('stage'); s.focus();"
        "for (let i = 0; i < 60; i++) for (const key of ['ArrowRight', 'ArrowUp', 'Enter', 'ArrowDown', 'ArrowLeft'])"
        "  s.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));"
        "document.getElementById('list').open = true;"
        "const q = document.getElementById('search'); q.value = '<script>';"
        "q.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert f"of {RunTables(attacked.parent).unique}" in browser.run(
        "return document.getElementById('count').textContent"
    )
    assert browser.run(
        "return window.pwned === undefined && !document.querySelector('#pin script, #rows script, #tip img')"
    )
    assert browser.logged() == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), pytest.param("dark", 390, marks=pytest.mark.slow)])
def test_axe_finds_no_violation(browser: Browser, page: Path, scheme: str, width: int) -> None:
    browser.open_map(page, width, prefers_color_scheme=scheme)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    browser.run("document.querySelector('#rows button')?.click()")
    assert browser.violations() == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_no_violation_in_a_report_of_attacks(browser: Browser, attacked: Path, width: int) -> None:
    browser.open(attacked, width)
    browser.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    browser.wait("const done = arguments[arguments.length - 1]; setTimeout(done, 300)")
    assert browser.violations() == []


def test_tab_stops_at_boxes_only_where_they_scroll(browser: Browser, page: Path) -> None:
    stops = "return document.querySelectorAll('.scroll[tabindex]').length"
    browser.open(page, 1440)
    wide = browser.run(stops)
    browser.open(page, 390)
    assert browser.run(stops) > wide


def test_without_javascript_everything_but_the_filters_is_there(plain_browser: Browser, page: Path) -> None:
    plain_browser.open(page)
    body = plain_browser.driver.find_element("tag name", "body").text
    for words in ("Themes found", RunTables(page.parent).labels[0], "not found", "Limitations", "need JavaScript"):
        assert words in body
    assert len(plain_browser.driver.find_elements("css selector", "#stage .points > *")) > 50
    assert not plain_browser.driver.find_element("id", "filters").is_displayed()


def test_a_number_leads_to_a_sentence_in_its_source_in_three_clicks(browser: Browser, page: Path) -> None:
    browser.open(page, prefers_reduced_motion="reduce")
    find = browser.driver.find_element
    find("css selector", ".findings a[href^='#code-'], .findings a[href^='#theme-']").click()
    card = browser.run("return location.hash")
    assert " of " in find("css selector", f"{card} .numbers").text, "the card has a number with what it is out of"
    quote = find("css selector", f"{card} blockquote .q").text.removesuffix("…")
    find("css selector", f"{card} blockquote a[href^='#p']").click()
    place = browser.run("return location.hash")
    browser.wait("const done = arguments[arguments.length - 1]; setTimeout(done, 300)")
    paragraph = find("css selector", f"{place} .text")
    assert paragraph.is_displayed() and quote in paragraph.text, "two clicks: the sentence in its paragraph"
    document = browser.run(f"return document.querySelector('{place}').closest('details').textContent")
    table = (page.parent / "tables" / "documents.csv").read_text(encoding="utf-8")
    assert any(line.split(",")[0] in document for line in table.splitlines()[1:]), "and the file that it stands in"
    source = find("css selector", f"{card} blockquote a[rel]").get_attribute("href")
    assert source.startswith("https://"), "the third click: its source"


def test_files_that_the_page_names_lie_beside_it(browser: Browser, page: Path) -> None:
    browser.open(page)
    named = browser.run("return [...document.querySelectorAll('a.beside')].map(a => a.getAttribute('href'))")
    assert named and [name for name in set(named) if not (page.parent / name).is_file()] == []


@pytest.mark.parametrize("text", ["none", "snippet"])
def test_a_report_without_full_text_shows_no_more_than_it_may(browser: Browser, tmp_path: Path, text: str) -> None:
    browser.open(report(press_run(tmp_path / "run"), text=text))
    longest = browser.run(
        "const shown = [...document.querySelectorAll('.q, .para .text')].map(e => e.textContent.trim());"
        "return Math.max(0, ...shown.map(text => text.split(/\\s+/).length))"
    )
    assert longest <= (30 if text == "snippet" else 0)
    if text == "none":
        assert "photoresist now passes" not in browser.run("return document.documentElement.outerHTML")
    assert browser.violations() == []


def test_print_shows_the_report_in_light_colours_without_controls(browser: Browser, page: Path) -> None:
    browser.open(page, 800, prefers_color_scheme="dark")
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.run("return getComputedStyle(document.getElementById('filters')).display") == "none"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
