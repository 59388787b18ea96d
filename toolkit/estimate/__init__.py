"""Estimates shares with intervals: by group, over time, contrasts and trends, and how codes and themes coincide.

Start with `prevalence.py`; `intervals.py` has the bootstrap over documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from toolkit.estimate.coding_error import WORKS as OF_CODING
from toolkit.estimate.coding_error import CodingError, with_coding_error
from toolkit.estimate.contrasts import WORKS as COMPARED
from toolkit.estimate.contrasts import contrasts
from toolkit.estimate.correction import CORRECTED, Corrected, correct_share, corrected_shares
from toolkit.estimate.crossing import code_theme_matrix, cooccurrence
from toolkit.estimate.families import families, family_works
from toolkit.estimate.grouping import Grouping, groupings, present
from toolkit.estimate.intervals import limits
from toolkit.estimate.main_theme import main_rows
from toolkit.estimate.mostly import METHOD as OF_MOSTLY
from toolkit.estimate.mostly import WORKS as BY_MOSTLY
from toolkit.estimate.mostly import mostly_table
from toolkit.estimate.prevalence import group_shares, prevalence_table, share_rows
from toolkit.estimate.reseeded import WORKS as OF_SEEDS
from toolkit.estimate.reseeded import Reseeded, Spreads, Themes
from toolkit.estimate.tally import Coded, Tally, document_theme, make_tally
from toolkit.estimate.trends import trends
from toolkit.schemas import MACHINE
from toolkit.settings import Settings
from toolkit.values import ASSUMPTION, Bools, Estimates, Floats, Row, Sampling, Table

__all__ = [
    "Coded",
    "CodingError",
    "Corrected",
    "EstimateSettings",
    "Grouping",
    "Reseeded",
    "Tally",
    "Themes",
    "correct_share",
    "corrected_shares",
    "document_theme",
    "estimate",
    "limits",
    "present",
]


class EstimateSettings(Settings):
    """How shares are estimated and compared."""

    bootstrap: int = Field(1000, ge=100, le=100_000, description="Bootstrap draws behind each interval.")
    group_by: tuple[str, ...] = Field(
        ("source",), description="Columns of the documents table to give shares by; speaker, of transcripts."
    )
    period: Literal["month", "quarter", "year"] | None = Field(
        None, description="Period of shares over time; chosen from the dates' span and precision if not given."
    )
    resample: str = Field(
        "document",
        description="What the bootstrap draws: document (default), or a column of the documents table such as source.",
    )
    adjust: Literal["holm", "bh"] = Field(
        "holm",
        description="Adjustment of p-values in a table of contrasts, trends or pairs of codes: holm keeps the chance "
        "of any false verdict in a table at 5 %, bh (Benjamini-Hochberg) the share of false ones.",
    )


def estimate(
    settings: EstimateSettings,
    documents: Table,
    paragraphs: Table,
    codes: Coded,
    seed: int,
    themes: Themes | None = None,
    everyone: bool = False,
) -> Estimates:
    """The prevalence of themes and codes overall, by group and by period; contrasts, trends and crossings.

    Args:
        documents: pa.Table with document_id, duplicate_of, date and the columns of `settings.group_by`.
        paragraphs: pa.Table of ALL paragraphs: paragraph_id, document_id, words, duplicate_of, theme.
        codes: the codes of the paragraphs, and the codes given by coders.
        themes: broader themes, and the groups with other seeds.
        everyone: whether shares of documents are of all documents, including those without a paragraph (a survey).

    Raises ConfigError if a column of `group_by` is in neither table, or that of `resample` not in `documents`.
    """
    assigned, human, themes = codes.assigned, codes.human, themes or Themes()
    tally = make_tally(documents, paragraphs, assigned, codes.parents, settings.resample, themes.number, everyone)
    groups, notes = _groups(settings, documents, paragraphs, codes, tally)
    spreads = Spreads.of(themes.other, documents, paragraphs)
    shares = [group_shares(tally, group, settings.bootstrap, seed, spreads.of_themes(tally, group)) for group in groups]
    slopes, slope_notes = trends(tally, documents, shares, settings.bootstrap, seed, settings.adjust)
    compared = contrasts(tally, shares, settings.adjust, settings.bootstrap, seed)
    pairs = cooccurrence(tally, paragraphs, assigned, settings.bootstrap, seed, settings.adjust)
    corrected = (
        corrected_shares(paragraphs, codes, tally, settings.bootstrap, seed)
        if human is not None and human.num_rows
        else CORRECTED.empty_table()
    )
    tests = families(slopes, compared, pairs, settings.adjust)
    beside = broader_rows(settings, documents, paragraphs, themes.broader, seed, spreads)
    beside += main_rows(documents, paragraphs, tally, groups, settings.bootstrap, seed, spreads)
    prevalence, unsure = prevalence_table(tally, shares, beside), _unsure(codes, corrected)
    if codes.error is not None and unsure:
        prevalence = with_coding_error(prevalence, unsure, codes.error)
    on_coding, noted, works = _of_coding(codes.error, unsure, len(assigned))
    if assigned and tally.themes:
        on_coding, works = f"{on_coding} {OF_MOSTLY}", (*works, *BY_MOSTLY)
    return Estimates(
        prevalence=prevalence,
        matrix=code_theme_matrix(paragraphs, assigned),
        cooccurrence=pairs,
        trends=slopes,
        contrasts=compared,
        corrected=corrected,
        mostly=mostly_table(tally, paragraphs, assigned, codes.parents, themes.broader, unsure, codes.error),
        method=f"{_method(settings, tally, spreads.seeds)}{on_coding} {tests}".strip(),
        notes=(*tally.notes, *notes, *slope_notes, *_correction_notes(human, codes.sampling, codes.kind), *noted),
        works=(
            *_works(settings, compared, corrected, codes.sampling),
            *(OF_SEEDS if spreads.seeds else ()),
            *family_works(slopes, compared, pairs, settings.adjust),
            *works,
        ),
    )


def _groups(
    settings: EstimateSettings, documents: Table, paragraphs: Table, codes: Coded, tally: Tally
) -> tuple[list[Grouping], list[str]]:
    """The groups of the settings, and notes on omitted groups."""

    def count(rows: Bools) -> Floats:
        """(documents, columns) counts of the paragraphs for which `rows` is true."""
        some = {code: np.asarray(marks)[rows] for code, marks in codes.assigned.items()}
        chosen = paragraphs.filter(pa.array(rows))
        return make_tally(documents, chosen, some, codes.parents, settings.resample, tally.themes).values

    return groupings(documents, tally, settings.group_by, settings.period, paragraphs, count)


def _unsure(codes: Coded, corrected: Table) -> set[str]:
    """Unchecked codes whose shares are not corrected with codes by people."""
    if codes.kind == MACHINE:  # corrected shares estimate what machines would give
        return set(codes.unchecked)
    known = {row["code"] for row in corrected.to_pylist() if row["by"] == "both" and row["estimate"] is not None}
    return set(codes.unchecked) - known


def _of_coding(error: CodingError | None, unsure: set[str], codes: int) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The method, the notes and the cited works on the coding error of shares."""
    if error is None or not unsure:
        return "", (), ()
    which = (
        f"{len(unsure)} of {codes} codes" if len(unsure) < codes else f"all {codes} codes" if codes > 1 else "the code"
    )
    method = (
        f" No person checked {which}: to the sampling error of their shares the error of coding was added, on the "
        f"log-odds scale and in quadrature (Zou & Donner 2008). {error.words}"
    )
    note = (
        f"Intervals of the shares of {which} contain sampling error and the coding error of {error.measured_on}; "
        "this corpus and codebook may be harder. Differences between groups, slopes and shares in `trends` have "
        "intervals of sampling error alone: coding error that is the same everywhere cancels in differences and "
        "slopes, the rest does not."
    )
    return method, (note,), OF_CODING


