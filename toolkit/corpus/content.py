"""The kind of a file by its first bytes, for files whose extension is wrong."""

from __future__ import annotations

import codecs
import re
import zipfile
from pathlib import Path

_BLANK = b"\xef\xbb\xbf \t\r\n"
HEAD_BYTES = 4096
"""Number of leading bytes that decide the kind of a file."""
_SIGNS = (
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"PAR1", "a Parquet table"),
    (b"\0\5\x16\x07", "the hidden half of a file from a Mac"),
    (b"\0\5\x16\0", "the hidden half of a file from a Mac"),
    (b"%!PS", "a PostScript file"),
    (b"ID3", "a sound recording"),
    (b"OggS", "a sound recording"),
    (b"\x7fELF", "a program"),
    (b"bplist0", "a property list or web archive of a Mac"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_HEAD_BYTES = 1 << 18
_ENCRYPTED = "an encrypted Office document"
_OLD_PARTS = (
    ("EncryptedPackage", _ENCRYPTED),
    ("WordDocument", "an old binary Word document (.doc)"),
    ("Workbook", "an old binary Excel workbook (.xls)"),
    ("PowerPoint Document", "an old binary PowerPoint presentation (.ppt)"),
    ("__properties_version1", "an Outlook message (.msg)"),
)
_PARTS = (
    ("word/", "a Word document"),
    ("xl/workbook.bin", "a binary Excel workbook"),
    ("xl/", "an Excel workbook"),
    ("ppt/", "a PowerPoint presentation"),
    ("META-INF/container.xml", "an EPUB book"),
    ("Index/Document.iwa", "a document of Pages, Numbers or Keynote"),
)
_OPEN = {"text": "an OpenDocument text", "spreadsheet": "an OpenDocument spreadsheet"}
_HTML = re.compile(rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_CONTROL = re.compile(rb"[\0-\x08]")
_RIGHT = {
    "docx": ("a Word document",),
    "xlsx": ("an Excel workbook",),
    "pdf": ("a PDF",),
    "parquet": ("a Parquet table",),
    "jsonl.gz": ("a gzip archive",),
}
"""The required kind of a file of a packed format. The other formats are text; markup and JSON in it are for their
readers."""
_BINARY = frozenset(kind for _, kind in _SIGNS if not kind.endswith(("archive", "table", "a Mac")))
_TEXTS = frozenset({"HTML", "XML", "RTF", "JSON", "plain text"})
_TABLES = frozenset({"csv", "tsv"})


def kind_of(head: bytes, path: Path | None = None) -> str:
    """The kind of bytes as a noun ("a PDF", "plain text"), or empty if unknown.

    `path` is the whole file, of which `head` is the beginning: without it a ZIP archive is not examined.
    """
    if head.startswith(b"PK\x03\x04"):
        return _packed(path)
    if head.startswith(_OLE):
        return _old_office(path)
    if head.lstrip(_BLANK).startswith(b"%PDF-"):
        return "a PDF"
    for sign, kind in _SIGNS:
        if head.startswith(sign) and (b"\0" in head or not sign.isascii() or b"%" in sign):  # a text may begin with ID3
            return kind
    if head[4:8] == b"ftyp" or (head.startswith(b"RIFF") and head[8:12] in (b"WAVE", b"AVI ")):
        return "a sound or video recording"
    if head[257:262] == b"ustar":
        return "a tar archive"
    return _text(head)


def named_otherwise(format: str, name: str, path: Path, size: int) -> str:
    """The mismatch between a file and its extension ("a PDF named .docx"), or empty if they may agree.

    An empty file, a damaged file and one of unknown bytes are left to their reader.
    """
    if not size:
        return ""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    ending = ".jsonl.gz" if name.lower().endswith(".jsonl.gz") else Path(name).suffix.lower()
    right = _RIGHT.get("jsonl.gz" if ending.endswith(".gz") else format)
    kind = kind_of(head, path)
    if not kind or (right is not None and kind in right) or (format == "pdf" and b"%PDF-" in head[:1024]):
        return ""
    if kind == _ENCRYPTED:
        return "encrypted Office document; remove its password"
    if right is None and kind in _BINARY:
        return f"binary data, not text: {kind} named {ending}"
    if right is None and kind in _TEXTS and not (format in _TABLES and kind in ("HTML", "RTF")):
        return ""
    return f"{kind} named {ending}"


def _packed(path: Path | None) -> str:
    """The kind of a ZIP archive by its parts; nothing if it is damaged."""
    if path is None:
        return "a ZIP archive"
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            declared = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    except Exception:  # damaged: its reader reports the fault
        return ""
    for part, kind in _PARTS:
        if any(name.startswith(part) for name in names):
            return kind
    if "opendocument" in declared:
        return next((kind for word, kind in _OPEN.items() if declared.endswith(word)), "an OpenDocument file")
    return "a ZIP archive"


def _old_office(path: Path | None) -> str:
    """The kind of a file in Microsoft's compound format: an encrypted document, or one of Office 97 to 2003."""
    if path is not None:
        with path.open("rb") as stream:
            data = stream.read(_OLD_HEAD_BYTES)
            stream.seek(max(0, path.stat().st_size - _OLD_HEAD_BYTES))  # the list of its parts is at either end
            data += stream.read()
        for part, kind in _OLD_PARTS:
            if part.encode("utf-16-le") in data:
                return kind
    return "an encrypted or old binary Office file (.doc, .xls, .ppt, .msg)"


def _text(head: bytes) -> str:
    """The kind of a file of characters; nothing for other bytes."""
    bare = head.lstrip(_BLANK)
    if bare.startswith(b"{\\rtf"):
        return "RTF"
    if _HTML.match(bare):
        return "HTML"
    if bare.startswith(b"<?xml"):
        return "XML"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return ""
    if _CONTROL.search(head):
        return ""
    return "JSON" if bare[:1] in (b"{", b"[") else "plain text"
