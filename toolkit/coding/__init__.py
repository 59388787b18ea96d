"""Codes paragraphs against a codebook, with the evidence for each code. The coder loads at its first use.

Start with `code.py`, which calls `evidence.py`, `scoring.py` and, if people coded some paragraphs, `learning.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.coding.settings import CodebookSettings

if TYPE_CHECKING:
    from toolkit.coding.code import code_paragraphs as code_paragraphs
    from toolkit.coding.gloss import code_glossed as code_glossed
    from toolkit.coding.gloss import text_of as text_of
    from toolkit.coding.new_documents import code_further as code_further
    from toolkit.coding.new_documents import load_background as load_background
    from toolkit.coding.new_documents import save_background as save_background
    from toolkit.coding.unread import code_read as code_read

__all__ = [
    "CodebookSettings",
    "code_further",
    "code_glossed",
    "code_paragraphs",
    "code_read",
    "load_background",
    "save_background",
    "text_of",
]


def __getattr__(name: str) -> Any:
    if name == "code_paragraphs":
        from toolkit.coding.code import code_paragraphs

        return code_paragraphs
    if name in {"code_glossed", "text_of"}:
        from toolkit.coding import gloss

        return getattr(gloss, name)
    if name == "code_read":
        from toolkit.coding.unread import code_read

        return code_read
    if name in {"code_further", "load_background", "save_background"}:
        from toolkit.coding import new_documents

        return getattr(new_documents, name)
    raise AttributeError(f"module 'toolkit.coding' has no attribute {name!r}")
