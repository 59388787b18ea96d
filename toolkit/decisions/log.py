"""The log of decisions: its content and how it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from toolkit.errors import StoreError
from toolkit.files import yaml12
from toolkit.settings import digest_of

FORMAT = 1
"""The version of the format that this code writes, and the only one that it reads."""
NONE = "none"
"""What `move` calls no theme."""
HEAD = "# Decisions about themes, applied in this order. A theme is meant by the paragraphs that it contains.\n"


@dataclass(frozen=True)
class ThemeReference:
    """What a theme is meant by: digests of its core paragraphs, strongest first, and one of all its paragraphs.

    `label` and `paragraphs` (how many) are for readers and decide nothing. `run` distinguishes references that were
    taken from different runs (any text); empty for those of the run that the log was begun on.
    """

    label: str
    paragraphs: int
    members: str
    core: tuple[str, ...]
    run: str = ""

    @property
    def key(self) -> str:
        """What decisions call the theme: `t-` and the first eight digits of `members`."""
        return f"t-{self.members[:8]}"


@dataclass(frozen=True)
class Decision:
    """One decision; which fields are filled depends on `do` (reading.KEYS).

    `do` is rename, merge, split, drop, move or note. `names` are the keys that a merge or a split gives to what it
    makes (`as` in the file). `parts` are digests that identify the parts of a split.
    """

    do: str
    who: str
    when: str
    why: str = ""
    theme: str | None = None
    themes: tuple[str, ...] = ()
    to: str | None = None
    into: int | None = None
    paragraphs: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    names: tuple[str, ...] = ()
    text: str | None = None

    @property
    def meant(self) -> tuple[str, ...]:
        """Keys of the themes that the decision is about."""
        target = (self.to,) if self.do == "move" and self.to and self.to != NONE else ()
        return (*((self.theme,) if self.theme else ()), *self.themes, *target)

    def plain(self) -> dict[str, Any]:
        """The decision as it is written: keys in the order of the file, none that is empty."""
        names: Any = self.names[0] if self.do == "merge" and self.names else list(self.names)
        tree = {
            "do": self.do, "theme": self.theme, "themes": list(self.themes), "into": self.into,
            "paragraphs": list(self.paragraphs), "to": self.to, "as": names,
            "parts": [list(part) for part in self.parts], "text": self.text,
        }  # fmt: skip
        filled = {key: value for key, value in tree.items() if value not in (None, [])}
        return filled | {"who": self.who, "when": self.when, "why": self.why}


@dataclass(frozen=True)
class Log:
    """Decisions in the order in which they apply, and the themes that they are about, by key.

    `name`, `experiment` and `corpus` (sha256) identify the run that the log was begun on; they decide nothing.
        `sha256` is of the content, whatever the file's layout and comments.
    """

    name: str = ""
    experiment: str = ""
    corpus: str = ""
    themes: Mapping[str, ThemeReference] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()

    @property
    def sha256(self) -> str:
        """The sha256 (hex) of the log's content."""
        return digest_of(self.plain())

    def save(self, path: Path | str) -> Path:
        """Write the log as YAML, for `decisions:` of a config; the path. A file that is there is replaced."""
        place = Path(path)
        try:
            place.write_text(write_log(self), encoding="utf-8", newline="\n")
        except OSError as fault:
            raise StoreError(f"{place}: cannot be written: {fault.strerror or fault}") from None
        return place

    def plain(self) -> dict[str, Any]:
        """The log as plain values, in the order of the file."""
        return {
            "format": FORMAT,
            "run": {"name": self.name, "experiment": self.experiment, "corpus": self.corpus},
            "themes": {key: _plain(theme) for key, theme in self.themes.items()},
            "decisions": [decision.plain() for decision in self.decisions],
        }


def _plain(theme: ThemeReference) -> dict[str, Any]:
    tree: dict[str, Any] = {"label": theme.label, "paragraphs": theme.paragraphs, "members": theme.members}
    return tree | {"core": list(theme.core)} | ({"run": theme.run} if theme.run else {})


def new_log(name: str, experiment: str, corpus: str, themes: Mapping[str, ThemeReference]) -> Log:
    """A log without decisions about the themes of a run: its name, the sha256 of its experiment and corpus."""
    return Log(name, experiment, corpus, dict(themes))


def write_log(log: Log) -> str:
    """The log as YAML, one line for each decision: the same text for the same content."""
    tree = log.plain()
    head = yaml12.dump({"format": tree["format"], "run": tree["run"]})
    themes = "".join(f"  {key}: {yaml12.dump_line(theme)}\n" for key, theme in tree["themes"].items())
    lines = "".join(f"  - {yaml12.dump_line(decision)}\n" for decision in tree["decisions"])
    return f"{HEAD}{head}themes:{chr(10) + themes if themes else ' {}' + chr(10)}decisions:" + (
        f"\n{lines}" if lines else " []\n"
    )


def line_numbers(log: Log) -> list[int]:
    """The line of each decision in the text of `write_log`, counted from 1."""
    lines = write_log(log).splitlines()
    first = len(lines) - len(log.decisions) + 1
    return list(range(first, len(lines) + 1))


def named(log: Log) -> Log:
    """The log with a key for everything that a merge or a split makes: `m3` or `s3a`, `s3b` by decision 3."""
    taken = {*log.themes, *(name for decision in log.decisions for name in decision.names)}
    filled = []
    for line, decision in enumerate(log.decisions, 1):
        wanted = made(decision)
        fresh = [name for name in _fresh(decision.do, line, taken, wanted) if name not in decision.names]
        names = (*decision.names, *fresh[: wanted - len(decision.names)])
        taken |= {*names}
        filled.append(replace(decision, names=names) if wanted else decision)
    return replace(log, decisions=tuple(filled))


def made(decision: Decision) -> int:
    """How many themes a decision makes."""
    if decision.do == "merge":
        return 1
    return (decision.into or 2) if decision.do == "split" else 0


def _fresh(do: str, line: int, taken: set[str], wanted: int) -> Sequence[str]:
    """As many keys as wanted that are not taken."""
    names = [f"m{line}"] if do == "merge" else [f"s{line}{_letters(at)}" for at in range(wanted)]
    while taken & {*names}:
        names = [f"{name}_" for name in names]
    return names


def _letters(at: int) -> str:
    return (_letters(at // 26 - 1) if at >= 26 else "") + chr(97 + at % 26)
