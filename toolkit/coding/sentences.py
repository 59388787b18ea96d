"""Splits paragraphs into the sentences that can be evidence, with the words of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from toolkit.coding.tokens import tokens
from toolkit.text.reading_form import form_of_parts
from toolkit.text.sentences import sentence_spans
from toolkit.values import Bools, Ints, Table


@dataclass(frozen=True)
class Passages:
    """n paragraphs and their s sentences, in order. `owner` (s,) is the row of each sentence's paragraph.

    `start` and `end` (s,) are offsets in the document; `sentences` are verbatim, `read` is the form that the model
    reads, and `stems` are its words.
    """

    paragraphs: tuple[str, ...]
    owner: Ints
    start: Ints
    end: Ints
    sentences: tuple[str, ...]
    read: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...]

    def paragraph_stems(self) -> list[list[str]]:
        """(n,) the stems of each paragraph, its sentences joined."""
        by_paragraph: list[list[str]] = [[] for _ in self.paragraphs]
        for owner, stems in zip(self.owner, self.stems, strict=True):
            by_paragraph[owner].extend(stems)
        return by_paragraph


def passages(paragraphs: Table) -> Passages:
    """The sentences of a pa.Table of paragraphs (text, start). Text without a sentence end is one sentence.

    If a paragraph has a `gloss` (a string for each of its sentences), the gloss is read.
    """
    owner: list[int] = []
    start: list[int] = []
    end: list[int] = []
    sentences: list[str] = []
    texts = paragraphs.column("text").to_pylist()
    for row, (text, begins) in enumerate(zip(texts, paragraphs.column("start").to_pylist(), strict=True)):
        for first, last in sentence_spans(text) or [(0, len(text))]:
            owner.append(row)
            start.append(begins + first)
            end.append(begins + last)
            sentences.append(text[first:last])
    form = form_of_parts(paragraphs)
    glosses = paragraphs["gloss"].to_pylist() if "gloss" in paragraphs.column_names else [None] * len(texts)
    glossed = iter([gloss for row in glosses for gloss in row or ()])
    read = tuple(
        form(sentence) if glosses[row] is None else next(glossed)
        for row, sentence in zip(owner, sentences, strict=True)
    )
    stems = tuple(tuple(tokens(sentence)) for sentence in read)
    return Passages(
        tuple(texts), np.array(owner, np.int32), np.array(start, np.int64), np.array(end, np.int64),
        tuple(sentences), read, stems,
    )  # fmt: skip


def glossed(paragraphs: Table) -> Bools | None:
    """(n,) which paragraphs were read word by word in another language; None if none was."""
    if "gloss" not in paragraphs.column_names:
        return None
    return np.array([gloss is not None for gloss in paragraphs["gloss"].to_pylist()], bool)
