# ruff: noqa: E501 - tables of patterns, one idea a line
"""The kind of a region of a page by its tag, class, id or role."""

from __future__ import annotations

import re

_TAG_ZONES = {
    "nav": "navigation", "footer": "navigation", "aside": "related", "form": "newsletter", "button": "share",
    "menu": "navigation", "dialog": "cookies",
}  # fmt: skip
_ZONES = tuple(
    (zone, re.compile(rf"(?:^|[-_\s])(?:{words})(?:$|[-_\s\d])", re.IGNORECASE))
    for zone, words in (
        ("cookies", "cookies?|consent|gdpr|onetrust|cmp"),
        ("newsletter", "newsletters?|subscribe|subscription|signup|sign-up|paywall|mailing-list|donate|membership"),
        ("share", "share|sharing|sharedaddy|social|socials|social-links|toolbar|tools|print|actions"),
        ("comments", "comments?|disqus|comment-list|respond|discussion"),
        ("advertisement", "ad|ads|advert|adverts|advertisement|advertising|sponsored|sponsor|dfp|adslot|outbrain|taboola"),
        ("related", "related|recommended|recommendations|recirc|more-from|more-stories|read-next|most-read|trending"
         "|popular|teaser|teasers|also-like|sidebar|side-bar|promo|promos|you-may|latest|further|read-more|readmore"
         "|onward|carousel|widget"),
        ("navigation", "nav|navs|nav-?(?:bar|menu|list|links?|items?)|\\w+nav(?:bar|igation|menu)?|navigation|menus?|\\w+-?menu|breadcrumbs?|crumbs?|banner|masthead|site-header|site-footer|footer|skip|skip-link"
         "|skiplink|topbar|top-bar|pagination|pager|toc|legal|utility|utility-bar|site-nav|language-switcher"),
        ("bio", "author-bio|bio|about-author|author-box|author-info|author-card"),
        ("byline", "byline|author|authors|by-line|contributor|contributors|credit|credits"),
        ("date_line", "dateline|timestamp|pubdate|published|publish-date|post-date|entry-date|date|meta|post-meta|entry-meta"
         "|article-meta|article-info|posted-on|reading-time"),
        ("tags", "tags?|tag-list|topics?|categories|post-tags|keywords"),
        ("caption", "caption|wp-caption-text|figcaption|image-credit|photo-credit|img-caption"),
        ("copyright", "copyright|colophon|rights"),
    )
)  # fmt: skip


def zone_named(tag: str, named: str, inside_article: bool) -> str:
    """The reason that a region's names indicate (class, id and role in one text); empty if none.

    A footer inside an article belongs to it unless its own names say otherwise.
    """
    for zone, pattern in _ZONES:
        if pattern.search(named):
            return zone
    if "complementary" in named or "contentinfo" in named:
        return "navigation"
    return "" if tag == "footer" and inside_article else _TAG_ZONES.get(tag, "")
