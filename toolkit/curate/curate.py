"""Writes the page to curate the themes of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from toolkit.curate.material import Material
from toolkit.curate.page import page
from toolkit.errors import StoreError
from toolkit.run_folder.config import read_config
from toolkit.run_folder.manifest import read_manifest
from toolkit.text.format import one_line

PAGE = "curate.html"


@dataclass(frozen=True)
class Curated:
    """What was written: the page, and how many themes, suggestions of the run's own evidence and decisions it shows."""

    page: Path
    themes: int
    notes: tuple[str, ...]


def curate(run: Path | str, out: Path | str | None = None) -> Curated:
    """Write curate.html into `out` (default: curate-RUN in the working folder).

    On the page a person names, merges, splits and drops the run's themes and moves paragraphs; it saves
    decisions.yaml, which `decisions:` of a config names. The run folder is not changed. The same run gives the same
    bytes.

    Raises:
        ConfigError: the run has no themes.
        StoreError: no finished run, texts cut out on export, or an `out` that holds something else.
    """
    place = Path(run)
    manifest = read_manifest(place)
    folder = Path(out) if out is not None else Path(f"curate-{place.resolve().name}")
    tree = Material(place).tree()
    _check_place(folder, tree["id"])
    name = one_line(str(manifest["experiment"]["name"]).replace("_", " ").replace("-", " "))
    text = page(name, one_line(read_config(place).get("question") or ""), tree)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PAGE).write_text(text, encoding="utf-8", newline="\n")
    except OSError as fault:
        what = fault.strerror or fault
        raise StoreError(f"{folder}: cannot be written: {what}; choose another folder with --out") from None
    return Curated(folder / PAGE, len(tree["themes"]), (tree["reason"],) if tree["reason"] else ())


def _check_place(folder: Path, name: str) -> None:
    """A new or empty folder, or one with a page on the same themes; logs saved beside it stay."""
    if folder.is_file():
        raise StoreError(f"{folder}: is a file; choose a folder with --out")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    known = folder / PAGE
    if not known.is_file() or f'"id":"{name}"' not in known.read_text(encoding="utf-8"):
        raise StoreError(f"{folder}: contains other files or a page on another run; choose a new folder with --out")
