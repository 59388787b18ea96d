"""The codebook file: the researcher's themes, checked as a whole; every fault is reported with its place."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from toolkit.codebook.tables import CodebookColumns, is_table, read_table
from toolkit.errors import ConfigError, nearest
from toolkit.files import yaml12
from toolkit.settings import digest_of

TEXTS = ("id", "name", "definition", "parent")
LISTS = ("include", "exclude", "keywords", "examples", "counterexamples")
REQUIRED = ("id", "name", "definition")
TOP = ("themes", "title", "version", "notes")


@dataclass(frozen=True)
class Code:
    """One theme of the codebook. `include` and `exclude` are rules in words; examples are the researcher's texts."""

    id: str
    name: str
    definition: str
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True)
class Codebook:
    """The codes in the order of their file. `sha256` is of their content, without the file's layout and comments.

    `table` is the place of a table's codes, in words; empty for YAML.
    """

    themes: tuple[Code, ...]
    table: str = field(default="", compare=False)

    @property
    def sha256(self) -> str:
        """The codebook's version: sha256 (hex) of its canonical content."""
        return digest_of([{**asdict(code)} for code in self.themes])

    @property
    def ids(self) -> tuple[str, ...]:
        """The codes' ids in order."""
        return tuple(code.id for code in self.themes)

    @property
    def parents(self) -> dict[str, str | None]:
        """Each code's parent, None at the top."""
        return {code.id: code.parent for code in self.themes}


def load_codebook(path: Path | str) -> Codebook:
    """The codebook of a YAML file, or of a table (.xlsx, .csv, .tsv) with a row for each code.

    Raises:
        ConfigError: every fault at once, ``file:line:column: themes.2.name: what (did you mean …)``: unknown keys, a
            missing id, name or definition, duplicate ids, unknown or circular parents, no themes. For a
            table ``file: sheet 'Codes', row 3, column B (name): what``.
    """
    if is_table(path):
        marked, table = read_table(path, CodebookColumns(TEXTS, LISTS, REQUIRED))
        return _Reader(marked, table).codebook()
    return _Reader(yaml12.read(path)).codebook()


def kept_bytes(path: Path | str) -> bytes:
    """The codebook as it is saved in a run folder: a YAML file byte by byte, a table as YAML.

    Raises: OSError if it cannot be read, ConfigError with all faults of a table.
    """
    return codebook_text(load_codebook(path)).encode() if is_table(path) else Path(path).read_bytes()


def codebook_text(codebook: Codebook) -> str:
    """A codebook as YAML that `load_codebook` reads as an equal one; empty attributes are left out."""
    codes = [{key: _plain(value) for key, value in asdict(code).items() if value} for code in codebook.themes]
    return yaml12.dump({"themes": codes})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


