"""What a newcomer types wrong is answered in one line: what is wrong, where, what is nearest and what to type."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from kit.commands import command
from kit.press_runs import press_run

from toolkit.files.nearest_file import nearest_file

FILES = {
    "study.yaml": "name: x\ncorpus: {path: articles}\n",
    "articles/may.txt": "One paragraph.\n",
    "table.csv": "id,text\n1,hello\n",
    "book.yaml": "name: x\ncorpus: {path: articles}\ncodebook: {path: codeboook.yaml}\n",
    "codebook.yaml": "themes: []\n",
    "place.yaml": "name: x\ncorpus: {path: artcles}\n",
    "child.yaml": "extends: stduy.yaml\n",
    "colon.yaml": "name: x\nquestion: Who: the state?\ncorpus: {path: articles}\n",
    "tab.yaml": "name: x\ncorpus:\n\tpath: articles\n",
    "blanks.yaml": "name: my great study\ncorpus: {path: articles}\n",
    "year.yaml": "name: 2024\ncorpus: {path: articles}\n",
    "bare.yaml": "name: x\n",
    "nameless.yaml": "corpus: {path: articles}\n",
    "flat.yaml": "name: x\ncorpus: articles\n",
    "empty.yaml": "",
    "tight.yaml": "name:x\ncorpus: {path: articles}\n",
    "quote.yaml": "name: 'x\ncorpus: {path: articles}\n",
    "at.yaml": "name: x\nquestion: @who\ncorpus: {path: articles}\n",
    "slash.yaml": 'name: x\ncorpus: {path: "C:\\Users\\new"}\n',
    "steps.yaml": "name: x\ncorpus:\n path: articles\n  kind: auto\n",
}
WRONG = {
    "run stdy.yaml": "stdy.yaml: no such file (did you mean 'study.yaml'?)",
    "run study.yml": "(did you mean 'study.yaml'?)",
    "check study": "(did you mean 'study.yaml'?)",
    "run artikles/study.yaml": "(did you mean 'articles/study.yaml'?)",
    "run zzz/study.yaml": "(there is no folder 'zzz')",
    "run articles": "write one line into study.yaml: {name: my_study, corpus: {path: articles}}",
    "run .": "is a folder, and a config is a file; did you mean study.yaml",
    "check table.csv": "is a document or table, not a config",
    "run run1": "is a finished run, not a config; toolkit report run1",
    "run run1/report.html": "is a page, not a config; toolkit report run1",
    "run book.yaml": "book.yaml:3:12: codebook.path: {home}/codeboook.yaml: no such file (did you mean",
    "run place.yaml": "(did you mean '{home}/articles'?)",
    "run child.yaml": "child.yaml:1:1: extends: no such file: stduy.yaml (did you mean 'study.yaml'?)",
    "run study.yaml --corpus artcles": "(did you mean '{home}/articles'?)",
    "run study.yaml --corpus ''": "'--corpus': is empty",
    "run study.yaml --set seed 4": "--set 'seed': expected KEY=VALUE, such as --set discover.themes=12",
    "run study.yaml --set 'seed: 4'": "expected KEY=VALUE",
    "run colon.yaml": "colon.yaml:2:14: not valid YAML: mapping values are not allowed here; a text with a colon needs "
    "quotes: question: 'Who: the state?'",
    "run tab.yaml": "tab.yaml:3:1: not valid YAML: found character '\\t' that cannot start any token; indent by blanks",
    "run blanks.yaml": "name: may have letters, digits, dots, hyphens and underscores, no blanks, at most 80 "
    "(such as 'my_great_study'), got 'my great study'",
    "run year.yaml": "name: expected a string, got 2024; write it in quotes: '2024'",
    "run bare.yaml": "corpus: is required, such as corpus: {path: my_articles}",
    "run nameless.yaml --corpus articles": "nameless.yaml:1:1: name: is required, such as name: my_study or "
    "--set name=my_study",
    "check study.yaml --set codebook=none": "expected a mapping of keys, got 'none'; null for no codebook",
    "check study.yaml --set discover.theme=3": "toolkit: --set discover.theme: unknown key (did you mean 'themes'?)",
    "run flat.yaml": "corpus: expected a mapping of keys, such as corpus: {path: my_articles}, got 'articles'",
    "run empty.yaml": "toolkit init writes one to start from",
    "run tight.yaml": "a blank is missing after the colon in the line before: name: x",
    "run quote.yaml": "a quote or bracket that opens in line 1 is never closed",
    "run at.yaml": "needs quotes around it",
    "run slash.yaml": "backslashes need single quotes",
    "run steps.yaml": "keys of one block begin in the same column",
    "run": "run: Missing argument 'CONFIG'; for example: toolkit run ",
    "run study.yaml more": "run: unexpected word 'more'; other documents are given with --corpus",
    "run study.yaml --opne": "no option '--opne' (did you mean '--open'?)",
    "run study.yaml --overwrite": "(did you mean '--replace'?)",
    "check study.yaml --codebook new.yaml": "check: no option '--codebook' (did you mean '--set codebook.path=FILE'?)",
    "cache --clear": "cache: no option '--clear' (did you mean '--prune'?)",
    "cache clear": "unexpected word 'clear' (did you mean '--prune'?)",
    "schema --nothing": "schema: no option '--nothing'",
    "search nope harbour": "nope: no such run folder; there is run1",
    "search rum1 harbour": "rum1: no such run folder (did you mean 'run1'?)",
    "search run1 who pays": "unexpected word 'pays'; put words with blanks between them in quotes",
    "search study.yaml harbour": "is a config; toolkit run study.yaml makes a run folder",
    "verify run1/report.html": "is a file of a run; give the run folder, run1",
    "verify table.csv": "is a file; toolkit run CONFIG makes a run folder",
    "report articles": "no manifest.json, so this is no finished run folder; toolkit run CONFIG makes one",
    "report run1 --format doc": "--format doc: no such format; there are html, md, pdf; ",
    "report run1 --format htm": "(did you mean 'html'?)",
    "report run1 --format ,": "--format: name at least one of html, md, pdf",
    "report run1 --figure mapp --out x.svg": "(did you mean 'map'?)",
    "report run1 --text snipet": "(did you mean 'snippet'?)",
    "export run1 --to pdf --out x": "toolkit report RUN --format writes html, md and pdf",
    "export run1 --to csv": "export: Missing option '--out'; for example: toolkit export",
    "export run1 --to word --out x.docx": "--to word: no such format (did you mean 'docx'?)",
    "export run1 --to docx,csv --out x.docx": "--out x.docx: for several formats it is a folder, such as x",
    "--verison": "no option '--verison' (did you mean '--version'?)",
    "--corpus texts": "no option '--corpus'; there are the commands init, check, run, ",
    "list embeder": "(did you mean 'embedders'?)",
    "compare run1 run1 --open": "--open opens the page of --html; give both",
    "sample run1 --n 0 --out x": "n: must be greater than or equal to 1",
    "rnu study.yaml": "no command 'rnu' (did you mean 'run'?)",
    "serve": "no command 'serve'; there are init, check, run, ",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wrong")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    press_run(folder / "run1")
    (folder / "run1" / "report.html").write_text("<!doctype html>", encoding="utf-8")
    return folder


@pytest.mark.parametrize("typed", WRONG)
def test_a_wrong_command_ends_with_2_and_one_line_that_says_what_to_type(home: Path, typed: str) -> None:
    before = sorted(home.rglob("*"))
    done = command(*shlex.split(typed), cwd=home)
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, "", 1), done.stderr
    assert lines[0].startswith("toolkit: ") and WRONG[typed].replace("{home}", str(home)) in lines[0]
    assert sorted(home.rglob("*")) == before


def test_the_nearest_name_has_the_same_stem_and_case_does_not_count(tmp_path: Path) -> None:
    for name in ("may.yaml", "my_may", "texts"):
        (tmp_path / name).mkdir()
    assert nearest_file(tmp_path / "MAY") == f" (did you mean {str(tmp_path / 'may.yaml')!r}?)"
    assert nearest_file(tmp_path / "Txts" / "a.txt") == f" (did you mean {str(tmp_path / 'texts' / 'a.txt')!r}?)"
    assert nearest_file(tmp_path / "zebra") == ""
