"""Whether coders are people or machines, as far as a config says it."""

from __future__ import annotations

from toolkit.codebook.kinds import StatedKind
from toolkit.experiment.experiment import Experiment
from toolkit.schemas import MACHINE


def told_by(experiment: Experiment) -> tuple[StatedKind, ...]:
    """Coders that `codebook.machines` and `about.coders` name; the first must be among those who coded."""
    block = experiment.codebook
    machines = [StatedKind(name, MACHINE, "codebook.machines", True) for name in block.machines] if block else []
    return (*machines, *(StatedKind(one.id, one.kind, "about.coders") for one in experiment.about.coders))


def machines_told(experiment: Experiment) -> list[str]:
    """The names of the machines among them, in order."""
    return sorted({one.coder for one in told_by(experiment) if one.kind == MACHINE})
