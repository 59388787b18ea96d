"""What the numbers of a run themselves warn of, each with what it is out of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.report.content import Content
from toolkit.report.corpus_part import CorpusPart
from toolkit.report.sections.about import about_limits
from toolkit.report.sections.decisions import by_people
from toolkit.report.spread import NO_SOURCE
from toolkit.report.theme_part import NOT_MEASURED
from toolkit.text.format import count, listed, percent, plural

SMALL = 100
"""Unique paragraphs below which a corpus is called small."""
FEW_DOCUMENTS = 5
MOST_NAMED = 8
MANY_MOVE = 0.1
"""Least share of paragraphs that change theme with another seed for a sentence in the limitations."""


@dataclass(frozen=True)
class Limitation:
    """A sentence on what the numbers warn of; a `grave` one can change a verdict and is never folded."""

    text: str
    grave: bool


def limitations(content: Content) -> tuple[Limitation, ...]:
    """One sentence a limitation; none if nothing warns."""
    corpus, declared = content.corpus, map(_grave, about_limits(content))
    return (
        *declared, *_of_size(corpus), *_of_sources(corpus), *_of_documents(corpus), *_of_themes(content),
        *_of_codes(content),
    )  # fmt: skip


def _grave(text: str) -> Limitation:
    return Limitation(text, grave=True)


def _minor(text: str) -> Limitation:
    return Limitation(text, grave=False)


def _of_size(corpus: CorpusPart) -> Iterator[Limitation]:
    if corpus.unique < SMALL:
        unique = plural(corpus.unique, "unique paragraph")
        yield _grave(f"The corpus is small ({unique}): intervals are wide for that reason.")


def _of_sources(corpus: CorpusPart) -> Iterator[Limitation]:
    named = [row for row in corpus.sources if row.name != NO_SOURCE]
    if len(named) > 1 and named[0].paragraphs > 0.5 * corpus.unique:
        base = f"{count(named[0].paragraphs)} of {count(corpus.unique)}"
        yield _grave(f"One source, {named[0].name}, contributes {base} unique paragraphs; shares lean towards it.")
    nameless = next((row.paragraphs for row in corpus.sources if row.name == NO_SOURCE), 0)
    if len(named) == 1:
        every = "All documents" if len(corpus.sources) == 1 else "All documents that name a source"
        yield _grave(f"{every} come from one source, {named[0].name}; nothing can be concluded about others.")
    if named and nameless > 0.05 * corpus.unique:
        base = f"{count(nameless)} of {count(corpus.unique)} ({percent(nameless / corpus.unique, corpus.unique)})"
        yield _minor(f"{base} unique paragraphs have no source and are in no comparison of sources.")


def _of_documents(corpus: CorpusPart) -> Iterator[Limitation]:
    if corpus.holding == 1:
        yield _grave(
            "All paragraphs come from one document: shares have no interval, because nothing shows how another "
            "document would differ."
        )
    if 1 < corpus.holding < FEW_DOCUMENTS:
        yield _grave(
            f"All paragraphs come from only {count(corpus.holding)} documents: intervals, which estimate how other "
            "documents would differ, are hardly informative."
        )
    if corpus.undated:
        documents = plural(corpus.documents, "document")
        yield _minor(f"{count(corpus.undated)} of {documents} have no date and are in no period.")
    if corpus.unread_dates:
        yield _minor(
            f"{count(corpus.unread_dates)} of {plural(corpus.documents, 'document')} give a date that was not "
            "understood: shares over time leave them out and may show seasons that do not exist."
        )
    if corpus.unread:
        share = percent(corpus.unread / corpus.unique, corpus.unique)
        yield _minor(
            f"The model cannot read {count(corpus.unread)} of {count(corpus.unique)} unique paragraphs ({share}): most "
            "of their script or words are unknown to its vocabulary. They have no theme and no codes and count in all "
            "shares; another embed.method may read them."
        )
    if corpus.truncated:
        yield _minor(f"{count(corpus.truncated)} of {count(corpus.paragraphs)} paragraphs were not read to their end.")


def _of_themes(content: Content) -> Iterator[Limitation]:
    themes = content.real_themes
    fragile = [theme.label for theme in themes if theme.fragile]
    if themes and content.evidence.startswith(("No evidence", "Weak evidence")):
        yield _grave(f"{content.evidence.split(':')[0]}: read the themes as a way through the texts, not as a finding.")
    if fragile:
        yield _grave(
            f"{count(len(fragile))} of {plural(len(themes), 'theme')} did not return often enough when the corpus was "
            f"resampled; no conclusion should rest on {'it' if len(fragile) == 1 else 'them'} alone: {_named(fragile)}."
        )
    gone = [theme.label for theme in themes if "other seeds" in theme.share.why]
    if gone:
        verb, again = "does" if len(gone) == 1 else "do", gone == fragile
        which = "The same " if again else f"{count(len(gone))} of "
        who = "theme" if again and len(gone) == 1 else plural(len(gone) if again else len(themes), "theme")
        whose = f"{who} {verb}"
        named = "" if again else f": {_named(gone)}"
        yield _grave(
            f"{which}{whose} not return with most other seeds, so that no interval can be given for the share{named}."
        )
    if themes and all(theme.stability == NOT_MEASURED for theme in themes):
        yield _grave(
            "Stability was not measured: nothing here says whether the themes would come back in another sample."
        )
    if content.seeds is not None and content.seeds.moved is None:
        yield _grave(content.seeds.sentence)
    if content.seeds is not None and content.seeds.moved is not None and content.seeds.moved >= MANY_MOVE:
        yield _grave(
            f"{content.seeds.short} Results on single paragraphs, and on themes that seldom return, may be due to "
            "the seed."
        )
    if content.decisions is not None and content.decisions.changed:
        yield _minor(
            f"{content.decisions.moved} Intervals and stability take these decisions as given; another reader might "
            "have decided otherwise."
        )
    if content.languages is not None and themes:
        yield _grave(content.languages.sentence)
    if content.noise is not None and themes:
        share = content.noise.share
        unread = f", the model cannot read {count(content.corpus.unread)} of these" if content.corpus.unread else ""
        fit = f"are in no theme{people}" if (people := by_people(content)) else "fit no theme"
        yield _minor(f"{share.base} unique paragraphs ({percent(share.estimate, share.n)}) {fit}{unread}.")
    if content.left_out_note and themes:
        yield _minor(
            "Paragraphs that are similar to no others are left out of the themes, even if they belong to the subject; "
            "off-topic material that many paragraphs share is a theme."
        )


def _of_codes(content: Content) -> Iterator[Limitation]:
    codes = content.codes
    if not codes:
        yield _grave(
            "No codebook was given: the themes are what the corpus offers, not what the question asks for. With "
            "codebook.path in the config, codes of your own are looked for in every paragraph."
        )
    error = content.share_error
    if codes and not content.human:
        holds = (
            "contain sampling error only"
            if error is None
            else "contain the coding error of other codebooks than this one"
        )
        yield _grave(
            "No paragraph of this run was coded for comparison: shares of codes are a machine's reading, uncorrected "
            f"for its errors, and their intervals {holds}."
        )
    if error is not None:
        yield _minor(error.limitation)
    weak = [code.name for code in codes if code.badge and "weak" in (code.badge.name, code.badge.by_machines)]
    if weak:
        are, whose = ("is", "its") if len(weak) == 1 else ("are", "their")
        yield _grave(
            f"{count(len(weak))} of {plural(len(codes), 'code')} {are} weak against the {content.declared.coders.noun} "
            f"({_named(weak)}): no conclusion should rest on {whose} shares and quotes alone."
        )
    missing = [code.name for code in codes if not code.occurs]
    if missing:
        were = "was" if len(missing) == 1 else "were"
        yield _minor(
            f"{count(len(missing))} of {plural(len(codes), 'code')} {were} found in no paragraph ({_named(missing)}); "
            "that the method finds nothing is no proof that nothing is there."
        )


def _named(labels: list[str]) -> str:
    """Labels in quotation marks, the first few by name."""
    shown = [f"“{label}”" for label in labels[:MOST_NAMED]]
    more = len(labels) - MOST_NAMED
    return listed([*shown, f"{count(more)} more"] if more > 0 else shown)
