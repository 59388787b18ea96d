"""Which keys of a config are paths, and the folder to which relative ones refer."""

from __future__ import annotations

from pathlib import Path

from toolkit.errors import ConfigError
from toolkit.experiment.tree import Node

MODEL = "embed.model"
"""A path if it begins like one (``./``, ``../``, ``/``, ``~``), else a model's id."""
PATHS = (
    "corpus.path",
    "corpus.metadata",
    "embed.vectors",
    MODEL,
    "describe.labeller.record",
    "codebook.path",
    "codebook.codes",
    "decisions",
    "store",
)
"""Keys whose values are paths; a relative one starts at its file, or at the working folder for `--set`."""
INPUTS = {
    "corpus": "corpus.path",
    "metadata": "corpus.metadata",
    "codes": "codebook.codes",
    "codebook": "codebook.path",
    "vectors": "embed.vectors",
    "model": MODEL,
    "record": "describe.labeller.record",
    "decisions": "decisions",
}
"""Names in a manifest's `inputs` -> the keys whose paths they contain."""
COPIES = {"codebook.path": "codebook.yaml", "decisions": "decisions.yaml"}
"""Keys of files that a run folder contains a copy of, and its name there: a replay reads the copy."""
CONTENT = ("embed.vectors", "codebook.path", "codebook.codes", "decisions")
"""Files that belong to the experiment: they count by content in its digest, wherever they are."""


def absolute(root: Node) -> Node:
    """The tree with every path made absolute from the folder of the file that contains it."""
    for key in PATHS:
        *parents, last = key.split(".")
        node = root.at((*parents, last))
        if node is not None and isinstance(node.value, str) and not node.value.strip():
            raise ConfigError([f"{node.where}: {key}: is empty; give a path, or leave the key out"])
        if node is not None and _is_path(key, node):
            tree = _placed(node)
            for part in reversed((*parents, last)):
                tree = Node({part: tree}, root.where, root.folder)
            root = _graft(root, tree)
    return root


def _is_path(key: str, node: Node) -> bool:
    if isinstance(node.value, list):
        return all(isinstance(item.value, str) for item in node.value)
    return isinstance(node.value, str) and (key != MODEL or node.value.startswith((".", "/", "~")))


def _placed(node: Node) -> Node:
    """A path, or a list of paths, made absolute from the folder of the file that contains it."""
    if isinstance(node.value, list):
        return Node([_placed(item) for item in node.value], node.where, node.folder)
    return Node(str(node.folder / Path(node.value).expanduser()), node.where, node.folder)


def _graft(base: Node, over: Node) -> Node:
    if not isinstance(base.value, dict) or not isinstance(over.value, dict):
        return over
    merged = {**base.value, **{k: _graft(base.value[k], v) for k, v in over.value.items()}}
    return Node(merged, base.where, base.folder)
