"""Labels at the head of a line ("Interviewer: …"), and the rule by which they are speakers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from toolkit.corpus.archives.vocabulary import labels as archive_labels
from toolkit.corpus.metadata import ALIASES
from toolkit.corpus.settings import SpeakerSettings
from toolkit.corpus.transcripts.marks import CLOCK, is_one_of, words_of
from toolkit.corpus.words import word_set

LEAST_TURNS = 4
"""Minimum number of turns of a conversation without known roles."""
LEAST_LABELLED_SHARE = 0.3
"""Minimum share of paragraphs that begin with a label, if no label is a known role."""
LEAST_ROLE_SHARE = 0.08
"""The same if labels are known roles: answers may have many paragraphs."""
SURE_SHARE = 0.8
"""From this share on nearly every paragraph has a label, and a label that occurs once is also a speaker."""
LEAST_CHANGE_SHARE = 0.5
"""Minimum share of adjacent turns with different speakers."""
LEAST_RECURRING_SHARE = 0.5
"""Minimum share of labelled lines whose label recurs."""

_STAMP = rf"[\[(<#]?\s*(?:{CLOCK})(?:-\d)?\s*[\])>#]?"
_LABEL = re.compile(
    rf"(?P<open>(?:\d{{1,4}}[.)]?\s+)?(?:\*\*|__|[*_])?(?:>>\s*)?)(?P<before>{_STAMP}\s*[-–—|]?\s*)?(?:\*\*|__)?"
    r"(?P<name>\[?[^\W_\d][^:：\n\t*\[\]<>\"“”„«»?!;=|/\\{}]{0,70}?\]?)"
    rf"(?P<after>\s*[\[(]?\s*(?:{CLOCK})\s*[\])]?)?\s*(?:\*\*|__|[*_])?\s*[:：](?:\*\*|__|[*_])?(?!//|\d\d\b)"
    rf"(?P<late>\s*[\[(]\s*(?:{CLOCK})\s*[\])])?\s*"
)
_OTHER = re.compile(
    rf"(?P<before>{_STAMP}\s+)?<(?P<angled>[^<>\n]{{1,40}})>\s+(?=\S)"
    rf"|(?:(?P<before2>{_STAMP})\s*\t\s*)?(?P<tabbed>[^\W_\d][^:\n\t!?]{{0,40}}?)[ ]*\t\s*(?=\S*[^\W\d_])"
    r"|(?P<dashed>[^\W_\d][\w.#]{1,20}(?:\s\d{1,3})?)\s+[-–—]\s+(?=\S)"
)
"""Labels without a colon: <Anna> text; Anna, tab, text; P3 - text (codes and roles alone)."""
_ASIDE = re.compile(r"(?<=\w )[\[(]([^\W\d][^\[\]()\n:]{0,40})[\])](?=\s*:|\s*\()")
"""The text in brackets between a name and its colon."""
_LABEL_CHARACTERS = 110
_RECORDED = re.compile(
    r"(?P<name>(?:The|Mr\.|Mrs\.|Ms\.|Miss|Dr\.)[ ](?:[A-Z][a-z]{1,15}[ ]|[A-Z]\.[ ]){0,2}"
    r"[A-Z][A-Za-z]{0,3}[A-Z][A-Z'’-]*(?:[ ][A-Z][A-Z'’-]+){0,3}"
    r"(?:[ ]of(?:[ ][A-Z][a-z]+){1,3}|[ ]pro[ ]tempore)?)\.\s+(?=\S)"
)
"""A speaker as a record of a parliament names one: "Mr. LIND. I move that …", "The SPEAKER pro tempore. Without …"."""
_LETTER = re.compile(r"(?P<name>[QA])(?:\.|\t|\s{2,})[ \t]*(?=\S)")
_CODE = re.compile(r"[^\W\d_]{1,4}[-_ ]?\d{0,3}(?:[-_ ][^\W\d_]{0,3}\d{1,3})?")
_ABBREVIATED = re.compile(
    r"\b(?:\w|Mr|Ms|Mrs|Mx|Dr|Prof|Sr|Sra|Hr|Fr|Hon|Rev|St|Jr|Sen|Rep|Gov|Lt|Col|Gen|M|Mme|Sig)\.",
    re.IGNORECASE,
)
_PARTICLE = word_set(
    "a al am and bin da de del den der des di do dos du el for i la le of och pro tempore the und van von y zu"
)
_PARENTHESES = re.compile(r"\s*\([^()]*\)")


class Label(NamedTuple):
    """A label: the name, its place in the line, its time, and the start of the words after it."""

    name: str
    start: int
    stop: int
    clock: str
    end: int


class Verdict(NamedTuple):
    """Which labels are speakers (label to speaker), or why it is in doubt; nothing for an ordinary text."""

    speakers: Mapping[str, str]
    doubt: str = ""


def label_of(line: str) -> Label | None:
    """The label at the head of a line, if there is one that could name a speaker."""
    line = (
        _ASIDE.sub(_in_parentheses, line[:_LABEL_CHARACTERS]) + line[_LABEL_CHARACTERS:] if _has_aside(line) else line
    )
    match = _LABEL.match(line) if ":" in line[:_LABEL_CHARACTERS] or "：" in line[:_LABEL_CHARACTERS] else None
    if match is None:
        return _unpunctuated(line)
    name = match["name"].strip(" []\t-–—,")
    if not _could_name(name):
        return None
    clock = re.search(CLOCK, (match["before"] or "") + (match["after"] or "") + (match["late"] or ""))
    return Label(name, match.start(), match.end(), clock.group() if clock else "", match.end())


def _has_aside(line: str) -> bool:
    return " [" in line[:_LABEL_CHARACTERS] or ("(" in line[:_LABEL_CHARACTERS] and "/" in line[:_LABEL_CHARACTERS])


def _in_parentheses(aside: re.Match[str]) -> str:
    """The text after a name ("[to Man 1]", "(CDU/CSU)") with round brackets and without a slash, of equal length."""
    return f"({aside[1].replace('/', '-')})"


def _unpunctuated(line: str) -> Label | None:
    """The label at the head of a line that no colon ends."""
    letter = _LETTER.match(line) if line[:1] in ("Q", "A") else None
    if letter is not None:
        return Label(letter["name"], 0, letter.end(), "", letter.end())
    recorded = _RECORDED.match(line) if line[:1] in "TMD" else None
    if recorded is not None:
        return Label(recorded["name"], 0, recorded.end(), "", recorded.end())
    match = _OTHER.match(line) if line[:1] in "<[(" or "\t" in line[:80] or re.search(r"\s[-–—]\s", line[:30]) else None
    if match is None:
        return None
    name = str(match["angled"] or match["tabbed"] or match["dashed"]).strip()
    if not _could_name(name) or (match["dashed"] and not (is_role(name) or is_code(name))):
        return None
    clock = re.search(CLOCK, (match["before"] or "") + (match["before2"] or ""))
    return Label(name, 0, match.end(), clock.group() if clock else "", match.end())


def _could_name(name: str) -> bool:
    """Whether a label has the form of a name or a role: few words, no sentence."""
    bare = _ABBREVIATED.sub("", _PARENTHESES.sub("", name))
    if not name or "." in bare.rstrip(".") or len(bare.split()) > 6 or len(name.split()) > 14:
        return False
    if bare.count(",") > 1 or is_field(name):
        return False
    return is_role(name) or name[0].upper() == name[0] or " " not in name


def _stem(name: str) -> str:
    """A label for the word lists: lower case, without number, sign or parentheses."""
    return re.sub(r"[\s#_\-/.]*(?:#?\d+|\b[a-z])?[\s.]*\Z", "", _PARENTHESES.sub("", name.casefold())).strip()


def is_field(name: str) -> bool:
    """Whether a label names a field or remark, as "Note" does."""
    low = name.casefold().strip()
    return low in words_of("fields") or (_stem(name) in words_of("fields") and not is_role(name))


def is_role(name: str) -> bool:
    """Whether a label names a part in a conversation: "Interviewer", "Speaker 2", "Q"."""
    low = _PARENTHESES.sub("", name).casefold().strip(" .")
    return low in words_of("roles") or _stem(name) in words_of("roles")


def is_code(name: str) -> bool:
    """Whether a label is a code, as transcripts have: I, P3, INT1, FG2-P1."""
    return _CODE.fullmatch(name) is not None and name.upper() == name and (len(name) <= 3 or name[-1].isdigit())


def is_name(name: str) -> bool:
    """Whether a label looks like a person's name or office: every word begins with a capital letter."""
    words = [word for word in re.split(r"[\s,]+", _PARENTHESES.sub("", name)) if word]
    if not words or len(words) > 6:
        return False
    return all(word[0].upper() == word[0] or word in _PARTICLE for word in words) and words[0] not in _PARTICLE


