"""Runs one experiment and writes one run folder."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace as changed
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from toolkit.corpus import corpus_files
from toolkit.corpus.given_texts import TEXT, is_texts, write_texts
from toolkit.errors import ConfigError
from toolkit.experiment.experiment import Loaded, inputs_of, load
from toolkit.experiment.starter import are_texts_of_starter, codes_of_starter
from toolkit.files.json import write_json
from toolkit.run_folder.decided import conflict_line
from toolkit.run_folder.identity import Identity
from toolkit.run_folder.manifest import TEXTS, ExperimentRecord, RunDraft, StageRecord
from toolkit.runtime.progress import Progress
from toolkit.runtime.provenance import environment_record, memory_record, toolkit_record
from toolkit.settings import speed_settings
from toolkit.store.stage import Stages
from toolkit.store.stages import Store, default_root
from toolkit.study.manifest import now, record_of
from toolkit.study.preflight import preflight
from toolkit.study.study import Study
from toolkit.text.format import plural

if TYPE_CHECKING:
    from toolkit.corpus.given_texts import Texts
    from toolkit.runs import Run
    from toolkit.study.results import Results


NAME = "texts"
"""The name of a run of texts that come without a config."""


def run(
    config: Path | str | Mapping[str, Any] | Texts,
    corpus: Path | str | Texts | None = None,
    set: Mapping[str, Any] | None = None,
    out: Path | str | None = None,
    *,
    replace: bool = False,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Run an experiment and give its finished run.

    Args:
        config: a config file, or a mapping with the same keys (paths in a mapping start at the working directory). Or
            the texts themselves, which run by the defaults under the name "texts": a list of strings, or a DataFrame
            with a column `text` and, as far as there are any, id, title, source, date and others.
        corpus: documents to use instead of the config's, as a path or as texts; the rest of the config stays.
        set: dotted keys to values, on top of the config: ``{"discover.themes": 12}``.
        out: the run folder; by default ``runs/NAME-`` and 8 digits of a digest of experiment and corpus together. A run
            of the same experiment, corpus, code and packages there is brought up to date. Texts are kept in it
            (``sources/texts.jsonl``), so that `toolkit verify` needs nothing else.
        replace: whether any other finished run in that folder may be replaced.
        fresh: ignore what the store holds.
        progress: where to say how far it is; stderr if not given.

    Raises:
        ToolkitError: a fault in the config, the codebook, the corpus or the texts, a place that cannot be written, or
            one that holds something else. Nothing half-written is left.
    """
    if not (is_texts(config) or is_texts(corpus)):
        _require_config(config)
        return _run(load(cast(Any, config), cast(Any, corpus), set), config, out, replace, fresh, progress)
    with tempfile.TemporaryDirectory(prefix="toolkit-texts-") as folder:
        place = Path(folder) / Path(TEXTS).name
        loaded = _with_texts(config, corpus, set, place)
        return _run(loaded, config, out, replace, fresh, progress, place)


def _require_config(config: Any) -> None:
    if not isinstance(config, (str, Path, Mapping)):
        what = "nothing (None)" if config is None else type(config).__name__
        allowed = "a config file, a mapping, a list of texts or a DataFrame with a column text"
        raise ConfigError([f"config: expected {allowed}, got {what}"])


def _with_texts(config: Any, corpus: Any, overrides: Mapping[str, Any] | None, place: Path) -> Loaded:
    """The experiment on texts, which are written to `place`."""
    if not is_texts(config):
        _require_config(config)
        texts, loaded = corpus, load(config, place, overrides)
    elif corpus is not None:
        raise ConfigError(["corpus: the texts are given already; give a config first to run them by its settings"])
    else:
        tree = {"name": NAME, "corpus": {"path": str(place)}}
        given = f"# The texts that were given are in {TEXTS}.\nname: {NAME}\ncorpus:\n  path: {TEXTS}\n"
        texts, loaded = config, changed(load(tree, None, overrides), given=given)
    if loaded.experiment.corpus.path != str(place):
        raise ConfigError(["corpus.path: texts are given, so there is no path to set; leave it out"])
    named = loaded.experiment.corpus.columns.get("text") or TEXT
    write_texts(texts, place, named if isinstance(named, str) else named[0])
    return loaded


