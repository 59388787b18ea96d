"""The content of a coding sheet: the items to answer and the possible answers, without any result of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["codes", "words", "documents", "topics"]


@dataclass(frozen=True)
class Choice:
    """A code that can be chosen, with all that the codebook says of it."""

    id: str
    name: str
    definition: str = ""
    parent: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """One thing to answer: a text to code, or options one of which does not belong.

    `id` is the paragraph_id (codes) or the item's number (intrusion); `place` is what is shown of where a text stands.
    """

    id: str
    text: str = ""
    options: tuple[str, ...] = ()
    place: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A whole sheet, items in the order in which they are shown. `choices` are the codes; empty for intrusion tests."""

    id: str
    kind: Kind
    title: str
    question: str
    items: tuple[Item, ...]
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Task:
    """What a sheet says to the person before it, in the words of its kind."""

    name: str
    heading: str
    explained: str
    unit: str
    singular: str
    shown: str
    legend: str
    none: str
    key: str


_ODD = "If you cannot tell, say so: that is an answer too."
TASKS: dict[Kind, Task] = {
    "codes": Task(
        "coding sheet",
        "Code paragraphs",
        "Read each paragraph and choose every code that applies, following the definitions beside it. A paragraph may "
        "carry several codes or none.",
        "paragraphs",
        "Paragraph",
        "Paragraph to code",
        "Codes: all that apply",
        "None of these",
        "Give or take back a code",
    ),
    "words": Task(
        "word intrusion",
        "Which word does not belong?",
        f"Five of the six words were found together; one was put in from elsewhere. Choose that one. {_ODD}",
        "groups of words",
        "Group",
        "",
        "Which word does not belong?",
        "Cannot tell",
        "Choose",
    ),
    "documents": Task(
        "document intrusion",
        "Which passage does not belong?",
        f"Three of the four passages are about one thing; one was put in from elsewhere. Choose that one. {_ODD}",
        "groups of passages",
        "Group",
        "",
        "Which passage does not belong?",
        "Cannot tell",
        "Choose",
    ),
    "topics": Task(
        "topic intrusion",
        "Which list of words does not belong?",
        f"Three of the four lists of words fit the passage; one was put in from elsewhere. Choose that one. {_ODD}",
        "passages",
        "Passage",
        "Passage",
        "Which list does not fit the passage?",
        "Cannot tell",
        "Choose",
    ),
}
