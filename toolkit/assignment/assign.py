"""New documents given the themes and codes of a finished run, with nothing refitted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.assignment.assignment import Assignment
from toolkit.assignment.report import write_assignment_report
from toolkit.assignment.results import results_of
from toolkit.assignment.tables import assignment_metrics, assignment_tables
from toolkit.corpus import corpus_files
from toolkit.errors import ConfigError, StoreError
from toolkit.experiment.experiment import Experiment
from toolkit.experiment.tree import fit, tree_node
from toolkit.files.digest import file_sha256
from toolkit.files.json import write_json
from toolkit.run_folder.config import CONFIG, read_config
from toolkit.run_folder.identity import Identity
from toolkit.run_folder.manifest import ASSIGNED, AssignmentDraft, write_tables
from toolkit.run_folder.staging import Staging, check_place
from toolkit.runs import Run, load_run, require_own_themes
from toolkit.runtime.progress import Progress
from toolkit.runtime.provenance import environment_record, toolkit_record
from toolkit.runtime.threads import one_blas_thread
from toolkit.settings import digest_of
from toolkit.store.stage import Stages
from toolkit.store.stages import Store, default_root
from toolkit.study.manifest import now, record_of
from toolkit.study.write import write_sources


def assign(
    run: Path | str | Run,
    corpus: Path | str,
    out: Path | str,
    *,
    vectors: Path | str | None = None,
    store: Path | str | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Give new documents the themes and codes of a run and write them into a folder of their own.

    Args:
        run: a finished run, or its folder; nothing else of the run is needed, its corpus neither.
        corpus: the new documents, read, cleaned and split as the run's were.
        out: the folder to write; if it has the same assignment, by the same code, it is brought up to date.
        vectors: one row a new paragraph (.npy), if the run's own vectors were given.
        store: folder of stored vectors; the user's cache folder if not given.
        replace: whether any other finished run or assignment in that folder may be replaced.
        progress: where progress is printed; stderr if not given.

    Raises:
        StoreError: no finished run, a run without `model/`, or a folder that cannot be written to.
        ToolkitError: a fault in the corpus, no such model on this machine or other weights than the run's.
    """
    news = progress or Progress()
    began = now()
    parent = run if isinstance(run, Run) else load_run(run)
    place = Path(out)
    _check(parent, place)
    about = _experiment(parent, corpus, vectors)
    files = corpus_files(about.corpus)
    identity = _identity(parent, files.digest, vectors)
    check_place(place, identity, replace)
    stages = Stages(Store(Path(store) if store else default_root(), say=news.line), news)
    assignment = Assignment(parent, about, files, stages)
    with Staging(place) as staging, one_blas_thread():
        write_assignment(assignment, staging.folder)
        times = {"started": began, "finished": now()}
        inputs = {"run": str(parent.path.absolute()), "corpus": str(Path(corpus).absolute())}
        inputs |= {"vectors": str(Path(vectors).absolute())} if vectors else {}
        return load_run(staging.finish({**_manifest(assignment, identity.experiment), **times, "inputs": inputs}))


def _identity(parent: Run, corpus_sha256: str, vectors: Path | str | None) -> Identity:
    """The identity of the assignment of these documents to this run."""
    experiment = parent.manifest["experiment"]
    rests_on: dict[str, Any] = {"assign": experiment["sha256"], "files": _needed(parent)}
    if vectors is not None and Path(vectors).is_file():
        rests_on["vectors"] = file_sha256(Path(vectors))
    return Identity(experiment["name"], digest_of(rests_on), corpus_sha256, toolkit_record(), environment_record())


def _check(parent: Run, place: Path) -> None:
    require_own_themes(parent, "assign from the run itself")
    if place.absolute().resolve() == parent.path.absolute().resolve():
        raise StoreError(f"{place}: is the run itself; choose another --out")
    if parent.path.absolute().resolve() in place.absolute().resolve().parents:
        raise StoreError(f"{place}: is inside the run's folder; choose another --out")
    if not (parent.path / "model").is_dir():
        raise StoreError(f"{parent.path}: has no model/ to assign from (an older run?); run the experiment again")
    for name, sha in sorted(_needed(parent).items()):
        model_file = parent.path / name
        if not model_file.is_file() or file_sha256(model_file) != sha:
            raise StoreError(f"{model_file}: its bytes are not those that the run's manifest names; see toolkit verify")


