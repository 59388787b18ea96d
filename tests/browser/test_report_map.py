"""The map of the report in a real browser: colours, names, cards, searches and 100,000 points that answer at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pytest
from kit.maps import map_run
from kit.press_runs import press_run, repeated

from browser.conftest import Browser
from toolkit.report import write_report
from toolkit.run_folder.reader import RunTables
from toolkit.settings import ReportSettings

pytestmark = pytest.mark.browser

SHOWN = "return +document.getElementById('count').textContent.match(/^[\\d,]+/)[0].replace(',', '')"
CHOOSE = (
    "const e = document.getElementById(arguments[0]); e.value = arguments[1];"
    "e.dispatchEvent(new Event('input', {bubbles: true}))"
)
PRESS = (
    "document.getElementById('stage').dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true}))"
)
LEGEND = (
    "return [...document.querySelectorAll('#legend button')].map(b =>"
    " [b.querySelector('bdi').textContent, b.querySelector('.num').textContent])"
)
COLOUR_AT = """
const [x, y] = document.getElementById('stage').mapPlace(arguments[0]), c = document.querySelector('#stage canvas');
const k = c.width / c.clientWidth;
return [...c.getContext('2d').getImageData(Math.round(x * k), Math.round(y * k), 1, 1).data].slice(0, 3)
"""
NAMES = """
return [...document.querySelectorAll('.names .name')].filter(e => e.offsetWidth).map(e => {
  const b = e.getBoundingClientRect();
  const size = parseFloat(getComputedStyle(e).fontSize);
  return [e.textContent, e.classList.contains('broad'), b.left, b.top, b.right, b.bottom, size];
})
"""
BOX = """
const b = document.getElementById(arguments[0]).getBoundingClientRect();
return [b.left, b.top, b.right, b.bottom]
"""
STILL = """
return ['#stage svg', '.legend.still', '#stage canvas']
  .map(s => getComputedStyle(document.querySelector(s)).display !== 'none')
"""
FRAMES = """
const done = arguments[0], c = document.querySelector('#stage canvas'), b = c.getBoundingClientRect(), times = [];
let last = 0;
const step = (now) => {
  if (last) times.push(now - last);
  last = now;
  if (times.length >= 60) return done(times.sort((x, y) => x - y));
  c.dispatchEvent(new WheelEvent('wheel', {ctrlKey: true, cancelable: true, deltaY: times.length < 30 ? -6 : 6,
    clientX: b.x + b.width / 2, clientY: b.y + b.height / 2}));
  requestAnimationFrame(step);
};
requestAnimationFrame(step)
"""


def report(folder: Path, **settings: Any) -> Path:
    write_report(folder, ReportSettings(formats=("html",), **settings))
    return folder / "report.html"


def settled(browser: Browser, wait: int = 300) -> None:
    browser.wait(f"const done = arguments[0]; setTimeout(() => requestAnimationFrame(() => done()), {wait})")


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(press_run(tmp_path_factory.mktemp("map") / "run"))


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400 paragraphs in 30 themes of 6 broader ones."""
    return report(map_run(tmp_path_factory.mktemp("many") / "run"))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(repeated(press_run(tmp_path_factory.mktemp("large") / "run"), 34))


def unique(page: Path) -> list[dict[str, Any]]:
    table = RunTables(page.parent).table("paragraphs")
    rows: list[dict[str, Any]] = table.filter(pc.is_null(table["duplicate_of"])).to_pylist()
    return rows


def test_the_map_is_filtered_by_theme_code_source_date_and_words(browser: Browser, page: Path) -> None:
    browser.open_map(page)
    everything = browser.run(SHOWN)
    assert everything == len(unique(page))
    for name, value in (("code", "0"), ("source", "The Harbour Wire"), ("from", "2026"), ("search", "polysilicon")):
        browser.run(CHOOSE, name, value)
        assert 0 < browser.run(SHOWN) < everything, name
        browser.run("document.getElementById('clear').click()")
        assert browser.run(SHOWN) == everything
    find = browser.driver.find_element
    find("css selector", ".more summary").click()
    find("css selector", "#code option:nth-child(2)").click()
    assert 0 < browser.run(SHOWN) < everything, "a real choice from the list"
    browser.run("document.getElementById('clear').click(); document.querySelector('#legend button').click()")
    assert 0 < browser.run(SHOWN) < everything
    assert browser.run("return document.querySelector('#legend button').getAttribute('aria-pressed')") == "true"


