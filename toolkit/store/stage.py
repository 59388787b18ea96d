"""Run a stage: reuse its stored result, or compute, store and time it."""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from toolkit.files.digest import file_sha256
from toolkit.files.tuned import FILE as TUNED
from toolkit.run_folder.manifest import StageRecord
from toolkit.runtime.memory import give_back
from toolkit.runtime.parallel import dismiss
from toolkit.runtime.progress import Progress
from toolkit.runtime.provenance import versions
from toolkit.runtime.threads import one_blas_thread
from toolkit.settings import Settings, canonical, libraries_of
from toolkit.store.stages import Entry, Store, stage_key
from toolkit.values import Tick

S = TypeVar("S")
T = TypeVar("T")
Plain = Settings | Mapping[str, Any] | None
"""Settings of a stage: a block of the config, or those of its keys that the result depends on."""
HOME = Path(__file__).resolve().parent.parent
SHARED = (
    "files/digest.py",
    "files/tuned.py",
    "files/value.py",
    "schemas.py",
    "text/abbreviations.toml",
    "text/compounds.txt",
    "text/reading_form.py",
    "text/sentences.py",
    "settings.py",
    "store/stage.py",
    "study/beside.py",
    "study/edits.py",
    "study/reading.py",
    "study/study.py",
    "study/unique.py",
    "values.py",
)
"""Part of every stage's key: the definition and storage of values, sentence rules, and the code that connects the
stages."""

Part = tuple[str, tuple[str, ...] | None]
"""A file of a run folder (a trailing * matches any ending), or a table with its columns; None for the whole file."""


def always(of: Any) -> bool:
    """A stage that every study has."""
    return True


def unchecked(of: Any, value: Any) -> None:
    """The default check of a stage, which accepts every value."""


@dataclass(frozen=True)
class Stage(Generic[S, T]):
    """A stage, declared once: its name, its value, and everything that can change that value.

    `sources` are modules or packages of this toolkit; their bytes and those of SHARED are part of the key, so an edit
    to its code invalidates the stored results of a stage. A test follows the imports of `sources` and refuses a module
    that is missing here. `libraries` compute the result; the blocks of the config can name more.

    `settings`, `inputs` (digests, seeds) and `make` are functions of the owner of the stage: a study, or its reading.
    An owner has the stage if `wanted` returns true. `check` examines every value, computed or stored, and raises on a
    fault. `shows` lists the parts of a run folder in which two values of the stage differ.
    """

    name: str
    kind: type[T]
    sources: tuple[str, ...]
    libraries: tuple[str, ...]
    settings: Callable[[S], Plain]
    inputs: Callable[[S], Mapping[str, Any]]
    make: Callable[[S, Tick], T]
    wanted: Callable[[S], bool] = always
    check: Callable[[S, T], None] = unchecked
    shows: tuple[Part, ...] = ()

    def files(self) -> list[Path]:
        """The files whose bytes are part of the key: `sources`, SHARED, and the tuned numbers beside them."""
        places = [HOME / source for source in sorted({*self.sources, *SHARED})]
        beside = sorted({place.with_name(TUNED) for place in places if place.with_name(TUNED).is_file()} - {*places})
        inside = ([place] if not place.is_dir() else sorted(place.rglob("*")) for place in [*places, *beside])
        return [path for paths in inside for path in paths if path.suffix != ".pyc" and not path.is_dir()]

    def code(self) -> str:
        """The sha256 (hex) over names and bytes of `files`."""
        total = hashlib.sha256()
        for path in self.files():
            total.update(f"{path.relative_to(HOME).as_posix()}\0{file_sha256(path)}\n".encode())
        return total.hexdigest()


@dataclass
class Stages:
    """Runs stages against one store and records the duration of each."""

    store: Store
    progress: Progress
    records: list[StageRecord] = field(default_factory=list)

    def run(self, stage: Stage[S, T], of: S) -> Entry[T]:
        """The value of a stage for a study: stored under everything that can change it, or computed now."""
        settings = stage.settings(of)
        plain = canonical(settings) if isinstance(settings, Settings) else settings
        packages = {*stage.libraries, *(libraries_of(settings) if isinstance(settings, Settings) else ())}
        libraries = {**versions("numpy", "pyarrow", *packages), "python": platform.python_version()}
        key = stage_key(stage.name, stage.code(), plain, stage.inputs(of), libraries)
        began = time.monotonic()
        entry = self.store.get(stage.name, key, stage.kind)
        if entry is None:
            self.progress.line(f"{stage.name} …")
            with one_blas_thread():
                entry = self.store.put(stage.name, key, stage.make(of, self.progress.ticker(stage.name)))
            dismiss()
            give_back()
        seconds = time.monotonic() - began
        self.progress.line(f"{stage.name}: " + ("from the store" if entry.from_store else f"{seconds:.1f} s"))
        taken = round(seconds, 3)
        self.records.append({"name": stage.name, "key": key, "seconds": taken, "from_cache": entry.from_store})
        stage.check(of, entry.value)
        return entry
