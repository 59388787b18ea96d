"""Every n is the denominator of its number: each triple of a real run (value, hits, n) recomputed from its tables."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kit.studies import TOPICS, paragraph, write_study
from sklearn.metrics import brier_score_loss, cohen_kappa_score

import toolkit
from toolkit.coding.learning import folds
from toolkit.runs import Run
from toolkit.runtime.progress import Progress

CODES = {"harbour": "ports", "schools": "learning"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The small study with a copy, broader themes, and the codes of two coders who differ now and then."""
    folder = tmp_path_factory.mktemp("denominators")
    book = {"path": "codebook.yaml", "codes": "codes.csv"}
    config = write_study(folder / "study", codebook=book, seed=5, report={"full": True})
    with (folder / "study" / "codes.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["text", "code", "coder"])
        for at, (number, place) in enumerate(product(range(9), range(4))):
            topic = list(TOPICS)[(number + place // 2) % 4]
            for coder in ("ann", "bob"):
                code = "" if coder == "bob" and at % 7 == 0 else CODES.get(topic, "")
                table.writerow([paragraph(topic, number * 4 + place), code, coder])
    return toolkit.run(config, out=folder / "run", progress=Progress(quiet=True))


def rows(run: Run, name: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = run.table(name).to_pylist()
    return made


def coded(run: Run) -> dict[str, dict[str, set[str]]]:
    """paragraph -> coder -> codes, by the table `human`."""
    by_coder: dict[str, dict[str, set[str]]] = {}
    for row in rows(run, "human"):
        by_coder.setdefault(row["paragraph_id"], {}).setdefault(row["coder"], set()).update({row["code"]} - {None})
    return by_coder


def reference(run: Run) -> dict[str, set[str]]:
    """paragraph -> the codes that at least half of its coders gave."""
    return {
        name: {
            code
            for code in set().union(*codes.values())
            if 2 * sum(code in one for one in codes.values()) >= len(codes)
        }
        for name, codes in coded(run).items()
    }


def test_every_metric_has_a_denominator_that_says_what_it_counts_and_ratios_are_hits_by_n(run: Run) -> None:
    ratios = 0
    for key, metric in run.metrics.items():
        if metric["value"] is None:
            assert metric["reason"], key
            continue
        assert metric["n"] is not None and metric["of"], key
        assert metric["low"] is not None or metric.get("reason"), key
        if "hits" in metric:
            ratios += 1
            assert metric["value"] == pytest.approx(metric["hits"] / metric["n"]), key
    assert ratios > 20


def test_shares_count_what_their_unit_says_copies_in_published_alone(run: Run) -> None:
    documents = {row["document_id"]: row for row in rows(run, "documents")}
    paragraphs = rows(run, "paragraphs")
    given = {(row["paragraph_id"], row["code"]) for row in rows(run, "codes") if row["assigned"]}
    mains = set()

    def inside(row: dict[str, Any]) -> Callable[[str], bool]:
        if row["group_by"] is None:
            return lambda name: True
        if row["group_by"] == "source":
            return lambda name: documents[name]["source"] == row["group"]
        return lambda name: (documents[name]["date"] or "").startswith(row["group"])  # months

    def has(row: dict[str, Any], one: dict[str, Any]) -> bool:
        return (str(one["theme"]) if row["kind"] == "theme" else None) == row["id"] or (
            one["paragraph_id"],
            row["id"],
        ) in given

    for row in rows(run, "prevalence"):
        if row["id"].isdigit() and int(row["id"]) >= 1000:
            continue
        here = inside(row)
        published = row["counting"] == "published"
        pool = [one for one in paragraphs if here(one["document_id"])]
        if row["unit"] == "paragraph":
            counted = [one for one in pool if published or one["duplicate_of"] is None]
            expected = sum(has(row, one) for one in counted), len(counted)
        else:
            whole = {one["document_id"] for one in pool}
            whole = {name for name in whole if published or documents[name]["duplicate_of"] is None}
            main = {name for name in whole if str(documents[name]["theme"]) == row["id"]}
            any_ = {one["document_id"] for one in pool if has(row, one)} & whole
            mains.add((row["unit"], len(main) - len(any_)))
            expected = len(main if row["unit"] == "document_main" else any_), len(whole)
        assert (row["hits"], row["n"]) == expected, row
        assert row["estimate"] == (pytest.approx(expected[0] / expected[1]) if expected[1] else None)
    assert any(gap for unit, gap in mains if unit == "document_main"), "both meanings differ in this run"


def test_themes_count_unique_documents_with_one_paragraph_and_by_main_theme_under_names_of_their_own(run: Run) -> None:
    documents = {row["document_id"]: row for row in rows(run, "documents")}
    paragraphs, themes = rows(run, "paragraphs"), {row["theme"]: row for row in rows(run, "themes")}

    def within(theme: int | None, other: int) -> bool:
        return theme == other or (theme is not None and within(themes[theme]["parent"], other))

    for theme, row in themes.items():
        of_theme = [one for one in paragraphs if within(one["theme"], theme)]
        homes = {one["document_id"] for one in of_theme}
        originals = {name for name in homes if documents[name]["duplicate_of"] is None}
        assert row["paragraphs"] == sum(one["duplicate_of"] is None for one in of_theme) and row["published"] == len(
            of_theme
        )
        assert (row["documents"], row["documents_published"]) == (len(originals), len(homes))
        main = {name for name, one in documents.items() if one["duplicate_of"] is None and within(one["theme"], theme)}
        assert row["documents_main"] == len(main)
    assert any(row["documents"] < row["documents_published"] for row in themes.values())
    shares = [one for one in rows(run, "prevalence") if one["group_by"] is None and one["counting"] == "unique"]
    for unit, column in (("document", "documents"), ("document_main", "documents_main")):
        of_theme = {one["id"]: one["hits"] for one in shares if one["kind"] == "theme" and one["unit"] == unit}
        assert of_theme and all(themes[int(name)][column] == hits for name, hits in of_theme.items())


def test_broader_themes_have_a_stability_of_their_own(run: Run) -> None:
    broad = [row for row in rows(run, "themes") if row["level"] > 0]
    assert broad
    for row in broad:
        assert 0 < row["stability_low"] <= row["stability"] <= row["stability_high"] <= 1
        assert row["fragile"] == (row["stability"] < run.metrics["discover.fragile_below"]["value"])
        assert run.metrics[f"stability.theme.{row['theme']}"]["n"] == 4


def test_scores_against_coders_are_out_of_the_codes_given_and_of_decisions(run: Run) -> None:
    book = ("ports", "learning", "fisheries")
    truth, by_coder = reference(run), coded(run)
    scored = {(row["code"], row["measure"]): row for row in rows(run, "scored")}
    for code in (None, *book):
        kinds = book if code is None else (code,)
        given = sum(one in codes for codes in truth.values() for one in kinds)
        recall, precision, f1 = (scored[code, name] for name in ("recall", "precision", "f1"))
        assert recall["n"] == given
        assert f1["n"] == given + precision["n"] and f1["hits"] == 2 * recall["hits"] == 2 * precision["hits"]
        shared = [of_coder for of_coder in by_coder.values() if len(of_coder) == 2]
        assert scored[code, "kappa ann / bob"]["n"] == scored[code, "alpha"]["n"] == len(shared) * len(kinds)
        if code != "fisheries":
            pairs = [([one in of_coder[name] for of_coder in shared for one in kinds]) for name in ("ann", "bob")]
            assert scored[code, "kappa ann / bob"]["value"] == pytest.approx(cohen_kappa_score(*pairs))
    tenths = [row for (_, name), row in scored.items() if name.startswith("observed share")]
    assert sum(row["n"] for row in tenths) == len(truth) * len(book) == scored[None, "brier score"]["n"]
    assert sum(row["hits"] for row in tenths) == scored[None, "recall"]["n"]
    assert run.metrics["coding.brier score.baseline"]["value"] == scored[None, "brier score baseline"]["value"]


def test_corrected_shares_are_out_of_the_paragraphs_that_each_side_read(run: Run) -> None:
    truth = reference(run)
    unique = {row["paragraph_id"] for row in rows(run, "paragraphs") if row["duplicate_of"] is None}
    given = [(row["paragraph_id"], row["code"]) for row in rows(run, "codes") if row["assigned"]]
    for row in rows(run, "corrected"):
        hits = {
            "coders": sum(row["code"] in codes for codes in truth.values()),
            "machine": sum(name in unique and code == row["code"] for name, code in given),
            "both": None,
        }[row["by"]]
        n = len(unique) if row["by"] == "machine" else len(truth)
        assert (row["hits"], row["n"]) == (hits, n) and row["of"]
        if hits is not None:
            assert row["estimate"] == pytest.approx(hits / n)


def test_evaluate_gives_the_same_triples_and_brier_beside_always_saying_the_base_rates(
    run: Run, tmp_path: Path
) -> None:
    book = ("ports", "learning", "fisheries")
    truth = reference(run)
    with (tmp_path / "gold.csv").open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["paragraph_id", "code", "coder"])
        table.writerows([[name, ";".join(sorted(codes)), "gold"] for name, codes in truth.items()])
    result = toolkit.evaluate(run, tmp_path / "gold.csv", tmp_path / "out")
    table = {(row["paragraph_id"], row["code"]): row for row in rows(run, "codes")}
    machine = {name: {code for code in book if table[name, code]["assigned"]} for name in truth}
    for code in (None, *book):
        kinds = book if code is None else (code,)
        both = sum(one in truth[name] and one in machine[name] for name in truth for one in kinds)
        people, given = (
            sum(one in of_either[name] for name in truth for one in kinds) for of_either in (truth, machine)
        )
        end = f".{code}" if code else ""
        for key, hits, n in (
            ("precision", both, given), ("recall", both, people), ("f1", 2 * both, people + given)
        ):  # fmt: skip
            metric = result.scores[f"codes.{key}{end}"]
            assert (metric.hits, metric.n) == ((hits, n) if n else (None, None))
            assert metric.value == (pytest.approx(hits / n) if n else None)
    order = sorted(truth, key=[row["paragraph_id"] for row in rows(run, "paragraphs")].index)
    homes = {row["paragraph_id"]: row["document_id"] for row in rows(run, "paragraphs")}
    marks = np.array([[code in truth[name] for code in book] for name in order])
    probability = np.array([[table[name, code]["probability"] for code in book] for name in order])
    fold = folds([homes[name] for name in order], 0)
    rates = np.array([marks[fold != fold[at]].mean(axis=0) for at in range(len(order))])
    brier, always = (brier_score_loss(marks.ravel(), one.ravel()) for one in (probability, rates))
    assert result.scores["codes.brier score"].value == pytest.approx(brier)
    assert result.scores["codes.brier score.baseline"].value == pytest.approx(always)
    assert result.scores["codes.brier skill score"].value == pytest.approx(1 - brier / always)
    lines = "\n".join(result.lines())
    recall = result.scores["codes.recall"]
    assert f"{recall.hits} of {recall.n} codes given by coders" in lines
    assert f"{brier:.3f}" in lines and f"by chance {always:.3f}" in lines
    page = (tmp_path / "out" / "scores.csv").read_text(encoding="utf-8")
    assert page.startswith("measure,value,low,high,hits,n,of,reason\n")


def test_the_report_prints_the_counts_that_the_tables_hold(run: Run) -> None:
    words = (run.path / "report.md").read_text(encoding="utf-8")
    scored = {(row["code"], row["measure"]): row for row in rows(run, "scored")}
    for name in ("precision", "recall", "f1"):
        row = scored[None, name]
        assert f"{row['hits']} of {row['n']} {row['of']}" in words
    skill, base = scored[None, "brier skill score"], scored[None, "brier score baseline"]
    assert f"{skill['value']:.3f}" in words and f"{base['value']:.3f} (" in words
    documents = next(row for row in rows(run, "prevalence") if row["unit"] == "document" and not row["group_by"])
    largest = next(row for row in rows(run, "themes") if row["theme"] == 0)
    assert f"- Documents with at least one: {largest['documents']} of {documents['n']}" in words


def test_the_shares_in_a_theme_and_in_none_have_one_interval_that_of_the_table(run: Run) -> None:
    key = ("theme", "-1", None, "paragraph", "unique")
    names = ("kind", "id", "group_by", "unit", "counting")
    (row,) = [row for row in rows(run, "prevalence") if tuple(row[name] for name in names) == key]
    noise, within = run.metrics["discover.noise"], run.metrics["coverage"]
    assert (noise["value"], noise["low"], noise["high"]) == pytest.approx((row["estimate"], row["low"], row["high"]))
    assert (within["low"], within["high"]) == pytest.approx((1 - row["high"], 1 - row["low"]))
    assert within["low"] <= within["value"] <= within["high"] and within["hits"] + noise["hits"] == row["n"]


def test_keyword_lines_are_counted_out_of_those_that_the_run_keeps(run: Run) -> None:
    shown = [line for line in (run.path / "report.md").read_text("utf-8").split("\n") if "Keywords in context" in line]
    kept = len(rows(run, "kwic"))
    assert kept > 10 and len(shown) == 1 and shown[0].endswith(f" of {kept} lines)")