def test_the_table_holds_the_selection_and_sorts(browser: Browser, page: Path) -> None:
    browser.open_map(page)
    browser.run("document.querySelector('#legend button').click(); document.getElementById('list').open = true")
    settled(browser)
    assert browser.run("return document.querySelectorAll('#rows tr').length") == browser.run(SHOWN)
    browser.run("document.querySelector('#list th[data-key=date] button').click()")
    dates = browser.run("return [...document.querySelectorAll('#rows td:nth-child(3)')].map(c => c.textContent)")
    assert dates == sorted(dates)
    heading = "return document.querySelector('#list th[data-key=date]').getAttribute('aria-sort')"
    assert browser.run(heading) == "ascending"


def test_colour_by_code_recolours_the_points_and_counts_what_the_table_counts(browser: Browser, page: Path) -> None:
    browser.open_map(page)
    table = RunTables(page.parent)
    rows = unique(page)
    carried: dict[str, set[str]] = {}
    for row in table.rows("codes"):
        if row["assigned"]:
            carried.setdefault(row["paragraph_id"], set()).add(row["code"])
    settled(browser)
    ids = table.table("paragraphs")["paragraph_id"].to_pylist()
    places = [ids.index(row["paragraph_id"]) for row in rows]
    before = [browser.run(COLOUR_AT, place) for place in places]
    browser.run(CHOOSE, "colour", "code")
    settled(browser)
    assert sum(browser.run(COLOUR_AT, place) != old for place, old in zip(places, before, strict=True)) > len(rows) / 2
    counted = dict(browser.run(LEGEND))
    for code, name in table.code_names.items():
        assert int(counted[name]) == sum(code in carried.get(row["paragraph_id"], ()) for row in rows), name
    assert int(counted["No code"]) == sum(row["paragraph_id"] not in carried for row in rows)


def test_colour_by_group_and_date_follow_the_documents(browser: Browser, many: Path) -> None:
    browser.open_map(many)
    documents = RunTables(many.parent).documents
    rows = unique(many)
    browser.run(CHOOSE, "colour", "group0")
    voices = [documents[row["document_id"]]["voice"] or "No voice" for row in rows]
    assert dict(browser.run(LEGEND)) == {voice: str(voices.count(voice)) for voice in set(voices)}
    browser.run(CHOOSE, "colour", "period")
    periods = browser.run(LEGEND)
    assert [name for name, _ in periods] == [*sorted(name for name, _ in periods[:-1]), "Undated"]
    years = [(documents[row["document_id"]]["date"] or "")[:4] for row in rows]
    of_2025 = sum(int(count) for name, count in periods if name.startswith("2025"))
    assert of_2025 == years.count("2025") and int(periods[-1][1]) == years.count("")


def test_thirty_themes_have_thirty_signs(browser: Browser, many: Path) -> None:
    browser.open_map(many)
    signs = browser.run(
        "return [...document.querySelectorAll('#legend button[data-value]:not([data-value=\"0\"]) svg')]"
        ".map(s => getComputedStyle(s).fill + s.querySelector('path').getAttribute('d'))"
    )
    assert len(signs) == 30 and len(set(signs)) == 30


def test_a_click_shows_the_paragraph_beside_its_point_on_screen(browser: Browser, many: Path) -> None:
    browser.open_map(many, 1366, 768)
    settled(browser)
    table = RunTables(many.parent).table("paragraphs")
    ids, texts = table["paragraph_id"].to_pylist(), table["text"].to_pylist()
    for row in unique(many)[10:13]:
        place = ids.index(row["paragraph_id"])
        x, y = browser.run(
            "const b = document.querySelector('#stage canvas').getBoundingClientRect();"
            "const [x, y] = document.getElementById('stage').mapPlace(arguments[0]); return [b.x + x, b.y + y]",
            place,
        )
        browser.run(
            "const c = document.querySelector('#stage canvas');"
            "for (const kind of ['pointerdown', 'pointerup']) c.dispatchEvent(new PointerEvent(kind,"
            "  {clientX: arguments[0], clientY: arguments[1], pointerId: 1, bubbles: true}));"
            "c.dispatchEvent(new MouseEvent('click', {clientX: arguments[0], clientY: arguments[1], bubbles: true}))",
            x,
            y,
        )
        left, top, right, bottom = browser.run(BOX, "pin")
        assert left >= 0 and right <= 1366 and top >= 0 and bottom <= 768, "on screen"
        assert min(abs(left - x), abs(right - x)) < 40 and top - 40 < y < bottom + 40, "beside its point"
        shown = browser.run("return document.querySelector('#pin .text').textContent")
        assert shown in texts and browser.run("return document.activeElement.id") == "pin"


