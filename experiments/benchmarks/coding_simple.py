"""What coding must beat: cosine with a code's texts, plus stemmed wording weighted by rarity, one common threshold.

    python experiments/benchmarks/coding_simple.py --shared ../shared

For each development set of coding.py (weights fitted without its family): macro-F1 at the best common threshold, mean
average precision over codes, and the share of coded paragraphs whose best code is right, for simple recipes and for the
package (before and after paragraphs outside the codebook's field are refused, where it does not cover everything; then
at the package's own threshold).
Best thresholds are read off the set's own labels, so they flatter all alike.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from coding import BROAD, ROOT, Set, best_code, fitted, measured, odds, sets

from toolkit.codebook import Code
from toolkit.coding.code_terms import clauses, content
from toolkit.coding.learning import macro_f1
from toolkit.coding.tokens import holders, rarity, tokens


def recipes(one: Set, encode: Any) -> dict[str, Any]:
    """(n, c) scores of each recipe by name."""
    whole = [_texts(code) for code in one.book.themes]
    plain = _cosines(one.vectors, [texts[:1] for texts in whole], encode)
    rules = _cosines(one.vectors, [[" ".join(texts)] for texts in whole], encode)
    nearest = _cosines(one.vectors, whole, encode)
    words = wording(one.texts, [" ".join(texts) for texts in whole])
    mean = (plain + rules + nearest) / 3
    return {
        "cosine with name and definition": plain,
        "cosine with name, definition, rules, examples in one": rules,
        "cosine with the nearest of these": nearest,
        "mean of the three": mean,
        "stemmed wording by rarity": words,
        "the nearest + wording": _standard(nearest) + _standard(words),
        "mean of the three + wording": _standard(mean) + _standard(words),
        "the same, less a paragraph's mean": _standard(_centred(mean)) + _standard(_centred(words)),
    }


def _texts(code: Code) -> list[str]:
    keywords = [", ".join(code.keywords)] if code.keywords else []
    rules = [clause for text in code.include for clause in clauses(text)]
    return [f"{code.name}. {code.definition}", *rules, *keywords, *code.examples]


def _cosines(vectors: Any, texts: Sequence[Sequence[str]], encode: Any) -> Any:
    """(n, c) cosine with the nearest of each code's texts."""
    rows = np.asarray(vectors, float)
    return np.column_stack([(rows @ np.asarray(encode(list(own)), float).T).max(axis=1) for own in texts])


def wording(texts: Sequence[str], codes: Sequence[str]) -> Any:
    """(n, c) cosine of TF-IDF vectors of stems: log counts, rarity in general English and in the texts."""
    stems = [tokens(text) for text in texts]
    wanted = [tokens(text) for text in codes]
    words = sorted({word for own in (*stems, *wanted) for word in content(own)})
    rare, place = rarity(words, holders(stems), len(stems)), {word: column for column, word in enumerate(words)}

    def rows(many: Sequence[Sequence[str]]) -> Any:
        found = np.zeros((len(many), len(words)))
        for row, own in enumerate(many):
            kept = content(list(own))
            for word in set(kept):
                found[row, place[word]] = (1 + log(kept.count(word))) * rare[word]
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)

    return rows(stems) @ rows(wanted).T


def _standard(values: Any) -> Any:
    return (values - values.mean()) / values.std()


def _centred(values: Any) -> Any:
    return values - values.mean(axis=1, keepdims=True)


def scores(found: Any, marks: Any) -> tuple[float, float, float]:
    """Macro-F1 at the best common threshold, mean average precision, share of best codes that are right."""
    from sklearn.metrics import average_precision_score

    edges = np.unique(np.quantile(found, np.linspace(0.3, 0.999, 250)))
    precision = [average_precision_score(marks[:, code], found[:, code]) for code in np.flatnonzero(marks.any(axis=0))]
    best = max(macro_f1(found >= edge, marks) for edge in edges)
    return best, float(np.mean(precision)), best_code(found, marks)[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    given = parser.parse_args()
    from toolkit.embed import MiniLM

    encode = MiniLM().fit().encode
    every = sets(given.shared)
    measured(every, encode)
    table: dict[str, list[tuple[float, float, float]]] = {}
    decided: dict[str, list[float]] = {"as decided, no gate": [], "as decided": []}
    held = {
        family: fitted([one for one in every if one.family != family], "both")
        for family in dict.fromkeys(one.family for one in every)
    }
    for one in every:
        fields = (False, one.family not in BROAD)
        free, gated = (odds(one.evidence, one.vectors, held[one.family], field) for field in fields)
        for name, found in {**recipes(one, encode), "ours, no gate": free, "ours": gated}.items():
            table.setdefault(name, []).append(scores(found, one.gold))
        for name, found in (("as decided, no gate", free), ("as decided", gated)):
            decided[name].append(macro_f1(found >= 0, one.gold))
    show(every, table, decided)


def show(every: list[Set], table: dict[str, list[tuple[float, float, float]]], decided: dict[str, list[float]]) -> None:
    """One line a recipe and measure, one column a set that is not joined of others; then the mean over families."""
    print("; ".join(one.name for one in every if " x" not in one.name), "| mean over families")
    measures = ("macro-F1 at the best threshold", "average precision", "best code right")
    for place, measure in enumerate(measures):
        print(measure)
        for name, found in table.items():
            _line(every, name, [row[place] for row in found])
        for name, values in decided.items() if place == 0 else ():
            _line(every, f"ours, {name}", values)


def _line(every: list[Set], name: str, values: list[float]) -> None:
    shown = [(one.family, value) for one, value in zip(every, values, strict=True) if " x" not in one.name]
    families = dict.fromkeys(family for family, _ in shown)
    mean = np.mean([np.mean([value for family, value in shown if family == own]) for own in families])
    print(f"  {name:54}", " ".join(f"{value:.2f}" for _, value in shown), f"| {mean:.3f}")


if __name__ == "__main__":
    main()
