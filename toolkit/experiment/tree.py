"""Turns config files into one frozen model: `extends`, overrides, and all faults reported at once, each with its place.

Every value keeps the name of its file, so that a relative path is resolved from the file that contains it and a fault
is reported as ``file:line:column``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from toolkit.errors import ConfigError, nearest
from toolkit.experiment.not_a_config import not_a_config
from toolkit.files import yaml12
from toolkit.files.nearest_file import nearest_file

M = TypeVar("M", bound=BaseModel)
MAX_EXTENDS = 10
EXAMPLES = {
    "corpus": ", such as corpus: {path: my_articles}",
    "name": ", such as name: my_study or --set name=my_study",
}
"""What to type for a key that every config has."""
DISCRIMINATORS = ("method", "claim")
"""Keys that name the member of a union that a block is."""


@dataclass(frozen=True)
class Node:
    """A value of a config: a dict or list of nodes or a plain scalar, its place, and the folder of its paths."""

    value: Any
    where: str
    folder: Path

    def plain(self) -> Any:
        """The tree without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, keys: tuple[str, ...]) -> Node | None:
        """The node under a path of keys; None if there is none."""
        node: Node | None = self
        for key in keys:
            node = node.value.get(key) if node and isinstance(node.value, dict) else None
        return node


def read_tree(path: Path) -> Node:
    """The tree of a config file with everything it extends. Raises ConfigError."""
    return _read(path, ())


def _read(path: Path, seen: tuple[Path, ...]) -> Node:
    if path.resolve() in seen or len(seen) >= MAX_EXTENDS:
        raise ConfigError([f"{path}: extends itself (by way of {', '.join(p.name for p in seen)})"])
    why = not_a_config(path)
    if why:
        raise ConfigError([why])
    marked = yaml12.read(path)
    if not isinstance(marked.value, dict):
        start = "; toolkit init writes one to start from" if marked.value is None else ""
        raise ConfigError([f"{path}:1:1: a config is a mapping of keys, found {_kind(marked.value)}{start}"])
    node = _node(marked.value, marked, (), path.parent.absolute())
    base = node.value.pop("extends", None)
    if base is None:
        return node
    if not isinstance(base.value, str):
        raise ConfigError([f"{base.where}: extends: expected the name of a config file, got {_kind(base.value)}"])
    parent = path.parent / base.value
    if not parent.is_file():
        raise ConfigError([f"{base.where}: extends: no such file: {parent}{nearest_file(parent)}"])
    return merge(_read(parent, (*seen, path.resolve())), node)


def tree_node(tree: Any, where: str, folder: Path) -> Node:
    """A plain tree (from Python or from --set) as a node; the place of every value is `where`."""
    if isinstance(tree, Mapping):
        return Node({str(key): tree_node(item, where, folder) for key, item in tree.items()}, where, folder)
    if isinstance(tree, (list, tuple)):
        return Node([tree_node(item, where, folder) for item in tree], where, folder)
    return Node(str(tree) if isinstance(tree, Path) else tree, where, folder)


def _node(tree: Any, marked: yaml12.Marked, keys: yaml12.KeyPath, folder: Path) -> Node:
    where = marked.mark(keys)
    if isinstance(tree, dict):
        return Node({key: _node(item, marked, (*keys, key), folder) for key, item in tree.items()}, where, folder)
    if isinstance(tree, list):
        return Node([_node(item, marked, (*keys, i), folder) for i, item in enumerate(tree)], where, folder)
    return Node(tree, where, folder)


def merge(base: Node, over: Node, methods: Mapping[str, str] | None = None, path: str = "") -> Node:
    """`over` on top of `base`: mappings merge, the rest replaces; another `method` drops what the old one had.

    `methods` names the default method of a block (dotted key) where `base` gives none.
    """
    if not isinstance(base.value, dict) or not isinstance(over.value, dict):
        return over
    new = over.value.get("method")
    if new is not None:
        old = base.value.get("method")
        before = old.value if old else (methods or {}).get(path)
        if before is not None and before != new.value:
            return over
    merged = dict(base.value)
    for key, item in over.value.items():
        inner = f"{path}.{key}" if path else key
        merged[key] = merge(merged[key], item, methods, inner) if key in merged else item
    return Node(merged, over.where, over.folder)


