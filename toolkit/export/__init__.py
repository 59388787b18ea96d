"""Takes a run along: for an archive, a spreadsheet, a text processor, LaTeX or BERTopic, with or without its texts.

Start with `export.py`.
"""

from toolkit.export.export import export

__all__ = ["export"]
