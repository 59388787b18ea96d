"""Shares of documents by their main theme: each document counts once, for the theme with most of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from toolkit.estimate.grouping import Grouping
from toolkit.estimate.prevalence import group_shares, share_rows
from toolkit.estimate.reseeded import Spreads
from toolkit.estimate.tally import Series, Tally, Unit, document_theme
from toolkit.values import NOISE, Floats, Row, Table

UNIT: Unit = "document_main"


def main_rows(
    documents: Table,
    paragraphs: Table,
    tally: Tally,
    groups: Sequence[Grouping],
    draws: int,
    seed: int,
    spreads: Spreads,
) -> list[Row]:
    """Prevalence rows of the unit `document_main`; groups of paragraphs (speakers) have none: they split documents.

    Args:
        tally: the counts of `documents` and `paragraphs`, with the totals of documents and the draws of these rows.
        spreads: differences over other seeds, by which the intervals widen, as for other theme shares.
    """
    mine = _main_tally(documents, paragraphs, tally)
    whole = [group for group in groups if group.values is None]
    return share_rows(mine, [group_shares(mine, group, draws, seed, spreads.of_themes(mine, group)) for group in whole])


def _main_tally(documents: Table, paragraphs: Table, tally: Tally) -> Tally:
    ids, homes = documents.column("document_id").to_pylist(), paragraphs.column("document_id").to_pylist()
    main = document_theme(ids, homes, np.asarray(paragraphs.column("theme").to_pylist(), int), paragraphs["words"])
    holds = np.isin(np.array(ids, object).astype(str), np.array(homes, object).astype(str))
    totals = {
        counted.counting: tally.values[:, counted.total] for counted in tally.series if counted.unit == "document"
    }
    columns: list[Floats] = []
    series: list[Series] = []
    for counting, base in totals.items():
        total = len(columns)
        columns.append(base)
        for number in [NOISE, *range(tally.themes)]:
            series.append(Series("theme", str(number), UNIT, counting, len(columns), total))
            columns.append(base * (holds & (main == number)))
    return replace(tally, values=np.column_stack(columns), series=tuple(series))
