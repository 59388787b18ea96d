"""Splits kept parts of a document into units: short ones joined, long ones cut at sentence ends, each an exact span."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from toolkit.corpus.cleaning.heading_text import heading_text
from toolkit.corpus.settings import SplitSettings
from toolkit.corpus.source import Kind, Part
from toolkit.corpus.words import rough_words
from toolkit.text.sentences import sentence_spans

Counter = Callable[[Sequence[str]], Any]
WORD_CHARACTERS = 60
"""Number of characters that count as a word in a run without blanks."""


class Unit(NamedTuple):
    """One paragraph (sentence, document): `text[start:end]`, under `heading`, spoken by `speaker` at `time`."""

    start: int
    end: int
    heading: str | None
    speaker: str | None = None
    time: str | None = None


class _Piece(NamedTuple):
    start: int
    end: int
    kind: Kind
    heading: str | None
    words: int
    joins: bool  # only blanks separate it from the previous piece of the same speaker
    speaker: str | None = None
    time: str | None = None


def paragraphs_of(
    text: str,
    parts: Sequence[Part],
    settings: SplitSettings,
    max_tokens: int | None = None,
    count: Counter | None = None,
) -> list[Unit]:
    """Paragraphs in order. Short ones are joined to a neighbour under the same heading; long ones are cut at sentence
    ends.

    With `max_tokens` and `count` (tokens of each text by the embedding model) no unit is longer than `max_tokens`,
    unless a single word is.
    """
    units: list[Unit] = []
    for piece in _joined(text, _pieces(text, parts), settings.min_words):
        spans = [(piece.start, piece.end)]
        words = max(piece.words, (piece.end - piece.start) // WORD_CHARACTERS)
        if settings.max_words is not None and words > settings.max_words:
            spans = _even(text, piece.start, piece.end, settings.max_words, words)
        if max_tokens is not None and count is not None:
            spans = [cut for span in spans for cut in _within(text, span, max_tokens, count)]
        units += [Unit(start, end, piece.heading, piece.speaker, piece.time) for start, end in spans]
    return units


def sentences_of(text: str, parts: Sequence[Part]) -> list[Unit]:
    """Every sentence of the kept parts."""
    units: list[Unit] = []
    for piece in _pieces(text, parts):
        for start, end in sentence_spans(text[piece.start : piece.end]):
            span = piece.start + start, piece.start + end
            units.append(Unit(*span, piece.heading, piece.speaker, piece.time))
    return units


def _pieces(text: str, parts: Sequence[Part]) -> list[_Piece]:
    """Kept parts with their heading."""
    pieces: list[_Piece] = []
    heading: str | None = None
    joins, speaker = False, ""
    for part in parts:
        if part.reason == "heading":
            heading = heading_text(text[part.start : part.end]) or heading
        if part.reason:
            joins = False
            continue
        words = rough_words(text[part.start : part.end])
        joins, speaker = joins and part.speaker == speaker, part.speaker
        turn = part.speaker or None, part.time or None
        pieces.append(_Piece(part.start, part.end, part.kind, heading, words, joins, *turn))
        joins = True
    return pieces


def _joined(text: str, pieces: list[_Piece], least: int) -> list[_Piece]:
    """Pieces below `least` words joined to a neighbour: the next if they end in a colon or have no predecessor."""
    done: list[_Piece] = []
    pending: _Piece | None = None  # a short piece waiting for the next one
    for piece in pieces:
        if pending is not None:
            if piece.joins:
                piece = _merge(pending, piece)
            else:
                done.append(pending)
            pending = None
        if piece.words >= least:
            done.append(piece)
        elif piece.joins and done and done[-1].end <= piece.start and not _introduces(text, piece):
            done[-1] = _merge(done[-1], piece)
        else:
            pending = piece
    if pending is not None:
        if pending.joins and done:
            done[-1] = _merge(done[-1], pending)
        else:
            done.append(pending)
    return done


def _introduces(text: str, piece: _Piece) -> bool:
    return bool(re.search(r"[:：]['\"”’]?\Z", text[piece.start : piece.end]))


def _merge(piece: _Piece, other: _Piece) -> _Piece:
    return piece._replace(end=other.end, words=piece.words + other.words)


def _atoms(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sentences of a span; rows of a table stay whole because a line break ends them."""
    spans = [(start + a, start + b) for a, b in sentence_spans(text[start:end])]
    if len(spans) > 1:
        return spans
    return [(start + match.start(), start + match.end()) for match in re.finditer(r"\S[^\n]*\S|\S", text[start:end])]


