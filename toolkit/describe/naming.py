"""Names of themes: one noun phrase of the theme, or two if the second covers paragraphs that the first does not.

Candidates are the phrases of `noun_phrases`. The score of a phrase depends on how well its meaning separates the
theme's paragraphs from others (the area under the ROC curve of the cosine between phrase and paragraph), on how much
more often its words occur in the theme than elsewhere, and on the number of documents with it. Names are unique in a
run.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from toolkit.describe.material import Encode
from toolkit.describe.noun_phrases import Finder, Phrase, Runs
from toolkit.describe.parts_of_speech import grammar_of
from toolkit.describe.words import IN_HAN, LINKS, one_script, read_words
from toolkit.files.tuned import tuned
from toolkit.values import Bools, Floats, Ints, Vectors

TUNED = tuned("toolkit.describe")

MOST_PARAGRAPHS = 400
"""Largest number of paragraphs of each theme for its phrases: those whose texts have the lowest sha256."""
MOST_OTHER_PARAGRAPHS = 2_000
"""Largest number of paragraphs of other themes that a theme is compared with."""
FIRST_PHRASES, SECOND_PHRASES = 8, 30
"""Number of the best phrases that may be the first, and the second, phrase of a name."""
LENGTH_BONUS = TUNED.numbers("length_bonus")
"""Bonus of a phrase by its number of words: one word is too general, four are hard to read."""
AREA_WEIGHT = TUNED.number("area_weight")
"""Weight of the area under the ROC curve of the cosine between phrase and paragraph."""
COSINE_WEIGHT = TUNED.number("cosine_weight")
"""Weight of the mean cosine of the phrase with the theme's paragraphs."""
CONTRAST_WEIGHT = TUNED.number("contrast_weight")
"""Weight of the contrast of the phrase's words between the theme and the others."""
DOCUMENTS_WEIGHT = TUNED.number("documents_weight")
"""Weight of the documents that contain the phrase."""
PROPER_NAME_PENALTY = TUNED.number("proper_name_penalty")
"""Penalty for a proper name that few documents contain."""
LINKING_WORD_PENALTY = TUNED.number("linking_word_penalty")
"""Penalty for a phrase with "of" or "and"."""
SINGLE_DOCUMENT_PENALTY = TUNED.number("single_document_penalty")
"""Penalty for a phrase of one document; smaller if the theme has few documents."""
COMMON_NOUN_PENALTY = TUNED.number("common_noun_penalty")
"""Penalty for a single common noun."""
GAIN_WEIGHT = TUNED.number("gain_weight")
"""Weight of the area that a second phrase adds to that of the first."""
SECOND_SCORE_WEIGHT = TUNED.number("second_score_weight")
"""Weight of the second phrase's own score."""
MOST_WORDS_JOINED_BY_AND = 4
"""Largest number of words of two phrases that "and" may join."""
SHARED_LETTERS = 5
"""Number of initial letters that two words must share to count as one."""
SAME_MEANING_COSINE = TUNED.number("same_meaning_cosine")
"""From this cosine on, two phrases mean the same."""


@dataclass(frozen=True)
class Texts:
    """The n paragraphs for the names of themes: texts, documents, languages and unit vectors (n, d)."""

    read: Sequence[str]
    documents: Sequence[str]
    languages: Sequence[str | None] | None
    vectors: Vectors
    _runs: dict[tuple[bytes, tuple[str, ...]], Runs] = field(default_factory=dict, repr=False, compare=False)

    def runs(self, rows: Ints, stop_words: tuple[str, ...]) -> Runs:
        """The word sequences of some paragraphs; those read last are cached for other themes of the same texts."""
        key = (rows.tobytes(), stop_words)
        if key not in self._runs:
            read, languages = [self.read[row] for row in rows.tolist()], None
            if self.languages is not None:
                languages = [self.languages[row] for row in rows.tolist()]
            numbers = {name: i for i, name in enumerate(sorted({self.documents[row] for row in rows.tolist()}))}
            documents = np.array([numbers[self.documents[row]] for row in rows.tolist()], np.int32)
            self._runs.clear()
            self._runs[key] = Runs(read_words(read, stop_words, languages), read, documents)
        return self._runs[key]


@dataclass(frozen=True)
class Scored:
    """A phrase with its score and its standardised cosines with the compared paragraphs."""

    phrase: Phrase
    score: float
    likeness: Floats
    vector: Floats


