"""Writes an offline page on which a person names, merges, splits and drops the themes of a run; it saves a log.

Start with `curate.py` (writes the page); `material.py` is what the page shows of a run, `evidence.py` what speaks for
joining two themes and for dividing one.
"""

from toolkit.curate.curate import Curated, curate

__all__ = ["Curated", "curate"]
