"""The table `plateaus`: the themes of coarser and finer divisions, and from which themes of the run they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.schemas import PLATEAUS
from toolkit.study.results import Results
from toolkit.values import NOISE, Ints, Metric, Table


def plateaus(results: Results) -> Table:
    """PLATEAUS: a row a theme of each division, coarsest first; empty if the run offers no other."""
    discovery = results.discovery
    others = iter(range(len(discovery.division_labels)))
    rows: list[dict[str, Any]] = []
    for division in discovery.divisions.to_pylist():
        if division["chosen"]:
            labels, names = discovery.assignment, _names(results.description.themes)
            division = {**division, "themes": discovery.themes}
        else:
            at = next(others)
            labels, names = discovery.division_labels[at], _names(results.description.divisions, at)
        rows += [{**division, **theme} for theme in _themes(results, labels, names)]
    return pa.Table.from_pylist(rows, schema=PLATEAUS)


def _names(table: Table, division: int | None = None) -> dict[int, str]:
    rows = table.to_pylist()
    return {row["theme"]: row["label"] for row in rows if division is None or row["division"] == division}


def _themes(results: Results, labels: Ints, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Each theme of a division of the unique paragraphs, labels (u,), -1 last: name, counts, where it comes from."""
    corpus, of = results.corpus, labels[results.unique.of]
    homes = np.array(corpus.paragraphs["document_id"].to_pylist(), object)
    documents = corpus.documents.select(["document_id", "duplicate_of"]).to_pylist()
    originals = {row["document_id"] for row in documents if row["duplicate_of"] is None}
    rows = []
    for theme in [*range(int(labels.max(initial=NOISE)) + 1), *([NOISE] if (labels == NOISE).any() else [])]:
        parts = Counter(results.discovery.assignment[labels == theme].tolist())
        most = sorted(parts, key=lambda origin: (-parts[origin], origin == NOISE, origin))
        rows.append(
            {
                "theme": theme,
                "label": "No theme" if theme == NOISE else names[theme],
                "paragraphs": int((labels == theme).sum()),
                "documents": len(originals & set(homes[of == theme].tolist())),
                "from_themes": most,
                "from_paragraphs": [parts[origin] for origin in most],
            }
        )
    return rows


def offered(results: Results) -> dict[str, Metric]:
    """How many divisions the table offers beside the chosen one; null with the reason if none."""
    discovery = results.discovery
    if not len(discovery.division_labels):
        return {
            "discover.plateaus": Metric(None, reason=discovery.parameters.get("divisions_reason") or "not measured")
        }
    reason = "divisions at other resolutions, offered beside the chosen one"
    return {"discover.plateaus": Metric(len(discovery.division_labels), n=discovery.divisions.num_rows, reason=reason)}
