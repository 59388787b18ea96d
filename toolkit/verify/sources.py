"""Reads the texts to which the offsets of a run refer, from `sources/` or from the files of the corpus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from toolkit.corpus import CorpusFiles, CorpusSettings
from toolkit.run_folder.manifest import source_place
from toolkit.runs import Run


def source_texts(run: Run, files: CorpusFiles | None, settings: CorpusSettings | None) -> Mapping[str, str | None]:
    """document_id -> its text; None if it is neither in `sources/` nor in a file that is still the same.

    `files` and `settings` are the corpus if it can be found; without it only `sources/` is read.
    """
    rows = run.table("documents").select(["document_id", "path", "sha256", "extracted"]).to_pylist()
    texts: dict[str, str | None] = {row["document_id"]: None for row in rows}
    plain = {row["document_id"]: row["sha256"] for row in rows if not row["extracted"]}
    for row in rows:
        place = run.path / "sources" / source_place(row["document_id"], row["path"])
        if row["extracted"] and place.is_file():
            texts[row["document_id"]] = place.read_bytes().decode("utf-8", "surrogatepass")
    if files is not None and settings is not None:
        texts |= _from_corpus(plain, {row["path"] for row in rows if not row["extracted"]}, files, settings)
    return texts


def _from_corpus(
    plain: Mapping[str, str], paths: set[str], files: CorpusFiles, settings: CorpusSettings
) -> dict[str, str]:
    """Texts of plain files, decoded, and of tables' rows, read by the corpus's own readers."""
    from toolkit.corpus.readers import TableReader, reader_of
    from toolkit.corpus.reading import documents_of
    from toolkit.errors import CorpusError

    texts: dict[str, str] = {}
    tables = tuple(file for file in files.files if isinstance(reader_of(file.absolute.name), TableReader))
    for file in files.files:
        if plain.get(file.relative) == file.sha256 and not file.fault:
            texts[file.relative] = file.absolute.read_bytes().decode("utf-8", "replace")
    if not any(file.relative in paths for file in tables):
        return texts
    try:
        for source in documents_of(settings, replace(files, files=tables), None):
            if plain.get(source.document_id) == source.sha256:
                texts[source.document_id] = source.text
    except CorpusError:
        return texts
    return texts
