"""What the study declares of its corpus and its coders: a line under the title, a part of the methods, limitations."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.report.blocks import Blocks, Heading
from toolkit.report.content import Content
from toolkit.report.inlines import Inlines, Strong
from toolkit.report.sections.pieces import blocks, fact, facts, words
from toolkit.run_folder.about import Declared
from toolkit.schemas import MACHINE, PERSON
from toolkit.text.format import count, listed, plural

MADE_UP = {True: "Yes", False: "No", None: "Not declared"}


def about_line(content: Content) -> Inlines:
    """One line for the head of the report; empty if the study declares nothing."""
    corpus, coders = content.declared.corpus, content.declared.coders
    parts: list[Inlines] = []
    if corpus.made_up:
        parts.append((Strong(("The corpus is made up.",)), " "))
    if corpus.description:
        parts.append(("" if corpus.made_up else "Corpus: ", words(_sentence(corpus.description)), " "))
    if coders.kind or content.declared.machines.number:
        parts.append((Strong((_who_coded(content.declared),)), "."))
    return tuple(part for run in parts for part in run if part)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _who_coded(declared: Declared) -> str:
    coders = declared.coders
    machines = f"by {plural(coders.number, 'machine')}, not by people"
    made = {MACHINE: machines, PERSON: f"by {plural(coders.number, 'person', 'people')}"}
    beside = f"; {declared.machines.counted} {'is' if declared.machines.number == 1 else 'are'} compared with them"
    return f"Reference codes were made {made.get(coders.kind, f'by {coders.counted}')}" + beside * bool(
        declared.machines.number
    )


def about_methods(content: Content) -> Blocks:
    """All that the study declares; nothing if it declares nothing."""
    declared, corpus = content.declared, content.declared.corpus
    kinds = declared.coders.kind or declared.machines.number
    silent = corpus.silent and not (corpus.period or corpus.selection or kinds or declared.independence)
    if silent and corpus.made_up is None:
        return ()
    coders = "; ".join(coder.words for coder in (*declared.coders.coders, *declared.machines.coders))
    return blocks(
        Heading(("What the study declares",)),
        facts(
            fact("Corpus", words(corpus.description), long=True) if corpus.description else None,
            fact("Made up", MADE_UP[corpus.made_up]),
            fact("Where it comes from", words(corpus.provenance), long=True) if corpus.provenance else None,
            fact("Period", words(corpus.period)) if corpus.period else None,
            fact("Selection", words(corpus.selection), long=True) if corpus.selection else None,
            fact("Coders", words(coders), long=True) if coders else None,
            fact("Independence of the coders", words(declared.independence), long=True)
            if declared.independence
            else None,
        ),
    )


def about_limits(content: Content) -> Iterator[str]:
    """What follows from the declaration, and what it leaves open."""
    declared = content.declared
    if declared.corpus.made_up:
        yield "The corpus is made up: nothing may be concluded from it about the world."
    if not content.question:
        yield "The config states no question (question): a reader needs to know what was asked of the corpus."
    missing = [name for name, value in _of_corpus(declared) if not value]
    if missing:
        missing[0] = missing[0].replace(
            "it ", "its corpus ", 1
        )  # the first names the corpus, to which the others refer
        yield (
            f"The study does not declare {listed(missing)}. A reader needs to know: give it in the config under "
            "about.corpus."
        )
    yield from _of_coders(declared)


def _of_corpus(declared: Declared) -> tuple[tuple[str, bool], ...]:
    corpus = declared.corpus
    return (
        ("what its corpus is", bool(corpus.description)),
        ("where it comes from", bool(corpus.provenance)),
        ("which period it covers", bool(corpus.period)),
        ("how it was selected", bool(corpus.selection)),
        ("whether it is made up", corpus.made_up is not None),
    )


def _of_coders(declared: Declared) -> Iterator[str]:
    coders = declared.coders
    if coders.undeclared:
        yield (
            f"The study does not declare who coded ({listed(list(coders.undeclared))}), whether people or machines: "
            "give each coder an entry in the config under about.coders."
        )
    if coders.number and not coders.undeclared and not declared.independence:
        yield (
            "The study does not declare how independent its coders are of each other and of this tool: give it under "
            "about.independence."
        )
    if declared.absent:
        yield f"{declared.absent_words} of this corpus."
    unknown = [coder.id for coder in (*coders.coders, *declared.machines.coders) if coder.kind and not coder.declared]
    if unknown:
        yield (
            f"The study does not state what {listed(unknown)} {'is' if len(unknown) == 1 else 'are'} (which language "
            "model, which list of words), nor by which instructions: give each machine an entry under about.coders."
        )
    machines = sum(coder.kind == MACHINE for coder in coders.coders)
    if machines:
        unchecked = "" if machines < coders.number else " No code is called checked here, however high its scores."
        yield (
            f"{_which(machines, coders.number)}: agreement with machines, and among them, does not show how well "
            f"the coding agrees with people's reading.{unchecked}"
        )


def _which(machines: int, coders: int) -> str:
    if coders == 1:
        return "The only coder is a machine"
    all_of_them = "Both" if coders == 2 else f"All {count(coders)}"
    return f"{all_of_them if machines == coders else f'{count(machines)} of {count(coders)}'} coders are machines"
