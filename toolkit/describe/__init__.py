"""Describes themes: keywords, labels and verbatim exemplars.

Start with `describing.py`, which has the steps in order; `labellers.py` has the labellers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toolkit.describe.divisions import division_names
from toolkit.describe.labellers import Labeller
from toolkit.describe.material import Encode
from toolkit.describe.quotes import check_quotes
from toolkit.describe.settings import DescribeSettings

if TYPE_CHECKING:
    from toolkit.describe.passages import Passages
    from toolkit.values import Description, Floats, Ints, Table

__all__ = ["DescribeSettings", "Encode", "Labeller", "check_quotes", "describe", "division_names"]


def describe(
    settings: DescribeSettings, passages: Passages, assignment: Ints, strength: Floats, levels: Table | None = None
) -> Description:
    """Label, keywords and exemplars of every theme, every broader theme and -1; nothing is random.

    passages: n unique paragraphs; assignment (n,) themes; strength (n,) in [0, 1] or NaN; levels: table of
    values.LEVELS, None for a division without broader themes.

    Broader themes get words from the paragraphs of their themes, in contrast to the other broader themes, and no
    exemplars, because their themes have them. -1 gets the label "No theme", its keywords and exemplars, so that a
    reader can see which paragraphs have no theme.

    Raises: ConfigError if a labeller requires a model and the run has none.
    """
    from toolkit.describe.describing import described
    from toolkit.schemas import LEVELS

    return described(settings, passages, assignment, strength, LEVELS.empty_table() if levels is None else levels)


def keywords_of(settings: DescribeSettings, texts: Sequence[str], assignment: Ints) -> list[list[str]]:
    """The keywords of themes 0, 1, ... from texts and assignment only: for benchmarks and baselines."""
    from toolkit.describe.describing import plain_keywords
    from toolkit.describe.passages import terms_of

    return plain_keywords(settings, terms_of(settings, texts), assignment)
