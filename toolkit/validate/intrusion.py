"""Intrusion tests, in which a person searches the option that does not belong: items for themes, and scores of answers.

After Chang et al. (2009, "Reading tea leaves") and, for passages, Ying, Montgomery and Stewart (2022). There are three
kinds: word (five keywords of a theme, one of another), document (three passages of a theme, one of another) and topic
(one passage, the keywords of its theme, of the two nearest themes, and of a far one). The probability of a correct
guess is one in six, four and four, and is given with every score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from toolkit.validate.occurrences import occurrences
from toolkit.values import NOISE, Ints, Metric, Row, Table, Vectors

ITEMS = pa.schema(
    [
        ("item", pa.string()),
        ("kind", pa.string()),  # word, document or topic
        ("theme", pa.int32()),
        ("shown", pa.large_string()),  # the passage of a topic item, else null
        ("options", pa.list_(pa.large_string())),
        ("intruder", pa.int32()),  # place of the intruder among the options: never shown to coders
    ]
)
KINDS = ("word", "document", "topic")
WORDS_SHOWN, PASSAGES_SHOWN, THEMES_SHOWN = 5, 3, 3
RARE_SHARE = 0.02
"""Largest share of the theme's texts that contain an intruding word."""


@dataclass(frozen=True)
class Themes:
    """The input of the items: n texts, their themes and vectors, the keywords of themes 0..k-1."""

    texts: Sequence[str]
    assignment: Ints
    vectors: Vectors
    keywords: Sequence[Sequence[str]]

    def members(self, theme: int) -> npt.NDArray[np.int64]:
        """The rows of one theme."""
        return np.flatnonzero(self.assignment == theme)

    @property
    def nearness(self) -> npt.NDArray[np.float64]:
        """(k, k) cosine between the centres of the themes; 0 for a theme without a text."""
        sums = [self.vectors[self.members(theme)].astype(float).sum(axis=0) for theme in range(len(self.keywords))]
        centres = np.array(sums)
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
        near: npt.NDArray[np.float64] = np.round(centres @ centres.T, 9)
        return near


def intrusion_items(
    themes: Themes, per_theme: int, seed: int, excluded: Iterable[str] = (), kinds: Sequence[str] = KINDS
) -> Table:
    """Table of ITEMS: `per_theme` items of each kind for each theme with enough material, in shuffled order.

    `excluded` words are never shown (seed words, keywords of a codebook), because they inflate the score. Themes with
    too few words or passages, and runs with fewer than two themes (topic: four), have no items of that kind.
    """
    stream = np.random.default_rng(seed)
    barred = {word.casefold() for word in excluded}
    words = [[word for word in row if word.casefold() not in barred] for row in themes.keywords]
    makers = {"word": lambda theme: _word_item(themes, words, theme, stream),
              "document": lambda theme: _document_item(themes, theme, stream),
              "topic": lambda theme: _topic_item(themes, words, theme, stream)}  # fmt: skip
    made = [makers[kind](theme) for theme in range(len(words)) for _ in range(per_theme) for kind in kinds]
    rows = [row for row in made if row is not None]
    rows = [rows[i] for i in stream.permutation(len(rows))]
    numbered = [{"item": f"i{number:04}", **row} for number, row in enumerate(rows, start=1)]
    return pa.Table.from_pylist(numbered, schema=ITEMS)


def _item(
    kind: str, theme: int, members: Sequence[str], intruder: str, stream: np.random.Generator, shown: str | None = None
) -> Row:
    place = int(stream.integers(len(members) + 1))
    options = [*members[:place], intruder, *members[place:]]
    return {"kind": kind, "theme": theme, "shown": shown, "options": options, "intruder": place}


def _word_item(themes: Themes, words: Sequence[Sequence[str]], theme: int, stream: np.random.Generator) -> Row | None:
    keywords, known = list(words[theme][:WORDS_SHOWN]), {word.casefold() for word in themes.keywords[theme]}
    pool = sorted({word for i, row in enumerate(words) if i != theme for word in row[:WORDS_SHOWN]})
    pool = [word for word in pool if word.casefold() not in known]
    inside = [themes.texts[row] for row in themes.members(theme)]
    where = occurrences(pool, inside)
    strange = [word for i, word in enumerate(pool) if len(where.of(i)) <= RARE_SHARE * len(inside)]
    if len(keywords) < WORDS_SHOWN or not strange:
        return None
    intruder = strange[int(stream.integers(len(strange)))]
    return _item("word", theme, [keywords[i] for i in stream.permutation(len(keywords))], intruder, stream)


