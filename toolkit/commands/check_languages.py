"""The lines of `toolkit check` on documents in languages that the model does not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from toolkit.study.study import Study

FEWEST_WORDS = 20
"""Least words of a document of unknown language for it to be looked at again: fewer are not informative."""
MOST_NAMED = 8


def language_lines(study: Study) -> Iterator[str]:
    """Lines if any document with text is in a language that the model does not read, however few there are, or if the
    languages left no model that reads meaning."""
    from toolkit.embed import primary, reading_advice

    settings, choice = study.reading.embedder, study.reading.choice
    if choice and choice.by_words:
        yield f"warning     {choice.reason} See docs/guides/other-languages.md"
    reads = settings.reads
    if settings.vectors is not None or reads is None:
        return
    rows = [row for row in study.reading.corpus.value.documents.to_pylist() if row["paragraphs"]]
    other = [row for row in rows if row["language"] and primary(row["language"]) not in reads]
    unknown = _unknown(study, rows)
    if not (other or unknown):
        return
    counted = Counter(row["language"] for row in other)
    named = ", ".join(
        [f"{name} {count:,}" for name, count in counted.most_common(MOST_NAMED)]
        + [f"not known {len(unknown):,}"] * bool(unknown)
    )
    first = min(row["document_id"] for row in [*other, *unknown])
    verb = "is" if len(other) + len(unknown) == 1 else "are"
    those = "not in English" if reads == {"en"} else "in other languages than it reads"
    yield (
        f"warning     {len(other) + len(unknown):,} of {len(rows):,} documents {verb} {those} ({named}; the first: "
        f"{first}), and {settings.method} reads {_names(reads)}"
    )
    yield "            themes may follow the language and codes miss such texts; corpus.languages keeps one language;"
    yield f"            {reading_advice(settings.method, counted)}; see docs/guides/other-languages.md"


def _names(reads: frozenset[str]) -> str:
    return "English only" if reads == {"en"} else ", ".join(sorted(reads))


def _unknown(study: Study, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The documents of no known language that have enough words and do not look English."""
    from toolkit.corpus.language import looks_english

    asked = {row["document_id"]: row for row in rows if not row["language"] and row["words"] >= FEWEST_WORDS}
    texts = study.reading.corpus.value.texts
    pairs = zip(texts["document_id"].to_pylist(), texts["text"], strict=True) if asked else ()
    return [asked[name] for name, text in pairs if name in asked and not looks_english(text.as_py())]
