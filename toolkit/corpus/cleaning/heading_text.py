"""The words of a heading without its marks."""

from __future__ import annotations

from toolkit.corpus.cleaning.block_features import MAX_VIEW_CHARACTERS


def heading_text(raw: str) -> str:
    """The heading on one line without Markdown's marks and underlines, with its numbering."""
    import re

    lines = [line.strip() for line in raw.splitlines() if line.strip()]
    if len(lines) > 1 and re.fullmatch(r"[=\-]{2,}", lines[-1]):
        lines = lines[:-1]
    flat = " ".join(" ".join(lines).split())[:MAX_VIEW_CHARACTERS]
    flat = re.sub(r"\s+#+$", "", re.sub(r"^#{1,6}\s*", "", flat))
    flat = re.sub(r"!?\[([^\]]{0,500})\]\([^)]*\)", r"\1", flat)
    return re.sub(r"(\*{1,3}|_{2,3})(.+?)\1", r"\2", flat).strip()
