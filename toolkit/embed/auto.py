"""The embedder of a config that names none, by the languages of the corpus's documents.

The choice rests on the corpus alone, so a run repeats it; the run's record says what was chosen and why.
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
from toolkit.embed.use import Use, installed

ENGLISH = 0.95
"""Share of the documents with a known language from which a corpus counts as English. Single words and subject lines of
English corpora are now and then taken for another language, so it is below 1."""
KNOWN = 0.1
"""Least share of the documents whose language must be known to decide: of a few short texts one mistake would."""
READ = 0.9
"""Share of the documents with a known language that `use` must read; below it no packaged model reads the corpus."""
UNREAD = 0.1
"""If too few languages are known: the share of texts that MiniLM cannot read from which `use` is asked. A larger share
that `use` cannot read either leaves the corpus to LSA."""
HALF = 0.5
"""A model that cannot read more of the texts than this is none for them."""
EXTRA = 'pip install "thematic-toolkit[use]"'


class Auto(EmbedderSettings):
    """By the corpus's languages: English by minilm, fifteen languages or a mixture by use, all others by lsa."""

    works: ClassVar[tuple[str, ...]] = ()
    method: Literal["auto"] = "auto"
    engine: Literal["auto", "onnx", "onnx-int8", "torch"] = Field(
        "auto", description="The engine of MiniLM, if that is chosen; see `method: minilm`."
    )

    @property
    def minilm(self) -> MiniLM:
        """MiniLM with all that this block gives."""
        return MiniLM(**self._shared, engine=self.engine)

    @property
    def use(self) -> Use:
        """USE with all that this block gives."""
        return Use(**self._shared)

    @property
    def lsa(self) -> Lsa:
        """LSA with all that this block gives."""
        return Lsa(**self._shared)

    @property
    def _shared(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in EmbedderSettings.model_fields}


@dataclass(frozen=True)
class Choice:
    """What was chosen, and a sentence on why; `lacking` if the better model is not installed."""

    settings: MiniLM | Use | Lsa
    reason: str
    lacking: bool = False

    @property
    def by_words(self) -> bool:
        """Whether no model reads the corpus by meaning, which a reader of its themes must know."""
        return isinstance(self.settings, Lsa)


def chosen(auto: Auto, languages: Mapping[str, int], unread: Callable[[MiniLM | Use], float]) -> Choice:
    """The embedder of a corpus with so many documents in each language (ISO 639-1; "" for not known).

    `unread` gives the share of texts that a model cannot read; it is asked only if too few languages are known.
    """
    known = known_languages(languages)
    total = sum(known.values())
    if total < max(KNOWN * sum(languages.values()), 1):
        return _by_reading(auto, unread)
    english = sum(count for name, count in known.items() if primary(name) == "en")
    if english >= ENGLISH * total:
        return Choice(auto.minilm, _reason("minilm", english, total, "are English"))
    verb = "is" if total - english == 1 else "are"
    there = f"{verb} in other languages than English ({named_counts(known, without='en')})"
    read = sum(count for name, count in known.items() if primary(name) in (Use.languages or ()))
    if read < READ * total:
        why = _reason("lsa", total - english, total, there)
        return Choice(auto.lsa, f"{why[:-1]}, of which no packaged model reads enough; it sees shared "
                      "words, not shared meanings.")  # fmt: skip
    return _use(auto, _reason("use", total - english, total, there))


def _by_reading(auto: Auto, unread: Callable[[MiniLM | Use], float]) -> Choice:
    """The choice if too few languages are known, as of very short texts: by what the vocabularies know."""
    minilm = auto.minilm
    share = unread(minilm)
    if share <= UNREAD:
        why = f"as the language of too few documents is known and it can read {1 - share:.0%} of the texts"
        return Choice(minilm, f"Chosen by language: minilm, {why}.")
    why = f"as the language of too few documents is known and minilm cannot read {share:.0%} of the texts"
    lost = unread(auto.use) if installed() else 0.0
    if share <= min(lost, HALF):
        why = f"as the language of too few documents is known, it can read {1 - share:.0%} of the texts and use no more"
        return Choice(minilm, f"Chosen by language: minilm, {why}.")
    if lost > HALF:
        return Choice(
            auto.lsa, f"Chosen by language: lsa, {why}, use {lost:.0%}; it sees shared words, not shared meanings."
        )
    return _use(auto, f"Chosen by language: use, {why}.")


def _use(auto: Auto, reason: str) -> Choice:
    """USE if it is installed, else LSA, which the reason then says."""
    if installed():
        return Choice(auto.use, reason)
    why = reason.replace("Chosen by language: use, as", "Chosen by language: lsa, as")
    return Choice(
        auto.lsa,
        f"{why[:-1]}, and the model that reads them is not installed ({EXTRA}); lsa sees shared words, not shared "
        "meanings.",
        lacking=True,
    )


def _reason(method: str, count: int, total: int, what: str) -> str:
    return f"Chosen by language: {method}, as {count:,} of {total:,} documents whose language is known {what}."
