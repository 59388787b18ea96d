"""The extensions of readable files: one line for each, as in `readers`, whose code is imported when a file is read."""

from __future__ import annotations

EXTENSIONS = (
    ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".pdf", ".vtt", ".srt", ".eml", ".mbox", ".mhtml", ".mht",
    ".docx", ".rtf", ".ris", ".nbib", ".enw", ".ciw", ".bib", ".xml", ".csv", ".tsv", ".tab", ".xlsx", ".json",
    ".geojson", ".jsonl", ".ndjson", ".jsonl.gz", ".parquet",
)  # fmt: skip


def extension(name: str) -> str | None:
    """The extension by which a file is read (".jsonl.gz" included), or null for a file of another kind."""
    low = name.lower()
    if low.endswith(".jsonl.gz"):
        return ".jsonl.gz"
    dot = low.rfind(".")
    return low[dot:] if dot > 0 and low[dot:] in EXTENSIONS else None
