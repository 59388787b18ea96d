"""The cues of cleaning, read from the TOML files in `cues/`: rules with their reasons, and patterns with a name.

TOML and not YAML: nothing between its quotes is escaped, and Python reads it fifteen times as fast as YAML.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

Where = Literal["any", "edge", "tail"]

FOLDER = Path(__file__).parent / "cues"
RULE_FILES = ("rights", "disclaimers", "newsletters", "pages", "sharing", "credits", "notes")
"""The rules are tried in this order: the first match gives the reason."""

_FRAGMENT = re.compile(r"\{([A-Z_]+)\}")
_NEEDED = {"name", "pattern", "matches", "leaves"}


@dataclass(frozen=True, slots=True)
class Cue:
    """One pattern, the ledger's reasons to which it contributes, a line that it matches and a line that it does not
    match."""

    name: str
    reasons: tuple[str, ...]
    pattern: str
    matches: str
    leaves: str
    hints: tuple[str, ...] = ()
    ignore_case: bool = False

    def compiled(self) -> re.Pattern[str]:
        """The pattern as a regular expression."""
        return re.compile(self.pattern, re.IGNORECASE if self.ignore_case else 0)


@dataclass(frozen=True, slots=True)
class CueGroup:
    """A rule in its file: its reason, its place, the maximum number of words of a block, and its cues."""

    reason: str
    where: Where
    most_words: int
    cues: tuple[Cue, ...]


def cue_groups() -> tuple[CueGroup, ...]:
    """Every rule in the order in which they are tried."""
    return tuple(_group(table, file) for file in RULE_FILES for table in _content(file)["rule"])


@cache
def cues_of(file: str) -> Mapping[str, Cue]:
    """The cues of a file of patterns by their names, in its order."""
    content = _content(file)
    shared = tuple(content.get("reasons", ()))
    cues = [_cue(table, file, shared or (table.get("reason", ""),)) for table in content["pattern"]]
    if len({cue.name for cue in cues}) < len(cues):
        raise ValueError(f"cues/{file}.toml: two patterns have the same name")
    return {cue.name: cue for cue in cues}


def patterns_of(file: str) -> Mapping[str, re.Pattern[str]]:
    """The compiled patterns of a file by their names."""
    return {name: cue.compiled() for name, cue in cues_of(file).items()}


def words_of(file: str, name: str) -> frozenset[str]:
    """The words of a list of words in a file."""
    return frozenset(str(_content(file)[name]).split())


@cache
def _content(file: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{file}.toml").read_text(encoding="utf-8"))


@cache
def _fragments() -> dict[str, str]:
    """The parts that several patterns share, each with those above it put in."""
    fragments: dict[str, str] = {}
    for name, text in _content("fragments").items():
        fragments[name] = _filled(text, fragments, name)
    return fragments


def _filled(text: str, fragments: Mapping[str, str], place: str) -> str:
    """A pattern on one line, with its fragments inserted."""

    def fragment(match: re.Match[str]) -> str:
        if match[1] not in fragments:
            raise ValueError(f"{place}: no fragment {{{match[1]}}} in fragments.toml (or it is further down there)")
        return fragments[match[1]]

    return _FRAGMENT.sub(fragment, "".join(text.splitlines()))


def _group(table: Mapping[str, Any], file: str) -> CueGroup:
    cues = tuple(_cue({**cue, "ignore_case": True}, file, (table["reason"],)) for cue in table["cue"])
    for cue in cues:
        if not cue.hints and not cue.pattern.startswith("^"):
            raise ValueError(f"cues/{file}.toml: {cue.name}: a pattern that does not begin with ^ needs hints")
    return CueGroup(table["reason"], table["where"], table["most_words"], cues)


def _cue(table: Mapping[str, Any], file: str, reasons: tuple[str, ...]) -> Cue:
    place = f"cues/{file}.toml: {table.get('name', table)}"
    if missing := _NEEDED - set(table):
        raise ValueError(f"{place}: no {' and no '.join(sorted(missing))}")
    return Cue(
        name=table["name"],
        reasons=reasons,
        pattern=_filled(table["pattern"], _fragments(), place),
        matches=table["matches"],
        leaves=table["leaves"],
        hints=tuple(table.get("hints", ())),
        ignore_case=table.get("ignore_case", False),
    )
