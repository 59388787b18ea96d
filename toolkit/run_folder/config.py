"""The config of a run: the experiment as resolved, read from its folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Required, TypedDict, cast

from toolkit.errors import ConfigError
from toolkit.files import yaml12

CONFIG = "config.yaml"
Block = dict[str, Any]
"""One block of a config as a plain tree; `experiment.Experiment` is its validated form."""


class RunConfig(TypedDict, total=False):
    """`config.yaml`: settings that change speed alone are not in it; paths are as the config had them."""

    name: str
    question: str | None
    about: Block
    claims: list[Block]
    seed: int
    corpus: Required[Block]
    embed: Block
    discover: Block
    describe: Block
    codebook: Block | None
    decisions: str
    validate: Block
    estimate: Block
    report: Block


def read_config(folder: Path) -> RunConfig:
    """The config of a run folder.

    Raises:
        ConfigError: there is no config, or it is not the config of a run.
    """
    tree = yaml12.read(folder / CONFIG).value
    if not isinstance(tree, dict) or not isinstance(tree.get("corpus"), dict):
        raise ConfigError([f"{folder / CONFIG}: no config of a run"])
    return cast(RunConfig, tree)
