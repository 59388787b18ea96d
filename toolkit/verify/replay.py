"""Runs the experiment of a finished run again from its folder, and grades how close the second run is to the first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow.parquet as pq

from toolkit.commands.report import rewrite_report
from toolkit.compare.compare import flat, paired
from toolkit.compare.matching import match_themes
from toolkit.errors import ConfigError, ToolkitError, nearest
from toolkit.experiment.experiment import Loaded, inputs_of, load, portable
from toolkit.experiment.paths import COPIES, INPUTS
from toolkit.files.value import read_table
from toolkit.pipeline import run as run_experiment
from toolkit.run_folder.config import read_config
from toolkit.run_folder.manifest import FORMAT, TEXTS, original_files
from toolkit.runs import Run, load_run
from toolkit.runtime.progress import Progress
from toolkit.runtime.provenance import environment_record, toolkit_record
from toolkit.settings import speed_settings
from toolkit.store.stage import Part
from toolkit.study.study import STAGES
from toolkit.values import Table

Grade = Literal["different", "same-themes", "same-assignments", "identical"]
GRADES: tuple[Grade, ...] = ("different", "same-themes", "same-assignments", "identical")
"""From worst to best."""

GIVEN = ("given.yaml", TEXTS)
"""Inputs of a run as they were given: no results."""
SPEED = ("embed.workers", "embed.batch", "embed.device")
ELSEWHERE = ("parallel.backend", "parallel.address")
"""Speed settings of a run that its replay does not take over: a cluster may be gone."""

SHOWN: dict[str, tuple[Part, ...]] = {
    "experiment": (("config.yaml", None), *((name, None) for name in COPIES.values())),
    **{stage.name: stage.shows for stage in STAGES if stage.shows},
    "report": (("notes", None), ("methods", None), ("works", None), ("tables/*", None),
               ("figures/*", None), ("re*", None)),
}  # fmt: skip
"""The files and columns that show the result of each stage, in order, and those before and after all stages."""


OF_REPORT = ("tables/notes.parquet", "tables/methods.parquet", "tables/works.parquet")
"""Sentences and works, which are no results: another version may word them differently."""


@dataclass(frozen=True)
class Likeness:
    """A grade; the files that differ; the first stage that does, and what of it."""

    grade: Grade
    files: tuple[str, ...]
    stage: str | None
    shown_by: str | None


def reload(run: Run, corpus: Path | str | None, overrides: Mapping[str, Any]) -> Loaded:
    """The experiment of a run folder with its paths put back from the manifest, from `corpus` and from `overrides`.

    Raises:
        ConfigError: the folder's config cannot be read by this toolkit, or a file that it names is not there.
    """
    tree: dict[str, Any] = {**read_config(run.path)}
    copies = {name: str(run.path.absolute() / COPIES[key]) for name, key in INPUTS.items() if key in COPIES}
    inputs = dict(run.manifest.get("inputs") or {}) | copies
    inputs |= {"corpus": str(run.path.absolute() / TEXTS)} if (run.path / TEXTS).is_file() else {}
    inputs |= {"corpus": str(Path(corpus).absolute())} if corpus is not None else {}
    places, speed = moved(overrides)
    for name, key in INPUTS.items():
        block, last = _block(tree, key)
        if block is not None and (key == "corpus.path" or block.get(last) is not None):
            block[last] = places.get(key) or inputs.get(name) or block.get(last) or "unknown"
    kept = {key: value for key, value in (run.manifest.get("speed") or {}).items() if key not in ELSEWHERE}
    return load(tree, overrides=kept | speed)


def _block(tree: dict[str, Any], key: str) -> tuple[dict[str, Any] | None, str]:
    """The mapping with a dotted key's last word, and that word; None if the tree has no such block."""
    *parents, last = key.split(".")
    for part in parents:
        tree = tree.get(part) or {}
        if not isinstance(tree, dict):
            return None, last
    return tree or None, last


