"""Draws paragraphs of a run for people to code, or makes intrusion tests of its themes, as an offline sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, ValidationError

from toolkit.codebook import Codebook, load_codebook
from toolkit.codebook.human_files import DESIGN, SAMPLE_FORMAT
from toolkit.codebook.kinds import of_people
from toolkit.coders import Choice, Item, Sheet, write_sheet
from toolkit.coders.draws import Drawn, at_random, by_strata, near_thresholds
from toolkit.errors import ConfigError, StoreError
from toolkit.files.digest import texts_digest
from toolkit.files.json import write_json
from toolkit.run_folder.config import read_config
from toolkit.run_folder.manifest import text_left
from toolkit.runs import Run, load_run, require_own_themes
from toolkit.settings import Settings, digest_of
from toolkit.validate.intrusion import Themes, intrusion_items
from toolkit.values import seed_for

KEY = "key.json"
KEY_FORMAT = "toolkit intrusion key 1"
SPARE_TESTS = 3
"""Tests made for each one wanted, so that none need be shown twice."""
SINGULAR = {"words": "word", "documents": "document", "topics": "topic"}
Place = Literal["heading", "title", "source", "date"]


class SampleSettings(Settings):
    """What is drawn and what the sheet shows."""

    n: int = Field(100, ge=1, le=100_000, description="How many paragraphs (or intrusion tests).")
    how: Literal["random", "stratified", "informative"] = Field(
        "random",
        description="random: each paragraph with the same chance. stratified: by theme and source. informative: "
        "nearest to the decision thresholds, of no use for shares.",
    )
    kind: Literal["codes", "words", "documents", "topics"] = Field(
        "codes", description="Paragraphs to code, or intrusion tests with words, documents or topics."
    )
    seed: int = Field(0, ge=0, lt=2**32, description="Another seed draws others.")
    again: bool = Field(False, description="Draw paragraphs that people have coded already, too.")
    show: tuple[Place, ...] = Field((), description="What coders see of a paragraph's place.")


@dataclass(frozen=True)
class Sampled:
    """What was written: the folder, its files, how many items, and what a user should know of the draw."""

    folder: Path
    files: tuple[Path, ...]
    items: int
    notes: tuple[str, ...]


def sample(run: Path | str | Run, out: Path | str, settings: SampleSettings | None = None, **fields: Any) -> Sampled:
    """Draw paragraphs of a run for people to code (or make intrusion tests) and write the sheet into `out`.

    Args:
        settings: or its fields by name: ``sample(run, "coding", n=50, how="stratified")``.

    The same run, n and seed give the same bytes; the run folder is not changed.

    Raises:
        ConfigError: a setting that is not allowed, a run without a codebook or themes to draw for.
        StoreError: no finished run, texts cut out on export, or an `out` that holds something else.
    """
    wanted = settings or _settings(fields)
    opened = run if isinstance(run, Run) else load_run(run)
    require_own_themes(opened, "sample the run itself")
    folder = Path(out)
    sheet, design, about = _coding(opened, wanted) if wanted.kind == "codes" else _intrusion(opened, wanted)
    _check_place(folder, sheet.id)
    files = write_sheet(sheet, folder, " ".join(about))
    place = folder / (DESIGN if wanted.kind == "codes" else KEY)
    write_json(design, place)
    return Sampled(folder, (*files, place), len(sheet.items), about)


def _settings(fields: Mapping[str, Any]) -> SampleSettings:
    try:
        return SampleSettings(**fields)
    except ValidationError as fault:
        raise ConfigError(
            [
                f"{'.'.join(map(str, error['loc']))}: {error['msg'].lower().replace('input should be', 'must be')}"
                for error in fault.errors()
            ]
        ) from None


def _check_place(folder: Path, sheet: str) -> None:
    if folder.is_file():
        raise StoreError(f"{folder}: is a file; choose a folder with --out")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    page = folder / "sheet.html"
    if not page.is_file() or f'"id":"{sheet}"' not in page.read_text(encoding="utf-8"):
        raise StoreError(f"{folder}: contains other files or another sheet; choose a new folder with --out")


def _coding(run: Run, wanted: SampleSettings) -> tuple[Sheet, dict[str, Any], tuple[str, ...]]:
    codebook = _codebook(run)
    if codebook is None:
        raise ConfigError([f"{run.path}: this run has no codebook, so there is nothing to code with"])
    rows = _paragraphs(run)
    coded = set(of_people(run.table("human"))["paragraph_id"].to_pylist())
    left = [row for row in rows if wanted.again or row["paragraph_id"] not in coded]
    if not left:
        raise ConfigError([f"{run.path}: every paragraph has codes by people already; --again draws them once more"])
    drawn = _drawn(run, wanted, left, codebook)
    chosen = {row["paragraph_id"]: row for row in left}
    ids = [row["paragraph_id"] for row in drawn.rows]
    name = digest_of({"run": _identity(run), "settings": _plain(wanted), "ids": ids, "codebook": codebook.sha256})
    sheet = Sheet(
        f"{wanted.how[0]}-{name[:8]}",
        "codes",
        str(_title(run)),
        str(read_config(run.path).get("question") or ""),
        tuple(
            Item(identifier, chosen[identifier]["text"], (), _place(run, chosen[identifier], wanted))
            for identifier in ids
        ),
        tuple(_choice(code) for code in codebook.themes),
    )
    frame = {"corpus": len(rows), "drawn_from": len(left), "sha256": texts_digest(sorted(row["text"] for row in rows))}
    design = {"format": SAMPLE_FORMAT, "sheet": sheet.id, "how": wanted.how, "n": wanted.n, "seed": wanted.seed,
              "run": _identity(run), "frame": frame, "strata": drawn.strata, "notes": list(drawn.notes),
              "paragraphs": drawn.rows, "usable_for_shares": wanted.how != "informative",
              "already_coded": [] if wanted.again else sorted(coded & {r["paragraph_id"] for r in rows})}  # fmt: skip
    return sheet, design, drawn.notes


def _drawn(run: Run, wanted: SampleSettings, rows: list[dict[str, Any]], codebook: Codebook) -> Drawn:
    stream = np.random.default_rng(seed_for(wanted.seed, f"sample:{wanted.how}"))
    if wanted.how == "random":
        return at_random(rows, wanted.n, stream)
    if wanted.how == "stratified":
        sources = dict(
            zip(*(run.table("documents")[name].to_pylist() for name in ("document_id", "source")), strict=True)
        )
        return by_strata(rows, sources, wanted.n, stream)
    codes = run.table("codes").select(["paragraph_id", "code", "score", "probability"]).to_pylist()
    return near_thresholds(rows, codes, run.table("thresholds").to_pylist(), codebook.ids, wanted.n, stream)


def _paragraphs(run: Run) -> list[dict[str, Any]]:
    """The paragraphs that count once, in the run's order."""
    table = run.table("paragraphs").select(["paragraph_id", "document_id", "text", "heading", "theme", "duplicate_of"])
    rows = [row for row in table.to_pylist() if row["duplicate_of"] is None]
    if text_left(run.manifest) != "full":
        raise StoreError(f"{run.path}: texts were cut out of this copy on export; draw from the run itself")
    return rows