def _even(text: str, start: int, end: int, most: int, words: int) -> list[tuple[int, int]]:
    """A long span as pieces of about equal length, cut between sentences.

    A sentence remains whole up to twice the target length; a longer one (no full stop for pages, a packed file) is cut
    between clauses, else between words.
    """
    atoms = [
        piece
        for a, b in _atoms(text, start, end)
        for piece in (_fragments(text, a, b, most) if _size(text, a, b) > 2 * most else [(a, b)])
    ]
    sizes = [_size(text, a, b) for a, b in atoms]
    target = words / -(-words // most)
    cuts: list[tuple[int, int]] = []
    first, size_so_far = 0, 0
    left = words
    for at, size in enumerate(sizes):
        if size_so_far and (size_so_far + size > most or size_so_far + size / 2 > target) and left > 0.25 * target:
            cuts.append((atoms[first][0], atoms[at - 1][1]))
            first, size_so_far = at, 0
        size_so_far += size
        left -= size
    cuts.append((atoms[first][0], atoms[-1][1]))
    return cuts


def _fragments(text: str, start: int, end: int, most: int) -> list[tuple[int, int]]:
    """The clauses of an over-long sentence, and the words of an over-long clause."""
    return [
        piece
        for a, b in _clauses(text, start, end)
        for piece in (_words(text, a, b) if _size(text, a, b) > most else [(a, b)])
    ]


def _size(text: str, start: int, end: int) -> int:
    """Words of a span; a run without blanks counts as one word per `WORD_CHARACTERS` characters."""
    return max(rough_words(text[start:end]), (end - start) // WORD_CHARACTERS)


def _within(text: str, span: tuple[int, int], most: int, count: Counter) -> list[tuple[int, int]]:
    """A span as pieces of at most `most` tokens: whole sentences if they fit, else clauses, else words."""
    start, end = span
    if int(count([text[start:end]])[0]) <= most:
        return [span]
    for pieces in (_atoms(text, start, end), _clauses(text, start, end), _words(text, start, end)):
        if len(pieces) > 1:
            packed = _packed(text, pieces, most, count)
            if len(packed) > 1:
                return [cut for piece in packed for cut in _within(text, piece, most, count)]
    return [span]


def _packed(text: str, pieces: list[tuple[int, int]], most: int, count: Counter) -> list[tuple[int, int]]:
    """Neighbouring pieces together as long as their tokens add up to no more than `most`."""
    tokens = [int(number) for number in count([text[a:b] for a, b in pieces])]
    groups = [[0]]
    tokens_so_far = tokens[0]
    for at in range(1, len(pieces)):
        if tokens_so_far + tokens[at] > most:
            groups.append([])
            tokens_so_far = 0
        groups[-1].append(at)
        tokens_so_far += tokens[at]
    if len(groups) == 1:  # the parts fit, but not the whole: tokens at the seams
        half = len(pieces) // 2
        groups = [list(range(half)), list(range(half, len(pieces)))]
    return [(pieces[group[0]][0], pieces[group[-1]][1]) for group in groups]


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces that end at a comma, semicolon, colon or dash."""
    return _matches(r"\S.*?(?:[,;:，；：、]+(?=\s|[\u3000-\u9fff])|[—–]+|\Z)", text, start, end)


def _words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Pieces between blanks, or of ten characters if there are no blanks."""
    return _matches(r"[^\s\u2e80-\u9fff]{1,60}|[\u2e80-\u9fff]{1,10}", text, start, end)


def _matches(pattern: str, text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = ((m.start(), m.start() + len(m.group().rstrip())) for m in re.finditer(pattern, text[start:end], re.DOTALL))
    return [(start + a, start + b) for a, b in spans if a < b]
