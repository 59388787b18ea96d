"""The folds of the report page in a real browser: how long the page is, what opens what, and what is printed."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from kit.press_runs import press_run

from browser.conftest import Browser
from toolkit.report import write_report
from toolkit.settings import ReportSettings

pytestmark = pytest.mark.browser

SHIPPED = Path(__file__).parents[2] / "experiments" / "future_industries" / "report.html"
MOST_WORDS, MOST_PIXELS = 6_000, 12_000
MOST_PIXELS_ON_A_PHONE = 18_500
"""In the same proportion to the 88,258 pixels that the page had unfolded as 12,000 to 57,349."""
SHARES = {"themes": (1_950, 1_000), "codes": (2_150, 1_100), "corpus": (750, 300), "validity": (1_100, 500),
          "methods": (700, 350), "replay": (350, 120)}  # fmt: skip
"""Section -> pixels at 1440 and words that it may have while everything is folded."""
HEIGHT = "return document.documentElement.scrollHeight"
WORDS = "return document.body.innerText.split(/\\s+/).length"
SECTION = (
    "const part = document.getElementById(arguments[0]);"
    "return [part.getBoundingClientRect().height, part.innerText.split(/\\s+/).length]"
)


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = press_run(tmp_path_factory.mktemp("folds") / "run")
    write_report(folder, ReportSettings(formats=("html",)))
    return folder / "report.html"


def test_the_shipped_study_s_page_is_read_in_a_sitting(browser: Browser) -> None:
    browser.open(SHIPPED)
    assert browser.run(WORDS) <= MOST_WORDS and browser.run(HEIGHT) <= MOST_PIXELS
    browser.open(SHIPPED, 390)
    assert browser.run(HEIGHT) <= MOST_PIXELS_ON_A_PHONE


def test_no_section_of_it_takes_more_than_its_share(browser: Browser) -> None:
    browser.open(SHIPPED)
    taken = {section: browser.run(SECTION, section) for section in SHARES}
    assert {
        section: (height, words)
        for section, (height, words) in taken.items()
        if height > SHARES[section][0] or words > SHARES[section][1]
    } == {}


@pytest.mark.parametrize("width", [390, 768, 1440])
def test_folded_or_open_the_page_never_scrolls_sideways(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    browser.run("document.querySelectorAll('details').forEach(box => { box.open = true; })")
    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_all_folds_open_and_close_at_once(browser: Browser, page: Path) -> None:
    browser.open(page)
    closed = "return document.querySelectorAll('main details:not([open])').length"
    before, words = browser.run(closed), browser.run(WORDS)
    assert before > 20
    press = "[...document.querySelectorAll('.every button')].find(one => one.textContent === arguments[0]).click()"
    browser.run(press, "Open all")
    assert browser.run(closed) == 0 and browser.run(WORDS) > 2 * words
    browser.run(press, "Close all")
    assert browser.run(closed) == before and browser.run(WORDS) == words


def test_a_link_to_a_theme_or_code_lands_at_its_card_with_the_details_open(browser: Browser, page: Path) -> None:
    browser.open(page, prefers_reduced_motion="reduce")
    for anchor in ("theme-3", "code-4"):
        browser.run("location.hash = arguments[0]", anchor)
        browser.wait("const done = arguments[arguments.length - 1]; setTimeout(done, 200)")
        card = f"document.getElementById('{anchor}')"
        assert browser.run(f"return {card}.querySelector(':scope > details').open")
        assert browser.run(f"return {card}.querySelector('dl.numbers').checkVisibility()")
        assert 0 <= browser.run(f"return {card}.getBoundingClientRect().top") < 60
    others = "return document.querySelectorAll('.card > details[open]').length"
    assert browser.run(others) == 2
    anchor = browser.run("return document.querySelector('main details a[href^=\"#p\"]').hash")
    browser.run("location.hash = arguments[0]", anchor)
    browser.wait("const done = arguments[arguments.length - 1]; setTimeout(done, 200)")
    assert browser.run("return document.querySelector(arguments[0]).checkVisibility()", anchor)


def test_without_javascript_a_click_opens_a_fold(plain_browser: Browser, page: Path) -> None:
    plain_browser.open(page, prefers_reduced_motion="reduce")
    find = plain_browser.driver.find_element
    assert plain_browser.driver.find_elements("css selector", ".every button") == []
    assert "Share of unique paragraphs" not in find("css selector", "#theme-0").text
    find("css selector", "#theme-0 > details > summary").click()
    assert "Share of unique paragraphs" in find("css selector", "#theme-0").text


def test_print_has_what_the_reader_opened_and_nothing_else_that_is_folded(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert "Documentswithatleastone" not in printed(browser) and "Detailsand" not in printed(browser)
    browser.run("document.querySelector('#theme-1 > details').open = true")
    assert printed(browser).count("Documentswithatleastone") == 1
    browser.run("document.querySelectorAll('.every button')[0].click()")
    everything = printed(browser)
    assert everything.count("Documentswithatleastone") > 5 and "Openall" not in everything


def printed(browser: Browser) -> str:
    """The words of the page on paper, without spaces."""
    import pypdfium2

    made = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    sheets = pypdfium2.PdfDocument(base64.b64decode(made["data"]))
    return re.sub(r"[\s\u00ad\ufffe-]", "", " ".join(sheet.get_textpage().get_text_bounded() for sheet in sheets))
