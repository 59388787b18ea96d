"""Defines the format of a run folder: its manifest, its atomic writing, and the reader of its tables.

Start with `manifest.py`; figures and reports read a run with `reader.py`.
"""
