"""What the workbook contains: a run's tables with names beside numbers, and what each of their columns means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from toolkit.files import yaml12
from toolkit.run_folder.reader import RunTables
from toolkit.text.format import one_line
from toolkit.values import Table

SHEETS = Path(__file__).parent / "sheets.yaml"
KEPT = "a column of the corpus, as the study keeps it"
Kind = str
"""text, long (wrapped), list, whole, id, real, share, p or flag."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet: its head, kind of content, meaning, and values from the first row on."""

    name: str
    kind: Kind
    means: str
    values: Sequence[Any]


@dataclass(frozen=True)
class Sheet:
    """A sheet: `about` describes a row, `table` names the table that it shows, without the columns `without`."""

    name: str
    table: str
    about: str
    columns: tuple[SheetColumn, ...]
    without: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it has below its head."""
        return len(self.columns[0].values) if self.columns else 0


@cache
def description() -> dict[str, Any]:
    """sheets.yaml: `counting` (sentences) and `sheets` (name -> table, about, columns)."""
    tree: dict[str, Any] = yaml12.read(SHEETS).value
    return tree


def sheets(tables: RunTables) -> Iterator[Sheet]:
    """Every sheet in the order of sheets.yaml, also those without rows."""
    for name, described in description()["sheets"].items():
        table = (
            DERIVED[described["table"]](tables) if described["table"] in DERIVED else tables.table(described["table"])
        )
        without = tuple(column for column in described.get("without", ()) if column in table.column_names)
        yield Sheet(
            name, described["table"], described["about"], tuple(_columns(table, described["columns"], without)), without
        )


def _columns(table: Table, meanings: dict[str, str], without: Sequence[str]) -> Iterator[SheetColumn]:
    """The columns described in their order, then the others of the table."""
    rest = [name for name in table.column_names if name not in meanings and name not in without]
    for name in [name for name in meanings if name in table.column_names] + rest:
        kind, _, means = meanings.get(name, "").partition("; ")
        column = table[name]
        yield SheetColumn(name, kind or _kind(column.type), means or KEPT, column.to_pylist())


def _kind(of: Any) -> Kind:
    if pa.types.is_boolean(of):
        return "flag"
    if pa.types.is_nested(of):
        return "list"
    if pa.types.is_integer(of):
        return "whole"
    return "real" if pa.types.is_floating(of) else "text"


def _named(tables: RunTables, name: str) -> Table:
    """A table of `kind` and `id` with the name of the theme or code."""
    table = tables.table(name)
    if not table.num_rows:
        return table
    pairs = zip(table["kind"].to_pylist(), table["id"].to_pylist(), strict=True)
    return table.append_column("name", _texts(_name(tables, kind, of) for kind, of in pairs))


def _name(tables: RunTables, kind: str, of: str | None) -> str | None:
    if kind == "theme" and of is not None:
        return tables.labels.get(int(of))
    return tables.code_names.get(of or "") if kind == "code" else None


def _texts(values: Any) -> Any:
    return pa.array(list(values), pa.string())


def _labels(tables: RunTables, table: Table) -> Table:
    themes = table["theme"].to_pylist()
    return table.append_column("theme_label", _texts(None if at is None else tables.labels.get(at) for at in themes))


def _places(tables: RunTables, table: Table, names: Sequence[str]) -> Table:
    """A table of paragraphs with columns of their documents."""
    of = tables.table("paragraphs")
    documents = dict(zip(of["paragraph_id"].to_pylist(), of["document_id"].to_pylist(), strict=True))
    has_document = "document_id" in table.column_names
    ids = (
        table["document_id"].to_pylist()
        if has_document
        else [documents.get(name) for name in table["paragraph_id"].to_pylist()]
    )
    for name in names:
        values = ids if name == "document_id" else [(tables.documents.get(at or "") or {}).get(name) for at in ids]
        table = table.append_column(name, _texts(values))
    return table


def _codes_given(tables: RunTables) -> dict[str, list[str]]:
    """Paragraph -> ids of its codes, in the order of the codebook."""
    table = tables.table("codes")
    codes_of: dict[str, list[str]] = {}
    if table.num_rows:
        for row in table.select(["paragraph_id", "code", "assigned"]).to_pylist():
            if row["assigned"]:
                codes_of.setdefault(row["paragraph_id"], []).append(row["code"])
    places = {code: at for at, code in enumerate(tables.code_names)}
    return {
        name: sorted(codes, key=lambda code: (places.get(code, len(places)), code)) for name, codes in codes_of.items()
    }


def _paragraphs(tables: RunTables) -> Table:
    table = _places(tables, tables.table("paragraphs"), ("source", "date"))
    codes_of = _codes_given(tables)
    rows = zip(table["paragraph_id"].to_pylist(), table["duplicate_of"].to_pylist(), strict=True)
    codes = [codes_of.get(name) or codes_of.get(of or "") or [] for name, of in rows]
    table = _labels(tables, table)
    return table.append_column("codes", pa.array(codes, pa.list_(pa.string()))) if tables.codebook else table


def _documents(tables: RunTables) -> Table:
    table = _labels(tables, tables.table("documents"))
    if not tables.codebook:
        return table
    paragraphs = _paragraphs(tables)
    codes_of: dict[str, set[str]] = {}
    for name, codes in zip(paragraphs["document_id"].to_pylist(), paragraphs["codes"].to_pylist(), strict=True):
        codes_of.setdefault(name, set()).update(codes)
    order = list(tables.code_names)
    codes = [[code for code in order if code in codes_of.get(name, ())] for name in table["document_id"].to_pylist()]
    return table.append_column("codes", pa.array(codes, pa.list_(pa.string())))


def _exemplars(tables: RunTables) -> Table:
    table = tables.table("exemplars")
    if not table.num_rows:
        return table
    return _places(tables, _labels(tables, table), ("title", "source", "date", "document_id"))


def _evidence(tables: RunTables) -> Table:
    """Quotes of the codes that were given, best first in the order of the codebook.

    They are those with a score of their own, or all that an older run has, which gave none.
    """
    table = tables.table("codes")
    if not table.num_rows:
        return pa.table({})
    rows = [row for row in table.to_pylist() if row["assigned"] and row["start"] is not None]
    rows = [row for row in rows if row.get("quote_score") is not None] or rows
    order = {code: at for at, code in enumerate(tables.code_names)}
    rows.sort(
        key=lambda row: (
            order.get(row["code"], len(order)), -(row.get("quote_score") or 0.0), -row["score"], row["paragraph_id"]
        )
    )  # fmt: skip
    ranks: dict[str, int] = {}
    for row in rows:
        row["rank"] = ranks[row["code"]] = ranks.get(row["code"], 0) + 1
        row["name"] = tables.code_names.get(row["code"])
    kinds = [
        *table.schema.remove(table.schema.get_field_index("assigned")),
        ("rank", pa.int64()),
        ("name", pa.string()),
    ]
    made = pa.Table.from_pylist(rows, pa.schema(kinds))
    return _places(tables, made, ("title", "source", "date", "document_id"))


def _matrix(tables: RunTables) -> Table:
    table = tables.table("matrix")
    if not table.num_rows:
        return table
    names = _texts(tables.code_names.get(code) for code in table["code"].to_pylist())
    return _labels(tables, table.append_column("name", names))


def _measures(tables: RunTables) -> Table:
    """metrics.json, a row a measure."""
    keys = (
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("hits", pa.int64()),
        ("n", pa.int64()),
    )
    texts = ("of", "direction", "reason")
    rows = sorted(tables.metrics.items())
    columns = {"measure": _texts(name for name, _ in rows)}
    columns |= {key: pa.array([row.get(key) for _, row in rows], kind) for key, kind in keys}
    columns |= {key: _texts(row.get(key) for _, row in rows) for key in texts}
    return pa.table(columns)


def _sentences(tables: RunTables) -> Table:
    rows = [{**row, "kind": kind} for kind in ("method", "note") for row in tables.rows(f"{kind}s")]
    return pa.table({key: _texts(one_line(row[key]) for row in rows) for key in ("stage", "kind", "text")})


def _codes_summary(tables: RunTables) -> Table:
    """A row a code: the codebook, its shares of the whole corpus, its threshold and scores."""
    if not tables.codebook:
        return pa.table({})
    thresholds = {row["code"]: row for row in tables.rows("thresholds")}
    shares = {unit: {row["id"]: row for row in tables.shares("code", unit=unit)} for unit in ("paragraph", "document")}
    rows = []
    for entry in tables.codebook:
        code = str(entry["id"])
        by, among = (shares[unit].get(code, {}) for unit in ("paragraph", "document"))
        rows.append(
            {key: thresholds.get(code, {}).get(key) for key in _THRESHOLDS}
            | {key: one_line(entry.get(key)) or None for key in ("name", "parent", "definition")}
            | {key: _listed(entry.get(key)) for key in ("include", "exclude", "keywords")}
            | {"code": code, "interval_of": by.get("interval_of")}
            | {"paragraphs": by.get("hits"), "paragraphs_n": by.get("n"), "share": by.get("estimate")}
            | {"share_low": by.get("low"), "share_high": by.get("high")}
            | {"documents": among.get("hits"), "documents_n": among.get("n"), "share_documents": among.get("estimate")}
            | {"documents_low": among.get("low"), "documents_high": among.get("high")}
        )
    return pa.Table.from_pylist(rows)


def _listed(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [one_line(item) for item in items]


_THRESHOLDS = (
    "badge", "why", "against_machines", "threshold", "rule", "f1", "f1_low", "f1_high", "f1_n", "kappa", "kappa_low",
    "kappa_high", "kappa_n", "coders_kind",
)  # fmt: skip
DERIVED: dict[str, Callable[[RunTables], Table]] = {
    "codes_summary": _codes_summary,
    "prevalence": lambda tables: _named(tables, "prevalence"),
    "trends": lambda tables: _named(tables, "trends"),
    "contrasts": lambda tables: _named(tables, "contrasts"),
    "keyness": lambda tables: _named(tables, "keyness"),
    "documents": _documents,
    "paragraphs": _paragraphs,
    "exemplars": _exemplars,
    "evidence": _evidence,
    "matrix": _matrix,
    "measures": _measures,
    "sentences": _sentences,
}
"""Names in sheets.yaml of tables that are more than those of the run folder -> what makes them."""
