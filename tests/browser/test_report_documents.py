"""The documents of the page in a real browser: sorted, filtered, read, and left again for where the reader was."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from kit.press import SOURCES
from kit.press_runs import press_run

from browser.conftest import Browser
from toolkit.files import yaml12
from toolkit.report import documents_part, write_report
from toolkit.run_folder.manifest import write_tables
from toolkit.settings import ReportSettings

pytestmark = pytest.mark.browser

OPEN = "document.getElementById('all-documents').open = true;"
SHOWN = "return [...document.querySelectorAll('.doc:not([hidden])')].map(box => +box.id.replace('doc-', ''))"
COUNT = "return document.getElementById('doc-count').textContent"
CHOOSE = (
    "const e = document.getElementById(arguments[0]);"
    "e.value = arguments[1] === null ? [...e.options].find(o => o.text === arguments[2]).value : arguments[1];"
    "e.dispatchEvent(new Event('input', {bubbles: true}))"
)
SETTLE = "const done = arguments[arguments.length - 1]; setTimeout(done, 250)"
TOP = "return Math.round(arguments[0].getBoundingClientRect().top)"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve documents of four sources, grouped by region; the last but one has no date."""
    folder = press_run(tmp_path_factory.mktemp("documents") / "run")
    documents = pq.read_table(folder / "tables" / "documents.parquet")
    regions = pa.array([("north", "south", None)[row % 3] for row in range(12)])
    write_tables(folder, {"documents": documents.append_column("region", regions)})
    config = yaml12.read(folder / "config.yaml").value
    tree = {**config, "estimate": {**config["estimate"], "group_by": ["region"]}}
    (folder / "config.yaml").write_text(yaml12.dump(tree), encoding="utf-8")
    write_report(folder, ReportSettings(formats=("html",)))
    return folder / "report.html"


STILL = {"prefers_reduced_motion": "reduce"}


def rows(page: Path, name: str) -> list[dict[str, object]]:
    return pq.read_table(page.parent / "tables" / f"{name}.parquet").to_pylist()


def test_documents_are_sorted_and_what_is_unknown_comes_last(browser: Browser, page: Path) -> None:
    browser.open(page, **STILL)
    documents = rows(page, "documents")
    assert browser.run(OPEN + SHOWN) == list(range(12)), "by id first"
    dated = [row for row in range(12) if documents[row]["date"]]
    for turn, value in ((1, "date"), (-1, "-date")):
        browser.run(CHOOSE, "doc-sort", value)
        expected = sorted(dated, key=lambda row: str(documents[row]["date"]), reverse=turn < 0)
        assert browser.run(SHOWN) == [*expected, 10], "the undated one last"
    browser.run(CHOOSE, "doc-sort", "source")
    assert browser.run(SHOWN) == sorted(range(12), key=lambda row: (str(documents[row]["source"]), row))
    browser.run(CHOOSE, "doc-sort", "t")
    assert browser.run(SHOWN) == sorted(range(12), key=lambda row: (documents[row]["theme"], row))  # type: ignore[arg-type]
    browser.run(CHOOSE, "doc-sort", "")
    assert browser.run(SHOWN) == list(range(12))


@pytest.mark.parametrize("width", [390, 1440])
def test_documents_are_there_at_every_width_and_their_words_wrap(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width, 900, **STILL)
    browser.run(OPEN + "document.querySelectorAll('details.doc').forEach(box => { box.open = true; })")
    looks = browser.run(
        "const text = [...document.querySelectorAll('.para .text')].sort((a, b) => b.textContent.length"
        " - a.textContent.length)[0];"
        "return [text.getBoundingClientRect().width > 100, text.scrollWidth <= text.clientWidth,"
        " document.documentElement.scrollWidth]"
    )
    assert looks == [True, True, width], "shown, on lines of their own, and no scrolling sideways"


def test_documents_are_filtered_and_counted(browser: Browser, page: Path) -> None:
    browser.open(page, **STILL)
    browser.run(OPEN)
    documents, paragraphs = rows(page, "documents"), rows(page, "paragraphs")
    assert browser.run(COUNT) == "12 of 12 documents shown."
    label = str(next(row["label"] for row in rows(page, "themes") if row["theme"] == 1))
    themed = {row["document_id"] for row in paragraphs if row["theme"] == 1}
    months = sorted(str(row["date"])[:7] for row in documents if row["date"])
    early, late = months[3], months[8]
    filters = {
        ("doc-theme", None, label): [at for at, row in enumerate(documents) if row["document_id"] in themed],
        ("doc-source", None, SOURCES[1]): [1, 5, 9],
        ("doc-group-0", None, "south"): [1, 4, 7, 10],
        ("doc-search", "PART 1", ""): [0, 9, 10, 11],
        ("doc-from", late, ""): [row for row in range(12) if str(documents[row]["date"] or "")[:7] >= late],
        ("doc-to", early, ""): [row for row in range(12) if "2" <= str(documents[row]["date"] or "")[:7] <= early],
    }
    for chosen, expected in filters.items():
        browser.run(CHOOSE, *chosen)
        assert browser.run(SHOWN) == expected and 0 < len(expected) < 12, chosen
        assert browser.run(COUNT) == f"{len(expected)} of 12 documents shown."
        browser.run("document.getElementById('doc-clear').click()")
        assert len(browser.run(SHOWN)) == 12
    browser.run(CHOOSE, "doc-source", None, SOURCES[1])
    browser.run(CHOOSE, "doc-group-0", None, "south")
    assert browser.run(SHOWN) == [1], "several at once"


