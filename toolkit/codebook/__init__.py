"""The codebook file, and coding paragraphs against it."""

from toolkit.codebook.code import code_paragraphs
from toolkit.codebook.codebook import Code, Codebook, load_codebook
from toolkit.codebook.human import HumanCodes, load_human_codes
from toolkit.codebook.settings import CodebookSettings

__all__ = [
    "Code",
    "Codebook",
    "CodebookSettings",
    "HumanCodes",
    "code_paragraphs",
    "load_codebook",
    "load_human_codes",
]