def _place(run: Run, row: Mapping[str, Any], wanted: SampleSettings) -> tuple[str, ...]:
    if not wanted.show:
        return ()
    documents = _documents(run)
    values = {"heading": row["heading"], **documents[row["document_id"]]}
    return tuple(
        str(values[name]) for name in ("title", "source", "date", "heading") if name in wanted.show and values[name]
    )


def _documents(run: Run) -> dict[str, dict[str, Any]]:
    table = run.table("documents").select(["document_id", "title", "source", "date"])
    return {row["document_id"]: row for row in table.to_pylist()}


def _choice(code: Any) -> Choice:
    names = ("id", "name", "definition", "parent", "include", "exclude", "keywords", "examples", "counterexamples")
    return Choice(**{name: getattr(code, name) for name in names})


def _codebook(run: Run) -> Codebook | None:
    place = run.path / "codebook.yaml"
    return load_codebook(place) if place.is_file() else None


def _title(run: Run) -> str:
    return str(run.manifest["experiment"]["name"]).replace("_", " ").replace("-", " ")


def _identity(run: Run) -> dict[str, str]:
    return {"experiment": str(run.manifest["experiment"]["sha256"]), "corpus": str(run.manifest["corpus"]["sha256"])}


def _plain(wanted: SampleSettings) -> dict[str, Any]:
    return wanted.model_dump(mode="json")


