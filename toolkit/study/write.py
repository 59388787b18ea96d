"""All of a run folder but its report and manifest."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from toolkit.experiment.experiment import Loaded, portable
from toolkit.files import yaml12
from toolkit.files.json import write_json
from toolkit.run_folder.manifest import source_place, write_tables
from toolkit.study.metrics import metrics
from toolkit.study.study import Study
from toolkit.study.tables import tables


def write_run(study: Study, loaded: Loaded, folder: Path) -> None:
    """Run the stages and write all of the run folder but its report and manifest."""
    made = tables(study)
    write_tables(folder, made)
    write_json({key: metric.plain() for key, metric in sorted(metrics(study).items())}, folder / "metrics.json")
    np.save(folder / "embeddings.npy", study.embeddings.value.vectors, allow_pickle=False)
    (folder / "given.yaml").write_text(loaded.given, encoding="utf-8", newline="\n")
    resolved = yaml12.dump(portable(loaded.experiment))
    (folder / "config.yaml").write_text(resolved, encoding="utf-8", newline="\n")
    if loaded.experiment.codebook:
        shutil.copyfile(loaded.experiment.codebook.path, folder / "codebook.yaml")
    write_sources(study, folder / "sources")
    write_model(study, folder / "model")


def write_sources(study: Study, folder: Path) -> None:
    """The texts that offsets refer to, where these are not the files' own decoded text."""
    documents, texts = study.corpus.value.documents, study.corpus.value.texts
    rows = zip(
        documents["document_id"].to_pylist(), documents["path"].to_pylist(), documents["extracted"].to_pylist(),
        texts["text"].to_pylist(), strict=True,
    )  # fmt: skip
    for name, path, extracted, text in rows:
        if extracted:
            place = folder / source_place(name, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")


def write_model(study: Study, folder: Path) -> None:
    """What is needed to give new documents the themes and codes of this run: arrays and JSON."""
    from toolkit.discover import save_model

    folder.mkdir()
    save_model(study.discovery.value, study.unique_vectors, folder)
    if study.coding is not None:
        from toolkit.coding import save_background

        save_background(study.coding.value, study.codebook, folder)
    if study.encoder is not None:
        study.encoder.save(folder)
