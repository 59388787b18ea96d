"""The message for a path that is given as a config and is none: a folder, a document, a finished run."""

from __future__ import annotations

from pathlib import Path

from toolkit.corpus.extensions import extension
from toolkit.run_folder.manifest import MANIFEST

YAML = (".yaml", ".yml")
ALSO_CONFIGS = (*YAML, ".json", "")


def not_a_config(path: Path) -> str | None:
    """Why a path is no config, and what to type instead; None if it may be one."""
    if (path / MANIFEST).is_file():
        return f"{path}: is a finished run, not a config; {_of_run(path)}"
    if path.is_dir():
        return f"{path}: is a folder, and a config is a file; {_of_folder(path)}"
    suffix = path.suffix.lower()
    if path.is_file() and suffix not in ALSO_CONFIGS and extension(path.name) is not None:
        what = "is a page" if suffix in (".html", ".htm") else "is a document or table"
        report = (path.parent / MANIFEST).is_file()
        return f"{path}: {what}, not a config; " + (_of_run(path.parent) if report else _by_a_config(path))
    return None


def _of_folder(folder: Path) -> str:
    names = _names(folder)
    configs = [name for name in names if name.lower().endswith(YAML) and "codebook" not in name and name[0] != "."]
    if configs:
        named = [str(folder / name) for name in sorted(configs, key=lambda name: (name != "study.yaml", name))[:3]]
        return f"did you mean {' or '.join(named)}?"
    if not names:
        return "it is empty: toolkit init writes a study with a config into a new folder"
    return _by_a_config(folder)


def _of_run(folder: Path) -> str:
    return f"toolkit report {folder} writes its report again, toolkit verify {folder} runs it again"


def _by_a_config(documents: Path) -> str:
    line = f"{{name: my_study, corpus: {{path: {_quoted(documents)}}}}}"
    return f"to run on it, write one line into study.yaml: {line} (or start from toolkit init my_study)"


def _quoted(path: Path) -> str:
    plain = str(path)
    return plain if plain.replace("/", "").replace("_", "").replace("-", "").replace(".", "").isalnum() else repr(plain)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(place.name for place in folder.iterdir())
    except OSError:
        return []
