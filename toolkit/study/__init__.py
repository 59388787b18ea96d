"""One study: its stages in order, and what their values put into a run folder.

Start with `study.py` (the stages, each declared once) and `reading.py` (corpus, codebook, vectors); `results.py` has
the values, from which `tables.py`, `metrics.py` and `write.py` make the run folder.
"""
