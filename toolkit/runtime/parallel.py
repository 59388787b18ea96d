"""Runs independent pieces of work on workers of this machine or on a Dask cluster. All parallel work goes through here.

A run chooses its workers once (`crew`), and every stage passes its pieces to `each`, which returns the results in
order. A piece depends only on its arguments, so its result has the same bytes wherever it is computed. A worker of a
cluster refuses a piece if its code, packages or CPU features differ from those of the run, because the bits could then
differ, too.
"""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from toolkit.errors import ConfigError, MissingExtraError, ToolkitError
from toolkit.files.digest import file_sha256
from toolkit.runtime.provenance import environment_record
from toolkit.settings import ParallelSettings, digest_of

T = TypeVar("T")
Kind = Literal["threads", "processes"]
CONNECT_SECONDS = 20
"""How long a scheduler, and then its first worker, may take to answer."""


@dataclass(frozen=True)
class Crew:
    """The workers: a number of local workers (None: one per core), or the client of a cluster."""

    workers: int | None = None
    client: Any = None


_HERE = Crew()
_CREW: ContextVar[Crew] = ContextVar("crew")
_ALONE = threading.Lock()


class Processes:
    """Whether local processes were started, and the number of calls of `each` that use them."""

    def __init__(self) -> None:
        self.lock, self.started, self.calls = threading.Lock(), False, 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Processes are in use inside the block."""
        with self.lock:
            self.started, self.calls = True, self.calls + 1
        try:
            yield
        finally:
            with self.lock:
                self.calls -= 1

    def end(self) -> None:
        """Ends them, unless another thread uses them."""
        with self.lock:
            if self.started and not self.calls:
                from joblib.externals.loky import get_reusable_executor

                get_reusable_executor().shutdown(wait=True)
                self.started = False


_PROCESSES = Processes()


@contextmanager
def crew(settings: ParallelSettings) -> Iterator[Crew]:
    """All `each` inside the block use the workers of `settings`.

    Raises:
        ConfigError: `backend: dask` without an address.
        MissingExtraError: dask is not installed.
        ToolkitError: no scheduler answers at the address, or it has no worker.
    """
    client = _client(settings) if settings.backend == "dask" else None
    before = _CREW.set(Crew(settings.workers, client))
    try:
        yield _CREW.get()
    finally:
        _CREW.reset(before)
        if client is not None:
            client.close()


def worker_count(given: int | None = None) -> int:
    """Number of workers for `each`: that of the cluster, `given`, that of the run, or one per available core."""
    now = _CREW.get(_HERE)
    if now.client is not None:
        return max(1, sum(int(threads) for threads in now.client.nthreads().values()))
    if given or now.workers:
        return given or now.workers or 1
    from joblib import cpu_count

    return int(cpu_count())


def on_cluster() -> bool:
    """Whether `each` works on a cluster."""
    return _CREW.get(_HERE).client is not None


def each(
    function: Callable[..., T],
    pieces: Sequence[tuple[Any, ...]],
    *,
    shared: Any = None,
    kind: Kind = "processes",
    workers: int | None = None,
    least: int = 2,
) -> Iterator[T]:
    """`function(shared, *piece)` of every piece, in order; `shared` is common to all pieces and sent to a worker once.

    `kind` is the best kind of local worker: threads if the function releases Python's lock, else processes. With one
    worker, or fewer pieces than `least`, the work is done in this process, even if there is a cluster. On a cluster a
    piece whose worker died is computed by another; pieces there should be small plain values. Raises what the function
    raises.
    """
    client, few = _CREW.get(_HERE).client, workers == 1 or len(pieces) < least
    many = 1 if few else worker_count(workers)
    if client is not None and not few:
        yield from _on_cluster(client, function, pieces, shared, kind)
    elif many == 1:
        for piece in pieces:
            yield function(shared, *piece)
    else:
        from joblib import Parallel, delayed

        pool = Parallel(n_jobs=min(many, len(pieces)), prefer=kind, return_as="generator")
        with _PROCESSES.at_work() if kind == "processes" else nullcontext():
            yield from pool(delayed(function)(shared, *piece) for piece in pieces)


def dismiss() -> None:
    """Stop the processes that `each` started on this machine, to free memory; new ones start if needed.

    Nothing happens while another thread uses them.
    """
    _PROCESSES.end()


def _on_cluster(
    client: Any, function: Callable[..., T], pieces: Sequence[tuple[Any, ...]], shared: Any, kind: Kind
) -> Iterator[T]:
    """The pieces as tasks of the cluster, results in order. `shared` is a task of its own, recomputed if lost.

    joblib's Dask backend is not used, because it silently works in this process if the cluster has one thread.
    """
    from concurrent.futures import CancelledError

    from dask.distributed import KilledWorker

    remote = client.submit(_same, shared, pure=False)
    wanted = conditions()
    left = [client.submit(_there, wanted, function, kind, remote, *piece, pure=False) for piece in pieces]
    left.reverse()
    try:
        while left:
            yield left[-1].result()
            left.pop()
    except (KilledWorker, CancelledError, OSError) as fault:
        raise ToolkitError(
            f"parallel.address: the Dask cluster lost its workers or scheduler ({type(fault).__name__}: {fault}); "
            "start the run again (finished stages are kept), give the workers more memory, or use backend: local"
        ) from None
    finally:
        client.cancel(left)


def _same(value: T) -> T:
    return value


def _there(wanted: dict[str, str], function: Callable[..., T], kind: Kind, shared: Any, *piece: Any) -> T:
    """A piece on a cluster's worker, if everything that decides bits equals that of the run."""
    from threadpoolctl import threadpool_limits

    here = conditions()
    if here != wanted:
        unlike = sorted(name for name in {*here, *wanted} if here.get(name) != wanted.get(name))
        differences = "; ".join(
            f"{name}: {wanted.get(name, 'none')} here, {here.get(name, 'none')} there" for name in unlike
        )
        raise ToolkitError(
            f"parallel.address: a worker of the Dask cluster ({platform.node()}) would give other bits: {differences}; "
            "give all machines the same toolkit, packages and kind of CPU"
        )
    if kind == "threads":
        return function(shared, *piece)
    with _ALONE, threadpool_limits(1):  # a worker has many threads; work for processes runs one piece at a time
        return function(shared, *piece)