def assign_again(run: Run, out: Path, corpus: Path | str | None, vectors: str | None, progress: Progress) -> Run:
    """The assignment in a folder made again from the run that it names, with a store of its own beside `out`.

    Raises ToolkitError if that run, its model or the documents are not there any more, or not the same.
    """
    inputs = dict(run.manifest.get("inputs") or {})
    parent = load_run(str(inputs.get("run") or "unknown"))
    if parent.manifest["experiment"]["sha256"] != run.manifest["parent"]["sha256"]:
        raise StoreError(f"{parent.path}: contains another run than the one that these documents were assigned to")
    return assign(
        parent,
        corpus or str(inputs.get("corpus")),
        out,
        vectors=vectors or inputs.get("vectors"),
        store=out.parent / "store",
        progress=progress,
    )


def _needed(parent: Run) -> dict[str, str]:
    """Hashes of what an assignment rests on."""
    files: Mapping[str, str] = parent.manifest["files"]
    return {name: sha for name, sha in files.items() if name.startswith("model/") or name in ("codebook.yaml",)}


def _experiment(parent: Run, corpus: Path | str, vectors: Path | str | None) -> Experiment:
    """The run's settings, with the new corpus, the run's own copy of the codebook and the model that it kept."""
    place, tree = parent.path / CONFIG, read_config(parent.path)
    if not str(corpus).strip():
        raise ConfigError(["--corpus: is empty; give a file, a folder or a glob"])
    tree["corpus"] |= {"path": str(Path(corpus).absolute()), "metadata": None}
    encoder = parent.path / "model" / "encoder.json"
    vectors_given = (tree.get("embed") or {}).get("vectors") is not None or not encoder.is_file()
    if vectors_given and vectors is None:
        raise ConfigError(
            [f"{parent.path}: its vectors were given, so give those of the new paragraphs with --vectors"]
        )
    if not vectors_given and vectors is not None:
        raise ConfigError([f"--vectors: {parent.path} has a model that embeds the new paragraphs; leave --vectors out"])
    if vectors_given:
        tree["embed"] |= {"vectors": str(Path(str(vectors)).absolute())}
    else:
        tree["embed"] = json.loads(encoder.read_text(encoding="utf-8")).get("settings") or {}
        tree["embed"] |= {"model": parent.model_place} if parent.model_place else {}
    codebook = tree.get("codebook")
    if codebook is not None:
        tree["codebook"] = codebook | {"path": str(parent.path.absolute() / "codebook.yaml"), "codes": None}
    return fit(Experiment, tree_node({**tree}, str(place), parent.path))


def write_assignment(assignment: Assignment, folder: Path) -> None:
    """All of the folder but its manifest."""
    results = results_of(assignment)
    tables = assignment_tables(results)
    write_tables(folder, tables)
    metrics = assignment_metrics(results)
    write_json({key: metric.plain() for key, metric in sorted(metrics.items())}, folder / "metrics.json")
    np.save(folder / "embeddings.npy", results.embeddings.vectors, allow_pickle=False)
    for name in ("config.yaml", "codebook.yaml"):
        if (assignment.parent.path / name).is_file():
            shutil.copyfile(assignment.parent.path / name, folder / name)
    write_sources(results.corpus, folder / "sources")
    write_assignment_report(folder, assignment.parent.manifest, tables, metrics)


def _manifest(assignment: Assignment, identity: str) -> AssignmentDraft:
    parent, reading, second = assignment.parent.manifest, assignment.reading, assignment.beside.embeddings
    record = record_of(
        reading.corpus.value, reading.files.digest, reading.embeddings.value, second.value if second else None,
        reading.experiment.seed, reading.stages.records,
    )  # fmt: skip
    return {
        **record,
        "kind": ASSIGNED,
        "experiment": {"name": parent["experiment"]["name"], "sha256": identity},
        "parent": {**parent["experiment"], "seal": parent.get("seal")},
    }
