"""Two runs beside each other: which themes are the same, grown, split, merged, new or gone."""

from toolkit.compare.compare import compare

__all__ = ["compare"]
