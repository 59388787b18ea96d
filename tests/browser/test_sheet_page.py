"""The coding sheet in a real browser, by keyboard: code, stop, go on, save, go on elsewhere, run with the answers."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kit.press import HOSTILE
from kit.press_runs import press_run
from kit.samples import again, small_run

import toolkit
from browser.conftest import Browser
from toolkit.coders import Choice, Item, Sheet, write_sheet
from toolkit.runs import Run

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return small_run(tmp_path_factory.mktemp("sheet"))


@pytest.fixture
def clean(browser: Browser) -> Iterator[Browser]:
    yield browser
    browser.run("localStorage.clear()")


def press(browser: Browser, *keys: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(browser.driver).send_keys(*keys).perform()


def shown(browser: Browser, name: str) -> str:
    return str(browser.run("return document.getElementById(arguments[0]).textContent", name))


def saved(browser: Browser, folder: Path, button: str) -> Path:
    """What the sheet's download gives."""
    before = set(folder.iterdir())
    browser.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    browser.run(
        "document.querySelectorAll('dialog[open]').forEach(d => d.close()); document.getElementById('to-save').click()"
    )
    browser.run("document.getElementById(arguments[0]).click()", button)
    for _ in range(100):
        paths = [path for path in folder.iterdir() if path not in before and path.suffix in (".csv", ".jsonl")]
        if paths:
            browser.run("document.getElementById('saving').close()")
            return paths[0]
        time.sleep(0.1)
    raise AssertionError("nothing was saved")


