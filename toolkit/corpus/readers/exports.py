"""Files with several documents: pages and texts that may be exports of an archive, and files of references."""

from __future__ import annotations

import re
from collections.abc import Sequence

from toolkit.corpus.archives import pages
from toolkit.corpus.archives.article import Article
from toolkit.corpus.archives.documents import documents_of, parted
from toolkit.corpus.archives.references import bibtex_articles, endnote_articles
from toolkit.corpus.decode import decode
from toolkit.corpus.readers.html import decoded_page, page_source
from toolkit.corpus.readers.plain import read_text
from toolkit.corpus.settings import CorpusSettings
from toolkit.corpus.source import Source, Unreadable

_MARKS = re.compile(rb"articleParagraph|[a-z]{2}Article\b|DocPublicationName|titreArticleVisu|docOcurrContainer")


def read_pages(data: bytes, settings: CorpusSettings) -> Sequence[Source]:
    """An .html file: a page, or the articles of an export."""
    decoded = decoded_page(data, settings)
    page = Source("", decoded.text, "", "", "html", notes=decoded.notes)
    if settings.split_documents == "auto" and _MARKS.search(data) and (name := pages.recognised(decoded.text)):
        articles = pages.articles(decoded.text)
        if articles:
            return parted(page, articles, f"split as an export of {name}")
    return documents_of(page_source(decoded.text, decoded.notes), settings)


def read_records(data: bytes, settings: CorpusSettings) -> Sequence[Source]:
    """A .ris, .nbib, .enw or .ciw file: a document for each record."""
    read = documents_of(read_text(data, settings), settings)
    if settings.split_documents == "auto" and len(read) == 1 and not read[0].document_id:
        raise Unreadable("no record of a reference manager inside")
    return read


def read_bibtex(data: bytes, settings: CorpusSettings) -> Sequence[Source]:
    """A .bib file: a document for each entry."""
    decoded = decode(data, encoding=settings.file_encoding)
    return _references(bibtex_articles(decoded.text), "bib", decoded.notes, "BibTeX")


def read_xml(data: bytes, settings: CorpusSettings) -> Sequence[Source]:
    """An .xml file of EndNote: a document for each record."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Unreadable(f"damaged XML: {str(fault)[:100]}") from None
    return _references(endnote_articles(root), "xml", (), "EndNote")


def _references(articles: Sequence[Article], kind: str, notes: tuple[str, ...], name: str) -> Sequence[Source]:
    if not articles:
        raise Unreadable(f"no entry of {name} inside")
    return parted(Source("", "", "", "", kind, notes=notes), articles, f"split as an export of {name}")
