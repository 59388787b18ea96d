"""Reads the tables of a run folder, each of them once, for figures and reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from toolkit.errors import StoreError
from toolkit.files import yaml12
from toolkit.files.value import read_table
from toolkit.run_folder.about import Declared, declared, kinds_in
from toolkit.run_folder.manifest import FORMAT, Manifest
from toolkit.run_folder.upgrade import missing_table, upgraded, upgraded_metrics
from toolkit.schemas import ROW_FORMATS
from toolkit.text.format import name_of, one_line
from toolkit.values import NOISE, Table

Row = Mapping[str, Any]
WARNING_BADGES = ("weak", "uncertain")
"""Badges of codes whose coding was checked and failed."""


class RunTables:
    """A run folder as tables and plain trees. Tables that a run has no use for are empty, never an error."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        self._tables: dict[str, Any] = {}
        if not (self.folder / "tables").is_dir():
            raise StoreError(f"{folder}: no tables/ folder, so this is no run folder")

    def table(self, name: str) -> Table:
        """A table as a pyarrow Table; a table without columns if the run has none of that name."""
        if name not in self._tables:
            place = self.folder / "tables" / f"{name}.parquet"
            if place.exists():
                self._tables[name] = upgraded(name, read_table(place), self.format)
            else:
                empty = missing_table(name, self.format)
                self._tables[name] = pa.table({}) if empty is None else empty
        return self._tables[name]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """A (small) table as a list of mappings."""
        made: list[dict[str, Any]] = self.table(name).to_pylist()
        return made

    @cached_property
    def metrics(self) -> dict[str, dict[str, Any]]:
        """metrics.json."""
        return upgraded_metrics(self._json("metrics.json"), self.format)

    @cached_property
    def manifest(self) -> Manifest:
        """manifest.json, as far as it is written when the report is."""
        return cast(Manifest, self._json("manifest.json"))

    @cached_property
    def format(self) -> int:
        """The format of the folder; that of today while its manifest is not finished."""
        return int(self.manifest.get("format", FORMAT))

    @cached_property
    def config(self) -> dict[str, Any]:
        """config.yaml: the experiment as resolved."""
        return self._yaml("config.yaml")

    @cached_property
    def codebook(self) -> list[dict[str, Any]]:
        """The themes of codebook.yaml in its order; empty if the run had no codebook."""
        return list(self._yaml("codebook.yaml").get("themes") or [])

    @cached_property
    def themes(self) -> list[dict[str, Any]]:
        """Level 0 without -1, in order of their numbers (0 is the largest)."""
        rows = [row for row in self.rows("themes") if row["level"] == 0 and row["theme"] != NOISE]
        return sorted(rows, key=lambda row: int(row["theme"]))

    @cached_property
    def broad(self) -> list[dict[str, Any]]:
        """Broader levels with their shares; a level with a single theme adds nothing and is omitted."""
        rows = [row for row in self.rows("themes") if row["theme"] != NOISE]
        above = {row["theme"]: row["parent"] for row in rows}
        themes_below: dict[int, set[int]] = {}
        for theme in (int(row["theme"]) for row in self.themes):
            at = above.get(theme)
            while at is not None:
                themes_below.setdefault(int(at), set()).add(theme)
                at = above.get(at)
        kept: dict[frozenset[int], dict[str, Any]] = {}
        for row in sorted((row for row in rows if row["level"] > 0), key=lambda row: int(row["level"])):
            members = frozenset(themes_below.get(int(row["theme"]), ()))
            if len(members) > 1:
                kept.setdefault(members, row)
        shares = {row["id"]: row for row in self.shares("theme")}
        for row in kept.values():
            estimate = shares.get(str(row["theme"]))
            if row["share"] is None and estimate:
                row |= {"share": estimate["estimate"], "share_low": estimate["low"], "share_high": estimate["high"]}
        return list(kept.values())

    def parent(self, theme: int) -> int | None:
        """The nearest broader theme with several themes; None if there is none."""
        above = {row["theme"]: row["parent"] for row in self.rows("themes")}
        kept, at = {row["theme"] for row in self.broad}, above.get(theme)
        while at is not None and at not in kept:
            at = above.get(at)
        return at

    @cached_property
    def noise(self) -> dict[str, Any] | None:
        """The row of -1."""
        return next((row for row in self.rows("themes") if row["theme"] == NOISE), None)

    @property
    def has_noise(self) -> bool:
        """Whether any paragraph belongs to no theme."""
        return bool(self.noise and self.noise["paragraphs"])

    @cached_property
    def labels(self) -> dict[int, str]:
        """Theme number -> label, broader levels included; -1 has a fixed label."""
        named = {int(row["theme"]): name_of(row["label"]) or f"Theme {row['theme']}" for row in self.rows("themes")}
        return named | {NOISE: "No theme"}

    @cached_property
    def code_names(self) -> dict[str, str]:
        """Code id -> its name in the codebook, in the codebook's order."""
        return {str(entry["id"]): name_of(entry.get("name") or entry["id"]) for entry in self.codebook}

    @cached_property
    def declared(self) -> Declared:
        """The declarations of the run's config about its corpus and its coders."""
        table = self.table("human")
        if not table.num_rows:
            return declared(self.config, ())
        return declared(self.config, table["coder"].to_pylist(), kinds_in(table))

    @cached_property
    def badges(self) -> dict[str, dict[str, Any]]:
        """Code -> its row of `thresholds` with badge and scores; empty for a run that has no badges."""
        return {row["code"]: row for row in self.rows("thresholds") if row.get("badge")}

    def code_label(self, code: str) -> str:
        """The name of a code in a figure: its name, with the badge or the kind of coders if that is a warning."""
        name, row = self.code_names.get(code) or one_line(code), self.badges.get(code, {})
        by_machines = row.get("against_machines")
        if by_machines in WARNING_BADGES:
            return f"{name} ({by_machines} against machines)"
        return f"{name} ({row['badge']})" if row.get("badge") in WARNING_BADGES else name

    @cached_property
    def counts_respondents(self) -> bool:
        """Whether shares of themes are shares of respondents: in a survey whose documents are all rows of a table."""
        corpus = self.config.get("corpus") or {}
        return corpus.get("kind") == "survey" and {row["format"] for row in self.rows("documents")} <= ROW_FORMATS

    @cached_property
    def unique(self) -> int:
        """The number of analysed paragraphs: each text counts once."""
        return int(self.table("paragraphs")["duplicate_of"].null_count)

    @cached_property
    def documents(self) -> dict[str, dict[str, Any]]:
        """document_id -> its row."""
        return {row["document_id"]: row for row in self.rows("documents")}

    @cached_property
    def sources(self) -> Counter[str]:
        """Source -> unique paragraphs; documents without a source are not counted."""
        table = self.table("paragraphs")
        kept = table.filter(pc.is_null(table["duplicate_of"]))["document_id"]
        totals: Counter[str] = Counter()
        for entry in pc.value_counts(kept).to_pylist():
            source = self.documents[entry["values"]]["source"]
            if source:
                totals[source] += entry["counts"]
        return totals

    def shares(
        self, kind: str, group_by: str | None = None, unit: str = "paragraph", counting: str = "unique"
    ) -> list[dict[str, Any]]:
        """The rows of `prevalence` of one kind, grouping, unit and way of counting."""
        table = self.table("prevalence")
        if not table.num_rows:
            return []
        group = pc.is_null(table["group_by"]) if group_by is None else pc.equal(table["group_by"], group_by)
        keep = pc.and_(pc.equal(table["kind"], kind), pc.fill_null(group, False))
        keep = pc.and_(keep, pc.and_(pc.equal(table["unit"], unit), pc.equal(table["counting"], counting)))
        made: list[dict[str, Any]] = table.filter(keep).to_pylist()
        return made

    def _json(self, name: str) -> dict[str, Any]:
        place = self.folder / name
        content: dict[str, Any] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
        return content

    def _yaml(self, name: str) -> dict[str, Any]:
        place = self.folder / name
        return dict(yaml12.read(place).value or {}) if place.exists() else {}
