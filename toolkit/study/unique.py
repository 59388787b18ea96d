"""Which paragraphs count once, and which of them a theme contains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from toolkit.values import Bools, Ints, Table

FIRST_BROADER = 1000
"""Broader themes have ids from here up."""


@dataclass(frozen=True)
class Unique:
    """The paragraphs that count once: `rows` (u,) are theirs; `of` (n,) is the place of each one's canonical one."""

    rows: Ints
    of: Ints

    @classmethod
    def among(cls, paragraphs: Table) -> Unique:
        """Canonical paragraphs by `duplicate_of` (null for a canonical one)."""
        ids, copies = paragraphs["paragraph_id"].to_pylist(), paragraphs["duplicate_of"].to_pylist()
        canonical_ids = [copy or identifier for identifier, copy in zip(ids, copies, strict=True)]
        rows = np.array([row for row, copy in enumerate(copies) if copy is None], dtype=np.int32)
        place = {ids[row]: index for index, row in enumerate(rows)}
        return cls(rows, np.array([place[name] for name in canonical_ids], dtype=np.int32))


def members_of(levels: Sequence[Mapping[str, Any]], themes: Ints) -> dict[int, Bools]:
    """Theme -> (n,) which paragraphs it contains; a broader theme contains those of its children.

    `levels` are rows of LEVELS; `themes` (n,) is the theme of each paragraph.
    """
    members: dict[int, Bools] = {}
    for row in sorted(levels, key=lambda row: (row["level"], row["theme"])):
        masks = members.setdefault(row["theme"], themes == row["theme"])
        if row["parent"] is not None:
            members[row["parent"]] = members.get(row["parent"], np.zeros(len(themes), bool)) | masks
    return members


def assigned_codes(codes: Table, names: Sequence[str], of: Ints) -> dict[str, Bools]:
    """Code -> (n,) whether each paragraph carries it; copies carry their canonical one's codes.

    `codes` is a table of u unique paragraphs x the codes `names`, in that order; `of` (n,) as in `Unique`.
    """
    flags = codes["assigned"].to_numpy(zero_copy_only=False).reshape(-1, len(names))
    return {name: flags[of, column] for column, name in enumerate(names)}
