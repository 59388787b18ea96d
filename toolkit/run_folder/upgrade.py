"""Reads the tables and metrics of older run folders in the current format; missing values are null or absent.

Format 1 is that of toolkit 0.1. To add a column to a table, add it to `COLUMNS`; a table, to `TABLES`; a changed name,
to `RENAMED` or `METRICS`; a changed meaning, as a function to `CHANGED`. A test compares a folder of format 1 with a
current one and prints the missing lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from toolkit.run_folder.manifest import FORMAT
from toolkit.schemas import CLAIMS, HALVES, OUTCOMES, PLATEAUS, THEME_PAIRS

if TYPE_CHECKING:
    from toolkit.values import Table

TEXT, WHOLE, REAL = pa.string(), pa.int64(), pa.float64()
COLUMNS: dict[str, tuple[tuple[str, Any], ...]] = {
    "codes": (("coders", TEXT), ("coders_kind", TEXT), ("quote_score", REAL)),
    "contrasts": (("tested", WHOLE), ("verdict", TEXT), ("reason", TEXT)),
    "cooccurrence": (
        ("expected", REAL),
        ("lift", REAL),
        ("lift_low", REAL),
        ("lift_high", REAL),
        ("p", REAL),
        ("p_adjusted", REAL),
        ("tested", WHOLE),
        ("verdict", TEXT),
        ("reason", TEXT),
    ),
    "corrected": (("hits", WHOLE), ("of", TEXT), ("coders_kind", TEXT)),
    "disagreements": (("coders_kind", TEXT),),
    "human": (("kind", TEXT),),
    "keyness": (("documents_versus", WHOLE), ("g2_documents", REAL), ("draws", WHOLE), ("verdict", TEXT)),
    "paragraphs": (("moves", REAL), ("machine_theme", pa.int32())),
    "prevalence": (("hits", WHOLE), ("interval_of", TEXT), ("sampling_low", REAL), ("sampling_high", REAL)),
    "scored": (("hits", WHOLE), ("of", TEXT), ("coders_kind", TEXT)),
    "themes": (
        ("documents_main", WHOLE),
        ("documents_published", WHOLE),
        ("mostly", TEXT),
        ("mostly_paragraphs", WHOLE),
        ("mostly_share", REAL),
        ("mostly_low", REAL),
        ("mostly_high", REAL),
        ("mostly_interval_of", TEXT),
        ("mostly_reason", TEXT),
        ("seed_stability", REAL),
        ("seed_low", REAL),
        ("seed_high", REAL),
        ("key", TEXT),
        ("machine_label", TEXT),
        ("named_by", TEXT),
        ("changed_paragraphs", pa.int32()),
        ("note", TEXT),
    ),
    "thresholds": (
        ("badge", TEXT),
        ("why", TEXT),
        ("f1", REAL),
        ("f1_low", REAL),
        ("f1_high", REAL),
        ("f1_n", WHOLE),
        ("kappa", REAL),
        ("kappa_low", REAL),
        ("kappa_high", REAL),
        ("kappa_n", WHOLE),
        ("coders_kind", TEXT),
        ("against_machines", TEXT),
    ),
    "trends": (("p", REAL), ("p_adjusted", REAL), ("tested", WHOLE), ("verdict", TEXT), ("reason", TEXT)),
}
"""Table -> columns (name, type) that format 1 did not have; read as null."""

TABLES: dict[str, Any] = {
    "claims": CLAIMS,
    "plateaus": PLATEAUS,
    "decisions": OUTCOMES,
    "theme_pairs": THEME_PAIRS,
    "halves": HALVES,
}
"""Table -> its schema, if format 1 did not have it; read as empty."""

RENAMED: dict[str, dict[str, str]] = {}
"""Table -> name of a column in format 1 -> its name today."""


def _of_coders(column: str) -> Callable[[Table], Table]:
    """Attributes values of format 1 to coders, not people: `kappa machine / people` as `kappa machine / coders`."""

    def renamed(table: Table) -> Table:
        import pyarrow.compute as pc

        words = pc.replace_substring_regex(table[column], r"^people$", "coders")
        words = pc.replace_substring_regex(words, r"^(kappa|alpha) machine / people$", r"\1 machine / coders")
        return table.set_column(table.column_names.index(column), column, words)

    return renamed


CHANGED: dict[str, Callable[[Table], Table]] = {
    "corrected": _of_coders("by"),
    "disagreements": _of_coders("between"),
    "scored": _of_coders("measure"),
}
"""Table -> the function that converts its values, after columns are renamed and added."""

METRICS: dict[str, str] = {}
"""Name of a metric in format 1 -> its name today."""


def upgraded(name: str, table: Table, version: int) -> Table:
    """A table of a folder of format `version` with the current columns; null if unknown."""
    if version >= FORMAT:
        return table
    names = RENAMED.get(name, {})
    table = table.rename_columns([names.get(column, column) for column in table.column_names])
    for column, kind in COLUMNS.get(name, ()):
        if column not in table.column_names:
            table = table.append_column(column, pa.nulls(table.num_rows, kind))
    return CHANGED[name](table) if name in CHANGED else table


def missing_table(name: str, version: int) -> Table | None:
    """The empty table for a table that format `version` does not have; None for any other."""
    return TABLES[name].empty_table() if version < FORMAT and name in TABLES else None


def upgraded_metrics(metrics: Mapping[str, Any], version: int) -> dict[str, Any]:
    """Metrics of a folder of format `version` under the names of today."""
    names = METRICS if version < FORMAT else {}
    return {names.get(key, key): metric for key, metric in metrics.items()}
