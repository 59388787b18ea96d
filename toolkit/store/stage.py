"""Running one stage: from the store if it stands there, else made, kept and timed."""

from __future__ import annotations

import hashlib
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from toolkit.files.digest import file_sha256
from toolkit.runtime.memory import give_back
from toolkit.runtime.parallel import dismiss
from toolkit.runtime.progress import Progress
from toolkit.runtime.provenance import versions
from toolkit.runtime.threads import one_blas_thread
from toolkit.settings import Settings, canonical, libraries_of
from toolkit.store.stages import Entry, Store, stage_key
from toolkit.values import Tick

T = TypeVar("T")
HOME = Path(__file__).resolve().parent.parent
SHARED = (
    "files/value.py",
    "schemas.py",
    "text/sentences.py",
    "settings.py",
    "store/stage.py",
    "study/study.py",
    "values.py",
)
"""In every stage's key: what values are and how they are kept, sentence rules, and what hands values to the stages."""


@dataclass(frozen=True)
class Stage:
    """What a stage's result depends on, besides its inputs: the code in `sources` and the libraries that do the work.

    `sources` are modules or packages of this toolkit; their bytes and those of SHARED are part of the key, so a stage
    is made again after any edit to its code and a result can never be older than the code that claims it. A test
    follows the imports of `sources` and refuses a module that is missing here. The blocks of the config that a stage
    is given name further libraries.
    """

    name: str
    kind: type[Any]
    sources: tuple[str, ...]
    libraries: tuple[str, ...] = ()

    def files(self) -> list[Path]:
        """The files whose bytes are part of the key: those of `sources` and of SHARED."""
        places = [HOME / source for source in sorted({*self.sources, *SHARED})]
        inside = ([place] if not place.is_dir() else sorted(place.rglob("*")) for place in places)
        return [path for paths in inside for path in paths if path.suffix != ".pyc" and not path.is_dir()]

    def code(self) -> str:
        """The sha256 (hex) over names and bytes of `files`."""
        total = hashlib.sha256()
        for path in self.files():
            total.update(f"{path.relative_to(HOME).as_posix()}\0{file_sha256(path)}\n".encode())
        return total.hexdigest()


@dataclass
class Stages:
    """Runs stages against one store and remembers what each took."""

    store: Store
    progress: Progress
    records: list[dict[str, Any]] = field(default_factory=list)

    def run(
        self,
        stage: Stage,
        settings: Settings | Mapping[str, Any] | None,
        inputs: Mapping[str, Any],
        make: Callable[[Tick], T],
    ) -> Entry[T]:
        """The stage's value: stored under everything that can change it, or made now."""
        plain = canonical(settings) if isinstance(settings, Settings) else settings
        packages = {*stage.libraries, *(libraries_of(settings) if isinstance(settings, Settings) else ())}
        libraries = {**versions("numpy", "pyarrow", *packages), "python": platform.python_version()}
        key = stage_key(stage.name, stage.code(), plain, inputs, libraries)
        began = time.monotonic()
        entry = self.store.get(stage.name, key, stage.kind)
        if entry is None:
            self.progress.line(f"{stage.name} …")
            with one_blas_thread():
                entry = self.store.put(stage.name, key, make(self.progress.ticker(stage.name)))
            dismiss()
            give_back()
        seconds = time.monotonic() - began
        self.progress.line(f"{stage.name}: " + ("from the store" if entry.from_store else f"{seconds:.1f} s"))
        record = {"name": stage.name, "key": key, "seconds": round(seconds, 3), "from_cache": entry.from_store}
        self.records.append(record)
        return entry
