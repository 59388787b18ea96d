"""Coding without labels: fits the weights that ship, and scores them on codebooks left out of the fit.

    python experiments/benchmarks/coding.py --shared ../shared [--encoder minilm] [--steps] [--write]

Development sets (coding_sets.py): paragraphs of the shipped study and news paragraphs written for the purpose, on
technology, climate and industrial policy; paragraphs of speeches with policy topics; news coded by five frames; posts
by how they argue; news and newsgroup posts with the label of their collection; unrelated texts that deserve no code.
Speeches at random, frames and posts were coded twice apart by language models; the other sets once, by one coder. All
that is fitted (weights of the measures, the regression of shares) is fitted without the family of the codebook that it
is scored on. `--steps` leaves out one step after another. `--write` replaces toolkit/coding/weights.json and
share_error.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from coding_sets import ROOT, UNRELATED, Set, agreement, sets

from toolkit.coding import deciding, scoring
from toolkit.coding.code_terms import sharing, wanted
from toolkit.coding.evidence import gather
from toolkit.coding.learning import macro_f1
from toolkit.coding.sentences import passages
from toolkit.coding.stance import asks_for_stance
from toolkit.estimate.coding_error import SHARE_OFFSET

KINDS = ("both", "wording")
PHRASES = 2.0
"""Few development paragraphs hold a code's phrases word for word; their fitted weight is doubled."""
REFUSED = -25.0
"""Development paragraphs stand near no counter-example, so its weight is set: six log-odds for a quarter of cosine."""
AGAINST = -0.1
"""The weight of rules of exclusion is fitted, and never weaker than this."""
RIDGE = 0.05
SHARES_RIDGE = 3.0
FEW = 200
"""Decisions up to which each counts in full in the fit: beyond, its weight falls with the square root."""
BROAD = 0.10
"""The true share above which a code is broad."""


@dataclass(frozen=True)
class Result:
    """What was given to one set by weights fitted without its family: scores and decisions (n, c)."""

    one: Set
    odds: Any
    given: Any


def measured(every: Sequence[Set], encode: Any) -> None:
    """Evidence of every set, with and without the model."""
    for one in every:
        table = pa.table({"text": one.texts, "start": pa.array([0] * len(one.texts), pa.int64())})
        looked = [wanted(code) for code in one.book.themes]
        one.vectors, cut = encode(one.texts), passages(table)
        for kind in KINDS:
            model = encode if kind == "both" else None
            one.evidence[kind] = gather(looked, sharing(one.book, looked), cut, one.vectors, model)


def regression(
    every: Sequence[Set], measures: Sequence[dict[str, Any]], kind: str, less: Sequence[str]
) -> dict[str, float]:
    """Weights of the measures: logistic regression over paragraphs within the field."""
    from sklearn.linear_model import LogisticRegression

    names = [
        name
        for name in measures[0]
        if name != "refused"
        and not (kind == "wording" and "meaning" in name and "like" not in name)
        and not any(name.startswith(part) for part in less)
    ]
    rows, target, each = [], [], []
    for one, item in zip(every, measures, strict=True):
        within = scoring.inside(one.evidence[kind], one.bounded)
        if within.any():
            marks = one.gold[within]
            rows.append(np.column_stack([item[name][within].ravel() for name in names]))
            target.append(marks.ravel())
            each.append(np.full(marks.size, one.weight / max(marks.size, FEW) ** 0.5))
    design, weight = np.vstack(rows), np.concatenate(each)
    mean, sd = design.mean(axis=0), design.std(axis=0) + 1e-9
    model = LogisticRegression(C=RIDGE, max_iter=5000)
    model.fit((design - mean) / sd, np.concatenate(target), sample_weight=weight / weight.mean())
    slope = model.coef_[0] / sd
    by_name = dict(zip(names, map(float, slope), strict=True))
    wrong = [name for name in by_name if name.startswith("like") and name.endswith("above_mean") and by_name[name] < 0]
    if wrong:  # likeness to a code's surest paragraphs never counts against it
        return regression(every, measures, kind, (*less, *wrong))
    by_name["intercept"] = float(model.intercept_[0] - (slope * mean).sum())
    if "phrases" in by_name:
        by_name["phrases"] *= PHRASES
    if "against" in by_name:
        by_name["against"] = min(by_name["against"], AGAINST)
    return {name: round(value, 4) for name, value in by_name.items()} | {"refused": REFUSED}


