"""Quotes of codes, judged by readers who see the quote and the code's definition alone.

    python experiments/benchmarks/quotes.py sheet RUN SHEET.csv LIST.csv     write a blind sheet of a run's first quotes
    python experiments/benchmarks/quotes.py score LIST.csv A.csv B.csv       add the judges' columns, print the shares
    python experiments/benchmarks/quotes.py fit --shared ../shared [--write]  fit toolkit/coding/quote_weights.json

LIST.csv names each quote by code, paragraph id and offsets, in the order of the report; the sheet has the same quotes
in a drawn order without any of these. The sentences that the weights were fitted to are in coding/quotes_fitted.csv:
they are of the shipped study alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from toolkit.report.code_quotes import CARRIES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STUDY = ROOT / "experiments" / "future_industries"
WEIGHTS = ROOT / "toolkit" / "coding" / "quote_weights.json"
FIRST = 3
SHEET = ("n", "code name", "definition", "include", "exclude", "quote", "supports")
LIST = ("n", "code", "rank", "document_id", "paragraph_id", "start", "end", "quote")
JUDGES = ("judge_a", "judge_b")
MEANING = 0.1
"""Log-odds for each standard deviation of meaning. Not fitted: the judged sentences were chosen by meaning, so they
cannot show its worth. It decides between sentences that the fitted measures hold equal."""
ASKED = -0.5
"""Log-odds for a code that asks for a stance. Measures of stance in sentences did not tell the judged ones apart, so a
sentence must have more of the code's words; set so that none of the false ones on state direction reaches 0.6."""
AGAINST = -0.3
"""For each standard deviation of a rule of exclusion. Not fitted: too few judged sentences lie near one."""
SET = {"meaning": MEANING, "against": AGAINST, "refused": -25.0, "open": -3.0, "asked": ASKED}
FITTED = {
    "both": ("words", "paragraph_words", "paragraph_lead", "length", "below_best"),
    "wording": ("words", "paragraph_words", "paragraph_lead", "length"),
}
RIDGE = 0.3
Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def first_quotes(run: Path) -> tuple[list[Row], dict[str, Row]]:
    """The first three quotes of each code as the report shows them, and the codebook by code."""
    from toolkit.report.code_part import code_parts
    from toolkit.report.places import Reader
    from toolkit.run_folder.reader import RunTables

    tables = RunTables(run)
    rows = []
    for part in code_parts(tables, Reader(tables, "full")):
        for rank, quote in enumerate(part.evidence[:FIRST] if part.occurs else (), 1):
            place = quote.place
            rows.append(
                {"code": part.code, "rank": rank, "document_id": place.document_id, "quote": quote.text,
                 "paragraph_id": place.paragraph_id, "start": place.start, "end": place.end}
            )  # fmt: skip
    return rows, {str(code["id"]): code for code in tables.codebook}


def sheet(run: Path, blind: Path, kept: Path) -> None:
    rows, codes = first_quotes(run)
    order = list(range(len(rows)))
    random.Random(20261130).shuffle(order)
    for number, at in enumerate(order, 1):
        rows[at]["n"] = number
    shown = [
        {"n": rows[at]["n"], "code name": codes[rows[at]["code"]]["name"],
         "definition": codes[rows[at]["code"]].get("definition") or "",
         **{rule: _text(codes[rows[at]["code"]].get(rule)) for rule in ("include", "exclude")},
         "quote": " ".join(rows[at]["quote"].split()), "supports": ""}
        for at in order
    ]  # fmt: skip
    write(blind, SHEET, shown)
    write(kept, (*LIST, *JUDGES), rows)
    print(f"{len(rows)} quotes of {len({row['code'] for row in rows})} codes")


def _text(rule: Any) -> str:
    return " ".join(rule) if isinstance(rule, (list, tuple)) else rule or ""


