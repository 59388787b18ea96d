"""Splits text into sentences, and formats words and numbers for readers.

Start with `format.py` and `sentences.py`.
"""
