"""The metadata of an HTML page: meta tags, JSON-LD, <title>, <time> and the canonical link."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

_META = {
    "og:title": "title", "og:site_name": "source", "article:published_time": "date", "og:url": "url",
    "date": "date", "pubdate": "date", "publishdate": "date", "publish-date": "date", "dc.date": "date",
    "dc.date.issued": "date", "dcterms.date": "date", "dcterms.created": "date", "datepublished": "date",
    "parsely-pub-date": "date", "sailthru.date": "date", "citation_publication_date": "date",
    "article.published": "date",
    "dc.title": "title", "citation_title": "title", "headline": "title", "dc.publisher": "source",
    "citation_journal_title": "source", "application-name": "source", "publisher": "source", "source": "source",
    "author": "author", "dc.creator": "author", "article:author": "author", "citation_author": "author",
    "article:section": "section", "description": "description",
}  # fmt: skip


@dataclass
class PageMeta:
    """Collects metadata while the page is parsed; earlier kinds of evidence take precedence over later ones."""

    meta: dict[str, str] = field(default_factory=dict)
    linked: dict[str, str] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    title: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    inside: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Looks at the attributes of an element."""
        if tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or "").lower()
            if name in _META and attributes.get("content", "").strip():
                self.meta.setdefault(_META[name], attributes["content"].strip())
        elif tag == "link" and attributes.get("rel", "").lower() == "canonical":
            self.meta.setdefault("url", attributes.get("href", ""))
        elif tag == "time" and attributes.get("datetime"):
            self.times.append(attributes["datetime"])
        elif tag == "title" and not self.title:
            self.inside = "title"
        elif tag == "script" and attributes.get("type", "").lower() == "application/ld+json":
            self.inside = "script"
            self.scripts.append("")

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag in ("title", "script"):
            self.inside = ""

    def data(self, text: str) -> None:
        """Text inside <title> or a JSON-LD script."""
        if self.inside == "title":
            self.title.append(text)
        elif self.inside == "script" and len(self.scripts[-1]) < 200_000:
            self.scripts[-1] += text

    def fields(self) -> dict[str, str]:
        """The fields: JSON-LD first, then meta tags, then <title> and the first <time>."""
        fields: dict[str, str] = {}
        for script in self.scripts:
            for item in _items(script):
                for key, value in _article(item).items():
                    fields.setdefault(key, value)
        for key, value in self.meta.items():
            fields.setdefault(key, value)
        title = " ".join("".join(self.title).split())
        if title:
            fields.setdefault("title", title)
        if self.times:
            fields.setdefault("date", self.times[0])
        return {key: value for key, value in fields.items() if value}


def _items(script: str) -> list[dict[str, Any]]:
    """The objects of a JSON-LD script, those of a @graph included."""
    try:
        tree = json.loads(script)
    except (ValueError, RecursionError):
        return []
    items = tree if isinstance(tree, list) else [tree]
    objects = [item for item in items if isinstance(item, dict)]
    for item in list(objects):
        graph = item.get("@graph")
        objects += [part for part in graph if isinstance(part, dict)] if isinstance(graph, list) else []
    return objects


def _article(item: dict[str, Any]) -> dict[str, str]:
    """The fields of a JSON-LD object that describes an article."""
    kinds = item.get("@type")
    named = " ".join(kinds) if isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds) else str(kinds)
    if not any(word in named for word in ("Article", "Posting", "Report", "WebPage", "CreativeWork")):
        return {}
    publisher = item.get("publisher")
    source = publisher.get("name") if isinstance(publisher, dict) else publisher
    author = item.get("author")
    first = author[0] if isinstance(author, list) and author else author
    name = first.get("name") if isinstance(first, dict) else first
    fields = {
        "title": item.get("headline"), "date": item.get("datePublished"), "url": item.get("url"), "source": source,
        "author": name,
    }  # fmt: skip
    return {key: value.strip() for key, value in fields.items() if isinstance(value, str) and value.strip()}
