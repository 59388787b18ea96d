"""The search terms of each code: phrases and words taken from its name, keywords, definition and rules."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from toolkit.codebook.codebook import Code, Codebook
from toolkit.coding.stance_classes import asked
from toolkit.coding.tokens import empty_stems, tokens

_ITEM = re.compile(r"[;,.:()\[\]/]|\bsuch as\b|\bor\b|\band\b|\bversus\b|\bincluding\b|\be\.g\.", re.IGNORECASE)
_CLAUSE = re.compile(r"[;.]\s")
_QUOTED = re.compile(r"[\"“‘']([^\"”’']{3,60})[\"”’']")
MOST_PHRASE_WORDS = 6
"""Longer items are sentences, not phrases: only their words count, not their order."""


@dataclass(frozen=True)
class Wanted:
    """The search terms of a code.

    `phrases`: stem sequences (with the words between them) -> weight; `words`: content stems -> weight in (0, 1];
    `facets`: texts to embed, each for one thing that the code covers; `against`: texts to embed of its rules of
    exclusion; `refused`: its counter-examples; `stance`: how much it requires each class of stance.
    """

    phrases: dict[tuple[str, ...], float]
    words: dict[str, float]
    facets: tuple[str, ...]
    against: tuple[str, ...]
    refused: tuple[str, ...]
    stance: tuple[float, ...] = ()


def wanted(code: Code) -> Wanted:
    """Phrases, words and facets of one code."""
    phrases: dict[tuple[str, ...], float] = {}
    words: dict[str, float] = {}
    for text, weight in _sources(code):
        for phrase in _phrases(text):
            phrases[phrase] = max(weight, phrases.get(phrase, 0.0))
        for word in content(tokens(text)):
            words[word] = max(weight, words.get(word, 0.0))
    return Wanted(phrases, words, facets(code), against(code), code.counterexamples, asked(code))


def _sources(code: Code) -> list[tuple[str, float]]:
    """The texts with a code's words, each with the weight of its words."""
    return [
        (code.name, 1.0),
        *((text, 1.0) for text in code.keywords),
        *((text, 0.9) for text in code.include),
        (code.definition, 0.7),
        *((text, 0.3) for text in code.examples),
    ]


def content(stems: list[str]) -> list[str]:
    """Stems that can be evidence: not the commonest words, not codebook talk, not bare numbers."""
    empty = empty_stems()
    return [word for word in stems if word not in empty and not word.isdigit()]


def _phrases(text: str) -> list[tuple[str, ...]]:
    """Stem sequences of a text's list items and quotations, two content words or more."""
    phrases = []
    for item in [*_QUOTED.findall(text), *_ITEM.split(text)]:
        stems = tokens(item)
        empty = empty_stems()
        while stems and stems[0] in empty:
            stems = stems[1:]
        while stems and stems[-1] in empty:
            stems = stems[:-1]
        if len(content(stems)) >= 2 and len(stems) <= MOST_PHRASE_WORDS:
            phrases.append(tuple(stems))
    return phrases


def clauses(text: str) -> list[str]:
    """The clauses of a rule: parts between semicolons and full stops."""
    return [part.strip(" .;") for part in _CLAUSE.split(text + " ") if part.strip(" .;")]


def facets(code: Code) -> tuple[str, ...]:
    """Texts to embed: name with definition first, then each clause of `include`, keywords together, examples."""
    texts = [f"{code.name}. {code.definition}"]
    texts += [clause for text in code.include for clause in clauses(text)]
    if code.keywords:
        texts.append(", ".join(code.keywords))
    return tuple(dict.fromkeys([*texts, *code.examples]))


def against(code: Code) -> tuple[str, ...]:
    """Texts to embed of what a code excludes: the clauses of `exclude`, without text in brackets."""
    bare = [re.sub(r"\([^)]*\)", "", clause) for text in code.exclude for clause in clauses(text)]
    return tuple(dict.fromkeys(text.strip() for text in bare if text.strip()))


def sharing(codebook: Codebook, all_wanted: list[Wanted]) -> dict[str, float]:
    """stem -> 1 / square root of the number of codes with it, because a word of many codes hardly separates them."""
    count = Counter(word for wanted in all_wanted for word in wanted.words)
    return {word: codes**-0.5 for word, codes in count.items()}
