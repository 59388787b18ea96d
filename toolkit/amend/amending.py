"""Decisions from Python: each gives a new log, with themes named by number, label or key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toolkit.amend.run_log import RunLog
from toolkit.decisions.adding import add
from toolkit.decisions.log import NONE, Decision, Log
from toolkit.decisions.references import digest
from toolkit.errors import ConfigError, nearest
from toolkit.run_folder.reader import RunTables
from toolkit.values import NOISE

PARAGRAPHS_OF_HALF = 20
"""Paragraphs of each half whose digests identify the part of a split."""
Theme = int | str


@dataclass(frozen=True)
class Further:
    """A run folder whose themes are decided on, and the log that decisions are added to.

    Themes are given by number, by exact label, by a name that the log gave, or by key.
    """

    folder: Path
    run: RunLog
    log: Log
    who: str = ""
    why: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.log, Log):
            raise ConfigError([f"log: must be a log such as run.log or read_log(FILE), given {self.log!r}"])

    def added(self, line: Mapping[str, Any]) -> Log:
        """The log with one line more. Raises ConfigError with every fault of it."""
        who = self.who or (self.log.decisions[-1].who if self.log.decisions else "")
        if not who.strip():
            raise ConfigError(['who: say who decides, as in run.rename(3, "State guidance funds", who="Wei")'])
        when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return add(self.log, {**line, "who": who, "when": when, "why": self.why})

    def key(self, theme: Theme) -> str:
        """What a decision calls a theme. Raises ConfigError if the run and the log have none of that name."""
        if isinstance(theme, str):
            return self._named(theme)
        if theme in self.run.keys and not isinstance(theme, bool):
            return self._of_log(theme)
        numbers = f"0 to {max(self.run.keys)}" if self.run.keys else "none"
        raise ConfigError([f"theme {theme}: there is no such theme; this run has {numbers}"])

    def _of_log(self, theme: int) -> str:
        """The key of a theme of the run. Raises ConfigError if the log does not mean it: it is of another run."""
        key = self.run.keys[theme]
        if key in self.log.themes or any(key in line.names for line in self.log.decisions):
            return key
        begun = f"the run {self.log.name!r}" if self.log.name else "another run"
        raise ConfigError(
            [
                f"theme {theme}: this log was begun on {begun} and does not mean theme {key} of this run; leave out "
                "log= to begin with that of this run, or run again with decisions= this log and go on from there"
            ]
        )

    def _named(self, theme: str) -> str:
        named = [line for line in self.log.decisions if line.to and line.do != "move"]
        names_of_log = {str(line.to): line.names[0] if line.names else str(line.theme) for line in named}
        made = [name for line in self.log.decisions for name in line.names]
        numbers = {label: number for number, label in self.run.labels.items() if label}
        names = {**names_of_log, **{key: key for key in (*self.log.themes, *made)}}
        if theme not in names and theme in numbers:
            return self._of_log(numbers[theme])
        if theme not in names:
            names = {**names, **dict.fromkeys(numbers, "")}
            raise ConfigError([f"theme {theme!r}: neither the run nor the log has it{nearest(theme, list(names))}"])
        return names[theme]

    def rename(self, theme: Theme, to: str) -> Log:
        """The log with a name for a theme."""
        return self.added({"do": "rename", "theme": self.key(theme), "to": to})

    def merge(self, themes: Sequence[Theme], to: str | None) -> Log:
        """The log with two or more themes made one."""
        keys = [self.key(theme) for theme in _several("themes", themes, "run.merge([0, 3])")]
        return self.added({"do": "merge", "themes": keys, **({"to": to} if to else {})})

    def split(self, theme: Theme, into: int, paragraphs: Sequence[str], to: str | None) -> Log:
        """The log with a theme divided: into parts, or so that paragraphs leave it."""
        line: dict[str, Any] = {"do": "split", "theme": self.key(theme)}
        if paragraphs:
            named = {"to": to} if to else {}
            return self.added({**line, "paragraphs": self.digests(paragraphs), **named})
        parts = self._halves(theme) if into == 2 else []
        return self.added({**line, "into": into, **({"parts": parts} if parts else {})})

    def drop(self, theme: Theme) -> Log:
        """The log with a theme dissolved."""
        return self.added({"do": "drop", "theme": self.key(theme)})

    def move(self, paragraphs: Sequence[str], to: Theme | None) -> Log:
        """The log with paragraphs put into another theme, or into none."""
        key = NONE if to is None or to in (NOISE, NONE) else self.key(to)
        return self.added({"do": "move", "paragraphs": self.digests(paragraphs), "to": key})

    def note(self, theme: Theme, text: str) -> Log:
        """The log with a note on a theme."""
        return self.added({"do": "note", "theme": self.key(theme), "text": text})

    def digests(self, paragraphs: Sequence[str]) -> list[str]:
        """The digest of each paragraph that is given by its id. Raises ConfigError for an id that the run lacks."""
        table = RunTables(self.folder).table("paragraphs").select(["paragraph_id", "text"]).to_pydict()
        texts = dict(zip(table["paragraph_id"], table["text"], strict=True))
        identifiers = [paragraphs] if isinstance(paragraphs, str) else paragraphs
        identifiers = list(_several("paragraphs", identifiers, 'run.move(["may.txt:3"], to=2)'))
        lost = [
            f"paragraph {identifier!r}: not in this run{nearest(identifier, list(texts))}"
            for identifier in identifiers
            if identifier not in texts
        ]
        if lost:
            raise ConfigError(lost)
        return list(dict.fromkeys(digest(texts[identifier]) for identifier in identifiers))

    def _halves(self, theme: Theme) -> list[list[str]]:
        """Digests of the two halves that a split makes, if the run has them and the theme is unchanged."""
        number = next((candidate for candidate, key in self.run.keys.items() if key == self.key(theme)), None)
        key = self.run.keys.get(number) if number is not None else None
        if any(key in line.meant for line in self._fresh() if line.do in ("merge", "split", "drop")):
            return []
        halves: tuple[list[str], list[str]] = ([], [])
        for row in RunTables(self.folder).rows("halves"):
            if row["theme"] == number:
                halves[row["half"]].append(row["paragraph_id"])
        return [self.digests(half[:PARAGRAPHS_OF_HALF]) for half in halves] if all(halves) else []

    def _fresh(self) -> list[Decision]:
        """Decisions that the run was not made with."""
        return [line for line in self.log.decisions if line not in self.run.log.decisions]


def _several(what: str, items: Any, example: str) -> Iterable[Any]:
    """The items of a list. Raises ConfigError if it is none."""
    if isinstance(items, str) or not isinstance(items, Iterable):
        raise ConfigError([f"{what}: must be a list, as in {example}, given {items!r}"])
    return items
