"""Whether coders are people or machines, as far as a config declares it."""

from __future__ import annotations

from toolkit.codebook.kinds import StatedKind
from toolkit.experiment.experiment import Experiment
from toolkit.schemas import MACHINE


def declared_coders(experiment: Experiment) -> tuple[StatedKind, ...]:
    """Coders that `codebook.machines` and `about.coders` name; the first must be among those who coded."""
    block = experiment.codebook
    machines = [StatedKind(name, MACHINE, "codebook.machines", True) for name in block.machines] if block else []
    return (*machines, *(StatedKind(coder.id, coder.kind, "about.coders") for coder in experiment.about.coders))


def declared_machines(experiment: Experiment) -> list[str]:
    """The names of the machines among them, in order."""
    return sorted({coder.coder for coder in declared_coders(experiment) if coder.kind == MACHINE})