@pytest.mark.parametrize("way", ["button", "browser"])
def test_a_reader_who_followed_a_quote_comes_back_to_it(browser: Browser, page: Path, way: str) -> None:
    browser.open(page, **STILL)
    browser.run("location.hash = '#codes'")  # an address of before, to which the browser alone would scroll
    browser.wait(SETTLE)
    link = browser.driver.find_element("css selector", "#theme-1 details blockquote:last-of-type a[href^='#p']")
    browser.run("arguments[0].closest('details').open = true; arguments[0].scrollIntoView({block: 'center'})", link)
    browser.wait(SETTLE)
    before, fold = browser.run(TOP, link), "return arguments[0].closest('details').open"
    link.click()
    browser.wait(SETTLE)
    paragraph = browser.driver.find_element("css selector", browser.run("return location.hash"))
    assert paragraph.is_displayed() and 0 <= browser.run(TOP, paragraph) < 200
    title = browser.run("return arguments[0].closest('.doc').querySelector('.name').textContent", paragraph)
    assert browser.driver.find_element("css selector", ".back").text.endswith(title)
    browser.run("arguments[0].closest('details').open = false", link)
    if way == "button":
        browser.driver.find_element("css selector", ".back button").click()
    else:
        browser.driver.back()
    browser.wait(SETTLE)
    assert browser.run(fold, link), "what had been open is open again"
    assert abs(browser.run(TOP, link) - before) <= 2, "at the same height of the window"
    assert browser.run("return document.activeElement === arguments[0]", link)
    assert not browser.run("return document.querySelector('.back')"), "and nothing more to go back to"


def test_a_link_to_a_document_that_a_filter_hides_shows_it(browser: Browser, page: Path) -> None:
    browser.open(page, **STILL)
    browser.run(OPEN)
    browser.run(CHOOSE, "doc-search", "no such title")
    assert browser.run(SHOWN) == [] and browser.run(COUNT) == "0 of 12 documents shown."
    browser.run("document.querySelector('#theme-0 blockquote a[href^=\"#p\"]').click()")
    browser.wait(SETTLE)
    assert browser.driver.find_element("css selector", browser.run("return location.hash")).is_displayed()


def test_a_click_on_the_strip_leads_to_the_paragraph_there(browser: Browser, page: Path) -> None:
    browser.open(page, **STILL)
    browser.run(OPEN + "document.getElementById('doc-3').open = true;")
    of_document = [(at, row) for at, row in enumerate(rows(page, "paragraphs")) if row["document_id"] == "doc00003.txt"]
    length = max(int(str(row["end"])) for _, row in of_document)
    for at, row in of_document:
        middle = (int(str(row["start"])) + int(str(row["end"]))) / 2 / length
        browser.run(
            "const box = document.querySelector('#doc-3 .whole-strip'), at = box.getBoundingClientRect();"
            "box.dispatchEvent(new MouseEvent('click', {bubbles: true, clientX: at.left + arguments[0] * at.width}))",
            middle,
        )
        assert browser.run("return location.hash") == f"#p{at}"


def test_an_index_is_filtered_and_leads_to_quoted_documents(
    browser: Browser, page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(documents_part, "MOST_DOCUMENTS", 11)
    folder = press_run(tmp_path / "run")
    write_report(folder, ReportSettings(formats=("html",)))
    browser.open(folder / "report.html", **STILL)
    titles = "return [...document.querySelectorAll('#doc-list tr:not([hidden]) .name')].map(e => e.textContent)"
    browser.run(OPEN)
    browser.run(CHOOSE, "doc-source", None, SOURCES[1])
    browser.run(CHOOSE, "doc-sort", "-date")
    dates = {row["title"]: row["date"] for row in rows(page, "documents")}
    shown = browser.run(titles)
    assert len(shown) == 3 and shown == sorted(shown, key=lambda title: str(dates[title]), reverse=True)
    assert browser.run(COUNT) == "3 of 12 documents shown."
    browser.run("document.getElementById('doc-clear').click()")
    browser.driver.find_element("css selector", "#doc-list a").click()
    browser.wait(SETTLE)
    assert browser.run("return document.querySelector(location.hash).open")
    browser.driver.find_element("css selector", ".back button").click()
    browser.wait(SETTLE)
    assert browser.run("return document.activeElement === document.querySelector('#doc-list a')")


def test_without_javascript_all_documents_are_there_in_their_order(plain_browser: Browser, page: Path) -> None:
    plain_browser.open(page, **STILL)
    find = plain_browser.driver.find_element
    assert [box.get_attribute("id") for box in plain_browser.driver.find_elements("css selector", ".doc")] == [
        f"doc-{row}" for row in range(12)
    ]
    find("css selector", "#all-documents > summary").click()
    assert not find("css selector", "#doc-filters").is_displayed()
    find("css selector", "#doc-5 > summary").click()
    assert find("css selector", "#doc-5 .para .text").is_displayed()
    assert find("css selector", "#doc-5 .para a[href^='#theme-']").is_displayed(), "a way back to its theme"


def test_print_has_the_documents_that_are_open(browser: Browser, page: Path) -> None:
    browser.open(page, **STILL)
    browser.run(OPEN + "document.getElementById('doc-2').open = true;")
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = browser.run("return [...document.querySelectorAll('.doc')].filter(d => d.offsetHeight).map(d => d.id)")
    assert shown == ["doc-2"]
    assert browser.run("return getComputedStyle(document.getElementById('doc-filters')).display") == "none"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_folded_documents_take_little_room(browser: Browser, page: Path) -> None:
    browser.open(page, **STILL)
    height, words = browser.run(
        "const part = document.getElementById('documents');"
        "return [part.getBoundingClientRect().height, part.innerText.split(/\\s+/).length]"
    )
    assert height <= 600 and words <= 250
