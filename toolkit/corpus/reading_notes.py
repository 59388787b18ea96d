"""Notes on documents: paragraphs whose reading form differs from their text, and text that is no body text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from toolkit.corpus.source import Part
from toolkit.text.notes import note
from toolkit.text.reading_form import ReadingForm, changes_in

KEY = "corpus.read_as"
CHANGE_NOTES = {
    "links": "links are no words for models and keywords",
    "handles and mail addresses": "handles and mail addresses are no words for models and keywords",
    "entities": "entities are read as the characters that they stand for",
    "words parted at line ends": "words parted at line ends are read whole",
    "Markdown marks": "marks of emphasis, links and footnotes are not read",
    "signs of hashtags": "hashtags are read without their sign",
    "tags": "tags are not read",
}
NOTHING = "a paragraph is nothing but links, handles or marks, so no model reads it and it belongs to no theme"
LEFT_OUT = {"footnote": "footnotes are no body text", "attachment": "names of attachments are no body text"}
_FORM = ReadingForm()


def reading_notes(texts: Iterable[str]) -> tuple[str, ...]:
    """The notes on the paragraphs of one document."""
    forms = [(text, _FORM(text)) for text in texts]
    changed = [text for text, form in forms if form != text]
    if not changed:
        return ()
    empty = next((text for text, form in forms if text and not form), None)
    notes = [note(CHANGE_NOTES[kind], repr(example), KEY) for kind, example in changes_in(changed, _FORM).items()]
    return (*notes, *([note(NOTHING, repr(empty), KEY)] if empty is not None else []))


def left_out_notes(text: str, parts: Sequence[Part]) -> tuple[str, ...]:
    """The notes on footnotes and attachments of one document, which belong to no paragraph."""
    first: dict[str, Part] = {}
    for part in parts:
        if part.reason in LEFT_OUT:
            first.setdefault(part.reason, part)
    return tuple(
        note(LEFT_OUT[reason], " ".join(text[part.start : part.end].split()), f"corpus.clean.{reason}")
        for reason, part in first.items()
    )
