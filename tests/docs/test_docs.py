"""The documentation cannot lie: pages made from the code are current, and what README and guides tell to type works."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from kit.commands import command
from kit.stated import docs_module

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"(<!-- set-up -->\n)?```(\w+)\n(.*?)```", re.DOTALL)
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
TUTORIAL = ROOT / "docs" / "tutorial.md"
EXPLANATION = sorted((ROOT / "docs" / "explanation").glob("*.md"))
SINGLE = [ROOT / "README.md", ROOT / "docs" / "README.md", ROOT / "docs" / "glossary.md", TUTORIAL]
PAGES = [*SINGLE, *EXPLANATION, *GUIDES]
LONG = ("runs/study", "configs/", "toolkit compare", "toolkit init")
"""A guide that says so works on the shipped study or runs many times: minutes, not seconds."""
QUICK = ("interviews",)
"""The guide that is played in the fast lane."""


def test_pages_made_from_the_code_are_up_to_date(root: Path) -> None:
    command = [sys.executable, str(root / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_of_the_program_is_documented(root: Path) -> None:
    from toolkit.cli import main

    page = (root / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"## toolkit {name}\n" not in page] == []


def test_every_guide_stands_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert GUIDES and [guide.name for guide in GUIDES if f"(guides/{guide.name})" not in index] == []
    others = ["tutorial.md", *(f"explanation/{page.name}" for page in EXPLANATION)]
    assert EXPLANATION and [page for page in others if f"({page})" not in index] == []


def test_methods_list_every_work_that_a_run_can_cite() -> None:
    from toolkit.report.references import WORKS

    page = " ".join((ROOT / "docs" / "explanation" / "methods.md").read_text(encoding="utf-8").split())
    assert [work.key for work in WORKS if f"- {' '.join(work.text.split())} " not in f"{page} "] == []


def test_the_glossary_is_in_order_and_explains_the_words_that_it_uses_itself() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    entries = [entry.lower() for entry in re.findall(r"^\*\*(.+?)\*\*", text, re.MULTILINE)]
    assert entries == sorted(entries)
    named = {name.strip().lower() for entry in entries for name in re.split(r"[,/(]", entry)}
    used = {name.lower() for name in re.findall(r"(?<!\*)\*([A-Za-z-]+)\*(?!\*)", text)} - {"italics", "you", "of"}
    assert {name for name in used if name not in named and name.removesuffix("s") not in named} <= {"found"}


def test_config_shown_in_guides_is_config_that_the_toolkit_takes(tmp_path: Path) -> None:
    from toolkit.experiment.experiment import Experiment
    from toolkit.files import yaml12

    known = set(Experiment.model_json_schema(by_alias=True)["properties"])
    for page in PAGES:
        for _, language, code in BLOCK.findall(page.read_text(encoding="utf-8")):
            if language == "yaml":
                (tmp_path / "block.yaml").write_text(code, encoding="utf-8")
                keys = set(yaml12.read(tmp_path / "block.yaml").value)
                assert keys <= known | {"themes", "extends"}, f"{page}: {keys - known}"


def plain_commands(block: str) -> list[list[str]]:
    """The words of each line of a shell block that needs no shell: every line is a `toolkit` command; else nothing."""
    lines = [shlex.split(line, comments=True) for line in block.replace("\\\n", " ").splitlines()]
    lines = [words for words in lines if words]
    if any(words[0] != "toolkit" or set("".join(words)) & set("$|&;<>*?`(){}~") for words in lines):
        return []
    return lines


def play(page: Path, folder: Path, apart: bool) -> int:
    """Run the blocks of a page in their order in a folder; how many ran.

    Apart, each block is a process of its own, as in a reader's shell; else only what needs a shell is.
    """
    ran = 0
    for set_up, language, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        if set_up or language not in {"sh", "python"}:
            continue
        lines = plain_commands(code) if language == "sh" else []
        if apart or (language == "sh" and not lines):
            run_apart(language, code, folder)
        elif language == "python":
            with contextlib.chdir(folder):
                exec(compile(code, page.name, "exec"), {"__name__": "__main__"})
        for words in [] if apart else lines:
            done = command(*words[1:], cwd=folder)
            assert done.returncode == 0, (words, done)
        ran += 1
    return ran


def run_apart(language: str, code: str, folder: Path) -> None:
    """Run a block in a process of its own, with the interpreter's folder first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    line = ["bash", "-euc", code] if language == "sh" else [sys.executable, "-c", code]
    done = subprocess.run(
        line, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": path}, timeout=600
    )
    assert done.returncode == 0, code + done.stdout + done.stderr


