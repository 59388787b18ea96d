"""Lines at the edges of several documents of one source."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import Form, form_of
from toolkit.corpus.source import Block

_DIGITS = re.compile(r"\d+")


def edge_views(text: str, blocks: Sequence[Block], markdown: bool) -> set[str]:
    """Views of short blocks among the first and last eight of a document: candidates for the rule `repeated`.

    Lines of the last eight also count without their digits: "Document A17" and "Document B23" are not the same line,
    "Document 17" and "Document 23" are. A first line with a number may be a title ("Part 2").
    """
    if len(blocks) < 3:
        return set()
    edge = tuned.REPEATED_EDGE_BLOCKS
    views: set[str] = set()
    for at in (*range(min(edge, len(blocks))), *range(max(edge, len(blocks) - edge), len(blocks))):
        block = blocks[at]
        if block.end - block.start > tuned.REPEATED_MOST_CHARACTERS or block.kind == "heading":
            continue
        form = form_of(text, block, markdown)
        if 1 <= form.words <= tuned.REPEATED_MOST_WORDS:
            views.add(form.view)
            if at > 1 and form.words < tuned.SENTENCE_LEAST_WORDS:
                views.add(without_digits(form.view))
    return views


def without_digits(view: str) -> str:
    """A view with each number as #: the common form of lines that differ only in digits."""
    return _DIGITS.sub("#", view)


def repeats(form: Form, repeated: frozenset[str], tail: bool) -> bool:
    """Whether a block is one of the repeated lines; `tail`: below the text, where its digits may differ."""
    if form.words > tuned.REPEATED_MOST_WORDS:
        return False
    return form.view in repeated or (tail and without_digits(form.view) in repeated)
