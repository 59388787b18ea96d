"""The first steps: the page's address, `--open`, and what the Tab key offers in a shell and in Python."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import webbrowser
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from kit.commands import command
from kit.press_runs import press_run
from kit.studies import write_study

import toolkit
from toolkit.cli import main
from toolkit.cli.console import page_lines


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    write_study(folder / "study")
    press_run(folder / "runs" / "may")
    return folder


def offered(home: Path, *words: str) -> list[str]:
    """What a shell offers after `toolkit WORDS`, of which the last one is being typed."""
    with contextlib.chdir(home):
        shell = ShellComplete(main, {}, "toolkit", "_TOOLKIT_COMPLETE")
        return [item.value for item in shell.get_completions(list(words[:-1]), words[-1])]


def test_where_no_browser_can_be_opened_a_line_says_so_and_names_the_address(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    done = command("report", "runs/may", "--open", cwd=home)
    address = (home / "runs" / "may" / "report.html").as_uri()
    assert (done.returncode, done.stdout) == (0, "runs/may/report.html\n")
    assert done.stderr.splitlines() == [
        f"page: {address}",
        f"no browser can be opened here; open {address} yourself",
    ]
    assert "has no page" in command("report", "runs/may", "--format", "md", "--open", cwd=home).stderr


def test_open_hands_the_address_to_the_browser_that_the_user_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, page = tmp_path / "browser", tmp_path / "a page.html"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/opened"\n')
    program.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(program))
    monkeypatch.setattr(webbrowser, "_tryorder", None)  # read once a process
    page_lines(page, is_open=True, quiet=True)
    assert (tmp_path / "opened").read_text() == page.as_uri() and capsys.readouterr().err == ""


def test_the_tab_key_offers_configs_runs_kinds_figures_and_formats(home: Path) -> None:
    assert offered(home, "run", "") == ["study/study.yaml"] == offered(home, "check", "study/s")
    assert offered(home, "report", "") == offered(home, "compare", "runs/may", "ru") == ["runs/may"]
    assert offered(home, "list", "e") == ["embedders"]
    assert "map" in offered(home, "report", "runs/may", "--figure", "m")
    assert offered(home, "report", "runs/may", "--format", "html,") == ["html,md", "html,pdf"]
    assert "zip" in offered(home, "export", "runs/may", "--to", "")
    assert offered(home, "run", "study/study.yaml", "--op") == ["--open"]


def test_dir_of_the_package_and_of_a_run_is_their_public_face(home: Path) -> None:
    assert dir(toolkit) == sorted(toolkit.__all__) and {"run", "load_run", "Run", "assign"} <= set(dir(toolkit))
    names = dir(toolkit.load_run(home / "runs" / "may"))
    assert {"themes", "paragraphs", "figure", "show", "metrics", "log", "path"} <= set(names)
    assert [name for name in names if name.startswith("_")] == []
    code = "import sys, toolkit; dir(toolkit); print([m for m in ('numpy', 'pandas', 'click') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
