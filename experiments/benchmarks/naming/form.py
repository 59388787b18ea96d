"""Is a name one noun phrase of at most five words, or two of at most four? Faults of names with their reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from math import sqrt

from naming.partitions import HERE, Partition
from naming.tagging import Tagger, words

LONGEST_ALONE = 5
LONGEST_OF_TWO = 4
OWNERS = 3
"""A content word must be in at least this many documents, if the theme has as many."""
FUNCTION_WORDS = frozenset((HERE / "function_words.txt").read_text(encoding="utf-8").split())
NOUNS = frozenset({"NOUN", "PROPN"})
HEADS = NOUNS | {"NUM", "X", "SYM"}
"""What a phrase may end in; not a number alone."""
OPENERS = NOUNS | {"ADJ", "NUM", "X", "SYM"}
NEVER_INSIDE = frozenset({"PRON", "AUX", "SCONJ", "INTJ"})


def parts_of(name: str) -> list[str]:
    """The phrases of a name: what commas, semicolons, slashes between blanks or " & " part."""
    return [part.strip() for part in re.split(r"[,;]|\s[/|&·–—]\s", name) if part.strip()]


def is_list(name: str) -> bool:
    """Whether a name lists three things or more: "A, B, C", "A & B & C" or "A, B and C"."""
    parts = parts_of(name)
    return len(parts) > 2 or (len(parts) == 2 and bool(re.search(r"\sand\s", parts[-1])))


def phrase_faults(phrase: str, longest: int, tagger: Tagger | None) -> list[str]:
    """What keeps a phrase from being a noun phrase of at most `longest` words."""
    given = phrase.split()
    spoken = words(phrase)
    faults = [f"{len(given)} words" for _ in range(len(given) > longest)]
    edges = dict.fromkeys((spoken[0], spoken[-1])) if spoken else {}
    faults += [f"edge is the function word {edge!r}" for edge in edges if is_function_word(edge)]
    if not any(word[0].isalpha() for word in spoken):
        return [*faults, "no word"]
    return faults + (noun_faults(spoken, tagger.tags(phrase)) if tagger and not faults else [])


def is_function_word(word: str) -> bool:
    """Whether a word is listed; never one in capitals (US, IT)."""
    return word.lower() in FUNCTION_WORDS and not (word.isupper() and len(word) > 1)


def noun_faults(spoken: list[str], tags: list[str]) -> list[str]:
    """Why tagged words ("UPOS|VerbForm") are no noun phrase; [] if they are one."""
    kinds = [tag.split("|")[0] for tag in tags]
    forms = [tag.split("|")[-1] for tag in tags]
    gerund = kinds[-1] == "VERB" and (forms[-1] == "Ger" or (len(kinds) > 1 and spoken[-1].endswith("ing")))
    if kinds[-1] not in HEADS and not gerund:
        return [f"ends in the {_spoken_tag(tags[-1])} {spoken[-1]!r}"]
    if not NOUNS & set(kinds) and not gerund and "X" not in kinds:
        return ["no noun"]
    if kinds[0] not in OPENERS and not (kinds[0] == "VERB" and forms[0] in ("Part", "Ger")):
        return [f"begins with the {_spoken_tag(tags[0])} {spoken[0]!r}"]
    for word, kind, form in list(zip(spoken, kinds, forms, strict=True))[1:-1]:
        if kind in NEVER_INSIDE or (kind == "VERB" and form in ("Fin", "Inf")):
            return [f"contains the {_spoken_tag(f'{kind}|{form}')} {word!r}"]
    return []


def _spoken_tag(tag: str) -> str:
    kind, _, form = tag.partition("|")
    return f"{kind}{f' ({form})' if kind == 'VERB' else ''}"


def documents_of(part: Partition) -> dict[str, frozenset[str]]:
    """The documents of each word and of each part of a hyphenated word, in lower case and without a plural s."""
    made: dict[str, set[str]] = {}
    for text, document in zip(part.texts, part.documents, strict=True):
        for word in set(words(text.lower())):
            for key in (stem(word), *pieces(word)):
                made.setdefault(key, set()).add(document)
    return {word: frozenset(documents) for word, documents in made.items()}


def pieces(word: str) -> list[str]:
    """What hyphens, full stops and slashes part a word into."""
    return [stem(piece) for piece in re.split(r"[-/.]", word) if piece]


def stem(word: str) -> str:
    """A word in lower case without a possessive or plural s."""
    word = re.sub(r"['’]s?$", "", word.lower())
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def owned(phrase: str, documents: Mapping[str, frozenset[str]], stems: str) -> list[str]:
    """Content words of a phrase of the texts that one or two documents have; [] for a phrase that no text contains.

    stems: all texts as stems between blanks, in which the phrase is looked for.
    """
    spoken = words(phrase)
    if f" {' '.join(stem(word) for word in spoken)} " not in stems:
        return []
    content = [word for word in spoken if not is_function_word(word)]
    return [word for word in content if _spread(word, documents) < OWNERS]


def _spread(word: str, documents: Mapping[str, frozenset[str]]) -> int:
    of_pieces = [len(documents.get(piece, ())) for piece in pieces(word)]
    return max(len(documents.get(stem(word), ())), min(of_pieces, default=0))


def faults(part: Partition, names: Mapping[int, str], tagger: Tagger | None = None) -> dict[int, list[str]]:
    """The faults of the name of each theme; [] for a good one. Without a tagger noun phrases are not checked."""
    documents = documents_of(part)
    stems = "\n".join(f" {' '.join(stem(word) for word in words(text))} " for text in part.texts)
    often = Counter(name.casefold() for name in names.values())
    made = {}
    for theme, name in names.items():
        phrases = parts_of(name)
        longest = LONGEST_ALONE if len(phrases) == 1 else LONGEST_OF_TWO
        reasons = ["list of three or more"] if is_list(name) else []
        reasons += [fault for phrase in phrases for fault in phrase_faults(phrase, longest, tagger)]
        reasons += ["no word"] if not phrases or name.startswith("(") else []
        of_theme = len({part.documents[row] for row in part.rows(theme)})
        rare = [word for phrase in phrases for word in owned(phrase, documents, stems)] if of_theme >= OWNERS else []
        reasons += [f"{word!r} is in fewer than {OWNERS} documents" for word in rare]
        reasons += ["not unique"] if often[name.casefold()] > 1 else []
        made[theme] = reasons
    return made


def wilson(hits: float, n: int) -> tuple[float, float]:
    """95 % limits of a share (Wilson 1927); hits may be a half (ties)."""
    if not n:
        return 0.0, 1.0
    z, share = 1.959964, hits / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, centre - half), min(1.0, centre + half)
