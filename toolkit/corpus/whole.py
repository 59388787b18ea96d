"""`corpus.unit: document`: one span for the whole body of a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.corpus.ledger import Left, ledger_of
from toolkit.corpus.source import Part, Source
from toolkit.corpus.split import Unit

REARRANGED = "what was left out in the midst of the text was moved to its end, so that the body is one span"


def whole_document(source: Source, parts: Sequence[Part]) -> tuple[Source, list[Unit], list[Left]]:
    """The document, its one unit and its ledger. Headings between paragraphs are part of the body.

    If other text was removed between two paragraphs, the text is recomposed: body first, the rest after it; the
    document then counts as extracted.
    """
    kept = [at for at, part in enumerate(parts) if not part.reason]
    if not kept:
        return source, [], ledger_of(source.text, source.body, parts)
    inner = range(kept[0], kept[-1] + 1)
    body = [parts[at] for at in inner if parts[at].reason in ("", "heading")]
    rest = [part for at, part in enumerate(parts) if at not in inner or part.reason not in ("", "heading")]
    if len(body) < len(inner):
        source, body, rest = _anew(source, body, rest)
    speakers = {parts[at].speaker for at in kept}
    speaker = speakers.pop() if len(speakers) == 1 else ""
    unit = Unit(body[0].start, body[-1].end, None, speaker or None, parts[kept[0]].time or None)
    return source, [unit], ledger_of(source.text, source.body, rest)


def _anew(source: Source, body: list[Part], rest: list[Part]) -> tuple[Source, list[Part], list[Part]]:
    """The text in the order body, rest, front matter; parts with their new places."""
    front = source.text[: source.body]
    if front.strip():
        start = len(front) - len(front.lstrip())
        rest = [*rest, Part(start, len(front.rstrip()), "metadata")]
    pieces: list[str] = []
    moved: list[Part] = []
    length = 0
    for part in (*body, *rest):
        piece = source.text[part.start : part.end]
        moved.append(part._replace(start=length, end=length + len(piece)))
        pieces.append(piece)
        length += len(piece) + 2
    anew = replace(source, text="\n\n".join(pieces), body=0, extracted=True, notes=(*source.notes, REARRANGED))
    return anew, moved[: len(body)], moved[len(body) :]