@lru_cache(maxsize=1)
def conditions() -> dict[str, str]:
    """The code, packages and CPU features that decide a result's bits, by name."""
    machine = environment_record()
    return {
        "toolkit code": _code(),
        "python": str(machine["python"]),
        "CPU": " ".join([platform.machine(), *machine["cpu_features"]]),
        **{f"package {name}": str(number) for name, number in machine["packages"].items()},
    }


def _code() -> str:
    home = Path(__file__).resolve().parent.parent
    return digest_of({path.relative_to(home).as_posix(): file_sha256(path) for path in home.rglob("*.py")})[:16]


def _client(settings: ParallelSettings) -> Any:
    if not settings.address:
        raise ConfigError(
            ["parallel.backend: dask needs the scheduler's address, such as `parallel.address: tcp://host:8786`"]
        )
    try:
        from dask.distributed import Client
    except ImportError:
        raise MissingExtraError(
            "parallel.backend: dask needs the extra [distributed]: pip install 'thematic-toolkit[distributed]'"
        ) from None
    try:
        client = Client(settings.address, timeout=CONNECT_SECONDS, set_as_default=True)
    except (OSError, ValueError) as fault:
        raise ToolkitError(
            f"parallel.address: no Dask scheduler answers at {settings.address} ({type(fault).__name__}); "
            "start one with `dask scheduler`, or use backend: local"
        ) from None
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        client.close()
        raise ToolkitError(
            f"parallel.address: the Dask scheduler at {settings.address} has no worker; "
            f"start some with `dask worker {settings.address}`"
        ) from None
    return client
