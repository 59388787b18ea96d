"""Chooses the embedder from the languages of the corpus if the config names none.

The choice depends only on the corpus, so a rerun repeats it; the run records the choice and the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import Field

from toolkit.embed.embedder import EmbedderSettings
from toolkit.embed.language import known_languages, named_counts, primary
from toolkit.embed.lsa import Lsa
from toolkit.embed.minilm import MiniLM
from toolkit.embed.use import PACKAGE, Use, installed

ENGLISH_SHARE = 0.95
"""Minimum share of documents in English, among those with a known language, for a corpus to count as English. Below 1,
because language detection mistakes some short texts of English corpora for another language."""
KNOWN_SHARE = 0.1
"""Minimum share of documents with a known language; below it, a single mistake on a few short texts could decide."""
READ_SHARE = 0.9
"""Minimum share of documents, among those with a known language, that `use` must read; below it no packaged model reads
the corpus."""
UNREAD_SHARE = 0.1
"""If too few languages are known: the share of texts unreadable to MiniLM above which `use` is considered."""
MOST_UNREAD_SHARE = 0.5
"""A model that cannot read more than this share of the texts is not chosen."""
BY_WORDS = "lsa sees shared words, not shared meanings"
INSTALL = f"pip install {PACKAGE}"


class Auto(EmbedderSettings):
    """By the corpus's languages: English by minilm, fifteen languages or a mixture by use, all others by lsa."""

    works: ClassVar[tuple[str, ...]] = ()
    method: Literal["auto"] = "auto"
    engine: Literal["onnx", "onnx-int8", "torch"] = Field(
        "onnx", description="The engine of MiniLM, if that is chosen; see `method: minilm`."
    )

    @property
    def minilm(self) -> MiniLM:
        """MiniLM with the settings of this block."""
        return MiniLM(**self._shared, engine=self.engine)

    @property
    def use(self) -> Use:
        """USE with the settings of this block."""
        return Use(**self._shared)

    @property
    def lsa(self) -> Lsa:
        """LSA with the settings of this block."""
        return Lsa(**self._shared)

    @property
    def _shared(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in EmbedderSettings.model_fields}


@dataclass(frozen=True)
class Choice:
    """The chosen embedder, and one sentence with the reason."""

    settings: MiniLM | Use | Lsa
    reason: str

    @property
    def by_words(self) -> bool:
        """Whether no model reads the corpus by meaning; readers of the themes must know this."""
        return isinstance(self.settings, Lsa)


def chosen(auto: Auto, languages: Mapping[str, int], unread: Callable[[MiniLM | Use], float]) -> Choice:
    """The embedder for a corpus with these numbers of documents per language (ISO 639-1; "" for unknown).

    `unread` returns the share of texts that a model cannot read; it is called only if too few languages are known.
    """
    known = known_languages(languages)
    total = sum(known.values())
    if total < max(KNOWN_SHARE * sum(languages.values()), 1):
        return _by_reading(auto, unread)
    english = sum(count for name, count in known.items() if primary(name) == "en")
    other = total - english
    whose = f"of {total:,} documents whose language is known"
    if english >= ENGLISH_SHARE * total:
        return _choice(auto.minilm, f"{english:,} {whose} are English")
    why = f"{other:,} {whose} {'is' if other == 1 else 'are'} in other languages than English "
    why += f"({named_counts(known, without='en')})"
    if not use_reads(languages):
        return _choice(auto.lsa, f"{why}, of which no packaged model reads enough; {BY_WORDS}")
    return _use(auto, why)


def use_reads(languages: Mapping[str, int]) -> bool:
    """Whether USE reads at least `READ_SHARE` of the documents with a known language (ISO 639-1 -> documents).

    Documents of unknown language count as English: true if too few languages are known.
    """
    known = known_languages(languages)
    if sum(known.values()) < KNOWN_SHARE * sum(languages.values()):
        return True
    read = sum(count for name, count in known.items() if primary(name) in (Use.languages or ()))
    return read >= READ_SHARE * sum(known.values())


def _by_reading(auto: Auto, unread: Callable[[MiniLM | Use], float]) -> Choice:
    """The choice if too few languages are known, as in very short texts: by the vocabularies of the models."""
    why, share = "the language of too few documents is known", unread(auto.minilm)
    if share <= UNREAD_SHARE:
        return _choice(auto.minilm, f"{why} and it can read {1 - share:.0%} of the texts")
    lost = unread(auto.use) if installed() else 0.0
    if share <= min(lost, MOST_UNREAD_SHARE):
        return _choice(auto.minilm, f"{why}, it can read {1 - share:.0%} of the texts and use no more")
    why += f" and minilm cannot read {share:.0%} of the texts"
    return _choice(auto.lsa, f"{why}, use {lost:.0%}; {BY_WORDS}") if lost > MOST_UNREAD_SHARE else _use(auto, why)


def _use(auto: Auto, why: str) -> Choice:
    """USE if it is installed, else LSA with the reason."""
    if installed():
        return _choice(auto.use, why)
    return _choice(auto.lsa, f"{why}, and the model that reads them is not installed ({INSTALL}); {BY_WORDS}")


def _choice(settings: MiniLM | Use | Lsa, why: str) -> Choice:
    return Choice(settings, f"Chosen by language: {settings.method}, as {why}.")
