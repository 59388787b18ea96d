"""Decides which blocks of a document are body text, and why others are not: rules of wording and place, a score.

Start with `clean.py`; the rules are data in `cues/`, and the tuned numbers are in `tuned.toml`.
"""