def test_on_a_phone_the_card_lies_at_the_bottom_of_the_map(browser: Browser, page: Path) -> None:
    browser.open_map(page, 390, 844)
    browser.run(CHOOSE, "search", "polysilicon")
    browser.run("document.getElementById('next').click()")
    card, stage = browser.run(BOX, "pin"), browser.run(BOX, "stage")
    assert abs(card[3] - stage[3]) < 12 and card[1] > stage[1] and card[2] <= 390 and card[3] <= 844


def test_a_search_counts_what_a_recount_counts_and_leads_through_its_results(browser: Browser, page: Path) -> None:
    browser.open_map(page)
    rows, labels = unique(page), RunTables(page.parent).labels
    hits = [row for row in rows if "polysilicon" in row["text"].lower()]
    browser.run(CHOOSE, "search", "Polysilicon")
    count_shown = browser.run("return document.getElementById('count').textContent")
    assert count_shown.startswith(f"{len(hits)} of {len(rows)} paragraphs contain “Polysilicon”, by theme: ")
    for theme in {row["theme"] for row in hits}:
        assert f"{labels[theme]} {sum(row['theme'] == theme for row in hits)}" in count_shown
    _, top, _, bottom = browser.run(BOX, "count")
    assert top > 0 and bottom < 1000, "beside the map"
    seen = []
    for at in range(len(hits)):
        browser.run("document.getElementById('next').click()")
        assert browser.run("return document.getElementById('at').textContent") == f"{at + 1} of {len(hits)}"
        assert "olysilicon" in browser.run("return document.querySelector('#pin mark').textContent")
        seen.append(browser.run("return document.querySelector('#pin .text').textContent"))
    assert seen == [row["text"] for row in hits]
    browser.run("document.getElementById('previous').click()")
    assert browser.run("return document.querySelector('#pin .text').textContent") == hits[-2]["text"]


def test_broad_names_from_afar_and_the_themes_own_names_from_nearby(browser: Browser, many: Path) -> None:
    browser.open_map(many)
    settled(browser)
    afar = browser.run(NAMES)
    assert {name for name, broad, *_ in afar if broad} == {f"Region {i}" for i in range(6)}
    named = {name for name, broad, *_ in afar if not broad}
    x, y = browser.run("return document.getElementById('stage').mapPlace(arguments[0])", 27)
    theme = f"Theme of the kind {RunTables(many.parent).rows('paragraphs')[27]['theme']}"
    browser.run(
        "const c = document.querySelector('#stage canvas'), b = c.getBoundingClientRect();"
        "for (let i = 0; i < 6; i++) c.dispatchEvent(new WheelEvent('wheel', {ctrlKey: true, deltaY: -60,"
        "  clientX: b.x + arguments[0], clientY: b.y + arguments[1], cancelable: true}))",
        x,
        y,
    )
    settled(browser)
    near = browser.run(NAMES)
    assert not any(broad for _, broad, *_ in near) and theme in {name for name, *_ in near}
    assert {name for name, *_ in near} - named, "names that had no room before"
    assert {size for _, broad, *_, size in afar if not broad} == {size for *_, size in near}, "names keep their size"


@pytest.mark.parametrize("width", [1440, 390])
def test_names_lie_inside_the_map_and_none_over_another(browser: Browser, many: Path, width: int) -> None:
    browser.open_map(many, width)
    for _ in range(3):
        settled(browser)
        frame = browser.run(BOX, "stage")
        boxes = [(left, top, right, bottom) for _, _, left, top, right, bottom, _ in browser.run(NAMES)]
        assert boxes
        for at, (left, top, right, bottom) in enumerate(boxes):
            assert left >= frame[0] and top >= frame[1] and right <= frame[2] and bottom <= frame[3]
            for other in boxes[:at]:
                assert right <= other[0] or left >= other[2] or bottom <= other[1] or top >= other[3]
        browser.run(PRESS, "+")


