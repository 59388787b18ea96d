"""Splits text into sentences, counts notes on documents, and formats words and numbers for readers.

Start with `format.py` and `sentences.py`.
"""
