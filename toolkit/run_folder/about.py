"""What a run's config declares of its corpus and its coders (`about`), as values and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.run_folder.config import RunConfig
from toolkit.text.format import count, listed, one_line, plural

PERSON, PROGRAM = "person", "program"
KINDS = ((PERSON, "person", "people"), (PROGRAM, "program", "programs"), ("", "not declared", "not declared"))
"""Kind -> what one and what several of it are called."""


@dataclass(frozen=True)
class DeclaredCorpus:
    """What the study says of its corpus; an empty text or None where it says nothing."""

    description: str
    provenance: str
    period: str
    selection: str
    made_up: bool | None

    @property
    def silent(self) -> bool:
        """Whether the study neither describes the corpus nor says where it comes from."""
        return not (self.description or self.provenance)


@dataclass(frozen=True)
class DeclaredCoder:
    """A coder as declared; `kind` is person, program, or empty if the study does not declare this coder."""

    id: str
    kind: str
    who: str = ""
    training: str = ""

    @property
    def words(self) -> str:
        """A (program; a large language model; instructed by the codebook)."""
        known = [self.kind or "not declared", self.who, self.training]
        return f"{self.id} ({'; '.join(text.rstrip('.') for text in known if text)})"


@dataclass(frozen=True)
class Coders:
    """Those who coded, in words that follow the declaration: programs are never called people, nor people programs."""

    coders: tuple[DeclaredCoder, ...]

    @property
    def number(self) -> int:
        """How many coded."""
        return len(self.coders)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """Ids of coders who coded and are not declared."""
        return tuple(coder.id for coder in self.coders if not coder.kind)

    @property
    def kind(self) -> str:
        """person or program if all coders are of that kind; mixed; empty if none is declared."""
        kinds = {coder.kind for coder in self.coders}
        return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else ""

    @property
    def short(self) -> str:
        """What they are called in the head of a column."""
        return {PERSON: "human coders", PROGRAM: "reference coders"}.get(self.kind, "coders")

    @property
    def noun(self) -> str:
        """What they are called in a sentence: reference coders (programs)."""
        if self.kind == "mixed":
            return f"coders ({self._parts()})"
        return "reference coders (programs)" if self.kind == PROGRAM else self.short

    @property
    def counted(self) -> str:
        """How many they are: 2 reference coders (programs); 3 coders (2 people, 1 program)."""
        one, many = {PERSON: ("human coder", "human coders"), PROGRAM: ("reference coder (a program)", self.noun)}.get(
            self.kind, ("coder", "coders")
        )
        parts = f" ({self._parts()})" if self.kind == "mixed" else ""
        return plural(self.number, one, many) + parts

    def _parts(self) -> str:
        found = Counter(coder.kind for coder in self.coders)
        return ", ".join(f"{count(found[kind])} {one if found[kind] == 1 else many}" for kind, one, many in KINDS
                         if found[kind])  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """The `about` block of a run; `absent` are coders that are declared and coded no paragraph of it."""

    corpus: DeclaredCorpus
    coders: Coders
    absent: tuple[str, ...]
    independence: str

    @property
    def absent_words(self) -> str:
        """That declared coders coded nothing; empty if all did."""
        if not self.absent:
            return ""
        return f"{listed(list(self.absent))} {'is' if len(self.absent) == 1 else 'are'} declared and coded no paragraph"


def declared(config: Mapping[str, Any] | RunConfig, coders: Iterable[str]) -> Declared:
    """What a config (of a run folder, or as resolved) declares of the corpus and of the `coders` who coded."""
    block = config.get("about") or {}
    corpus = block.get("corpus") or {}
    known = {str(row["id"]): _coder(row) for row in block.get("coders") or ()}
    names = sorted(set(coders))
    texts = [one_line(corpus.get(key) or "") for key in ("description", "provenance", "period", "selection")]
    description, provenance, period, selection = texts
    return Declared(
        DeclaredCorpus(description, provenance, period, selection, corpus.get("made_up")),
        Coders(tuple(known.get(name, DeclaredCoder(one_line(name), "")) for name in names)),
        tuple(one_line(name) for name in known if name not in names),
        one_line(block.get("independence") or ""),
    )


def _coder(row: Mapping[str, Any]) -> DeclaredCoder:
    who, training = (one_line(row.get(key) or "") for key in ("who", "training"))
    return DeclaredCoder(one_line(row["id"]), str(row["kind"]), who, training)