def speakers_in(labels: Sequence[str], paragraphs: int, settings: SpeakerSettings, captions: bool = False) -> Verdict:
    """Which labels of a text are speakers; `labels` in order, one per labelled line, of a text with this many
    `paragraphs`.

    The labels of a conversation recur and alternate: there are at least `LEAST_TURNS` labelled lines (two if all labels
    are known roles) with two or more labels; the label of a share `LEAST_RECURRING_SHARE` of them recurs; a share
    `LEAST_CHANGE_SHARE` of adjacent labels differ; a share `LEAST_LABELLED_SHARE` of the paragraphs begin with a label.
    Three or more labels that always occur in the same order are the fields of records.
    """
    if settings.find is False or not labels:
        return Verdict({})
    counts = Counter(_base(label) for label in labels)
    listed = {name for name in counts if is_one_of(name, settings.names)}
    if settings.find is True:
        return Verdict(_named(labels, counts, set(counts)))
    share = len(labels) / max(1, paragraphs)
    roles = sum(count for name, count in counts.items() if is_role(name))
    known = sum(count for name, count in counts.items() if is_role(name) or is_code(name)) >= 0.5 * len(labels)
    recurring = sum(count for count in counts.values() if count > 1)
    changes = sum(name != following for name, following in pairwise(map(_base, labels))) / max(1, len(labels) - 1)
    several = len(counts) > 1 or captions
    few = roles == len(labels) or (captions and share >= SURE_SHARE)
    enough = len(labels) >= (2 if few and not _ordered(labels, counts) else LEAST_TURNS)
    regular = (2 * roles >= len(labels) or recurring >= LEAST_RECURRING_SHARE * len(labels)) and (
        changes >= LEAST_CHANGE_SHARE or captions
    )
    shared = share >= (LEAST_ROLE_SHARE if known else LEAST_LABELLED_SHARE)
    records = _ordered(labels, counts) and not any(map(is_role, counts))
    if several and enough and regular and shared and not records:
        chosen = {
            name for name in counts if counts[name] > 1 or is_role(name) or is_code(name) or _lone(name, counts, share)
        }
        fields = {name for name in chosen if name.casefold() in _field_names()}
        if not fields or any(map(is_role, chosen)) or len(chosen - fields) > 1:
            return Verdict(_named(labels, counts, chosen | listed))
    if listed:
        return Verdict(_named(labels, counts, listed))
    likely = len(labels) >= LEAST_TURNS and several and recurring >= LEAST_RECURRING_SHARE * len(labels)
    return Verdict({}, ", ".join(sorted(counts)[:3]) if likely and share >= LEAST_LABELLED_SHARE else "")


