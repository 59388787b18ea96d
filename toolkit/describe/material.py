"""The input of a labeller besides the words of a theme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from toolkit.settings import Settings
from toolkit.values import Vectors

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Material:
    """The embedding model (None if vectors were given) and the most central paragraphs of each theme, most central
    first."""

    encode: Encode | None
    central: tuple[tuple[str, ...], ...]


class LabellerSettings(Settings):
    """Settings and properties that all labellers share."""

    by_meaning: ClassVar[bool] = False
    """Whether it compares words with the theme's central paragraphs and requires their texts."""
    named: ClassVar[bool] = False
    """Whether names are phrases (`naming`) instead of lists of keywords."""
    ranking: ClassVar[str] = ""
    """Words on the order of keywords after "counts of paragraphs" in the methods section; empty for order by weight."""
