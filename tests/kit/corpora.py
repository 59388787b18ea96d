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


def pdf(pages: list[list[tuple[int, int, int, str]]], encrypted: bool = False) -> bytes:
    """A PDF of lines (left, bottom, size, text) in Helvetica on pages of 420 x 600 points; or it wants a password."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        drawn = "\n".join(f"BT /F1 {size} Tf {left} {low} Td ({text}) Tj ET" for left, low, size, text in lines)
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 420 600]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    secret = f" /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>"
    return pdf_file(objects, secret if encrypted else "")


def pdf_file(objects: list[str], trailer: str = "") -> bytes:
    """A PDF of numbered objects, the first one its catalogue, with the table that says where each begins."""
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{trailer} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("latin-1")
