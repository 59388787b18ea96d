"""Checks of a run: coherence, separation, agreement, each with its baseline."""
