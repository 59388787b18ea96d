"""One family of tests per table: the sentences of the methods, and the cited works."""

from __future__ import annotations

from toolkit.estimate.verdicts import Adjust
from toolkit.values import Table


def families(slopes: Table, contrasts: Table, pairs: Table, how: Adjust) -> str:
    """The sentences on how the tests of each table were adjusted; empty if no table has a test."""
    sizes = _sizes(slopes, contrasts, pairs)
    listed = [f"{sizes[name]:,} {noun}" for name, noun in NOUNS.items() if sizes[name]]
    if not listed:
        return ""
    tests = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    by = "by Benjamini-Hochberg, which keeps the expected share of false verdicts at 5 %"
    if how == "holm":
        by = (
            "so that the chance of any false verdict in a table is at most 5 %: contrasts by Holm, slopes and pairs by "
            "the greatest statistic of each draw (Westfall & Young 1993)"
        )
    exchanged = (
        " p-values of slopes and of pairs of codes come from exchanging dates, or codes, between documents."
        if sizes["slopes"] or sizes["pairs"]
        else ""
    )
    return (
        f"All tests of one table are one family ({tests}), adjusted {by}.{exchanged} Nothing is called rising, "
        "falling, more or less unless its adjusted p is below .05 and its own 95 % interval leaves out no difference."
    )


NOUNS = {"contrasts": "contrasts", "slopes": "slopes", "pairs": "pairs of codes"}


def family_works(slopes: Table, contrasts: Table, pairs: Table, how: Adjust) -> tuple[str, ...]:
    """Keys of the works behind the tests (report.references)."""
    sizes = _sizes(slopes, contrasts, pairs)
    exchanged = bool(sizes["slopes"] or sizes["pairs"])
    if how == "bh":
        return ("bh1995",) * any(sizes.values()) + ("phipson2010",) * exchanged
    return ("holm1979",) * bool(sizes["contrasts"]) + ("phipson2010", "westfall1993") * exchanged


def _sizes(slopes: Table, contrasts: Table, pairs: Table) -> dict[str, int]:
    """Number of tests in each table; 0 if there are none."""
    tables = {"slopes": slopes, "contrasts": contrasts, "pairs": pairs}
    return {name: max((size or 0 for size in table["tested"].to_pylist()), default=0) for name, table in tables.items()}
