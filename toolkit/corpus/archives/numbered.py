"""Lines that number the documents of a file: "2 of 30 DOCUMENTS", "Dokument 2 von 30"."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

from toolkit.corpus.cleaning.lines import Line

_NOUN = (
    r"(?:documents?|dokumente?n?|documentos?|documenti?|документы?|документов|articles?|artikel|articulos?|artículos?|"
    r"articol[oi]|artigos?|artykuły?|records?|items?|results?|fundstellen?|treffer|статьи?|статей|文書|文档|文檔|文件|"
    r"文章|記事|기사)"
)
_OF = r"(?:of|von|de|di|van|av|af|sur|из|z|из общего|/|／|共|／全)"
NUMBER = re.compile(
    rf"[^\w\r\n]{{0,8}}(?:{_NOUN}[ \t]*(?:no\.?|nr\.?|№|#|:)?[ \t]*"
    rf"(?P<n>\d{{1,6}})[ \t]*{_OF}[ \t]*(?P<total>\d{{1,6}})"
    rf"|(?P<n2>\d{{1,6}})[ \t]*{_OF}[ \t]*(?P<total2>\d{{1,6}})[ \t]+{_NOUN})[^\w\r\n]{{0,8}}",
    re.IGNORECASE,
)
_GUARD = re.compile(rf"^[ \t]*{NUMBER.pattern}[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


@lru_cache(maxsize=1)  # called twice per text
def numbered(text: str) -> bool:
    """Whether a text has at least one numbering line."""
    return _GUARD.search(text) is not None


def numbering(lines: Sequence[Line], evidence: Callable[[int], int]) -> list[int]:
    """Indices of the lines that number the documents, in rising order of their numbers.

    `evidence` measures how much a line at an index resembles the beginning of a document, because a text may quote such
    a line. Lines without any count are used only if no line has one.
    """
    seen: dict[int, list[int]] = defaultdict(list)
    totals: Counter[int] = Counter()
    hits: list[tuple[int, int, int]] = []
    for at, line in enumerate(lines):
        match = NUMBER.fullmatch(line.text) if len(line.text) < 60 else None
        if match is not None:
            hits.append((at, int(match["n"] or match["n2"]), int(match["total"] or match["total2"])))
    weights = {at: evidence(at) for at, _, _ in hits}
    if any(weights.values()):
        hits = [hit for hit in hits if weights[hit[0]]]
    totals.update(total for _, _, total in hits)
    if not totals:
        return []
    usual = totals.most_common(1)[0][0]
    for at, number, total in hits:
        if total == usual and number <= total:
            seen[number].append(at)
    chosen: list[int] = []
    for number in sorted(seen):
        later = [at for at in seen[number] if not chosen or at > chosen[-1]]
        if later:
            chosen.append(max(later, key=lambda at: weights[at]))
    return chosen
