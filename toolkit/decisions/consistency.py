"""Faults of a log that no single decision shows: keys that nothing has, names given twice, parts that do not add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from toolkit.decisions.log import Decision, ThemeReference, made

Fault = tuple[int, str, str]
"""The number of a decision (from 1), the key in it, and what is wrong."""
ANOTHER = "give another key here, and in the lines that mean what this one makes"
MOST_NEAREST = 3
"""Nearest themes that a fault names."""


def key_faults(themes: Mapping[str, ThemeReference], decisions: Sequence[Decision]) -> Iterator[Fault]:
    """Keys that nothing has, or that two decisions make, and parts that do not add up.

    A decision that cannot be read has an empty `do`.
    """
    later = {name: line for line, decision in reversed([*enumerate(decisions, 1)]) for name in decision.names}
    known: dict[str, int] = {}
    for line, decision in enumerate(decisions, 1):
        for key in decision.meant:
            if key not in themes and key not in known:
                yield line, _place(decision, key), _unknown(key, themes, known, later.get(key))
        yield from _of_parts(line, decision, themes)
        for name in decision.names:
            if name in known and known[name] != line:
                yield line, "as", f"{name!r} is made by decision {known[name]} already: {ANOTHER}"
            known.setdefault(name, line)


def _place(decision: Decision, key: str) -> str:
    if key == decision.theme:
        return "theme"
    return "themes" if key in decision.themes else "to"


def _unknown(key: str, themes: Mapping[str, ThemeReference], made: Mapping[str, int], later: int | None) -> str:
    if later is not None:
        return f"{key!r} is made by decision {later}, which is not before this one"
    by_label = {theme.label: name for name, theme in themes.items() if theme.label}
    close = [by_label[label] for label in get_close_matches(key, by_label, n=MOST_NEAREST, cutoff=0.6)]
    close += get_close_matches(key, [*themes, *made], n=MOST_NEAREST, cutoff=0.5)
    shown = ", ".join(_shown(name, themes) for name in dict.fromkeys(close[:MOST_NEAREST]))
    allowed = "a key of the block themes, or one that an earlier decision makes (as)"
    return f"there is no theme {key!r}; " + (f"the nearest are {shown}" if shown else f"give {allowed}")


def _shown(key: str, themes: Mapping[str, ThemeReference]) -> str:
    label = themes[key].label if key in themes else ""
    return f"{key} ({label})" if label else key


def _of_parts(line: int, decision: Decision, themes: Mapping[str, ThemeReference]) -> Iterator[Fault]:
    """Faults in the number of parts of a split and of the keys for what is made."""
    wanted = made(decision)
    if decision.do not in ("merge", "split"):
        return
    if len(decision.names) > wanted:
        yield line, "as", f"{len(decision.names)} keys for {wanted} theme{'' if wanted == 1 else 's'}"
    if len(set(decision.names)) < len(decision.names):
        yield line, "as", "a key is given twice"
    for name in decision.names:
        if name in themes:
            yield line, "as", f"{name!r} is the key of a theme"
    whole = themes.get(decision.theme or "")
    if decision.into and whole and decision.into > whole.paragraphs:
        what = f"{decision.into} parts of a theme with {whole.paragraphs} paragraphs"
        yield line, "into", f"{what}: give a number from 2 to {whole.paragraphs}"
    if decision.parts and len(decision.parts) != decision.into:
        yield line, "parts", f"{len(decision.parts)} lists of digests for {decision.into} parts"
    listed = [name for part in decision.parts for name in part]
    if len(set(listed)) < len(listed):
        yield line, "parts", "a digest is in the list of two parts"


@dataclass
class _Theme:
    """A theme as the log alone describes it: the name that a person gave it last, and by which decision."""

    name: str = ""
    line: int = 0
    gone: bool = False


@dataclass
class _Themes:
    """Which theme each key means at a point of the log."""

    by_key: dict[str, _Theme] = field(default_factory=dict)

    def of(self, key: str) -> _Theme:
        return self.by_key.setdefault(key, _Theme())

    def alive(self) -> list[_Theme]:
        return list({id(theme): theme for theme in self.by_key.values() if not theme.gone}.values())


def name_faults(themes: Mapping[str, ThemeReference], decisions: Sequence[Decision]) -> Iterator[Fault]:
    """Names that two themes would have at the same time, if all decisions applied; all else must be right."""
    state = _Themes({key: _Theme() for key in themes})
    for line, decision in enumerate(decisions, 1):
        theme = _after(state, decision)
        if decision.to is None or theme is None or decision.do == "move":
            continue
        for other in state.alive():
            if other is not theme and other.name.casefold() == decision.to.casefold():
                what = f"decision {other.line} has given the name {decision.to!r} to another theme"
                yield line, "to", f"{what}; merge the two, or choose another name"
        theme.name, theme.line = decision.to, line


def _after(state: _Themes, decision: Decision) -> _Theme | None:
    """The theme that a decision names, after it; keys are moved on."""
    if decision.do == "merge":
        return _merged(state, decision)
    if decision.theme is None:
        return None
    theme = state.of(decision.theme)
    if decision.do == "drop":
        theme.gone = True
    if decision.do != "split":
        return theme
    parts = [_Theme() for _ in range(made(decision))]
    if decision.paragraphs:
        parts[1:] = [theme]
    for name, part in zip(decision.names, parts, strict=False):
        state.by_key[name] = part
    return parts[0]


def _merged(state: _Themes, decision: Decision) -> _Theme:
    joined = [state.of(key) for key in decision.themes]
    named = next((theme for theme in joined if theme.name), joined[0])
    union = _Theme(named.name, named.line)
    for key, theme in state.by_key.items():
        if any(theme is other for other in joined):
            state.by_key[key] = union
    for name in decision.names:
        state.by_key[name] = union
    return union
