"""The identity of the run in a folder: its experiment, its corpus, and the code and packages that made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.run_folder.manifest import ASSIGNED, Manifest
from toolkit.settings import digest_of

DIGEST_DIGITS = 8
"""Digits of a digest that reports, folders and messages show."""


@dataclass(frozen=True)
class Identity:
    """The identity of a run: equal identities give equal bytes.

    `experiment` and `corpus` are sha256 (hex); `toolkit` and `environment` are as in a manifest.
    """

    name: str
    experiment: str
    corpus: str
    toolkit: Mapping[str, Any]
    environment: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The digits by which a run of this experiment on this corpus is called, whatever code makes it."""
        return joint_id(self.experiment, self.corpus)

    def default_out(self) -> Path:
        """``runs/NAME-ID`` in the working directory."""
        return default_folder(self.name, self.experiment, self.corpus)

    def differences(self, manifest: Manifest) -> Iterator[str]:
        """The differences between a folder's run and this run, the most important first; empty if they are equal."""
        if manifest["experiment"]["sha256"] != self.experiment:
            yield f"this is another experiment ({self.name!r}, {self.experiment[:DIGEST_DIGITS]})"
        if manifest["corpus"].get("sha256") != self.corpus:
            yield f"this is another corpus ({self.corpus[:DIGEST_DIGITS]})"
        made: Mapping[str, Any] = manifest.get("toolkit") or {}
        if made.get("code") != self.toolkit.get("code"):
            yield f"it was made by other code ({_code(made)}; here {_code(self.toolkit)})"
        yield from _versions(manifest.get("environment") or {}, self.environment)


def default_folder(name: str, experiment_sha256: str, corpus_sha256: str) -> Path:
    """The default folder of a run: ``runs/NAME-ID`` in the working directory."""
    return Path("runs") / f"{name}-{joint_id(experiment_sha256, corpus_sha256)}"


def joint_id(experiment_sha256: str, corpus_sha256: str) -> str:
    """The first digits of a digest of experiment and corpus together."""
    return digest_of({"corpus": corpus_sha256, "experiment": experiment_sha256})[:DIGEST_DIGITS]


def run_id(manifest: Manifest) -> str:
    """The digits by which the run of a folder is called."""
    return joint_id(manifest["experiment"]["sha256"], manifest["corpus"].get("sha256") or "")


def described(manifest: Manifest) -> str:
    """The content of a folder in one clause: name, run, experiment, corpus, date."""
    experiment, corpus = manifest["experiment"], manifest["corpus"]
    kind = "finished assignment to" if manifest.get("kind") == ASSIGNED else "finished run of"
    of_corpus = (corpus.get("sha256") or "unknown")[:DIGEST_DIGITS]
    shas = f"experiment {experiment['sha256'][:DIGEST_DIGITS]}, corpus {of_corpus}"
    when = str(manifest.get("finished") or "at an unknown time")
    return f"a {kind} {experiment['name']!r} (run {run_id(manifest)}, {shas}, finished {when.partition('T')[0]})"


def _code(record: Mapping[str, Any]) -> str:
    """The version of a toolkit, and digits of its code or its commit if known."""
    digits = record.get("code") or record.get("commit") or ""
    return f"toolkit {record.get('version', 'unknown')} {digits[:DIGEST_DIGITS]}".strip()


def _versions(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """The Python and the packages that differ: the first by name, the others counted."""
    before, after = ({"python": side.get("python"), **(side.get("packages") or {})} for side in (then, now))
    other = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    if other:
        first = f"{other[0]} {before.get(other[0])}, here {after.get(other[0])}"
        more = f", and {len(other) - 1} more" if other[1:] else ""
        yield f"it was made with other packages ({first}{more})"
