"""Exports a run for an archive (zip), for a spreadsheet (xlsx, csv), for a paper (docx, latex), or for BERTopic."""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigError, StoreError, nearest
from toolkit.experiment.experiment import report_settings
from toolkit.experiment.paths import INPUTS
from toolkit.export.bertopic import write_bertopic
from toolkit.export.redact import ShownTables, TextRights, copy_run, stricter
from toolkit.export.rocrate import crate
from toolkit.files.csv import write_csv
from toolkit.files.json import json_text
from toolkit.files.packed import EPOCH
from toolkit.run_folder.config import read_config
from toolkit.run_folder.manifest import MANIFEST, folder_files, text_left
from toolkit.run_folder.reader import RunTables
from toolkit.runs import Run, load_run, require_own_themes

FORMATS = ("zip", "bertopic", "csv", "xlsx", "docx", "latex")
ENDINGS = {"xlsx": (".xlsx",), "docx": (".docx",), "latex": ("", ".zip")}
"""Format -> the endings that its file may have; a name without an ending is a folder."""
FILE_ENDINGS = (".zip", ".csv", ".xlsx", ".docx", ".tex")
MEANT = {"word": "docx", "doc": "docx", "excel": "xlsx", "xls": "xlsx", "tex": "latex", "ro-crate": "zip"}
"""Other names of formats -> those here."""
RIGHTS = {
    "full": "The tables and reports contain the full text of the corpus: share this only if its texts may be shared.",
    "snippet": "Of the corpus at most 30 words a paragraph or quote are shown; sources/ was left out.",
    "none": "No text of the corpus is shown: texts, quotes and titles were taken out of tables and reports. Keywords "
    "of themes and embeddings stay, and embeddings can reveal something about the text that they were made from.",
}


def silent(line: str) -> None:
    """Print nothing."""


def export(
    path: Path | str,
    formats: Sequence[str],
    out: Path | str,
    text: TextRights = "full",
    say: Callable[[str], None] = silent,
) -> tuple[Path, ...]:
    """Write a run as `zip`, `csv`, `bertopic`, `xlsx`, `docx` or `latex`; the paths written.

    With one format `out` is the file or folder to write; with several it is a folder that contains NAME.zip, NAME.xlsx,
    NAME.docx, csv/, bertopic/ and latex/. `latex` is a folder, or a zip if `out` ends in .zip. Nothing that exists is
    overwritten. The same run gives the same bytes. `say` is called with a line for whatever has to be left out.

    Raises:
        StoreError: no finished run there, `out` exists, or it cannot be written.
        ConfigError: an unknown format; an ending of another format; a run without themes as bertopic; a folder of
            `toolkit assign`, which has no report, as docx.
    """
    run = load_run(path)
    for name in formats:
        if name not in FORMATS:
            report = "; toolkit report RUN --format writes html, md and pdf" if name in ("html", "md", "pdf") else ""
            raise ConfigError([f"--to {name}: no such format{_near(name)}; there are {', '.join(FORMATS)}{report}"])
    if not formats:
        raise ConfigError([f"--to: name at least one of {', '.join(FORMATS)}"])
    wanted = tuple(dict.fromkeys(formats))
    title = str(run.manifest["experiment"]["name"])
    names = {name: f"{title}.{name}" if name in ("zip", "xlsx", "docx") else name for name in FORMATS}
    places = {name: Path(out) if len(wanted) == 1 else Path(out) / names[name] for name in wanted}
    for place in (Path(out), *places.values()):
        if place.exists() and not (place.is_dir() and not any(place.iterdir())):
            raise StoreError(f"{place}: exists already; choose another --out")
    _require_endings(Path(out), places)
    for name, place in places.items():
        with _beside(place) as aside:
            _write(run, name, aside, text, say, packed=place.suffix.lower() == ".zip")
    return tuple(places.values())


def _near(name: str) -> str:
    meant = MEANT.get(name.lower())
    return f" (did you mean {meant!r}?)" if meant else nearest(name, FORMATS)


