"""Quality of the coding measured by codes of coders, and their agreement, each with an interval over documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pyarrow as pa

from toolkit.codebook import agreement
from toolkit.codebook.badges import F1_OVER_SPLITS, KAPPA_OVER_SPLITS
from toolkit.codebook.codebook import Codebook
from toolkit.codebook.human import HumanCodes, reference
from toolkit.coding.learning import CURVE_DRAWS, Learned
from toolkit.schemas import MACHINE
from toolkit.values import Bools, Floats, Ints, Metric, Row, Table, seed_for

SCORED = pa.schema(
    [
        ("code", pa.string()),  # null: over all codes
        ("measure", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("hits", pa.int64()),  # value = hits / n if it is a ratio of counts, else null
        ("n", pa.int64()),  # the denominator of the value
        ("of", pa.string()),  # what n counts
        ("reason", pa.string()),  # why value or interval is missing
        ("coders_kind", pa.string()),  # of the coders that it is measured against: person or machine
    ]
)
WORKS = ("bootstrap2007", "clopper1934", "kappa1960", "krippendorff2011", "landis1977")
"""Keys of the works behind scores against human codes (report.references)."""
FEWEST_DOCUMENTS = 5
"""Least number of documents for an interval by resampling."""
NO_INTERVAL = "no interval: undefined in most draws of documents, or the same in all of them"
BRIER = "brier score"
ALWAYS = "baseline: each code's share in the other folds' documents, said of every paragraph"
UNSHARED = "no shared paragraphs, or no variation"
NO_PROBABILITY = "the coding gives no probabilities: nothing was learned from coders"
Statistic = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Measure:
    """A statistic of sums (..., k), with its numerator, its denominator and the unit of the denominator.

    `rests` (..., sides) is above 0 if the sums of a document contribute to a side of the measure: the machine's, or
    that of a coder. `hits` is the numerator of a ratio of counts; None if the measure is no ratio.
    """

    statistic: Statistic
    undefined: str  # why it may have no value
    of: str
    base: Statistic
    rests: Statistic
    hits: Statistic | None = None


@dataclass(frozen=True)
class HeldOut:
    """Probabilities (m, c) of coded paragraphs by models fitted without them, and the fold (m,) of each."""

    probability: Floats
    fold: Ints


def quality(
    codebook: Codebook,
    paragraphs: Table,
    human: HumanCodes,
    plain: Bools,
    learned: Learned | None,
    draws: int,
    seed: int,
    held_out: HeldOut | None = None,
) -> Table:
    """The table `scored`: precision, recall and F1 against coders' codes, their agreement, and that with the machine.

    The coders are the people; machines among them are compared with people by the same measures under names with
    "(machine)", and are in no other row. If no person coded, the machines are the coders, and the names say so.

    `plain` (n, c) are the decisions without labels. If the coding was learned from the human codes, its rows are about
    held-out decisions, and further rows "... without labels" are about `plain`. `held_out` are the probabilities of the
    coded paragraphs, by default those of `learned`; without any the Brier score is undefined.
    """
    rows, marks = reference(human, codebook, paragraphs)
    ids = [paragraphs.column("paragraph_id")[int(row)].as_py() for row in rows]
    documents = [paragraphs.column("document_id")[int(row)].as_py() for row in rows]
    table = _Table(codebook.ids, documents, draws, seed)
    without = plain[rows]
    final = learned.held_out_assigned if learned is not None and learned.held_out_assigned is not None else without
    table.f1(final, marks, "")
    if learned is not None and learned.splits:
        table.over_splits((final, *learned.splits), marks)
    if final is not without:
        table.f1(without, marks, " without labels")
    coders = human.reference
    values, names = agreement.binary(coders.by_coder(), ids, codebook.ids), tuple(coders.names.values())
    table.among(values, names, "alpha" + " machines" * (human.kind == MACHINE))
    machine = agreement.kappa_sums(final.astype(float), marks.astype(float))
    table.add("kappa machine / coders", machine, _kappa("no variation"))
    both = np.stack([final, marks]).astype(float)
    table.add("alpha machine / coders", agreement.alpha_sums(both), _alpha("no variation"), _paired(both))
    for row, coder in enumerate(names if len(names) > 1 else ()):
        sums = agreement.kappa_sums(final.astype(float), values[row])
        table.add(f"kappa machine / {coder}", sums, _kappa("no variation"))
    _machines(table, human.machines, marks, dict(zip(names, values, strict=True)), ids)
    if held_out is None and learned is not None and learned.held_out is not None and learned.fold is not None:
        held_out = HeldOut(learned.held_out, learned.fold)
    table.reliability(held_out, marks)
    for labels, mean, low, high in learned.curve if learned is not None else ():
        name = f"macro f1 with {labels} labels"
        reason = "mean and range of random draws"
        table.row(None, name, Metric(mean, low, high, n=CURVE_DRAWS, of="random draws", reason=reason))
    rows_of: list[Row] = [{"coders_kind": human.kind} | row for row in table.rows]
    if human.kind == MACHINE:
        rows_of = [row | {name: _by_machines(row[name]) for name in ("of", "reason")} for row in rows_of]
    return pa.Table.from_pylist(rows_of, schema=SCORED)


def _machines(table: _Table, machines: HumanCodes, marks: Bools, people: Mapping[str, Floats], ids: list[str]) -> None:
    """Rows of machines that coded beside people: against the people's reference codes, each person and one another.

    `people` maps each person to (m, c) codes given, NaN where not coded.
    """
    if not machines.marks.num_rows:
        return
    values, names = agreement.binary(machines.by_coder(), ids, table.codes), tuple(machines.names.values())
    for name, codes in zip(names, values, strict=True):
        table.against_people(name, codes, marks, people)
    before = len(table.rows)
    if len(names) > 1:
        table.among(values, names, "alpha machines")
    for row in table.rows[before:]:
        row["coders_kind"] = MACHINE


def key_of(row: Row) -> str:
    """The dotted key of a row of SCORED: `f1`, `f1.CODE`, `brier score.baseline`."""
    measure = str(row["measure"]).replace(" baseline", ".baseline")
    return measure + (f".{row['code']}" if row["code"] else "")


def metric_of(row: Row) -> Metric:
    """A row of SCORED as a metric."""
    if row["value"] is None:
        return Metric(None, reason=row["reason"] or "undefined")
    measure = str(row["measure"])
    direction = None if "baseline" in measure else "lower" if measure == BRIER else "higher"
    ends = row["low"], row["high"]
    return Metric(row["value"], *ends, direction, row["n"], row["reason"], row["of"], row["hits"])


def _of_machine(measure: Measure, name: str) -> Measure:
    """The measure of this run's coding, with the name of a machine that coded beside people."""
    words = (text.replace("the machine", name).replace("coders", "people") for text in (measure.of, measure.undefined))
    return replace(measure, of=next(words), undefined=next(words).replace("assigned", f"given by {name}"))


