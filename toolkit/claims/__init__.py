"""Answers the claims of a study: each with estimate, interval, verdict and reason.

Start with `settings.py` (what can be claimed); `answering.py` answers, `measures.py` has the statistics.
"""

from toolkit.claims.answering import answer
from toolkit.claims.material import Material
from toolkit.claims.settings import Claim, codes_of, fault_of_codes
from toolkit.claims.usable import missing_in, obstacle
from toolkit.claims.words import sentence

__all__ = ["Claim", "Material", "answer", "codes_of", "fault_of_codes", "missing_in", "obstacle", "sentence"]
