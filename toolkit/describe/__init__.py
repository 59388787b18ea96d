"""Describes themes: keywords, labels and verbatim exemplars.

Start with `describing.py`, which has the steps in order; `labellers.py` has the labellers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from toolkit.describe.divisions import division_names
from toolkit.describe.labellers import Labeller
from toolkit.describe.material import Encode
from toolkit.describe.quotes import check_quotes
from toolkit.describe.settings import DescribeSettings

if TYPE_CHECKING:
    from toolkit.values import Description, Floats, Ints, Vectors

__all__ = ["DescribeSettings", "Encode", "Labeller", "check_quotes", "describe", "division_names"]


def describe(
    settings: DescribeSettings,
    paragraphs: Any,
    assignment: Ints,
    vectors: Vectors,
    strength: Floats,
    levels: Any,
    seed: int,
    encode: Encode | None = None,
    languages: Sequence[str | None] | None = None,
    titles: Mapping[str, str] | None = None,
) -> Description:
    """Label, keywords and exemplars for every theme, broader level and -1.

    paragraphs: pa.Table of the n unique paragraphs (paragraph_id, document_id, start, text); assignment (n,) themes;
    vectors (n, d) unit rows; strength (n,) in [0, 1] or NaN; levels: pa.Table of values.LEVELS. `encode` compares
    phrases and words with paragraphs; without it names rest on words alone. `languages`, one for each text, decide on
    stop words and grammar; phrases of `titles`, document_id -> title, may name a theme. Nothing here is random: `seed`
    is taken as by every stage and not used.

    Broader themes get words from the paragraphs of their themes, set against the other broader themes, and no
    exemplars of their own (their themes have them). -1 gets the label "No theme", its keywords as they are, and
    exemplars, so that a reader can see what was left out. Raises ConfigError where a labeller needs a model.
    """
    from toolkit.describe.describing import described

    return described(settings, paragraphs, assignment, vectors, strength, levels, encode, languages, titles)


def keywords_of(settings: DescribeSettings, texts: Sequence[str], assignment: Ints) -> list[list[str]]:
    """The keywords of themes 0, 1, ... alone, from texts and assignment: for benchmarks and baselines."""
    from toolkit.describe.describing import plain_keywords, terms_of

    return plain_keywords(settings, terms_of(settings, texts), assignment)
