"""What another seed changes, in numbers and in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.text.format import count, decimal, percent, plural


@dataclass(frozen=True)
class SeedPart:
    """The share of `n` paragraphs that change theme with another seed; None and the reason if not measured."""

    moved: float | None
    n: int
    seeds: int
    basis: str
    reason: str = ""

    @property
    def sentence(self) -> str:
        """The short sentence with what it rests on, or why there is none."""
        if self.moved is None:
            return f"What another seed changes was not measured: {self.reason}."
        return f"{self.short[:-1]} ({self.basis})."

    @property
    def short(self) -> str:
        """With another seed, 12% of 402 unique paragraphs change theme."""
        share = percent(self.moved, self.n)
        return f"With another seed, {share} of {plural(self.n, 'unique paragraph')} change theme."


def seed_part(tables: RunTables) -> SeedPart | None:
    """From the run's metrics; None if they have no measure of other seeds, or if the run has no theme."""
    metric = tables.metrics.get("discover.seed_moves")
    if metric is None or not tables.themes:
        return None
    if metric.get("value") is None:
        return SeedPart(None, 0, 0, "", str(metric.get("reason")))
    seeds = int(tables.metrics["discover.seeds"]["value"])
    return SeedPart(float(metric["value"]), int(metric["n"]), seeds, str(metric["reason"]))


def returning(row: dict[str, Any], seeds: SeedPart | None) -> str:
    """How reliably a theme returns with another seed: 0.83 (0.71 to 0.95 over 5 seeds); empty if not measured."""
    if row.get("seed_stability") is None or seeds is None or seeds.moved is None:
        return ""
    if seeds.seeds == 1:
        return f"{decimal(row['seed_stability'])} (one other seed)"
    ends = f"{decimal(row['seed_low'])} to {decimal(row['seed_high'])}"
    return f"{decimal(row['seed_stability'])} (from {ends} over {count(seeds.seeds)} other seeds)"