def test_the_keyboard_reaches_a_paragraph_and_its_place(browser: Browser, page: Path) -> None:
    browser.open_map(page)
    browser.run("document.getElementById('stage').focus()")
    for key in ("ArrowRight", "ArrowUp", "Enter"):
        browser.run(PRESS, key)
    pinned = browser.run("return document.querySelector('#pin .text').textContent")
    assert browser.run("return document.activeElement.id") == "pin", "the card has the focus"
    link = browser.run("return document.querySelector('#pin a[href^=\"#p\"]').getAttribute('href')")
    browser.run("document.querySelector('#pin a[href^=\"#p\"]').click()")
    settled(browser, 200)
    assert browser.run(f"return document.querySelector('{link} .text').textContent") == pinned
    assert browser.run(f"return document.querySelector('{link} .text').checkVisibility()"), "its document was opened"
    browser.run("document.getElementById('pin').dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    assert browser.run("return document.getElementById('pin').hidden")
    assert browser.run("return document.activeElement.id") == "stage", "and gives it back"


def test_the_map_comes_closer_by_button_and_by_keyboard_and_still_knows_its_points(
    browser: Browser, page: Path
) -> None:
    browser.open_map(page)
    nearness = "return +document.getElementById('stage').dataset.zoom"
    browser.run("document.querySelector('.zoom button').click()")
    once = browser.run(nearness)
    assert once > 1
    browser.run("document.getElementById('stage').focus()")
    browser.run(PRESS, "+")
    assert browser.run(nearness) > once
    hover = (
        "const c = document.querySelector('#stage canvas'), b = c.getBoundingClientRect();"
        "for (let row = 0; row < 60; row++) {"
        "  const at = document.getElementById('stage').mapPlace(row);"
        "  if (!at || at[0] < 9 || at[1] < 9 || at[0] > b.width - 9 || at[1] > b.height - 9) continue;"
        "  const there = {clientX: b.x + at[0], clientY: b.y + at[1], pointerId: 1};"
        "  c.dispatchEvent(new PointerEvent('pointermove', there));"
        "  return !document.getElementById('tip').hidden;"
        "}"
    )
    assert browser.run(hover)
    browser.run(PRESS, "0")
    assert browser.run(nearness) == 1
    assert browser.logged() == []


def test_the_map_follows_a_change_to_dark(browser: Browser, page: Path) -> None:
    browser.open_map(page, prefers_color_scheme="light")
    settled(browser)
    corner = "return [...document.querySelector('#stage canvas').getContext('2d').getImageData(2, 2, 1, 1).data]"
    assert browser.run(corner) == [255, 255, 255, 255]
    browser.driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    )
    settled(browser)
    assert max(browser.run(corner)[:3]) < 60


def test_print_and_a_page_without_javascript_show_the_still_map(
    browser: Browser, plain_browser: Browser, page: Path
) -> None:
    browser.open_map(page)
    assert browser.run(STILL) == [False, False, True]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert browser.run(STILL) == [True, True, False]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    plain_browser.open(page)
    find = plain_browser.driver.find_element
    assert find("css selector", "#stage svg").is_displayed() and find("css selector", ".legend.still").is_displayed()


def test_words_of_a_large_run_are_unpacked_and_searched(browser: Browser, large: Path) -> None:
    assert large.stat().st_size < 2_000_000, "2,000 paragraphs in under 2 MB"
    browser.open_map(large, 768)
    browser.run(CHOOSE, "search", "item 58 of")
    assert re.match(r"34 of 1,938 ", browser.run("return document.getElementById('count').textContent"))
    assert browser.logged() == []


def test_without_words_the_map_still_tells_document_and_place(browser: Browser, tmp_path: Path) -> None:
    page = report(press_run(tmp_path / "run"), text="none")
    browser.open_map(page)
    rows = unique(page)
    browser.run(CHOOSE, "search", "photoresist")
    assert browser.run(SHOWN) == 0, "no word of the corpus is in the page"
    browser.run(CHOOSE, "search", "doc00004")
    assert browser.run(SHOWN) == sum(row["document_id"] == "doc00004.txt" for row in rows)
    browser.run("document.getElementById('next').click()")
    card = browser.run("return document.getElementById('pin').textContent")
    assert "doc00004.txt" in card and "paragraph 1" in card and "Theme: " in card
    assert not any(word in card for word in ("ministry", "photoresist", "foundries"))


@pytest.mark.slow
def test_a_hundred_thousand_points_move_within_fifty_milliseconds_a_frame(browser: Browser, tmp_path: Path) -> None:
    page = report(map_run(tmp_path / "run", copies=1772))
    assert page.stat().st_size < 3_200_000
    browser.open_map(page)
    settled(browser, 1500)
    assert browser.run("return document.getElementById('count').textContent") == "101,004 paragraphs."
    best = min(browser.wait(FRAMES)[6] for _ in range(4))
    assert best < 50, "the fastest tenth of the frames, since other work may hold the processor"
    lengths = browser.run(LEGEND)
    assert sum(int(count.replace(",", "")) for _, count in lengths) == 101_004
