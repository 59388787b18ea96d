"""Paths and modules that documentation, notebooks, docstrings and comments name are there."""

from __future__ import annotations

import importlib
import io
import json
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {path.parent.name for path in (ROOT / "toolkit").glob("*/__init__.py")}
FOLDERS = ("configs", "docs", "experiments", "notebooks", "tests", "toolkit")
A_PATH = re.compile(rf"(?<![\w./-])(?:{'|'.join(FOLDERS)})/[\w./*{{}},-]*")
IN_A_ROOM = re.compile(rf"`((?:{'|'.join(sorted(ROOMS))})/[\w./-]+\.(?:py|json|txt|npy|j2|typ|css|js))`")
A_MODULE = re.compile(r"(?<![\w./-])toolkit(?:\.[A-Za-z_]\w*)+(?![\w/-])")
A_FILE_OF_CODE = re.compile(r"`(\w+\.py)`")
PLACEHOLDER = re.compile(r"\b[A-Z]{3,}\b|\{.*\}")
TO_BE_MADE = {
    "toolkit/discover/spectral.py": "the component that CONTRIBUTING.md has the reader write",
    "toolkit.discover.spectral": "the same",
    "tests/mutants/reasons.yaml": "written when a mutant survives with a reason",
    "toolkit/*.toml": "a pattern of the spelling checker, which also matches in packages",
    "toolkit/*.txt": "the same",
    "docs/index": "the name of the site's first page, without its ending",
    "toolkit.package": "made by a test, or a name that a test wants refused",
    "toolkit.x": "the same",
    "toolkit.NAME": "the same",
    "toolkit.discover.stability.FRAGIL": "the same",
}
A_RECORD = {"experiments/LOG.md"}
"""Names files as they were called on the day of an entry."""


def pages() -> list[Path]:
    """Everything that is written for readers, and all code."""
    tops = [*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml"]
    inside = [
        path for folder in FOLDERS for kind in ("md", "ipynb", "py") for path in (ROOT / folder).rglob(f"*.{kind}")
    ]
    left_out = ("tests/data", "tests/golden/kept", "experiments/future_industries/corpus", ".ipynb_checkpoints")
    names = {path: path.relative_to(ROOT).as_posix() for path in [*tops, *inside]}
    return sorted(path for path, name in names.items() if not any(part in name for part in left_out))


def texts(page: Path) -> str:
    """What a person reads: the whole page; cells of a notebook; strings and comments of a module."""
    content = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        return "\n".join("".join(cell["source"]) for cell in json.loads(content)["cells"])
    if page.suffix == ".py":
        kinds = {"COMMENT", "STRING", "FSTRING_MIDDLE"}
        tokens = tokenize.generate_tokens(io.StringIO(content).readline)
        return "\n".join(token.string for token in tokens if tokenize.tok_name[token.type] in kinds)
    return content


def is_there(page: Path, path: str) -> bool:
    plain = path.rstrip(".,/")
    return any(match for place in (ROOT, ROOT / "toolkit", page.parent) for match in place.glob(plain))


@cache
def is_module(name: str) -> bool:
    """Whether a dotted name is a module or package, or something that one contains."""
    parts = name.split(".")
    for above in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:above]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[above:]:
            fields = getattr(value, "model_fields", {})  # of settings, which are no attributes of their class
            value = fields[attribute] if attribute in fields else getattr(value, attribute, None)
        return value is not None
    return False


@cache
def modules() -> frozenset[str]:
    return frozenset(path.name for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def missing(page: Path) -> Iterator[str]:
    text = texts(page)
    name = page.relative_to(ROOT).as_posix()
    paths = {match.group() for match in A_PATH.finditer(text)}
    if name not in A_RECORD:
        paths |= {match.group(1) for match in IN_A_ROOM.finditer(text)}
    for path in sorted(paths):
        if not PLACEHOLDER.search(path) and path not in TO_BE_MADE and not is_there(page, path):
            yield path
    for module in sorted({match.group() for match in A_MODULE.finditer(text)}):
        if not module.endswith((".json", ".yaml", ".zip")) and module not in TO_BE_MADE and not is_module(module):
            yield module
    if name not in A_RECORD:
        yield from sorted(set(A_FILE_OF_CODE.findall(text)) - modules())


def test_every_path_and_module_that_a_text_names_exists() -> None:
    lost = [f"{page.relative_to(ROOT)}: {name}" for page in pages() for name in missing(page)]
    assert lost == []
