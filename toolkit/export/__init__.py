"""Packs a run for an archive, for publication without its texts, or for BERTopic.

Start with `export.py`.
"""

from toolkit.export.export import export

__all__ = ["export"]