def moved(overrides: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Places of inputs now, and settings of speed. Raises ConfigError for any other key, since it decides results."""
    allowed = [key for key in INPUTS.values() if key not in COPIES]
    places = {key: str(Path(value).expanduser().absolute()) for key, value in overrides.items() if key in allowed}
    speed = {key: value for key, value in overrides.items() if key.startswith("parallel.") or key in SPEED}
    unknown = [key for key in overrides if key not in places and key not in speed]
    if unknown:
        raise ConfigError(
            f"--set {key}: a replay changes no result; give the place of an input ({', '.join(allowed)}) or how fast "
            f"to work (parallel.workers, {', '.join(SPEED)}){nearest(key, [*allowed, *SPEED])}"
            for key in unknown
        )
    return places, speed


def replay(run: Run, loaded: Loaded, folder: Path, progress: Progress) -> Run:
    """The experiment run again into `folder`, with a store of its own: nothing of an earlier run is used.

    Reports that `toolkit report` wrote again are written again too. Raises ToolkitError as `toolkit run` does.
    """
    _require_model(run)
    tree = portable(loaded.experiment) | {"store": str(folder / "store")}
    for name, place in inputs_of(loaded.experiment).items():
        block, last = _block(tree, INPUTS[name])
        if block is not None and place is not None:
            block[last] = place
    speed = {key: value for key, value in speed_settings(loaded.experiment).items() if key != "store"}
    speed |= _answers(run, folder)
    corpus = loaded.experiment.corpus.path  # named, since the run's may have been another than its config's
    again = run_experiment(tree, corpus, set=speed, out=folder / "run", progress=progress)
    for step in run.manifest.get("rewrites", []):
        rewrite_report(again.path, step["formats"], step["text"], step.get("full", False))
    return load_run(again.path)


def _require_model(run: Run) -> None:
    """Raise MissingExtraError if the run's model is an extra that is not installed: another would be chosen."""
    from toolkit.embed.use import NAME, packaged_files

    if any(model.get("id") == NAME for model in run.manifest.get("models") or []):
        packaged_files()


def _answers(run: Run, folder: Path) -> dict[str, str]:
    """The setting under which a language model's answers of the run are read again, so that it need not be asked."""
    if "tables/asked.parquet" not in run.manifest["files"]:
        return {}
    place = folder / "answers.jsonl"
    rows = run.table("asked").select(["key", "answer"]).to_pylist()
    place.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return {"describe.labeller.record": str(place)}


def likeness(run: Run, again: Run, damaged: Collection[str]) -> Likeness:
    """How near a replay is to the run, by the hashes of its manifest and, if these differ, by its tables.

    `damaged` are files of the run that no longer have the bytes which the manifest names: nothing rests on them.
    """
    if run.format != again.format:
        return _likeness_across_formats(run, again, damaged)
    before, after = ({name: sha for name, sha in hashes(side).items() if name not in GIVEN} for side in (run, again))
    files = tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))
    if not files:
        return Likeness("identical", (), None, None)
    stage, shown_by = _first_difference(run, again, files, damaged)
    return Likeness(_grade(run, again, files, damaged), files, stage, shown_by)


def _likeness_across_formats(run: Run, again: Run, damaged: Collection[str]) -> Likeness:
    """How near a replay of an older folder is, by what both formats have: the columns of both and the vectors.

    Never "identical": bytes of two formats are not compared.
    """
    shared = sorted({*hashes(run)} & {*hashes(again)})
    tables = {name: Path(name).stem for name in shared if name.startswith("tables/") and name.endswith(".parquet")}
    files = [name for name, table in tables.items() if name in damaged or _differs(run, again, table)]
    files += [name for name in ("embeddings.npy", *COPIES.values()) if hashes(run).get(name) != hashes(again).get(name)]
    shown = [name for name in files if name not in OF_REPORT]
    stage, shown_by = _first_difference(run, again, shown, damaged) if shown else (None, None)
    return Likeness(_grade(run, again, files, damaged), tuple(sorted(shown)), stage, shown_by)