def share_regression(every: Sequence[Set], odds: Sequence[Any], kind: str) -> dict[str, float]:
    """Weights of the measures of shares: ridge regression of the log-odds of a code's share within the field."""
    from sklearn.linear_model import Ridge

    rows, target, each = [], [], []
    for one, item in zip(every, odds, strict=True):
        within = scoring.inside(one.evidence[kind], one.bounded)
        if within.any():
            by_name = deciding.share_measures(item, one.evidence[kind], within)
            share = (one.gold[within].sum(axis=0) + 0.5) / (within.sum() + 1)
            rows.append(np.column_stack(list(by_name.values())))
            target.append(np.log(share / (1 - share)))
            each.append(np.full(len(share), one.weight * min(1.0, within.sum() / 30) / len(share) ** 0.5))
    design, weight = np.vstack(rows), np.concatenate(each)
    mean, sd = design.mean(axis=0), design.std(axis=0) + 1e-9
    model = Ridge(alpha=SHARES_RIDGE).fit(
        (design - mean) / sd, np.concatenate(target), sample_weight=weight / weight.mean()
    )
    slope = model.coef_ / sd
    by_name = dict(zip(list(by_name), map(float, slope), strict=True))
    by_name["intercept"] = float(model.intercept_ - (slope * mean).sum())
    return {name: round(value, 4) for name, value in by_name.items()}


def fitted(every: Sequence[Set], kind: str, less: Sequence[str] = ()) -> dict[str, dict[str, float]]:
    """Weights of both steps and of the shares, fitted to the sets; measures whose names begin with `less` left out."""
    firsts = [scoring.first_measures(one.evidence[kind]) for one in every]
    first = regression(every, firsts, kind, less)
    seconds = []
    for one, item in zip(every, firsts, strict=True):
        sure = scoring.surest(one.evidence[kind], scoring.weigh(item, first), one.bounded)
        seconds.append(scoring.second_measures(one.evidence[kind], one.vectors, sure))
    second = regression(every, seconds, kind, less)
    return {
        "first": first,
        "second": second,
        "share": share_regression(every, [scoring.weigh(item, second) for item in seconds], kind),
    }


def coded(one: Set, kind: str, by: dict[str, dict[str, float]]) -> Result:
    """Scores and decisions of a set as the package makes them, by other weights."""
    evidence = one.evidence[kind]
    within = scoring.inside(evidence, one.bounded)
    odds = scoring.score(evidence, one.vectors, one.bounded, by).odds
    decided, _ = deciding.decisions(odds, evidence, within, "field", by["share"])
    return Result(one, decided, (decided >= 0) & within[:, None])


def left_out(
    every: Sequence[Set], kind: str, less: Sequence[str] = (), use: Callable[..., Result] = coded
) -> list[Result]:
    """Each set coded by weights that were fitted without its family."""
    results = []
    for family in dict.fromkeys(one.family for one in every):
        by = fitted([one for one in every if one.family != family], kind, less)
        results += [use(one, kind, by) for one in every if one.family == family]
    return results