def _require_endings(out: Path, places: Mapping[str, Path]) -> None:
    """Raise ConfigError if a name ends like a file of another format, or like a file if a folder is written."""
    if len(places) > 1 and out.suffix.lower() in FILE_ENDINGS:
        raise ConfigError([f"--out {out}: for several formats it is a folder, such as {out.with_suffix('')}"])
    for name, place in places.items():
        _require_ending(name, place)


def _require_ending(name: str, place: Path) -> None:
    endings = ENDINGS.get(name, (place.suffix.lower(),))
    if place.suffix.lower() not in endings:
        allowed = " or ".join(ending or "nothing (a folder)" for ending in endings)
        raise ConfigError([f"--out {place}: a name for --to {name} ends in {allowed}"])


def _write(run: Run, name: str, place: Path, text: TextRights, say: Callable[[str], None], packed: bool) -> None:
    """Write a run in one format; LaTeX as a zip if `packed`."""
    match name:
        case "zip":
            _write_zip(run, place, text)
        case "csv":
            _write_csv(run, place, text)
        case "bertopic":
            write_bertopic(run, place)
        case "xlsx":
            from toolkit.export.workbook import write_workbook

            tables = ShownTables(run.path, text)
            write_workbook(tables, place, tables.text)
        case "docx":
            _write_docx(run, place, text, say)
        case _:
            _write_latex(run, place, text, say, packed)


def _write_docx(run: Run, place: Path, text: TextRights, say: Callable[[str], None]) -> None:
    """The report as a Word document, with no more text than the report itself shows."""
    from toolkit.figures.raster import can_render
    from toolkit.report.content import build
    from toolkit.report.docx import WITHOUT, write_docx
    from toolkit.report.forms import full, short
    from toolkit.report.sections import report

    require_own_themes(run, "it has no report to export as docx; xlsx and csv have its tables")
    settings = report_settings(run.path, {}, "toolkit export")
    shown = stricter(settings.text, text, text_left(run.manifest))
    settings = settings.model_copy(update={"text": shown})
    if not can_render():
        say(WITHOUT)
    tree = report(build(RunTables(run.path), settings))
    write_docx(full(tree) if settings.full else short(tree), place)


def _write_latex(run: Run, place: Path, text: TextRights, say: Callable[[str], None], packed: bool) -> None:
    from toolkit.export.latex import write_latex

    tables = ShownTables(run.path, text)
    if not packed:
        write_latex(tables, place, say)
        return
    with tempfile.TemporaryDirectory(prefix="toolkit-export-") as aside:
        write_latex(tables, Path(aside) / "latex", say)
        _zip(Path(aside) / "latex", place, "latex")


@contextmanager
def _beside(place: Path) -> Iterator[Path]:
    """A path beside `place` to write to; renamed into place at the end, removed if that is not reached."""
    aside = place.absolute().parent / f".{place.name}.writing-{os.getpid()}"
    try:
        aside.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        if place.is_dir():
            place.rmdir()
        aside.rename(place)
    except OSError as fault:
        raise StoreError(f"{place}: cannot be written: {fault.strerror or fault}") from None
    finally:
        if aside.is_dir():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.unlink(missing_ok=True)


def _write_csv(run: Run, folder: Path, text: TextRights) -> None:
    """Every table as CSV with a byte order mark, so that Excel reads it as UTF-8."""
    folder.mkdir()
    with tempfile.TemporaryDirectory(prefix="toolkit-export-") as aside:
        copy = copy_run(run, Path(aside) / "run", text)
        for table in sorted((copy / "tables").glob("*.parquet")):
            write_csv(Run(copy).table(table.stem), folder / f"{table.stem}.csv", encoding="utf-8-sig")


