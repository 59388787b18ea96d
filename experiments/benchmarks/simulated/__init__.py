"""Simulated corpora with a known truth; `simulations.py` beside this folder is the door."""