def _run(
    loaded: Loaded,
    config: Any,
    out: Path | str | None,
    replace: bool,
    fresh: bool,
    progress: Progress | None,
    texts: Path | None = None,
) -> Run:
    """The finished run of an experiment; `texts` is the file of a corpus that the run folder shall contain."""
    from toolkit.report import write_report  # `toolkit check` plans a run without any of these
    from toolkit.run_folder.staging import Staging, check_place
    from toolkit.runs import load_run
    from toolkit.runtime.parallel import crew
    from toolkit.study.write import write_run

    news = progress or Progress()
    began, clock = now(), time.monotonic()
    if loaded.left_out:
        news.line(loaded.left_out_words)
    study = open_study(loaded, news, fresh)
    still = starter_codes(study)
    if still:
        news.line(still)
    identity = identity_of(loaded, study)
    place = Path(out) if out is not None else identity.default_out()
    replaced = check_place(place, identity, replace)
    if replaced:
        news.line(f"{place} holds {replaced}, which this run will replace")
    preflight(study, loaded.other_corpus)
    with crew(loaded.experiment.parallel), Staging(place) as staging:
        results = write_run(study, loaded, staging.folder)
        if texts is not None:
            (staging.folder / TEXTS).parent.mkdir(exist_ok=True)
            shutil.copyfile(texts, staging.folder / TEXTS)
        manifest = draft_manifest(results, study.reading.files.digest, study.stages.records, loaded)
        write_json(manifest, staging.folder / "manifest.json")
        news.line("report …")
        write_report(staging.folder, loaded.experiment.report)
        took = {"seconds": round(time.monotonic() - clock, 1), **memory_record()}
        times = {"started": began, "finished": now(), "took": took}
        check_place(place, identity, replace)  # another run may have ended there meanwhile
        inputs = _inputs(config, loaded, None if texts is None else staging.out / TEXTS)
        done = load_run(staging.finish({**manifest, **times, "inputs": inputs}))
    conflicts = conflict_line(done.table("decisions").to_pylist())
    if conflicts:
        news.line(conflicts)
    return done


def identity_of(loaded: Loaded, study: Study) -> Identity:
    """The identity of the run of an experiment on a corpus with the code and packages of this machine."""
    corpus = study.reading.files.digest
    return Identity(loaded.name, loaded.sha256, corpus, toolkit_record(), environment_record())


def open_study(loaded: Loaded, progress: Progress, fresh: bool = False) -> Study:
    """The experiment's stages over its corpus and its store; nothing runs yet. Raises CorpusError, ConfigError."""
    experiment = loaded.experiment
    files = corpus_files(experiment.corpus)
    root = Path(experiment.store) if experiment.store else default_root()
    study = Study(experiment, files, Stages(Store(root, fresh, progress.line), progress))
    _ = study.reading.codebook, study.log  # their faults come before any work
    return study


def starter_codes(study: Study) -> str:
    """That the codebook is still the starter's though the texts are not; empty if it is not so."""
    codes = codes_of_starter(study.reading.codebook)
    if not codes or are_texts_of_starter(study.reading.files):
        return ""
    verb = "is" if codes == 1 else "are"
    return (
        f"{codes} of the {plural(len(study.reading.codebook.themes), 'code')} {verb} still the starter's, about a tram "
        "line, and the texts are not; write your own, or set codebook: null"
    )


def draft_manifest(results: Results, files_sha256: str, stages: Sequence[StageRecord], loaded: Loaded) -> RunDraft:
    """The manifest but for times, inputs and hashes."""
    return {
        **record_of(results.corpus, files_sha256, results.embeddings, results.beside, loaded.experiment.seed, stages),
        "experiment": experiment_record(loaded),
        "speed": {key: value for key, value in speed_settings(loaded.experiment).items() if key != "store"},
    }


def experiment_record(loaded: Loaded) -> ExperimentRecord:
    """The experiment in the manifest, with the keys of its config that were left out as they are about other texts."""
    record: ExperimentRecord = {"name": loaded.name, "sha256": loaded.sha256}
    return {**record, "left_out": list(loaded.left_out)} if loaded.left_out else record


def _inputs(config: Any, loaded: Loaded, texts: Path | None) -> dict[str, Any]:
    """The places of the config and of each input, from which a replay starts."""
    place = str(Path(config).absolute()) if isinstance(config, (str, Path)) else None
    inputs = {"config": place, **inputs_of(loaded.experiment)}
    return inputs if texts is None else {**inputs, "corpus": str(texts)}
