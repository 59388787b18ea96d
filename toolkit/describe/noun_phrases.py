"""Phrases that could name a theme: noun phrases of the corpus with their case, including headings and titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from toolkit.describe.form import FEWEST_DOCUMENTS
from toolkit.describe.keywords import stem
from toolkit.describe.parts_of_speech import Grammar
from toolkit.describe.phrases import runs_of_words, spaced, starts_as_count
from toolkit.describe.words import (
    BREAK,
    CONTENT,
    LINK,
    LINKS,
    SAME,
    STOP,
    WEAK,
    Words,
    favourite,
    key_of,
    kind_of,
    singular,
)
from toolkit.files.tuned import tuned
from toolkit.values import Floats, Ints

TUNED = tuned("toolkit.describe")

Places = npt.NDArray[np.int64]
MOST_WORDS = 4
"""Largest number of words in a phrase."""
MOST_PHRASES = 70
"""Largest number of phrases of a theme that are compared by meaning."""
PLACES_READ = 4
"""Largest number of places in a theme at which the parts of speech of a phrase are determined."""
PHRASE_SHARE = TUNED.number("phrase_share")
"""Minimum share of these places at which a word sequence must be a noun phrase."""
CONTINUED_SHARE = TUNED.number("continued_share")
"""Maximum share of these places at which the phrase may continue."""
PLURAL_SHARE = TUNED.number("plural_share")
"""Minimum frequency of a plural relative to the most frequent form, for the plural to be shown."""
PLURAL_HEAD_SHARE = TUNED.number("plural_head_share")
"""The same for the last word of a phrase, counted wherever it occurs."""
FRAGMENT_SHARE = TUNED.number("fragment_share")
"""A phrase is a fragment of a longer one that has at least this share of its texts."""
MORE_SPECIFIC_SHARE = TUNED.number("more_specific_share")
"""A phrase replaces a single noun, which it specifies, if it has at least this share of its documents."""
MOST_TEXTS_WITH_SINGLES = 2_500
"""Largest number of texts with which a phrase of a single text is allowed."""


@dataclass(frozen=True)
class Phrase:
    """A noun phrase of a theme: its form, the stems of its words, and the theme's texts and documents that contain it.

    contrast in [0, 1]: how much more often its words occur in texts of the theme than in others; proper in [0, 1]: the
    share of its places at which a word has a capital that is not the beginning of a sentence.
    """

    name: str
    keys: tuple[str, ...]
    texts: int
    documents: int
    contrast: float
    proper: float

    @property
    def stems(self) -> frozenset[str]:
        """Its words without endings; hyphenated words are split and linking words left out."""
        content = (key for key in self.keys if key not in LINKS)
        return frozenset(stem(part) for key in content for part in key.split("-") if part)


@dataclass(frozen=True)
class Counts:
    """Texts and documents of each theme that contain each of m words or word sequences: (themes, m) each."""

    texts: Ints
    documents: Ints
    everywhere: Ints  # (m,) texts of the corpus
    everywhere_documents: Ints  # (m,)


@dataclass(frozen=True)
class Draft:
    """A word sequence before its grammar is checked: rank, words, texts and documents of a theme, places."""

    rank: float
    unit: tuple[int, ...]
    texts: int
    documents: int
    places: Places


class Runs:
    """The words of n texts and their sequences, independent of themes; documents (n,) is the document number of each
    text."""

    def __init__(self, words: Words, texts: Sequence[str], documents: Ints) -> None:
        self.words, self.texts, self.documents = words, texts, documents
        self.at = runs_of_words(words, MOST_WORDS, 1 if len(texts) <= MOST_TEXTS_WITH_SINGLES else 2)
        self.counting = np.array([starts_as_count(key) for key in words.keys], bool)
        real = words.surface[words.surface != BREAK]
        often = np.bincount(real, minlength=len(words.surfaces)).tolist()
        self.often = dict(zip(words.surfaces, often, strict=True))
        self.plurals = plurals_of(self.often)
        self.quiet = small_letters_of(self.often)
        self._plains: dict[int, str] = {}

    def plain(self, row: int) -> str:
        """A text in lower case, with plain marks and spaces."""
        if row not in self._plains:
            self._plains[row] = " ".join(self.texts[row].translate(SAME).lower().split())
        return self._plains[row]


class Finder:
    """The noun phrases of themes, from the word sequences of n texts.

    groups (n,) is the theme of each text, -1 for none.
    """

    def __init__(self, runs: Runs, groups: Ints, themes: int) -> None:
        self.runs, self.words, self.texts, self.themes = runs, runs.words, runs.texts, themes
        self.groups, self.documents = groups, runs.documents
        words, documents = runs.words, runs.documents
        self.size = np.bincount(groups[groups >= 0], minlength=themes)
        self.spread = np.array([len(np.unique(documents[groups == theme])) for theme in range(themes)])
        real = words.word != BREAK
        self.alone = self._count(words.word[real], words.row[real], len(words.keys))
        self.contrast = self._contrast()

    def _count(self, unit: Ints | Places, row: Ints, units: int) -> Counts:
        """The number of texts and documents that contain each unit; unit, row (t,): each occurrence."""
        n, most = len(self.texts), int(self.documents.max(initial=0)) + 1
        pair = np.unique(unit.astype(np.int64) * n + row)
        member, where = np.divmod(pair, n)
        theme = np.where(self.groups[where] >= 0, self.groups[where], self.themes).astype(np.int64)
        texts = np.zeros((self.themes + 1) * units, np.int32)
        code, count = np.unique(theme * units + member, return_counts=True)
        texts[code] = count
        pair = np.unique((theme * units + member) * most + self.documents[where]) // most
        documents = np.bincount(pair, minlength=(self.themes + 1) * units).astype(np.int32)
        whole = np.bincount(np.unique(member * most + self.documents[where]) // most, minlength=units)
        shape = (self.themes + 1, units)
        return Counts(
            texts.reshape(shape)[: self.themes], documents.reshape(shape)[: self.themes],
            texts.reshape(shape).sum(0, dtype=np.int32), whole.astype(np.int32),
        )  # fmt: skip

    def _contrast(self) -> Floats:
        """(themes, words) root of the share of a theme's texts with the word, minus that of the other texts."""
        inside = self.alone.texts / np.maximum(self.size, 1)[:, None]
        others = np.maximum(len(self.texts) - self.size, 1)[:, None]
        outside = (self.alone.everywhere[None] - self.alone.texts) / others
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(inside > 0, np.minimum(outside / inside, 1), 1.0)
        contrast: Floats = np.sqrt(inside) * (1 - part)
        return contrast

    def phrases(self, grammars: Sequence[Grammar]) -> list[list[Phrase]]:
        """Phrases of each theme, most distinctive first; grammars: one per theme."""
        drafts: list[list[Draft]] = [[] for _ in range(self.themes)]
        for length, at in enumerate(self.runs.at, start=1):
            self._draft(at, length, drafts)
        return [
            self._judged(theme, sorted(drafts[theme], key=lambda draft: (-draft.rank, draft.unit)), grammars[theme])
            for theme in range(self.themes)
        ]

    def _draft(self, at: Places, length: int, drafts: list[list[Draft]]) -> None:
        """Add the sequences of `length` words: rank, words, texts and documents of the theme, and places."""
        places = np.flatnonzero(at >= 0)
        units = int(at.max(initial=-1)) + 1
        if not units:
            return
        counts = self._count(at[places], self.words.row[places], units)
        order = places[np.argsort(at[places], kind="stable")]
        edges = np.searchsorted(at[order], np.arange(units + 1))
        starts = self.words.word[order[edges[:-1]][:, None] + np.arange(length)]
        able = self._able(starts)
        for theme in range(self.themes):
            contrast = np.where(self._linking(starts), np.nan, self.contrast[theme][starts])
            mean = np.nan_to_num(np.nansum(contrast, axis=1) / np.maximum((~np.isnan(contrast)).sum(axis=1), 1))
            texts, documents = counts.texts[theme], counts.documents[theme]
            rank = mean + 0.35 * np.log1p(documents) / np.log1p(max(self.spread[theme], 1))
            usual = texts / max(self.size[theme], 1) >= 1.2 * counts.everywhere / max(len(self.texts), 1)
            usable = able & (texts > 0) & usual & self._shared(starts, theme)
            if length == 1:
                usable &= documents >= self._owned(theme)
            else:
                loose = (self.words.kinds[starts[:, 0]] == WEAK) | self._linking(starts).any(1)
                usable &= ~loose | (documents >= min(2, self._owned(theme)))
            best = np.flatnonzero(usable)
            best = best[np.argsort(-rank[best], kind="stable")][: 3 * MOST_PHRASES]
            for unit in best.tolist():
                occurrences = order[edges[unit] : edges[unit + 1]]
                here = occurrences[self.groups[self.words.row[occurrences]] == theme]
                ranked = (round(float(rank[unit]), 9), tuple(starts[unit].tolist()), int(texts[unit]))
                drafts[theme].append(Draft(*ranked, int(documents[unit]), here))

    def _linking(self, starts: Ints) -> Ints:
        linking: Ints = self.words.kinds[starts] == LINK
        return linking

    def _able(self, starts: Ints) -> Ints:
        """Whether each sequence (u, words) has allowed words at its edges and contains a content word."""
        kinds = self.words.kinds[starts]
        measured = (kinds[:, :2] == (WEAK, LINK)).all(1) if kinds.shape[1] > 1 else np.zeros(len(kinds), bool)
        able: Ints = (
            ~measured
            & (kinds[:, 0] != LINK)
            & (kinds[:, -1] == CONTENT)
            & (kinds != STOP).all(1)
            & ~self.runs.counting[starts[:, 0]]
        )
        return able if starts.shape[1] > 1 else able & (kinds[:, 0] == CONTENT)

    def _owned(self, theme: int) -> int:
        """The minimum number of documents of a theme for a proper name or a single word."""
        return max(1, min(FEWEST_DOCUMENTS, (int(self.spread[theme]) + 1) // 2))

    def _shared(self, starts: Ints, theme: int) -> Ints:
        """Whether every word of each sequence occurs in enough documents of the corpus and of the theme."""
        everywhere = self.alone.everywhere_documents >= min(
            FEWEST_DOCUMENTS, (int(self.documents.max(initial=0)) + 2) // 2
        )
        here = self.alone.documents[theme] >= min(2, int(self.spread[theme]))
        good: Ints = ((everywhere & here)[starts] | self._linking(starts)).all(1)
        return good

    def _judged(self, theme: int, drafts: Sequence[Draft], grammar: Grammar) -> list[Phrase]:
        """The noun phrases among drafts, without fragments of longer ones."""
        good: list[Phrase] = []
        for one in drafts[: 4 * MOST_PHRASES]:
            unit, proper = one.unit, self._proper(one.places, len(one.unit))
            known = grammar.known or one.texts >= 2
            if not known or not self._reads(one.places, len(unit), grammar):
                continue
            if proper > 0 and one.documents < (self._owned(theme) if proper >= 0.5 else 2):
                continue
            name = self._shown(one.places, len(unit), grammar)
            if name is None:
                continue
            contrast = [self.contrast[theme][word] for word in unit if self.words.kinds[word] != LINK]
            keys = tuple(self.words.keys[word] for word in unit)
            good.append(Phrase(name, keys, one.texts, one.documents, float(np.mean(contrast)), proper))
            if len(good) == MOST_PHRASES:
                break
        return [one for one in good if not any(_explains(other, one) or _tells(other, one) for other in good)]

    def _reads(self, places: Places, length: int, grammar: Grammar) -> bool:
        read = [grammar.reads(*self._clause(place, length)) for place in places[:PLACES_READ].tolist()]
        phrase, on = (sum(reading[at] for reading in read) for at in (0, 1))
        return phrase >= PHRASE_SHARE * len(read) and on <= CONTINUED_SHARE * len(read)

    def _clause(self, place: int, length: int) -> tuple[list[str], list[str], list[str]]:
        """Up to three words before a sequence in its clause, the sequence, and the word after it."""
        surface, first, last = self.words.surface, place, place + length
        while first > 0 and place - first < 3 and surface[first - 1] != BREAK:
            first -= 1
        if last < len(surface) and surface[last] != BREAK:
            last += 1
        shown = [self.words.surfaces[surface_id] for surface_id in surface[first:last].tolist()]
        return shown[: place - first], shown[place - first : place - first + length], shown[place - first + length :]

    def _proper(self, places: Places, length: int) -> float:
        """The share of places at which a word of a sequence has a capital that is not the beginning of a sentence."""
        capitals = [self._capital(place, length) for place in places[:PLACES_READ].tolist()]
        return float(np.mean(capitals)) if capitals else 0.0

    def _capital(self, place: int, length: int) -> bool:
        shown = [self.words.surfaces[surface] for surface in self.words.surface[place : place + length].tolist()]
        if self.words.opens[place]:
            shown = shown[1:]
        return bool(shown) and any(word[0].isupper() and not word.isupper() for word in shown)

    def _shown(self, places: Places, length: int, grammar: Grammar) -> str | None:
        """The most frequent form of a sequence that occurs literally in a text; None if only a mark joins its words."""
        forms: Counter[str] = Counter()
        for place in places[:200].tolist():
            text = spaced(
                [self.words.surfaces[surface] for surface in self.words.surface[place : place + length].tolist()]
            )
            forms[text] += 1 if not self.words.opens[place] else 0.01  # type: ignore[assignment]
        name = " ".join(self.runs.quiet.get(word, word) for word in in_plural(forms).split(" "))
        rows = {int(self.words.row[place]) for place in places[:50].tolist()}
        if not any(name.lower() in self.runs.plain(row) for row in sorted(rows)):
            return None
        if max(forms.values()) < 1 and self._opened(name.split(" ")[0], grammar):
            name = name[0].lower() + name[1:]
        *first, last = name.split(" ")
        plural = self.runs.plurals.get(last)
        return " ".join([*first, plural]) if plural else name

    def _opened(self, word: str, grammar: Grammar) -> bool:
        """Whether a word is capitalised only as the beginning of sentences and is known in lower case."""
        return word[1:].islower() and (word.lower() in self.runs.often or grammar.is_common(word.lower()))


def plurals_of(often: Mapping[str, int]) -> dict[str, str]:
    """Singular -> plural of lower-case nouns whose plural is frequent enough; often: word -> its count."""
    pairs = [(singular(word), word) for word in often if word.islower() and singular(word) != word]
    return {word: many for word, many in pairs if often.get(word, 0) and often[many] >= PLURAL_HEAD_SHARE * often[word]}


def small_letters_of(often: Mapping[str, int]) -> dict[str, str]:
    """WORD -> word for words in capitals that are at least as frequent in lower case."""
    shouted = [word for word in often if len(word) > 3 and word.isupper()]
    return {word: word.lower() for word in shouted if often.get(word.lower(), 0) >= often[word]}


def in_plural(forms: Counter[str]) -> str:
    """The most frequent form of a phrase; its plural if that is frequent enough, as a name covers many texts."""
    usual = favourite(forms)
    plural = [form for form in forms if singular(key_of(form.split()[-1])) != key_of(form.split()[-1])]
    often = Counter({form: forms[form] for form in plural if forms[form] >= PLURAL_SHARE * forms[usual]})
    return favourite(often) if often else usual


def _explains(longer: Phrase, phrase: Phrase) -> bool:
    """Whether a phrase occurs mostly inside a longer one."""
    more = len(longer.keys) - len(phrase.keys)
    if more <= 0 or longer.texts < FRAGMENT_SHARE * phrase.texts:
        return False
    return any(longer.keys[i : i + len(phrase.keys)] == phrase.keys for i in range(more + 1))


def _tells(longer: Phrase, phrase: Phrase) -> bool:
    """Whether a more specific phrase replaces a single common noun ("funds", "guidance funds")."""
    if len(phrase.keys) > 1 or not phrase.name.islower() or not 1 < len(longer.keys) < 4 or longer.documents < 2:
        return False
    if kind_of(longer.keys[0]) == WEAK:
        return False
    return longer.keys[-1] == phrase.keys[0] and longer.documents >= MORE_SPECIFIC_SHARE * phrase.documents
