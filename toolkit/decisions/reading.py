"""Reads a log of decisions and checks it as a whole: every fault is reported with its place and what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from toolkit.decisions.consistency import Fault, key_faults, name_faults
from toolkit.decisions.log import FORMAT, NONE, Decision, Log, ThemeReference
from toolkit.decisions.references import CORE, DIGITS
from toolkit.errors import ConfigError, nearest
from toolkit.files import yaml12

TOP = ("format", "run", "themes", "decisions")
RUN = ("name", "experiment", "corpus")
THEME = ("label", "paragraphs", "members", "core", "run")
COMMON = ("do", "who", "when", "why")
KEYS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "rename": (("theme", "to"), ()),
    "merge": (("themes",), ("to", "as")),
    "split": (("theme",), ("into", "paragraphs", "to", "as", "parts")),
    "drop": (("theme",), ()),
    "move": (("paragraphs", "to"), ()),
    "note": (("theme", "text"), ()),
}
"""What is done -> the keys that it needs, and those that it may have, besides `COMMON`."""
LONGEST_NAME, LONGEST_TEXT = 120, 4_000
"""Characters of a theme's name, and of a note or a reason."""
MOST_PARTS = 50
DIGEST = re.compile(rf"[0-9a-f]{{{DIGITS}}}\Z")
SHA256 = re.compile(r"[0-9a-f]{64}\Z")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z")
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Line breaks and characters without a look of their own that change how others are shown."""


def read_log(path: Path | str) -> Log:
    """The log of a YAML file.

    Raises:
        ConfigError: every fault at once, ``file:line:column: decision 3, do: what (did you mean …)``: YAML that cannot
            be read, unknown keys and themes, keys that are missing, values of the wrong kind, a name given twice.
    """
    return _Reader(yaml12.read(path), str(path)).log()


def parse_log(text: str, name: str = "decisions.yaml") -> Log:
    """The log of a YAML text; `name` is what places call it. Raises ConfigError as `read_log` does."""
    return _Reader(yaml12.parse(text, name), name).log()


def checked(tree: Mapping[str, Any]) -> Log:
    """The log of a plain tree. Raises ConfigError as `read_log` does, without line and column."""
    return _Reader(yaml12.Marked(dict(tree)), "log").log()


class _Reader:
    """Reads one marked tree and collects its faults."""

    def __init__(self, marked: yaml12.Marked, name: str) -> None:
        self.marked, self.name = marked, name
        self.faults: list[tuple[yaml12.KeyPath, str]] = []

    def fault(self, keys: yaml12.KeyPath, what: str) -> None:
        self.faults.append((keys, what))

    def log(self) -> Log:
        tree = self.mapping((), self.marked.value, TOP, "a log of decisions is a mapping with run, themes, decisions")
        if "format" in tree and tree["format"] != FORMAT:
            self.fault(("format",), f"this version reads format {FORMAT}, given {tree['format']!r}")
        if tree and "format" not in tree:
            self.fault((), f"format is missing: write 'format: {FORMAT}'")
        run = self.mapping(("run",), tree.get("run", {}), RUN, "must be a mapping with name, experiment and corpus")
        name, experiment, corpus = (self.text(("run", key), run[key]) if run.get(key) else "" for key in RUN)
        themes = self.themes(tree.get("themes", {}))
        decisions = self.decisions(tree.get("decisions", []), themes)
        if not any(keys[:1] == ("themes",) for keys, _ in self.faults):
            self.add(key_faults(themes, decisions))
        if not self.faults:
            self.add(name_faults(themes, decisions))
        if self.faults:
            raise ConfigError(self.lines())
        return Log(name, experiment, corpus, themes, tuple(decisions))

    def add(self, faults: Iterable[Fault]) -> None:
        """Faults of decisions by their number and key."""
        for line, key, what in faults:
            self.fault(("decisions", line - 1, key), what)

    def lines(self) -> list[str]:
        """The faults in the order of the file."""
        placed = [(*self.place(keys), f"{_in_words(keys)}: {what}") for keys, what in self.faults]
        placed.sort(key=lambda fault: fault[1:])
        return list(dict.fromkeys(f"{place}: {text}" for place, _, _, text in placed))

    def place(self, keys: yaml12.KeyPath) -> tuple[str, int, int]:
        while keys and keys not in self.marked.marks:
            keys = keys[:-1]
        mark = self.marked.marks.get(keys)
        return (str(mark), mark.line, mark.column) if mark else (self.name, 0, 0)

    def mapping(self, keys: yaml12.KeyPath, value: Any, allowed: Sequence[str], what: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fault(keys, what + _but_given(value))
            return {}
        for key in value:
            if key not in allowed:
                self.fault((*keys, key), f"unknown key{nearest(key, allowed)}; allowed are {', '.join(allowed)}")
        return value

    def themes(self, value: Any) -> dict[str, ThemeReference]:
        if value is None or not isinstance(value, dict):
            self.fault(("themes",), "must be a mapping of keys such as t-3fa29c1b" + _but_given(value))
            return {}
        return {key: theme for key, item in value.items() if (theme := self.theme(key, item))}

    def theme(self, key: str, value: Any) -> ThemeReference | None:
        at: yaml12.KeyPath = ("themes", key)
        before = len(self.faults)
        tree = self.mapping(at, value, THEME, "must be a mapping with label, paragraphs, members and core")
        absent = [name for name in ("paragraphs", "members", "core") if tree and name not in tree]
        if absent:
            self.fault(at, f"{' and '.join(absent)} missing")
        if len(self.faults) > before or not tree:
            return None
        label = self.text((*at, "label"), tree["label"]) if tree.get("label") else ""
        paragraphs = self.number((*at, "paragraphs"), tree["paragraphs"], 1, None)
        core = self.digests((*at, "core"), tree["core"])
        if len(core) > min(CORE, max(paragraphs, 1)):
            self.fault((*at, "core"), f"{len(core)} digests, at most {min(CORE, max(paragraphs, 1))} are expected")
        sha = tree["members"]
        if not isinstance(sha, str) or not SHA256.match(sha):
            self.fault((*at, "members"), "must be a sha256: 64 digits 0-9a-f" + _but_given(sha))
        elif key != f"t-{sha[:8]}":
            self.fault(at, f"the key of these members is t-{sha[:8]}, given {key!r}")
        run = self.text((*at, "run"), tree["run"]) if tree.get("run") else ""
        return ThemeReference(label, paragraphs, str(sha), core, run)

    def decisions(self, value: Any, themes: Mapping[str, ThemeReference]) -> list[Decision]:
        if not isinstance(value, list):
            self.fault(("decisions",), "must be a list of decisions, each with do, who and when" + _but_given(value))
            return []
        return [self.decision(("decisions", index), item) for index, item in enumerate(value)]

    def decision(self, at: yaml12.KeyPath, value: Any) -> Decision:
        if not isinstance(value, dict):
            self.fault(at, "must be a mapping with do, who and when" + _but_given(value))
            return Decision("", "", "")
        do = value.get("do")
        if not isinstance(do, str) or do not in KEYS:
            what = "is missing" if do is None else f"there is no {do!r}{nearest(str(do), KEYS)}"
            self.fault((*at, "do"), f"{what}; allowed are {', '.join(KEYS)}")
            return Decision("", "", "", names=self.names((*at, "as"), value["as"]) if "as" in value else ())
        needed, more = KEYS[do]
        tree = self.mapping(at, value, (*COMMON, *needed, *more), "")
        for key in (*needed, "who", "when"):
            if key not in tree:
                self.fault(at, f"{do} needs {key}" + (": the name of the person" if key == "who" else ""))
        return self.filled(at, do, tree)

    def filled(self, at: yaml12.KeyPath, do: str, tree: Mapping[str, Any]) -> Decision:
        def of(key: str, read: Any, otherwise: Any) -> Any:
            return read((*at, key), tree[key]) if key in tree else otherwise

        self.kind_of_split(at, do, tree)
        return Decision(
            do=do,
            who=of("who", self.name_text, ""),
            when=of("when", self.date, ""),
            why=of("why", self.free_text, "") if str(tree.get("why") or "").strip() else "",
            theme=of("theme", self.text, None),
            themes=of("themes", self.keys, ()),
            to=of("to", self.text if do == "move" else self.name_text, None),
            into=of("into", self.parts_wanted, None),
            paragraphs=of("paragraphs", self.digests, ()),
            parts=of("parts", self.parts, ()),
            names=of("as", self.names, ()),
            text=of("text", self.free_text, None),
        )

    def kind_of_split(self, at: yaml12.KeyPath, do: str, tree: Mapping[str, Any]) -> None:
        """A split is into a number of parts or by a list of paragraphs, and has the keys of one of these."""
        if do != "split":
            return
        if ("into" in tree) == ("paragraphs" in tree):
            self.fault(at, "split needs into (how many parts) or paragraphs (those that leave), one of the two")
        for key, needs in (("to", "paragraphs"), ("parts", "into")):
            if key in tree and needs not in tree:
                self.fault((*at, key), f"goes with {needs} only" + (": rename the parts" if key == "to" else ""))

    def text(self, keys: yaml12.KeyPath, value: Any) -> str:
        """One line of text."""
        if isinstance(value, bool) or not isinstance(value, str):
            quotes = "" if value is None or isinstance(value, (dict, list)) else "; write it in quotes"
            self.fault(keys, "must be a text" + _but_given(value) + quotes)
            return ""
        if not value.strip():
            self.fault(keys, "is empty")
        if HIDDEN.search(value):
            self.fault(keys, "must be one line without control characters" + _but_given(value))
        return value

    def name_text(self, keys: yaml12.KeyPath, value: Any) -> str:
        """A name: one line of at most `LONGEST_NAME` characters, without blanks at its ends."""
        text = self.text(keys, value).strip()
        if len(text) > LONGEST_NAME:
            self.fault(keys, f"has {len(text)} characters, at most {LONGEST_NAME} are allowed")
        return text

    def free_text(self, keys: yaml12.KeyPath, value: Any) -> str:
        """Text that may have several lines."""
        if isinstance(value, str):
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        whole = self.text(keys, re.sub(r"[\n\t]", " ", value) if isinstance(value, str) else value)
        if len(whole) > LONGEST_TEXT:
            self.fault(keys, f"has {len(whole)} characters, at most {LONGEST_TEXT} are allowed")
        return value if isinstance(value, str) else ""

    def date(self, keys: yaml12.KeyPath, value: Any) -> str:
        text = self.text(keys, value) if isinstance(value, str) else str(value)
        try:
            datetime.fromisoformat(text)
        except ValueError:
            self.fault(keys, "must be a date such as 2026-11-30 or 2026-11-30T12:00:00Z" + _but_given(value))
        return text

    def number(self, keys: yaml12.KeyPath, value: Any, least: int, most: int | None) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.fault(keys, "must be a whole number" + _but_given(value))
        elif value < least or (most is not None and value > most):
            self.fault(keys, f"must be at least {least}" + (f" and at most {most}" if most else "") + _but_given(value))
        else:
            return value
        return least

    def parts_wanted(self, keys: yaml12.KeyPath, value: Any) -> int:
        return self.number(keys, value, 2, MOST_PARTS)

    def list(self, keys: yaml12.KeyPath, value: Any, what: str) -> list[Any]:
        if not isinstance(value, list) or not value:
            self.fault(keys, f"must be a list of {what}" + _but_given(value))
            return []
        return value

    def keys(self, keys: yaml12.KeyPath, value: Any) -> tuple[str, ...]:
        items = self.list(keys, value, "at least two keys of themes")
        read = [self.text((*keys, at), item) for at, item in enumerate(items)]
        for at, item in enumerate(read):
            if item and item in read[:at]:
                self.fault((*keys, at), f"{item} is in the list twice")
        if len(read) == 1:
            self.fault(keys, "one theme cannot be merged; name at least two")
        return tuple(read)

    def digests(self, keys: yaml12.KeyPath, value: Any) -> tuple[str, ...]:
        items = self.list(keys, value, f"digests of paragraphs ({DIGITS} digits 0-9a-f each)")
        for at, item in enumerate(items):
            if not isinstance(item, str) or not DIGEST.match(item):
                quotes = "; write it in quotes" if isinstance(item, (int, float)) else ""
                self.fault((*keys, at), f"must be a digest: {DIGITS} digits 0-9a-f" + _but_given(item) + quotes)
            elif item in items[:at]:
                self.fault((*keys, at), f"{item} is in the list twice")
        return tuple(str(item) for item in items)

    def parts(self, keys: yaml12.KeyPath, value: Any) -> tuple[tuple[str, ...], ...]:
        items = self.list(keys, value, "lists of digests, one for each part")
        return tuple(self.digests((*keys, at), item) for at, item in enumerate(items))

    def names(self, keys: yaml12.KeyPath, value: Any) -> tuple[str, ...]:
        items = value if isinstance(value, list) and value else [value]
        for item in items:
            if not isinstance(item, str) or not NAME.match(item) or item.startswith("t-") or item == NONE:
                self.fault(
                    keys, "must be a key of letters, digits, - and _ that does not begin with t-" + _but_given(item)
                )
        return tuple(str(item) for item in items)


def _in_words(keys: yaml12.KeyPath) -> str:
    """A key path in words: `decision 3, themes.0`."""
    if keys[:1] == ("decisions",) and len(keys) > 1:
        rest = ".".join(map(str, keys[2:]))
        return f"decision {int(keys[1]) + 1}" + (f", {rest}" if rest else "")
    return ".".join(map(str, keys)) or "log"


def _but_given(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return f", given {'a mapping' if isinstance(value, dict) else 'a list'}" if value else ", given an empty one"
    text = "nothing (null)" if value is None else repr(value)
    return f", given {text if len(text) <= 60 else text[:57] + '…'}"
