"""Coding without labels: fits the weights that ship with the package, and scores them on codebooks left out of the fit.

    python experiments/benchmarks/coding.py --shared ../shared [--write]

Development sets (experiments/benchmarks/coding/): paragraphs of the shipped study and short news paragraphs written for
the purpose (technology, climate, and articles of several paragraphs on technology and on industrial policy), coded with
several codes each; paragraphs of speeches with one policy topic or two; news and newsgroup
posts with the label of their collection. Codes of the first kinds were given once, by one coder: good enough to weigh
eight kinds of evidence, and no reference. `--write` replaces toolkit/coding/weights.json.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.codebook import Codebook, load_codebook
from toolkit.coding import scoring
from toolkit.coding.code_terms import sharing, wanted
from toolkit.coding.evidence import Evidence, gather
from toolkit.coding.learning import macro_f1
from toolkit.coding.sentences import passages

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SETS = HERE / "coding"
WEIGHT = {"study": 0.4, "study, bare": 0.5, "study, shared codebook": 0.6, "sections": 0.6, "groups": 0.6}
BROAD = ("speeches", "sections", "groups")
"""Families whose codebooks cover everything that their texts talk about."""
PHRASES = 2.0
"""Few development paragraphs hold a code's phrases word for word; their fitted weight is doubled."""
REFUSED = -25.0
"""Development paragraphs stand near no counter-example, so its weight is set: six log-odds for a quarter of cosine."""
AGAINST = -0.1
"""The weight of rules of exclusion is fitted, and never weaker than this."""
RIDGE = 0.05


@dataclass
class Set:
    """One codebook on one corpus."""

    name: str
    family: str
    book: Codebook
    texts: list[str]
    gold: Any
    evidence: Evidence | None = None
    bare: Evidence | None = None
    vectors: Any = None


def gold(book: Codebook, codes: list[str]) -> Any:
    return np.array([[code in row.split(";") for code in book.ids] for row in codes], bool)


