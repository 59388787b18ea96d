"""What CONTRIBUTING.md says about a first change works: a component, and a cue of cleaning."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from kit.corpora import built
from kit.studies import write_study

import toolkit
from toolkit.corpus.cleaning.cue_files import FOLDER

HOME = Path(toolkit.__file__).parent
BLOCK = re.compile(r"`(toolkit/[\w/]+\.py)`:\n\n```python\n(.*?)```", re.DOTALL)
SCRIPT = """
import json, sys
from click.testing import CliRunner
import toolkit
from toolkit.cli import main
from toolkit.discover import Spectral

study, out = sys.argv[1:]
words = ["--set", "discover={method: spectral, themes: 4, refits: 3}"]
outputs = {}
for name, line in {
    "list": ["list", "clusterers"],
    "check": ["check", study, *words],
    "schema": ["schema"],
    "run": ["run", study, *words, "--out", out, "--quiet"],
}.items():
    done = CliRunner().invoke(main, line)
    outputs[name] = [done.exit_code, done.output, repr(done.exception)]
print(json.dumps([toolkit.__file__, outputs]))
"""


def recipe() -> tuple[str, str, str]:
    """The file that CONTRIBUTING.md names, its content, and the union with the new name."""
    text = (HOME.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    ((place, content), (union_place, union)) = BLOCK.findall(text)
    assert union_place == "toolkit/discover/__init__.py"
    return place, content, union


def follow(package: Path) -> None:
    """Do in a copy of the package what the recipe says: one file, one import, one name in the union."""
    place, content, union = recipe()
    (package.parent / place).write_text(content, encoding="utf-8")
    statement, _, assignment = union.partition("\n\n")
    init = package / "discover" / "__init__.py"
    before = init.read_text(encoding="utf-8")
    names = re.compile(r"^Clusterer = Annotated\[.*?\]$", re.DOTALL | re.MULTILINE)
    assert len(names.findall(before)) == 1
    after = names.sub(assignment.strip(), before).replace("\n\n__all__", f"\n{statement}\n\n__all__")
    old, new = (set(re.findall(r"\w+", names.findall(text)[0])) for text in (before, after))
    assert new - old == {"Spectral"} and not old - new, "the recipe's union has every other component"
    init.write_text(after, encoding="utf-8")


@pytest.mark.slow
def test_a_component_made_as_contributing_says_is_listed_checked_and_run(tmp_path: Path) -> None:
    if (HOME / "discover" / "spectral.py").exists():
        pytest.skip("somebody followed the recipe here")
    package = tmp_path / "code" / "toolkit"
    shutil.copytree(HOME, package, ignore=shutil.ignore_patterns("__pycache__"))
    follow(package)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(write_study(tmp_path / "study")), str(tmp_path / "run")],
        capture_output=True, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(package.parent), "TOOLKIT_STORE": str(tmp_path / "store")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    home, outputs = json.loads(done.stdout.splitlines()[-1])
    assert Path(home).parent == package
    assert {name: (code, fault) for name, (code, _, fault) in outputs.items()} == dict.fromkeys(outputs, (0, "None"))
    assert "Spectral clustering of the cosine graph" in outputs["list"][1]
    assert "discover  spectral, themes: 4" in outputs["check"][1] and "estimate  about" in outputs["check"][1]
    assert '"spectral"' in outputs["schema"][1]
    run = toolkit.load_run(tmp_path / "run")
    assert sorted(theme for theme in set(run.paragraphs["theme"]) if theme >= 0) == [0, 1, 2, 3]
    assert "spectral clustering" in (run.path / "report.html").read_text(encoding="utf-8")


def test_the_cue_is_new_and_separates_its_two_lines(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", (HOME.parent / "CONTRIBUTING.md").read_text("utf-8"), re.DOTALL)
    (cue,) = tomllib.loads(block)["rule"]["cue"]
    pattern = re.compile(cue["pattern"], re.IGNORECASE)
    assert pattern.search(cue["matches"]) and not pattern.search(cue["leaves"])
    assert all(hint in cue["matches"].lower() for hint in cue["hints"])
    if cue["name"] in (FOLDER / "rights.toml").read_text("utf-8"):
        pytest.skip("somebody followed the recipe here")
    article = "The harbour board began to dredge the north channel on Monday, and ferries will use the old pier."
    corpus = built(tmp_path, {"a.txt": f"{article}\n\n{article.replace('Monday', 'Friday')}\n\n{cue['matches']}\n"})
    assert any(text.endswith(cue["matches"]) for text in corpus.paragraphs["text"].to_pylist())
