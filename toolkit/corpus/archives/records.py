"""Archives whose articles begin with labelled lines (Integrum, CNKI) or with a row of date, edition and page (Kikuzo,
Yomidasu, WiseNews)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.archives.article import Article, Span, article_of, joined
from toolkit.corpus.archives.numbered import NUMBER, numbering
from toolkit.corpus.archives.vocabulary import Labelled, date_in, is_date_line, labelled, labels
from toolkit.corpus.cleaning.lines import Line, lines_of

NAME = "a news archive"
_LABELS = re.compile(
    r"^[ \t\u3000]*(?:Источник|Название источника|Название издания|Издание|Заголовок|Заглавие|Название|"
    r"Дата(?: выпуска| публикации)?|标题|標題|题名|題名|Title-题名|来源|來源|Source-[^\s:]{2,6}|"
    r"SrcDatabase-[^\s:]{2,6}|見出し|タイトル|掲載紙|紙名|新聞名|日付|掲載日|発行日)[ \t\u3000]*[:：]",
    re.MULTILINE,
)
_ROW = re.compile(
    r"^(?=[^\r\n。]{0,120}\d{4}[-./年]\s?\d{1,2}[-./月]\s?\d{1,2})"
    r"(?=[^\r\n。]{0,120}(?:[朝夕]刊|\d字|文字|[^|｜\s][ \t]*[|｜]))"
    r"(?=[^\r\n。]{0,120}[\u3040-\u30ff\u4e00-\u9fff])[^\r\n。|｜][^\r\n。]{9,120}$",
    re.MULTILINE,
)
_EDITION = re.compile(
    r"^(?=[^\r\n。]{0,120}[朝夕]刊)(?=[^\r\n。]{0,120}\d(?:頁|字|文字|面))[^\r\n。]{6,120}$", re.MULTILINE
)
_ROW_HINTS = ("刊", "字", "|", "｜")
_SPLIT = re.compile(r"\s*[|｜]\s*|[\u3000\t]+| +|(?<=\d日)(?=[^\s\d（(])")
_COUNT = re.compile(r"(?:№ ?|# ?)?\d{1,5}[.)]?")
_PAPER = re.compile(r"\w{1,12}(?:新聞|新闻|報|报|時報|时报|日報|日报|晚報|晚报|周刊|週刊|Post|Times|Daily)")
_PAGE = re.compile(r"(?:[A-Z]{0,2}\d{1,3})(?:頁|ページ|面|版)?|[A-Z]\d{0,3}")
_LENGTH = re.compile(r"[（(]?(?:全)?\d{1,6}(?:文字|字)[)）]?")


def recognised(text: str) -> bool:
    """Whether a text has several lines with labels of these archives, or several of date, edition and page."""
    if text.isascii():
        return False
    rowed = any(hint in text for hint in _ROW_HINTS) and max(len(_ROW.findall(text)), len(_EDITION.findall(text))) > 1
    return rowed or len(_LABELS.findall(text)) > 2


def articles(text: str) -> list[Article]:
    """The articles in order; empty if fewer than two begin in one of these forms."""
    lines = lines_of(text)
    starts = _labelled_starts(lines)
    if len(starts) > 1:
        return [_labelled(text, span, part) for span, part in _parts(text, lines, starts)]
    rows = [at for at, line in enumerate(lines) if _is_row(line.text)]
    if len(rows) < 2:
        heads = _headed_by_dates(lines)
        stops = [start for start, _ in heads[1:]]
        if len(heads) < 2 or any(stop - row < 2 for (_, row), stop in zip(heads, [*stops, len(lines)], strict=True)):
            return []
        parts = _parts(text, lines, [start for start, _ in heads])
        rows = [row - start for start, row in heads]
        return [_under_date(text, span, part, row) for (span, part), row in zip(parts, rows, strict=True)]
    titled = rows[0] > 0  # the title comes before the row
    starts = [max(0, at - 1) for at in rows] if titled else rows
    if any(stop - start < 3 for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True)):
        return []  # rows of a table
    return [_rowed(text, span, part, int(titled)) for span, part in _parts(text, lines, starts)]


def _parts(text: str, lines: Sequence[Line], starts: Sequence[int]) -> list[tuple[Span, Sequence[Line]]]:
    """Place and lines of each article; text before the first article belongs to it."""
    stops = [*starts[1:], len(lines)]
    begins = [0, *(lines[at].start for at in starts[1:])]
    ends = [*begins[1:], len(text)]
    return [
        (Span(begin, end), lines[at:stop]) for at, stop, begin, end in zip(starts, stops, begins, ends, strict=True)
    ]


def _hit(line: Line) -> Labelled | None:
    return labelled(line.text, labels("records"))


def _name(line: Line) -> str:
    """The label of a line."""
    return re.split(r"[:：]", line.text, maxsplit=1)[0].strip()


def _labelled_starts(lines: Sequence[Line]) -> list[int]:
    """Lines that begin an article: its number, else the first of at least two labels that name it."""
    numbers = numbering(lines, lambda at: sum(_hit(line) is not None for line in lines[at + 1 : at + 5]))
    if len(numbers) > 1 and all(any(_hit(line) for line in lines[at + 1 : at + 5]) for at in numbers):
        return numbers
    runs: list[tuple[int, str, set[str]]] = []
    at = 0
    while at < len(lines):
        start, keys = at, set()
        while at < len(lines) and (hit := _hit(lines[at])):
            if at > start and _name(lines[at]) == _name(lines[start]):
                break  # the next article, with no text between them
            keys.add(hit.key)
            at += 1
            if hit.key == "body":
                break
        if len(keys - {"frame"}) >= 2 and keys & {"title", "date", "source"}:
            runs.append((start, _hit(lines[start]).key, keys))  # type: ignore[union-attr]
        at = max(at, start + 1)
    if not runs:
        return []
    starts = [start for start, key, _ in runs if key == runs[0][1]]
    if all(at and _COUNT.fullmatch(lines[at - 1].text) for at in starts[1:]):
        return [max(0, at - 1) for at in starts]
    return starts


def _labelled(text: str, whole: Span, lines: Sequence[Line]) -> Article:
    """An article whose first lines have labels."""
    known: dict[str, str] = {}
    title: list[Span] = []
    body: list[Span] = []
    abstract: list[Span] = []
    first = next((at for at, line in enumerate(lines) if _hit(line)), 0)
    if first == 2 and NUMBER.fullmatch(lines[0].text) and len(lines[1].text.split()) <= 8:
        known["source"] = lines[1].text  # between the number and the labels
    stop = _tail(lines, first)
    at, key, last = first, "", -1
    for at, line in enumerate(lines[first:], start=first):
        hit = _hit(line)
        if hit is None and (line.gap or key in ("body", "abstract") or len(line.text) > 80) and known:
            break
        key = hit.key if hit else key
        last = at
        value = hit.value if hit else line.text
        place = Span(line.start + (hit.offset if hit else 0), line.end)
        if key == "body":
            body = [place] if value else []
            break
        if key == "abstract":
            abstract.append(place)
        elif value:
            known[key] = f"{known[key]} {value}" if hit is None and key in known else known.get(key, value)
        if key == "title" and value and hit:
            title = [place]
    rest = lines[last + 1 : stop]
    body += [Span(rest[0].start, rest[-1].end)] if rest else []
    tail = [hit for line in lines[stop:] if (hit := _hit(line)) and hit.value]
    known = {**{hit.key: hit.value for hit in tail}, **known}
    return article_of(text, whole, title, _united(body) or abstract, _dated(known))


def _united(spans: list[Span]) -> list[Span]:
    return [Span(spans[0].start, spans[-1].end)] if spans else []


def _tail(lines: Sequence[Line], first: int) -> int:
    """Index of the first of the labelled lines that end an article."""
    stop = len(lines)
    while stop - 1 > first and (_hit(lines[stop - 1]) or re.fullmatch(r"\W+", lines[stop - 1].text)):
        stop -= 1
    return stop if any(_hit(line) is None for line in lines[first:stop]) else len(lines)


def _dated(known: dict[str, str]) -> dict[str, str]:
    date = date_in(known.get("date", ""), month=True) or known.get("date", "")
    return {key: value for key, value in {**known, "date": date}.items() if key != "frame" and value}


def _is_row(line: str) -> bool:
    return len(line) <= 120 and _ROW.fullmatch(line) is not None


def _headed_by_dates(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Lines with only a date, and one or two lines below them the row of edition and page."""
    heads = []
    for at, line in enumerate(lines):
        if len(line.text) <= 120 and _EDITION.fullmatch(line.text):
            start = next((up for up in (at - 1, at - 2) if up >= 0 and is_date_line(lines[up].text)), -1)
            heads += [(start, at)] if start >= 0 else []
    return heads


