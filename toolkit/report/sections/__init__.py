"""Turns the values of a report into blocks: every sentence of the report, once, with one module for each part.

Start with `findings.py`; `pieces.py` contains what several parts use.
"""

from __future__ import annotations

from toolkit.report.blocks import Report, Section
from toolkit.report.content import Content
from toolkit.report.inlines import Code, Inlines
from toolkit.report.sections.about import about_line
from toolkit.report.sections.claims import claims
from toolkit.report.sections.closing import replay
from toolkit.report.sections.codes import codebook, crossing
from toolkit.report.sections.corpus import corpus
from toolkit.report.sections.documents import documents
from toolkit.report.sections.findings import findings
from toolkit.report.sections.methods import methods
from toolkit.report.sections.opening import theme_map
from toolkit.report.sections.pieces import words
from toolkit.report.sections.themes import themes
from toolkit.report.sections.validity import validity
from toolkit.report.sections.variation import nearest, variation
from toolkit.run_folder.identity import joint_id
from toolkit.text.format import plural

PARTS = (
    findings,
    claims,
    theme_map,
    themes,
    codebook,
    crossing,
    nearest,
    variation,
    corpus,
    validity,
    methods,
    replay,
    documents,
)
"""Function of each section, in the order of the report; one without content returns None."""


def report(content: Content) -> Report:
    """The whole report as a tree that every writer can write."""
    sections = (make(content) for make in PARTS)
    return Report(
        title=content.title,
        author=content.author,
        version=content.version,
        question=content.question,
        meta=_meta(content),
        about=about_line(content),
        sections=tuple(section for section in sections if isinstance(section, Section)),
        data=content.explorer.data if content.mapped else "",
    )


def _meta(content: Content) -> Inlines:
    corpus = content.corpus
    author: Inlines = (words(content.author), " · ") if content.author else ()
    counted = f"{plural(corpus.documents, 'document')}, {plural(corpus.unique, 'unique paragraph')}"
    dated = f", {corpus.first} to {corpus.last}" if corpus.first and corpus.first != corpus.last else ""
    run = joint_id(content.experiment, content.corpus_sha256)
    return (*author, f"{counted}{dated} · run ", Code(run), f" · toolkit {content.version}")
