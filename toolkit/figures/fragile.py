"""The bound below which a theme is fragile, and stabilities printed with enough digits to compare with it."""

from __future__ import annotations

from dataclasses import dataclass

from toolkit.run_folder.reader import RunTables
from toolkit.text.format import beside, decimal, decimals, digits_beside


@dataclass(frozen=True)
class FragileBound:
    """The bound (None in a run without one) and the digits that set it apart from every theme's stability."""

    value: float | None
    places: int

    @classmethod
    def of(cls, tables: RunTables) -> FragileBound:
        """The bound that the run states."""
        value = tables.metrics.get("discover.fragile_below", {}).get("value")
        rows = [row.get("stability") for row in [*tables.themes, *tables.broad]]
        known = [float(stability) for stability in rows if stability is not None]
        return cls(value, 2 if value is None else digits_beside(known, value))

    @property
    def words(self) -> str:
        """`0.60`; an empty text without a bound."""
        return "" if self.value is None else decimal(self.value, self.places)

    def stability(self, value: float | None, low: float | None = None, high: float | None = None) -> str:
        """`0.73 (0.45–0.98)`: a stability with the range of its refits; an en dash for none."""
        ends = decimals(low, high).replace(" to ", "–")
        return beside(value, self.value, 2, self.places) + (f" ({ends})" if ends else "")


def evidence_grade(tables: RunTables) -> int | None:
    """The grade of evidence of the themes as a whole: 0 none, 1 weak, 2 clear; None if the run gives none."""
    value = tables.metrics.get("discover.evidence", {}).get("value")
    return None if value is None else int(value)
