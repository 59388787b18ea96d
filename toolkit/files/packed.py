"""Writes Office files (.xlsx, .docx) with fixed times, so that equal content has equal bytes.

Both formats are zip archives whose libraries write the current time into every entry and into docProps/core.xml.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a zip: the earliest that the format allows."""
CREATED = "1980-01-01T00:00:00Z"
CORE = "docProps/core.xml"
_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{parts}'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified></cp:coreProperties>'
)


def fix_times(source: IO[bytes], place: Path, title: str, author: str = "", subject: str = "") -> None:
    """Write an Office file to `place` (new) with fixed times and these properties; entries keep their order.

    Raises OSError if `place` exists or cannot be written.
    """
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(place, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as after:
        for name in before.namelist():
            data = _core(title, author, subject) if name == CORE else before.read(name)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            after.writestr(entry, data)


def _core(title: str, author: str, subject: str) -> bytes:
    parts = {"dc:title": title, "dc:creator": author, "dc:subject": subject, "dc:language": "en-GB"}
    elements = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts.items() if text)
    return _CORE.format(parts=elements, at=CREATED).encode()
