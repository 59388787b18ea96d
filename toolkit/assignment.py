"""New documents given the themes and codes of a finished run, with nothing refitted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.assignment_report import write_assignment_report
from toolkit.assignment_tables import as_in_the_run, assignment_metrics, assignment_tables
from toolkit.corpus import corpus_files
from toolkit.discover import Assigned, Model, load_model
from toolkit.discover import assign as vote
from toolkit.embed import TextEncoder, load_encoder
from toolkit.errors import ConfigError, StoreError
from toolkit.experiment.experiment import Experiment
from toolkit.experiment.tree import fit, tree_node
from toolkit.files import yaml12
from toolkit.files.digest import file_sha256
from toolkit.files.json import write_json
from toolkit.run_folder.manifest import ASSIGNED, write_tables
from toolkit.run_folder.staging import Staging, check_place
from toolkit.runs import Run, load_run, require_own_themes
from toolkit.runtime.progress import Progress
from toolkit.runtime.threads import one_blas_thread
from toolkit.settings import digest_of
from toolkit.store.stage import Stages
from toolkit.store.stages import Entry, Store, default_root
from toolkit.study.manifest import now, study_record
from toolkit.study.study import EMBED, FIRST_BROADER, Study
from toolkit.study.write import write_sources
from toolkit.values import NOISE, Coding, Embeddings, Estimates, Ints, Tick, seed_for, texts_digest


def assign(
    run: Path | str | Run,
    corpus: Path | str,
    out: Path | str,
    *,
    vectors: Path | str | None = None,
    store: Path | str | None = None,
    progress: Progress | None = None,
) -> Run:
    """Give new documents the themes and codes of a run and write them into a folder of their own.

    Args:
        run: a finished run, or its folder; nothing else of the run is needed, its corpus neither.
        corpus: the new documents, read, cleaned and split as the run's were.
        out: the folder to write; a folder of the same run's assignment is brought up to date.
        vectors: one row a new paragraph (.npy), where the run's own vectors were given.
        store: folder of stored vectors; the user's cache folder if not given.
        progress: where to say how far it is; stderr if not given.

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
    identity = digest_of({"assign": parent.manifest["experiment"]["sha256"], "files": _needed(parent)})
    check_place(place, identity)
    stages = Stages(Store(Path(store) if store else default_root(), say=news.line), news)
    study = Assignment(parent, about, corpus_files(about.corpus), stages)
    with Staging(place) as staging, one_blas_thread():
        write_assignment(study, staging.folder)
        times = {"started": began, "finished": now()}
        inputs = {"run": str(parent.path.absolute()), "corpus": str(Path(corpus).absolute())}
        inputs |= {"vectors": str(Path(vectors).absolute())} if vectors else {}
        return load_run(staging.finish({**_manifest(study, identity), **times, "inputs": inputs}))


def _check(parent: Run, place: Path) -> None:
    require_own_themes(parent, "assign from the run itself")
    if place.absolute().resolve() == parent.path.absolute().resolve():
        raise StoreError(f"{place}: is the run itself; choose another --out")
    if parent.path.absolute().resolve() in place.absolute().resolve().parents:
        raise StoreError(f"{place}: lies inside the run's folder; choose another --out")
    if not (parent.path / "model").is_dir():
        raise StoreError(f"{parent.path}: has no model/ to assign from (an older run?); run the experiment again")
    for name, sha in sorted(_needed(parent).items()):
        held = parent.path / name
        if not held.is_file() or file_sha256(held) != sha:
            raise StoreError(f"{held}: does not hold the bytes that the run's manifest names; see toolkit verify")