def _under_date(text: str, whole: Span, lines: Sequence[Line], row: int) -> Article:
    """An article below its date: the title and the row of edition and page in this order or the other."""
    known = {**_row(lines[row].text), "date": date_in(lines[0].text)}
    title = lines[1] if row == 2 else lines[2]
    after = max(row, 1 if row == 2 else 2) + 1
    known["title"] = joined([title])
    body = [Span(lines[after].start, lines[-1].end)] if after < len(lines) else []
    return article_of(text, whole, [Span(title.start, title.end)], body, known)


def _rowed(text: str, whole: Span, lines: Sequence[Line], row: int) -> Article:
    """An article with a row of date, edition, page and length before or after its title."""
    known = _row(lines[row].text)
    more = 0 if row else _rows_below(lines)
    for line in lines[1 : 1 + more]:
        known = {**_row(line.text), **known}
    title = lines[0] if row else next(iter(lines[1 + more : 2 + more]), None)
    after = 2 + more if title is not None else 1 + more
    while row and after < len(lines) and re.search(r"[|｜]", lines[after].text) and len(lines[after].text) < 80:
        known = {**_row(lines[after].text), **known}
        after += 1
    stop = _tail(lines, after)
    for line in lines[stop:]:
        if (hit := _hit(line)) and hit.value:
            known.setdefault(hit.key, hit.value)
    if title is not None:
        known["title"] = joined([title]).strip("◇■□◆●【】《》 　")
    rest = lines[after:stop]
    body = [Span(rest[0].start, rest[-1].end)] if rest else []
    return article_of(text, whole, [Span(title.start, title.end)] if title else [], body, _dated(known))


