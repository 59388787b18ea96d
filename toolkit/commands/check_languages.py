"""What `toolkit check` says of documents in languages that the packaged model does not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from toolkit.study.study import Study

FEWEST_WORDS = 20
"""Words from which a document whose language is not known is looked at again: fewer tell nothing."""
MOST_NAMED = 8


def language_lines(study: Study) -> Iterator[str]:
    """Lines if the model reads English only and any document with text is not English, however few there are."""
    settings = study.experiment.embed
    if settings.vectors is not None or not settings.english_only:
        return
    rows = [row for row in study.reading.corpus.value.documents.to_pylist() if row["paragraphs"]]
    other = [row for row in rows if row["language"] and row["language"] != "en"]
    unknown = _unknown(study, rows)
    if not (other or unknown):
        return
    counted = Counter(row["language"] for row in other).most_common(MOST_NAMED)
    named = ", ".join(
        [f"{name} {count:,}" for name, count in counted] + [f"not known {len(unknown):,}"] * bool(unknown)
    )
    first = min(row["document_id"] for row in [*other, *unknown])
    yield (
        f"warning     {len(other) + len(unknown):,} of {len(rows):,} documents are not in English ({named}; the first: "
        f"{first}), and {settings.method} reads English only"
    )
    yield "            themes may follow the language and codes miss such texts; embed.method: lsa or a multilingual"
    yield "            model reads them, corpus.languages keeps one language; see docs/guides/other-languages.md"


def _unknown(study: Study, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The documents of no known language that have enough words and do not look English."""
    from toolkit.corpus.language import looks_english

    asked = {row["document_id"]: row for row in rows if not row["language"] and row["words"] >= FEWEST_WORDS}
    texts = study.reading.corpus.value.texts
    pairs = zip(texts["document_id"].to_pylist(), texts["text"], strict=True) if asked else ()
    return [asked[name] for name, text in pairs if name in asked and not looks_english(text.as_py())]
