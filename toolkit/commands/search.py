"""What `toolkit search` finds: the paragraphs of a run that are nearest in meaning to a query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from toolkit.errors import ConfigError, StoreError
from toolkit.runs import Run, load_run, require_own_themes
from toolkit.runtime.threads import one_blas_thread
from toolkit.text import notebook
from toolkit.values import Floats, Vectors

ROWS = 50_000
"""Rows of embeddings that are compared at a time."""


@dataclass(frozen=True)
class Hit:
    """A paragraph near to the query. `similarity` is the cosine of the two vectors, in [-1, 1]."""

    rank: int
    similarity: float
    paragraph_id: str
    document_id: str
    title: str | None
    source: str | None
    date: str | None
    position: int
    theme: int
    label: str | None
    copies: int  # further paragraphs with this text or nearly so
    text: str | None


class Hits(tuple[Hit, ...]):
    """Hits, nearest first, that show themselves in a notebook."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        rows = [
            (hit.rank, hit.similarity, hit.title or hit.document_id, hit.source, hit.date, hit.position,
             "no theme" if hit.theme < 0 else hit.label or str(hit.theme), hit.text or "(no text here)")
            for hit in self
        ]  # fmt: skip
        heads = ("#", "#similarity", "document", "source", "date", "#paragraph", "theme", "text")
        return notebook.table("Paragraphs nearest in meaning", heads, rows)


def search(path: Path | str | Run, query: str, n: int = 10) -> Hits:
    """The `n` unique paragraphs nearest to `query` in the embedding space of a run, nearest first; ties in run order.

    The run's own model embeds the query: the same weights, nothing downloaded.

    Raises:
        StoreError: no finished run there, or its vectors were given and it has no model.
        ConfigError: an empty query, or no word of it is known to a model fitted on the corpus.
        ToolkitError: the model is not on this machine.
    """
    run = path if isinstance(path, Run) else load_run(path)
    if not query.strip():
        raise ConfigError(["query: is empty; say what to look for"])
    if n < 1:
        raise ConfigError([f"--n: expected 1 or more, got {n}"])
    vector = _vector(run, query)
    table = run.table("paragraphs")
    copies = table["duplicate_of"].to_pylist()
    unread = table["unread"].to_pylist() if "unread" in table.column_names else [None] * len(copies)
    rows = np.flatnonzero([copy is None and not bad for copy, bad in zip(copies, unread, strict=True)])
    with one_blas_thread():
        similarity = _similarities(run.embeddings, vector)[rows]
    best = rows[np.lexsort((rows, -similarity))[:n]]
    score = dict(zip(rows.tolist(), similarity.tolist(), strict=True))
    rows_found = table.take(best).to_pylist()
    documents = {row["document_id"]: row for row in run.table("documents").to_pylist()}
    labels = {row["theme"]: row["label"] for row in run.table("themes").select(["theme", "label"]).to_pylist()}
    return Hits(
        Hit(
            rank=rank,
            similarity=round(float(score[int(at)]), 6),
            title=documents[row["document_id"]]["title"],
            source=documents[row["document_id"]]["source"],
            date=documents[row["document_id"]]["date"],
            label=labels.get(row["theme"]),
            copies=copies.count(row["paragraph_id"]),
            **{name: row[name] for name in ("paragraph_id", "document_id", "position", "theme", "text")},
        )
        for rank, (at, row) in enumerate(zip(best, rows_found, strict=True), start=1)
    )


def _vector(run: Run, query: str) -> Vectors:
    """(d,) the query as the run's model embeds it."""
    from toolkit.embed import load_encoder
    from toolkit.embed.unread import UNREAD_SHARE

    require_own_themes(run, "search the run itself")
    folder = run.path / "model"
    if not (folder / "encoder.json").is_file():
        raise StoreError(
            f"{run.path}: its vectors were given (embed.vectors), so there is no model to embed a query with"
        )
    with one_blas_thread():
        encoder = load_encoder(folder, run.model_place)
        vector: Vectors = encoder.encode([query])[0]
    if encoder.record.id != "lsa" and encoder.unknown([query])[0] > encoder.settings.get("unread_above", UNREAD_SHARE):
        raise ConfigError([f"query: most of {query!r} is unknown to the run's model ({encoder.record.id})"])
    d = run.embeddings.shape[1]
    if vector.shape != (d,):
        raise StoreError(f"{run.path}: its model gives vectors of length {len(vector)}, its embeddings have length {d}")
    if encoder.record.id == "lsa" and vector[-1] == 1.0:
        raise ConfigError([f"query: no word of {query!r} occurs in the corpus; this run's model (lsa) knows no others"])
    return vector


def _similarities(vectors: Vectors, query: Vectors) -> Floats:
    """(n,) cosines of unit rows to a unit vector."""
    cosines = np.empty(len(vectors))
    for start in range(0, len(vectors), ROWS):
        cosines[start : start + ROWS] = np.asarray(vectors[start : start + ROWS]) @ query
    return cosines


def hit_lines(hits: tuple[Hit, ...], words: int = 40) -> Iterator[str]:
    """Hits for the terminal: two lines each, and the beginning of the text."""
    for hit in hits:
        theme = "no theme" if hit.theme < 0 else f"theme {hit.theme} {hit.label or ''}".rstrip()
        where = ", ".join(filter(None, (hit.title or hit.document_id, hit.source, hit.date)))
        copies = f", {hit.copies} {'copy' if hit.copies == 1 else 'copies'}" if hit.copies else ""
        place = f"paragraph {hit.position} ({hit.paragraph_id}){copies}"
        yield f"{hit.rank:>3}  {hit.similarity:.3f}  {where}; {place}; {theme}"
        text = (hit.text or "").split()
        yield "     " + (" ".join(text[:words]) + (" …" if len(text) > words else "") if text else "(no text here)")
