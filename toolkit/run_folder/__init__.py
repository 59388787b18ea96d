"""Defines the format of a run folder: its manifest, how it is written as a whole, and the reader of its tables.

Start with `manifest.py`; `reader.py` is what figures and reports read a run with.
"""
