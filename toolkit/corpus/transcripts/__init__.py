"""Reads transcripts and chats: who speaks when, and what of the text is label, time or remark.

Start with `turns.py`, which tries the forms one after the other.
"""
