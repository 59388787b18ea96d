"""How near in meaning each text is to each code, above what any text would be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from toolkit.codebook.mining import Wanted
from toolkit.values import Floats, Vectors

Encode = Callable[[Sequence[str]], Vectors]


@cache
def background() -> tuple[str, ...]:
    """Sentences about anything at all: the fixed background that every code is measured against."""
    text = files("toolkit.codebook").joinpath("background.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


@dataclass(frozen=True)
class Facets:
    """Unit vectors of the codes' facets; `mean` and `sd` (f,) of their cosines with the background."""

    vectors: Floats
    code: Floats
    role: tuple[str, ...]  # definition, rule or against
    mean: Floats
    sd: Floats

    def standardised(self, vectors: Vectors) -> Floats:
        """(m, f) cosine of each text with each facet, in standard deviations above the fixed background."""
        return np.asarray((vectors.astype(float) @ self.vectors.T - self.mean) / self.sd)


def embed_facets(all_wanted: Sequence[Wanted], encode: Encode) -> Facets:
    """The codes' facets embedded by the run's own model, with their background."""
    texts: list[str] = []
    code: list[int] = []
    role: list[str] = []
    for number, one in enumerate(all_wanted):
        texts += [*one.facets, *one.against]
        code += [number] * (len(one.facets) + len(one.against))
        role += ["definition"] + ["rule"] * (len(one.facets) - 1) + ["against"] * len(one.against)
    vectors = np.asarray(encode([*texts, *background()]), dtype=float)
    own, neutral = vectors[: len(texts)], vectors[len(texts) :]
    cosines = neutral @ own.T
    return Facets(own, np.array(code, float), tuple(role), cosines.mean(axis=0), np.maximum(cosines.std(axis=0), 1e-3))


@dataclass(frozen=True)
class Nearness:
    """(m, c) each: standardised cosine with the definition, the nearest rule or example, the nearest exclusion."""

    definition: Floats
    rule: Floats
    against: Floats


def nearness(facets: Facets, vectors: Vectors, codes: int) -> Nearness:
    """Nearness of m texts to each code; where a code has no rules its definition stands in, no exclusions give -9."""
    z = facets.standardised(vectors)
    definition = np.zeros((len(z), codes))
    rule = np.full((len(z), codes), -9.0)
    against = np.full((len(z), codes), -9.0)
    for column, (code, role) in enumerate(zip(facets.code.astype(int), facets.role, strict=True)):
        if role == "definition":
            definition[:, code] = z[:, column]
        target = against if role == "against" else rule
        target[:, code] = np.maximum(target[:, code], z[:, column])
    return Nearness(definition, rule, against)
