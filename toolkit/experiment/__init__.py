"""One experiment: its config as a frozen model, read from YAML with overrides, and the digest that names it."""

from toolkit.experiment.experiment import Experiment, Loaded, load

__all__ = ["Experiment", "Loaded", "load"]
