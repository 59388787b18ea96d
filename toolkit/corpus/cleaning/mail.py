"""Removes quoted messages, signatures and list footers from the text of a mail. Rules for articles are not applied."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.corpus.cleaning import tuned
from toolkit.corpus.cleaning.block_features import form_of
from toolkit.corpus.settings import CleanSettings
from toolkit.corpus.source import Block, Part

FOOTER_BLOCKS = 3
"""Blocks at the end of a mail that may be the footer of its list."""
ZONES = ("quoted", "signature")


def mail_parts(text: str, blocks: Sequence[Block], settings: CleanSettings, repeated: frozenset[str]) -> list[Part]:
    """The blocks of a mail as parts; `repeated` has the views of footers that several mails share."""
    return [Part(block.start, block.end, _reason(text, block, settings, repeated), block.kind) for block in blocks]


def _reason(text: str, block: Block, settings: CleanSettings, repeated: frozenset[str]) -> str:
    if block.zone in ZONES and settings.on(block.zone):
        return block.zone
    if block.kind == "heading":
        return "heading"
    if settings.on("separator") and not any(char.isalnum() for char in text[block.start : block.end]):
        return "separator"
    shared = settings.on("repeated") and form_of(text, block, False).view in repeated
    return "repeated" if shared and block.end - block.start <= tuned.REPEATED_MOST_CHARACTERS else ""


def footer_views(text: str, blocks: Sequence[Block]) -> set[str]:
    """Views of the last blocks of a mail that may not be its writer's; its first block is never one of them."""
    later = [block for block in blocks if block.zone not in ZONES][1:]
    return {form_of(text, block, False).view for block in later[-FOOTER_BLOCKS:]}
