"""Adds decisions on the themes of a finished run to its log: what `run.rename` and `run.merge` do.

Start with `amending.py`; `run_log.py` reads the log of a run folder, and what decisions call its themes.
"""
