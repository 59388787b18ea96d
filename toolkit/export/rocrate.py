"""RO-Crate metadata of an exported run, by the Process Run Crate profile.

Soiland-Reyes et al. (2022), "Packaging research artefacts with RO-Crate"; Leo et al. (2024), "Recording provenance of
workflow runs with RO-Crate"; profile https://w3id.org/ro/wfrun/process/0.5 over RO-Crate 1.1.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
FORMATS = {
    ".parquet": "application/vnd.apache.parquet",
    ".npy": "application/octet-stream",
    ".yaml": "application/yaml",
    ".md": "text/markdown",
    ".bib": "application/x-bibtex",
}


def crate(
    manifest: Mapping[str, Any],
    files: Mapping[str, int],
    sha256: Mapping[str, str],
    about: Mapping[str, str],
) -> dict[str, Any]:
    """The content of ro-crate-metadata.json.

    Args:
        manifest: the run's manifest.
        files: path in the crate -> size in bytes.
        sha256: path in the crate -> sha256, if known.
        about: `name`, `description`, `rights` and, if one is named, `author`.
    """
    finished = str(manifest.get("finished") or "1970-01-01T00:00:00+00:00")
    results = sorted(path for path in files if path.startswith("run/"))
    inputs = [path for path in ("run/given.yaml", "run/codebook.yaml", "run/decisions.yaml") if path in files]
    run = [path for path in results if path not in inputs]
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "conformsTo": {"@id": PROFILE},
            "name": about["name"],
            "description": about["description"],
            "datePublished": finished,
            "license": {"@id": "#rights"},
            "hasPart": _refs(sorted(files)),
            "mentions": {"@id": "#run"},
            **({"author": {"@id": "#author"}} if about.get("author") else {}),
        },
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": "#rights", "@type": "CreativeWork", "name": "Rights", "description": about["rights"]},
        *_software(manifest),
        _corpus(manifest),
        _action(manifest, finished, [*inputs, "#corpus"], run, bool(about.get("author"))),
        *(_file(path, files[path], sha256.get(path)) for path in sorted(files)),
    ]
    if about.get("author"):
        graph.append({"@id": "#author", "@type": "Person", "name": about["author"]})
    return {"@context": CONTEXT, "@graph": graph}


def _refs(ids: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": _id(name)} for name in ids]


def _id(path: str) -> str:
    """A path as a relative URI."""
    from urllib.parse import quote

    return path if path.startswith("#") else quote(path)


def _software(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    made = manifest.get("toolkit") or {}
    environment = manifest.get("environment") or {}
    packages = environment.get("packages") or {}
    toolkit = _application("thematic-toolkit", str(made.get("version"))) | {
        "description": f"commit {made.get('commit') or 'unknown'}; Python {environment.get('python')}",
        "softwareRequirements": [{"@id": _package(name, packages[name])} for name in sorted(packages)],
    }
    return [toolkit, *(_application(name, packages[name]) for name in sorted(packages))]


def _application(name: str, version: str) -> dict[str, Any]:
    identifier = _package(name, version)
    return {
        "@id": identifier,
        "@type": "SoftwareApplication",
        "name": name,
        "softwareVersion": version,
        "url": identifier,
    }


def _package(name: str, version: str) -> str:
    """The package URL (purl) of an installed distribution."""
    from urllib.parse import quote

    return f"pkg:pypi/{name.lower().replace('_', '-')}@{quote(version)}"


def _corpus(manifest: Mapping[str, Any]) -> dict[str, Any]:
    corpus = manifest["corpus"]
    return {
        "@id": "#corpus",
        "@type": "CreativeWork",
        "name": "The corpus",
        "description": f"{corpus.get('documents')} documents, not part of this crate as files",
        "identifier": f"sha256:{corpus.get('sha256')}",
    }


def _action(
    manifest: Mapping[str, Any], finished: str, inputs: list[str], results: list[str], author: bool
) -> dict[str, Any]:
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run of the experiment {manifest['experiment'].get('name')}",
        "description": f"toolkit run, experiment sha256 {manifest['experiment'].get('sha256')}, "
        f"seed {manifest.get('seed')}",
        "instrument": {"@id": _package("thematic-toolkit", str((manifest.get("toolkit") or {}).get("version")))},
        "object": _refs(inputs),
        "result": _refs(results),
        **({"startTime": manifest["started"]} if manifest.get("started") else {}),
        "endTime": finished,
        "actionStatus": "http://schema.org/CompletedActionStatus",
        **({"agent": {"@id": "#author"}} if author else {}),
    }


def _file(path: str, size: int, sha: str | None) -> dict[str, Any]:
    kind = FORMATS.get(PurePosixPath(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    row = {
        "@id": _id(path),
        "@type": "File",
        "name": PurePosixPath(path).name,
        "contentSize": str(size),
        "encodingFormat": kind,
    }
    return row | ({"sha256": sha} if sha else {})
