"""report.pdf through typst: tagged, with bookmarks and page numbers, figures as vectors."""

from __future__ import annotations

from toolkit.errors import MissingExtraError
from toolkit.report.content import Content


def pdf(content: Content) -> bytes:
    """The whole report as a PDF.

    Raises:
        MissingExtraError: typst is not installed.
    """
    try:
        import typst  # noqa: F401
    except ImportError:
        raise MissingExtraError("report.formats: pdf needs typst: pip install 'thematic-toolkit[pdf]'") from None
    raise NotImplementedError
