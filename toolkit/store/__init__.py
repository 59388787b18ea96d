"""Keeps the results of finished stages, and vectors, under keys made of everything that determines them.

Start with `stage.py`, which runs a stage or reuses its stored result.
"""