def _intrusion(run: Run, wanted: SampleSettings) -> tuple[Sheet, dict[str, Any], tuple[str, ...]]:
    rows = _paragraphs(run)
    themes = sorted((row for row in run.table("themes").to_pylist() if row["level"] == 0 and row["theme"] >= 0),
                    key=lambda row: int(row["theme"]))  # fmt: skip
    if len(themes) < 2:
        raise ConfigError([f"{run.path}: intrusion tests need two themes or more; this run has {len(themes)}"])
    unique = {row["paragraph_id"] for row in rows}
    kept = [i for i, name in enumerate(run.table("paragraphs")["paragraph_id"].to_pylist()) if name in unique]
    texts_by_theme = Themes(
        [row["text"] for row in rows],
        np.array([row["theme"] for row in rows], np.int32),
        np.asarray(run.embeddings[kept]),
        [row["keywords"] for row in themes],
    )
    items = _items(texts_by_theme, wanted, run)
    name = digest_of({"run": _identity(run), "settings": _plain(wanted), "items": [row["options"] for row in items]})
    sheet = Sheet(
        f"{wanted.kind[0]}-{name[:8]}", wanted.kind, _title(run), "",
        tuple(Item(row["item"], row["shown"] or "", tuple(row["options"])) for row in items),
    )  # fmt: skip
    key = {
        "format": KEY_FORMAT,
        "note": "The answers. Keep this file from the people who answer.",
        "sheet": sheet.id,
        "kind": wanted.kind,
        "n": wanted.n,
        "seed": wanted.seed,
        "run": _identity(run),
        "items": items,
    }
    each = len({row["theme"] for row in items})
    about = f"Intrusion tests ({wanted.kind}) for {each} of {len(themes)} themes, the same number for each or one less"
    few = () if len(items) == wanted.n else (f"{len(items)} of {wanted.n} tests could be made without repeating any.",)
    return sheet, key, (f"{about}, seed {wanted.seed}.", *few)


def _items(themes: Themes, wanted: SampleSettings, run: Run) -> list[dict[str, Any]]:
    codebook = _codebook(run)
    barred = [word for code in codebook.themes for word in code.keywords] if codebook and _seeded(run) else []
    kind = SINGULAR[wanted.kind]
    seed = seed_for(wanted.seed, f"sample:{wanted.kind}")
    table = intrusion_items(themes, SPARE_TESTS * -(-wanted.n // len(themes.keywords)), seed, barred, kinds=(kind,))
    if not table.num_rows:
        raise ConfigError([f"{run.path}: no {kind} intrusion test can be made: too few themes, keywords or paragraphs"])
    different: dict[Any, dict[str, Any]] = {}
    for row in table.to_pylist():
        different.setdefault((row["theme"], row["shown"], frozenset(row["options"])), row)
    spread: dict[int, list[dict[str, Any]]] = {}
    for row in different.values():
        spread.setdefault(row["theme"], []).append(row)
    turns = sorted(((place, theme) for theme, rows in spread.items() for place in range(len(rows))))
    kept = {id(spread[theme][place]) for place, theme in turns[: wanted.n]}
    rows = [row for rows_of_theme in spread.values() for row in rows_of_theme if id(row) in kept]
    rows.sort(key=lambda row: str(row["item"]))
    return [{**row, "item": f"i{number:04}"} for number, row in enumerate(rows, start=1)]


def _seeded(run: Run) -> bool:
    """Whether the codebook's keywords steered the discovery."""
    return bool((read_config(run.path).get("discover") or {}).get("seed_words"))
