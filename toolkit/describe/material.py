"""What a labeller may look at besides a theme's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from toolkit.settings import Settings
from toolkit.values import Vectors

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Material:
    """The embedding model (None where vectors were given) and each theme's most central paragraphs, best first."""

    encode: Encode | None
    central: tuple[tuple[str, ...], ...]


class LabellerSettings(Settings):
    """What all labellers share."""

    by_meaning: ClassVar[bool] = False
    """Whether it compares words with the theme's central paragraphs, so that these are read out for it."""
    named: ClassVar[bool] = False
    """Whether themes are named by phrases (`naming`), and not by their keywords in a row."""
    ranking: ClassVar[str] = ""
    """What the methods section says after "counts of paragraphs" about the order of words; empty for their weights."""