def average_precision(odds: Any, marks: Any) -> Any:
    """(c,) average precision of each code; NaN where the marks never hold it."""
    values = np.full(marks.shape[1], np.nan)
    for code in np.flatnonzero(marks.any(axis=0)):
        hits = marks[np.argsort(-odds[:, code], kind="stable"), code]
        values[code] = (np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean()
    return values


def right_number(odds: Any, marks: Any) -> float:
    """Macro-F1 if each code got as many paragraphs as it has."""
    place = np.argsort(np.argsort(-odds, axis=0, kind="stable"), axis=0, kind="stable")
    return float(macro_f1(place < marks.sum(axis=0), marks))


def best_code(odds: Any, marks: Any) -> float:
    """Share of coded paragraphs whose best code is right."""
    some = marks.any(axis=1)
    return float(marks[some][np.arange(some.sum()), odds[some].argmax(axis=1)].mean())


def f1_of(given: Any, marks: Any) -> Any:
    hits = (given & marks).sum(axis=0)
    return 2 * hits / np.maximum(given.sum(axis=0) + marks.sum(axis=0), 1)


def table(result: Sequence[Result]) -> None:
    """A line a set."""
    heads = (
        "set (all that is fitted left its family out)",
        "n",
        "codes",
        "macro-F1",
        "mAP",
        "right number",
        "top right",
    )
    print("{:46} {:>4} {:>5} {:>8} {:>6} {:>12} {:>9}".format(*heads))
    for item in result:
        one = item.one
        if one.shown:
            values = (
                macro_f1(item.given, one.gold),
                np.nanmean(average_precision(item.odds, one.gold)),
                right_number(item.odds, one.gold),
                best_code(item.odds, one.gold),
            )
            print(
                f"{one.name:46} {len(one.texts):4} {len(one.book.ids):5} {values[0]:8.3f} {values[1]:6.3f} "
                f"{values[2]:12.3f} {values[3]:9.3f}"
            )


def summary(result: Sequence[Result]) -> str:
    """Means over the sets, and the share of unrelated texts that got any code."""
    shown = [item for item in result if item.one.shown]
    f1 = np.mean([macro_f1(item.given, item.one.gold) for item in shown])
    precision = np.mean([np.nanmean(average_precision(item.odds, item.one.gold)) for item in shown])
    stray = {
        kind: np.mean(
            [
                item.given[-UNRELATED:].any(axis=1).mean()
                for item in result
                if item.one.is_probe and item.one.name.startswith("only") == (kind == "alone")
            ]
        )
        for kind in ("alone", "mixed in")
    }
    return f"macro-F1 {f1:.3f}, mAP {precision:.3f}; unrelated coded: " + ", ".join(
        f"{k} {v:.3f}" for k, v in stray.items()
    )


def share_error(result: Sequence[Result]) -> dict[str, Any]:
    """How far given shares are from true ones, over the codes of the development sets."""
    shown = [item for item in result if item.one.shown]
    true = np.concatenate([item.one.gold.mean(axis=0) for item in shown])
    given = np.concatenate([item.given.mean(axis=0) for item in shown])
    count = {
        family: sum(len(item.one.book.ids) for item in shown if item.one.family == family)
        for family in {item.one.family for item in shown}
    }
    each = np.concatenate([np.full(len(item.one.book.ids), 1 / count[item.one.family]) for item in shown])
    ratio = _log_odds(true) - _log_odds(given)
    order = np.argsort(ratio)
    level = (np.cumsum(each[order]) - each[order] / 2) / each.sum()
    low, high = np.interp([0.025, 0.975], level, ratio[order])
    broad = true > BROAD
    factor = np.exp(np.abs(np.log((given[broad] + 1e-3) / true[broad])))
    values = {
        "mean_absolute_error": np.abs(true - given).mean(),
        "slope": np.polyfit(true, given, 1)[0],
        "within_1_5_of_broad": (factor <= 1.5).mean(),
        "log_odds_sd": np.sqrt(np.average(ratio**2, weights=each)),
        "log_odds_low": low,
        "log_odds_high": high,
    }
    counts = {"codes": len(true), "broad": int(broad.sum()), "codebooks": len(count), "broad_above": BROAD}
    return (
        counts
        | {name: round(float(value), 4) for name, value in values.items()}
        | {"measured_on": "development codebooks left out of the fit"}
    )


def _log_odds(share: Any) -> Any:
    return np.log((share + SHARE_OFFSET) / (1 - share + SHARE_OFFSET))


def of_stance(result: Sequence[Result]) -> str:
    """F1 and average precision of codes that ask for a stance, and of the others."""
    f1: dict[bool, list[float]] = {True: [], False: []}
    precision: dict[bool, list[float]] = {True: [], False: []}
    for item in (item for item in result if item.one.shown):
        asks = asks_for_stance([wanted(code) for code in item.one.book.themes]) >= 0.5
        each, ranked = f1_of(item.given, item.one.gold), average_precision(item.odds, item.one.gold)
        for code in np.flatnonzero(item.one.gold.any(axis=0)):
            f1[bool(asks[code])].append(each[code])
            precision[bool(asks[code])].append(ranked[code])
    return "; ".join(
        f"{name}: {len(f1[key])} codes, F1 {np.mean(f1[key]):.3f}, AP {np.mean(precision[key]):.3f}"
        for key, name in ((True, "codes of stance"), (False, "others"))
    )


def added_codes(every: Sequence[Set], encode: Any, by: dict[str, dict[str, float]]) -> str:
    """How many of a code's paragraphs change when ten codes of another field join its codebook."""
    from toolkit.codebook import Codebook

    sets_by = {one.name: one for one in every}
    other = sets_by["climate"].book.themes
    lines = []
    for name in ("study", "bilingual", "industry"):
        one = sets_by[name]
        wide = Set(
            name,
            one.family,
            Codebook((*one.book.themes, *other)),
            one.texts,
            np.hstack([one.gold, np.zeros((len(one.texts), len(other)), bool)]),
        )
        measured([wide], encode)
        before, after = coded(one, "both", by).given, coded(wide, "both", by).given[:, : one.gold.shape[1]]
        lines.append(f"{name} {(before != after).sum()} of {before.sum()} ({after.sum()} after)")
    return "ten codes on climate added: " + ", ".join(lines)


def joined(given: str) -> Any:
    """The encoder: MiniLM alone, or with the multilingual Universal Sentence Encoder beside it."""
    from toolkit.embed import MiniLM, encode_texts
    from toolkit.embed.joined import Joined

    settings = MiniLM() if given == "minilm" else Joined()
    encoder = settings.fit([])
    known: dict[str, Any] = {}

    def encode(texts: Sequence[str]) -> Any:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, encode_texts(settings, encoder, new), strict=True))
        return np.array([known[text] for text in texts])

    return encode


