"""All of a run folder but its report and manifest."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from toolkit.codebook import kept_bytes
from toolkit.decisions import write_log
from toolkit.embed import TextEncoder
from toolkit.experiment.experiment import Loaded, portable
from toolkit.experiment.paths import COPIES
from toolkit.files import yaml12
from toolkit.files.json import write_json
from toolkit.run_folder.manifest import source_place, write_tables
from toolkit.study.beside import SECOND
from toolkit.study.metrics import metrics
from toolkit.study.results import Results, results_of
from toolkit.study.study import Study
from toolkit.study.tables import tables
from toolkit.values import Corpus, Vectors


def write_run(study: Study, loaded: Loaded, folder: Path) -> Results:
    """Run the stages and write all of the run folder but its report and manifest; what the stages gave."""
    results, reading = results_of(study), study.reading
    write_tables(folder, tables(results))
    write_json({key: metric.plain() for key, metric in sorted(metrics(results).items())}, folder / "metrics.json")
    np.save(folder / "embeddings.npy", results.embeddings.vectors, allow_pickle=False)
    (folder / "given.yaml").write_text(loaded.given, encoding="utf-8", newline="\n")
    resolved = yaml12.dump(portable(loaded.experiment))
    (folder / "config.yaml").write_text(resolved, encoding="utf-8", newline="\n")
    if loaded.experiment.codebook:
        (folder / COPIES["codebook.path"]).write_bytes(kept_bytes(loaded.experiment.codebook.path))
    if study.log is not None:
        (folder / COPIES["decisions"]).write_text(write_log(study.log), encoding="utf-8", newline="\n")
    write_sources(results.corpus, folder / "sources")
    write_model(results, reading.unique_vectors, reading.encoder, study.beside.encoder, folder / "model")
    return results


def write_sources(corpus: Corpus, folder: Path) -> None:
    """The texts that offsets refer to, if these are not the files' own decoded text."""
    documents = corpus.documents
    rows = zip(
        documents["document_id"].to_pylist(), documents["path"].to_pylist(), documents["extracted"].to_pylist(),
        corpus.texts["text"].to_pylist(), strict=True,
    )  # fmt: skip
    for name, path, extracted, text in rows:
        if extracted:
            place = folder / source_place(name, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")


def write_model(
    results: Results, vectors: Vectors, encoder: TextEncoder | None, beside: TextEncoder | None, folder: Path
) -> None:
    """What is needed to give new documents the themes and codes of this run: arrays and JSON.

    `vectors` (u, d) are those of the paragraphs that count once; no `encoder` if vectors were given. `beside` is the
    second encoder, which reads for codes alone; None if there is none.
    """
    from toolkit.discover import save_model

    folder.mkdir()
    save_model(results.discovery, vectors, folder)
    if results.coding is not None and results.codebook is not None:
        from toolkit.coding import save_background

        save_background(results.coding, results.codebook, folder)
    if encoder is not None:
        encoder.save(folder)
    if beside is not None:
        beside.save(folder / SECOND)