def score(kept: Path, answers: list[Path]) -> None:
    rows = read(kept)
    for judge, path in zip(JUDGES, answers, strict=False):
        by_name = {row["n"]: row["supports"].strip().lower() for row in read(path)}
        for row in rows:
            row[judge] = by_name[row["n"]]
    write(kept, (*LIST, *JUDGES), rows)
    report(rows)


def report(rows: list[Row]) -> None:
    judges = [judge for judge in JUDGES if all(row[judge] for row in rows)]
    for judge in judges:
        print(judge, share(rows, lambda row, judge=judge: row[judge] == "yes"))
    if len(judges) == 2:
        print("both judges", share(rows, lambda row: all(row[judge] == "yes" for judge in judges)))
        a, b = ([row[judge] == "yes" for row in rows] for judge in judges)
        raw, ya, yb = float(np.mean(np.equal(a, b))), np.mean(a), np.mean(b)
        chance = ya * yb + (1 - ya) * (1 - yb)
        kappa = f"{(raw - chance) / (1 - chance):.2f}" if chance < 1 else "undefined: both judges say one thing"
        print(f"agreement of {len(rows)}: raw {raw:.2f}, Cohen's kappa {kappa}")
    for code in dict.fromkeys(row["code"] for row in rows):
        members = [row for row in rows if row["code"] == code]
        print(
            f"  {code}: "
            + ", ".join(f"{judge} {sum(r[judge] == 'yes' for r in members)} of {len(members)}" for judge in judges)
        )


