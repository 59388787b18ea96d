"""Writes an offline page on which a person names, merges, splits and drops the themes of a run; it saves a log.

Start with `curate.py` (writes the page); `material.py` makes its data from a run, `evidence.py` the evidence for
merging two themes and for splitting one.
"""

from toolkit.curate.curate import Curated, curate

__all__ = ["Curated", "curate"]
