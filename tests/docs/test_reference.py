"""The reference cannot lie: its names, tables and links are those of the code, of real runs and of the repository."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from kit.samples import small_run

import toolkit
from toolkit.files import yaml12
from toolkit.files.value import read_table
from toolkit.schemas import ASKED

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
DIRECTIVE = re.compile(r"^\s*\.\. (?:auto\w+|py:data|py:class):: ([\w.]+)", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```|^~~~.*?^~~~", re.DOTALL | re.MULTILINE)
TYPES = {"string": "text", "large_string": "text", "int32": "integer", "int64": "integer", "double": "number"}
PROMISED = ("search.search", "compare.compare", "sampling.sample", "experiment.Experiment", "cli.main")
"""Import paths that stay, besides the names of the package itself."""


@pytest.fixture(scope="module")
def documented() -> list[str]:
    """The names on the page of Python names."""
    return DIRECTIVE.findall((DOCS / "reference" / "python.md").read_text(encoding="utf-8"))


def used_by_tests() -> set[str]:
    """Names, not modules, that the tests take from the package itself: `toolkit.NAME` or `from toolkit import NAME`."""
    names: set[str] = set()
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("*.py"))]
    for text in texts:
        for node in ast.walk(ast.parse(text)) if re.search(r"import toolkit$|from toolkit import", text, re.M) else ():
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "toolkit":
                names.add(node.attr)
            elif isinstance(node, ast.ImportFrom) and node.module == "toolkit":
                names |= {alias.name for alias in node.names}
    modules = {path.stem for path in (ROOT / "toolkit").iterdir()} | {"__file__", "__path__", "__all__"}
    return names - modules


def test_public_names_are_those_of_dir_of_the_reference_and_of_the_tests(documented: list[str]) -> None:
    of_page = {name.removeprefix("toolkit.") for name in documented if name.count(".") == 1}
    assert set(toolkit.__all__) == set(dir(toolkit)) == of_page == used_by_tests()
    assert all(getattr(toolkit, name) is not None for name in toolkit.__all__)


def test_the_version_is_that_of_the_installed_package() -> None:
    assert toolkit.__version__ == version("thematic-toolkit")


def test_documented_paths_can_be_imported_and_the_promised_ones_are_documented(documented: list[str]) -> None:
    for name in documented:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(module), attribute), name
    assert [path for path in PROMISED if f"toolkit.{path}" not in documented] == []


def test_every_attribute_of_a_run_is_explained() -> None:
    page = (DOCS / "reference" / "python.md").read_text(encoding="utf-8")
    names = [name for name in dir(toolkit.Run) if not name.startswith("_")]
    assert len(names) > 20
    assert [name for name in names if not getattr(toolkit.Run, name).__doc__] == []
    assert [name for name in ("path", "manifest") if f".. py:attribute:: {name}" not in page] == []


@cache
def described() -> dict[str, Any]:
    tables: dict[str, Any] = yaml12.read(DOCS / "reference" / "tables.yaml").value
    return tables


def kind_of(column: pa.DataType) -> str:
    """The type of a column in the words of the reference."""
    if pa.types.is_list(column):
        return f"list of {kind_of(column.value_type)}"
    return TYPES.get(str(column), "boolean" if pa.types.is_boolean(column) else str(column))


def faults(name: str, columns: list[tuple[str, str | None]]) -> Iterator[str]:
    """Where the columns (name, type or null if unknown) of a real table are not those of the reference."""
    entry = described().get(name) or described().get(f"{name}?")
    if entry is None:
        yield f"{name}: not described"
        return
    table_columns = entry["columns"]
    of_run, types = [column for column, _ in columns], dict(columns)
    free = "*" in table_columns
    for column in of_run:
        kind = table_columns.get(column) or table_columns.get(f"{column}?")
        if kind is None and not free:
            yield f"{name}.{column}: not described"
        elif kind is not None and types[column] not in {None, kind[0]}:
            yield f"{name}.{column}: {types[column]}, described as {kind[0]}"
    must = [column for column in table_columns if not column.endswith("?") and column != "*"]
    if [column for column in of_run if column in must] != must:
        yield f"{name}: columns {of_run}, described as {must}"


def test_tables_of_a_real_run_are_described_column_by_column(tmp_path: Path) -> None:
    run = small_run(tmp_path)
    tables = {path.stem: read_table(path) for path in sorted((run.path / "tables").glob("*.parquet"))}
    assert {name for name in described() if not name.endswith("?")} <= tables.keys()
    lines = [
        line
        for name, schema in [*((name, table.schema) for name, table in tables.items()), ("asked", ASKED)]
        for line in faults(name, [(field.name, kind_of(field.type)) for field in schema])
    ]
    assert lines == []


@pytest.mark.parametrize("study", ["coded", "wording"])
def test_tables_of_the_golden_studies_are_described_too(study: str) -> None:
    for path in sorted((ROOT / "tests" / "golden" / "kept" / study / "tables").glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            columns = file.readline().strip().lstrip("\ufeff").split(",")
        assert list(faults(path.stem, [(column, None) for column in columns])) == []


def slug(heading: str) -> str:
    """The anchor of a heading as on a page of Markdown: lower case, no punctuation, hyphens for blanks."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    return {
        slug(line) for line in re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    }


def pages() -> list[Path]:
    """Every page of Markdown that a reader of the repository finds, but those of studies and of tests' data."""
    tops = [*ROOT.glob("*.md"), *(ROOT / "experiments").glob("*.md"), *DOCS.rglob("*.md")]
    return sorted(tops)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_of_every_page_leads_to_a_file_and_a_heading(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        path, _, place = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not place or place in anchors(target), link


def test_every_guide_and_explanation_is_in_the_navigation() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8").splitlines()
    inner = [path for folder in ("guides", "explanation", "reference") for path in (DOCS / folder).glob("*.md")]
    names = [path.relative_to(DOCS).with_suffix("").as_posix() for path in [*inner, *DOCS.glob("*.md")]]
    absent = [name for name in names if not any(line == name or line.endswith(f"<{name}>") for line in index)]
    assert absent == ["index"]


def checked(site: Path) -> subprocess.CompletedProcess[str]:
    """What `docs/links.py` says of a site."""
    line = [sys.executable, str(DOCS / "links.py"), str(site)]
    return subprocess.run(line, capture_output=True, text=True)


def test_a_site_with_a_dead_link_a_dead_anchor_or_a_foreign_script_fails(tmp_path: Path) -> None:
    site = tmp_path / "site"
    site.mkdir()
    other = site / "other.html"
    other.write_text("<h1 id='here'>Other</h1>", encoding="utf-8")
    good = "<a href='other.html#here'>a</a> <a href='https://example.org/'>b</a>"
    (site / "index.html").write_text(good, encoding="utf-8")
    assert checked(site).returncode == 0
    assert (tmp_path / "links.txt").read_text(encoding="utf-8") == "https://example.org/\n"
    bad = "<a href='gone.html'>a</a> <a href='other.html#gone'>b</a> <script src='https://example.org/a.js'></script>"
    (site / "index.html").write_text(bad, encoding="utf-8")
    done = checked(site)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "index.html: loads https://example.org/a.js from another host",
        "index.html: no such file: gone.html",
        "index.html: no such place: other.html#gone",
    ]
