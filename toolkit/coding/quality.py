"""Quality of the coding measured by human codes, and agreement among people, each with an interval over documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.codebook import agreement
from toolkit.codebook.badges import F1_OVER_SPLITS, KAPPA_OVER_SPLITS
from toolkit.codebook.codebook import Codebook
from toolkit.codebook.human import HumanCodes, reference
from toolkit.coding.learning import Learned
from toolkit.values import Bools, Floats, seed_for

SCORED = pa.schema(
    [
        ("code", pa.string()),  # null: over all codes
        ("measure", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        # coded paragraphs behind it: with the code by the machine (precision), by people (recall), by either (F1);
        # for alpha and kappa those that two coders share
        ("n", pa.int64()),
        ("reason", pa.string()),  # why value or interval is missing
    ]
)
WORKS = ("bootstrap2007", "clopper1934", "kappa1960", "krippendorff2011", "landis1977")
"""Keys of the works that scores against human codes rest on (report.references)."""
FEWEST_DOCUMENTS = 2
NO_INTERVAL = "no interval: undefined in most draws of documents or the same in all of them, or one document only"
Statistic = Callable[[Floats], Floats]


def quality(
    codebook: Codebook,
    paragraphs: Any,
    human: HumanCodes,
    plain: Bools,
    learned: Learned | None,
    draws: int,
    seed: int,
) -> Any:
    """The table `scored`: precision, recall and F1 against human codes, agreement among coders and with the machine.

    `plain` (n, c) are the decisions without labels. Where the coding was learned from the human codes, its own rows
    rest on held-out decisions and those of `plain` are given beside as "... without labels".
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
    values = agreement.binary(human.by_coder(), ids, codebook.ids)
    table.add("alpha", agreement.alpha_sums(values), agreement.alpha, "fewer than two coders, or no variation")
    for first, second in combinations(range(len(human.coders)), 2):
        name = f"kappa {human.coders[first]} / {human.coders[second]}"
        table.add(
            name,
            agreement.kappa_sums(values[first], values[second]),
            agreement.kappa,
            "no shared paragraphs, or no variation",
        )
    machine = agreement.kappa_sums(final.astype(float), marks.astype(float))
    table.add("kappa machine / coders", machine, agreement.kappa, "no variation")
    both = np.stack([final, marks]).astype(float)
    table.add("alpha machine / coders", agreement.alpha_sums(both), agreement.alpha, "no variation")
    for row, coder in enumerate(human.coders if len(human.coders) > 1 else ()):
        sums = agreement.kappa_sums(final.astype(float), values[row])
        table.add(f"kappa machine / {coder}", sums, agreement.kappa, "no variation")
    if learned is not None and learned.held_out is not None:
        table.reliability(learned.held_out, learned.marks)
        for labels, mean, low, high in learned.curve:
            table.row(
                None, f"macro f1 with {labels} labels", mean, low, high, len(rows), "mean and range of random draws"
            )
    return pa.Table.from_pylist(table.rows, schema=SCORED)


