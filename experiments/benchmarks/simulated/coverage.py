"""How the simulations print what they found."""

from __future__ import annotations

from math import sqrt


def print_coverage(name: str, covered: int, runs: int, what: str = "covers") -> None:
    """One line: in what share of `runs` something held, with the simulation's own 95 % limits."""
    share = covered / runs
    reach = 1.96 * sqrt(max(share * (1 - share), 1 / runs) / runs)
    print(f"{name:52} {what} {share:.3f} ({max(share - reach, 0):.3f}-{min(share + reach, 1):.3f}) of {runs}")
