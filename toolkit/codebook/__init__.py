"""The codebook file, and coding paragraphs against it. The coder itself loads when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.codebook.answers import codes_sha256
from toolkit.codebook.codebook import Code, Codebook, load_codebook
from toolkit.codebook.human import HumanCodes, load_human_codes
from toolkit.codebook.sampled import designs_beside, sampling
from toolkit.codebook.settings import CodebookSettings

if TYPE_CHECKING:
    from toolkit.codebook.code import code_paragraphs as code_paragraphs
    from toolkit.codebook.further import code_further as code_further
    from toolkit.codebook.further import load_background as load_background
    from toolkit.codebook.further import save_background as save_background

__all__ = [
    "Code",
    "Codebook",
    "CodebookSettings",
    "HumanCodes",
    "code_further",
    "code_paragraphs",
    "codes_sha256",
    "designs_beside",
    "load_background",
    "load_codebook",
    "load_human_codes",
    "sampling",
    "save_background",
]


def __getattr__(name: str) -> Any:
    if name == "code_paragraphs":
        from toolkit.codebook.code import code_paragraphs

        return code_paragraphs
    if name in {"code_further", "load_background", "save_background"}:
        from toolkit.codebook import further

        return getattr(further, name)
    raise AttributeError(f"module 'toolkit.codebook' has no attribute {name!r}")
