"""The page to curate themes in a real browser, by keyboard: decide, undo, stop, go on, save, apply what was saved."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit.curating import Made, curated_run
from kit.press import HOSTILE

from browser.conftest import Browser
from browser.test_sheet_page import press, shown
from toolkit.curate import curate
from toolkit.decisions import Log, read_log
from toolkit.decisions.deciding import decide
from toolkit.runs import load_run

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return curated_run(tmp_path_factory.mktemp("curate") / "run")


@pytest.fixture
def page(made: Made, tmp_path: Path) -> Path:
    return curate(made.folder, tmp_path / "curate").page


@pytest.fixture
def clean(browser: Browser) -> Iterator[Browser]:
    yield browser
    browser.run("localStorage.clear()")


def names(browser: Browser) -> list[str]:
    """The themes in the list, as they are called."""
    script = "return [...document.querySelectorAll('#themes .title bdi')].map(one => one.textContent)"
    return list(browser.run(script))


def saved(browser: Browser, folder: Path) -> Path:
    """What the key s downloads."""
    folder.mkdir()
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    press(browser, "s")
    for _ in range(100):
        if (folder / "decisions.yaml").exists():
            return folder / "decisions.yaml"
        time.sleep(0.1)
    raise AssertionError("nothing was saved")


def outcomes(made: Made, log: Log) -> list[tuple[str, str]]:
    """What becomes of each line on the run itself: what is done, and the outcome."""
    rows = decide(log, made.discovery, made.texts, made.vectors, 1).outcomes.to_pylist()
    return [(row["do"], row["outcome"]) for row in rows]


def decided_by_keyboard(browser: Browser) -> None:
    """Rename (with a reason), merge, split, note, drop, undo, drop again and move: keys only."""
    from selenium.webdriver.common.keys import Keys

    press(browser, Keys.ENTER, "Harbours", Keys.ENTER, "y", 'says "it"', Keys.ENTER)
    press(browser, "m", "ferr", Keys.ENTER, Keys.ENTER)
    assert names(browser) == ["Harbours", "Schools", "Wind farms", "Hospitals", "No theme"]
    press(browser, Keys.ARROW_DOWN, "t", "n", "Lessons", Keys.ENTER, "Exams: 考试", Keys.ENTER)
    assert names(browser)[1:3] == ["Lessons", "Exams: 考试"]
    press(browser, "o", "Two: {things} # here", Keys.ENTER)
    press(browser, *[Keys.ARROW_DOWN] * 3, "d")
    assert "Hospitals" not in names(browser)
    press(browser, "u")
    assert names(browser)[-2:] == ["Hospitals", "No theme"] and shown(browser, "named") == "the machine's name"
    press(browser, "U")
    assert "Hospitals" not in names(browser)
    press(browser, *[Keys.ARROW_UP] * 2, "1", "wind", Keys.ENTER)


def test_themes_are_repaired_by_keyboard_and_the_saved_log_applies_line_by_line(
    clean: Browser, made: Made, page: Path, tmp_path: Path
) -> None:
    from selenium.webdriver.common.keys import Keys

    clean.open(page)
    press(clean, "Wei", Keys.ENTER)
    assert shown(clean, "suggestions") == "Merge Ports and quays + Ferriestogether 50%Split Schoolsapart 100%"
    decided_by_keyboard(clean)
    log = read_log(saved(clean, tmp_path / "saved"))
    assert [line.do for line in log.decisions] == [
        "rename", "merge", "split", "rename", "rename", "note", "drop", "move",
    ]  # fmt: skip
    assert {line.who for line in log.decisions} == {"Wei"} and log.decisions[0].why == 'says "it"'
    assert [line.to for line in log.decisions[:5]] == ["Harbours", "Harbours", None, "Lessons", "Exams: 考试"]
    assert log.decisions[5].text == "Two: {things} # here"
    assert log.themes == load_run(made.folder).log.themes
    assert outcomes(made, log) == [(line.do, "applied") for line in log.decisions]
    after = decide(log, made.discovery, made.texts, made.vectors, 1)
    sizes = {after.names.get(theme): int((after.discovery.assignment == theme).sum()) for theme in range(4)}
    assert sizes == {"Harbours": 17, None: 9, "Lessons": 6, "Exams: 考试": 3}
    assert "decisions: decisions.yaml" in shown(clean, "saving") and "8 decisions" in shown(clean, "saved")
    assert clean.logged() == [] and set(clean.requested()) <= {page.absolute().as_uri(), *_blobs(clean)}


def _blobs(browser: Browser) -> set[str]:
    return {url for url in browser.requested() if url.startswith("blob:")}


def test_decisions_survive_a_reload_and_can_still_be_undone(clean: Browser, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    clean.open(page)
    press(clean, "Wei", Keys.ENTER)
    decided_by_keyboard(clean)
    before = names(clean)
    clean.driver.refresh()
    assert "8 decisions" in shown(clean, "resume")
    press(clean, Keys.ENTER)
    assert names(clean) == before and shown(clean, "lines") == "8"
    press(clean, *["u"] * 5)
    assert names(clean) == ["Harbours", "Schools", "Wind farms", "Hospitals", "Ferries", "No theme"]
    press(clean, "u", "u")
    assert names(clean)[0] == "Ports and quays" and shown(clean, "said") == "Nothing to undo."


def test_a_saved_log_is_gone_on_with_and_one_of_another_run_is_refused(
    clean: Browser, page: Path, tmp_path: Path
) -> None:
    from selenium.webdriver.common.keys import Keys

    clean.open(page)
    press(clean, "Wei", Keys.ENTER)
    decided_by_keyboard(clean)
    file, before = saved(clean, tmp_path / "saved"), names(clean)
    clean.run("localStorage.clear()")
    other = tmp_path / "other.yaml"
    other.write_text(file.read_text(encoding="utf-8").replace("c0de", "beef"), encoding="utf-8")
    clean.open(page)
    clean.driver.find_element("id", "load").send_keys(str(other))
    wait_for(clean, "problem", "no log of this run")
    press(clean, "Bo")
    clean.driver.find_element("id", "load").send_keys(str(file))
    wait_for(clean, "said", "8 decisions loaded")
    assert names(clean) == before and shown(clean, "who") == "Bo"


def test_a_loaded_log_replaces_unsaved_decisions_only_when_it_is_chosen_twice(
    clean: Browser, page: Path, tmp_path: Path
) -> None:
    from selenium.webdriver.common.keys import Keys

    clean.open(page)
    press(clean, "Wei", Keys.ENTER)
    decided_by_keyboard(clean)
    file = saved(clean, tmp_path / "saved")
    clean.run("localStorage.clear()")
    clean.open(page)
    press(clean, "Bo", Keys.ENTER, Keys.ENTER, "Only Bo", Keys.ENTER)
    clean.driver.refresh()
    clean.driver.find_element("id", "load").send_keys(str(file))
    wait_for(clean, "problem", "are not saved yet")
    press(clean, Keys.ENTER)
    assert names(clean)[0] == "Only Bo" and shown(clean, "lines") == "1"
    clean.driver.refresh()
    for message, where in (("are not saved yet", "problem"), ("8 decisions loaded", "said")):
        clean.driver.find_element("id", "load").send_keys(str(file))
        wait_for(clean, where, message)


def wait_for(browser: Browser, name: str, text: str) -> None:
    for _ in range(50):
        if text in shown(browser, name):
            return
        time.sleep(0.1)
    raise AssertionError((name, shown(browser, name)))


def test_the_log_of_the_run_is_on_top_and_a_line_can_be_taken_back_with_what_rests_on_it(
    clean: Browser, tmp_path: Path
) -> None:
    from selenium.webdriver.common.keys import Keys

    made = curated_run(tmp_path / "run")
    run = load_run(made.folder)
    log = run.merge([1, 2], to="Lessons", who="Ann")
    log = run.rename("Lessons", "Learning", log=run.note(3, "Small.", log=log))
    log.save(made.folder / "decisions.yaml")
    clean.open(curate(made.folder, tmp_path / "curate").page)
    press(clean, "Wei", Keys.ENTER, "n", "Quays", Keys.ENTER, "l")
    rows = clean.driver.find_elements("css selector", "#log-lines li")
    assert [re.match("Merged|Named|Note on", row.text)[0] for row in rows] == ["Merged", "Note on", "Named", "Named"]
    rows[0].find_element("tag name", "button").send_keys(Keys.ENTER)
    text = shown(clean, "log-lines")
    assert "taken back: run again" in text and text.count("left out: it rests on a line that was taken back") == 1
    press(clean, Keys.ESCAPE)
    kept = read_log(saved(clean, tmp_path / "saved"))
    assert [(line.do, line.who) for line in kept.decisions] == [("note", "Ann"), ("rename", "Wei")]
    assert outcomes(made, kept) == [("note", "applied"), ("rename", "applied")]


@pytest.mark.parametrize(
    ("mode", "width"),
    [
        ("light", 390),
        pytest.param("dark", 1440, marks=pytest.mark.slow),
        pytest.param("light", 1440, marks=pytest.mark.slow),
        pytest.param("dark", 390, marks=pytest.mark.slow),
    ],
)
def test_the_page_is_accessible_and_fits_the_screen(clean: Browser, page: Path, width: int, mode: str) -> None:
    from selenium.webdriver.common.keys import Keys

    clean.open(page, width, prefers_color_scheme=mode)
    assert clean.violations() == []
    press(clean, "Wei", Keys.ENTER)
    for keys in (("n", "Quays", Keys.ENTER), ("g",), ("g",), ("t",), ("m",), (Keys.ESCAPE, "l"), (Keys.ESCAPE, "?")):
        press(clean, *keys)
        assert clean.violations() == [], keys
        assert clean.run("return document.documentElement.scrollWidth") <= width
    press(clean, Keys.ESCAPE, Keys.ESCAPE)  # to the list
    assert clean.violations() == []
    assert clean.run("return document.activeElement.closest('#side') !== null")


def test_what_has_the_focus_is_seen_and_what_happened_is_said(clean: Browser, page: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    clean.open(page)
    press(clean, "Wei", Keys.ENTER, Keys.TAB)
    style = "const one = document.activeElement, s = getComputedStyle(one); return [one.tagName, s.outlineStyle, "
    style += "s.outlineWidth]"
    assert clean.run(style) == ["TEXTAREA", "solid", "3px"]
    press(clean, Keys.ESCAPE, "n", "Schools", Keys.ENTER)
    assert "Another theme is called Schools already" in shown(clean, "said")
    assert clean.run("return document.getElementById('said').getAttribute('role')") == "status"


def test_an_older_run_says_that_suggestions_need_a_newer_one_and_works(clean: Browser, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    made = curated_run(tmp_path / "run", tables=False)
    done = curate(made.folder, tmp_path / "curate")
    assert len(done.notes) == 1 and "newer run" in done.notes[0]
    clean.open(done.page)
    press(clean, "Wei", Keys.ENTER, "t")
    assert "newer run" in shown(clean, "bounds") and "newer run" in shown(clean, "said")
    press(clean, "m", "ferr", Keys.ENTER, "Harbours", Keys.ENTER)
    log = read_log(saved(clean, tmp_path / "saved"))
    assert outcomes(made, log) == [("merge", "applied")] and clean.logged() == []


def test_hostile_text_neither_runs_nor_leaves_its_box(clean: Browser, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    labels = [text + str(row) for row, text in enumerate((*HOSTILE, "W" * 3_000))]
    made = curated_run(tmp_path / "run", extra=[*HOSTILE, "W" * 20_000], labels=labels)
    clean.open(curate(made.folder, tmp_path / "curate").page, 390)
    bad = "<img src=x onerror=window.pwned=1>"
    press(clean, bad, Keys.ENTER)
    for _ in range(5):
        assert clean.run("return document.documentElement.scrollWidth") <= 390
        press(clean, Keys.ARROW_DOWN)
    press(
        clean, *[Keys.ARROW_UP] * 5, "n", f"{bad}\" ' : - # {{7*7}} \\u0000", Keys.ENTER, "o", *HOSTILE[:2], Keys.ENTER
    )
    press(clean, "m", Keys.ENTER, Keys.ENTER, "l", Keys.ESCAPE, "1", Keys.ENTER)
    assert clean.run("return window.pwned === undefined && !document.querySelector('img')") and clean.logged() == []
    log = read_log(saved(clean, tmp_path / "saved"))
    assert log.decisions[0].to == f"{bad}\" ' : - # {{7*7}} \\u0000" and log.decisions[0].who == bad
    assert {outcome for _, outcome in outcomes(made, log)} == {"applied"}
    assert all(not url.startswith("http") for url in clean.requested())


def test_a_page_without_javascript_says_how_else_to_decide(plain_browser: Browser, page: Path) -> None:
    plain_browser.open(page)
    assert "run.rename" in plain_browser.driver.find_element("tag name", "noscript").text