def _by_machines(text: str | None) -> str | None:
    """The words about a score if only machines coded: this run's codes, and those of machine coders."""
    if text is None:
        return None
    named = text.replace("by machine or coders", "by this run or machine coders").replace("the machine", "this run")
    return re.sub(r"(?<!machine )coders", "machine coders", named)


def _kappa(undefined: str) -> Measure:
    return Measure(
        agreement.kappa, undefined, "decisions of both", _all, lambda sums: _sides(sums[..., [0, 1]], sums[..., [0, 2]])
    )


def _alpha(undefined: str) -> Measure:
    return Measure(agreement.alpha, undefined, "decisions of two or more", _all, lambda sums: sums[..., [2]])


def _paired(values: Floats) -> Floats:
    """(paragraphs, codes) 1 for a decision that two or more coders made, the units of alpha."""
    return np.asarray((~np.isnan(values)).sum(axis=0) >= 2, float)


class _Table:
    """The rows of `scored`; documents are resampled with the same draws for every measure."""

    def __init__(self, codes: tuple[str, ...], documents: list[str], draws: int, seed: int) -> None:
        self.codes, self.documents, self.rows = codes, documents, list[Row]()
        count = len(set(documents))
        rng = np.random.default_rng(seed_for(seed, "quality"))
        picks = rng.integers(0, max(count, 1), size=(draws, max(count, 1)))
        self.weights = np.array([np.bincount(pick, minlength=max(count, 1)) for pick in picks], dtype=float)

    def row(self, code: str | None, measure: str, score: Metric) -> None:
        """Add a row; a value that is not finite is null, and so are its limits."""
        known = score.value is not None and np.isfinite(score.value)
        numbers = [
            float(number) if known and number is not None and np.isfinite(number) else None
            for number in (score.value, score.low, score.high)
        ]
        row = (code, measure, *numbers, score.hits, score.n, score.of, score.reason)
        self.rows.append(dict(zip(SCORED.names, row, strict=False)))

    def interval(self, drawn: Floats, documents: int) -> tuple[float | None, float | None, str | None]:
        """The middle 95 % of the draws; or the reason why there is none, if the measure's `documents` are few."""
        if documents < FEWEST_DOCUMENTS:
            few = f"{documents} document{'' if documents == 1 else 's'}"
            return None, None, f"no interval: it rests on {few}, and resampling needs {FEWEST_DOCUMENTS}"
        defined = drawn[np.isfinite(drawn)]
        if len(defined) < 0.5 * len(drawn) or np.ptp(defined) == 0:
            return None, None, NO_INTERVAL
        low, high = np.quantile(defined, [0.025, 0.975])
        return float(low), float(high), None

    def add(self, name: str, sums: Floats, measure: Measure, units: Floats | None = None) -> None:
        """Add one row for each code and one over all units pooled; sums (paragraphs, codes, k).

        `units` (paragraphs, codes) are the units of the denominator, if the sums do not contain them.
        """
        base = measure.base(sums) if units is None else units
        per_document = agreement.by_document(sums, self.documents)
        resting = measure.rests(per_document)
        drawn = np.tensordot(self.weights, per_document, axes=1)
        whole = per_document.sum(axis=0)
        columns = [
            (code, whole[at], drawn[:, at], base[:, at].sum(), resting[:, at]) for at, code in enumerate(self.codes)
        ]
        pooled = (None, whole.sum(axis=0), drawn.sum(axis=1), base.sum(), resting.sum(axis=1))
        for code, total, draws, n, documents in (pooled, *columns):
            value = float(measure.statistic(total))
            fewest = int((documents > 0).sum(axis=0).min())
            low, high, why = self.interval(np.asarray(measure.statistic(draws)), fewest)
            reason = why if np.isfinite(value) else measure.undefined
            hits = round(float(measure.hits(total))) if measure.hits is not None else None
            self.row(code, name, Metric(value, low, high, None, round(float(n)), reason, measure.of, hits))

    def among(self, values: Floats, names: Sequence[str], alpha: str) -> None:
        """Add alpha of all coders under the name `alpha`, and kappa of each pair; values (coders, m, c)."""
        self.add(alpha, agreement.alpha_sums(values), _alpha("fewer than two coders, or no variation"), _paired(values))
        for first, second in combinations(range(len(names)), 2):
            sums = agreement.kappa_sums(values[first], values[second])
            self.add(f"kappa {names[first]} / {names[second]}", sums, _kappa(UNSHARED))

    def against_people(self, name: str, codes: Floats, marks: Bools, people: Mapping[str, Floats]) -> None:
        """Add the scores of a machine's codes (m, c), NaN if not coded, against the people together and each person.

        Measures are those of this run's coding, named `f1 NAME / people` and so on.
        """
        coded = np.asarray(~np.isnan(codes).any(axis=1))
        self.f1(np.nan_to_num(codes) > 0, marks, f" {name} / people", coded, name)
        both = np.where(coded[:, None], np.stack([codes, marks.astype(float)]), np.nan)
        self.add(f"kappa {name} / people", agreement.kappa_sums(*both), _kappa(UNSHARED))
        self.add(f"alpha {name} / people", agreement.alpha_sums(both), _alpha(UNSHARED), _paired(both))
        for person, person_codes in people.items() if len(people) > 1 else ():
            self.add(f"kappa {name} / {person}", agreement.kappa_sums(codes, person_codes), _kappa(UNSHARED))

    def f1(
        self, assigned: Bools, marks: Bools, suffix: str, coded: Bools | None = None, by: str = "the machine"
    ) -> None:
        """Add precision, recall and F1 of each code; macro-F1 over codes that coders used, and pooled (micro) F1.

        `coded` (m,) limits it to some of the paragraphs; `by` is who gave the codes `assigned`.
        """
        sums = agreement.f1_sums(assigned, marks)
        sums = sums if coded is None else sums * coded[:, None, None]
        for name, columns, measure in RATIOS:
            self.add(f"{name}{suffix}", sums[..., columns], measure if coded is None else _of_machine(measure, by))
        per_document = agreement.by_document(sums, self.documents)
        used_ones = per_document.sum(axis=0)[:, [0, 2]].sum(axis=1) > 0
        value = _f1(per_document.sum(axis=0)[used_ones]).mean() if used_ones.any() else np.nan
        drawn = np.tensordot(self.weights, per_document, axes=1)[:, used_ones]
        used = drawn[..., [0, 2]].sum(axis=-1) > 0
        with np.errstate(invalid="ignore"):
            means = np.where(used, np.nan_to_num(_f1(drawn)), 0.0).sum(axis=1) / used.sum(axis=1)
        chosen = (
            self.documents
            if coded is None
            else [document for document, keep in zip(self.documents, coded, strict=True) if keep]
        )
        low, high, why = self.interval(means, len(set(chosen)))
        reason = why if used_ones.any() else "no coded paragraph has any code"
        score = Metric(float(value), low, high, None, int(used_ones.sum()), reason, "codes that coders gave")
        self.row(None, f"macro f1{suffix}", score)

    def over_splits(self, decisions: Sequence[Bools], marks: Bools) -> None:
        """Add F1 and kappa of each code with the counts of all divisions into folds pooled."""
        f1 = np.mean([agreement.f1_sums(decided, marks) for decided in decisions], axis=0)
        self.add(F1_OVER_SPLITS, f1, replace(OVER_SPLITS, of=f"{OVER_SPLITS.of}, mean of {len(decisions)} divisions"))
        kappa = [agreement.kappa_sums(decided.astype(float), marks.astype(float)) for decided in decisions]
        self.add(KAPPA_OVER_SPLITS, np.mean(kappa, axis=0), _kappa("no variation"))

    def reliability(self, held_out: HeldOut | None, marks: Bools) -> None:
        """Add the observed share of codes in tenths of held-out probability, and the Brier score."""
        if held_out is None:
            for name in (BRIER, f"{BRIER} baseline", "brier skill score"):
                self.row(None, name, Metric(None, n=0, of="decisions", reason=NO_PROBABILITY))
            return
        probability = held_out.probability
        for tenth in range(10):
            chosen = (probability >= tenth / 10) & (probability < (tenth + 1) / 10 + (tenth == 9))
            sums = np.stack([chosen & marks, chosen & ~marks], axis=-1).astype(float).sum(axis=1)
            per_document = agreement.by_document(sums, self.documents)
            name = f"observed share at probability {tenth / 10:.1f}-{(tenth + 1) / 10:.1f}"
            value, hits = float(_share(per_document.sum(axis=0))), int((chosen & marks).sum())
            low, high, why = self.interval(_share(self.weights @ per_document), int(per_document.any(axis=1).sum()))
            reason = why if np.isfinite(value) else "no probability in this tenth"
            self.row(None, name, Metric(value, low, high, None, int(chosen.sum()), reason, "decisions", hits))
        self._brier(probability, base_rates(marks, held_out.fold), marks)

    def _brier(self, probability: Floats, always: Floats, marks: Bools) -> None:
        """Add the mean squared distance of both (m, c) from the marks, and the skill (Brier 1950; Murphy 1973).

        The skill is 1 - one / other. Intervals resample documents; for the skill, the ratio is resampled.
        """
        squares = [((forecast - marks) ** 2).sum(axis=1) for forecast in (probability, always)]
        sums = np.stack([*squares, np.full(len(marks), marks.shape[1])], axis=-1)
        per_document = agreement.by_document(sums, self.documents)
        drawn, whole = self.weights @ per_document, per_document.sum(axis=0)
        score, base, skill = (lambda t: t[..., 0] / t[..., 2], lambda t: t[..., 1] / t[..., 2], _skill)
        for name, statistic in ((BRIER, score), (f"{BRIER} baseline", base), ("brier skill score", skill)):
            low, high, why = self.interval(np.asarray(statistic(drawn)), len(per_document))
            value = float(statistic(whole))
            if not np.isfinite(value):
                why = "coders gave no code to any coded paragraph, or all codes to all: nothing to be better at"
            reason = "; ".join(part for part in (ALWAYS if statistic is base else "", why) if part) or None
            self.row(None, name, Metric(value, low, high, None, marks.size, reason, "decisions"))


