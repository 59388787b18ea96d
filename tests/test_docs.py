"""The documentation cannot lie: pages made from the code are current, and what the README tells to type works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(r"(<!-- set-up -->\n)?```(\w+)\n(.*?)```", re.DOTALL)


def test_pages_made_from_the_code_are_up_to_date(root: Path) -> None:
    command = [sys.executable, str(root / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_of_the_program_is_documented(root: Path) -> None:
    from toolkit.cli import main

    page = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in main.commands if f"## toolkit {name}\n" not in page] == []


def test_every_link_of_the_readme_leads_somewhere(root: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (root / "README.md").read_text(encoding="utf-8"))
    assert links and [link for link in links if not (root / link).exists()] == []


@pytest.fixture
def newcomer(root: Path, tmp_path: Path) -> Path:
    """A folder as a reader of the README has it: the project's configs and studies, own articles, an own codebook."""
    for name in ("configs", "experiments"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("benchmarks"))
    shutil.copytree(root / "toolkit" / "starter_study" / "texts", tmp_path / "my_articles")
    shutil.copy(root / "toolkit" / "starter_study" / "codebook.yaml", tmp_path / "my_codebook.yaml")
    return tmp_path


def test_what_the_readme_tells_to_type_works_in_its_order(root: Path, newcomer: Path) -> None:
    blocks = BLOCK.findall((root / "README.md").read_text(encoding="utf-8"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = 0
    for set_up, language, code in blocks:
        if set_up or language not in {"sh", "python"}:
            continue
        command = ["bash", "-euc", code] if language == "sh" else [sys.executable, "-c", code]
        done = subprocess.run(
            command, cwd=newcomer, capture_output=True, text=True, env={**os.environ, "PATH": path}, timeout=600
        )
        assert done.returncode == 0, code + done.stderr
        ran += 1
    assert ran >= 3