class _Table:
    """Collects rows; resamples documents with the same draws for every measure."""

    def __init__(self, codes: tuple[str, ...], documents: list[str], draws: int, seed: int) -> None:
        self.codes, self.documents, self.rows = codes, documents, list[dict[str, Any]]()
        count = len(set(documents))
        rng = np.random.default_rng(seed_for(seed, "quality"))
        picks = rng.integers(0, max(count, 1), size=(draws, max(count, 1)))
        self.weights = np.array([np.bincount(pick, minlength=max(count, 1)) for pick in picks], dtype=float)
        self.enough = count >= FEWEST_DOCUMENTS

    def row(self, code: str | None, measure: str, value: Any, low: Any, high: Any, n: int, reason: str | None) -> None:
        known = value is not None and np.isfinite(value)
        ends = [float(end) if known and end is not None and np.isfinite(end) else None for end in (low, high)]
        self.rows.append(
            {
                "code": code,
                "measure": measure,
                "value": float(value) if known else None,
                "low": ends[0],
                "high": ends[1],
                "n": n,
                "reason": reason,
            }
        )

    def interval(self, drawn: Floats) -> tuple[float | None, float | None]:
        defined = drawn[np.isfinite(drawn)]
        if not self.enough or len(defined) < 0.5 * len(drawn) or np.ptp(defined) == 0:
            return None, None
        low, high = np.quantile(defined, [0.025, 0.975])
        return float(low), float(high)

    def add(self, measure: str, sums: Floats, statistic: Statistic, undefined: str) -> None:
        """One row a code and one over all units pooled; (paragraphs, codes, k) sums."""
        per_document = agreement.by_document(sums, self.documents)
        drawn = np.tensordot(self.weights, per_document, axes=1)
        held = sums.sum(axis=2) > 0
        units = [int(held.any(axis=1).sum()), *held.sum(axis=0).tolist()]
        each, each_drawn = statistic(per_document.sum(axis=0)), statistic(drawn)
        columns = [(each[column], each_drawn[:, column]) for column in range(len(self.codes))]
        pooled = (statistic(per_document.sum(axis=(0, 1))), statistic(drawn.sum(axis=1)))
        for code, n, (value, draws) in zip((None, *self.codes), units, (pooled, *columns), strict=True):
            low, high = self.interval(np.asarray(draws))
            reason = None if np.isfinite(value) else undefined
            self.row(code, measure, value, low, high, n, reason or self._no_interval(low))

    def f1(self, assigned: Bools, marks: Bools, suffix: str) -> None:
        """Precision, recall, F1 a code; macro-F1 over codes that people used, and pooled (micro) F1."""
        sums = agreement.f1_sums(assigned, marks)
        self.add(f"precision{suffix}", sums[..., [0, 1]], _share, "never assigned")
        self.add(f"recall{suffix}", sums[..., [0, 2]], _share, "no coded paragraph has it")
        self.add(f"f1{suffix}", sums, _f1, "given neither by the machine nor by the coders")
        per_document = agreement.by_document(sums, self.documents)
        held = per_document.sum(axis=0)[:, [0, 2]].sum(axis=1) > 0
        value = _f1(per_document.sum(axis=0)[held]).mean() if held.any() else np.nan
        drawn = np.tensordot(self.weights, per_document, axes=1)[:, held]
        used = drawn[..., [0, 2]].sum(axis=-1) > 0
        with np.errstate(invalid="ignore"):
            means = np.where(used, np.nan_to_num(_f1(drawn)), 0.0).sum(axis=1) / used.sum(axis=1)
        low, high = self.interval(means)
        reason = None if held.any() else "no coded paragraph has any code"
        self.row(None, f"macro f1{suffix}", value, low, high, len(marks), reason or self._no_interval(low))

    def over_splits(self, decisions: Sequence[Bools], marks: Bools) -> None:
        """F1 and kappa a code with the counts of every division into folds pooled: no single division decides."""
        f1 = np.mean([agreement.f1_sums(one, marks) for one in decisions], axis=0)
        self.add(F1_OVER_SPLITS, f1, _f1, "given neither by the machine nor by the coders")
        marked = f1.sum(axis=(0, 2))  # paragraphs that either side marked, on average over the divisions
        for row, n in zip(self.rows[-1 - len(marked) :], [f1.any(axis=2).any(axis=1).sum(), *marked], strict=True):
            row["n"] = round(float(n))
        kappa = [agreement.kappa_sums(one.astype(float), marks.astype(float)) for one in decisions]
        self.add(KAPPA_OVER_SPLITS, np.mean(kappa, axis=0), agreement.kappa, "no variation")

    def reliability(self, probability: Floats, marks: Bools) -> None:
        """Observed share of codes in tenths of held-out probability, and the Brier score."""
        for tenth in range(10):
            chosen = (probability >= tenth / 10) & (probability < (tenth + 1) / 10 + (tenth == 9))
            sums = np.stack([chosen & marks, chosen & ~marks], axis=-1).astype(float).sum(axis=1)
            per_document = agreement.by_document(sums, self.documents)
            name = f"observed share at probability {tenth / 10:.1f}-{(tenth + 1) / 10:.1f}"
            value = _share(per_document.sum(axis=0))
            low, high = self.interval(_share(self.weights @ per_document))
            reason = None if np.isfinite(value) else "no probability in this tenth"
            self.row(None, name, value, low, high, int(chosen.sum()), reason or self._no_interval(low))
        brier = float(((probability - marks) ** 2).mean())
        self.row(None, "brier score", brier, None, None, marks.size, "no interval: a mean over decisions")

    def _no_interval(self, low: float | None) -> str | None:
        return None if low is not None else NO_INTERVAL


def _share(sums: Floats) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return sums[..., 0] / sums.sum(axis=-1)


def _f1(sums: Floats) -> Floats:
    hits, alarms, misses = np.moveaxis(sums, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(2 * hits / (2 * hits + alarms + misses))
