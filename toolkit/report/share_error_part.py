"""The shares of codes that nobody checked: what their intervals contain, and how large the coding error was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.figures import RunTables
from toolkit.schemas import BY_CODING
from toolkit.text.format import count, decimal, percent


@dataclass(frozen=True)
class ShareErrorPart:
    """How many of `of` codes have an interval of sampling and coding error, and the size of that error in words."""

    codes: int
    of: int
    measured: str

    @property
    def short(self) -> str:
        """What the intervals of the shares just shown contain and how the error was measured, in one sentence."""
        return self._sentence("the share" if self.of == 1 else "these shares")

    @property
    def brief(self) -> str:
        """What the intervals of the shares just shown contain."""
        return f"{self._which('the share' if self.of == 1 else 'these shares')}."

    @property
    def limitation(self) -> str:
        """The same if no shares are shown, and what it leaves open."""
        sentence = self._sentence("the share of the code" if self.of == 1 else "the shares of codes")
        return f"{sentence} Only coded paragraphs can show how large the error is in this corpus."

    def _sentence(self, every: str) -> str:
        return f"{self._which(every)}: {self.measured}."

    def _which(self, every: str) -> str:
        some = (
            f"the shares of {count(self.codes)} unchecked codes"
            if self.codes > 1
            else "the share of one unchecked code"
        )
        whose, single = every if self.codes == self.of else some, self.codes == 1
        which = f"The interval{'s' * (not single)} of {whose} contain{'s' * single}"
        return f"{which} sampling error and the error of coding"

    @property
    def alone(self) -> str:
        """What the other intervals of these codes contain."""
        whose = "this code" if self.codes == 1 else "these codes"
        return (
            f"Differences between groups and slopes of {whose} have intervals of sampling error alone: coding error "
            "that is the same everywhere cancels in them, the rest does not."
        )


def share_error_part(tables: RunTables) -> ShareErrorPart | None:
    """None if every code was checked, or in a run of an older toolkit."""
    rows = tables.shares("code")
    widened = sum(row.get("interval_of") == BY_CODING for row in rows)
    metrics = {name: tables.metrics.get(f"share_error.{name}") for name in ("mean", "slope", "within")}
    if not widened or any(metric is None or metric.get("value") is None for metric in metrics.values()):
        return None
    return ShareErrorPart(widened, len(rows), _measured(metrics))


def _measured(metrics: Mapping[str, Any]) -> str:
    mean, slope, within = metrics["mean"], metrics["slope"], metrics["within"]
    broad = str(within["of"]).partition(",")[0]
    them = broad if within.get("n") is None else f"the {count(within['n'])} {broad}"
    return (
        f"on {count(mean['n'])} {mean['of']}, shares estimated without labels differed from the true shares by "
        f"{decimal(100 * mean['value'], 1)} percentage points on average; the slope of estimated on true share was "
        f"{decimal(slope['value'])}{_of_slope(slope['value'])}, and {percent(within['value'])} of {them} had an "
        "estimate within a factor of 1.5"
    )


def _of_slope(slope: float) -> str:
    return " (broad codes are assigned too seldom)" if slope < 0.9 else ""
