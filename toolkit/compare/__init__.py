"""Compares two runs: which themes are the same, grew, shrank, split, merged, are new or are gone.

Start with `compare.py`; `matching.py` has the rule by which themes correspond.
"""

from toolkit.compare.compare import compare

__all__ = ["compare"]
