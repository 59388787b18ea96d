"""Keywords in context: the places of a theme's or code's words, with the words around them, verbatim and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import pyarrow as pa

from toolkit.errors import QuoteError
from toolkit.values import Bools, Row, Table

KWIC = pa.schema(
    [
        ("kind", pa.string()),  # theme or code
        ("id", pa.string()),
        ("keyword", pa.string()),
        ("paragraph_id", pa.string()),
        ("start", pa.int64()),  # of the matched words, in the document
        ("end", pa.int64()),
        ("match", pa.string()),
        ("window_start", pa.int64()),
        ("window_end", pa.int64()),
        ("window", pa.string()),
    ]
)
Key = tuple[str, str]
"""kind and id."""
MOST_KEYWORDS = 6
"""Keywords looked up for each theme or code."""
MOST_LINES = 3
"""Lines of each keyword: at most 6 x 3 for each theme and code."""
CONTEXT_CHARACTERS = 70
"""Characters shown before and after the keyword, without a cut word."""
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True)
class Texts:
    """n unique paragraphs as plain columns; `start` is the offset in the document."""

    ids: Sequence[str]
    documents: Sequence[str]
    starts: Sequence[int]
    texts: Sequence[str]

    @classmethod
    def of(cls, paragraphs: Table) -> Texts:
        """The texts of a pa.Table of paragraphs."""
        return cls(*(paragraphs[name].to_pylist() for name in ("paragraph_id", "document_id", "start", "text")))


def kwic(
    texts: Texts, wanted: Mapping[tuple[str, str], Sequence[str]], members: Mapping[tuple[str, str], Bools]
) -> Table:
    """The table KWIC: for each theme and code (kind, id) the lines of its keywords in its paragraphs.

    No document has a second line before each has one; the order of files has no effect.
    """
    order = sorted(range(len(texts.ids)), key=lambda row: sha256(texts.texts[row].encode("utf-8", "replace")).digest())
    rows: list[Row] = []
    for key, keywords in wanted.items():
        inside = [row for row in order if members[key][row]]
        for keyword in list(dict.fromkeys(keywords))[:MOST_KEYWORDS]:
            rows += [{"kind": key[0], "id": key[1], **line} for line in _lines(texts, inside, keyword)]
    return pa.Table.from_pylist(rows, schema=KWIC)


def pattern(keyword: str) -> re.Pattern[str]:
    """The pattern of a keyword: any case, any blanks or hyphens between its words, plural or not, whole words only."""
    parts = [re.escape(part) for part in re.split(r"[\s\-\u2010\u2011]+", keyword.strip()) if part]
    inner = r"[\s\-\u2010\u2011]+".join(parts) or r"(?!)"
    if _CJK.search(keyword):
        return re.compile(inner)
    return re.compile(rf"(?<!\w){inner}(?:s|es)?(?!\w)", re.IGNORECASE)


def _lines(texts: Texts, inside: Sequence[int], keyword: str) -> list[Row]:
    sought = pattern(keyword)
    matches: list[tuple[int, int, int, re.Match[str]]] = []
    seen: Counter[str] = Counter()
    for place, row in enumerate(inside):
        match = sought.search(texts.texts[row])
        if match:
            document = texts.documents[row]
            matches.append((seen[document], place, row, match))
            seen[document] += 1
            if len(seen) >= MOST_LINES:
                break
    return [
        _line(texts, row, keyword, match)
        for _, _, row, match in sorted(matches, key=lambda item: item[:2])[:MOST_LINES]
    ]


def _line(texts: Texts, row: int, keyword: str, match: re.Match[str]) -> Row:
    text, begins = texts.texts[row], texts.starts[row]
    first, last = window(text, match.start(), match.end())
    return {
        "keyword": keyword,
        "paragraph_id": texts.ids[row],
        "start": begins + match.start(),
        "end": begins + match.end(),
        "match": match.group(),
        "window_start": begins + first,
        "window_end": begins + last,
        "window": text[first:last],
    }


def window(text: str, start: int, end: int) -> tuple[int, int]:
    """The span around [start, end): at most 70 characters on each side, and no cut word if a blank is near."""
    first, last = max(0, start - CONTEXT_CHARACTERS), min(len(text), end + CONTEXT_CHARACTERS)
    if first > 0:
        blank = re.search(r"\s", text[first:start])
        first = first + blank.end() if blank else first
    if last < len(text):
        blanks = [blank.start() for blank in re.finditer(r"\s", text[end:last])]
        last = end + blanks[-1] if blanks else last
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


def check_kwic(rows: Table, texts: Texts, members: Mapping[Key, Bools]) -> None:
    """Raise QuoteError unless every line is verbatim in a paragraph of its theme or code."""
    place = {paragraph: row for row, paragraph in enumerate(texts.ids)}
    for row in rows.to_pylist():
        where = f"line for {row['keyword']!r} of {row['kind']} {row['id']} (paragraph {row['paragraph_id']!r})"
        at = place.get(row["paragraph_id"])
        if at is None or not members[row["kind"], row["id"]][at]:
            raise QuoteError(f"{where}: the paragraph is none of this {row['kind']}'s; the line is not written")
        begins = texts.starts[at]
        for words, first, last in (("match", "start", "end"), ("window", "window_start", "window_end")):
            if not row[words] or texts.texts[at][row[first] - begins : row[last] - begins] != row[words]:
                raise QuoteError(f"{where}: {row[words]!r} does not stand at {row[first]}-{row[last]}; not written")