def share(rows: list[Row], good: Any, draws: int = 2000) -> str:
    """Share of quotes, with the 95 % interval of a bootstrap of documents."""
    by_document = defaultdict(list)
    for row in rows:
        by_document[row["document_id"]].append(bool(good(row)))
    groups = [(sum(item), len(item)) for _, item in sorted(by_document.items())]
    hits, sizes = np.array(groups, float).T
    drawn = np.random.default_rng(1).integers(0, len(groups), (draws, len(groups)))
    low, high = np.quantile(hits[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [0.025, 0.975])
    value = f"{hits.sum() / sizes.sum():.2f}, {low:.2f}-{high:.2f}"
    return f"{hits.sum():.0f} of {sizes.sum():.0f} ({value}, {len(groups)} documents)"


def judged(shared: Path) -> tuple[dict[str, Any], Any, Any]:
    """(k,) measures of the judged sentences by name, whether each supports its code, and its code.

    By three codebooks, since short ones share fewer words with a corpus: that of the study, the same without keywords
    and examples, and that of the shared articles, whose codes say the same in other words.
    """
    from dataclasses import replace

    from toolkit.codebook import Codebook, load_codebook
    from toolkit.coding.code_terms import sharing, wanted
    from toolkit.coding.evidence import gather
    from toolkit.coding.evidence_sentence import paragraph_lead, sentence_measures
    from toolkit.coding.scoring import score
    from toolkit.coding.sentences import passages
    from toolkit.corpus import CorpusSettings, build_corpus, corpus_files
    from toolkit.embed.minilm import MiniLM

    settings = CorpusSettings(path=str(STUDY / "corpus"))
    corpus = build_corpus(settings, corpus_files(settings), lambda done, total: None)
    paragraphs = corpus.paragraphs.filter(corpus.paragraphs["duplicate_of"].is_null())
    full = load_codebook(STUDY / "codebook.yaml")
    bare = Codebook(tuple(replace(code, keywords=(), examples=(), counterexamples=()) for code in full.themes))
    encode, cut = MiniLM().fit().encode, passages(paragraphs)
    vectors = encode([" ".join(text.split()) for text in paragraphs["text"].to_pylist()])
    ids = paragraphs["paragraph_id"].to_pylist()
    place = {(ids[owner], int(start)): row for row, (owner, start) in enumerate(zip(cut.owner, cut.start, strict=True))}
    every: dict[str, list[Any]] = defaultdict(list)
    good, codes = [], []
    for book in (full, bare, load_codebook(shared / "corpora" / "codebook.yaml")):
        rows = [row for row in read(HERE / "coding" / "quotes_fitted.csv") if row["code"] in book.ids]
        at = np.array([place[row["paragraph_id"], int(row["start"])] for row in rows])
        code = np.array([book.ids.index(row["code"]) for row in rows])
        all_wanted = [wanted(one) for one in book.themes]
        evidence = gather(all_wanted, sharing(book, all_wanted), cut, vectors, encode)
        measures = sentence_measures(evidence, cut, all_wanted, at, encode)
        odds = score(evidence, vectors, bounded=True).odds
        measures["paragraph_lead"] = paragraph_lead(odds)[cut.owner[at]]
        for name, values in measures.items():
            every[name].append(np.asarray(values)[np.arange(len(at)), code])
        good += [row["supports"] == "yes" for row in rows]
        codes += [row["code"] for row in rows]
    return {name: np.concatenate(parts) for name, parts in every.items()}, np.array(good), np.array(codes)


def fit(shared: Path, keep: bool) -> None:
    """Logistic regression on standardised measures, ridge penalty; its worth by codes left out."""
    from sklearn.linear_model import LogisticRegression

    measures, good, code = judged(shared)
    made = {}
    for kind, names in FITTED.items():
        values = np.column_stack([measures[name] for name in names])
        mean, sd = values.mean(axis=0), values.std(axis=0)
        values = (values - mean) / sd
        odds = np.zeros(len(good))
        for one in np.unique(code):
            model = LogisticRegression(C=RIDGE).fit(values[code != one], good[code != one])
            odds[code == one] = model.decision_function(values[code == one])
        print(f"{kind}: {len(good)} sentences, {good.mean():.2f} support their code; codes left out:", end=" ")
        print(f"area under the curve {area(odds, good):.2f}, within codes {within(odds, good, code):.2f};", end=" ")
        given = odds >= np.log(CARRIES / (1 - CARRIES))
        print(f"from {CARRIES} up {given.sum()}, of which {good[given].mean():.2f} support")
        model = LogisticRegression(C=RIDGE).fit(values, good)
        weight = model.coef_[0] / sd
        intercept = float(model.intercept_[0] - weight @ mean)
        if kind == "both":
            intercept -= MEANING * float(measures["meaning"].mean())
        fixed = {name: value for name, value in SET.items() if kind == "both" or name in ("open", "asked")}
        made[kind] = {
            **dict(zip(names, weight.round(3).tolist(), strict=True)),
            **fixed,
            "intercept": round(intercept, 3),
        }
        print("  ", made[kind])
    if keep:
        WEIGHTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8", newline="\n")


def area(odds: Any, good: Any) -> float:
    gaps = odds[good][:, None] - odds[~good][None, :]
    return float(np.mean(gaps > 0) + np.mean(gaps == 0) / 2)


def within(odds: Any, good: Any, code: Any) -> float:
    """Area under the curve over pairs of one code."""
    won = pairs = 0.0
    for one in np.unique(code):
        gaps = odds[good & (code == one)][:, None] - odds[~good & (code == one)][None, :]
        won, pairs = won + float((gaps > 0).sum() + (gaps == 0).sum() / 2), pairs + gaps.size
    return won / pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tasks = parser.add_subparsers(dest="task", required=True)
    task = tasks.add_parser("sheet")
    for name in ("run", "blind", "kept"):
        task.add_argument(name, type=Path)
    task = tasks.add_parser("score")
    task.add_argument("kept", type=Path)
    task.add_argument("answers", type=Path, nargs="+")
    task = tasks.add_parser("fit")
    task.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    task.add_argument("--write", action="store_true")
    given = parser.parse_args()
    if given.task == "sheet":
        sheet(given.run, given.blind, given.kept)
    elif given.task == "score":
        score(given.kept, given.answers)
    else:
        fit(given.shared, given.write)


if __name__ == "__main__":
    main()