def override(base: Node, key: str, value: Any, methods: Mapping[str, str] | None = None) -> Node:
    """One `--set key=value` on top of a config; paths in it start at the working directory."""
    parts = key.split(".")
    if not key or not all(parts):
        raise ConfigError([f"--set {key}=…: a dotted key such as discover.themes is needed before the ="])
    tree: Any = value
    for part in reversed(parts):
        tree = {part: tree}
    return on_top(base, tree_node(tree, f"--set {key}", Path.cwd()), methods)


def on_top(base: Node, over: Node, methods: Mapping[str, str] | None = None) -> Node:
    """A config with an option of a command on top; the place of a missing key is the config, not the option."""
    return replace(merge(base, over, methods), where=base.where)


def parse_override(text: str) -> tuple[str, Any]:
    """``KEY=VALUE`` of --set: the dotted key and its value, read as YAML. Raises ConfigError."""
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise ConfigError([f"--set {text!r}: expected KEY=VALUE, such as --set discover.themes=12"])
    return key.strip(), yaml12.parse(value, f"--set {key.strip()}").value


def parse_overrides(texts: Iterable[str]) -> dict[str, Any]:
    """Dotted keys and values of every --set. Raises ConfigError with all faults at once."""
    pairs: dict[str, Any] = {}
    faults: list[str] = []
    for text in texts:
        try:
            key, value = parse_override(text)
            pairs[key] = value
        except ConfigError as fault:
            faults.extend(fault.faults)
    if faults:
        raise ConfigError(faults)
    return pairs


def fit(model: type[M], root: Node) -> M:
    """The frozen model of a config tree.

    Raises:
        ConfigError: every fault at once: ``file:line:column: dotted key: what (did you mean …)``.
    """
    try:
        return model.model_validate_json(json.dumps(root.plain(), allow_nan=True), strict=True)
    except ValidationError as error:
        messages: dict[tuple[str, str], list[str]] = {}
        for fault in error.errors(include_url=False):
            tag = (_discriminator(fault),) if fault["type"] == "union_tag_invalid" else ()
            keys, where = _locate(root, (*fault["loc"], *tag), fault["type"] in ("missing", "extra_forbidden"))
            message = _say(model, fault)
            messages.setdefault((where, keys), [])
            if message not in messages[where, keys]:
                messages[where, keys].append(message)
        faults = sorted(messages.items(), key=lambda item: (_file_order(item[0][0]), item[0][1]))
        raise ConfigError(f"{_place(where, keys)}: {_joined(texts)}" for (where, keys), texts in faults) from None


def _place(where: str, keys: str) -> str:
    """The place and the dotted key of a fault; the key once if the place is an option that names it."""
    return where if where == f"--set {keys}" else f"{where}: {keys}"


def _joined(messages: list[str]) -> str:
    kinds = [text.partition(", got ")[0] for text in messages]
    kinds = kinds[:1] + [kind.removeprefix("expected ") for kind in kinds[1:]]
    got = messages[0].partition(", got ")[2]
    return " or ".join(kinds) + (f", got {got}" if got else "")


def _file_order(where: str) -> tuple[str, int, int]:
    file, *place = where.rsplit(":", 2)
    line, column = (int(part) for part in place) if len(place) == 2 and all(map(str.isdigit, place)) else (0, 0)
    return file, line, column


def _locate(root: Node, loc: tuple[str | int, ...], names_key: bool) -> tuple[str, str]:
    """The dotted key and the place of a fault; pydantic's union tags, which are no keys, are left out.

    `names_key`: the last part is a key that is missing or unknown, not the tag of a union.
    """
    node, keys = root, []
    for index, part in enumerate(loc):
        inside = node.value
        if isinstance(inside, dict) and str(part) in inside:
            node = inside[str(part)]
        elif isinstance(inside, list) and isinstance(part, int) and part < len(inside):
            node = inside[part]
        elif index < len(loc) - 1 or not isinstance(inside, dict) or not names_key:
            continue
        keys.append(str(part))
    return ".".join(keys) or "config", node.where


