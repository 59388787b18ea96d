"""Words of themes, codes and groups: those more frequent than in the rest, and keywords in context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.estimate.keyness import MOST_TERMS, Counted, keyness, sides
from toolkit.estimate.kwic import MOST_KEYWORDS, MOST_LINES, Texts, check_kwic, kwic
from toolkit.estimate.tally import clusters_of
from toolkit.values import NOISE, Bools, Ints, Table, Wording

if TYPE_CHECKING:
    from toolkit.codebook.codebook import Code
    from toolkit.estimate import EstimateSettings


def wording(
    settings: EstimateSettings,
    documents: Table,
    paragraphs: Table,
    terms: Any,
    theme: Ints,
    assigned: Mapping[str, Bools],
    keywords: Mapping[tuple[str, str], Sequence[str]],
    seed: int,
) -> Wording:
    """The keyness of every theme, code and group against all other unique paragraphs, and keyword lines.

    Args:
        paragraphs: pa.Table of the n unique paragraphs: paragraph_id, document_id, start, text.
        terms: names, rows, columns, counts of the words and phrases of those n texts.
        theme: (n,); assigned: code -> (n,).
        keywords: (kind, id) -> keywords. For a code without keywords, its words in the keyness table are used.
    """
    ids, cluster = documents.column("document_id").to_pylist(), clusters_of(documents, settings.resample)[0]
    place = {document: row for row, document in enumerate(ids)}
    home = np.array([place[document] for document in paragraphs.column("document_id").to_pylist()], dtype=int)
    groups = {}
    for column in settings.group_by:
        if column not in documents.column_names:  # a column of the paragraphs
            groups[column] = paragraphs.column(column).to_pylist()
            continue
        values = documents.column(column).to_pylist()
        groups[column] = [None if values[row] is None else str(values[row]) for row in home]
    against, notes = sides(theme, assigned, groups)
    position = np.array(paragraphs.column("start").to_pylist(), np.int32)
    counted = Counted(terms.names, terms.rows, terms.columns, terms.counts, cluster[home], position)
    table = keyness(counted, against, seed)
    inside = members(theme, assigned)
    wanted = {key: list(words) for key, words in keywords.items() if key in inside}
    telling: dict[tuple[str, str], list[str]] = {}
    for row in table.select(["kind", "id", "term"]).to_pylist():
        telling.setdefault((row["kind"], row["id"]), []).append(row["term"])
    wanted |= {key: telling.get(key, []) for key, words in wanted.items() if not words}
    lines = kwic(Texts.of(paragraphs), wanted, inside)
    return Wording(table, lines, _method(settings, table), tuple(notes), WORKS if table.num_rows else ())


WORKS = ("dunning1993", "hardie2014", "hoeffding1963", "lijffijt2016", "phipson2010", "westfall1993")
"""Keys of the works behind keyness (report.references)."""


def keyword_lists(words: Table, codes: Sequence[Code]) -> dict[tuple[str, str], list[str]]:
    """(kind, id) -> keywords, of themes (pa.Table of THEME_WORDS) and of the codebook's codes."""
    of_themes = {("theme", str(row["theme"])): row["keywords"] for row in words.to_pylist() if row["theme"] != NOISE}
    return of_themes | {("code", code.id): list(code.keywords) for code in codes}


def members(theme: Ints, assigned: Mapping[str, Bools]) -> dict[tuple[str, str], Bools]:
    """(kind, id) -> (n,) mask of its unique paragraphs."""
    of_themes = {("theme", str(number)): np.asarray(theme == number) for number in np.unique(theme)}
    return of_themes | {("code", code): np.asarray(marks, bool) for code, marks in assigned.items()}


def check_wording(made: Wording, paragraphs: Table, theme: Ints, assigned: Mapping[str, Bools]) -> None:
    """Raise QuoteError unless every keyword line is verbatim and in a paragraph of its theme or code."""
    check_kwic(made.kwic, Texts.of(paragraphs), members(theme, assigned))


def _method(settings: EstimateSettings, table: Table) -> str:
    unit = "documents" if settings.resample == "document" else f"whole groups of {settings.resample!r}"
    counted = (
        "Words and phrases were counted in unique paragraphs, forms of a word together (fund, funds) under the most "
        "frequent one, and a word within a phrase that is counted (Party in Party committee) with the phrase alone"
    )
    lines = (
        f"Keyword lines show up to {MOST_LINES} places of up to {MOST_KEYWORDS} keywords, from different documents as "
        "far as there are."
    )
    if not table.num_rows:
        return f"{counted}; none could be compared. {lines}"
    tested, draws = table["tested"][0].as_py(), table["draws"][0].as_py()
    return (
        f"{counted}. For each theme, code and group the {MOST_TERMS} terms are kept that are most over-represented "
        f"against all other paragraphs by the log-likelihood ratio G2 (Dunning 1993) on {unit} as units, each with the "
        f"square root of its occurrences. p-values (one-sided) come from {draws:,} exchanges of labels between {unit}; "
        f"all {tested:,} tests of the table (terms in at least three {unit}, each on each side) are one family, "
        "adjusted by the greatest statistic of each exchange (Westfall & Young 1993), so that the chance of any false "
        "word is at most 5 %. A word is called more frequent only if its adjusted p is below .05 and its interval is "
        "above 0. Log ratios (Hardie 2014) add half an occurrence on each side; their 95 % intervals, of each word "
        "alone, are those of two rates with Jeffreys' prior, widened by how much documents vary beyond chance. Themes "
        f"were discovered from the same words, so some words distinguish them by construction. {lines}"
    )
