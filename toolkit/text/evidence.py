"""The verdict on the themes as a whole, as one sentence for notes and report."""

from __future__ import annotations

GRADES = ("none", "weak", "clear")
"""Grades of evidence, the lowest first."""


def evidence_words(
    grade: str, agreement: float, chance: float, ends: tuple[float, float], shuffles: int, p: float
) -> str:
    """The grade with the agreement of refits (adjusted Rand index), that on shuffled vectors, and their difference.

    Args:
        ends: limits of the difference over seeds.
        shuffles: how many shuffled corpora there were.
        p: the chance that one more agrees as well.
    """
    sure = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    return (
        f"{graded_words(grade)}: refits agree to {_two(agreement)} (adjusted Rand index) and to {_two(chance)} "
        f"on vectors shuffled by column, where there is nothing to find: {_two(agreement - chance)} beyond chance "
        f"(95% interval over seeds {_two(ends[0])} to {_two(ends[1])}; {shuffles} shuffles, {sure})."
    )


def graded_words(grade: str) -> str:
    """`No evidence of themes`, `Weak evidence of themes`, `Clear evidence of themes`."""
    return f"{'No' if grade == 'none' else grade.capitalize()} evidence of themes"


def _two(value: float) -> str:
    """Two decimals with a real minus sign; formatting modules are not imported, to keep them out of the key of
    discovery."""
    return f"{value:.2f}".replace("-", "−")