def _rows_below(lines: Sequence[Line]) -> int:
    """Short lines with several bars right below the first row of an article."""
    count = 0
    while (
        len(lines) > count + 3
        and len(re.findall(r"[|｜]", lines[count + 1].text)) > 1
        and len(lines[count + 1].text) < 80
    ):
        count += 1
    return count


def _row(line: str) -> dict[str, str]:
    """Metadata of a row, each part recognised by its form."""
    date = date_in(line)
    known = {"date": date} if date else {}
    for part in _SPLIT.split(line.replace(date, " ", 1) if date else line):
        bare = part.strip(" ()（）[]【】,、")
        if not bare:
            continue
        if _LENGTH.fullmatch(bare):
            known.setdefault("length", bare)
        elif re.search(r"[朝夕]刊", bare):
            known.setdefault("edition", bare)
        elif _PAPER.fullmatch(bare):
            known.setdefault("source", bare)
        elif _PAGE.fullmatch(bare):
            known.setdefault("pages", bare)
        elif re.match(r"(?:By|記者|记者|文[：:])", bare):
            known.setdefault("author", re.sub(r"^(?:By|記者|记者|文[：:])[:： ]*", "", bare))
        elif not re.match(r"写|図|報章|报章|\d{1,2}:\d\d", bare):
            known.setdefault("section", bare)
    return known