def steps(every: Sequence[Set]) -> None:
    """What each step is worth, by leaving it out."""

    def without_second(one: Set, kind: str, by: dict[str, dict[str, float]]) -> Result:
        return coded(one, kind, by | {"second": by["first"]})

    def fixed(one: Set, kind: str, by: dict[str, dict[str, float]]) -> Result:
        expected = coded(one, kind, by)
        odds = deciding.best_favoured(scoring.score(one.evidence[kind], one.vectors, one.bounded, by).odds)
        within = scoring.inside(one.evidence[kind], one.bounded)
        return Result(one, expected.odds, (odds >= -0.5) & within[:, None])

    for name, less, use in (
        ("all", (), coded),
        ("without meaning", ("meaning", "asked_meaning", "stance_meaning", "like_meaning"), coded),
        ("without words", ("words", "phrases", "like_words"), coded),
        ("without phrases", ("phrases",), coded),
        ("without levels", ("meaning_above", "words_above"), coded),
        ("without below best", ("meaning_below", "words_below"), coded),
        ("without exclusions", ("against",), coded),
        ("without stance", ("stance", "asked"), coded),
        ("without the second step", (), without_second),
        ("one threshold for all", (), fixed),
    ):
        print(f"{name:26} {summary(left_out(every, 'both', less, use))}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--encoder", choices=("minilm", "both"), default="both")
    parser.add_argument("--steps", action="store_true", help="leave out one step after another")
    parser.add_argument("--write", action="store_true", help="replace the weights that ship with the package")
    given = parser.parse_args()
    encode = joined(given.encoder)
    every = sets(given.shared)
    measured(every, encode)
    for name in ("speeches_random", "frames", "posts"):
        one = next(one for one in every if one.name == name)
        print(f"{name}: two codings agree with macro-F1 {agreement(name, one.book):.3f}")
    for kind in KINDS:
        result = left_out(every, kind)
        print(f"\n{kind}: {summary(result)}")
        table(result)
        print(json.dumps(share_error(result)))
        print(of_stance(result))
        if given.write and kind == "both":
            (ROOT / "toolkit/coding/share_error.json").write_text(
                json.dumps(share_error(result), indent=1) + "\n", encoding="utf-8"
            )
    if given.steps:
        steps(every)
    whole = {kind: fitted(every, kind) for kind in KINDS}
    print(added_codes(every, encode, whole["both"]))
    if given.write:
        text = json.dumps(whole, indent=1) + "\n"
        (ROOT / "toolkit/coding/weights.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
