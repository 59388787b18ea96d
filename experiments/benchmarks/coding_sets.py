"""Development sets of coding: paragraphs with several codes each, and probes of unrelated text."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.codebook import Codebook, load_codebook
from toolkit.coding.evidence import Evidence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SETS = HERE / "coding"
WEIGHT = {"study": 0.4, "study, bare": 0.5, "study, shared codebook": 0.6, "sections": 0.6, "groups": 0.6}
OPEN = ("sections", "groups", "frames", "posts")
"""Families whose codebooks have no field: they cover whatever is talked about, or ask for stances."""
PROBES = ("study", "technology", "climate", "industry")
"""Sets whose codebooks also code unrelated texts."""
UNRELATED = 120
"""Unrelated texts of each kind in a probe."""


@dataclass
class Set:
    """One codebook on one corpus."""

    name: str
    family: str
    book: Codebook
    texts: list[str]
    gold: Any
    shown: bool = True  # in the table; sets made of others are only fitted to
    evidence: dict[str, Evidence] = field(default_factory=dict)  # by kind of evidence
    vectors: Any = None

    @property
    def weight(self) -> float:
        """How much the set counts in the fit: less where several rest on the same texts, or on one label a text."""
        return WEIGHT.get(self.name, 1.0 if self.shown else 0.25 if self.is_probe else 0.6)

    @property
    def is_probe(self) -> bool:
        """Whether unrelated texts are among its texts."""
        return " + " in self.name

    @property
    def bounded(self) -> bool:
        """Whether its codebook has a field beyond which no code is given."""
        return self.family not in OPEN


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
    results = [
        (next((t for t in texts if t.startswith(row["begins"])), None), row["code"]) for row in rows("study.csv")
    ]
    return [text for text, _ in results if text], [codes for text, codes in results if text]


def bare(book: Codebook) -> Codebook:
    return Codebook(tuple(replace(code, keywords=(), examples=(), counterexamples=()) for code in book.themes))


def joined(one: Set, several: int, n: int) -> Set:
    """Denser paragraphs: `several` of a set at a time, with the codes of all."""
    rng = random.Random(several)
    picks = [rng.sample(range(len(one.texts)), several) for _ in range(n)]
    texts = [" ".join(one.texts[row] for row in pick) for pick in picks]
    return Set(
        f"{one.name} x{several}", one.family, one.book, texts, np.array([one.gold[p].any(axis=0) for p in picks]), False
    )


def sets(shared: Path) -> list[Set]:
    full = load_codebook(ROOT / "experiments" / "future_industries" / "codebook.yaml")
    other = load_codebook(shared / "corpora" / "codebook.yaml")
    texts, codes = study()
    results = [
        Set("study", "china", full, texts, gold(full, codes)),
        Set("study, bare", "china", bare(full), texts, gold(full, codes), False),
        Set("study, shared codebook", "china", other, texts, gold(other, codes)),
    ]
    own_books = {name: load_codebook(SETS / f"{name}.yaml") for name in ("climate", "industry")}
    for name, book in (("technology", other), ("articles", other), *own_books.items()):
        row_list = rows(f"{name}.csv")
        one = Set(
            name,
            "china" if name in ("technology", "articles") else name,
            book,
            [row["text"] for row in row_list],
            gold(book, [row["code"] for row in row_list]),
        )
        results += [one] if name == "articles" else [one, joined(one, 2, 65), joined(one, 3, 45)]
    topics = load_codebook(SETS / "topics.yaml")
    one = Set("speeches", "speeches", topics, speeches(shared), gold(topics, [r["code"] for r in rows("speeches.csv")]))
    results += [one, joined(one, 2, 80)]
    results += [twice("speeches_random", "speeches", topics, speech_paragraphs(shared))]
    for name, data, n in (("sections", "bbc_news", 200), ("groups", "20newsgroups", 300)):
        book, row_list = load_codebook(SETS / f"{name}.yaml"), collection(shared, data, n)
        results.append(
            Set(name, name, book, [row["text"] for row in row_list], gold(book, [row["label"] for row in row_list]))
        )
    for name, data, words in (("frames", "bbc_news", 140), ("posts", "20newsgroups", 1000)):
        texts = {row["id"]: " ".join(row["text"].split()[:words]) for row in whole(shared, data)}
        results.append(twice(name, name, load_codebook(SETS / f"{name}.yaml"), texts))
    return [*results, bilingual(full), *probes(shared, results)]


def whole(shared: Path, name: str) -> list[dict[str, Any]]:
    with gzip.open(shared / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def speech_paragraphs(shared: Path) -> dict[str, str]:
    by_name = {}
    for row in whole(shared, "sotu_speeches"):
        for number, text in enumerate(re.split(r"\n\s*\n", row["text"])):
            by_name[f"{row['id']}:{number}"] = " ".join(text.split())
    return by_name


def twice(name: str, family: str, book: Codebook, texts: dict[str, str]) -> Set:
    """Texts that two language models coded apart; a code counts where either gave it, as among a run's coders."""
    row_list = rows(f"{name}.csv")
    first, second = (gold(book, [row[column] for row in row_list]) for column in ("first", "second"))
    return Set(name, family, book, [texts[row["id"]] for row in row_list], first | second)


def agreement(name: str, book: Codebook) -> float:
    """Macro-F1 of the second coding of a set by the first, over codes that either gave."""
    row_list = rows(f"{name}.csv")
    first, second = (gold(book, [row[column] for row in row_list]) for column in ("first", "second"))
    used = (first | second).any(axis=0)
    return float(
        (2 * (first & second).sum(axis=0) / np.maximum(first.sum(axis=0) + second.sum(axis=0), 1))[used].mean()
    )


def bilingual(book: Codebook) -> Set:
    """The English half of the parallel articles among the tests' data, coded by whoever wrote them."""
    folder = ROOT / "tests" / "data" / "bilingual"
    texts: list[str] = []
    codes: list[str] = []
    with (folder / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts = re.split(r"\n\s*\n", (folder / "en" / f"{row['stem']}.md").read_text(encoding="utf-8"))
            plain = [part for part in parts if part.strip() and not part.startswith("#")]
            texts.append(" ".join(plain[int(row["paragraph"]) - 1].split()))
            codes.append(row["codes"])
    return Set("bilingual", "china", book, texts, gold(book, codes))


def probes(shared: Path, every: list[Set]) -> list[Set]:
    """Unrelated texts, alone and mixed into a set; they come last and have no code."""
    others = {
        "posts": [row["text"] for row in collection(shared, "20newsgroups", UNRELATED, words=90)],
        "sport": [row["text"] for row in collection(shared, "bbc_news", UNRELATED, "sport", 90)],
    }
    results = []
    for one in every:
        for name, texts in others.items() if one.name in PROBES else ():
            none = np.zeros((len(texts), one.gold.shape[1]), bool)
            results.append(Set(f"only + {name}, {one.name}", one.family, one.book, list(texts), none, False))
            mixed = np.vstack([one.gold, none])
            results.append(Set(f"{one.name} + {name}", one.family, one.book, [*one.texts, *texts], mixed, False))
    return results
