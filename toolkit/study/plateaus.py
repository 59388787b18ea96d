"""The table `plateaus`: the themes of coarser and finer divisions, and from which themes of the run they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.schemas import PLATEAUS
from toolkit.study.results import Results
from toolkit.values import NOISE, Ints, Metric


def plateaus(results: Results) -> Any:
    """PLATEAUS: a row a theme of each division, coarsest first; empty if the run offers no other."""
    found = results.discovery
    others = iter(range(len(found.division_labels)))
    rows: list[dict[str, Any]] = []
    for division in found.divisions.to_pylist():
        if division["chosen"]:
            labels, names = found.assignment, _names(results.description.themes)
            division = {**division, "themes": found.themes}
        else:
            at = next(others)
            labels, names = found.division_labels[at], _names(results.description.divisions, at)
        rows += [{**division, **theme} for theme in _themes(results, labels, names)]
    return pa.Table.from_pylist(rows, schema=PLATEAUS)


def _names(table: Any, division: int | None = None) -> dict[int, str]:
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
        most = sorted(parts, key=lambda one: (-parts[one], one == NOISE, one))
        rows.append(
            {
                "theme": theme,
                "label": "No theme" if theme == NOISE else names[theme],
                "paragraphs": int((labels == theme).sum()),
                "documents": len(originals & set(homes[of == theme].tolist())),
                "from_themes": most,
                "from_paragraphs": [parts[one] for one in most],
            }
        )
    return rows


def offered(results: Results) -> dict[str, Metric]:
    """How many divisions the table offers beside the chosen one; null with the reason if none."""
    found = results.discovery
    if not len(found.division_labels):
        return {"discover.plateaus": Metric(None, reason=found.parameters.get("divisions_reason") or "not measured")}
    said = "divisions at other resolutions, offered beside the chosen one"
    return {"discover.plateaus": Metric(len(found.division_labels), n=found.divisions.num_rows, reason=said)}