def _differs(run: Run, again: Run, table: str) -> bool:
    """Whether a table has other values in the columns that both formats have."""
    old, new = (read_table(side.path / "tables" / f"{table}.parquet") for side in (run, again))
    columns = [name for name in old.column_names if name in new.column_names]
    return old.num_rows != new.num_rows or _digest(old.select(columns)) != _digest(new.select(columns))


def hashes(run: Run) -> dict[str, str]:
    """Path -> sha256 as the run wrote them, also if texts were taken out of the folder on export."""
    return original_files(run.manifest)


def _untrusted(name: str, run: Run, damaged: Collection[str]) -> bool:
    changed = hashes(run).get(name) != run.manifest["files"].get(name)
    return name in damaged or changed or not (run.path / name).is_file()


def _grade(run: Run, again: Run, files: Collection[str], damaged: Collection[str]) -> Grade:
    resting = [f"tables/{name}.parquet" for name in ("paragraphs", "codes")]
    if any(name in files and name in damaged for name in resting):
        return "different"
    same_codes = resting[1] not in files or _decisions(run) == _decisions(again)
    if resting[0] not in files:
        return "same-assignments" if same_codes else "same-themes"
    first, second = _assignment(run), _assignment(again)
    if first["ids"] == second["ids"] and np.array_equal(first["theme"], second["theme"]) and same_codes:
        return "same-assignments"
    matches = match_themes(first["theme"], second["theme"], paired(first, second))
    return "same-themes" if all(match.kind == "same" for match in matches) else "different"


def _assignment(run: Run) -> dict[str, Any]:
    table = run.table("paragraphs")
    ids = table["paragraph_id"].to_pylist()
    spans = zip(table["document_id"].to_pylist(), table["start"].to_pylist(), table["end"].to_pylist(), strict=True)
    return {"ids": ids, "texts": list(spans), "theme": np.array(table["theme"].to_pylist(), np.int32)}


def _decisions(run: Run) -> bytes:
    return _digest(run.table("codes").select(["paragraph_id", "code", "assigned"]))


def _digest(table: Table) -> bytes:
    stream = BytesIO()
    pq.write_table(table.replace_schema_metadata(None).combine_chunks(), stream)
    return hashlib.sha256(stream.getvalue()).digest()


def _first_difference(
    run: Run, again: Run, files: Collection[str], damaged: Collection[str]
) -> tuple[str | None, str | None]:
    for stage, parts in SHOWN.items():
        for name, columns in parts:
            if name.endswith("*") or "." in name:
                fitting = sorted(file for file in files if _fits(file, name))
                if fitting:
                    return stage, fitting[0]
                continue
            file = f"tables/{name}.parquet"
            if file not in files:
                continue
            if columns is None or any(_untrusted(file, side, damaged) for side in (run, again)):
                return stage, file
            for column in columns:
                if _column(run, name, column) != _column(again, name, column):
                    return stage, f"{file}, column {column}"
    return ("report", min(files)) if files else (None, None)


def _fits(file: str, pattern: str) -> bool:
    return file.startswith(pattern[:-1]) if pattern.endswith("*") else file == pattern


def _column(run: Run, name: str, column: str) -> bytes | None:
    table = run.table(name)
    return _digest(table.select([column])) if column in table.column_names else None