def base_rates(marks: Bools, fold: Ints) -> Floats:
    """(m, c) each code's share of the coded paragraphs (m,) in the other folds, or of all if there is one fold."""
    rates = np.empty(marks.shape)
    for number in np.unique(fold):
        others = marks[fold != number] if (fold != number).any() else marks
        rates[fold == number] = others.mean(axis=0)
    return rates


def _skill(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(sums[..., 1] > 0, 1 - sums[..., 0] / sums[..., 1], np.nan)


def _share(sums: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Floats = sums[..., 0] / sums.sum(axis=-1)
    return share


def _f1(sums: Floats) -> Floats:
    hits, alarms, misses = np.moveaxis(sums, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * hits / (2 * hits + alarms + misses))


def _all(sums: Floats) -> Floats:
    return np.asarray(sums.sum(axis=-1))


def _sides(*sums: Floats) -> Floats:
    """(..., sides) number of codes that each side gave, from its sums (..., k)."""
    return np.stack([side.sum(axis=-1) for side in sums], axis=-1)


def _first(sums: Floats) -> Floats:
    return np.asarray(sums[..., 0])


RATIOS: tuple[tuple[str, list[int], Measure], ...] = (
    ("precision", [0, 1],
     Measure(_share, "never assigned", "codes given by the machine", _all, _sides, _first)),
    ("recall", [0, 2],
     Measure(_share, "no coded paragraph has it", "codes given by coders", _all, _sides, _first)),
    ("f1", [0, 1, 2],
     Measure(_f1, "given neither by the machine nor by the coders", "codes given by the machine and by coders",
             lambda sums: _first(sums) + _all(sums), lambda sums: _sides(sums[..., [0, 1]], sums[..., [0, 2]]),
             lambda sums: 2 * _first(sums))),
)  # fmt: skip
"""Measures of hits, false alarms and misses, by their places in those sums."""
OVER_SPLITS = Measure(
    _f1, "given neither by the machine nor by the coders", "coded paragraphs with the code by machine or coders", _all,
    lambda sums: _sides(sums[..., [0, 1]], sums[..., [0, 2]]),
)  # fmt: skip
"""F1 of counts that are means over several divisions into folds: no ratio of whole numbers."""
