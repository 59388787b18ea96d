"""Methods, limitations and works, in the words of the run itself."""

from __future__ import annotations

from toolkit.report.blocks import Block, Blocks, Bullets, Files, Heading, Section
from toolkit.report.content import Content
from toolkit.report.inlines import Emphasis, Inlines, Link
from toolkit.report.references import Work
from toolkit.report.sections.limitations import limitations
from toolkit.report.sections.pieces import blocks, files, paragraph, small


def methods(content: Content) -> Section:
    """What was done, with what, what that leaves open, and whose methods it was."""
    told = content.methods
    versions = f", with {told.versions}" if told.versions else ""
    return Section(
        "methods",
        "Methods",
        "Methods",
        blocks(
            *((Heading((name,)), paragraph(text)) for name, text in told.methods),
            Heading(("Models and versions",)),
            tuple(paragraph(f"Embedding model: {model}.") for model in told.models),
            small(f"Seed {content.seed}; toolkit {content.version}{versions}."),
            Heading(("Limitations",), anchor="limitations"),
            _limitations(limitations(content)),
            _noted(told.noted),
            files("tables/methods.csv", "tables/notes.csv"),
            _works(told.works),
        ),
    )


def _limitations(said: tuple[str, ...]) -> Block:
    if not said:
        return paragraph("None were recorded by this run beyond the intervals above.")
    return Bullets(tuple((text,) for text in said), "limits")


def _noted(noted: tuple[str, ...]) -> Blocks:
    if not noted:
        return ()
    listed = Bullets(tuple((text,) for text in noted), "limits small")
    return (Heading(("Noted by the stages of this run",), 4), listed)


def _works(works: tuple[Work, ...]) -> Blocks:
    if not works:
        return ()
    listed = Bullets(tuple(_work(work) for work in works), "refs", numbered=True)
    return (Heading(("References",)), listed, Files(("references.bib",), "As BibTeX"))


def _work(work: Work) -> Inlines:
    """Author (year). Title. Where. doi."""
    said: Inlines = (f"{work.author} ({work.year}). {work.title}. ", Emphasis((work.where,)), ".")
    return (*said, " ", Link((f"doi:{work.doi}",), f"https://doi.org/{work.doi}")) if work.doi else said
