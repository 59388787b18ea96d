"""What a labeller may look at besides a theme's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.values import Vectors

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Material:
    """The embedding model (None where vectors were given) and each theme's most central paragraphs, best first."""

    encode: Encode | None
    central: tuple[tuple[str, ...], ...]
