"""Themes for paragraphs that were not in the fit: kept arrays, nothing refitted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from toolkit.discover.neighbours import across
from toolkit.errors import StoreError
from toolkit.values import NOISE, Discovery, Floats, Ints, Vectors, frozen

FORMAT = 1
VOTERS = 15
"""Kept paragraphs that decide on the theme of a new one."""


@dataclass(frozen=True)
class Model:
    """What `assign` needs of a run: vectors (n, d) float32 unit rows, themes (n,), and the method that made them."""

    vectors: Vectors
    themes: Ints
    method: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "vectors", frozen(self.vectors, np.float32))
        object.__setattr__(self, "themes", frozen(self.themes, np.int32))
        if len(self.vectors) != len(self.themes):
            raise ValueError(f"{len(self.vectors)} vectors and {len(self.themes)} themes")


@dataclass(frozen=True)
class Assigned:
    """Themes of new paragraphs: theme (m,), -1 for none; share (m,) of the vote that it has; nearest (m,) cosine."""

    theme: Ints
    share: Floats
    nearest: Floats
    method: str


def save_model(discovery: Discovery, vectors: Vectors, folder: Path) -> None:
    """Writes what `assign` needs into a folder: discover.json, discover_vectors.npy, discover_themes.npy.

    `vectors` are the rows that the discovery was made of.
    """
    folder.mkdir(parents=True, exist_ok=True)
    method = str(discovery.parameters.get("method", ""))
    model = Model(vectors, discovery.assignment, method)
    np.save(folder / "discover_vectors.npy", model.vectors, allow_pickle=False)
    np.save(folder / "discover_themes.npy", model.themes, allow_pickle=False)
    text = json.dumps({"format": FORMAT, "method": method, "voters": VOTERS}, indent=1, sort_keys=True)
    (folder / "discover.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def load_model(folder: Path) -> Model:
    """The model that `save_model` wrote.

    Raises: StoreError where files are missing or of another format.
    """
    try:
        about = json.loads((folder / "discover.json").read_text(encoding="utf-8"))
        arrays = [np.load(folder / f"discover_{name}.npy", allow_pickle=False) for name in ("vectors", "themes")]
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder}: no themes to assign from ({error}); run the experiment again") from error
    if about.get("format") != FORMAT:
        raise StoreError(f"{folder}: format {about.get('format')} of the themes, {FORMAT} is read; run it again")
    return Model(arrays[0], arrays[1], about["method"])


def assign(model: Model, vectors: Vectors) -> Assigned:
    """Themes of m new unit rows (m, d): the 15 nearest kept paragraphs vote, each with its cosine; -1 votes too.

    The same rule for every method; for density and bertopic runs it stands in for their own, which would need the
    reducer refitted. Ties go to the lower theme, -1 last.
    """
    m, k = len(vectors), int(model.themes.max(initial=NOISE)) + 1
    near = across(vectors, model.vectors, VOTERS)
    if near.k == 0:
        return Assigned(np.full(m, NOISE, np.int32), np.full(m, np.nan), np.full(m, np.nan), "no paragraph to vote")
    votes = np.zeros((m, k + 1))
    voted = np.where(model.themes == NOISE, k, model.themes)[near.rows]
    for voter in range(near.k):
        votes[np.arange(m), voted[:, voter]] += np.maximum(near.similarity[:, voter], 1e-6)
    won = votes.argmax(1)
    share = votes[np.arange(m), won] / votes.sum(1)
    theme = np.where(won == k, NOISE, won).astype(np.int32)
    method = (
        f"Themes of new paragraphs are the vote of their {near.k} nearest paragraphs of the run, weighed by cosine."
    )
    return Assigned(theme, share, near.similarity[:, 0].astype(float), method)
