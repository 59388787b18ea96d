"""The main job: one experiment, one run folder."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.corpus import corpus_files
from toolkit.experiment import Loaded, inputs_of, load, portable
from toolkit.files import yaml12
from toolkit.files.json import write_json
from toolkit.preflight import preflight
from toolkit.record import now, study_record
from toolkit.run_folder.manifest import source_place, write_tables
from toolkit.run_folder.staging import Staging, check_place
from toolkit.runs import Run, load_run
from toolkit.runtime.parallel import crew
from toolkit.runtime.progress import Progress
from toolkit.runtime.provenance import memory_record
from toolkit.settings import speed_settings
from toolkit.store.stage import Stages
from toolkit.store.stages import Store, default_root
from toolkit.study import Study
from toolkit.tables import tables
from toolkit.values import Metric


def run(
    config: Path | str | Mapping[str, Any],
    corpus: Path | str | None = None,
    set: Mapping[str, Any] | None = None,
    out: Path | str | None = None,
    *,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Run an experiment and give its finished run.

    Args:
        config: a config file, or a mapping with the same keys (paths in a mapping start at the working directory).
        corpus: documents to use instead of the config's; the rest of the config stays.
        set: dotted keys to values, on top of the config: ``{"discover.themes": 12}``.
        out: the run folder; by default ``runs/NAME-`` and the first 8 digits of the experiment's sha256.
        fresh: ignore what the store holds.
        progress: where to say how far it is; stderr if not given.

    Raises:
        ToolkitError: a fault in the config, the codebook or the corpus, or a place that cannot be written. Nothing
            half-written is left.
    """
    from toolkit.report import write_report  # `toolkit check` plans a run without it

    news = progress or Progress()
    began, clock = now(), time.monotonic()
    loaded = load(config, corpus, set)
    place = Path(out) if out is not None else default_out(loaded)
    check_place(place, loaded.sha256)
    study = open_study(loaded, news, fresh)
    _say_what_is_replaced(place, study, news)
    preflight(study)
    with crew(loaded.experiment.parallel), Staging(place) as staging:
        write_run(study, loaded, staging.folder)
        manifest = draft_manifest(study, loaded)
        write_json(manifest, staging.folder / "manifest.json")
        news.line("report …")
        write_report(staging.folder, loaded.experiment.report)
        took = {"seconds": round(time.monotonic() - clock, 1), **memory_record()}
        times = {"started": began, "finished": now(), "took": took}
        return load_run(staging.finish({**manifest, **times, "inputs": _inputs(config, loaded)}))


def _say_what_is_replaced(place: Path, study: Study, news: Progress) -> None:
    if not (place / "manifest.json").is_file():
        return
    if load_run(place).manifest["corpus"]["sha256"] != study.files.digest:
        news.line(f"{place} holds this experiment on another corpus and will be brought up to date with this one")


def default_out(loaded: Loaded) -> Path:
    """``runs/NAME-`` and the first 8 digits of the experiment's sha256, in the working directory."""
    return Path("runs") / f"{loaded.name}-{loaded.sha256[:8]}"


def open_study(loaded: Loaded, progress: Progress, fresh: bool = False) -> Study:
    """The experiment's stages over its corpus and its store; nothing runs yet. Raises CorpusError, ConfigError."""
    experiment = loaded.experiment
    files = corpus_files(experiment.corpus)
    root = Path(experiment.store) if experiment.store else default_root()
    study = Study(experiment, files, Stages(Store(root, fresh, progress.line), progress))
    _ = study.codebook  # its faults come before any work
    return study


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


def metrics(study: Study) -> dict[str, Metric]:
    """All metrics of the run, by dotted key."""
    corpus, found = study.corpus.value, study.discovery.value
    n, unique = corpus.paragraphs.num_rows, len(study.unique.rows)
    noise = int((found.assignment == -1).sum())
    counted = "a count of this corpus, not an estimate: no interval"
    return {
        "corpus.documents": Metric(corpus.documents.num_rows, n=corpus.documents.num_rows, reason=counted),
        "corpus.paragraphs": Metric(n, n=n, reason=counted),
        "corpus.unique_paragraphs": Metric(unique, n=n, reason=counted),
        "corpus.truncated": Metric(
            float(study.embeddings.value.truncated.mean()), direction="lower", n=n, reason=counted
        ),
        "discover.themes": Metric(found.themes, n=unique, reason=counted),
        "discover.noise": Metric(noise / unique, direction="lower", n=unique, reason=counted),
        **_sample_metrics(found),
        **_stability_metrics(found),
        **study.checks.value.metrics,
        **_coding_metrics(study),
    }


def _sample_metrics(found: Any) -> dict[str, Metric]:
    """How far assigning stands in for fitting, where themes were fitted to a sample."""
    chosen, n = found.parameters, found.parameters.get("fit_compared")
    if n is None:
        return {}
    said = "a fit to half of the sample, on its other half; one draw, no interval"
    if not n:
        n, said = None, "not measured: half of the sample cannot have as many themes as asked for"
    return {
        "discover.fit_on": Metric(chosen["fit_on"], n=len(found.assignment), reason="the size of the sample fitted to"),
        "discover.fit_agreement": Metric(chosen["fit_agreement"], direction="higher", n=n, reason=said),
        "discover.fit_matched": Metric(chosen["fit_matched"], direction="higher", n=n, reason=said),
    }


def _stability_metrics(found: Any) -> dict[str, Metric]:
    rows = {}
    if not np.isnan(found.stability).all():
        below = found.parameters.get("fragile_below")
        said = "refits agree hardly better than those of shuffled vectors"
        if below is not None:
            said = "0.6, or what 19 of 20 themes of shuffled vectors stay below where refits agree little"
        rows["discover.fragile_below"] = Metric(below, n=found.parameters.get("refits"), reason=said)
    for theme, (mean, low, high) in enumerate(found.stability):
        refits = found.parameters.get("refits")
        rows[f"stability.theme.{theme}"] = (
            Metric(None, reason="not measured: this method was fitted once")
            if np.isnan(mean)
            else Metric(float(mean), float(low), float(high), "higher", refits)
        )
    return rows


def _coding_metrics(study: Study) -> dict[str, Metric]:
    if study.coding is None:
        return {}
    rows = {}
    for row in study.coding.value.scored.to_pylist():
        key = f"coding.{row['measure']}" + (f".{row['code']}" if row["code"] else "")
        reason = row.get("reason")
        value, low, high = row["value"], row.get("low"), row.get("high")
        if value is None:
            rows[key] = Metric(None, reason=reason or "undefined")
        else:
            better = "lower" if row["measure"].startswith("brier") else "higher"
            rows[key] = Metric(value, low, high, better, row.get("n"), reason)
    return rows


def draft_manifest(study: Study, loaded: Loaded) -> dict[str, Any]:
    """The manifest but for times, inputs and hashes."""
    return {
        **study_record(study),
        "experiment": {"name": loaded.name, "sha256": loaded.sha256},
        "speed": {key: value for key, value in speed_settings(loaded.experiment).items() if key != "store"},
    }


def _inputs(config: Any, loaded: Loaded) -> dict[str, Any]:
    """Where the config and each input lay: what a replay starts from."""
    place = None if isinstance(config, Mapping) else str(Path(config).absolute())
    return {"config": place, **inputs_of(loaded.experiment)}