def _document_item(themes: Themes, theme: int, stream: np.random.Generator) -> Row | None:
    members = themes.members(theme)
    others = np.flatnonzero((themes.assignment != theme) & (themes.assignment != NOISE))
    if len(members) < PASSAGES_SHOWN or not len(others):
        return None
    passages = [themes.texts[row] for row in stream.choice(members, PASSAGES_SHOWN, replace=False)]
    return _item("document", theme, passages, themes.texts[int(stream.choice(others))], stream)


def _topic_item(themes: Themes, words: Sequence[Sequence[str]], theme: int, stream: np.random.Generator) -> Row | None:
    usable = [i for i, row in enumerate(words) if row and len(themes.members(i))]
    if theme not in usable or len(usable) <= THEMES_SHOWN:
        return None
    near = sorted((i for i in usable if i != theme), key=lambda i: (-themes.nearness[theme, i], i))
    row = int(stream.choice(themes.members(theme)))
    far = near[len(near) // 2 :][-1 - int(stream.integers(max(len(near) - max(len(near) // 2, THEMES_SHOWN - 1), 1)))]
    shown = [", ".join(words[i][:WORDS_SHOWN]) for i in (theme, *near[: THEMES_SHOWN - 1])]
    mixed = [shown[i] for i in stream.permutation(len(shown))]
    return _item("topic", theme, mixed, ", ".join(words[far][:WORDS_SHOWN]), stream, themes.texts[row])


def score_intrusion(items: Table, answers: Sequence[Row], draws: int, seed: int) -> dict[str, Metric]:
    """Share of intruders found: intrusion.KIND, intrusion.KIND.baseline (guessing) and intrusion.KIND.theme.T.

    items: table of ITEMS; answers: rows with `item`, `chosen` (place of the option, or None if the coder passed, which
    counts as not found) and optionally `coder`. Intervals are 95 %: exact binomial ones if each item was answered once,
    otherwise from a bootstrap over items, with all answers to an item together. Answers to unknown items are left out
    and counted in the reason.
    """
    known = {row["item"]: row for row in items.to_pylist()}
    stream = np.random.default_rng(seed)
    strangers = sum(answer["item"] not in known for answer in answers)
    metrics: dict[str, Metric] = {}
    for kind in KINDS:
        by_item: dict[str, list[bool]] = {}
        for answer in answers:
            row = known.get(answer["item"])
            if row is not None and row["kind"] == kind:
                by_item.setdefault(row["item"], []).append(answer["chosen"] == row["intruder"])
        key = f"intrusion.{kind}"
        if not by_item:
            metrics[key] = Metric(None, reason=f"no {kind} intrusion item was answered")
            continue
        metrics |= _scored(key, by_item, known, draws, stream, strangers)
    return metrics


def _scored(
    key: str, by_item: Mapping[str, list[bool]], known: Mapping[str, Row], draws: int, stream: np.random.Generator,
    strangers: int,
) -> dict[str, Metric]:  # fmt: skip
    chance = float(np.mean([1 / len(known[item]["options"]) for item in by_item]))
    reason = f"{strangers} answers to unknown items left out" if strangers else None
    metrics = {
        key: _precision(list(by_item.values()), draws, stream, reason),
        f"{key}.baseline": Metric(
            chance, None, None, None, len(by_item), "what guessing finds: one in the number of options", "items"
        ),
    }
    for theme in sorted({known[item]["theme"] for item in by_item}):
        of_theme = [marks for item, marks in by_item.items() if known[item]["theme"] == theme]
        metrics[f"{key}.theme.{theme}"] = _precision(of_theme, draws, stream, None)
    return metrics


def _precision(items: Sequence[Sequence[bool]], draws: int, stream: np.random.Generator, reason: str | None) -> Metric:
    """Share of answers that found the intruder; `items` contains the answers to each item.

    With one answer per item, the interval is the exact binomial one (Clopper and Pearson 1934). With several, it is
    from a bootstrap over items, or the exact one at the number of items if all or no answers were correct.
    """
    right, times = np.array([sum(marks) for marks in items], float), np.array([len(marks) for marks in items], float)
    share, n = float(right.sum() / times.sum()), int(times.sum())
    if n == len(items) or share in (0.0, 1.0) or len(items) < 2:
        low, high = _exact(share * len(items), len(items))
    else:
        picks = stream.integers(len(right), size=(draws, len(right)))
        low, high = np.percentile(right[picks].sum(axis=1) / times[picks].sum(axis=1), [2.5, 97.5])
    return Metric(share, float(low), float(high), "higher", n, reason, "answers", int(right.sum()))


def _exact(hits: float, n: int) -> tuple[float, float]:
    from scipy.stats import beta

    low = float(beta.ppf(0.025, hits, n - hits + 1)) if hits > 0 else 0.0
    high = float(beta.ppf(0.975, hits + 1, n - hits)) if hits < n else 1.0
    return low, high
