"""Opens zip-based formats (.docx, .xlsx): their directory is checked before anything is unpacked."""

from __future__ import annotations

import io
import zipfile

from toolkit.corpus.settings import LimitSettings
from toolkit.corpus.source import Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def check_packed(data: bytes, limits: LimitSettings) -> zipfile.ZipFile:
    """The opened archive.

    Raises:
        Unreadable: empty, encrypted, damaged, or larger unpacked than `limits.max_unzipped_mb`.
    """
    if not data:
        raise Unreadable("empty file")
    if data.startswith(_OLE):
        raise Unreadable("an encrypted or old binary Office file (.doc, .xls, .ppt, .msg)")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as fault:
        if not data.startswith(b"PK"):
            raise Unreadable("unknown content: no archive, as Word documents and workbooks are") from None
        raise Unreadable(f"damaged archive: {fault}") from None
    size = sum(part.file_size for part in parts)
    if size > limits.max_unzipped_mb * 1_000_000:
        most = limits.max_unzipped_mb
        raise Unreadable(f"unpacks to {size / 1e6:,.0f} MB, more than {most:g} (corpus.limits.max_unzipped_mb)")
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable("encrypted")
    return archive


def unpacked(archive: zipfile.ZipFile, name: str, limits: LimitSettings) -> bytes | None:
    """One part of the archive, up to the limit whatever its directory claims; null if there is none."""
    most = int(limits.max_unzipped_mb * 1_000_000)
    try:
        with archive.open(name) as stream:
            data = stream.read(most + 1)
    except KeyError:
        return None
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as fault:
        raise Unreadable(f"damaged archive: {fault}") from None
    except Exception as fault:  # zlib.error and others, depending on the compression
        raise Unreadable(f"damaged archive: {type(fault).__name__}") from None
    if len(data) > most:
        raise Unreadable(f"unpacks to more than {limits.max_unzipped_mb:g} MB (corpus.limits.max_unzipped_mb)")
    return data
