"""What of a document is body text, and why the rest is not: rules of wording, rules of place, a score of boilerplate.

Start with `clean.py`; the rules are data in `cues/`, and their tuned numbers are in `tuned.py`.
"""
