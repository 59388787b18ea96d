"""A coding sheet that a machine answers says so in its file, and the run counts it as one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from kit.samples import again, small_run

import toolkit
from browser.conftest import Browser
from browser.test_sheet_page import press, saved

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_answers_say_whether_a_person_or_a_machine_gave_them(browser: Browser, tmp_path: Path) -> None:
    from selenium.webdriver.common.keys import Keys

    run = small_run(tmp_path / "study")
    folder = tmp_path / "coding"
    toolkit.sample(run, folder, n=4)
    browser.open(folder / "sheet.html")
    browser.run("document.getElementById('kind').value = 'machine'")
    press(browser, "gpt-x", Keys.ENTER, "1", Keys.ENTER, "2", Keys.ENTER)
    browser.driver.refresh()
    press(browser, Keys.ENTER, "0", Keys.ENTER)  # goes on as what it was
    answers = saved(browser, folder, "save-csv")
    browser.run("localStorage.clear()")
    with answers.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["coder"], row["kind"]) for row in rows] == [("gpt-x", "machine")] * 3
    kinds = set(again(run, tmp_path / "again", answers).table("human")["kind"].to_pylist())
    assert kinds == {"machine"}
    browser.open(folder / "sheet.html")
    press(browser, "Ann", Keys.ENTER, "1", Keys.ENTER)
    with saved(browser, tmp_path, "save-csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["kind"] for row in csv.DictReader(stream)} == {"person"}
    browser.run("localStorage.clear()")
