"""The codebook file, and coding paragraphs against it. The coder itself loads when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.codebook.codebook import Code, Codebook, load_codebook
from toolkit.codebook.human import HumanCodes, load_human_codes
from toolkit.codebook.settings import CodebookSettings

if TYPE_CHECKING:
    from toolkit.codebook.code import code_paragraphs as code_paragraphs

__all__ = [
    "Code",
    "Codebook",
    "CodebookSettings",
    "HumanCodes",
    "code_paragraphs",
    "load_codebook",
    "load_human_codes",
]


def __getattr__(name: str) -> Any:
    if name == "code_paragraphs":
        from toolkit.codebook.code import code_paragraphs

        return code_paragraphs
    raise AttributeError(f"module 'toolkit.codebook' has no attribute {name!r}")
