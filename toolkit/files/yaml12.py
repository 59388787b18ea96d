"""Reads YAML by the core schema of YAML 1.2, with the line and column of every value.

PyYAML follows YAML 1.1, in which ``NO`` is False, ``012`` is 10 and ``1e-3`` is a string. All configs, codebooks and
values of ``--set`` are read here, so that values mean what they look like (YAML 1.2.2, section 10.3).
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from toolkit.errors import ConfigError
from toolkit.files.text import read_given
from toolkit.files.yaml_advice import advice

KeyPath = tuple[str | int, ...]
MAX_NODES = 200_000
"""Maximum number of values in a file: aliases can expand a small file beyond any memory."""

MAX_DIGITS = 300
"""A longer run of digits is text, because no setting is such a number."""

_NULL = re.compile(r"(?:null|Null|NULL|~|)\Z")
_TRUE, _FALSE = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL, _HEX = re.compile(r"0o[0-7]+\Z"), re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
MAX_LEVELS = 4_000
"""Marks that open a level of nesting, at most, for libyaml, which dies of too deep a nesting."""
_DISPUTED = re.compile("[?!\t\r\x85\u2028\u2029\ufeff]|[|>][-+0-9]*#|---")
"""Texts that libyaml accepts and PyYAML rejects, or that the two read differently."""
_INF, _NAN = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z"), {".nan", ".NaN", ".NAN"}


@dataclass(frozen=True)
class Mark:
    """The place of a value: line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Marked:
    """A plain tree (dict, list, str, int, float, bool, None) and the place of each key path in it."""

    value: Any
    marks: dict[KeyPath, Mark] = field(default_factory=dict)

    def mark(self, path: KeyPath) -> str:
        """``file:line:column`` of a key path, or of its nearest parent that has a place."""
        while path and path not in self.marks:
            path = path[:-1]
        return str(self.marks.get(path, ""))


def read(path: Path | str) -> Marked:
    """The tree of a YAML file with places.

    Raises:
        ConfigError: no such file, not UTF-8, not YAML, or a repeated key: each as ``file:line:column: what``.
    """
    return parse(read_given(Path(path)), str(path))


def parse(text: str, name: str) -> Marked:
    """The tree of a YAML text; `name` is its name in places. Raises ConfigError as `read` does."""
    try:
        node = _composed(text)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        problem = (fault.problem or "cannot be read").replace("\n", " ")
        raise ConfigError([f"{where}: not valid YAML: {problem}{_advice(fault, text, problem)}"]) from None
    except (yaml.YAMLError, ValueError) as fault:
        raise ConfigError([f"{name}: not valid YAML: {str(fault).splitlines()[0]}"]) from None
    except RecursionError:
        raise ConfigError([f"{name}: nested too deeply to be read"]) from None
    if node is None:
        return Marked(None, {(): Mark(name, 1, 1)})
    reader = _Reader(name)
    value = reader.build(node, ())
    if reader.faults:
        raise ConfigError(reader.faults)
    return Marked(value, reader.marks)


def _advice(fault: yaml.MarkedYAMLError, text: str, problem: str) -> str:
    at, began = fault.problem_mark or fault.context_mark, fault.context_mark
    if at is None:
        return ""
    return advice(problem, text.splitlines(), at.line, began.line if began else None)


def _composed(text: str) -> yaml.Node | None:
    """The nodes of a text. libyaml is twenty times as fast; PyYAML's parser words the faults, and decides if the two
    may differ."""
    shallow = sum(map(text.count, "[{-:")) < MAX_LEVELS
    if yaml.__with_libyaml__ and shallow and not _DISPUTED.search(text):
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=yaml.CSafeLoader)
    return yaml.compose(text, Loader=yaml.SafeLoader)


class _Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.marks: dict[KeyPath, Mark] = {}
        self.faults: list[str] = []
        self.nodes = 0

    def at(self, node: yaml.Node) -> Mark:
        return Mark(self.name, node.start_mark.line + 1, node.start_mark.column + 1)

    def build(self, node: yaml.Node, path: KeyPath) -> Any:
        self.nodes += 1
        if self.nodes > MAX_NODES or len(path) > 100:
            raise ConfigError([f"{self.at(node)}: more than {MAX_NODES:,} values or 100 levels; aliases multiplied?"])
        self.marks.setdefault(path, self.at(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if not str(node.tag).startswith("tag:yaml.org,2002:") or "python" in str(node.tag):
            self.faults.append(f"{self.at(node)}: the tag {node.tag} is not allowed")
        plain = isinstance(node, yaml.ScalarNode) and not node.style
        return scalar(node.value) if plain else node.value

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.append(f"{self.at(key_node)}: a key must be plain text")
                continue
            key = str(key_node.value)
            if key in tree:
                self.faults.append(f"{self.at(key_node)}: {'.'.join(map(str, (*path, key)))}: given twice")
            self.marks[(*path, key)] = self.at(key_node)
            tree[key] = self.build(value_node, (*path, key))
        return tree


def scalar(text: str) -> Any:
    """The value of an unquoted scalar by the core schema: null, bool, int, float or the text itself."""
    if _NULL.match(text):
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.match(text):
        return int(text) if len(text) <= MAX_DIGITS else text
    if _OCTAL.match(text) or _HEX.match(text):
        return int(text, 0)
    if _FLOAT.match(text):
        return float(text)
    if _INF.match(text):
        return float(text.replace(".", ""))
    return float("nan") if text in _NAN else text


def dump(tree: Any) -> str:
    """A tree as YAML text from which `read` gives an equal tree: keys in their order, no line folding."""
    return str(yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000))


def dump_line(tree: Any) -> str:
    """A tree as YAML text on one line, in braces, from which `read` gives an equal tree."""
    text = yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9, default_flow_style=True)
    return str(text).rstrip("\n")


class _Dumper(yaml.SafeDumper):
    """Quotes every text that the core schema would read as something else."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    if not text.isprintable():
        lines = all(line.isprintable() and line == line.rstrip() for line in text.split("\n"))
        style: str | None = "|" if lines and text == text.strip() else '"'
    else:
        style = "'" if scalar(text) != text or text in {"<<", "="} else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
