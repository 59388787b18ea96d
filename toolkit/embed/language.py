"""Whether the model can read the corpus's languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from toolkit.embed.use import Use
from toolkit.values import Bools

NOTABLE_SHARE = 0.1
"""Share of documents in other languages from which a warning is due."""
UNKNOWN = frozenset({"", "und", "unknown"})


def language_note(languages: Mapping[str, int], method: str, reads: frozenset[str] | None) -> str | None:
    """A warning with advice if a notable part of the corpus is in languages that the model cannot read.

    `languages` maps ISO 639-1 codes to numbers of documents; unknown languages ("", "und") do not count. `reads` are
    the codes that `method` reads; None: any, or unknown. Returns None if more than nine in ten documents are readable.
    """
    known = known_languages(languages)
    other = {name: count for name, count in known.items() if reads is not None and primary(name) not in reads}
    total, count = sum(known.values()), sum(other.values())
    if not count or count < NOTABLE_SHARE * total:
        return None
    return (
        f"{count:,} of {total:,} documents whose language is known are in languages that the model ({method}) does not "
        f"read ({named_counts(other)}): {reading_advice(method, other)}."
    )


def reading_advice(method: str, languages: Mapping[str, int]) -> str:
    """Which models read these languages, as the end of a sentence."""
    multilingual = "a multilingual model with `embed: {method: sentence_transformers, model: ID-OR-FOLDER}`"
    lsa = "`embed: {method: lsa}`, which needs no model and segments Chinese words"
    if method != "use" and Use.languages and {primary(name) for name in languages} <= Use.languages:
        return f"use `embed: {{method: use}}`, which reads fifteen languages, {lsa}, or {multilingual}"
    return f"use {lsa}, or {multilingual}"


def known_languages(languages: Mapping[str, int]) -> dict[str, int]:
    """The known languages with their numbers of documents."""
    return {name: count for name, count in languages.items() if name not in UNKNOWN and count > 0}


def named_counts(languages: Mapping[str, int], without: str | None = None) -> str:
    """Languages with their documents, the most frequent first: `zh 40, de 2`; `without` leaves a language out."""
    shown = [(name, n) for name, n in languages.items() if without is None or primary(name) != without]
    return ", ".join(f"{name} {n:,}" for name, n in sorted(shown, key=lambda item: (-item[1], item[0])))


def read_beside_english(languages: Sequence[str | None], reads: frozenset[str] | None) -> Bools:
    """(n,) true for texts in a language other than English that the model reads as well as English.

    All false if the model's languages are unknown; a text of unknown language counts as English.
    """
    others = reads - {"en"} if reads is not None and "en" in reads else frozenset()
    return np.array([primary(language or "en") in others for language in languages], bool)


def primary(code: str) -> str:
    """The language of a code, its script and region left out: `zh` for `zh-TW`."""
    return code.lower().replace("_", "-").partition("-")[0]