@cache
def _field_names() -> frozenset[str]:
    """Labels of metadata: texts begin with several of them, so they are no speakers."""
    roles = (alias for role in ("title", "source", "date", "author", "url") for alias in ALIASES[role])
    return frozenset(roles) | archive_labels("nexis_head").keys() | archive_labels("nexis_tail").keys()


def _lone(name: str, counts: Mapping[str, int], share: float) -> bool:
    """Whether a label that occurs once is a speaker in addition to those that recur."""
    capitals = all(other.isupper() for other, count in counts.items() if count > 1)
    return is_name(name) and (len(name.split()) > 1 or (share >= SURE_SHARE and (name.isupper() or not capitals)))


def _ordered(labels: Sequence[str], counts: Mapping[str, int]) -> bool:
    """Whether three or more labels come again and again in the same order, as the fields of records do."""
    size = len(counts)
    turns = [_base(label) for label in labels]
    return size > 2 and len(turns) >= 2 * size and all(turns[at] == turns[at % size] for at in range(len(turns)))


def _base(label: str) -> str:
    """A label without its text in parentheses, unless that is all of it."""
    return _PARENTHESES.sub("", label).strip() or label


def _named(labels: Sequence[str], counts: Mapping[str, int], chosen: set[str]) -> dict[str, str]:
    """Label to speaker; "The Minister (Ona Lind)" is Ona Lind if she speaks under her name elsewhere."""
    speakers: dict[str, str] = {}
    for label in labels:
        inside = [name for name in re.findall(r"\(([^()]+)\)", label) if name in counts]
        if _base(label) in chosen:
            speakers[label] = inside[0] if inside else _base(label)
    return speakers