def assign_again(run: Run, out: Path, corpus: Path | str | None, vectors: str | None, progress: Progress) -> Run:
    """The assignment in a folder made again from the run that it names, with a store of its own beside `out`.

    Raises ToolkitError where that run, its model or the documents are not there any more, or not the same.
    """
    inputs = dict(run.manifest.get("inputs") or {})
    parent = load_run(str(inputs.get("run") or "unknown"))
    if parent.manifest["experiment"]["sha256"] != run.manifest["parent"]["sha256"]:
        raise StoreError(f"{parent.path}: holds another run than the one that these documents were assigned to")
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
    place = parent.path / "config.yaml"
    tree = yaml12.read(place).value
    if not isinstance(tree, dict) or not isinstance(tree.get("corpus"), dict):
        raise ConfigError([f"{place}: no config of a run"])
    if not str(corpus).strip():
        raise ConfigError(["--corpus: is empty; give a file, a folder or a glob"])
    tree["corpus"] |= {"path": str(Path(corpus).absolute()), "metadata": None}
    encoder = parent.path / "model" / "encoder.json"
    given = (tree.get("embed") or {}).get("vectors") is not None or not encoder.is_file()
    if given and vectors is None:
        raise ConfigError(
            [f"{parent.path}: its vectors were given, so give those of the new paragraphs with --vectors"]
        )
    if not given and vectors is not None:
        raise ConfigError([f"--vectors: {parent.path} has a model that embeds the new paragraphs; leave --vectors out"])
    if given:
        tree["embed"] |= {"vectors": str(Path(str(vectors)).absolute())}
    else:
        tree["embed"] = json.loads(encoder.read_text(encoding="utf-8")).get("settings") or {}
        tree["embed"] |= {"model": parent.model_place} if parent.model_place else {}
    if isinstance(tree.get("codebook"), dict):
        tree["codebook"] |= {"path": str(parent.path.absolute() / "codebook.yaml"), "codes": None}
    return fit(Experiment, tree_node(tree, str(place), parent.path))


