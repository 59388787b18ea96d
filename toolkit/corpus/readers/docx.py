"""Word documents: paragraphs, headings, lists and tables in order, and the properties that Word keeps."""

from __future__ import annotations

import re
from typing import Any

from toolkit.corpus.extract import Extract
from toolkit.corpus.readers.packed import check_packed, unpacked
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source, Unreadable

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MOVED = f"{_W}moveFrom"
_PROPERTIES = {
    "{http://purl.org/dc/elements/1.1/}title": "title",
    "{http://purl.org/dc/elements/1.1/}creator": "author",
    "{http://purl.org/dc/terms/}created": "created",
}
_HEADING = re.compile(r"heading\s*\d|^title$|^subtitle$|^标题", re.IGNORECASE)


def read_docx(data: bytes, settings: CorpusSettings) -> Source:
    """A .docx file: its extracted text, one block per paragraph or table; page headers and footers are furniture."""
    archive = check_packed(data, settings.limits)
    main = unpacked(archive, "word/document.xml", settings.limits)
    if main is None:
        raise Unreadable("no Word document inside")
    body = _xml(main).find(f"{_W}body")
    if body is None:
        raise Unreadable("no body in the Word document")
    styles = _styles(unpacked(archive, "word/styles.xml", settings.limits))
    out = Extract()
    _blocks(body, styles, out)
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        _notes(unpacked(archive, name, settings.limits), out)
    for name in sorted(part for part in archive.namelist() if re.fullmatch(r"word/(header|footer)\d*\.xml", part)):
        for paragraph in _xml(unpacked(archive, name, settings.limits) or b"").iter(f"{_W}p"):
            out.add(_text(paragraph), "furniture")
    meta = _properties(unpacked(archive, "docProps/core.xml", settings.limits))
    return Source("", out.text, "", "", "docx", meta, tuple(out.blocks), 0, tuple(out.notes), True)


def _xml(data: bytes) -> Any:
    """The root of an XML part, parsed without expanding entities or fetching anything."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Unreadable(f"damaged XML: {str(fault)[:100]}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("declares XML entities, which no Word document does")
    return root


def _styles(data: bytes | None) -> dict[str, str]:
    """Style id to style name."""
    if data is None:
        return {}
    names: dict[str, str] = {}
    for style in _xml(data).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        if name is not None:
            names[style.get(f"{_W}styleId", "")] = name.get(f"{_W}val", "")
    return names


def _blocks(body: Any, styles: dict[str, str], out: Extract) -> None:
    """Paragraphs and tables of the body in order, content controls opened."""
    waiting = list(reversed(list(body)))
    while waiting:
        item = waiting.pop()
        if item.tag == f"{_W}p":
            _paragraph(item, styles, out)
        elif item.tag == f"{_W}tbl":
            rows = ["\t".join(_cells(row)) for row in _direct(item, "tr", "tbl")]
            out.add("\n".join(row for row in rows if row.strip()), "table")
        elif item.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins"):
            waiting += reversed(list(item))


def _direct(whole: Any, tag: str, of: str) -> list[Any]:
    """The elements named `tag` whose nearest `of` is `whole`, which excludes those of a nested table or a text box."""
    return [part for part in whole.iter(f"{_W}{tag}") if next(part.iterancestors(f"{_W}{of}"), None) is whole]


def _cells(row: Any) -> list[str]:
    """The text of each cell of a table row, a table inside it included."""
    cells = [list(cell.iter(f"{_W}p")) for cell in _direct(row, "tc", "tr")]
    return [" ".join(_text(part) for part in parts if not _in_box(part)) for parts in cells]


def _in_box(paragraph: Any) -> bool:
    """Whether a paragraph is in a text box: it is read with the paragraph that contains the box."""
    return next(paragraph.iterancestors(f"{_W}p"), None) is not None


def _paragraph(item: Any, styles: dict[str, str], out: Extract) -> None:
    """One paragraph, its kind by style or outline level; text boxes are read with the paragraph that contains them."""
    text = _text(item)
    style = item.find(f"{_W}pPr/{_W}pStyle")
    name = "" if style is None else styles.get(style.get(f"{_W}val", ""), style.get(f"{_W}val", ""))
    listed = item.find(f"{_W}pPr/{_W}numPr") is not None or name.lower().startswith("list")
    if _HEADING.search(name) or item.find(f"{_W}pPr/{_W}outlineLvl") is not None:
        out.add(text, "heading")
    elif "caption" in name.lower():
        out.add(text, "caption")
    elif "quote" in name.lower():
        out.add(text, "quote")
    elif not listed and _bold(item):
        out.add(text, "text", zone="strong")
    else:
        out.add(text, "list" if listed else "text", close=listed and bool(out.blocks) and out.blocks[-1].kind == "list")


def _bold(paragraph: Any) -> bool:
    """Whether every run with text is bold."""
    runs = [run for run in paragraph.iter(f"{_W}r") if "".join(node.text or "" for node in run.iter(f"{_W}t")).strip()]
    marks = [run.find(f"{_W}rPr/{_W}b") for run in runs]
    return bool(runs) and all(mark is not None and mark.get(f"{_W}val", "1") not in ("0", "false") for mark in marks)


def _text(paragraph: Any) -> str:
    """The visible text of a paragraph: runs deleted or moved away are no text, breaks are line breaks."""
    pieces: list[str] = []
    inside = paragraph
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if node.tag == f"{_W}t" and any(True for _ in node.iterancestors(_FALLBACK, _MOVED)):
            continue  # a text box repeated for old programs; a moved run
        owner = next(node.iterancestors(f"{_W}p"))
        if owner is not inside:  # a text box begins or ends
            pieces.append("\n")
            inside = owner
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        else:
            pieces.append("\t" if node.tag == f"{_W}tab" else "\n")
    return "".join(pieces)


def _notes(data: bytes | None, out: Extract) -> None:
    """Footnotes and endnotes, after the body."""
    if data is None:
        return
    for note in _xml(data):
        if note.get(f"{_W}type") is None:
            out.add(" ".join(_text(part).strip() for part in note.iter(f"{_W}p")), zone="footnote")


def _properties(data: bytes | None) -> dict[str, str]:
    """Title, author and date of creation as Word keeps them."""
    if data is None:
        return {}
    properties = {_PROPERTIES[item.tag]: (item.text or "").strip() for item in _xml(data) if item.tag in _PROPERTIES}
    meaningless = properties.get("author", "").lower() in ("python-docx", "user", "administrator")
    return {key: value for key, value in properties.items() if value and not (meaningless and key != "title")}
