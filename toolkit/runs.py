"""A finished run, read from its folder: its tables as DataFrames, its metrics, its embeddings, its figures.

The folder is described in docs/reference/run-folder.md. A run loads without the models or
the corpus that made it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from toolkit.errors import StoreError, nearest
from toolkit.files.value import read_table
from toolkit.run_folder.manifest import (
    ASSIGNED,
    FORMAT,
    Manifest,
    read_draft,
    read_manifest,
)
from toolkit.run_folder.upgrade import missing_table, upgraded, upgraded_metrics
from toolkit.text import notebook
from toolkit.values import Table, Vectors

if TYPE_CHECKING:
    import pandas as pd

    from toolkit.amend.amending import Further
    from toolkit.amend.run_log import RunLog
    from toolkit.decisions import Log
    from toolkit.figures import Figure


class Run:
    """A finished run, read from its folder. Tables are DataFrames, read again for each caller; arrays are read-only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: Manifest = read_draft(path)

    @property
    def format(self) -> int:
        """The format of the run folder; tables of an older format have the current columns, with null for unknown
        values."""
        return int(self.manifest.get("format", FORMAT))

    def table(self, name: str) -> Table:
        """A table of the run as a pyarrow Table. Raises StoreError for a name that the run does not have."""
        place = self.path / "tables" / f"{name}.parquet"
        if not place.exists():
            empty = missing_table(name, self.format)
            if empty is not None:
                return empty
            names = sorted(path.stem for path in (self.path / "tables").glob("*.parquet"))
            raise StoreError(f"{self.path}: no table {name!r}{nearest(name, names)}; it has {', '.join(names)}")
        return upgraded(name, read_table(place), self.format)

    def frame(self, name: str) -> pd.DataFrame:
        """A table of the run as a DataFrame."""
        frame: pd.DataFrame = self.table(name).to_pandas()
        return frame

    @property
    def documents(self) -> pd.DataFrame:
        """One row per document."""
        return self.frame("documents")

    @property
    def paragraphs(self) -> pd.DataFrame:
        """One row per paragraph, in the order of `embeddings`."""
        return self.frame("paragraphs")

    @property
    def ledger(self) -> pd.DataFrame:
        """Every span that was left out, with the reason."""
        return self.frame("ledger")

    @property
    def themes(self) -> pd.DataFrame:
        """One row per theme, -1 and broader levels included."""
        return self.frame("themes")

    @property
    def exemplars(self) -> pd.DataFrame:
        """Verbatim quotes for each theme."""
        return self.frame("exemplars")

    @property
    def codes(self) -> pd.DataFrame:
        """Every paragraph x every code of the codebook, with the sentence behind each decision."""
        return self.frame("codes")

    @property
    def prevalence(self) -> pd.DataFrame:
        """Shares of themes and codes with intervals and denominators."""
        return self.frame("prevalence")

    @property
    def claims(self) -> pd.DataFrame:
        """One row per claim of the config, with its verdict; empty if the run has none."""
        import pandas

        whole = (self.path / "tables" / "claims.parquet").exists()
        return self.frame("claims") if whole else pandas.DataFrame()

    @cached_property
    def metrics(self) -> Mapping[str, Any]:
        """Flat dotted keys -> value, low, high, direction, n; or value null with a reason."""
        metrics: dict[str, Any] = json.loads((self.path / "metrics.json").read_text(encoding="utf-8"))
        return upgraded_metrics(metrics, self.format)

    @property
    def embeddings(self) -> Vectors:
        """(paragraphs, d) float32 unit rows, read-only, mapped from disk."""
        vectors: Vectors = np.load(self.path / "embeddings.npy", mmap_mode="r", allow_pickle=False)
        return vectors

    @property
    def model_place(self) -> str | None:
        """The folder of the embedding model, if it was a folder: only the manifest contains places."""
        place = (self.manifest.get("inputs") or {}).get("model")
        return str(place) if place else None

    def figure(self, name: str) -> Figure:
        """A figure that shows itself: `.data` is the table behind it, `.save("map.svg")` writes both (or .png, .pdf).

        `name` is one of map, prevalence, themes_by_source, over_time, hierarchy, stability, codes_themes, cooccurrence,
        codes_over_time, codes_by_group, contrast, document, or `document:ID`. `.narrow` is the one for a column.
        Raises ConfigError for another.
        """
        from toolkit.figures import draw_figure

        return draw_figure(self.path, name)

    @cached_property
    def _run_log(self) -> RunLog:
        from toolkit.amend.run_log import run_log

        return run_log(self.path)

    def _further(self, log: Log | None, who: str, why: str) -> Further:
        from toolkit.amend.amending import Further

        return Further(self.path, self._run_log, self.log if log is None else log, who, why)

    @property
    def log(self) -> Log:
        """The log of decisions that the run was made with, or one without decisions, to go on with.

        ``rename``, ``merge``, ``split``, ``drop``, ``move`` and ``note`` give a new log and change neither the run nor
        the log that they go on with; the next run applies it::

            log = run.rename(3, "State guidance funds", who="Wei", why="says what it is")
            log = run.merge([1, "Founder, court, die"], to="Courts and funds", log=log)
            log.save("decisions.yaml")      # and in the config: decisions: decisions.yaml

        Themes are given by number or exact label of this run, by a name that `log` gave, or by key; a theme that the
        log has merged is meant by any of its parts. `who` is needed once; later decisions of a log take the last one's.
        All raise ConfigError for a theme, paragraph or name that cannot be, StoreError if the run's texts were cut out.
        """
        return self._run_log.log

    def rename(self, theme: int | str, to: str, *, who: str = "", why: str = "", log: Log | None = None) -> Log:
        """A log with a name for a theme: ``run.rename(3, "State guidance funds", who="Wei")``."""
        return self._further(log, who, why).rename(theme, to)

    def merge(
        self,
        themes: Sequence[int | str],
        to: str | None = None,
        *,
        who: str = "",
        why: str = "",
        log: Log | None = None,
    ) -> Log:
        """A log with themes merged, under the name `to` or a machine name: ``run.merge([1, 4], who="Wei")``."""
        return self._further(log, who, why).merge(themes, to)

    def split(
        self, theme: int | str, into: int = 2, *, paragraphs: Sequence[str] = (), to: str | None = None,
        who: str = "", why: str = "", log: Log | None = None,
    ) -> Log:  # fmt: skip
        """A log with a theme divided `into` parts, or so that `paragraphs` (ids) leave it and form a theme named `to`.

        ``run.split(3, who="Wei")``; the parts have the keys ``log.decisions[-1].names``.
        """
        return self._further(log, who, why).split(theme, into, paragraphs, to)

    def drop(self, theme: int | str, *, who: str = "", why: str = "", log: Log | None = None) -> Log:
        """A log with a theme dissolved; its paragraphs have no theme: ``run.drop("Brief, author", who="Wei")``."""
        return self._further(log, who, why).drop(theme)

    def move(
        self, paragraphs: Sequence[str], to: int | str | None, *, who: str = "", why: str = "", log: Log | None = None
    ) -> Log:
        """A log with paragraphs (ids) moved to a theme, or to no theme: ``run.move(["may.txt:3"], 4, who="Wei")``."""
        return self._further(log, who, why).move(paragraphs, to)

    def note(self, theme: int | str, text: str, *, who: str = "", why: str = "", log: Log | None = None) -> Log:
        """A log with a note on a theme, which reports print: ``run.note(2, "Two writers only.", who="Wei")``."""
        return self._further(log, who, why).note(theme, text)

    def show(self, height: int = 800) -> Any:
        """The report, in a notebook."""
        from html import escape

        page = (self.path / "report.html").read_text(encoding="utf-8")
        return Page(f'<iframe srcdoc="{escape(page)}" style="width:100%;height:{height}px;border:0"></iframe>')

    def __dir__(self) -> list[str]:
        """The public names, for the Tab key."""
        return [name for name in super().__dir__() if not name.startswith("_")]

    def __eq__(self, other: object) -> bool:
        """Whether two folders have equal bytes (except the manifests, which contain times and machines)."""
        return isinstance(other, Run) and self.manifest["files"] == other.manifest["files"]

    def __hash__(self) -> int:
        return hash(json.dumps(self.manifest["files"], sort_keys=True))

    def __repr__(self) -> str:
        name, corpus = self.manifest["experiment"]["name"], self.manifest["corpus"]
        return f"Run({name!r}, {corpus['documents']} documents, {corpus['paragraphs']} paragraphs, {str(self.path)!r})"

    def _repr_html_(self) -> str:
        """The results of the run in bounded tables; the whole report is `show()`."""
        corpus, paragraphs = self.manifest["corpus"], self.table("paragraphs")
        n = paragraphs["duplicate_of"].null_count
        counted = f"{corpus['documents']:,} documents, {corpus['paragraphs']:,} paragraphs, {n:,} of them unique"
        parts = [notebook.line(f"Run {self.manifest['experiment']['name']}: {counted}; folder {self.path}")]
        rows = [row for row in self.table("themes").to_pylist() if row["level"] == 0 and row["paragraphs"]]
        cells = [
            (row["theme"], row["label"], ", ".join((row["keywords"] or [])[:5]), row["paragraphs"],
             notebook.share(row["share"], row["share_low"], row["share_high"]), row["stability"])
            for row in rows
        ]  # fmt: skip
        heads = ("#theme", "label", "keywords", f"#paragraphs of {n:,}", "#share (95%)", "#stability")
        parts.append(notebook.table("Themes", heads, cells, "run.themes") if cells else notebook.line("No theme."))
        codes = [
            (
                row["id"],
                round((row["estimate"] or 0) * row["n"]),
                notebook.share(row["estimate"], row["low"], row["high"]),
            )
            for row in self.table("prevalence").to_pylist()
            if (row["kind"], row["group_by"], row["unit"], row["counting"]) == ("code", None, "paragraph", "unique")
        ]
        if codes:
            more = "run.prevalence"
            parts.append(notebook.table("Codes", ("code", f"#paragraphs of {n:,}", "#share (95%)"), codes, more))
        names = ", ".join(sorted(path.stem for path in (self.path / "tables").glob("*.parquet")))
        parts.append(notebook.line(f"More: run.show(), run.figure('map'), run.frame(NAME) with {names}"))
        return "".join(parts)


class Page:
    """HTML that a notebook shows."""

    def __init__(self, html: str) -> None:
        self.html = html

    def _repr_html_(self) -> str:
        return self.html


def load_run(path: Path | str) -> Run:
    """The run in a folder.

    Raises:
        StoreError: no such folder, no manifest (the run did not finish), or another format of run folder.
    """
    read_manifest(Path(path))
    return Run(Path(path))


def require_own_themes(run: Run, what_to_do: str) -> None:
    """Raise StoreError with advice if a folder contains documents assigned to another run's themes."""
    if run.manifest.get("kind") == ASSIGNED:
        of = run.manifest["parent"]["name"]
        raise StoreError(f"{run.path}: holds documents assigned to the run {of!r}, no run of its own; {what_to_do}")
