"""From texts and their themes to labels, keywords and exemplars: the steps of `describe`, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from toolkit.describe.cooccurrence_ranking import incidence, together
from toolkit.describe.exemplars import best_span, choose
from toolkit.describe.form import fault_of
from toolkit.describe.keywords import Candidate, broader_groups, candidates, distinct
from toolkit.describe.labels import NO_THEME, NO_WORDS, labels_for, names_for
from toolkit.describe.material import Material
from toolkit.describe.model_names import by_model
from toolkit.describe.naming import Texts, language_of, phrases_for
from toolkit.describe.naming import method as naming_method
from toolkit.describe.passages import Passages
from toolkit.describe.phrases import Terms
from toolkit.describe.settings import DescribeSettings
from toolkit.describe.weights import WORKS
from toolkit.describe.words import key_of, pieces_of, singular
from toolkit.schemas import EXEMPLARS, THEME_WORDS
from toolkit.text.sentences import sentence_spans
from toolkit.values import NOISE, Description, Floats, Ints, Row, Table

CANDIDATE_TERMS = 100
"""Number of candidate terms per theme."""
DISTINCT_TERMS = 50
"""Number of distinct terms among them from which keywords are chosen."""
CENTRAL_PARAGRAPHS = 5
"""Number of central paragraphs per theme for labellers that compare meaning."""


def described(
    settings: DescribeSettings, passages: Passages, assignment: Ints, strength: Floats, levels: Table
) -> Description:
    """The result of `describe`; see there."""
    paragraphs, vectors, encode = passages.paragraphs, passages.vectors, passages.encode
    terms = passages.terms(settings)
    groups, ids = grouped(assignment, levels)
    central = {
        theme: choose(np.flatnonzero(assignment == theme), vectors, strength, paragraphs, settings.exemplars)
        for theme in ids[0]
    }
    words: dict[int, list[Candidate]] = {}
    phrases: dict[int, list[str]] = {}
    for of_level, themes in zip(groups, ids, strict=True):
        material = Material(encode, _central_texts(settings, passages, of_level, len(themes), strength))
        words |= dict(zip(themes, _ranked(settings, terms, of_level, len(themes), material), strict=True))
        if settings.labeller.named:
            of_themes = np.where(of_level < len([one for one in themes if one != NOISE]), of_level, NOISE)
            names = phrases_for(passages.named_by, of_themes, encode, settings.stop_words)
            phrases |= dict(zip(themes, names, strict=False))
    label_of = _labels(settings, [theme for themes in ids for theme in themes if theme != NOISE], words, phrases)
    quotes = [
        row for theme in sorted(central) for row in _quoted(settings, theme, central[theme], passages, words[theme])
    ]
    label_of, model_notes, asked = by_model(
        settings, label_of, words, quotes, lambda theme, name: _fault(name, theme, groups, ids, passages.named_by)
    )
    return Description(
        themes=_words_table({theme: words[theme][: settings.keywords] for theme in words}, label_of),
        exemplars=pa.Table.from_pylist(quotes, schema=EXEMPLARS),
        method=method(settings, naming_method(encode is not None) if settings.labeller.named else ""),
        notes=(*notes(label_of), *model_notes),
        asked=asked,
        works=works(settings) if len(label_of) > 1 else (),
    )


def _labels(
    settings: DescribeSettings,
    themes: Sequence[int],
    words: Mapping[int, Sequence[Candidate]],
    phrases: Mapping[int, Sequence[str]],
) -> dict[int, str]:
    """The label of each theme and of -1."""
    keywords = [words[theme] for theme in themes]
    if settings.labeller.named:
        names = [phrases.get(theme, ()) for theme in themes]
        labels = names_for(names, keywords, settings.label_characters, (NO_THEME,))
    else:
        labels = labels_for(
            keywords, settings.keywords, settings.label_words, settings.label_characters, (NO_THEME,)
        )  # fmt: skip
    return dict(zip(themes, labels, strict=True)) | {NOISE: NO_THEME}


def _fault(name: str, theme: int, groups: Sequence[Ints], ids: Sequence[Sequence[int]], texts: Texts) -> str:
    """Why a name is not allowed for a theme; empty if it is allowed."""
    level = next(at for at, themes in enumerate(ids) if theme in themes)
    rows = np.flatnonzero(groups[level] == ids[level].index(theme)).tolist()
    read, documents = ([column[row] for row in rows] for column in (texts.read, texts.documents))
    return fault_of(name, read, documents, language_of(texts.languages, rows))


def plain_keywords(settings: DescribeSettings, terms: Terms, assignment: Ints) -> list[list[str]]:
    """Keywords of themes 0, 1, ... by the default labeller."""
    themes = int(np.max(assignment, initial=NOISE)) + 1
    ranked = candidates(
        terms, _noise_last(assignment), themes + 1, settings.weighting, CANDIDATE_TERMS, settings.min_paragraphs
    )
    best = chosen(settings, terms, ranked[:themes])
    return [[candidate.name for candidate in row[: settings.keywords]] for row in best]


def _noise_last(assignment: Ints) -> Ints:
    """(n,) groups from 0, with noise as the last one: themes are contrasted with it, too."""
    groups = np.asarray(assignment)
    return np.where(groups == NOISE, int(groups.max(initial=NOISE)) + 1, groups).astype(np.int32)


def grouped(assignment: Ints, levels: Table) -> tuple[list[Ints], list[list[int]]]:
    """For level 0 and each broader level: the group of each text (noise last), and the theme id of each group."""
    rows = levels.to_pylist()
    noisy = bool((assignment == NOISE).any())
    count = int(np.max(assignment, initial=NOISE)) + 1
    groups, ids = [_noise_last(assignment)], [[*range(count), *([NOISE] if noisy else [])]]
    above: Mapping[int, int] = {theme: theme for theme in range(count)}
    parent = {row["theme"]: row["parent"] for row in rows if row["parent"] is not None}
    while above := {theme: parent[broader_theme] for theme, broader_theme in above.items() if broader_theme in parent}:
        of_level, broader = broader_groups(assignment, above)
        groups.append(_noise_last(of_level))
        ids.append([*broader, *([NOISE] if (of_level == NOISE).any() else [])])
    return groups, [ids[0], *([theme for theme in level if theme != NOISE] for level in ids[1:])]


def _ranked(
    settings: DescribeSettings, terms: Terms, groups: Ints, themes: int, material: Material
) -> list[list[Candidate]]:
    """Keywords of the first `themes` groups, and half as many more in reserve for labels that must differ."""
    total = int(groups.max(initial=-1)) + 1
    weighed = candidates(terms, groups, total, settings.weighting, CANDIDATE_TERMS, settings.min_paragraphs)[:themes]
    ranked = settings.labeller.rank(weighed, material)
    if settings.labeller.by_meaning:
        return [distinct(row, 2 * settings.keywords) for row in ranked]
    return chosen(settings, terms, ranked)


def chosen(settings: DescribeSettings, terms: Terms, ranked: Sequence[Sequence[Candidate]]) -> list[list[Candidate]]:
    """Keywords of each theme, then as many others in reserve: distinct terms that occur together."""
    occurrences = incidence(terms)
    rows = (distinct(row, DISTINCT_TERMS) for row in ranked)
    return [together(row, occurrences, settings.keywords, settings.together) for row in rows]


def _central_texts(
    settings: DescribeSettings, passages: Passages, groups: Ints, themes: int, strength: Floats
) -> tuple[tuple[str, ...], ...]:
    """The texts of the most central paragraphs of each theme; empty if the labeller does not require them."""
    if not settings.labeller.by_meaning:
        return tuple(() for _ in range(themes))
    members = (np.flatnonzero(groups == theme) for theme in range(themes))
    rows = (choose(part, passages.vectors, strength, passages.paragraphs, CENTRAL_PARAGRAPHS) for part in members)
    return tuple(tuple(passages.read[row] for row in part) for part in rows)


def _quoted(
    settings: DescribeSettings, theme: int, rows: list[int], passages: Passages, words: list[Candidate]
) -> list[Row]:
    paragraphs, form = passages.paragraphs, passages.form
    weights: dict[str, float] = {}
    for keyword in words:
        for part in keyword.parts:
            weights[part] = max(weights.get(part, 0.0), keyword.weight)
    quotes = []
    for rank, row in enumerate(rows, start=1):
        text = paragraphs.texts[row]
        start, end = best_span(text, weights, settings.quote_words, sentence_spans, lambda part: _keys_in(form(part)))
        offset = paragraphs.starts[row]
        place = {"paragraph_id": paragraphs.ids[row], "start": offset + start, "end": offset + end}
        quotes.append({"theme": theme, "rank": rank, **place, "quote": text[start:end]})
    return quotes


def _keys_in(text: str) -> list[str]:
    return [singular(key_of(piece)) for piece in pieces_of(text) if piece[0].isalnum()]


def _words_table(words: Mapping[int, Sequence[Candidate]], labels: Mapping[int, str]) -> Table:
    rows = [
        {
            "theme": theme,
            "label": labels[theme],
            "keywords": [keyword.name for keyword in words[theme]],
            "weights": [keyword.weight for keyword in words[theme]],
        }
        for theme in sorted(words)
    ]
    return pa.Table.from_pylist(rows, schema=THEME_WORDS)


def method(settings: DescribeSettings, naming: str = "") -> str:
    """A sentence for the methods section."""
    return (
        f"Themes are described by up to {settings.keywords} words and phrases of their own ({settings.weighting} on "
        f"counts of paragraphs, phrases of up to {settings.phrase_words} words joined by their NPMI"
        f"{settings.labeller.ranking}){naming} and by up to {settings.exemplars} verbatim quotes each, central "
        "by cosine and diverse by maximal marginal relevance."
    )


def works(settings: DescribeSettings) -> tuple[str, ...]:
    """Keys of works to cite for words and quotes (report.references)."""
    phrases = ("npmi2009", "frantzi2000") if settings.phrase_words > 1 else ()
    company = ("npmi2009", "pantel2002") if settings.together else ()
    quotes = ("mmr1998",) if settings.exemplars else ()
    grammar = ("brill1992",) if settings.labeller.named else ()
    return (*WORKS[settings.weighting], *phrases, *company, *quotes, *grammar, *settings.labeller.works)


def notes(labels: Mapping[int, str]) -> tuple[str, ...]:
    """Notes for the reader: themes without a distinctive word."""
    bare = [str(theme) for theme in sorted(labels) if labels[theme].startswith(NO_WORDS)]
    return (f"No distinctive words were found for theme {', '.join(bare)}.",) if bare else ()