def test_coding_by_keyboard_survives_a_reload_and_its_answers_are_what_a_run_takes_in(
    clean: Browser, run: Run, tmp_path: Path
) -> None:
    from selenium.webdriver.common.keys import Keys

    folder = tmp_path / "coding"
    toolkit.sample(run, folder, n=12, seed=4)
    clean.open(folder / "sheet.html")
    press(clean, "Ann", Keys.ENTER)
    given: list[tuple[str, ...]] = [("1",), ("1", "2"), ("0",), ("3", "3", "2"), ("1", "n")]
    press(clean, *given[0], Keys.ENTER, *given[1], Keys.ARROW_RIGHT, *given[2], Keys.ENTER)
    assert shown(clean, "count") == "3 of 12 answered"
    clean.driver.refresh()
    assert "3 of 12" in shown(clean, "resume")
    press(clean, Keys.ENTER)
    assert shown(clean, "number") == "4 of 12"
    press(clean, *given[3], "m", 'a, memo; with "signs"', Keys.ESCAPE, "q", Keys.ENTER, *given[4], Keys.ENTER)
    press(clean, "2", "u", Keys.ENTER)  # undone: stays open
    assert shown(clean, "count") == "5 of 12 answered"
    assert clean.logged() == [] and set(clean.requested()) == {(folder / "sheet.html").absolute().as_uri()}
    answers = saved(clean, folder, "save-csv")
    with answers.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    order = json.loads((folder / "design.json").read_text())["paragraphs"]
    assert [(row["paragraph_id"], row["code"]) for row in rows] == list(
        zip([row["paragraph_id"] for row in order], ["ports", "ports;learning", "", "learning", ""], strict=False)
    )
    assert rows[3]["memo"] == 'a, memo; with "signs"' and rows[3]["unsure"] == "yes"
    lines = saved(clean, tmp_path, "save-jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == rows
    taken = again(run, tmp_path / "again", answers).table("human").to_pylist()
    assert {(row["paragraph_id"], row["code"], row["coder"]) for row in taken} == {
        (row["paragraph_id"], code or None, "Ann") for row in rows for code in row["code"].split(";")
    }


def test_a_saved_file_is_gone_on_with_on_another_machine(clean: Browser, run: Run, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    folder = tmp_path / "coding"
    toolkit.sample(run, folder, n=5)
    clean.open(folder / "sheet.html")
    press(clean, "Bo", Keys.ENTER, "1", Keys.ENTER, "0", Keys.ENTER)
    answers = saved(clean, folder, "save-csv")
    clean.run("localStorage.clear()")
    clean.open(folder / "sheet.html")
    assert shown(clean, "resume") == ""
    clean.driver.find_element("id", "load").send_keys(str(answers))
    for _ in range(50):
        if shown(clean, "who") == "Bo":
            break
        time.sleep(0.1)
    assert shown(clean, "count") == "2 of 5 answered" and shown(clean, "number") == "3 of 5"
    press(clean, "1", Keys.ENTER)
    assert shown(clean, "count") == "3 of 5 answered"


def test_two_coders_in_one_browser_do_not_see_each_others_answers(clean: Browser, run: Run, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    toolkit.sample(run, tmp_path / "coding", n=4)
    clean.open(tmp_path / "coding" / "sheet.html")
    press(clean, "Ann", Keys.ENTER, "1", Keys.ENTER)
    clean.driver.refresh()
    clean.run("document.getElementById('coder').value = ''")
    press(clean, "Bo", Keys.ENTER)
    assert shown(clean, "count") == "0 of 4 answered" and shown(clean, "number") == "1 of 4"


@pytest.mark.parametrize(
    ("mode", "width"),
    [
        ("light", 390),
        pytest.param("dark", 1440, marks=pytest.mark.slow),
        pytest.param("light", 1440, marks=pytest.mark.slow),
        pytest.param("dark", 390, marks=pytest.mark.slow),
    ],
)
def test_the_sheet_is_accessible_and_fits_the_screen(
    clean: Browser, run: Run, tmp_path: Path, width: int, mode: str
) -> None:
    from selenium.webdriver.common.keys import Keys

    for kind in ("codes", "documents"):
        toolkit.sample(run, tmp_path / kind, n=4, kind=kind, show=("title", "heading") if kind == "codes" else ())
        clean.open(tmp_path / kind / "sheet.html", width, prefers_color_scheme=mode)
        assert clean.violations() == []
        press(clean, "Ann", Keys.ENTER, "1")
        assert clean.violations() == [] and clean.run("return document.documentElement.scrollWidth") <= width
        press(clean, "?")
        assert clean.violations() == [] and clean.run("return document.getElementById('help').open")
        press(clean, Keys.ESCAPE)
        clean.run("document.getElementById('to-overview').click()")
        assert clean.violations() == []
        press(clean, Keys.ESCAPE, Keys.ENTER, Keys.ENTER, Keys.ENTER, Keys.ENTER, Keys.ENTER)
        assert "still open" in shown(clean, "done-h") and clean.violations() == []


def test_hostile_text_neither_runs_nor_leaves_its_box(clean: Browser, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    items = tuple(Item(f"<i>{row}.txt:1", text, (), (text,)) for row, text in enumerate((*HOSTILE, "W" * 20_000)))
    codes = tuple(Choice(f"c{row}", text, text, include=(text,), examples=(text,)) for row, text in enumerate(HOSTILE))
    write_sheet(Sheet("r-hostile", "codes", HOSTILE[0], HOSTILE[0], items, codes), tmp_path, "About.")
    clean.open(tmp_path / "sheet.html", 390)
    press(clean, "<img src=x onerror=window.pwned=1>", Keys.ENTER)
    for _ in items:
        assert clean.run("return document.documentElement.scrollWidth") <= 390
        press(clean, "1", "2", Keys.ENTER)
    assert clean.run("return window.pwned === undefined") and clean.logged() == []
    answers = saved(clean, tmp_path, "save-csv").read_text(encoding="utf-8-sig")
    assert "\u202e" not in answers and not [line for line in answers.splitlines() if line.startswith(("=", "+", "@"))]


def test_an_intrusion_sheet_is_answered_by_keyboard_and_scored(clean: Browser, run: Run, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    folder = tmp_path / "words"
    toolkit.sample(run, folder, n=6, kind="words")
    key = json.loads((folder / "key.json").read_text(encoding="utf-8"))
    clean.open(folder / "sheet.html")
    press(clean, "Ann", Keys.ENTER)
    for row in key["items"][:-1]:
        press(clean, str(row["intruder"] + 1), Keys.ENTER)
    press(clean, "0", Keys.ENTER)
    assert shown(clean, "done-h").startswith("All done")
    clean.run("document.getElementById('done-save').click()")
    answers = saved(clean, folder, "save-csv")
    scores = toolkit.evaluate(run, answers).scores
    assert scores["intrusion.word"].n == 6 and scores["intrusion.word"].value == pytest.approx(5 / 6)
    assert scores["intrusion.word.baseline"].value == pytest.approx(1 / 6)


def test_a_sheet_without_javascript_says_where_the_table_is(plain_browser: Browser, tmp_path: Path) -> None:
    folder = press_run(tmp_path / "run")
    toolkit.sample(folder, tmp_path / "coding", n=3)
    plain_browser.open(tmp_path / "coding" / "sheet.html")
    assert "sheet.csv" in plain_browser.driver.find_element("tag name", "noscript").text
