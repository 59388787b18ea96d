"""The study that `toolkit init` writes, and what of a config and a corpus is still that study's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from toolkit.codebook import Codebook, load_codebook
from toolkit.corpus import CorpusFiles
from toolkit.experiment.tree import Node, read_tree
from toolkit.files.digest import file_sha256

STARTER = Path(__file__).parent / "starter_study"
"""The folder that `toolkit init` copies."""
FILES = {
    "study.yaml": "the config: question, claims, corpus, codebook; start here",
    "codebook.yaml": "your own themes (codes), each with a definition",
    "sources.csv": "date, source and voice of each text",
    "texts": "made-up texts about a tram line, to be replaced by yours",
}
"""Everything in that folder, in the order in which it is to be read, and what it is."""


def are_texts_of_starter(files: CorpusFiles) -> bool:
    """Whether a corpus is made of nothing but the starter's texts."""
    return {file.sha256 for file in files.files} <= _texts()


def asked_by_starter(root: Node) -> tuple[str, ...]:
    """The dotted keys of question, claims and about.corpus that a config has word for word from the starter.

    `claims` if at least one is the starter's; about.corpus as a whole if all of it is. `made_up` counts as the
    starter's if any sentence of about.corpus is.
    """
    question = ("question",) if _plain(root, ("question",)) == starter_question() else ()
    claims = ("claims",) if claims_of_starter(root) else ()
    declared, known = (_plain(tree, ("about", "corpus")) for tree in (root, _config()))
    declared = declared if isinstance(declared, dict) else {}
    same = [
        key for key, value in declared.items() if key != "made_up" and value is not None and value == known.get(key)
    ]
    same += ["made_up"] if same and "made_up" in declared else []
    about = ("about.corpus",) if same and len(same) == len(declared) else tuple(f"about.corpus.{key}" for key in same)
    return (*question, *claims, *about)


def claims_of_starter(root: Node) -> tuple[int, ...]:
    """The numbers, from 0, of the claims of a config that are the starter's."""
    claims, known = _plain(root, ("claims",)), _plain(_config(), ("claims",))
    listed = claims if isinstance(claims, list) else []
    return tuple(number for number, claim in enumerate(listed) if claim in known)


def codes_of_starter(codebook: Codebook | None) -> int:
    """How many codes of a codebook are the starter's, in every field."""
    known = load_codebook(STARTER / "codebook.yaml").themes
    return sum(code in known for code in codebook.themes) if codebook else 0


def starter_question() -> str:
    """The question of the starter."""
    return str(_plain(_config(), ("question",)))


@cache
def _config() -> Node:
    return read_tree(STARTER / "study.yaml")


@cache
def _texts() -> frozenset[str]:
    return frozenset(file_sha256(path) for path in (STARTER / "texts").iterdir())


def _plain(root: Node, keys: tuple[str, ...]) -> Any:
    node = root.at(keys)
    return None if node is None else node.plain()
