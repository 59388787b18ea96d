"""References to themes: digests of their paragraphs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from toolkit.decisions.log import ThemeReference
from toolkit.errors import ToolkitError
from toolkit.values import Floats, Ints, Vectors

DIGITS = 12
"""Hexadecimal digits of a paragraph's digest: two of a million paragraphs share one with a probability of .2 %."""
CORE = 40
"""Paragraphs of a theme that a log names, at most."""
PLACES = 6
"""Decimal places of strength and cosine that decide which paragraphs are core: beyond them machines differ."""

Rows = npt.NDArray[np.integer[Any]]
"""Numbers of rows, parts or groups."""


def digest(text: str) -> str:
    """The first 12 hexadecimal digits of the sha256 of a paragraph's text (UTF-8)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def digests(texts: Sequence[str]) -> list[str]:
    """The digest of each of n texts; equal texts share one.

    Raises: ToolkitError if two different texts have the same one.
    """
    each = [digest(text) for text in texts]
    first: dict[str, str] = {}
    for name, text in zip(each, texts, strict=True):
        other = first.setdefault(name, text)
        if other != text:
            raise ToolkitError(
                f"two different paragraphs have the digest {name}, so that decisions about themes cannot "
                f"distinguish them: {other[:60]!r} and {text[:60]!r}; change a character of one of them"
            )
    return each


def members(names: Iterable[str]) -> str:
    """The sha256 (hex) of the sorted digests of a theme's paragraphs, one on a line."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def references(
    texts: Sequence[str],
    assignment: Ints,
    strength: Floats,
    vectors: Vectors,
    labels: Mapping[int, str] | None = None,
    run: str = "",
) -> dict[str, ThemeReference]:
    """Key -> reference of every theme of n unique paragraphs, theme 0 first.

    `assignment` (n,) themes, -1 for none; `strength` (n,) in [0, 1] or NaN; `vectors` (n, d) unit rows. Core paragraphs
    are all of a theme of up to 40; else 40 at equal steps from the strongest (by `strength`, NaN last, then by cosine
    with the centroid, then by digest) to the weakest, so that a theme is meant by the whole of it: by the strongest
    alone a log finds the theme that has its centre, and not the one that has most of it.

    Raises: ToolkitError if two different paragraphs have the same digest.
    """
    names, labels = np.array(digests(texts), dtype=str), labels or {}
    themes = [
        ThemeReference(
            labels.get(theme, ""), len(rows), members(names[rows].tolist()),
            _core(rows, names, strength, vectors), run,
        )
        for theme in range(int(assignment.max(initial=-1)) + 1)
        if len(rows := np.flatnonzero(assignment == theme))
    ]  # fmt: skip
    return {theme.key: theme for theme in themes}


def _core(rows: Rows, names: npt.NDArray[np.str_], strength: Floats, vectors: Vectors) -> tuple[str, ...]:
    """The digests of paragraphs of a theme from the strongest to the weakest; equal texts count once."""
    total = vectors[rows].sum(0, dtype=float)
    cosine = np.round(vectors[rows] @ (total / max(float(np.linalg.norm(total)), 1e-12)), PLACES)
    strong = np.nan_to_num(np.round(strength[rows], PLACES), nan=-1.0)
    order = np.lexsort((names[rows], -cosine, -strong))
    different = list(dict.fromkeys(names[rows[order]].tolist()))
    last, steps = len(different) - 1, min(CORE, len(different)) - 1
    return tuple(different[(2 * at * last + steps) // (2 * steps) if steps else 0] for at in range(steps + 1))
