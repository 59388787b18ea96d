"""Classes of stance, such as doubt, conflict or a question, and how much the wording of a code requires each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from toolkit.codebook.codebook import Code
from toolkit.coding.stems import stem
from toolkit.coding.tokens import empty_stems
from toolkit.files.tuned import tuned

TUNED = tuned("toolkit.coding")

PART_WEIGHTS = TUNED.by_name("part_weights")
"""Weight of each part of a code, negative for its rules of exclusion."""
FULL_WEIGHT_SHARE = 1 / 3
"""Share of a part's content words at which the part has its full weight."""
LEAST_ASKED = TUNED.number("least_asked")
"""Least sum over the parts of a code that requires a stance, because a word in passing is no request."""
_WORD = re.compile(r"[^\W_]+")
_INVERTED = re.compile(r"\b(?:unless|without|no|not|nobody|never|only)\b.*", re.IGNORECASE)


@dataclass(frozen=True)
class StanceClass:
    """A class of stance.

    `asks`: words, or pairs of words, with which a codebook requires it. `cues`: stems, or pairs of stems, that show it
    in a text. `says`: sentences that take the stance.
    """

    name: str
    asks: frozenset[str]
    cues: frozenset[tuple[str, ...]]
    says: tuple[str, ...]


@cache
def classes() -> tuple[StanceClass, ...]:
    """The classes of stance.txt, in its order."""
    text = files("toolkit.coding").joinpath("stance.txt").read_text(encoding="utf-8")
    blocks = re.sub(r"(?m)^#.*\n", "", text).strip().split("\n\n")
    return tuple(_read(block.split("\n")) for block in blocks)


def _read(lines: list[str]) -> StanceClass:
    by_key: dict[str, list[str]] = {"asks": [], "cues": [], "says": []}
    for line in lines[1:]:
        key, value = line.split(": ", 1)
        by_key[key].append(value)
    cues = " ".join(by_key["cues"]).split()
    return StanceClass(
        name=lines[0],
        asks=frozenset(word.replace("_", " ") for line in by_key["asks"] for word in line.split()),
        cues=frozenset(tuple(stem(word) for word in cue.lower().split("_")) for cue in cues),
        says=tuple(by_key["says"]),
    )


def asked(code: Code) -> tuple[float, ...]:
    """How much a code requires each class of `classes()`, in [-1, 1]; 0 for codes that require no stance.

    A part of the code counts by the share of its content words that require the class. Of a rule of exclusion only the
    text before a negation counts: `disputes, unless a court rules` excludes disputes, `a match with no quarrel`
    excludes no quarrel.
    """
    totals = [0.0] * len(classes())
    for part, weight in PART_WEIGHTS.items():
        for number, share in enumerate(_shares(_text(code, part))):
            totals[number] += weight * min(1.0, share / FULL_WEIGHT_SHARE)
    return tuple(max(-1.0, min(1.0, total)) if abs(total) >= LEAST_ASKED else 0.0 for total in totals)


def _text(code: Code, part: str) -> str:
    value = getattr(code, part)
    if part == "exclude":
        return " ".join(_INVERTED.sub("", clause) for rule in value for clause in re.split(r"[;.]", rule))
    return value if isinstance(value, str) else " ".join(value)


def _shares(text: str) -> list[float]:
    """(k,) words of a text that require each class, divided by its number of content words."""
    words = _WORD.findall(text.lower())
    content = sum(stem(word) not in empty_stems() for word in words)
    asking = [*words, *(" ".join(pair) for pair in pairwise(words))]
    return [sum(word in stance.asks for word in asking) / max(content, 1) for stance in classes()]