class _Reader:
    """Reads one marked tree and collects its faults."""

    def __init__(self, marked: yaml12.Marked, table: str = "") -> None:
        self.marked, self.table = marked, table
        self.faults: list[tuple[yaml12.KeyPath, str]] = []

    def fault(self, keys: yaml12.KeyPath, what: str) -> None:
        self.faults.append((keys, what))

    def codebook(self) -> Codebook:
        themes = self.themes()
        codes = [self.code(index, item) for index, item in enumerate(themes)]
        self.check_ids([code.id for code in codes])
        self.check_parents(codes)
        if self.faults:
            lines = [(self.place(keys), self.named(keys, what)) for keys, what in self.faults]
            lines.sort(key=lambda line: (line[0][1:], line[1]))
            raise ConfigError([f"{place[0]}: {text}" for place, text in lines])
        return Codebook(tuple(codes), self.table)

    def named(self, keys: yaml12.KeyPath, what: str) -> str:
        """The text of a fault after its key; the place of a cell already contains its column."""
        return what if self.table else f"{'.'.join(map(str, keys)) or 'codebook'}: {what}"

    def place(self, keys: yaml12.KeyPath) -> tuple[str, int, int]:
        while keys and keys not in self.marked.marks:
            keys = keys[:-1]
        mark = self.marked.marks.get(keys)
        return (str(mark), mark.line, mark.column) if mark else ("codebook", 0, 0)

    def themes(self) -> list[Any]:
        tree = self.marked.value
        if not isinstance(tree, dict):
            self.fault((), "a codebook is a mapping with the key 'themes', a list of codes")
            return []
        for key in tree:
            if key not in TOP:
                self.fault((key,), f"unknown key{nearest(key, TOP)}; allowed are {', '.join(TOP)}")
        themes = tree.get("themes")
        if "themes" not in tree:
            self.fault((), "the key 'themes' is missing: a list of codes with id, name and definition")
        elif not isinstance(themes, list):
            self.fault(("themes",), "must be a list of codes, each with id, name and definition")
        elif not themes:
            self.fault(("themes",), "the list is empty; a codebook needs at least one code")
        return themes if isinstance(themes, list) else []

    def code(self, index: int, item: Any) -> Code:
        keys: yaml12.KeyPath = ("themes", index)
        if not isinstance(item, dict):
            self.fault(keys, "must be a mapping with id, name and definition")
            return Code("", "", "")
        for key in item:
            if key not in (*TEXTS, *LISTS):
                allowed = (*TEXTS, *LISTS)
                self.fault((*keys, key), f"unknown key{nearest(key, allowed)}; allowed are {', '.join(allowed)}")
        for key in REQUIRED:
            if key not in item:
                self.fault(keys, f"{key} is missing")
        texts: dict[str, Any] = {key: self.text((*keys, key), item.get(key), key in item) for key in TEXTS}
        lists: dict[str, Any] = {key: self.texts((*keys, key), item.get(key)) for key in LISTS}
        return Code(**{**texts, "parent": texts["parent"] or None}, **lists)

    def text(self, keys: yaml12.KeyPath, value: Any, present: bool) -> str:
        if not present or (value is None and keys[-1] == "parent"):
            return ""
        if isinstance(value, int) and not isinstance(value, bool) and keys[-1] in ("id", "parent"):
            return str(value)
        if not isinstance(value, str) or not value.strip():
            self.fault(keys, "must be a text that is not empty" + ("" if value is None else f"; given {value!r}"))
            return ""
        if keys[-1] == "id" and any(sign in value for sign in ";\n\t"):
            self.fault(
                keys, f"{value!r}: an id may hold no semicolon, tab or line break (human codes are separated by ;)"
            )
        return value.strip()

    def texts(self, keys: yaml12.KeyPath, value: Any) -> tuple[str, ...]:
        if value is None:
            return ()
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list):
            self.fault(keys, "must be a text or a list of texts")
            return ()
        texts = []
        for index, item in enumerate(items):
            if isinstance(item, (int, float)) and not isinstance(item, bool):
                item = str(item)
            if not isinstance(item, str):
                self.fault((*keys, index), "must be a text (put it in quotes)")
            elif item.strip():
                texts.append(item.strip())
        return tuple(texts)

    def check_ids(self, ids: list[str]) -> None:
        first: dict[str, int] = {}
        for index, code in enumerate(ids):
            if code and code in first:
                where = self.marked.mark(("themes", first[code], "id"))
                self.fault(("themes", index, "id"), f"{code!r} is given twice (first at {where})")
            first.setdefault(code, index)

    def check_parents(self, codes: list[Code]) -> None:
        parents = {code.id: code.parent for code in codes}
        for index, code in enumerate(codes):
            keys = ("themes", index, "parent")
            if code.parent and code.parent not in parents:
                self.fault(keys, f"no code has the id {code.parent!r}{nearest(code.parent, filter(None, parents))}")
                continue
            path, above = [code.id], code.parent
            while above and above not in path:
                path.append(above)
                above = parents.get(above)
            if above == code.id and code.parent:
                self.fault(keys, f"is its own ancestor: {' → '.join([*path, code.id])}")
