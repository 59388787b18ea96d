"""Numbers that were tuned on data: each package with such numbers has one `tuned.toml`.

An entry has four fields: `value` (or `file`, a JSON file of fitted weights beside it), `unit`, `tuned_on` (the data)
and `command` (what fits the value or measures its effect). Plain limits and block sizes are constants in the code.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "tuned.toml"
FIELDS = ("unit", "tuned_on", "command")
"""Fields of every entry beside its `value` or `file`."""


@dataclass(frozen=True)
class Tuned:
    """The tuned numbers of one package: entries by name."""

    package: str
    entries: Mapping[str, Mapping[str, Any]]

    def number(self, name: str) -> float:
        """A single number. Raises ValueError for an unknown name or another kind of value."""
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{self._place(name)}: {value!r} is no number")
        return float(value)

    def whole(self, name: str) -> int:
        """A single whole number. Raises ValueError for an unknown name or another kind of value."""
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError(f"{self._place(name)}: {value!r} is no whole number")
        return value

    def numbers(self, name: str) -> tuple[float, ...]:
        """A list of numbers. Raises ValueError for an unknown name or another kind of value."""
        value = self._value(name)
        if not isinstance(value, list):
            raise ValueError(f"{self._place(name)}: {value!r} is no list of numbers")
        return tuple(float(number) for number in value)

    def by_name(self, name: str) -> dict[str, float]:
        """Numbers by name, in the order of the file. Raises ValueError for an unknown name or another kind of value."""
        value = self._value(name)
        if not isinstance(value, dict):
            raise ValueError(f"{self._place(name)}: {value!r} is no table of numbers")
        return {str(key): float(number) for key, number in value.items()}

    def fitted(self, name: str) -> Any:
        """The content of the JSON file that an entry names with `file`. Raises ValueError for any other entry."""
        file = self._entry(name).get("file")
        if not isinstance(file, str):
            raise ValueError(f"{self._place(name)}: names no file of fitted weights")
        return json.loads(files(self.package).joinpath(file).read_text(encoding="utf-8"))

    def _value(self, name: str) -> Any:
        entry = self._entry(name)
        if "value" not in entry:
            raise ValueError(f"{self._place(name)}: has no value")
        return entry["value"]

    def _entry(self, name: str) -> Mapping[str, Any]:
        if name not in self.entries:
            raise ValueError(f"{self._place(name)}: no such entry; the file has {', '.join(self.entries)}")
        return self.entries[name]

    def _place(self, name: str) -> str:
        return f"{self.package}/{FILE}: [{name}]"


@cache
def tuned(package: str) -> Tuned:
    """The tuned numbers of a package such as "toolkit.discover", read once."""
    return Tuned(package, tomllib.loads(files(package).joinpath(FILE).read_text(encoding="utf-8")))