def rows(name: str) -> list[dict[str, str]]:
    with (SETS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def collection(shared: Path, name: str, n: int, label: str | None = None, words: int = 110) -> list[dict[str, Any]]:
    with gzip.open(shared / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        every = [json.loads(line) for line in file]
    every = [row for row in every if label in (None, row["label"])]
    random.Random(3).shuffle(every)
    return [row | {"text": " ".join(row["text"].split()[:words])} for row in every[:n]]


def speeches(shared: Path) -> list[str]:
    with gzip.open(shared / "data" / "sotu_speeches.jsonl.gz", "rt", encoding="utf-8") as file:
        whole = {row["id"]: re.split(r"\n\s*\n", row["text"]) for row in map(json.loads, file)}
    return [" ".join(whole[row["speech"]][int(row["paragraph"])].split()) for row in rows("speeches.csv")]


def study() -> tuple[list[str], list[str]]:
    from toolkit.corpus import CorpusSettings, build_corpus, corpus_files

    folder = ROOT / "experiments" / "future_industries" / "corpus"
    settings = CorpusSettings(path=str(folder))
    corpus = build_corpus(settings, corpus_files(settings), lambda done, total: None)
    texts = [" ".join(text.split()) for text in corpus.paragraphs["text"].to_pylist()]
    found = [(next((t for t in texts if t.startswith(row["begins"])), None), row["code"]) for row in rows("study.csv")]
    return [text for text, _ in found if text], [codes for text, codes in found if text]


def bare(book: Codebook) -> Codebook:
    return Codebook(tuple(replace(code, keywords=(), examples=(), counterexamples=()) for code in book.themes))


def joined(one: Set, several: int, n: int) -> Set:
    """Denser paragraphs: `several` of a set at a time, with the codes of all."""
    rng = random.Random(several)
    picks = [rng.sample(range(len(one.texts)), several) for _ in range(n)]
    texts = [" ".join(one.texts[row] for row in pick) for pick in picks]
    return Set(
        f"{one.name} x{several}", one.family, one.book, texts, np.array([one.gold[p].any(axis=0) for p in picks])
    )


def sets(shared: Path) -> list[Set]:
    full = load_codebook(ROOT / "experiments" / "future_industries" / "codebook.yaml")
    other = load_codebook(shared / "corpora" / "codebook.yaml")
    texts, codes = study()
    found = [
        Set("study", "study", full, texts, gold(full, codes)),
        Set("study, bare", "study", bare(full), texts, gold(full, codes)),
        Set("study, shared codebook", "study", other, texts, gold(other, codes)),
    ]
    own_books = {name: load_codebook(SETS / f"{name}.yaml") for name in ("climate", "industry")}
    for name, book in (("technology", other), ("articles", other), *own_books.items()):
        own = rows(f"{name}.csv")
        one = Set(
            name,
            "technology" if name == "articles" else name,
            book,
            [row["text"] for row in own],
            gold(book, [row["code"] for row in own]),
        )
        found += [one] if name == "articles" else [one, joined(one, 2, 65), joined(one, 3, 45)]
    topics = load_codebook(SETS / "topics.yaml")
    one = Set("speeches", "speeches", topics, speeches(shared), gold(topics, [r["code"] for r in rows("speeches.csv")]))
    found += [one, joined(one, 2, 80)]
    for name, data, n in (("sections", "bbc_news", 200), ("groups", "20newsgroups", 300)):
        book, own = load_codebook(SETS / f"{name}.yaml"), collection(shared, data, n)
        found.append(Set(name, name, book, [row["text"] for row in own], gold(book, [row["label"] for row in own])))
    return found


def measured(every: list[Set], encode: Any) -> None:
    """Evidence of every set, with and without the model."""
    for one in every:
        table = pa.table({"text": one.texts, "start": pa.array([0] * len(one.texts), pa.int64())})
        looked = [wanted(code) for code in one.book.themes]
        one.vectors, cut = encode(one.texts), passages(table)
        one.evidence = gather(looked, sharing(one.book, looked), cut, one.vectors, encode)
        one.bare = gather(looked, sharing(one.book, looked), cut, one.vectors, None)


def regression(
    measures: list[dict[str, Any]], golds: list[Any], weights: list[float], drop: str | None
) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    names = [name for name in measures[0] if name != "refused" and (drop is None or not name.startswith(drop))]
    design = np.vstack([np.column_stack([one[name].ravel() for name in names]) for one in measures])
    each = np.concatenate([np.full(g.size, w / g.size**0.5) for g, w in zip(golds, weights, strict=True)])
    mean, sd = design.mean(axis=0), design.std(axis=0) + 1e-9
    target = np.concatenate([g.ravel() for g in golds])
    model = LogisticRegression(C=RIDGE, max_iter=5000).fit(
        (design - mean) / sd, target, sample_weight=each / each.mean()
    )
    slope = model.coef_[0] / sd
    found = dict(zip(names, map(float, slope), strict=True))
    return found | {"intercept": float(model.intercept_[0] - (slope * mean).sum())}


def fitted(every: list[Set], kind: str) -> dict[str, dict[str, float]]:
    """Weights of both steps fitted to the sets."""
    evidence = [one.evidence if kind == "both" else one.bare for one in every]
    drop = None if kind == "both" else "meaning"
    golds, weights = (
        [one.gold for one in every],
        [WEIGHT.get(one.name, 0.6 if " x" in one.name else 1.0) for one in every],
    )
    firsts = [scoring.first_measures(e) for e in evidence]
    first = regression(firsts, golds, weights, drop)
    seconds = [
        scoring.second_measures(e, one.vectors, scoring.weigh(m, first))
        for e, one, m in zip(evidence, every, firsts, strict=True)
    ]
    second = regression(seconds, golds, weights, drop)
    return {step: adjusted(by) for step, by in (("first", first), ("second", second))}


def adjusted(by: dict[str, float]) -> dict[str, float]:
    """Fitted weights with those that development texts cannot teach set by hand."""
    by = by | {"phrases": by["phrases"] * PHRASES, "against": min(by["against"], AGAINST), "refused": REFUSED}
    return {name: round(value, 4) for name, value in by.items()}


def odds(evidence: Evidence, vectors: Any, by: dict[str, dict[str, float]], gate: bool = True) -> Any:
    """(n, c) log-odds as the package decides by them; `gate`: paragraphs outside the codebook's field get no code."""
    first = scoring.weigh(scoring.first_measures(evidence), by["first"])
    found = scoring.weigh(scoring.second_measures(evidence, vectors, first), by["second"]) - scoring.DECIDED
    found = scoring.best_favoured(found)
    return scoring.outside_lowered(found, evidence) if gate else found


def best_code(found: Any, marks: Any) -> tuple[float, float]:
    """One code for each coded paragraph, the best: share that is right, and macro-F1 over codes."""
    coded = marks.any(axis=1)
    best = np.eye(marks.shape[1], dtype=bool)[found[coded].argmax(axis=1)]
    right = (best & marks[coded]).any(axis=1)
    truth = np.where(right[:, None], best, np.eye(marks.shape[1], dtype=bool)[marks[coded].argmax(axis=1)])
    return float(right.mean()), macro_f1(best, truth)


def _given(found: Any, marks: Any) -> float:
    """Share of coded paragraphs whose best code is right and was given."""
    coded = np.flatnonzero(marks.any(axis=1))
    best = found[coded].argmax(axis=1)
    return float((marks[coded, best] & (found[coded, best] >= 0)).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--write", action="store_true", help="replace the weights that ship with the package")
    given = parser.parse_args()
    from toolkit.embed import MiniLM

    encode = MiniLM().fit().encode
    every = sets(given.shared)
    measured(every, encode)
    held = {
        (family, kind): fitted([one for one in every if one.family != family], kind)
        for family in dict.fromkeys(one.family for one in every)
        for kind in ("both", "wording")
    }
    heads = ("set (weights fitted without its family)", "n", "codes", "macro-F1", "wording", "top code right", "given",
             "its F1")  # fmt: skip
    print("{:42} {:>4} {:>5} {:>8} {:>8} {:>14} {:>6} {:>6}".format(*heads))
    for one in every:
        broad = one.family in BROAD
        found = odds(one.evidence, one.vectors, held[one.family, "both"], not broad)
        words = odds(one.bare, one.vectors, held[one.family, "wording"], not broad)
        found, words = (scoring.everything_covered(own) if broad else own for own in (found, words))
        top, top_f1 = best_code(found, one.gold)
        scores = macro_f1(found >= 0, one.gold), macro_f1(words >= 0, one.gold)
        size = f"{one.name:42} {len(one.texts):4} {len(one.book.ids):5}"
        print(f"{size} {scores[0]:8.3f} {scores[1]:8.3f} {top:14.3f} {_given(found, one.gold):6.3f} {top_f1:6.3f}")
    unrelated(given.shared, every, held, encode)
    if given.write:
        weights = {kind: fitted(every, kind) for kind in ("both", "wording")}
        path = ROOT / "toolkit" / "codebook" / "weights.json"
        path.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def unrelated(shared: Path, every: list[Set], held: Any, encode: Any) -> None:
    """Share of unrelated texts that get any code, alone and mixed into the set."""
    others = {
        "20 Newsgroups": [row["text"] for row in collection(shared, "20newsgroups", 250, words=90)],
        "BBC sport": [row["text"] for row in collection(shared, "bbc_news", 250, "sport", 90)],
    }
    for one in every:
        if one.name not in ("study", "study, bare", "study, shared codebook", "climate"):
            continue
        for name, texts in others.items():
            for mixed in (False, True):
                probe = Set("", one.family, one.book, (one.texts if mixed else []) + texts, None)
                measured([probe], encode)
                coded = (odds(probe.evidence, probe.vectors, held[one.family, "both"])[-len(texts) :] >= 0).any(axis=1)
                how = "mixed in" if mixed else "alone"
                print(f"{one.name:26} {name:14} {how:9} {coded.mean():.3f} of {len(texts)} get a code")


if __name__ == "__main__":
    main()
