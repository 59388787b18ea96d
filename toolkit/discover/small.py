"""Corpora too small for themes: nearest neighbours of each paragraph, and no other claim."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from toolkit.discover.neighbours import Neighbours
from toolkit.values import Table

FEWEST_PARAGRAPHS = 12
"""Smallest number of different paragraphs with themes, unless a number of themes is requested."""
NEIGHBOURS_SHOWN = 5
"""Number of neighbours listed for each paragraph."""
NEIGHBOURS = pa.schema([("row", pa.int32()), ("neighbour", pa.int32()), ("similarity", pa.float64())])


def too_small(n: int) -> str:
    """A sentence that says why there are no themes."""
    amount = {0: "The corpus has no paragraph", 1: "The corpus has 1 paragraph"}.get(
        n, f"The corpus has {n} different paragraphs"
    )
    return (
        f"{amount}, fewer than the {FEWEST_PARAGRAPHS} from which themes are looked for: no themes are claimed; "
        "nearest neighbours are listed instead, and the codebook and keywords carry the report."
    )


def neighbour_table(near: Neighbours, order: npt.NDArray[np.integer]) -> Table:
    """The nearest neighbours as a table (row, neighbour, similarity); `order` is each row's place in the corpus."""
    k = min(NEIGHBOURS_SHOWN, near.k)
    rows = np.repeat(order, k).astype(np.int32)
    others = order[near.rows[:, :k].ravel()].astype(np.int32)
    similarity = near.similarity[:, :k].ravel().astype(float)
    sequence = np.lexsort((-similarity, rows))
    columns = [rows[sequence], others[sequence], np.round(similarity[sequence], 6)]
    return pa.table([pa.array(column) for column in columns], schema=NEIGHBOURS)
