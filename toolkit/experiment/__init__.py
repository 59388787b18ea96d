"""Reads the config of one experiment into a frozen model, with overrides, and gives it the digest that names it.

Start with `experiment.py`; `tree.py` reads YAML with `extends` and reports all faults at once.
"""

from toolkit.experiment.experiment import Experiment, Loaded, load

__all__ = ["Experiment", "Loaded", "load"]