def phrases_for(texts: Texts, groups: Ints, encode: Encode | None, stop_words: Sequence[str] = ()) -> list[list[str]]:
    """For each theme 0, 1, ... names in order of preference: of two phrases, then of one.

    groups (n,) is the theme of each text, -1 for none. Without `encode`, phrases are scored by their words only.
    """
    themes = int(np.max(groups, initial=-1)) + 1
    rows = sampled(texts.read, groups, themes)
    chosen = np.asarray(groups)[rows]
    finder = Finder(texts.runs(rows, tuple(stop_words)), chosen, themes)
    tongues = [language_of(texts.languages, rows[chosen == theme].tolist()) for theme in range(themes)]
    phrases = finder.phrases([grammar_of(language) for language in tongues])
    names = sorted({phrase.name for row in phrases for phrase in row})
    meaning = _meanings(names, encode)
    return [
        _ordered(
            phrases[theme], meaning, texts.vectors[rows], chosen == theme, int(finder.spread[theme]), tongues[theme]
        )
        for theme in range(themes)
    ]


def sampled(texts: Sequence[str], groups: Ints, themes: int) -> Ints:
    """The rows for the names of themes, ascending: at most 400 of each theme and of noise, by the hashes of their
    texts."""
    rows: list[int] = []
    for theme in range(-1, themes):
        members = np.flatnonzero(groups == theme).tolist()
        if len(members) > MOST_PARAGRAPHS:
            members = sorted(members, key=lambda row: (_digest(texts[row]), row))[:MOST_PARAGRAPHS]
        rows += members
    return np.array(sorted(rows), np.int32)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def language_of(languages: Sequence[str | None] | None, rows: Sequence[int]) -> str:
    """The most frequent language of some texts; English if none is known."""
    known = Counter(languages[row] for row in rows if languages[row]) if languages is not None else Counter()
    return str(min(known, key=lambda language: (-known[language], str(language)))) if known else "en"


def _meanings(names: Sequence[str], encode: Encode | None) -> dict[str, Floats]:
    if encode is None or not names:
        return {}
    vectors = np.asarray(encode(list(names)), np.float64)
    return dict(zip(names, vectors, strict=True))


def _ordered(
    phrases: Sequence[Phrase],
    meaning: dict[str, Floats],
    vectors: Vectors,
    inside: Bools,
    documents: int,
    language: str,
) -> list[str]:
    """Names of one theme, best first."""
    rows = _compared(inside)
    scored = _scored(phrases, meaning, np.asarray(vectors[rows], np.float64), inside[rows], documents)
    if not scored:
        return []
    pairs = _pairs(scored, inside[rows], language) if meaning else _plain_pairs(scored, language)
    return list(dict.fromkeys([*pairs, *(cased(one.phrase.name) for one in scored)]))


def _compared(inside: Bools) -> Ints:
    """Rows of a theme and at most 2,000 of the others, evenly spaced."""
    others = np.flatnonzero(~inside)
    if len(others) > MOST_OTHER_PARAGRAPHS:
        others = others[np.linspace(0, len(others) - 1, MOST_OTHER_PARAGRAPHS).astype(np.int64)]
    rows: Ints = np.sort(np.concatenate([np.flatnonzero(inside), others])).astype(np.int32)
    return rows


def _scored(
    phrases: Sequence[Phrase], meaning: dict[str, Floats], vectors: Floats, inside: Bools, documents: int
) -> list[Scored]:
    rows = []
    for phrase in phrases:
        vector = meaning.get(phrase.name, np.zeros(vectors.shape[1]))
        likeness = np.round(vectors @ vector, 6)
        score = CONTRAST_WEIGHT * phrase.contrast + DOCUMENTS_WEIGHT * np.log1p(phrase.documents) / np.log1p(
            max(documents, 2)
        )
        score += LENGTH_BONUS[min(len(phrase.keys), 4)] - PROPER_NAME_PENALTY * phrase.proper * (
            1 - phrase.documents / max(documents, 1)
        )
        score -= LINKING_WORD_PENALTY * bool(LINKS & set(phrase.keys))
        score -= SINGLE_DOCUMENT_PENALTY * min(1, documents / 50) * (phrase.documents < min(2, documents))
        score -= COMMON_NOUN_PENALTY * (len(phrase.keys) == 1 and phrase.name.islower())
        if meaning:
            score += AREA_WEIGHT * (area(likeness, inside) - 0.5) + COSINE_WEIGHT * float(likeness[inside].mean())
        spread = float(likeness.std())
        rows.append(Scored(phrase, round(float(score), 6), (likeness - likeness.mean()) / (spread or 1.0), vector))
    return sorted(rows, key=lambda phrase: (-phrase.score, phrase.phrase.name))


