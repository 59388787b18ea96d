"""The keys of a config that are about its own documents, and which are left out if a run reads others."""

from __future__ import annotations

import os
from pathlib import Path

from toolkit.corpus import CorpusSettings, corpus_files
from toolkit.errors import CorpusError
from toolkit.experiment.paths import absolute
from toolkit.experiment.starter import are_texts_of_starter, asked_by_starter, claims_of_starter
from toolkit.experiment.tree import Node
from toolkit.text.format import listed, plural

OF_DOCUMENTS = ("question", "claims", "about.corpus")
"""Keys that are about the documents of a config: what is asked of them, and what they are."""


def of_other_documents(root: Node, corpus: Path | str) -> tuple[str, ...]:
    """The keys of a config that are about its own documents, if `corpus` is outside these; none if it is part of
    them, or if the config names no corpus.
    """
    named = absolute(root).at(("corpus", "path"))
    if named is None or not isinstance(named.value, str):
        return ()
    place = Path(os.path.normpath(Path.cwd() / Path(corpus).expanduser()))
    if place.is_relative_to(os.path.normpath(named.value)):
        return ()
    return tuple(key for key in OF_DOCUMENTS if _is_given(root, key))


def of_starter(root: Node) -> tuple[str, ...]:
    """The keys of a config that are word for word the starter's, if its corpus has other texts than the starter's."""
    keys, path = asked_by_starter(root), absolute(root).at(("corpus", "path"))
    if not keys or path is None or not isinstance(path.value, str):
        return ()
    try:
        return () if are_texts_of_starter(corpus_files(CorpusSettings(path=path.value))) else keys
    except CorpusError:  # reported when the corpus is read
        return ()


def without(root: Node, keys: tuple[str, ...]) -> Node:
    """The config without some of `OF_DOCUMENTS`."""
    for key in keys:
        root = _without(root, tuple(key.split(".")))
    return root


def without_starter(root: Node, keys: tuple[str, ...]) -> Node:
    """The same, but for claims that are not the starter's."""
    theirs, claims = claims_of_starter(root), root.at(("claims",))
    root = without(root, keys)
    if claims is None or "claims" not in keys:
        return root
    kept = [node for number, node in enumerate(claims.value) if number not in theirs]
    return Node({**root.value, "claims": Node(kept, claims.where, claims.folder)}, root.where, root.folder)


def for_other_documents(keys: tuple[str, ...], claims: int) -> str:
    """The sentence on keys left out because the run reads other documents, and how to give one's own."""
    return (
        f"{_named(keys, claims)} of the config {_are(keys, claims)} about its own documents and left out; give yours "
        "by --set question=… (claims=…, about.corpus.description=…), or in a config that extends this one and names "
        "your documents"
    )


def for_starter(keys: tuple[str, ...], claims: int) -> str:
    """The sentence on keys left out because they are the starter's and the texts are not."""
    verb = _are(keys, claims)
    return (
        f"{_named(keys, claims)} of the config {verb} still the starter's, the texts are not: left out; write yours "
        "into the config"
    )


def _named(keys: tuple[str, ...], claims: int) -> str:
    return listed([plural(claims, "claim") if key == "claims" else key for key in keys])


def _are(keys: tuple[str, ...], claims: int) -> str:
    return "is" if len(keys) == 1 and (keys[0] != "claims" or claims == 1) else "are"


def _is_given(root: Node, key: str) -> bool:
    node = root.at(tuple(key.split(".")))
    return node is not None and node.plain() not in (None, [], {}, "")


def _without(node: Node, keys: tuple[str, ...]) -> Node:
    inner = node.value.get(keys[0]) if isinstance(node.value, dict) else None
    if inner is None:
        return node
    rest = {key: value for key, value in node.value.items() if key != keys[0]}
    if len(keys) > 1:
        rest[keys[0]] = _without(inner, keys[1:])
    return Node(rest, node.where, node.folder)
