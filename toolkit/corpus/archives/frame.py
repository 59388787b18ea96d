"""Lines around an article that its reader recognised: cleaning ignores them."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.corpus.source import Block, Part


def framed(blocks: Sequence[Block]) -> tuple[list[Part], list[Block]]:
    """The parts that a reader marked as metadata, with the titles between them, and the blocks that remain for
    cleaning.

    A document that is no article of an export has no such parts: all of its blocks remain.
    """
    if not any(block.kind == "metadata" for block in blocks):
        return [], list(blocks)
    known = [
        Part(block.start, block.end, block.kind, "text" if block.kind == "metadata" else "heading")
        for block in blocks
        if block.kind in ("metadata", "heading")
    ]
    return known, [block for block in blocks if block.kind != "metadata"]


def with_frame(parts: Sequence[Part], frame: Sequence[Part]) -> list[Part]:
    """All parts in order; titles keep the reason that the reader gave them."""
    known = {part.start for part in frame}
    return sorted([*frame, *(part for part in parts if part.start not in known)])
