"""Reads transcripts and chats: speakers, times, and the parts of the text that are labels or remarks.

Start with `turns.py`, which tries the forms one after the other.
"""