@pytest.fixture
def newcomer(root: Path, tmp_path: Path) -> Path:
    """A folder as a reader of the README has it: the project's configs and studies, own articles, an own codebook."""
    for name in ("configs", "experiments"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("benchmarks"))
    starter = root / "toolkit" / "experiment" / "starter_study"
    for name in ("my_articles", "articles"):
        shutil.copytree(starter / "texts", tmp_path / name)
    shutil.copy(starter / "codebook.yaml", tmp_path / "my_codebook.yaml")
    return tmp_path


@pytest.mark.parametrize("page", [*PAGES, TUTORIAL], ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_shown_exists_and_knows_its_options(page: Path) -> None:
    """The cheap guard of the slow tests that type what the pages show."""
    from toolkit.cli import main

    for _, language, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        for line in code.replace("\\\n", " ").splitlines() if language == "sh" else []:
            if line.startswith("toolkit "):
                words = shlex.split(line, comments=True)
                known = main.commands[words[1]]
                known.make_parser(click.Context(known)).parse_args(words[2:])


@pytest.mark.slow
@pytest.mark.parametrize("apart", [False, True])
def test_what_the_readme_tells_to_type_works_in_its_order(root: Path, newcomer: Path, apart: bool) -> None:
    assert play(root / "README.md", newcomer, apart) >= 3


@pytest.mark.slow
def test_the_tutorial_works_in_its_order_and_its_figures_are_those_of_its_runs(newcomer: Path) -> None:
    import toolkit

    shutil.copytree(ROOT / "docs" / "tutorial_answers", newcomer / "docs" / "tutorial_answers")
    assert play(TUTORIAL, newcomer, apart=True) == 11
    docs_module("stated")
    themes = toolkit.load_run(newcomer / "runs" / "tram").themes.set_index("theme")
    page, checker = TUTORIAL.read_text(encoding="utf-8"), docs_module("quoted")
    figures, faults = checker.quoted(page, "docs/tutorial.md", newcomer)
    assert sum(figure.number is not None for figure in figures) > 40
    assert [*faults, *checker.wrong(page, figures)] == []
    assert f'The third theme is called "{themes.label[2]}"' in page


def slow(guide: Path) -> bool:
    text = guide.read_text(encoding="utf-8")
    return any(name in text for name in LONG)


@pytest.mark.parametrize(
    "guide",
    [pytest.param(guide, marks=[] if guide.stem in QUICK else [pytest.mark.slow]) for guide in GUIDES],
    ids=lambda guide: guide.stem,
)
def test_what_a_guide_tells_to_type_works_in_its_order(root: Path, guide: Path, newcomer: Path) -> None:
    import toolkit
    from toolkit.commands.init import write_starter
    from toolkit.runtime.progress import QUIET

    if guide.stem != "own-corpus":
        write_starter(newcomer / "my_study")
    sidecar = root / "toolkit" / "experiment" / "starter_study" / "sources.csv"
    shutil.copy(sidecar, newcomer / "press_metadata.csv")
    text = guide.read_text(encoding="utf-8")
    if "runs/study" in text:
        toolkit.run(newcomer / "configs/future_industries.yaml", out=newcomer / "runs/study", progress=QUIET)
    if " runs/may" in text and "--out runs/may" not in text:
        toolkit.run(newcomer / "my_study/study.yaml", out=newcomer / "runs/may", progress=QUIET)
    assert play(guide, newcomer, apart=slow(guide)) >= 1
