"""Reads what people write: the codebook, their codes, and how the paragraphs that they coded were drawn.

Start with `codebook.py` (the codebook file) and `human.py` (codes given by people).
"""

from toolkit.codebook.codebook import Code, Codebook, codebook_text, kept_bytes, load_codebook
from toolkit.codebook.human import HumanCodes, load_human_codes
from toolkit.codebook.human_files import codes_sha256
from toolkit.codebook.sampling_design import designs_beside, sampling

__all__ = [
    "Code",
    "Codebook",
    "HumanCodes",
    "codebook_text",
    "codes_sha256",
    "designs_beside",
    "kept_bytes",
    "load_codebook",
    "load_human_codes",
    "sampling",
]