def causes(run: Run, loaded: Loaded | None, again: Run | None) -> Iterator[str]:
    """What is known to differ between the run and this machine, code, corpus and config: one line each."""
    yield from _settings(run, loaded)
    if again is not None:
        yield from _corpus(run, again)
        yield from _engine(run, again)
        yield from _models(run.manifest.get("models") or [], again.manifest.get("models") or [])
        yield from _stages(run, again)
    was: Mapping[str, Any] = run.manifest.get("toolkit") or {}
    here = toolkit_record()
    for name in ("version", "code", "commit", "dirty"):
        if name == "code" and name not in was:  # format 1 has none
            continue
        if was.get(name) != here[name]:
            yield f"toolkit {name}: {was.get(name)} then, {here[name]} here"
    if was.get("dirty") and here["dirty"] and "code" not in was:
        yield "toolkit code: edited since its commit, then and here, so it may differ"
    then, now = run.manifest.get("environment") or {}, environment_record()
    for name in ("python", "platform", "cpu", "threads"):
        if then.get(name) != now[name]:
            yield f"{name}: {then.get(name)} then, {now[name]} here"
    lost, gained = (sorted({*a} - {*b}) for a, b in _both_ways(then.get("cpu_features") or [], now["cpu_features"]))
    if lost or gained:
        yield f"CPU features: {', '.join(lost) or 'none'} only then, {', '.join(gained) or 'none'} only here"
    packages, installed = then.get("packages") or {}, now["packages"]
    for name in sorted({*packages, *installed}):
        if packages.get(name) != installed.get(name):
            yield f"package {name}: {packages.get(name, 'none')} then, {installed.get(name, 'none')} here"


def _both_ways(first: Any, other: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    return (first, other), (other, first)


def _settings(run: Run, loaded: Loaded | None) -> Iterator[str]:
    if loaded is None:
        return
    try:
        was = flat(read_config(run.path))
    except ToolkitError:
        return
    here = flat(portable(loaded.experiment))
    for key in sorted({*was, *here}):
        if was.get(key) != here.get(key):
            yield f"setting {key}: {was.get(key)} then, {here.get(key)} here"
    if run.format == FORMAT and loaded.sha256 != run.manifest["experiment"]["sha256"]:
        yield "experiment: its sha256 is not the manifest's: config, codebook, human codes or given vectors differ"


def _corpus(run: Run, again: Run) -> Iterator[str]:
    if run.manifest["corpus"].get("sha256") == again.manifest["corpus"]["sha256"]:
        return
    before, after = (_contents(side) for side in (run, again))
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    few = ", ".join(changed[:5]) + (f" and {len(changed) - 5} more" if len(changed) > 5 else "")
    few = few or "none (other files, or the sidecar)"
    yield f"corpus: its sha256 is not the manifest's; documents that differ: {few}"


def _stages(run: Run, again: Run) -> Iterator[str]:
    """The first stage whose key differs: what went into it is not what went into it then."""
    keys = {record.get("name"): record.get("key") for record in run.manifest.get("stages") or []}
    for record in again.manifest["stages"]:
        if record["name"] in keys and keys[record["name"]] != record["key"]:
            yield f"stage {record['name']}: its code, settings, inputs or libraries are not those of the run"
            return


def _contents(run: Run) -> dict[str, str]:
    table = run.table("documents")
    return dict(zip(table["document_id"].to_pylist(), table["sha256"].to_pylist(), strict=True))


def _engine(run: Run, again: Run) -> Iterator[str]:
    """Whether vectors differ because another engine computed them, or the same engine on another CPU."""
    if hashes(run).get("embeddings.npy") == hashes(again).get("embeddings.npy"):
        return
    then, here = (
        ", ".join(str(model.get("engine")) for model in side.manifest.get("models") or ()) for side in (run, again)
    )
    if then != here:
        yield f"engine: the vectors differ, because {then} computed them then, {here} here"
        return
    was, now = (side.manifest.get("environment") or {} for side in (run, again))
    if here.startswith(("onnxruntime", "torch")) and was.get("cpu_features") != now.get("cpu_features"):
        yield f"engine: the vectors differ, because {here} computes in another order on a CPU with other features"


def _models(was: Sequence[Mapping[str, Any]], here: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for old, new in zip(was, here, strict=False):
        for name in ("id", "revision", "sha256", "engine"):
            if old.get(name) != new.get(name):
                yield f"model {name}: {old.get(name)} then, {new.get(name)} here"
