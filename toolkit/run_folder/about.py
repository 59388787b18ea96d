"""The declarations of a run's config about its corpus and its coders (`about`), as values and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from toolkit.run_folder.config import RunConfig
from toolkit.schemas import MACHINE, PERSON
from toolkit.text.format import count, listed, one_line, plural

if TYPE_CHECKING:
    from toolkit.values import Table

KINDS = ((PERSON, "person", "people"), (MACHINE, "machine", "machines"), ("", "not declared", "not declared"))
"""Kind -> its names in singular and plural."""


@dataclass(frozen=True)
class DeclaredCorpus:
    """The study's declarations about its corpus; an empty text or None if undeclared."""

    description: str
    provenance: str
    period: str
    selection: str
    made_up: bool | None

    @property
    def silent(self) -> bool:
        """Whether the study states neither a description nor a provenance of the corpus."""
        return not (self.description or self.provenance)


@dataclass(frozen=True)
class DeclaredCoder:
    """A coder; `kind` is person, machine, or empty if unknown; `declared` is true if the config has an entry."""

    id: str
    kind: str
    who: str = ""
    training: str = ""
    declared: bool = True

    @property
    def words(self) -> str:
        """A (machine; a large language model; instructed by the codebook)."""
        known = [self.kind or "not declared", self.who, self.training]
        return f"{self.id} ({'; '.join(text.rstrip('.') for text in known if text)})"


@dataclass(frozen=True)
class Coders:
    """Those who coded, in words that follow their kind: machines are never called people, nor people machines."""

    coders: tuple[DeclaredCoder, ...]

    @property
    def number(self) -> int:
        """The number of coders."""
        return len(self.coders)

    @property
    def ids(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(coder.id for coder in self.coders)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """Ids of coders who coded and are not declared."""
        return tuple(coder.id for coder in self.coders if not coder.kind)

    @property
    def kind(self) -> str:
        """person or machine if all coders are of that kind; mixed; empty if none is declared."""
        kinds = {coder.kind for coder in self.coders}
        return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else ""

    @property
    def short(self) -> str:
        """The name of the coders in the head of a column."""
        return {PERSON: "human coders", MACHINE: "machine coders"}.get(self.kind, "coders")

    @property
    def noun(self) -> str:
        """The name of the coders in a sentence: machine coders."""
        return f"coders ({self._parts()})" if self.kind == "mixed" else self.short

    @property
    def counted(self) -> str:
        """The number of coders in words: 2 machine coders; 3 coders (2 people, 1 not declared)."""
        parts = f" ({self._parts()})" if self.kind == "mixed" else ""
        return plural(self.number, self.short.removesuffix("s"), self.short) + parts

    @property
    def this_run(self) -> str:
        """The name of the run's own coding beside the coders, without an article: machine, if no coder is a machine."""
        return "this run" if self.kind == MACHINE else "machine"

    @property
    def the_run(self) -> str:
        """The same with its article."""
        return "this run" if self.kind == MACHINE else "the machine"

    def against(self, measure: str) -> str:
        """A measure of agreement in words: kappa machine / coders as kappa this run / machine coders."""
        if measure == "alpha machines":
            return "alpha among machine coders"
        for side in ("coders", "people"):
            measure = measure.replace(f"machine / {side}", f"machine / {self.short}")
        return measure.replace("machine / ", f"{self.this_run} / ")

    def _parts(self) -> str:
        coders = Counter(coder.kind for coder in self.coders)
        return ", ".join(f"{count(coders[kind])} {one if coders[kind] == 1 else many}" for kind, one, many in KINDS
                         if coders[kind])  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """The `about` block of a run; `absent` are declared coders that coded no paragraph of the run.

    `coders` gave the codes from which the coding is learned and with which it is compared: people, or machines if no
    person coded. `machines` coded in addition to people and are compared with them.
    """

    corpus: DeclaredCorpus
    coders: Coders
    machines: Coders
    absent: tuple[str, ...]
    independence: str

    @property
    def absent_words(self) -> str:
        """That declared coders coded nothing; empty if all did."""
        if not self.absent:
            return ""
        return f"{listed(list(self.absent))} {'is' if len(self.absent) == 1 else 'are'} declared and coded no paragraph"


def kinds_in(marks: Table) -> dict[str, str] | None:
    """coder -> person or machine by `tables/human`; None for a run that does not distinguish them."""
    kinds = marks["kind"].to_pylist() if "kind" in marks.column_names else []
    if not any(kinds):
        return None
    return {coder: kind or PERSON for coder, kind in zip(marks["coder"].to_pylist(), kinds, strict=True)}


def declared(
    config: Mapping[str, Any] | RunConfig, coders: Iterable[str], kinds: Mapping[str, str] | None = None
) -> Declared:
    """The declarations of a config (of a run folder, or as resolved) about the corpus and the `coders`.

    kinds: coder -> person or machine as counted by the run; without it all coders are the reference.
    """
    block = config.get("about") or {}
    corpus = block.get("corpus") or {}
    known = declared_coders(config)
    names = sorted(set(coders))
    texts = [one_line(corpus.get(key) or "") for key in ("description", "provenance", "period", "selection")]
    description, provenance, period, selection = texts
    by_name = {name: _declared(known.get(name), name, (kinds or {}).get(name)) for name in names}
    beside = [name for name in names if kinds and kinds.get(name) == MACHINE]
    beside = beside if len(beside) < len(names) else []
    return Declared(
        DeclaredCorpus(description, provenance, period, selection, corpus.get("made_up")),
        Coders(tuple(by_name[name] for name in names if name not in beside)),
        Coders(tuple(by_name[name] for name in beside)),
        tuple(one_line(name) for name in known if name not in names),
        one_line(block.get("independence") or ""),
    )


def declared_coders(config: Mapping[str, Any] | RunConfig) -> dict[str, DeclaredCoder]:
    """The coders of the `about` block of a config by their names, in its order."""
    return {str(row["id"]): _coder(row) for row in (config.get("about") or {}).get("coders") or ()}


def _declared(known: DeclaredCoder | None, name: str, kind: str | None) -> DeclaredCoder:
    """A coder with codes, of kind machine if the run counted it as a machine."""
    coder = known or DeclaredCoder(one_line(name), "", declared=False)
    return replace(coder, kind=MACHINE) if kind == MACHINE else coder


def _coder(row: Mapping[str, Any]) -> DeclaredCoder:
    who, training = (one_line(row.get(key) or "") for key in ("who", "training"))
    kind = MACHINE if row["kind"] == "program" else str(row["kind"])  # the word of older runs
    return DeclaredCoder(one_line(row["id"]), kind, who, training)
