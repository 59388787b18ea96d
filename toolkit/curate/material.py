"""What the page shows of a run: themes with names, keywords and quotes, near themes, halves, and the run's log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.amend.run_log import RunLog, analysed, embeddings, run_log
from toolkit.curate import evidence
from toolkit.decisions.references import digest
from toolkit.errors import ConfigError
from toolkit.run_folder.reader import RunTables
from toolkit.settings import digest_of
from toolkit.text.format import decimal, decimals, interval, name_of, one_line, percent, visible
from toolkit.values import NOISE, Ints

MOST_KEYWORDS = 10
MOST_BEST, MOST_WEAK = 5, 4
"""Quotes nearest to a theme, and paragraphs that are least sure of it, at most."""
MOST_CHARACTERS = 700
"""Characters of a paragraph that the page shows, at most."""
Tree = dict[str, Any]


class Material:
    """A run as the page's data: `tree()` is plain JSON.

    Raises: ConfigError if the run has no themes; StoreError as `run_log` does.
    """

    def __init__(self, folder: Path) -> None:
        self.tables = RunTables(folder)
        if not self.tables.themes:
            raise ConfigError([f"{folder}: this run has no themes, so there is nothing to name or to repair"])
        self.log: RunLog = run_log(folder)
        self.rows = analysed(self.tables)
        self.vectors = embeddings(self.tables)
        table = self.tables.table("paragraphs")
        self.texts: list[str] = table["text"].to_pylist()
        self.themes: Ints = table["theme"].to_numpy().astype(np.int32)
        self.strength = table["strength"].to_numpy(zero_copy_only=False).astype(float)
        self.names: list[str] = table["paragraph_id"].to_pylist()
        self.document: list[str] = table["document_id"].to_pylist()
        self.row_of = {name: row for row, name in enumerate(self.names)}
        self.quote_of: dict[int, str] = {}
        self.shown: dict[int, int] = {}
        """Row of the paragraphs table -> its place in the page's list."""

    def tree(self) -> Tree:
        """The page's data."""
        words = {int(row["theme"]): [one_line(word) for word in row["keywords"] or []] for row in self.tables.themes}
        parts = evidence.halves(self.tables, self.vectors)
        best = self._best()
        themes = [self._theme(row, words, best) for row in self.tables.themes]
        lost = self._shown(best.get(NOISE, []))
        halves = {self.log.keys[theme]: self._halves(part) for theme, part in parts.items()}
        half_of = {int(row): half for part in parts.values() for half in (0, 1) for row in part.rows[half]}
        log = self.log.log
        manifest = self.tables.manifest
        named = {"name": log.name, "experiment": log.experiment, "corpus": log.corpus}
        tree: Tree = {
            "n": len(self.rows),
            "themes": themes,
            "none": {"label": "No theme", "n": int((self.themes[self.rows] == NOISE).sum()), "best": lost},
            "pairs": evidence.pairs(self.tables, self.log.keys),
            "refits": evidence.refits(self.tables),
            "halves": halves,
            "reason": evidence.missing(self.tables),
            "bounds": {
                "together": evidence.LEAST_TOGETHER,
                "apart": evidence.LEAST_APART,
                "most": evidence.MOST_SUGGESTIONS,
                "words": bounds_in_words(),
            },
            "paragraphs": [self._paragraph(row, half_of.get(row)) for row in self.shown],
            "past": self._past(),
            "log": {key: value for key, value in log.plain().items() if key != "decisions"} | {"run": named},
        }
        identity = [str(manifest["experiment"]["sha256"]), str(manifest["corpus"]["sha256"]), log.sha256]
        return tree | {"id": digest_of({"run": identity, "themes": [part["key"] for part in themes]})[:12]}

    def _theme(self, row: Mapping[str, Any], words: Mapping[int, list[str]], best: Mapping[int, list[int]]) -> Tree:
        theme = int(row["theme"])
        rows = self.rows[self.themes[self.rows] == theme]
        first = best.get(theme, [])
        limits = interval(row["share_low"], row["share_high"], len(self.rows))
        share = percent(len(rows) / len(self.rows), len(self.rows)) + (f" ({limits})" if limits else "")
        stability, ends = row["stability"], decimals(row["stability_low"], row["stability_high"])
        return {
            "key": self.log.keys[theme],
            "label": name_of(row["label"]) or f"Theme {theme}",
            "machine": name_of(row.get("machine_label") or row["label"]),
            "by": name_of(row.get("named_by") or ""),
            "notes": [{"text": visible(note), "who": ""} for note in (row.get("note") or "").splitlines()],
            "words": words[theme][:MOST_KEYWORDS],
            "n": len(rows),
            "share": f"{share} of {len(self.rows):,}",
            "stability": "" if stability is None else decimal(stability) + (f" ({ends})" if ends else ""),
            "fragile": bool(row["fragile"]),
            "best": self._shown(first),
            "weak": self._shown(self._weak(rows, first)),
        }

    def _best(self) -> dict[int, list[int]]:
        """Theme -> rows of its quotes, by rank; what is quoted of each is kept."""
        made: dict[int, list[int]] = {}
        for row in sorted(self.tables.rows("exemplars"), key=lambda row: (row["theme"], row["rank"])):
            at = self.row_of[row["paragraph_id"]]
            self.quote_of.setdefault(at, row["quote"])
            if len(made.setdefault(row["theme"], [])) < MOST_BEST and at not in made[row["theme"]]:
                made[row["theme"]].append(at)
        return made

    def _weak(self, rows: Ints, first: Iterable[int]) -> list[int]:
        """The paragraphs of a theme with which the fewest refits agree, less those quoted already."""
        quoted = set(first)
        left = np.array([row for row in rows if row not in quoted and self.strength[row] < 1], np.int64)
        order = np.lexsort((left, np.round(self.strength[left], 6)))
        return [int(row) for row in left[order][:MOST_WEAK]]

    def _shown(self, rows: Iterable[int]) -> list[int]:
        return [self.shown.setdefault(int(row), len(self.shown)) for row in rows]

    def _halves(self, halves: evidence.Halves) -> Tree:
        return {
            "n": [len(rows) for rows in halves.rows],
            "apart": halves.apart,
            "words": [[one_line(word) for word in words] for words in halves.words],
            "best": [self._shown(rows[: evidence.MOST_QUOTES]) for rows in halves.rows],
            "parts": [[digest(self.texts[row]) for row in rows[: evidence.PARAGRAPHS_OF_HALF]] for rows in halves.rows],
        }

    def _paragraph(self, row: int, half: int | None) -> Tree:
        text, theme = self.texts[row], int(self.themes[row])
        if len(text) > MOST_CHARACTERS:
            text = self.quote_of.get(row) or text
        text = one_line(text)
        document = self.tables.documents[self.document[row]]
        place = (name_of(document["title"]) or name_of(document["document_id"]), name_of(document["source"]),
                 one_line(document["date"]))  # fmt: skip
        return {
            "digest": digest(self.texts[row]),
            "text": text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS].rstrip() + "…",
            "place": " · ".join(part for part in place if part),
            "home": "none" if theme == NOISE else self.log.keys[theme],
            "half": half,
        }

    def _past(self) -> list[Tree]:
        """The decisions of the run's own log, with what became of each."""
        outcomes = {row["line"]: row for row in self.tables.rows("decisions")}
        return [
            {
                "line": decision.plain(),
                "outcome": one_line(outcomes.get(at, {}).get("outcome") or ""),
                "reason": one_line(outcomes.get(at, {}).get("reason") or ""),
            }
            for at, decision in enumerate(self.log.log.decisions, 1)
        ]


def bounds_in_words() -> str:
    """The bounds of a suggestion, for the page."""
    together, apart = percent(evidence.LEAST_TOGETHER), percent(evidence.LEAST_APART)
    return (
        f"Merges: refits put at least {together} of the pairs of paragraphs, one of each theme, into one group. "
        f"Splits: they keep at least {apart} of the pairs, one of each half, apart. At most "
        f"{evidence.MOST_SUGGESTIONS} of each."
    )
