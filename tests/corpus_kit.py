"""Builds corpora from texts for the corpus tests, and checks what holds for every corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolkit.corpus import CorpusSettings, build_corpus, corpus_files
from toolkit.values import Corpus


def built(folder: Path, files: dict[str, str | bytes] | None = None, **settings: Any) -> Corpus:
    """The corpus of a folder after `files` (relative path to content) are written into it."""
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    made = CorpusSettings(**{"path": str(folder), **settings})
    return checked(build_corpus(made, corpus_files(made)))


def checked(corpus: Corpus) -> Corpus:
    """The corpus, once every promise on spans and order has been seen to hold."""
    texts = dict(zip(column(corpus.texts, "document_id"), column(corpus.texts, "text"), strict=True))
    spans: dict[str, list[tuple[int, int]]] = {name: [] for name in texts}
    for table in (corpus.paragraphs, corpus.ledger):
        for row in table.to_pylist():
            assert texts[row["document_id"]][row["start"] : row["end"]] == row["text"]
            spans[row["document_id"]].append((row["start"], row["end"]))
    for name, text in texts.items():
        seen = bytearray(len(text))
        for start, end in spans[name]:
            assert not any(seen[start:end]), f"{name}: a character in two spans"
            seen[start:end] = b"\1" * (end - start)
        lost = [(at, char) for at, char in enumerate(text) if not char.isspace() and not seen[at]]
        assert not lost, f"{name}: characters in no span: {lost[:5]}"
    order = [(row["document_id"], row["position"]) for row in corpus.paragraphs.to_pylist()]
    assert order == sorted(order)
    assert column(corpus.documents, "document_id") == sorted(texts) == column(corpus.texts, "document_id")
    return corpus


def column(table: Any, name: str) -> list[Any]:
    return list(table.column(name).to_pylist())


def kept(corpus: Corpus) -> list[str]:
    return [" ".join(text.split()) for text in column(corpus.paragraphs, "text")]


def reasons(corpus: Corpus) -> dict[str, str]:
    """Text of each ledger row (blanks as one) to its reason."""
    return {" ".join(row["text"].split()): row["reason"] for row in corpus.ledger.to_pylist()}


def document(corpus: Corpus, name: str) -> dict[str, Any]:
    return next(row for row in corpus.documents.to_pylist() if row["document_id"] == name)
