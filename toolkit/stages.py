"""Running one stage: from the store if it stands there, else made, kept and timed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from toolkit.progress import Progress
from toolkit.provenance import version, versions
from toolkit.settings import Settings, canonical
from toolkit.store import Entry, Store, stage_key
from toolkit.values import Tick

T = TypeVar("T")
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Stage:
    """What a stage's result depends on, besides its inputs: its name, the version of its code, the libraries used."""

    name: str
    version: int
    kind: type[Any]
    libraries: tuple[str, ...] = ()


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
        libraries = {**versions("numpy", "pyarrow", *stage.libraries), "python": _python(), "toolkit": _toolkit()}
        key = stage_key(stage.name, stage.version, plain, inputs, libraries)
        began = time.monotonic()
        entry = self.store.get(stage.name, key, stage.kind)
        if entry is None:
            self.progress.line(f"{stage.name} …")
            with one_blas_thread():
                entry = self.store.put(stage.name, key, make(self.progress.ticker(stage.name)))
        seconds = time.monotonic() - began
        self.progress.line(f"{stage.name}: " + ("from the store" if entry.from_store else f"{seconds:.1f} s"))
        record = {"name": stage.name, "key": key, "seconds": round(seconds, 3), "from_cache": entry.from_store}
        self.records.append(record)
        return entry


def _python() -> str:
    import platform

    return ".".join(platform.python_version_tuple()[:2])


def _toolkit() -> str | None:
    return version("thematic-toolkit")


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Linear algebra on one thread while a stage works: sums then come out the same on any number of cores.

    Libraries that load inside the block read the variables; those loaded before are limited by threadpoolctl.
    """
    from threadpoolctl import threadpool_limits

    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