def _works(settings: EstimateSettings, compared: Table, corrected: Table, sampling: Sampling | None) -> tuple[str, ...]:
    """Keys of the works behind the shares (report.references)."""
    contrasts = COMPARED if compared.num_rows else ()
    made = any(value is not None for value in corrected["estimate"].to_pylist())
    weighed = ("cochran1977", "hajek1971") if sampling is not None and sampling.checked else ()
    return ("bootstrap2007", "rao1988", "clopper1934", *contrasts, *(("ppi2023", "ppi2023b", *weighed) if made else ()))


def _correction_notes(human: Table | None, sampling: Sampling | None, kind: str) -> tuple[str, ...]:
    if human is None or not human.num_rows:
        return ()
    notes = _how_corrected(human, sampling)
    if kind == MACHINE and (sampling is None or not sampling.refused):
        return (
            *notes,
            "The coders are machines: corrected shares estimate what these would give, not what people would.",
        )
    return notes


def _how_corrected(human: Table, sampling: Sampling | None) -> tuple[str, ...]:
    if sampling is not None and sampling.refused:
        return (f"No share is corrected with the coded sample: {sampling.refused}.", *sampling.notes)
    if sampling is not None and sampling.checked:
        return (f"Shares corrected with the coded sample, {sampling.basis}.", *sampling.notes)
    coded = len(set(human.column("paragraph_id").to_pylist()))
    return (
        f"Shares corrected with {coded:,} coded paragraphs are {ASSUMPTION}; the data cannot show whether they are.",
    )


def broader_rows(
    settings: EstimateSettings,
    documents: Table,
    paragraphs: Table,
    broader: Mapping[str, Bools],
    seed: int,
    spreads: Spreads,
) -> list[Row]:
    """Prevalence rows of broader themes: shares of all paragraphs, with the same intervals as themes."""
    if not broader:
        return []
    tally = make_tally(documents, paragraphs, broader, {}, settings.resample)
    whole = groupings(documents, tally, (), None)[0][:1]
    wider = spreads.of_broader(tally, broader)
    rows = share_rows(tally, [group_shares(tally, group, settings.bootstrap, seed, wider) for group in whole])
    return [{**row, "kind": "theme"} for row in rows if row["kind"] == "code" and row["unit"] == "paragraph"]


def _method(settings: EstimateSettings, tally: Tally, seeds: int) -> str:
    drawn = "documents" if settings.resample == "document" else f"whole groups of {settings.resample!r}"
    return (
        f"Shares are ratios of counts over paragraphs or documents; 95 % intervals come from {settings.bootstrap:,} "
        f"bootstrap draws of {drawn} (copies drawn with their original), formed on the logit scale with Student's t "
        f"for {tally.clusters_total:,} units; a share of exactly 0 or 1 gets the exact binomial bound at the number "
        f"of units drawn. {_of_seeds(seeds)}Contrasts: each group against the rest, intervals by the method of "
        f"variance estimates recovery (Zou & Donner 2008)."
    )


def _of_seeds(seeds: int) -> str:
    if not seeds:
        return ""
    return (
        f"To the variance of a theme's share the variance over this seed and {seeds} others was added, the share with "
        "another seed being that of the theme's best match there (degrees of freedom by Satterthwaite 1946). Seeds "
        "with which that match has a Jaccard similarity of at most 0.5 were left out, since the theme is dissolved "
        "there (Hennig 2008); a theme that returns with no more than half of the seeds has no interval. Contrasts, "
        "trends and co-occurrence are of these themes as they are. "
    )
