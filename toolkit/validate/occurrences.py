"""Which texts contain which keywords: words and phrases are matched as whole words, ignoring case and hyphens."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(rf"[^\W_{HAN}]+|[{HAN}]")


@dataclass(frozen=True)
class Occurrences:
    """Texts of each keyword: `texts[starts[i]:starts[i + 1]]` contain keyword i, ascending; n texts in total."""

    texts: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    n: int

    def of(self, keyword: int) -> npt.NDArray[np.int64]:
        """The texts that contain a keyword."""
        return self.texts[self.starts[keyword] : self.starts[keyword + 1]]


def tokens(text: str) -> list[str]:
    """Words in lower case, hyphenated words split, Chinese by character: "State-owned" gives state, owned."""
    return TOKEN.findall(text.casefold())


def occurrences(keywords: Sequence[str], texts: Sequence[str]) -> Occurrences:
    """The texts that contain each keyword; a phrase must occur as consecutive words. About 30,000 texts per second."""
    by_first: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for i, keyword in enumerate(keywords):
        parts = tokens(keyword)
        if parts:
            by_first[parts[0]].append((i, len(parts), f" {' '.join(parts)} "))
    firsts = by_first.keys()
    rows_of: list[list[int]] = [[] for _ in keywords]
    for row, text in enumerate(texts):
        words = tokens(text)
        line = ""
        for first in firsts & set(words):
            for keyword_index, length, phrase in by_first[first]:
                if length > 1:
                    line = line or f" {' '.join(words)} "
                    if phrase not in line:
                        continue
                rows_of[keyword_index].append(row)
    starts = np.concatenate([[0], np.cumsum([len(rows) for rows in rows_of])]).astype(np.int64)
    flat = np.fromiter((row for rows in rows_of for row in rows), np.int64, count=int(starts[-1]))
    return Occurrences(flat, starts, len(texts))