class Assignment(Study):
    """New documents: read and embedded as a study's are; themes, codes and shares by the run that they start from."""

    def __init__(self, parent: Run, experiment: Experiment, files: Any, stages: Stages) -> None:
        super().__init__(experiment, files, stages)
        self.parent = parent
        self.model: Model = load_model(parent.path / "model")
        if self.codebook is not None:
            from toolkit.coding import load_background

            self.background = load_background(parent.path / "model", self.codebook)
        _ = self.encoder  # its faults come before any work

    @cached_property
    def encoder(self) -> TextEncoder | None:
        """The run's model, the same weights."""
        if self.experiment.embed.vectors is not None:
            return None
        encoder = load_encoder(self.parent.path / "model", self.parent.model_place)
        said = (self.parent.manifest.get("models") or [{}])[0].get("sha256")
        if said != encoder.record.sha256:
            raise StoreError(
                f"{self.parent.path}: its manifest names weights {str(said)[:12]}…, model/ and this machine "
                f"have {str(encoder.record.sha256)[:12]}…; the run folder was changed"
            )
        return encoder

    @cached_property
    def embeddings(self) -> Entry[Embeddings]:
        """One unit row a paragraph, by the run's model."""
        from toolkit.embed import embed

        settings, encoder = self.experiment.embed, self.encoder
        if encoder is None:
            return super().embeddings
        inputs = {"texts": texts_digest(self.texts), "model": settings.identity(), "fitted": encoder.record.sha256}

        def make(tick: Tick) -> Embeddings:
            return embed(settings, self.texts, vectors=self.vector_store, encoder=encoder, tick=tick)

        return self.stages.run(EMBED, settings, inputs, make)

    @cached_property
    def voted(self) -> Assigned:
        """Themes of the unique paragraphs by the run's stored rule."""
        vectors = self.unique_vectors
        if vectors.shape[1] != self.model.vectors.shape[1]:
            raise ConfigError(
                [f"--vectors: {vectors.shape[1]} dimensions, the run's vectors have {self.model.vectors.shape[1]}"]
            )
        self.stages.progress.line("themes …")
        return vote(self.model, vectors)

    @cached_property
    def known(self) -> list[str | None]:
        """(u,) the run's paragraph with the same words; None for a paragraph that the run has not."""
        from toolkit.corpus.words import word_tokens

        table = self.parent.table("paragraphs").select(["paragraph_id", "text", "duplicate_of"])
        own: dict[tuple[str, ...], str] = {}
        for row in table.to_pylist():
            if row["duplicate_of"] is None and row["text"]:
                own.setdefault(tuple(word_tokens(row["text"])), row["paragraph_id"])
        own.pop((), None)
        return [own.get(tuple(word_tokens(text))) for text in self.unique_texts]

    @cached_property
    def themes(self) -> Ints:
        """(u,) theme of each unique paragraph: the run's where the run has it, none where it is far from the run."""
        table = self.parent.table("paragraphs")
        held = dict(zip(table["paragraph_id"].to_pylist(), table["theme"].to_pylist(), strict=True))
        themes = np.where(self.voted.far, NOISE, self.voted.theme).astype(np.int32)
        for row, name in enumerate(self.known):
            if name is not None:
                themes[row] = held[name]
        return themes

    @cached_property
    def themes_of_paragraphs(self) -> Ints:
        """(n,) the theme of every paragraph, copies carrying their canonical one's."""
        return self.themes[self.unique.of]

    @property
    def levels(self) -> list[dict[str, Any]]:
        """The run's themes and broader themes."""
        return [row for row in self.parent.table("themes").to_pylist() if row["theme"] != NOISE]

    @cached_property
    def coding(self) -> Entry[Coding] | None:
        """Codes of the unique paragraphs by the run's background; None without a codebook."""
        from toolkit.coding import code_further

        if self.codebook is None or self.experiment.codebook is None:
            return None
        self.stages.progress.line("codes …")
        encode = self.encode if self.knows_language else None
        made = code_further(
            self.experiment.codebook, self.codebook, self.unique_paragraphs, self.unique_vectors, encode,
            self.background, self.stages.progress.ticker("codes"),
        )  # fmt: skip
        if self.parent.table("codes").num_rows:
            made = replace(made, codes=as_in_the_run(made.codes, self.known, self.parent.table("codes")))
        return Entry(made, "", False)

    @cached_property
    def shares(self) -> Estimates:
        """Shares of themes and codes among the new documents, with intervals."""
        from toolkit.estimate import Coded, estimate

        settings, documents = self.experiment.estimate, self.corpus.value.documents
        kept = tuple(name for name in settings.group_by if name in documents.column_names)
        resample = settings.resample if settings.resample in documents.column_names else "document"
        settings = settings.model_copy(update={"group_by": kept, "resample": resample})
        table = self.corpus.value.paragraphs.append_column("theme", pa.array(self.themes_of_paragraphs, pa.int32()))
        broader = {str(theme): held for theme, held in self.members.items() if theme >= FIRST_BROADER}
        self.stages.progress.line("shares …")
        seed, codes = seed_for(self.experiment.seed, "estimate"), Coded(self.assigned, self._parents())
        themes = 1 + max((row["theme"] for row in self.levels if row["level"] == 0), default=NOISE)
        return estimate(settings, documents, table, codes, seed, broader, themes)


def write_assignment(study: Assignment, folder: Path) -> None:
    """All of the folder but its manifest."""
    tables = assignment_tables(study)
    write_tables(folder, tables)
    metrics = assignment_metrics(study)
    write_json({key: metric.plain() for key, metric in sorted(metrics.items())}, folder / "metrics.json")
    np.save(folder / "embeddings.npy", study.embeddings.value.vectors, allow_pickle=False)
    for name in ("config.yaml", "codebook.yaml"):
        if (study.parent.path / name).is_file():
            shutil.copyfile(study.parent.path / name, folder / name)
    write_sources(study, folder / "sources")
    write_assignment_report(folder / "report.md", study.parent.manifest, tables, metrics)


def _manifest(study: Assignment, identity: str) -> dict[str, Any]:
    parent = study.parent.manifest
    return {
        **study_record(study),
        "kind": ASSIGNED,
        "experiment": {"name": parent["experiment"]["name"], "sha256": identity},
        "parent": {**parent["experiment"], "seal": parent.get("seal")},
    }
