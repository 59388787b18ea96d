"""Whether the model can read the corpus's languages."""

from __future__ import annotations

from collections.abc import Mapping


def language_note(languages: Mapping[str, int], english_only: bool = True) -> str | None:
    """A warning with advice where a notable part of the corpus is in languages that the packaged model cannot read.

    `languages` maps ISO 639-1 codes to documents; unknown ones ("", "und") do not count. None where at least nine
    documents in ten are English, or the model reads other languages too.
    """
    known = {name: count for name, count in languages.items() if name not in {"", "und", "unknown"} and count > 0}
    total = sum(known.values())
    other = {name: count for name, count in known.items() if not name.lower().startswith("en")}
    share = sum(other.values()) / total if total else 0.0
    if not english_only or share < 0.1:
        return None
    named = ", ".join(
        f"{name} {count:,}" for name, count in sorted(other.items(), key=lambda item: (-item[1], item[0]))
    )
    return (
        f"{sum(other.values()):,} of {total:,} documents whose language is known are not English ({named}), and the "
        "packaged MiniLM reads English only: use `embed: {method: lsa}`, which needs no model and segments Chinese "
        "words, or a multilingual model with `embed: {method: sentence_transformers, model: ID-OR-FOLDER}`."
    )
