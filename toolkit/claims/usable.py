"""Whether a corpus can answer a claim, known before anything is coded: column, groups, dates, enough documents."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from toolkit.claims.settings import REST, Claim, Compared, OverTime, fault_of_codes
from toolkit.errors import nearest
from toolkit.estimate.grouping import OF_PARAGRAPHS, PERIODS, in_period, is_of_paragraphs, years
from toolkit.estimate.jackknife import FEWEST_DOCUMENTS as FEWEST
from toolkit.values import Bools, Floats, Table

Values = list[str | None]
DAYS_OF_MONTH = 31


def values_of(column: str, documents: Table, paragraphs: Table) -> Values | None:
    """The value of each paragraph in a column of its document or its own, or the period of its date; None if neither.

    `paragraphs` and `documents` are pa.Tables of all paragraphs (n) and all documents.
    """
    if column not in documents.column_names and is_of_paragraphs(column, paragraphs):
        return [None if value is None else str(value) for value in paragraphs[column].to_pylist()]
    values = document_values(column, documents)
    if values is None:
        return None
    by_id = dict(zip(documents["document_id"].to_pylist(), values, strict=True))
    return [by_id[name] for name in paragraphs["document_id"].to_pylist()]


def document_values(column: str, documents: Table) -> Values | None:
    """The value of each document in a column, or the period of its date; None if there is no such column."""
    if column in documents.column_names:
        return [None if value is None else str(value) for value in documents[column].to_pylist()]
    if column in PERIODS and "date" in documents.column_names:
        return [in_period(date, column) for date in documents["date"].to_pylist()]
    return None


def sides(claim: Claim, values: Values) -> tuple[Bools, Bools]:
    """(n,) which values belong to the claim's group, and (n,) which to the group it is compared with (or none)."""
    column = np.array(values, dtype=object)
    known, inside = np.array([value is not None for value in values], dtype=bool), column == claim.group
    if not isinstance(claim, Compared):
        return inside, np.zeros(len(values), bool)
    return inside, (known & ~inside) if claim.than == REST else np.asarray(column == claim.than)


def dates_in(claim: OverTime, documents: Table) -> tuple[Floats, Bools]:
    """(d,) dates in years, and (d,) which documents have one between `since` and `until`.

    A date that leaves its day or month open counts as the middle of its month or year.
    """
    dates = documents["date"].to_pylist() if "date" in documents.column_names else [None] * documents.num_rows
    when = [years(date) for date in dates]
    time = np.array([np.nan if moment is None else moment for moment in when])
    first = -np.inf if claim.since is None else _edge(claim.since, last=False)
    last = np.inf if claim.until is None else _edge(claim.until, last=True)
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(time), np.asarray((time >= first) & (time <= last))


def _edge(date: str, last: bool) -> float:
    """The beginning or the end of a year, month or day, in years."""
    year, month, day = ([int(part) for part in date.split("-")] + [0, 0])[:3]
    if not month:
        return float(year + last)
    return year + (month - 1) / 12 + ((day - 1 + last) / DAYS_OF_MONTH if day else float(last)) / 12


def missing_in(claim: Claim, documents: Table, paragraphs: Table) -> str:
    """Which column or group of a claim the corpus lacks, with the nearest name; empty if it has both.

    `documents` and `paragraphs` are pa.Tables of all documents and all paragraphs.
    """
    if claim.group_by is None:
        return ""
    values = values_of(claim.group_by, documents, paragraphs)
    names = [*documents.column_names, *OF_PARAGRAPHS, *PERIODS]
    if values is None and claim.group_by in OF_PARAGRAPHS:
        return f"no paragraph has a {claim.group_by}: no document was read as a transcript"
    if values is None:
        return f"no column {claim.group_by!r} in documents{nearest(claim.group_by, names)}"
    known = sorted({value for value in values if value is not None})
    than = claim.than if isinstance(claim, Compared) and claim.than != REST else None
    for group in filter(None, (claim.group, than)):
        if group not in known:
            near = nearest(group, known) or (f"; there are {', '.join(known)}" if 0 < len(known) <= 12 else "")
            return f"no document has {claim.group_by} {group!r}{near}"
    return ""


def obstacle(claim: Claim, documents: Table, paragraphs: Table, parents: Mapping[str, str | None]) -> str:
    """Why a corpus and a codebook cannot answer a claim, whatever will be coded; empty if they may."""
    missing = fault_of_codes(claim, parents) or missing_in(claim, documents, paragraphs)
    if missing:
        return missing
    if isinstance(claim, OverTime) and not any(documents["date"].to_pylist()):
        return "no document has a date"
    for words, mask in _groups(claim, documents, paragraphs):
        documents_inside = len(set(np.array(paragraphs["document_id"].to_pylist(), dtype=object)[mask]))
        if documents_inside < FEWEST:
            return f"{documents_inside} document{'' if documents_inside == 1 else 's'}{words}, and {FEWEST} are needed"
    return ""


def _groups(claim: Claim, documents: Table, paragraphs: Table) -> list[tuple[str, Bools]]:
    """The groups that a claim rests on: what their documents have in common, and (n,) which unique paragraphs."""
    once = np.array([copy is None for copy in paragraphs["duplicate_of"].to_pylist()], dtype=bool)
    groups: list[tuple[str, Bools]] = [("", once)]
    if claim.group_by is not None:
        inside, other = sides(claim, values_of(claim.group_by, documents, paragraphs) or [])
        groups = [(f" with {claim.group_by} {claim.group!r}", inside & once)]
        if isinstance(claim, Compared):
            than = "of any other value" if claim.than == REST else repr(claim.than)
            groups.append((f" with {claim.group_by} {than}", other & once))
    if isinstance(claim, OverTime):
        _, dated = dates_in(claim, documents)
        kept = set(np.array(documents["document_id"].to_pylist(), dtype=object)[dated])
        spans = np.array([name in kept for name in paragraphs["document_id"].to_pylist()], dtype=bool)
        groups = [
            (f"{words}{' and' if words else ' with'} a date{claim.period}", mask & spans) for words, mask in groups
        ]
    return groups