def _write_zip(run: Run, place: Path, text: TextRights) -> None:
    with tempfile.TemporaryDirectory(prefix="toolkit-export-") as aside:
        top = Path(aside) / "crate"
        copy = copy_run(run, top / "run", text)
        again = load_run(copy)
        about = _about(again, text)
        (top / "constraints.txt").write_text(constraints(run.manifest), encoding="utf-8", newline="\n")
        (top / "README.md").write_text(_readme(again, about), encoding="utf-8", newline="\n")
        sizes = {path.relative_to(top).as_posix(): path.stat().st_size for path in top.rglob("*") if path.is_file()}
        hashes = folder_files(top)
        metadata = crate(again.manifest, sizes, hashes, about)
        (top / "ro-crate-metadata.json").write_text(json_text(metadata), encoding="utf-8", newline="\n")
        _zip(top, place, str(run.manifest["experiment"]["name"]))


def _zip(top: Path, place: Path, title: str) -> None:
    """A folder as a zip: sorted, with fixed times and modes."""
    paths = sorted(
        (path for path in top.rglob("*") if path.is_file()), key=lambda path: path.relative_to(top).as_posix()
    )
    with zipfile.ZipFile(place, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(f"{title}/{path.relative_to(top).as_posix()}", EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            with (
                path.open("rb") as source,
                archive.open(entry, "w", force_zip64=path.stat().st_size > 1 << 30) as target,
            ):
                shutil.copyfileobj(source, target, 1 << 20)


def constraints(manifest: Mapping[str, Any]) -> str:
    """The environment of a run as a pip constraints file; local build labels (``+cpu``) are left out."""
    environment = manifest.get("environment") or {}
    packages = environment.get("packages") or {}
    lines = [f"# Python {environment.get('python')}, {environment.get('platform')}"]
    lines += [f"{name}=={str(packages[name]).partition('+')[0]}" for name in sorted(packages)]
    return "\n".join(lines) + "\n"


def _about(run: Run, text: TextRights) -> dict[str, str]:
    config = read_config(run.path)
    block, corpus = config.get("report") or {}, run.manifest["corpus"]
    name = str(block.get("title") or run.manifest["experiment"]["name"])
    question = f"{config['question']} " if config.get("question") else ""
    return {
        "name": name,
        "description": f"{question}Themes in {corpus['documents']} documents ({corpus['paragraphs']} paragraphs), "
        "found, described and checked by thematic-toolkit.",
        "rights": RIGHTS[text_left(run.manifest) if run.manifest.get("exported") else text],
        "author": str(block.get("author") or ""),
    }


def _further(manifest: Mapping[str, Any]) -> str:
    """The options of `toolkit verify` for the run's inputs other than the corpus, which are not packed."""
    packed = ("corpus", "codebook", "decisions", "record")
    inputs = [name for name, path in (manifest.get("inputs") or {}).items() if path and name not in packed]
    return "".join(f" --set {INPUTS[name]}=PATH" for name in inputs if name in INPUTS)


def _readme(run: Run, about: Mapping[str, str]) -> str:
    manifest = run.manifest
    environment = manifest.get("environment") or {}
    made: Mapping[str, Any] = manifest.get("toolkit") or {}
    commit = f", commit {made['commit']}" if made.get("commit") else ""
    decided = ", run/decisions.yaml" if "decisions.yaml" in manifest["files"] else ""
    made_with = f"thematic-toolkit {made.get('version')}{commit}, Python {environment.get('python')}"
    return f"""# {about["name"]}

{about["description"]}

{about["rights"]}

| here | is |
|---|---|
| run/report.html | the report; it opens in any browser, without a network |
| run/tables/ | every table, as Parquet and as CSV (UTF-8) |
| run/config.yaml, run/codebook.yaml{decided} | the experiment, resolved; run/given.yaml is the config as it was given |
| run/{MANIFEST} | what made the run, and the sha256 of every file |
| constraints.txt | the packages of the environment that it was made in |
| ro-crate-metadata.json | the same for machines (RO-Crate 1.1, Process Run Crate 0.5) |

Made with {made_with}, on {environment.get("platform")}.

To check it: make an environment with that Python, then

    pip install -c constraints.txt thematic-toolkit=={made.get("version")}
    toolkit verify run --corpus PATH{_further(manifest)}

PATH is the place of each input: the corpus (sha256 {manifest["corpus"].get("sha256")}, as toolkit counts it) and
what else the run read. Without them every file is still checked against its sha256.
"""