def area(likeness: Floats, inside: Bools) -> float:
    """The area under the ROC curve: the probability that a row inside has a higher value than one outside.

    Ties count half; .5 if there are no rows inside or none outside.
    """
    return float(areas(likeness[None], inside)[0])


def areas(likeness: Floats, inside: Bools) -> Floats:
    """(k,) the area under the ROC curve of each row of likeness (k, n)."""
    from scipy.stats import rankdata

    inner, outer = int(inside.sum()), int((~inside).sum())
    if not inner or not outer:
        return np.full(len(likeness), 0.5)
    ranks: Floats = rankdata(likeness, axis=1)[:, inside].sum(axis=1)
    return (ranks - inner * (inner + 1) / 2) / (inner * outer)


def _pairs(scored: Sequence[Scored], inside: Bools, language: str) -> list[str]:
    """Names of two phrases by the score of the first and the gain of the second, which must be positive."""
    ranked = []
    for at, first in enumerate(scored[:FIRST_PHRASES]):
        others = [second for second in scored[at + 1 : SECOND_PHRASES] if apart(first, second)]
        both = np.array([first.likeness, *(np.maximum(first.likeness, second.likeness) for second in others)])
        alone, *together = areas(both, inside).tolist()
        for second, covered in zip(others, together, strict=True):
            gain = covered - alone
            if gain + 0.1 * second.phrase.contrast > 0:
                worth = first.score + GAIN_WEIGHT * gain + SECOND_SCORE_WEIGHT * second.score
                ranked.append((round(worth, 6), joined(first.phrase, second.phrase, language)))
    return [name for _, name in sorted(ranked, key=lambda pair: (-pair[0], pair[1]))]


def _plain_pairs(scored: Sequence[Scored], language: str) -> list[str]:
    """Names of the best phrase and another one if there is no model of meaning."""
    first = scored[0].phrase
    others = [other.phrase for other in scored[1:SECOND_PHRASES] if not shares_a_word(first, other.phrase)]
    return [joined(first, other, language) for other in others if one_script(first.name, other.name)][:3]


def apart(first: Scored, second: Scored) -> bool:
    """Whether two phrases share no word, differ in meaning and may be combined in one name."""
    if not one_script(first.phrase.name, second.phrase.name):
        return False
    return not shares_a_word(first.phrase, second.phrase) and float(first.vector @ second.vector) < SAME_MEANING_COSINE


def shares_a_word(first: Phrase, second: Phrase) -> bool:
    """Whether two phrases share a word, or have words with the same beginning ("economic", "economy")."""
    return any(
        word == other_word or (word[:SHARED_LETTERS] == other_word[:SHARED_LETTERS] and len(word) > SHARED_LETTERS)
        for word in first.stems
        for other_word in second.stems
    )


def joined(first: Phrase, second: Phrase, language: str) -> str:
    """Two phrases as one name: joined by "and" in their language if the name is short, otherwise by a comma."""
    from babel import Locale, UnknownLocaleError
    from babel.lists import format_list

    names, words = [first.name, second.name], len(first.keys) + len(second.keys)
    foreign = language[:2] in ("zh", "ja") and not any(IN_HAN.search(name) for name in names)
    if words > MOST_WORDS_JOINED_BY_AND or foreign or any(key in LINKS for key in (*first.keys, *second.keys)):
        return cased(", ".join(names))
    try:
        return cased(format_list(names, locale=Locale.parse(language)))
    except (UnknownLocaleError, ValueError):
        return cased(", ".join(names))


def cased(name: str) -> str:
    """A name with a capital as its first letter."""
    return name[:1].upper() + name[1:]


def method(encoded: bool) -> str:
    """A sentence on names for the methods section."""
    by = "by the area under the ROC curve of their likeness to paragraphs, " if encoded else ""
    return (
        f", named by one or two noun phrases of theirs (parts of speech after Brill 1992, chosen {by}by how much more "
        "often their words stand there than elsewhere and by the documents that have them)"
    )
