"""Checks whether a run can be trusted: its bytes, its promises, and the result of running it again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.corpus import CorpusFiles, CorpusSettings, corpus_files
from toolkit.errors import StoreError, ToolkitError
from toolkit.experiment.experiment import Loaded
from toolkit.experiment.paths import COPIES
from toolkit.files.json import json_text
from toolkit.run_folder.config import read_config
from toolkit.run_folder.manifest import ASSIGNED, FORMAT, MANIFEST, folder_files, manifest_digest
from toolkit.runs import Run, load_run
from toolkit.runtime.progress import Progress
from toolkit.verify.promises import check_invariants
from toolkit.verify.replay import GRADES, Grade, Likeness, causes, likeness, moved, reload, replay
from toolkit.verify.sources import source_texts

OWN = ("config.yaml", *COPIES.values())
"""Files of a run folder that a replay starts from."""
NEEDED = {"experiment": dict, "corpus": dict, "files": dict}


@dataclass(frozen=True)
class Verdict:
    """The result of verifying a run.

    Attributes:
        grade: how near the replay is to the run; None if it could not be run again, and `reason` is why.
        stage: the first stage that differs, and `shown_by` the file or column that shows it.
        tampered: files whose bytes are not those of the manifest, one line each.
        broken: promises of the run folder that are broken, one line each.
        unchecked: what could not be checked, and why.
        causes: what is known to differ from the manifest: settings, corpus, model, code, machine, packages.
        foreign: files in the folder that are not the run's.
        passed: whether the grade is good enough, nothing was tampered with and no promise is broken.
    """

    path: str
    at_least: Grade
    grade: Grade | None
    reason: str | None
    stage: str | None
    shown_by: str | None
    differing: tuple[str, ...]
    files: int
    tampered: tuple[str, ...]
    broken: tuple[str, ...]
    unchecked: tuple[str, ...]
    causes: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the run is verified: good enough grade, nothing tampered with, no promise broken."""
        enough = self.grade is not None and GRADES.index(self.grade) >= GRADES.index(self.at_least)
        return enough and not self.tampered and not self.broken

    def lines(self) -> Iterator[str]:
        """For the terminal: the grade on a line of its own, then the evidence for it."""
        yield self.grade or "no grade"
        if self.reason:
            yield f"not run again: {self.reason}"
        if self.stage:
            yield f"first stage that differs: {self.stage} ({self.shown_by}); {len(self.differing)} files differ"
        yield f"files: {self.files - len(self.tampered):,} of {self.files:,} have the bytes that the manifest names"
        yield from (f"tampered: {line}" for line in self.tampered)
        yield "invariants: " + ("all hold" if not self.broken else f"{len(self.broken)} broken")
        yield from (f"broken: {line}" for line in self.broken)
        yield from (f"not checked: {line}" for line in self.unchecked)
        yield from (f"differs: {line}" for line in self.causes)
        if self.stage and not self.causes:
            yield "differs: nothing known: config, corpus, code, packages and machine are the same"
        if self.foreign:
            few = ", ".join(self.foreign[:5]) + (" …" if len(self.foreign) > 5 else "")
            yield f"not the run's: {len(self.foreign)} files ({few})"


def verify(
    path: Path | str,
    at_least: Grade = "identical",
    progress: Progress | None = None,
    *,
    corpus: Path | str | None = None,
    set: Mapping[str, Any] | None = None,
) -> Verdict:
    """Check a run folder's bytes and promises, run its experiment again, and grade the second run against the first.

    Args:
        path: the run folder.
        at_least: the grade that is good enough.
        progress: where progress is printed; stderr if not given.
        corpus: where the corpus is now, if not at the place in the manifest.
        set: other places of inputs (`corpus.metadata`, `codebook.codes`, `embed.vectors`, ...) and settings of speed.

    Raises:
        StoreError: no finished run folder there.
        ConfigError: a key in `set` that results rest on.
    """
    moved(set or {})  # a key that a replay cannot take is a fault before any work
    run, news = _load(Path(path)), progress or Progress()
    news.line("files …")
    tampered, foreign = _integrity(run)
    damaged = {line.partition(":")[0] for line in tampered}
    if run.manifest.get("kind") == ASSIGNED:
        return _assigned(run, at_least, news, corpus, set or {}, tampered, foreign)
    loaded, files, reason = _inputs(run, corpus, set or {})
    news.line("invariants …")
    texts, unread = _texts(run, files, loaded)
    invariants = check_invariants(run, texts)
    with tempfile.TemporaryDirectory(prefix="toolkit-verify-") as folder:
        again: Run | None = None
        like: Likeness | None = None
        if loaded is not None and files is not None:
            try:
                again = replay(run, loaded, Path(folder), news)
                like = likeness(run, again, damaged)
            except ToolkitError as fault:
                reason = _one_line(fault)
        known = tuple(causes(run, loaded, again))
    older = _older(run, at_least) if like else []
    return Verdict(
        str(path),
        at_least,
        like.grade if like else None,
        reason,
        like.stage if like else None,
        like.shown_by if like else None,
        like.files if like else (),
        len(run.manifest["files"]) + 1,
        tampered,
        invariants.broken,
        (*unread, *invariants.unchecked, *older),
        known,
        foreign,
    )