def _say(model: type[BaseModel], fault: Any) -> str:
    kind, context, loc = fault["type"], fault.get("ctx") or {}, fault["loc"]
    if kind == "extra_forbidden":
        names = sorted(_names(model, loc[:-1]))
        near = nearest(str(loc[-1]), names)
        return f"unknown key{near}" if near else f"unknown key; known here: {', '.join(names)}"
    if kind == "missing" and isinstance(loc[-1], int):
        return f"expected a list of {loc[-1] + 1} values"
    if kind == "missing":
        return "is required" + EXAMPLES.get(".".join(map(str, loc)), "")
    if kind == "string_pattern_mismatch" and loc == ("name",):
        return f"may have letters, digits, dots, hyphens and underscores, no blanks, at most 80{_suggested(fault)}"
    if kind == "union_tag_not_found":
        return f"{_discriminator(fault)} is required"
    if kind == "union_tag_invalid":
        allowed = [name.strip().strip("'") for name in context["expected_tags"].split(",")]
        what = f"{_discriminator(fault)} {context['tag']!r}"
        return f"no {what}{nearest(context['tag'], allowed)}; there are {', '.join(allowed)}"
    if kind == "literal_error":
        allowed = [name.strip("' ") for name in context["expected"].replace(" or ", ",").split(",")]
        near = nearest(str(fault["input"]), allowed)
        return f"expected {context['expected']}{near}, got {_kind(fault['input'])}"
    if kind == "value_error" and (isinstance(fault["input"], (dict, list)) or repr(fault["input"]) in fault["msg"]):
        return str(context["error"])  # in a settings class's own words, which name a value; a list or mapping adds none
    if kind == "too_long":
        return f"expected a list of at most {context['max_length']} values, got {context['actual_length']}"
    message = str(fault["msg"])
    message = message.replace("Input should be", "expected").replace("a valid ", "a ")
    message = message.replace("a integer", "an integer").replace("a array", "a list")
    example = EXAMPLES.get(".".join(map(str, loc)), "") if kind == "model_type" else ""
    message = message.replace("an object", f"a mapping of keys{example}")
    quotes = ""
    if kind == "string_type" and isinstance(fault["input"], (int, float)):
        quotes = f"; write it in quotes: '{fault['input']}'"
    null = f"; null for no {loc[-1]}" if kind == "model_type" and _may_be_null(model, loc) else ""
    return f"{message[:1].lower()}{message[1:]}, got {_kind(fault['input'])}{quotes}{null}"


def _may_be_null(model: type[BaseModel], loc: tuple[str | int, ...]) -> bool:
    """Whether a block of the config may be left out with null."""
    field = model.model_fields.get(str(loc[0])) if len(loc) == 1 else None
    return field is not None and NoneType in get_args(field.annotation)


def _suggested(fault: Any) -> str:
    """A name that is allowed, made of the one that is not."""
    name = re.sub(r"[^\w.-]+", "_", str(fault["input"])).strip("_")[:80]
    return f" (such as {name!r})" * bool(name) + f", got {_kind(fault['input'])}"


def _kind(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    if value is None:
        return "nothing (null)"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _names(model: type[BaseModel], loc: tuple[str | int, ...]) -> set[str]:
    """The valid keys of the block at `loc`."""
    options = [model]
    for part in loc:
        inner: list[type[BaseModel]] = []
        for option in options:
            field = _field(option, str(part))
            if field is not None:
                inner.extend(_models(field))
            elif _tag(option) == part:
                inner.append(option)
        options = inner or options
    return {(field.alias or name) for option in options for name, field in option.model_fields.items()}


def _field(model: type[BaseModel], key: str) -> Any:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return field.annotation
    return None


def _tag(model: type[BaseModel]) -> Any:
    field = next((model.model_fields[key] for key in DISCRIMINATORS if key in model.model_fields), None)
    return field.default if field else None


def _discriminator(fault: Any) -> str:
    """The key that names the member of a union that a block is."""
    return str((fault.get("ctx") or {}).get("discriminator", "method")).strip("'")


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    origin = get_origin(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif origin is Annotated:
        yield from _models(get_args(annotation)[0])
    elif origin in (Union, UnionType, tuple, list):
        for part in get_args(annotation):
            yield from _models(part)
