"""Citation, changelog and package state the same release."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import yaml

import toolkit

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = {"cff-version", "message", "title", "authors"}
ALLOWED = REQUIRED | {
    "abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license", "license-url",
    "preferred-citation", "references", "repository", "repository-artifact", "repository-code", "type", "url",
    "version",
}  # fmt: skip
"""Keys of the Citation File Format 1.2.0."""
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_citation_has_the_keys_of_its_format() -> None:
    assert REQUIRED <= CITATION.keys() <= ALLOWED
    assert CITATION["cff-version"] == "1.2.0" and CITATION["type"] == "software"
    assert all("name" in author or "family-names" in author for author in CITATION["authors"])
    assert all(isinstance(keyword, str) for keyword in CITATION["keywords"])


def test_citation_changelog_and_package_name_the_same_version_date_and_licence() -> None:
    newest, day = re.findall(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", CHANGELOG, re.MULTILINE)[0]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert newest == CITATION["version"] == project["version"] == toolkit.__version__
    assert date.fromisoformat(day) == CITATION["date-released"]
    assert CITATION["license"] == project["license"]