def _assigned(
    run: Run,
    at_least: Grade,
    news: Progress,
    corpus: Path | str | None,
    overrides: Mapping[str, Any],
    tampered: tuple[str, ...],
    foreign: tuple[str, ...],
) -> Verdict:
    """The verdict about a folder of `toolkit assign`: its promises, and the assignment made again."""
    from toolkit.assignment.assign import assign_again

    news.line("invariants …")
    invariants = check_invariants(run, _assigned_texts(run, corpus))
    like, reason = None, None
    with tempfile.TemporaryDirectory(prefix="toolkit-verify-") as folder:
        try:
            again = assign_again(run, Path(folder) / "out", corpus, overrides.get("embed.vectors"), news)
            like = likeness(run, again, {line.partition(":")[0] for line in tampered})
        except ToolkitError as fault:
            reason = f"{_one_line(fault)} (it needs the run that the documents were assigned to, and the documents)"
    return Verdict(
        path=str(run.path),
        at_least=at_least,
        grade=like.grade if like else None,
        reason=reason,
        stage=like.stage if like else None,
        shown_by=like.shown_by if like else None,
        differing=like.files if like else (),
        files=len(run.manifest["files"]) + 1,
        tampered=tampered,
        broken=invariants.broken,
        unchecked=(*invariants.unchecked, *(_older(run, at_least) if like else [])),
        causes=(),
        foreign=foreign,
    )


def _older(run: Run, at_least: Grade) -> list[str]:
    """Why the replay of a folder of an older format cannot be identical to it."""
    if run.format == FORMAT:
        return []
    wanted = "; ask for --at-least same-assignments" if at_least == "identical" else ""
    return [
        f"format {run.format}: whether every byte is the same, because this toolkit writes format {FORMAT}; the grade "
        f"is by what both formats have, at best same-assignments{wanted}"
    ]


def _assigned_texts(run: Run, corpus: Path | str | None) -> Mapping[str, str | None]:
    """Texts of assigned documents, from their files if these are still there, else from `sources/`."""
    try:
        block = read_config(run.path)["corpus"]
        place = str(corpus or run.manifest["inputs"]["corpus"])
        settings = CorpusSettings.model_validate(block | {"path": place, "metadata": None})
        return source_texts(run, corpus_files(settings), settings)
    except (ToolkitError, OSError, ValueError, KeyError, TypeError):
        return source_texts(run, None, None)


def _load(path: Path) -> Run:
    run = load_run(path)
    for name, kind in NEEDED.items():
        if not isinstance(run.manifest.get(name), kind):
            raise StoreError(f"{path}: {MANIFEST} lacks {name!r}: it was damaged or is none of this toolkit's")
    return run


def _integrity(run: Run) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Files whose bytes are not those of the manifest, the manifest included; and files that are not the run's."""
    named, here = run.manifest["files"], folder_files(run.path)
    tampered = [f"{name}: is missing" for name in sorted(named) if name not in here]
    tampered += [f"{name}: was changed" for name in sorted(named) if name in here and here[name] != named[name]]
    tampered += _manifest(run)
    return tuple(sorted(tampered)), tuple(sorted(name for name in here if name not in named))


def _manifest(run: Run) -> list[str]:
    if "seal" not in run.manifest:
        return [f"{MANIFEST}: has no seal"]
    spelled = (run.path / MANIFEST).read_bytes() == json_text(dict(run.manifest)).encode("utf-8")
    sealed = run.manifest["seal"] == manifest_digest(run.manifest)
    return [] if sealed and spelled else [f"{MANIFEST}: was changed"]


def _inputs(
    run: Run, corpus: Path | str | None, overrides: Mapping[str, Any]
) -> tuple[Loaded | None, CorpusFiles | None, str | None]:
    """The experiment and its corpus where both can be had; else why not."""
    lost = [name for name in OWN if name in run.manifest["files"] and not (run.path / name).is_file()]
    if lost:
        missing = f"{run.path}: {' and '.join(lost)} missing from the run folder, so what was run is not known"
        return None, None, f"{missing}; start from a whole copy of it"
    try:
        loaded = reload(run, corpus, overrides)
    except ToolkitError as fault:
        hint = " (give its place now with --set KEY=PATH)" if "no such file" in str(fault) else ""
        return None, None, _one_line(fault) + hint
    try:
        return loaded, corpus_files(loaded.experiment.corpus), None
    except ToolkitError as fault:
        return loaded, None, f"{_one_line(fault)} (give its place now with --corpus)"


def _texts(run: Run, files: CorpusFiles | None, loaded: Loaded | None) -> tuple[Mapping[str, str | None], list[str]]:
    try:
        return source_texts(run, files, loaded.experiment.corpus if loaded else None), []
    except (ToolkitError, OSError, ValueError, KeyError) as fault:
        return {}, [f"texts: {_one_line(fault)}"]


def _one_line(fault: Exception) -> str:
    return " / ".join(str(fault).splitlines()) or type(fault).__name__
