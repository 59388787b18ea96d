"""Coding paragraphs against a codebook: several codes or none a paragraph, each with the sentence that carries it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from toolkit.codebook.codebook import Codebook
from toolkit.codebook.evidence import Evidence, gather
from toolkit.codebook.human import HUMAN, HumanCodes
from toolkit.codebook.meaning import Encode
from toolkit.codebook.mining import sharing, wanted
from toolkit.codebook.passages import Passages, passages
from toolkit.codebook.scoring import score
from toolkit.codebook.settings import CodebookSettings
from toolkit.values import CODES, Bools, Coding, Floats, Tick, Vectors, no_tick

THRESHOLDS = pa.schema(
    [
        ("code", pa.string()),
        ("threshold", pa.float64()),
        ("background_mean", pa.float64()),
        ("background_sd", pa.float64()),
        ("assigned", pa.int64()),
        ("rule", pa.string()),
    ]
)
SCORED = pa.schema(
    [
        ("code", pa.string()),
        ("measure", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("n", pa.int64()),
        ("reason", pa.string()),
    ]
)


def code_paragraphs(
    settings: CodebookSettings,
    codebook: Codebook,
    paragraphs: Any,
    vectors: Vectors,
    encode: Encode | None,
    human: HumanCodes | None,
    seed: int,
    tick: Tick = no_tick,
) -> Coding:
    """Every paragraph x every code: score, decision and the sentence that speaks most for the code.

    Args:
        paragraphs: pa.Table of n unique paragraphs: paragraph_id, document_id, start, text.
        vectors: (n, d) float32 unit rows of the paragraphs.
        encode: the run's own model; None where embeddings were given: then wording alone decides.
        human: codes that people gave; None where nobody did.
    """
    cut = passages(paragraphs)
    all_wanted = [wanted(code) for code in codebook.themes]
    evidence = gather(all_wanted, sharing(codebook, all_wanted), cut, vectors, encode, tick)
    scores = score(evidence)
    threshold = np.full(len(codebook.themes), 0.5 if settings.threshold is None else settings.threshold)
    assigned = scores >= threshold
    return Coding(
        codes=codes_table(paragraphs, codebook, cut, evidence, scores, assigned),
        thresholds=_thresholds(codebook, scores, assigned, threshold),
        human=human.marks if human else pa.Table.from_pylist([], schema=HUMAN),
        scored=pa.Table.from_pylist([], schema=SCORED),
        method="Codes follow from nearness in meaning and shared wording.",
        notes=human.notes if human else (),
    )


def codes_table(
    paragraphs: Any, codebook: Codebook, cut: Passages, evidence: Evidence, scores: Floats, assigned: Bools
) -> Any:
    """The rows of `tables/codes`: paragraphs in order, codes in the codebook's order within each."""
    n, c = scores.shape
    carrier = evidence.carrier.ravel()
    return pa.table(
        {
            "paragraph_id": [own for own in paragraphs.column("paragraph_id").to_pylist() for _ in range(c)],
            "code": list(codebook.ids) * n,
            "score": scores.ravel(),
            "probability": pa.nulls(n * c, pa.float64()),
            "assigned": assigned.ravel(),
            "start": cut.start[carrier],
            "end": cut.end[carrier],
            "quote": [cut.sentences[row] for row in carrier],
        },
        schema=CODES,
    )


def _thresholds(codebook: Codebook, scores: Floats, assigned: Bools, threshold: Floats) -> Any:
    rows = [
        {
            "code": own,
            "threshold": float(threshold[column]),
            "background_mean": float(np.median(scores[:, column])) if len(scores) else None,
            "background_sd": float(np.std(scores[:, column])) if len(scores) else None,
            "assigned": int(assigned[:, column].sum()),
            "rule": "fixed",
        }
        for column, own in enumerate(codebook.ids)
    ]
    return pa.Table.from_pylist(rows, schema=THRESHOLDS)
